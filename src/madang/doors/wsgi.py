"""The server's entry: kept pages for visitors without a session come first; everything else is Django's.

On the way of a kept page nothing is computed but whether it is still true: some 25 comparisons in shared memory.
"""

import os
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.settings")

from django.core.wsgi import get_wsgi_application

django = get_wsgi_application()

from django.conf import settings  # noqa: E402
from whitenoise import WhiteNoise  # noqa: E402

from madang.doors.web.donut import PAGES, zipped  # noqa: E402 — after the rooms are ready
from madang.record.board import board  # noqa: E402

SESSION = f"{settings.SESSION_COOKIE_NAME}="
REASONS = {200: "200 OK", 404: "404 Not Found"}
words = board().words
house = WhiteNoise(django, max_age=3600, allow_all_origins=False, immutable_file_test=r"^.+\.[0-9a-f]{12}\..+$")
house.add_files(str(settings.STATIC_ROOT), prefix=settings.STATIC_URL)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A WSGI application (PEP 3333)."""
    if environ["REQUEST_METHOD"] == "GET" and SESSION not in environ.get("HTTP_COOKIE", ""):
        kept = PAGES.get((environ["PATH_INFO"], environ["QUERY_STRING"]))
        if kept is not None and kept.fresh(words) and ours(environ.get("HTTP_HOST", "")):
            if environ.get("HTTP_IF_NONE_MATCH") == kept.etag:
                start_response("304 Not Modified", [("ETag", kept.etag), ("Vary", "Cookie, Accept-Encoding")])
                return []
            if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
                body = zipped(kept)
                start_response(REASONS[kept.status], kept.zipped_headers)
                return [body]
            start_response(REASONS[kept.status], kept.headers)
            return [kept.body]
    return house(environ, start_response)


HOSTS = frozenset(settings.ALLOWED_HOSTS)


@lru_cache(maxsize=64)
def ours(host: str) -> bool:
    """Whether a Host header names this house."""
    return host.rsplit(":", 1)[0] in HOSTS
