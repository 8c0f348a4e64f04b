"""Everybody's standing votes in shared pools, each person's sorted by statement.

1. 11 bytes a vote: statement (uint16), value (int8), time (int64). A row that outgrows its room moves to the end of the pool.
2. What is in a row does not depend on how it came there.
"""

import numpy as np
from numpy.typing import NDArray

from madang.methods.opinion.kernels import Array, flat


class Rows:
    """start, length and room of each person's slice of the pools `col`, `val`, `at`; `used` cells of the pools are given out."""

    def __init__(self) -> None:
        self.start, self.length, self.room = np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32)
        self.col, self.val, self.at = np.zeros(0, np.uint16), np.zeros(0, np.int8), np.zeros(0, np.int64)
        self.people, self.used = 0, 0

    def welcome(self, people: int) -> None:
        """Room for this many people."""
        if people > len(self.start):
            more = max(people, 2 * len(self.start), 64) - len(self.start)
            self.start = np.concatenate([self.start, np.zeros(more, np.int64)])
            self.length = np.concatenate([self.length, np.zeros(more, np.int32)])
            self.room = np.concatenate([self.room, np.zeros(more, np.int32)])
        self.people = max(self.people, people)

    def row(self, person: int) -> slice:
        """Where this person's votes are in the pools."""
        start = int(self.start[person])
        return slice(start, start + int(self.length[person]))

    def spans(self) -> tuple[Array, Array]:
        """(start, length) of everybody."""
        return self.start[: self.people], self.length[: self.people]

    def insert(self, person: int, spot: int, topic: int, value: int, at: int) -> None:
        """A new vote at place `spot` of the row."""
        if self.length[person] == self.room[person]:
            self._move(person, max(8, 2 * int(self.room[person])))
        here = self.row(person)
        low, high = here.start + spot, here.stop
        for pool, new in ((self.col, topic), (self.val, value), (self.at, at)):
            pool[low + 1 : high + 1] = pool[low:high].copy()
            pool[low] = new
        self.length[person] += 1

    def delete(self, person: int, spot: int) -> None:
        """Take the vote at place `spot` of the row out."""
        here = self.row(person)
        low, high = here.start + spot, here.stop
        for pool in (self.col, self.val, self.at):
            pool[low : high - 1] = pool[low + 1 : high].copy()
        self.length[person] -= 1

    def replace(self, people: Array, length: Array, col: Array, val: Array, at: Array) -> None:
        """Give these people whole new rows (one after another in col, val, at)."""
        high = self.used + len(col)
        self._enlarge(high)
        here = slice(self.used, high)
        self.col[here], self.val[here], self.at[here] = col, val, at
        self.start[people] = self.used + np.cumsum(length, dtype=np.int64) - length
        self.length[people] = self.room[people] = length
        self.used = high

    def rename(self, places: NDArray[np.int64]) -> None:
        """Statement j is now called places[j]; the order of the statements stays, so rows stay sorted."""
        if len(places):
            self.col[: self.used] = places.astype(np.uint16)[self.col[: self.used]]

    def pack(self) -> None:
        """Close the holes: rows in the order of people, no spare room."""
        start, length = self.spans()
        _, place = flat(start, length)
        self.col, self.val, self.at = self.col[place], self.val[place], self.at[place]
        self.start[: self.people] = np.cumsum(length, dtype=np.int64) - length
        self.room[: self.people] = length
        self.used = len(place)

    def _move(self, person: int, room: int) -> None:
        old = self.row(person)
        self._enlarge(self.used + room)
        for pool in (self.col, self.val, self.at):
            pool[self.used : self.used + old.stop - old.start] = pool[old]
        self.start[person], self.room[person] = self.used, room
        self.used += room

    def _enlarge(self, size: int) -> None:
        if size <= len(self.col):
            return
        more = max(size, len(self.col) + len(self.col) // 4, 1024) - len(self.col)
        self.col = np.concatenate([self.col, np.zeros(more, np.uint16)])
        self.val = np.concatenate([self.val, np.zeros(more, np.int8)])
        self.at = np.concatenate([self.at, np.zeros(more, np.int64)])
