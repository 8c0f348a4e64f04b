from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "madang.funds"

    def ready(self) -> None:
        from madang.funds import acts, roles, sheets, sources, talks  # noqa: F401, PLC0415 — registered at start
