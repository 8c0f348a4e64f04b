from django.apps import AppConfig


class ExecutionConfig(AppConfig):
    name = "madang.execution"

    def ready(self) -> None:
        from madang.execution import acts, roles, sheets  # noqa: F401, PLC0415 — registered at start
