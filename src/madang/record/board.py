"""The board: which shown things have changed, told to every process of this machine at once.

A cached page remembers the marks of everything it shows and is served only while none has moved.
1. A mark moves before the commit and again after it, so bytes built in between are never kept.
   A mark's value is the number of the move in one sequence, so a builder knows which marks moved while it built,
   and a page checked once need not look at its marks again until the sequence has gone on.
2. A process killed between the two leaves a pending mark: pages showing it are rebuilt each time until it heals.
3. Marks are 64-bit counters in a memory-mapped file, moved under a file lock, read without one.
4. A hash collision can only make a page rebuild too often, never too seldom.
"""

import fcntl
import mmap
import os
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

SLOTS = 1 << 18
HEAL_AFTER = 60.0  # seconds: no transaction lives longer (idle_in_transaction_session_timeout)
_SIZE = SLOTS * 16  # per slot: 8 bytes number of its last move, 4 bytes pending, 4 bytes when; slot 0 holds the sequence


class Board:
    def __init__(self, path: Path) -> None:
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(fd).st_size != _SIZE:
            os.ftruncate(fd, _SIZE)
        self.file = fd
        self.memory = mmap.mmap(fd, _SIZE)
        self.words = memoryview(self.memory).cast("Q")
        self.pid = os.getpid()
        self.threads = threading.Lock()  # the file lock is the process's, not the thread's

    def slot(self, key: str) -> int:
        """The index of `key`'s mark; pages keep these."""
        return (1 + zlib.crc32(key.encode()) % (SLOTS - 1)) * 2

    def moves(self) -> int:
        """How many moves there have been: read it before building a page."""
        return self.words[0]

    def begin(self, slots: Iterable[int]) -> None:
        self._move(slots, +1)

    def end(self, slots: Iterable[int]) -> None:
        self._move(slots, -1)

    def _move(self, slots: Iterable[int], pending: int) -> None:
        now = int(time.time())
        with self._alone():
            move = self.words[0]
            for slot in slots:
                count = (self.words[slot + 1] & 0xFFFFFFFF) + pending
                move += 1
                self.words[slot + 1] = (now << 32) | max(count, 0)
                self.words[slot] = move
            self.words[0] = move  # last: who sees it sees the marks

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self.threads:
            fcntl.lockf(self.file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN)

    def settled(self, slot: int) -> bool:
        """Whether no act is between its change and its commit on this mark; heals what a killed process left."""
        word = self.words[slot + 1]
        if not word & 0xFFFFFFFF:
            return True
        if time.time() - (word >> 32) > HEAL_AFTER:
            with self._alone():
                self.words[slot + 1] = 0
                self.words[slot] = self.words[0] + 1
                self.words[0] += 1
        return False


_board: Board | None = None


def board() -> Board:
    """This process's view of the board (reopened after a fork)."""
    global _board
    if _board is None or _board.pid != os.getpid():
        _board = Board(settings.HOME / "board")
    return _board


def stale(keys: Iterable[str]) -> None:
    """Say inside a transaction that pages showing `keys` are no longer true."""
    b = board()
    slots = sorted({b.slot(key) for key in keys})
    b.begin(slots)
    transaction.on_commit(lambda: b.end(slots))  # after a rollback the pending marks heal by themselves


def moved_all() -> None:
    """After something outside the acts (a restore, a migration): every page is rebuilt."""
    b = board()
    b.begin(range(2, SLOTS * 2, 2))
    b.end(range(2, SLOTS * 2, 2))
