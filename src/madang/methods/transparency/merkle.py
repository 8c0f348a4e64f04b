"""The Merkle tree of RFC 9162 §2.1: one root for a list, short proofs that a line is in it and that it only grew.

1. A leaf is hashed with 0x00 before it, a node with 0x01: no leaf can pass for a node.
2. A complete subtree is named (level, index): it covers the leaves index·2^level … (index+1)·2^level − 1.
3. Complete subtrees never change, so they may be stored insert-only; everything else is folded from them.
4. A Frontier (size and the complete subtrees that tile it, largest first) is all one needs to go on growing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

HASH_SIZE = 32  # bytes
EMPTY_ROOT = sha256(b"").digest()

Subtree = tuple[int, int]  # level, index
Span = tuple[int, int]  # first leaf, leaf after the last


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Grown:
    """The complete subtrees of one level that a batch made: the index of the first, and their hashes in order."""

    level: int
    first: int
    hashes: list[bytes]


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree of `size` leaves: one peak for each 1-bit of `size`, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} leaves does not have {len(self.peaks)} peaks")

    @property
    def root(self) -> bytes:
        return fold(self.peaks)

    def extend(self, leaf_hashes: Iterable[bytes]) -> tuple["Frontier", list[Grown]]:
        """Append a batch; return the new frontier and, level by level, the complete subtrees it made.

        Costs about two hashes for each new leaf plus log2(size).
        """
        row = list(leaf_hashes)
        size = self.size + len(row)
        old_peaks = list(self.peaks)  # the smallest is last
        new_peaks: list[bytes] = []
        grown: list[Grown] = []
        level = 0
        while row or self.size >> level:
            grown.append(Grown(level, self.size >> level, row))
            waiting = [old_peaks.pop(), *row] if self.size >> level & 1 else row
            if len(waiting) & 1:
                new_peaks.append(waiting[-1])
            row = [sha256(b"\x01" + a + b).digest() for a, b in zip(waiting[::2], waiting[1::2], strict=False)]
            level += 1
        return Frontier(size, tuple(reversed(new_peaks))), [part for part in grown if part.hashes]


def fold(peaks: Sequence[bytes]) -> bytes:
    """The hash over complete subtrees that lie side by side, largest first; of none, the empty root."""
    if not peaks:
        return EMPTY_ROOT
    result = peaks[-1]
    for peak in reversed(peaks[:-1]):
        result = node_hash(peak, result)
    return result


def subtrees(start: int, end: int) -> list[Subtree]:
    """The complete subtrees that tile the leaves start … end−1, left to right, at most two for each level."""
    tiles = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        tiles.append((level, start >> level))
        start += 1 << level
    return tiles


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The spans whose hashes are the audit path of leaf `index` in a tree of `size` (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    spans = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """The spans whose hashes prove that the tree of `new` begins with the tree of `old` (RFC 9162 §2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new} leaves")
    spans = []
    start, end, known = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, known = middle, False
    if not known:
        spans.append((start, end))
    return spans[::-1]


def prove(spans: Iterable[Span], node: Callable[[Subtree], bytes]) -> list[bytes]:
    """The hash of each span, from a source of complete subtrees."""
    return [fold([node(tile) for tile in subtrees(start, end)]) for start, end in spans]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that the leaf hash `leaf` stands at `index` under `root` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for part in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(part, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, part)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the tree of `new` leaves begins with that of `old` (RFC 9162 §2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    parts = list(path) if old & (old - 1) else [old_root, *path]
    if not parts:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_result = new_result = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_result, new_result = node_hash(part, old_result), node_hash(part, new_result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new_result = node_hash(new_result, part)
        node, last = node >> 1, last >> 1
    return last == 0 and old_result == old_root and new_result == new_root


@dataclass(slots=True)
class Tree:
    """A whole tree in memory: every complete subtree of every level. For tests, notebooks and witnesses."""

    frontier: Frontier = field(default_factory=Frontier)
    levels: list[list[bytes]] = field(default_factory=list)

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        self.frontier, grown = self.frontier.extend(leaf_hashes)
        for part in grown:
            if part.level == len(self.levels):
                self.levels.append([])
            self.levels[part.level] += part.hashes

    def node(self, subtree: Subtree) -> bytes:
        level, index = subtree
        return self.levels[level][index]

    def root(self, size: int) -> bytes:
        return fold([self.node(tile) for tile in subtrees(0, size)])

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return prove(inclusion_spans(index, size), self.node)

    def consistency(self, old: int, new: int) -> list[bytes]:
        return prove(consistency_spans(old, new), self.node)


def _split(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return 1 << (width - 1).bit_length() - 1
