from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "madang.doors.web"
    label = "web"

    def ready(self) -> None:
        from madang.doors.web import checks, connections, sheets  # noqa: F401, PLC0415 — register when the house is ready
