"""One thread does all the work that must be in order, a group at a time: one flush of the disk serves everybody who waits.

1. What is asked is done in the order of groups; inside a group the worker may do as it likes, and answers each by its place.
2. While a group is at work the next one gathers; nobody waits longer than two groups.
3. `alone` runs something between two groups, on the same thread: closing, ticking, proofs. No lock is needed anywhere.
4. More than `most` waiting is refused at once (`busy`): a queue that only grows helps nobody.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Generic, TypeVar

from madang.box.refusals import TurnedAway

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
Any_ = TypeVar("Any_")


class Grouped(Generic[Ask, Answer]):
    """`work` gets a list of asks and returns as many answers; a TurnedAway among them is raised to the one who asked."""

    def __init__(
        self, thread: Executor, work: Callable[[Sequence[Ask]], Sequence[Answer | TurnedAway]], *, most: int = 2048, group: int = 256
    ) -> None:
        self._thread = thread
        self._work = work
        self._most = most
        self._group = group
        self._asked: list[tuple[Ask, asyncio.Future[Answer]]] = []
        self._turning: asyncio.Task[None] | None = None

    async def ask(self, what: Ask) -> Answer:
        """Wait for one's turn and its answer. Raises TurnedAway, also "busy"."""
        if len(self._asked) >= self._most:
            raise TurnedAway("busy")
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked.append((what, future))
        if self._turning is None or self._turning.done():
            self._turning = asyncio.create_task(self._turn())
        return await future

    async def alone(self, what: Callable[[], Any_]) -> Any_:
        """Run `what` on the one thread, between two groups."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, what)

    async def _turn(self) -> None:
        while self._asked:
            group, self._asked = self._asked[: self._group], self._asked[self._group :]
            work = partial(self._work, [what for what, _ in group])
            done = asyncio.get_running_loop().run_in_executor(self._thread, work)
            await asyncio.wait([done])
            if fault := done.exception():  # everybody of the group hears of it; the next group has its own chance
                for _, future in group:
                    _fail(future, fault)
                continue
            for (_, future), answer in zip(group, done.result(), strict=True):
                _settle(future, answer)


def _fail(future: "asyncio.Future[Answer]", fault: BaseException) -> None:
    if not future.done():
        future.set_exception(fault)


def _settle(future: "asyncio.Future[Answer]", answer: "Answer | TurnedAway") -> None:
    if future.done():  # whoever asked has gone
        return
    if isinstance(answer, TurnedAway):
        future.set_exception(answer)
    else:
        future.set_result(answer)
