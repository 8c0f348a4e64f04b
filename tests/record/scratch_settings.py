"""Settings of a scratch city that has only the record room: for child processes that are killed, and fast starts."""

from madang.settings import *  # noqa: F403

INSTALLED_APPS = ["madang.record", "django.contrib.auth", "django.contrib.contenttypes"]
MIDDLEWARE = []
AUTH_USER_MODEL = "auth.User"
ROOT_URLCONF = __name__
urlpatterns = []
TEMPLATES = []
