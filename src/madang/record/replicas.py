"""Read replicas: whole tables taken out by anyone are read from a replica; pages and acts always from the primary.

A replica lags, and a page must show a write on the very next request: so only downloads, which say when they were made,
are read apart. Without DATABASE_REPLICA_URLS nothing changes.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings

_apart: ContextVar[bool] = ContextVar("reading_apart", default=False)


@contextmanager
def reading_apart() -> Iterator[None]:
    """Inside, querysets read from a replica where there is one."""
    token = _apart.set(True)
    try:
        yield
    finally:
        _apart.reset(token)


class Router:
    """Django's question which database to use."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        replicas = [name for name in settings.DATABASES if name.startswith("replica")]
        return random.choice(replicas) if replicas and _apart.get() else None  # noqa: S311 — spreading load

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"
