from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "madang.evaluation"

    def ready(self) -> None:
        from madang.evaluation import acts, roles, sheets  # noqa: F401, PLC0415 — registered once models are there
