"""One middleware of ours: the time of the request, and headers that keep browsers on the safe side."""

from collections.abc import Callable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from madang.doors.web.donut import SAFETY


class Safety:
    """Gives every request its one moment (`request.at`) and every answer its headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        if "\x00" in request.path_info and not request.path_info.startswith("/api/"):  # PostgreSQL keeps no such letter
            raise Http404
        response = self.get_response(request)
        for name, value in SAFETY.items():
            if name not in response:
                response[name] = value
        return response


def moment(request: HttpRequest) -> datetime:
    """The one moment of this request."""
    at: datetime = getattr(request, "at", None) or timezone.now()
    return at
