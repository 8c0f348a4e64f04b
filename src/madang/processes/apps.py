from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "madang.processes"

    def ready(self) -> None:
        from madang.processes import acts, ground, sheets  # noqa: F401, PLC0415 — verbs and house rules register when the rooms are ready
