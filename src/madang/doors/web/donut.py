"""Pages as bytes with holes: what everyone sees is built once; what is somebody's own is filled in each time.

1. A view returns a Page and never looks at who is asking; what depends on the person is a hole.
2. A page is kept with the marks of everything it shows (record.board) and served only while none has moved.
3. Nothing personal enters a kept page: holes are rendered for each person, and once for "nobody".
4. A page also ends at the next midnight of the city, when its D-days change, or earlier when it says so.
"""

import gzip
import hashlib
import re
import secrets
import threading
import time as clock
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import wraps
from importlib import import_module
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from madang.people.models import Person
from madang.record.board import board

SECRET = secrets.token_hex(8)  # so that nobody's text can pretend to be a hole
MARKER = re.compile(f"\x02{SECRET}:(\\d+)\x03")
MOST_BYTES = 192 * 1024 * 1024  # kept pages of one process


@dataclass(frozen=True)
class Page:
    """What a view gives back: a template, its public context, what it shows, and when it stops being true."""

    template: str
    context: dict[str, Any]
    shows: Iterable[str]
    until: datetime | None = None
    status: int = 200
    content_type: str = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Hole:
    template: str
    args: dict[str, Any]


@dataclass(slots=True)
class Kept:
    """A built page: its parts, the marks it stands on, and its bytes for nobody in particular."""

    parts: list[bytes | Hole]
    marks: tuple[tuple[int, int], ...]
    until: float
    status: int
    content_type: str
    body: bytes = b""
    zipped: bytes = b""
    seen: int = -1  # the move up to which the marks were looked at and found unmoved
    etag: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    zipped_headers: list[tuple[str, str]] = field(default_factory=list)

    def fresh(self, words: memoryview) -> bool:
        moves = words[0]  # before the marks: what moves while we look moves this afterwards
        if moves != self.seen:
            for slot, mark in self.marks:
                if words[slot] != mark:
                    return False
            self.seen = moves
        return clock.time() < self.until


class Viewer:
    """Who is looking: given to holes. Everything about the person is looked up here, once."""

    def __init__(self, request: HttpRequest, person: Person | None, at: datetime) -> None:
        self.request, self.person, self.at = request, person, at
        if person is not None:
            person.seats_memo = {}  # type: ignore[attr-defined]

    @property
    def csrf_token(self) -> str:
        return get_token(self.request)


PAGES: dict[tuple[str, str], Kept] = {}
_bytes = 0
_turn = threading.Lock()


def page(view: Callable[..., Page | HttpResponseBase], posts: bool = False) -> Callable[..., HttpResponseBase]:
    """Serve the Page a view returns from kept bytes while they are true; `posts`: the view takes POST itself."""

    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return _answered(view(request, *args, **kwargs)) if posts else HttpResponse(status=405)
        key = (request.path_info, request.META.get("QUERY_STRING", ""))
        return served(request, key, lambda: view(request, *args, **kwargs))

    serve.is_page = True  # type: ignore[attr-defined]
    return serve


def served(
    request: HttpRequest, key: tuple[str, str], make: Callable[[], Page | HttpResponseBase]
) -> HttpResponseBase:
    """The page kept under `key`, or the one `make` gives now, with its holes filled for who is asking.

    A key that is no path (it begins with no slash) is never found before Django: for pages behind the login.
    """
    kept = PAGES.get(key)
    if kept is None or not kept.fresh(board().words):
        moves = board().moves()
        made = _as_page(make())
        if isinstance(made, HttpResponseBase):
            return made
        kept = build(request, made, moves)
        if settings.PAGES and (kept.marks or not made.shows):
            keep(key, kept)
    person = request.user if request.user.is_authenticated else None
    if person is None:
        return finished(kept, kept.body)
    viewer = Viewer(request, person, timezone.now())
    response = finished(kept, b"".join(part if isinstance(part, bytes) else fill(part, viewer) for part in kept.parts))
    response["Cache-Control"] = "private, no-store"
    return response


def kept(module: str) -> list[URLPattern]:
    """A room's addresses, with its pages served from kept bytes where they say what they show."""
    patterns = import_module(module).urlpatterns
    for pattern in patterns:
        pattern.callback = page(pattern.callback, posts=True)
    return patterns


def _answered(made: Page | HttpResponseBase) -> HttpResponseBase:
    if isinstance(made, Page):
        raise TypeError("A page is read, not posted to.")
    return made


