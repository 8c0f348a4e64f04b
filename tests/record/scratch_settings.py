"""Settings of a scratch city that has only the record room: for child processes that are killed, and fast starts."""

from madang.settings import DATABASES, DEFAULT_AUTO_FIELD, HOME, SECRET_KEY, SITE, TESTING, USE_TZ  # noqa: F401

INSTALLED_APPS = ["madang.record", "django.contrib.auth", "django.contrib.contenttypes"]
ROOT_URLCONF = __name__
urlpatterns = []
