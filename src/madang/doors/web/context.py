"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url


def site(request: HttpRequest) -> dict[str, Any]:
    """SITE, DEMO and the address of this page in the other language."""
    path = request.get_full_path()
    return {
        "SITE": settings.SITE,
        "DEMO": settings.DEMO,
        "ko_url": translate_url(path, "ko"),
        "en_url": translate_url(path, "en"),
    }
