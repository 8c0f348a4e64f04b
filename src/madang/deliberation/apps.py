from django.apps import AppConfig


class DeliberationConfig(AppConfig):
    name = "madang.deliberation"

    def ready(self) -> None:
        from madang.deliberation import acts, moderation, roles, rounds, sheets  # noqa: F401, PLC0415 — registered once the models are there
