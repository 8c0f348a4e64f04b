"""The tree of the board growing leaf by leaf beside its signed checkpoints.

1. At the size of each checkpoint the root must be the signed one: all roots come from one growing tree, so each continues the last.
2. Between two checkpoints leaves rise; each batch but the last has at least `batch` leaves.
"""

from collections.abc import Iterator

from madang.methods.sealed.board import read_note
from madang.methods.sealed.poll import Poll
from madang.methods.sealed.writing import SealedError
from madang.methods.transparency.checkpoint import Checkpoint, read
from madang.methods.transparency.merkle import Frontier

WAITING = 4_096  # leaves hashed into the tree at once


class Growth:
    """One pass. `kept`: an older note of this board somebody saved."""

    OF_NOTES = frozenset({
        "bad-checkpoint", "bad-box-signature", "forged-cosignature", "unknown-cosigner", "checkpoints-disordered", "small-batch",
        "kept-differs",
    })  # fmt: skip

    def __init__(self, poll: Poll, notes: Iterator[str], kept: str) -> None:
        self.poll = poll
        self.notes = 0
        self.cosigned: tuple[str, ...] = ()
        self.kept = read(kept, [poll.box_key]) if kept else None
        self._notes = notes
        self._frontier = Frontier()
        self._waiting: list[bytes] = []
        self._size = 0
        self._before = b""
        self._target: Checkpoint | None = None
        self._start = 0

    def add(self, leaf: bytes) -> None:
        """Append a leaf. Raises SealedError: ballots-reordered · wrong-root · past-the-end · and those of a checkpoint."""
        if self._target is None or self._size == self._target.size:
            self._next()
        if leaf <= self._before:
            raise SealedError("ballots-reordered", "the leaves of a batch rise")
        self._before = leaf
        self._waiting.append(leaf)
        self._size += 1
        if self._target and self._size == self._target.size:
            self._check(self._target)
        elif len(self._waiting) >= WAITING:
            self._extend()
        self._compare_kept()

    def last(self) -> Checkpoint:
        """The newest checkpoint; reads on to it. Raises SealedError for a note that does not hold."""
        while self._advance():
            pass
        if self._target is None:
            raise SealedError("bad-checkpoint", "no checkpoint")
        if self._target.size == 0:
            self._check(self._target)
        return self._target

    def check_kept(self) -> None:
        """At the end. Raises SealedError("kept-differs") if the kept note is of a longer board."""
        if self.kept and self.kept.size > self._size:
            raise SealedError("kept-differs", f"the board has {self._size:,} ballots, the one you saw {self.kept.size:,}")

    def _compare_kept(self) -> None:
        if self.kept and self.kept.size == self._size:
            self._extend()
            if self._frontier.root != self.kept.root:
                raise SealedError("kept-differs", f"the first {self._size:,} ballots are not those you saw")

    def _next(self) -> None:
        if not self._advance():
            raise SealedError("past-the-end", "more leaves than the last checkpoint has")

    def _advance(self) -> bool:
        """Read the next checkpoint; False after the last."""
        note = next(self._notes, None)
        if note is None:
            return False
        signed = read_note(self.poll, note)
        point, before = signed.checkpoint, self._target
        if before is not None:
            if point.size <= before.size:
                raise SealedError("checkpoints-disordered", f"{point.size:,} after {before.size:,}")
            if before.size - self._start < self.poll.batch:
                raise SealedError("small-batch", f"{before.size - self._start:,} < {self.poll.batch:,}")
            self._start = before.size
        self._target, self._before = point, b""
        self.cosigned = tuple(signed.cosigned)
        self.notes += 1
        return True

    def _check(self, point: Checkpoint) -> None:
        self._extend()
        if self._frontier.root != point.root or self._frontier.size != point.size:
            raise SealedError("wrong-root", f"the checkpoint of {point.size:,} is not of these ballots")

    def _extend(self) -> None:
        self._frontier, _ = self._frontier.extend(self._waiting)
        self._waiting = []