def _as_page(made: Page | HttpResponseBase) -> Page | HttpResponseBase:
    """Rooms know no doors: they answer with a TemplateResponse that carries `shows`."""
    if isinstance(made, TemplateResponse) and hasattr(made, "shows"):
        return Page(str(made.template_name), dict(made.context_data or {}), made.shows, status=made.status_code)
    return made


def build(request: HttpRequest, made: Page, moves: int) -> Kept:
    """Render the public page; its marks are kept only if none moved while it was built."""
    request = nobodys(request)
    holes: list[Hole] = []
    request.holes = holes  # type: ignore[attr-defined]
    text = get_template(made.template).render(made.context, request)
    parts: list[bytes | Hole] = [
        holes[int(piece)] if odd else piece.encode() for odd, piece in _alternate(MARKER.split(text)) if odd or piece
    ]
    slots = {board().slot(key) for key in made.shows}
    still = all(board().words[slot] <= moves and board().settled(slot) for slot in slots)
    marks = tuple((slot, board().words[slot]) for slot in sorted(slots)) if still else ()
    kept = Kept(parts, marks, _until(made.until) if still else 0.0, made.status, made.content_type)
    nobody = Viewer(request, None, timezone.now())
    kept.body = b"".join(part if isinstance(part, bytes) else fill(part, nobody) for part in parts)
    kept.etag = f'"{hashlib.sha256(kept.body).hexdigest()[:20]}"'
    kept.headers = _headers(kept, len(kept.body))
    return kept


def nobodys(request: HttpRequest) -> HttpRequest:
    """The same request as a visitor without a session would send it: what is built from it holds nothing of who asked."""
    meta = {name: value for name, value in request.META.items() if name not in OWN}
    blank = WSGIRequest({**meta, "wsgi.input": BytesIO(), "REQUEST_METHOD": "GET"})
    blank.user = AnonymousUser()
    blank.resolver_match = request.resolver_match
    for name in ("at", "LANGUAGE_CODE"):
        if hasattr(request, name):
            setattr(blank, name, getattr(request, name))
    return blank


OWN = {"HTTP_COOKIE", "CSRF_COOKIE", "HTTP_AUTHORIZATION", "REMOTE_ADDR", "CONTENT_LENGTH", "CONTENT_TYPE"}


def zipped(kept: Kept) -> bytes:
    """The body for browsers that take gzip, made on first demand."""
    if not kept.zipped:
        kept.zipped = gzip.compress(kept.body, compresslevel=5, mtime=0)
        kept.zipped_headers = [*_headers(kept, len(kept.zipped)), ("Content-Encoding", "gzip")]
    return kept.zipped


def keep(key: tuple[str, str], kept: Kept) -> None:
    global _bytes
    with _turn:
        old = PAGES.pop(key, None)
        _bytes += len(kept.body) * 2 - (len(old.body) * 2 if old else 0)
        while _bytes > MOST_BYTES and PAGES:
            _bytes -= len(PAGES.pop(next(iter(PAGES))).body) * 2
        PAGES[key] = kept


def fill(hole: Hole, viewer: Viewer) -> bytes:
    """One hole, for one viewer; a view may leave the person's own things for it in `request.own`."""
    context = {**hole.args, "viewer": viewer, "person": viewer.person, **getattr(viewer.request, "own", {})}
    return get_template(hole.template).render(context, viewer.request).encode()


def finished(kept: Kept, body: bytes) -> HttpResponse:
    response = HttpResponse(body, status=kept.status, content_type=kept.content_type)
    patch_vary_headers(response, ["Cookie"])
    return response


def forget() -> None:
    """Drop every kept page of this process (tests)."""
    global _bytes
    with _turn:
        PAGES.clear()
        _bytes = 0


def _headers(kept: Kept, length: int) -> list[tuple[str, str]]:
    return [
        ("Content-Type", kept.content_type),
        ("Content-Length", str(length)),
        ("ETag", kept.etag),
        ("Cache-Control", "no-cache"),
        ("Vary", "Cookie, Accept-Encoding"),
        ("Content-Language", get_language() or "ko"),
        *SAFETY.items(),
    ]


def _until(end: datetime | None) -> float:
    midnight = datetime.combine(
        timezone.localdate() + timedelta(days=1), time.min, tzinfo=timezone.get_default_timezone()
    )
    return min(midnight, end or midnight).timestamp()


def _alternate(pieces: list[str]) -> list[tuple[bool, str]]:
    return [(index % 2 == 1, piece) for index, piece in enumerate(pieces)]


SAFETY = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
