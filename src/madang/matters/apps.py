from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "madang.matters"

    def ready(self) -> None:
        from madang.matters import acts, roles, sheets  # noqa: F401, PLC0415 — verbs and roles register when the rooms are ready
