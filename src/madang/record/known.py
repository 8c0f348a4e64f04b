"""Rows a process remembers while nothing has moved that they stand on: who is signed in, asked with every request.

1. A row is remembered with the marks it stands on (record.board), and forgotten with the first that moves.
2. What was read while a mark moved, or before an act's commit, is not remembered.
3. Whoever asks gets the remembered value itself: it must be one nobody changes.
4. The marks are this machine's: MADANG_PAGES=0, for several machines, remembers nothing.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from django.conf import settings

from madang.record.board import board

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
MOST = 8_192  # rows of one kind in one process


class Known(Generic[Key, Value]):
    """`Known(lambda key: (f"person:{key}",))(7, find)` is `find()`, asked again only after the mark "person:7" has moved."""

    def __init__(self, marks: Callable[[Key], Sequence[str]]) -> None:
        self.marks = marks
        self.rows: dict[Key, tuple[int, tuple[int, ...], Value]] = {}

    def __call__(self, key: Key, find: Callable[[], Value | None]) -> Value | None:
        """The value of `key`; None is never remembered, so that guesses fill no memory."""
        words = board().words
        known = self.rows.get(key)
        if known is not None:
            moves, slots, value = known
            if all(words[slot] <= moves for slot in slots):
                return value
            self.rows.pop(key, None)
        moves = board().moves()
        found = find()
        if found is not None and settings.PAGES:
            slots = tuple(board().slot(mark) for mark in self.marks(key))
            if all(words[slot] <= moves and board().settled(slot) for slot in slots):
                if len(self.rows) >= MOST:
                    self.rows.clear()
                self.rows[key] = (moves, slots, found)
        return found

    def forget(self) -> None:
        """For tests, which turn time and databases back."""
        self.rows.clear()
