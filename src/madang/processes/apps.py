from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "madang.processes"

    def ready(self) -> None:
        from madang.processes import acts, sheets  # noqa: F401, PLC0415 — verbs and roles register when the rooms are ready
