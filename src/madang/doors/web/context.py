"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject


def site(request: HttpRequest) -> dict[str, Any]:
    """SITE, DEMO and the address of this page in the other language."""
    path = request.get_full_path()
    return {
        "SITE": settings.SITE,
        "DEMO": settings.DEMO,
        "ko_url": SimpleLazyObject(lambda: translate_url(path, "ko")),  # each hole asks for a context, few for these
        "en_url": SimpleLazyObject(lambda: translate_url(path, "en")),
    }
