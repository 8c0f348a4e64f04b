"""Taking turns to write on SQLite, which has one writer at a time.

SQLite's own waiting is a sleep that grows to a tenth of a second, so the one who waits sleeps while the lock is free, and
the one who has just written writes again. A lock of the system wakes the next in line at once.

1. It only orders who begins: SQLite's own lock still guards every write, also of programs that take no turn.
2. Nobody holds it across two transactions, and a killed process gives it back.
3. PostgreSQL has many writers and needs no turns.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from django.conf import settings
from django.db import connection

_threads = threading.Lock()  # the file's lock is the process's, not the thread's
_file: tuple[int, str, int] | None = None  # process, path, descriptor


@contextmanager
def turn() -> Iterator[None]:
    """Wait until nobody else writes. Within a transaction, or on a database of this process alone, at once."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or _own(str(connection.settings_dict["NAME"])):
        yield
        return
    with _threads:
        file = _opened(str(connection.settings_dict["NAME"]))
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _own(database: str) -> bool:
    return ":memory:" in database or "mode=memory" in database


def _opened(database: str) -> int:
    """The lock's file, opened anew after a fork: a descriptor shared with the parent would be the parent's lock."""
    global _file
    path = str(settings.HOME / f"write-{sha256(database.encode()).hexdigest()[:8]}.lock")
    if _file is None or _file[:2] != (os.getpid(), path):
        _file = (os.getpid(), path, os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return _file[2]
