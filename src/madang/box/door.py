"""The small door of the box and of the observers' issuer: HTTP in, HTTP out, and nothing remembered about anyone.

1. A request with a cookie or an Authorization header is refused: what could name somebody is not even read.
2. A body has a length said beforehand, no more than `body_most`, and `body_seconds` to arrive.
3. Nothing of a request is ever logged: no address, header, path or time. A fault inside is logged by kind and place alone.
4. Answers are not to be cached, may be read by one origin only (the house's), and never set a cookie.

ASGI 3: https://asgi.readthedocs.io/en/latest/specs/main.html
"""

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, MutableMapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs

from madang.box.refusals import TurnedAway

log = logging.getLogger("madang.box")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

NAMING = (b"cookie", b"authorization", b"proxy-authorization")
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: method, path in parts, query, body. Nothing else of the request goes further than the door."""

    method: str
    parts: tuple[str, ...]
    query: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: whole bytes, or pieces as they come."""

    body: bytes | AsyncIterator[bytes]
    kind: str = JSON
    status: int = 200
    more: Mapping[str, str] = field(default_factory=dict)


Replies = Callable[[Asked], Awaitable[Answer]]
Beginning = Callable[[], Coroutine[Any, Any, None]]


def said(value: object, status: int = 200) -> Answer:
    """An answer in JSON."""
    return Answer(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), JSON, status)


class Unexplained(Exception):
    """A fault inside, without its words: they may hold what somebody sent. The server answers 500."""


class Unsaid:
    """A fault that leaves this block is logged by kind and place, and goes on without its words."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None and issubclass(kind, Exception):
            where = traceback.extract_tb(trace)[-1]
            log.error("a fault while answering: %s in %s, line %s", kind.__name__, where.name, where.lineno)
            raise Unexplained(kind.__name__) from None


class Door:
    """An ASGI application around `replies`. `begin` and `end` run with the server."""

    def __init__(
        self,
        replies: Replies,
        *,
        origin: str = "",
        body_most: int,
        body_seconds: float = 10.0,
        begin: Beginning | None = None,
        end: Beginning | None = None,
    ) -> None:
        self._replies = replies
        self._body_most = body_most
        self._body_seconds = body_seconds
        self._begin, self._end = begin, end
        self._always = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), (b"vary", b"origin")]
        self._origin = origin.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            with Unsaid():
                await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Begin and end with the server. What cannot begin is told to it: without that it would serve a door with nothing behind."""
        while True:
            event = (await receive())["type"]
            step = self._begin if event == "lifespan.startup" else self._end
            if step is not None:
                done = asyncio.ensure_future(step())
                await asyncio.wait([done])
                if fault := done.exception():
                    log.error("%s: %s", type(fault).__name__, fault)  # nobody has asked anything yet: these are our own words
                    await send({"type": f"{event}.failed", "message": type(fault).__name__})
                    return
            await send({"type": f"{event}.complete"})
            if event == "lifespan.shutdown":
                return

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except TurnedAway as refusal:
            answer = said(refusal.answer(), refusal.status)
        await self._send(send, answer, scope)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if any(name in headers for name in NAMING):
            raise TurnedAway("no-cookies")
        if scope["method"] == "OPTIONS":
            return self._preflight()
        body = await self._body(headers, receive) if scope["method"] == "POST" else b""
        try:
            query = parse_qs(scope["query_string"].decode("ascii"), max_num_fields=8)
        except (UnicodeDecodeError, ValueError):
            raise TurnedAway("malformed") from None
        parts = tuple(part for part in scope["path"].split("/") if part)
        return await self._replies(Asked(scope["method"], parts, {name: values[-1] for name, values in query.items()}, body))

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        length = headers.get(b"content-length", b"")
        if not (length.isdigit() and len(length) < 12):
            raise TurnedAway("length-required")
        if int(length) > self._body_most:
            raise TurnedAway("too-large")
        try:
            async with asyncio.timeout(self._body_seconds):
                return await _whole(receive, int(length))
        except TimeoutError:
            raise TurnedAway("too-slow") from None

    def _preflight(self) -> Answer:
        allowed = {"access-control-allow-methods": "GET, POST", "access-control-allow-headers": "content-type"}
        return Answer(b"", TEXT, 204, {**allowed, "access-control-max-age": "600"})

    async def _send(self, send: Send, answer: Answer, scope: Scope) -> None:
        headers = [(b"content-type", answer.kind.encode()), *self._always]
        headers += [(name.encode(), value.encode()) for name, value in answer.more.items()]
        if self._origin:
            headers.append((b"access-control-allow-origin", self._origin))
        whole = isinstance(answer.body, bytes)
        if isinstance(answer.body, bytes):
            headers.append((b"content-length", str(len(answer.body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        if not isinstance(answer.body, bytes) and scope["method"] != "HEAD":
            async for piece in answer.body:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        last = answer.body if whole and scope["method"] != "HEAD" else b""
        await send({"type": "http.response.body", "body": last, "more_body": False})


async def _whole(receive: Receive, length: int) -> bytes:
    """The body, exactly as long as it said."""
    pieces, size = [], 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise TurnedAway("malformed")
        piece = event.get("body", b"")
        size += len(piece)
        if size > length:
            raise TurnedAway("too-large")
        pieces.append(piece)
        if not event.get("more_body"):
            break
    if size != length:
        raise TurnedAway("malformed")
    return b"".join(pieces)
