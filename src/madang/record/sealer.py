"""The sealer: a quiet thread that seals within about half a second of an act, never in the request's way.

1. One daemon thread for each process, started by the first act, started anew after a fork.
2. Many acts, one sealing: it gathers for DELAY before it looks, and before it looks again.
3. What fails is logged and tried again; entries wait in the database and are never lost.
4. Under pytest it sleeps: tests call `seal` themselves, so that time passes by argument.
"""

import logging
import os
import threading
import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import Error, connection, connections

from madang.record.seal import KeyChanged, pending, seal

DELAY = 0.3  # seconds of gathering
AGAIN = 5.0  # seconds to wait after a failure
FOLD_EVERY = 5.0  # seconds at least between two foldings of SQLite's log
FAILED = "Sealing failed; it will be tried again and no entry is lost."
log = logging.getLogger(__name__)


class _Sealer:
    def __init__(self) -> None:
        self.wanted = threading.Event()
        self.starting = threading.Lock()
        self.thread: threading.Thread | None = None
        self.folded = 0.0

    def soon(self) -> None:
        self.wanted.set()
        if self.thread is None or not self.thread.is_alive():
            with self.starting:
                if self.thread is None or not self.thread.is_alive():
                    self.thread = threading.Thread(target=self.run, name="sealer", daemon=True)
                    self.thread.start()

    def run(self) -> None:
        while self.wanted.wait():
            time.sleep(DELAY)
            self.wanted.clear()
            try:
                done = self.round()
                if time.monotonic() - self.folded > FOLD_EVERY:
                    _fold()
                    self.folded = time.monotonic()
            finally:
                connections.close_all()
            if not done:
                time.sleep(AGAIN)
                self.wanted.set()

    def round(self) -> bool:
        """Seal one batch; what came meanwhile, or is being sealed by somebody else, waits for the next round."""
        try:
            seal(datetime.now(UTC))
            if pending():
                self.wanted.set()
        except (Error, OSError, KeyChanged):
            log.exception(FAILED)
            return False
        return True


def seal_all() -> bool:
    """Seal until nothing waits; whether it succeeded. Failures are logged. For the clock, the loaders and the command."""
    try:
        while seal(datetime.now(UTC)) or pending():
            time.sleep(0.01)  # somebody else is sealing, or there is another batch
    except (Error, OSError, KeyChanged):
        log.exception(FAILED)
        return False
    return True


def _fold() -> None:
    """Fold SQLite's log back into its file: here nobody waits for it, in an act everybody would."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


_sealer = _Sealer()


def soon() -> None:
    """Have what was just committed sealed; returns at once. Call it in `transaction.on_commit`."""
    if not settings.TESTING:
        _sealer.soon()


def _after_fork() -> None:
    global _sealer
    _sealer = _Sealer()  # threads do not survive a fork, and a lock held by one would never open


os.register_at_fork(after_in_child=_after_fork)
