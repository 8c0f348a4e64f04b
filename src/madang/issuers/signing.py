"""Signing in processes of their own: the door stays free, and the keys are never in the process the network talks to.

1. A group of blinded values goes over at once and comes back in the same order.
2. A worker that dies is replaced at the next group; what it was asked is refused (`busy`), never half done: only what is
   signed is written down, and only what is written down is given out.
"""

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from madang.box.listening import die_with_parent
from madang.box.refusals import TurnedAway
from madang.issuers.keys import KeyRing
from madang.methods.sealed import SealedError

Wanted = tuple[str, str, bytes]  # poll, class, blinded
CODES = {"invalid-length": "bad-blinded", "out-of-range": "bad-blinded"}


class Signer:
    """`workers` processes that sign with the keys of a folder."""

    def __init__(self, folder: Path, workers: int = 1) -> None:
        self._folder = folder
        self._workers = workers
        self._pool = self._started()

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")  # nothing of the door's memory, no open files
        pool = ProcessPoolExecutor(self._workers, context, initializer=die_with_parent)
        list(pool.map(_awake, range(self._workers)))  # starting takes a second or two: not the first voter's
        return pool

    def sign(self, wanted: Sequence[Wanted]) -> list[bytes | TurnedAway]:
        """A signature, or the refusal, for each. Waits; call it from a thread. Raises TurnedAway("busy") when the workers died."""
        share = -(-len(wanted) // self._workers) or 1
        parts = [list(wanted[start : start + share]) for start in range(0, len(wanted), share)]
        try:
            signed = [answer for part in self._pool.map(_signed, [self._folder] * len(parts), parts) for answer in part]
        except BrokenProcessPool:
            self._pool.shutdown(wait=False)
            self._pool = self._started()
            raise TurnedAway("busy") from None
        return [TurnedAway(answer) if isinstance(answer, str) else answer for answer in signed]

    def close(self) -> None:
        self._pool.shutdown()


def _awake(_number: int) -> None:
    """In the worker: be there."""
    time.sleep(0.05)  # so that each of them takes one


def _signed(folder: Path, wanted: list[Wanted]) -> list[bytes | str]:
    """In the worker: signatures, or codes of refusals."""
    ring = KeyRing(folder)
    answers: list[bytes | str] = []
    for poll, class_key, blinded in wanted:
        try:
            answers.append(ring.sign(poll, class_key, blinded))
        except TurnedAway as refusal:
            answers.append(refusal.code)
        except SealedError as fault:
            if fault.code not in CODES:  # a fault in the computing itself: loud, and nothing leaves
                raise
            answers.append(CODES[fault.code])
    return answers
