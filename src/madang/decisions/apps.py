from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "madang.decisions"

    def ready(self) -> None:
        from madang.decisions import acts, roles, sheets  # noqa: F401, PLC0415 — registered at start
