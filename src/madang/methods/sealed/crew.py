"""Check the lines of a board, by oneself or with many hands; what comes out is the same, in the same order.

1. A line is checked by itself: its writing, its right, its signature, its sealed part. What lines are to each other is the caller's.
2. With several workers lines go out by the five hundred and never more than two portions for each: memory stays flat.
3. The first fault in the order of the lines is the last thing that comes out, whoever found it first.
"""

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import NamedTuple

from madang.methods.sealed import ballot, seal
from madang.methods.sealed.bundle import Posted
from madang.methods.sealed.poll import Poll, read
from madang.methods.sealed.writing import SealedError

PORTION = 500  # lines


class Checked(NamedTuple):
    """A ballot that holds by itself; `marks` only where it counts (its sealed part is there)."""

    leaf: bytes
    class_key: str
    pk: bytes
    seq: int
    marks: str | None


class Lines:
    """Lines, counted as they are read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.read = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.read += 1
            yield line

    def portion(self) -> tuple[list[bytes], SealedError | None]:
        """The next five hundred, or fewer at the end; and why no more can be read, if so."""
        taken: list[bytes] = []
        try:
            for line in self:
                taken.append(line)
                if len(taken) == PORTION:
                    break
        except SealedError as fault:
            return taken, fault
        return taken, None


def check_line(poll: Poll, key: seal.SealKey, line: bytes) -> Checked:
    """Check and open one line. Raises SealedError as `ballot.read_header`, `check` and `check_sealed` do."""
    posted = Posted.read(line)
    header = ballot.read_header(poll, posted.header)
    ballot.check(poll, header, posted.sig)
    marks = None
    if posted.sealed is not None:
        ballot.check_sealed(poll, header, posted.sealed)
        marks = seal.opened(key, posted.sealed, ballot.info(poll.digest, header.class_key, header.pk, header.seq))
    return Checked(ballot.leaf(posted.header, posted.sig), header.class_key, header.pk, header.seq, marks)


def check_all(poll: Poll, key: seal.SealKey, lines: Lines, workers: int) -> Iterator[Checked | SealedError]:
    """Each line in order; after the first fault, which is given out and not raised, nothing.

    Raises SealedError where the lines themselves cannot be read any further.
    """
    if workers > 1:
        yield from _together(poll, key, lines, workers)
        return
    for line in lines:
        try:
            checked = check_line(poll, key, line)
        except SealedError as fault:
            yield fault
            return
        yield checked


def _together(poll: Poll, key: seal.SealKey, lines: Lines, workers: int) -> Iterator[Checked | SealedError]:
    context = multiprocessing.get_context("spawn")  # the same on every system, and safe beside threads
    pool = ProcessPoolExecutor(workers, context, _begin, (poll.raw, key.seed))
    waiting: deque[Future[tuple[list[Checked], SealedError | None]]] = deque()
    portion, broken = lines.portion()
    try:
        while portion or waiting:
            while portion and len(waiting) < 2 * workers:
                waiting.append(pool.submit(_portion, portion))
                portion, broken = ([], broken) if broken else lines.portion()
            checked, fault = waiting.popleft().result()
            yield from checked
            if fault:
                yield fault
                return
        if broken:
            raise broken
    finally:
        pool.shutdown(cancel_futures=True)


_held: list[tuple[Poll, seal.SealKey]] = []  # of a worker's process: the poll and its key


def _begin(raw: bytes, seed: bytes) -> None:
    _held[:] = [(read(raw), seal.SealKey.read(seed))]


def _portion(lines: list[bytes]) -> tuple[list[Checked], SealedError | None]:
    [(poll, key)] = _held
    done: list[Checked] = []
    for line in lines:
        try:
            done.append(check_line(poll, key, line))
        except SealedError as fault:
            return done, fault
    return done, None
