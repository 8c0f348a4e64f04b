from django.apps import AppConfig


class IssuersConfig(AppConfig):
    name = "madang.issuers"
