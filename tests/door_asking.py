"""Asking a small door (box, observers' issuer) as its server would hand the request on: no network, no server."""

import json
from dataclasses import dataclass


@dataclass
class Said:
    status: int
    body: bytes
    headers: dict

    @property
    def json(self):
        return json.loads(self.body)


async def ask(door, method: str, path: str, body: bytes = b"", headers: dict | None = None, pieces: list | None = None) -> Said:
    """One request through the door, as the server would hand it on."""
    path, _, query = path.partition("?")
    given = {"content-length": str(len(body))} if method == "POST" else {}
    scope = {
        "type": "http", "method": method, "path": path, "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in {**given, **(headers or {})}.items()],
    }  # fmt: skip
    events = iter([{"type": "http.request", "body": piece, "more_body": True} for piece in pieces or []]
                  + [{"type": "http.request", "body": b"" if pieces else body, "more_body": False}])  # fmt: skip
    sent = []

    async def receive():
        return next(events)

    async def send(event):
        sent.append(event)

    await door(scope, receive, send)
    start = sent[0]
    body = b"".join(event.get("body", b"") for event in sent[1:])
    return Said(start["status"], body, {name.decode(): value.decode() for name, value in start["headers"]})
