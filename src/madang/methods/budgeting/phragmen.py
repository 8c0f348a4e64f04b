"""Sequential Phragmén: everybody earns at the same pace; a project is bought the moment its supporters can pay for it.

1. A voter's load is the moment of the last purchase it shared: one of the moments so far. So the loads of a project's
   supporters are a few whole-number counts, one per purchase, and its own moment is one exact fraction.
2. Floats (error ≤ (purchases + 8) × 2⁻⁵² of the value) only throw out projects that surely come later; the rest, nearly always
   one, are compared as fractions, then by the rule of ties.
3. `stop="infeasible"`: it ends when any project whose moment has come no longer fits. `stop="exhaustive"`: such a project
   is passed over and the others go on.

M. Brill, S. Forster, M. Lackner, J. Maly, J. Peters: Proportionality in Approval-Based Participatory Budgeting (AAAI 2023).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from operator import mul

import numpy as np
import numpy.typing as npt

from madang.methods.budgeting import ties as equals
from madang.methods.budgeting.election import Election, Whole
from madang.methods.budgeting.greedy import Room, before, outcome, room, variant
from madang.methods.budgeting.kernels import compiled
from madang.methods.budgeting.limits import Limit
from madang.methods.budgeting.outcome import Lacked, Outcome, Round

Table = npt.NDArray[np.float64] | npt.NDArray[np.int64]
Rough = npt.NDArray[np.float64]
STOPS = ("infeasible", "exhaustive")


@compiled
def move(buyers: Whole, starts: Whole, picks: npt.NDArray[np.int32], voters: Whole, last: Whole, now: int, table: Table) -> None:
    """The buyers' last purchase is `now`: move their count in the column of each project they want."""
    for number in range(len(buyers)):
        group = buyers[number]
        then, many = last[group], voters[group]
        for pick in range(starts[group], starts[group + 1]):
            table[then, picks[pick]] -= many
            table[now, picks[pick]] += many
        last[group] = now


@dataclass
class Loads:
    """Who bought when. `table[k, p]` voters of p whose last purchase was k (0: none yet); moments over one denominator.

    waiting  the costs of the projects still in the running, infinite for the others
    """

    election: Election
    order: Whole
    begin: Whole
    last: Whole
    table: Table
    waiting: Rough
    rough: Rough
    counts: Rough
    tops: list[int] = field(default_factory=lambda: [0])
    below: int = 1

    def leave(self, places: Collection[int]) -> None:
        """They are no longer in the running."""
        self.waiting[list(places)] = np.inf

    def column(self, place: int) -> list[int]:
        """How many supporters of a project bought last at each purchase so far."""
        found: list[int] = self.table[: len(self.tops), place].astype(np.int64).tolist()
        return found

    def moment(self, place: int) -> tuple[int, int]:
        """When the supporters of a project could pay for it, as a fraction (not in lowest terms) of 1 ÷ `below`."""
        cost, count = self.election.costs[place], self.election.counts[place]
        load = sum(map(mul, self.column(place), self.tops))
        return cost.numerator * self.below + load * cost.denominator, count * cost.denominator

    def first(self) -> tuple[tuple[int, int], list[int]]:
        """The next moment (as `moment` says it), and every project whose moment it is."""
        many = len(self.tops)
        near = (self.waiting + self.rough[:many] @ self.table[:many]) / self.counts
        close = np.flatnonzero(near <= near.min() * (1 + (many + 8) * 2.0**-51)).tolist()
        if len(close) == 1:
            return self.moment(close[0]), close
        exact = [(Fraction(*self.moment(place)), place) for place in close]
        now = min(exact)[0]
        return (now.numerator, now.denominator), [place for moment, place in exact if moment == now]

    def buy(self, place: int, now: tuple[int, int]) -> tuple[int, Fraction]:
        """Let the supporters pay; (how many paid, the largest payment). What costs nothing moves nobody."""
        if not self.election.costs[place]:
            return 0, Fraction(0)
        known = len(self.tops)
        over = now[1] // gcd(*now)  # the least that, times `below`, is a denominator of now
        top = now[0] * over // now[1]
        if over > 1:
            self.tops, self.below = [one * over for one in self.tops], self.below * over
        even = known  # moments never fall: those equal to now are the last
        while self.tops[even - 1] == top:
            even -= 1
        poorest = int((self.table[:known, place] > 0).argmax())
        late = sum(self.column(place)[even:]) if even < known else 0
        self.rough[known] = top / self.below
        most = Fraction(top - self.tops[poorest], self.below)
        self.tops.append(top)
        buyers = self.order[self.begin[place] : self.begin[place + 1]]
        move(buyers, self.election.starts, self.election.picks, self.election.voters, self.last, known, self.table)
        return self.election.counts[place] - late, most


