from django.apps import AppConfig


class BodiesConfig(AppConfig):
    name = "madang.bodies"

    def ready(self) -> None:
        from madang.bodies import acts, roles, sheets  # noqa: F401, PLC0415 — verbs and roles register when the rooms are ready
