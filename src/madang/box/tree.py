"""The board's Merkle tree, kept packed in memory: 64 bytes a ballot, so a million ballots are 64 MB and every proof is at once.

1. The hashes are RFC 9162's (`madang.methods.transparency.merkle`); this only packs its levels into plain bytes.
2. It only grows; what was below a size stays as it was, so a proof for an older size may be asked at any time.
"""

from collections.abc import Sequence

from madang.methods.transparency.merkle import (
    HASH_SIZE,
    Frontier,
    Subtree,
    consistency_spans,
    fold,
    inclusion_spans,
    prove,
    subtrees,
)


class PackedTree:
    """Every complete subtree, level by level."""

    def __init__(self) -> None:
        self.frontier = Frontier()
        self._levels: list[bytearray] = []

    @property
    def size(self) -> int:
        return self.frontier.size

    def grown(self, leaves: Sequence[bytes]) -> Frontier:
        """The frontier as it would be with these leaves; nothing changes yet."""
        return self.frontier.extend(leaves)[0]

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Append leaf hashes."""
        self.frontier, parts = self.frontier.extend(leaves)
        for part in parts:
            if part.level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[part.level] += b"".join(part.hashes)

    def node(self, subtree: Subtree) -> bytes:
        level, index = subtree
        return bytes(self._levels[level][index * HASH_SIZE : (index + 1) * HASH_SIZE])

    def leaves(self, start: int, end: int) -> list[bytes]:
        """The leaf hashes start … end−1, as far as there are any."""
        if not self._levels:
            return []
        packed = bytes(self._levels[0][start * HASH_SIZE : end * HASH_SIZE])
        return [packed[at : at + HASH_SIZE] for at in range(0, len(packed), HASH_SIZE)]

    def root(self, size: int) -> bytes:
        return fold([self.node(tile) for tile in subtrees(0, size)])

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return prove(inclusion_spans(index, size), self.node)

    def consistency(self, old: int, new: int) -> list[bytes]:
        return prove(consistency_spans(old, new), self.node)
