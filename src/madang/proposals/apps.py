from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "madang.proposals"

    def ready(self) -> None:
        from madang.proposals import acts, roles, sheets  # noqa: F401, PLC0415 — registered once the models are there
