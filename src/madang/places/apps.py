from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "madang.places"
    label = "places"
    verbose_name = _("장소")

    def ready(self) -> None:
        from madang.places import acts, sheets  # noqa: F401, PLC0415 — registered when the rooms are ready