def phragmen(
    election: Election, *, stop: str = "infeasible", ties: Sequence[str] = equals.PLAIN, limits: tuple[Limit, ...] = ()
) -> Outcome:
    """Buy in the order in which supporters can pay. O(winners × (projects + picks of their supporters)).

    A project without supporters is never bought; one that alone exceeds the budget or a limit never counts.
    Raises ValueError for an unknown `stop`.
    """
    if stop not in STOPS:
        raise ValueError(f"unknown stop {stop!r}: one of {', '.join(STOPS)}")
    rank = equals.ranks(election, ties)
    loads, here = _loads(election), room(election, limits)
    rounds: list[Round] = []
    losers = _hopeless(election, here)
    running = {place for place, name in enumerate(election.ids) if name not in losers}
    loads.leave(set(range(len(rank))) - running)
    while running:
        now, tied = loads.first()
        price = Fraction(now[0], now[1] * loads.below)
        bound = [(place, here.hindrance(place, election.costs[place])) for place in tied]
        blocked = [(place, why) for place, why in bound if why[0] == "budget" or (why[0] and stop == "exhaustive")]
        if blocked and stop == "infeasible":
            losers |= _stopped(election, here, sorted(running), blocked[0], rounds)
            break
        late = {place for place, why in bound if why[0]}
        losers |= {election.ids[place]: _lacked(election, place, here, rounds) for place in late}
        free = [place for place in tied if place not in late]
        gone = late | ({min(free, key=rank.__getitem__)} if free else set())
        running -= gone
        loads.leave(gone)
        if not free:
            continue
        (place,) = gone - late
        project = election.projects[place]
        here.take(place, project.cost)
        paying, most = loads.buy(place, now)
        rounds.append(Round(project.id, project.cost, "phragmen", price, election.counts[place], paying, here.left, most or None))
    return outcome("phragmen", election, variant("", ties, limits, stop=stop), rounds, losers)


def _loads(election: Election) -> Loads:
    many = len(election.projects)
    order = np.argsort(election.picks.astype(np.min_scalar_type(many)), kind="stable")
    begin = np.concatenate(([0], np.cumsum(np.bincount(election.picks, minlength=many)))).astype(np.int64)
    exact = sum(election.counts) < 2**53  # whole numbers are exact in floats, and those multiply faster
    shape = (many + 1, many)
    table: Table = np.zeros(shape, np.float64) if exact else np.zeros(shape, np.int64)
    table[0] = election.counts
    waiting = np.array([float(cost) for cost in election.costs])
    counts = np.maximum(np.array(election.counts, np.float64), 1)
    last = np.zeros(len(election.voters), np.int64)
    return Loads(election, election.groups[order], begin, last, table, waiting, np.zeros(many + 1), counts)


def _hopeless(election: Election, here: Room) -> dict[str, Lacked]:
    """Nobody wants it, or it exceeds the budget (a limit) from the beginning."""
    found = {}
    for place, project in enumerate(election.projects):
        if not election.counts[place]:
            found[project.id] = Lacked(project.cost, "support", Fraction(0), project.cost)
        elif here.hindrance(place, project.cost)[0]:
            found[project.id] = _lacked(election, place, here, [])
    return found


def _lacked(election: Election, place: int, here: Room, rounds: Sequence[Round]) -> Lacked:
    cost = election.costs[place]
    why, had, short, detail = here.hindrance(place, cost)
    return Lacked(cost, why, had, short, *before(rounds, short), detail)


def _stopped(
    election: Election, here: Room, running: Sequence[int], blocked: tuple[int, tuple[str, Fraction, Fraction, str]],
    rounds: Sequence[Round],
) -> dict[str, Lacked]:
    """It ends at `blocked`: that one lacked budget, the others were stopped by it."""
    found = {}
    for place in running:
        cost = election.costs[place]
        if here.hindrance(place, cost)[0]:
            found[election.ids[place]] = _lacked(election, place, here, rounds)
        else:
            found[election.ids[place]] = Lacked(cost, "stopped", here.left, Fraction(0), detail=election.ids[blocked[0]])
    return found
