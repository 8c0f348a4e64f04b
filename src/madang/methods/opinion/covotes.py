"""Three whole numbers for every pair of statements: how many voted on both (N), the row's votes of these (U), the products (S).

1. Exact: int64, N in the low 21 bits, U above, S above that — up to 2²⁰ people; beyond, three tables of int32.
2. Adding and taking away are inverse to each other, byte for byte.
3. The diagonal holds the counts of a statement: N voters, U = agrees − disagrees, S = agrees + disagrees.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

from madang.methods.opinion.kernels import S_STEP, U_STEP, Array, pairs

MOST_PEOPLE = 1 << 20
_MASK = np.int64((1 << 21) - 1)

Ints = NDArray[np.int64]


class CoVotes:
    """The sums of `topics` statements. `wide` is for more than 2²⁰ people."""

    def __init__(self, topics: int = 0, wide: bool = False) -> None:
        self.wide = wide
        self.sums: Array = np.zeros((3, topics, topics), np.int32) if wide else np.zeros((topics, topics), np.int64)

    def __len__(self) -> int:
        return int(self.sums.shape[-1])

    def widen(self) -> None:
        """From one packed table to three, before more than 2²⁰ people come."""
        if not self.wide:
            self.sums = np.stack([part.astype(np.int32) for part in unpack(self.sums)])
            self.wide = True

    def spread(self, places: Ints, topics: int) -> None:
        """Make room: statement j moves to places[j] of `topics`."""
        old = self.sums
        self.sums = np.zeros((*old.shape[:-2], topics, topics), old.dtype)
        self.sums[..., places[:, None], places[None, :]] = old

    def rows(self, start: Array, length: Array, col: Array, val: Array, sign: int) -> None:
        """Add or take away whole rows of votes (≤ 2²⁰ people at a time when wide). O(Σ n²)."""
        if not self.wide:
            return pairs(self.sums, start, length, col, val, sign)
        for low in range(0, len(start), MOST_PEOPLE - 1):
            some = slice(low, low + MOST_PEOPLE - 1)
            part = np.zeros(self.sums.shape[1:], np.int64)
            pairs(part, start[some], length[some], col, val, 1)
            for k, table in enumerate(unpack(part)):
                self.sums[k] += (sign * table).astype(np.int32)
        return None

    def vote(self, topic: int, value: int, col: Array, val: Array, sign: int) -> None:
        """Add or take away one vote of a person whose *other* votes are (col, val). O(n)."""
        others, value64 = val.astype(np.int64), np.int64(value)
        if self.wide:
            self._vote_wide(topic, value, col, val.astype(np.int32), sign)
            return
        both = sign * (1 + value64 * others * S_STEP)
        self.sums[topic, col] += both + sign * value64 * U_STEP
        self.sums[col, topic] += both + sign * others * U_STEP
        self.sums[topic, topic] += sign * (1 + value64 * U_STEP + value64 * value64 * S_STEP)

    def _vote_wide(self, topic: int, value: int, col: Array, val: Array, sign: int) -> None:
        count, signed, product = self.sums
        count[topic, col] += sign
        count[col, topic] += sign
        signed[topic, col] += sign * value
        signed[col, topic] += sign * val
        product[topic, col] += sign * value * val
        product[col, topic] += sign * value * val
        for table, step in zip(self.sums, (1, value, value * value), strict=True):
            table[topic, topic] += sign * step

    def split(self, rows: Array | slice | int = slice(None), columns: Array | slice = slice(None)) -> tuple[Ints, Ints, Ints]:
        """(N, U, S) of these rows and columns."""
        if self.wide:
            count, signed, product = (table[rows][..., columns].astype(np.int64) for table in self.sums)
            return count, signed, product
        if isinstance(rows, np.ndarray) and isinstance(columns, np.ndarray):
            return unpack(self.sums[rows[:, None], columns[None, :]])
        return unpack(self.sums[rows][..., columns])

    def line(self, topic: int) -> tuple[Ints, Ints, Ints, Ints]:
        """(N, U of the topic, U of the others, S) against every statement."""
        count, own, product = self.split(topic)
        if self.wide:
            return count, own, self.sums[1][:, topic].astype(np.int64), product
        return count, own, unpack(self.sums[:, topic])[1], product

    def counts(self) -> tuple[Ints, Ints, Ints]:
        """(agree, disagree, all) votes of each statement."""
        diagonal = np.arange(len(self))
        if self.wide:
            count, signed, product = (table[diagonal, diagonal].astype(np.int64) for table in self.sums)
        else:
            count, signed, product = unpack(self.sums[diagonal, diagonal])
        return (product + signed) // 2, (product - signed) // 2, count

    def sha256(self, topics: Ints) -> str:
        """Digest of the packed int64 table of these statements, row by row, little-endian; three tables of int64 when wide."""
        some = self.sums if len(topics) == len(self) else self.sums[..., topics[:, None], topics[None, :]]
        return hashlib.sha256(np.ascontiguousarray(some.astype("<i8", copy=False)).data).hexdigest()


def unpack(packed: Array) -> tuple[Ints, Ints, Ints]:
    """N, U, S out of packed sums."""
    count = packed & _MASK
    rest = packed >> np.int64(21)
    signed = ((rest + np.int64(1 << 20)) & _MASK) - np.int64(1 << 20)
    return count, signed, (rest - signed) >> np.int64(21)
