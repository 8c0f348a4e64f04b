from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordConfig(AppConfig):
    name = "madang.record"
    label = "record"
    verbose_name = _("기록")

    def ready(self) -> None:
        from madang.record import sheets  # noqa: F401, PLC0415 — sheets register when the rooms are ready
