from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "madang.people"

    def ready(self) -> None:
        from madang.people import acts, allauth, roles  # noqa: F401, PLC0415 — verbs and roles register when the rooms are ready
