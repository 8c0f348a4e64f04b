"""What to do with money Equal Shares leaves: Add1 in literal unit steps, and spending the rest by votes.

1. Add1 gives every voter one currency unit more, counts again from the beginning, and so on: first stop wins. It never
   bisects (feasibility is not monotone in the start).
2. Steps may be leapt over only under a proof (`intervals.same`) that each of them chooses the same projects in the same
   order; then none of them can stop, since the first did not. The result is that of the literal scan.
3. stop = "exhaustive": the first outcome to which no project can be added within the budget, or the last before one that
   overspends. stop = "infeasible": the last before one that overspends, exhaustive or not (or when all is chosen).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from madang.methods.budgeting.counting import Count
from madang.methods.budgeting.exact import Roll
from madang.methods.budgeting.intervals import CERTAIN, UNKNOWN, same
from madang.methods.budgeting.kernels import Whole

STOPS = ("exhaustive", "infeasible")
SHORTEST = 4  # a proof costs as much as about this many counts


@dataclass(frozen=True)
class Added:
    """Add1's end: the order chosen, at which step (0 = the first count), why it stopped, how many counts and proofs it took."""

    order: tuple[int, ...]
    step: int
    why: str
    counts: int
    proofs: int


class Leap:
    """Leaps from a step whose order is known as far as a proof carries."""

    def __init__(self, count: Count) -> None:
        roll, size = count.roll, len(count.roll.places)
        self.count = count
        self.money = np.zeros((len(roll.fund), 3))
        self.length = np.zeros(size, np.int64)
        self.low = np.zeros((size, 2))
        self.alive = np.zeros(size, np.int64)
        self.reach = 2 * SHORTEST
        self.wait = 0
        self.patience = 1
        self.proofs = 0

    def beyond(self, step: int, order: tuple[int, ...]) -> int:
        """The last step proven to choose as `step` does (at least `step`)."""
        if self.wait:
            self.wait -= 1
            return step
        begun, chosen = step, np.array(order, np.int64)
        wall = None  # where the last failed proof expects the order to change
        while True:
            span = self.reach if wall is None else min(self.reach, wall - 1 - step)
            if span < SHORTEST:
                break
            guess = self._proof(step, step + span, chosen)
            if guess == CERTAIN:
                step += span
                self.reach *= 2
                continue
            wall = step + int(span * guess) if 0 < guess < 1 and guess != UNKNOWN else wall
            self.reach = span // 8 if guess <= 0 else span // 2 if guess in (1, UNKNOWN) else span - 1
        self.patience = 1 if step > begun else min(2 * self.patience, 64)
        self.wait = 0 if step > begun else self.patience
        self.reach = max(2 * SHORTEST, (step - begun) // 4)
        return step

    def _proof(self, first: int, last: int, order: Whole) -> float:
        self.proofs += 1
        roll = self.count.roll
        at = [np.array([float(one) for one in moved(roll, step)]) for step in (first, last)]
        guess, _ = same(
            self.count.rolls, order, roll.fund, at[0], at[1], roll.room.copy(), self.money, self.length, self.low, self.alive
        )
        return float(guess)


def moved(roll: Roll, step: int) -> tuple[Fraction, ...]:
    """What each fund's voters start with after `step` currency units more."""
    return tuple(one + step * roll.scale for one in roll.start)


def add1(roll: Roll, stop: str = "exhaustive", leaping: bool = True) -> Added:
    """Add1 from the roll's own start. O(steps × one count) at worst; `leaping=False` is the literal scan."""
    if stop not in STOPS:
        raise ValueError(f"stop is one of {', '.join(STOPS)}, not {stop!r}")
    count, step, counts = Count(roll), 0, 0
    leap = Leap(count)
    before: tuple[int, ...] = ()
    while True:
        order = count.run(moved(roll, step))
        counts += 1
        left = roll.budget - sum(roll.costs[p] for p in order)
        if left < 0:
            return Added(before, max(step - 1, 0), "infeasible", counts, leap.proofs)
        if len(order) == len(roll.places) or (stop == "exhaustive" and exhaustive(roll, order, left)):
            return Added(order, step, "exhaustive", counts, leap.proofs)
        step = (leap.beyond(step, order) if leaping else step) + 1
        before = order


def exhaustive(roll: Roll, order: Sequence[int], left: Fraction) -> bool:
    """Whether nothing wanted still fits into what is left (and under the limits)."""
    chosen = set(order)
    room = room_after(roll, order)
    return not any(
        roll.costs[p] <= left and under(roll, p, room) for p in range(len(roll.places)) if p not in chosen
    )


def room_after(roll: Roll, order: Sequence[int]) -> list[int]:
    """What is left of each limit."""
    room = [int(one) for one in roll.room]
    for p in order:
        for at in range(int(roll.rolls.caps[p]), int(roll.rolls.caps[p + 1])):
            room[int(roll.rolls.cap[at])] -= int(roll.rolls.use[at])
    return room


def under(roll: Roll, p: int, room: Sequence[int]) -> bool:
    """Whether every limit on `p` has room left for it."""
    ats = range(int(roll.rolls.caps[p]), int(roll.rolls.caps[p + 1]))
    return all(int(roll.rolls.use[at]) <= room[int(roll.rolls.cap[at])] for at in ats)


def utilitarian(roll: Roll, order: Sequence[int]) -> tuple[int, ...]:
    """What the rest of the budget buys, by exact total utility per cost, then by rank; one that does not fit is passed over."""
    left = roll.budget - sum(roll.costs[p] for p in order)
    room, more = room_after(roll, order), []
    chosen = set(order)
    for p in sorted(range(len(roll.places)), key=lambda p: (int(roll.rolls.base[p]), int(roll.rolls.rank[p]))):
        if p in chosen or roll.costs[p] > left or not under(roll, p, room):
            continue
        more.append(p)
        left -= roll.costs[p]
        for at in range(int(roll.rolls.caps[p]), int(roll.rolls.caps[p + 1])):
            room[int(roll.rolls.cap[at])] -= int(roll.rolls.use[at])
    return tuple(more)
