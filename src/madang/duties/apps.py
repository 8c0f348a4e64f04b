from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "madang.duties"

    def ready(self) -> None:
        from madang.duties import acts, sheets  # noqa: F401, PLC0415 — verbs register when the rooms are ready
