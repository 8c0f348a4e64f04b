"""Sequential Phragmén: everybody earns at the same pace; a project is bought the moment its supporters can pay for it.

1. A voter's load is the moment of the last purchase it shared: one of the moments so far. So the loads of a project's
   supporters are a few whole-number counts, one per purchase, and its own moment is one exact fraction.
2. Floats (error ≤ (purchases + 8) × 2⁻⁵² of the value) only throw out projects that surely come later; the rest, nearly always
   one, are compared as fractions, then by the rule of ties.
3. `stop="infeasible"`: it ends when any project whose moment has come no longer fits. `stop="exhaustive"`: such a project
   is passed over and the others go on.

M. Brill, S. Forster, M. Lackner, J. Maly, J. Peters: Proportionality in Approval-Based Participatory Budgeting (AAAI 2023).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from madang.methods.budgeting import ties as equals
from madang.methods.budgeting.election import Election, Whole
from madang.methods.budgeting.greedy import Room, before, outcome, room, variant
from madang.methods.budgeting.kernels import compiled
from madang.methods.budgeting.limits import Limit
from madang.methods.budgeting.outcome import Lacked, Outcome, Round

STOPS = ("infeasible", "exhaustive")


@compiled
def move(buyers: Whole, starts: Whole, picks: npt.NDArray[np.int32], voters: Whole, last: Whole, now: int, table: Whole) -> None:
    """The buyers' last purchase is `now`: move their count in the row of each project they want."""
    for number in range(len(buyers)):
        group = buyers[number]
        then, many = last[group], voters[group]
        for pick in range(starts[group], starts[group + 1]):
            table[picks[pick], then] -= many
            table[picks[pick], now] += many
        last[group] = now


@dataclass
class Loads:
    """Who bought when. `table[p, k]` voters of p whose last purchase was k (0: none yet); moments over one denominator."""

    election: Election
    order: Whole
    begin: Whole
    last: Whole
    table: Whole
    tops: list[int] = field(default_factory=lambda: [0])
    below: int = 1
    rough: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(1))

    def moment(self, place: int) -> Fraction:
        """When the supporters of a project could pay for it."""
        row = self.table[place, : len(self.tops)].tolist()
        load = sum(many * top for many, top in zip(row, self.tops, strict=True) if many)
        return (self.election.costs[place] + Fraction(load, self.below)) / self.election.counts[place]

    def first(self, running: Whole, costs: npt.NDArray[np.float64], counts: npt.NDArray[np.float64]) -> tuple[Fraction, list[int]]:
        """The next moment, and every project whose moment it is."""
        near = (costs[running] + self.table[running, : len(self.tops)] @ self.rough) / counts[running]
        slack = (len(self.tops) + 8) * 2.0**-51
        close = running[near <= near.min() * (1 + slack)].tolist()
        exact = [(self.moment(place), place) for place in close]
        now = min(exact)[0]
        return now, [place for moment, place in exact if moment == now]

    def buy(self, place: int, now: Fraction) -> tuple[int, Fraction]:
        """Let the supporters pay; (how many paid, the largest payment). What costs nothing moves nobody."""
        if not self.election.costs[place]:
            return 0, Fraction(0)
        row = self.table[place].tolist()
        wider = lcm(self.below, now.denominator)
        self.tops = [top * (wider // self.below) for top in self.tops] + [now.numerator * (wider // now.denominator)]
        self.below = wider
        self.rough = np.append(self.rough, float(now))
        top, known = self.tops[-1], len(self.tops) - 1
        even = next((place for place in range(known) if self.tops[place] == top), known)  # moments never fall
        poorest = next(place for place in range(known) if row[place])
        buyers = self.order[self.begin[place] : self.begin[place + 1]]
        move(buyers, self.election.starts, self.election.picks, self.election.voters, self.last, len(self.tops) - 1, self.table)
        return sum(row[:even]), Fraction(top - self.tops[poorest], wider)


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
    counts, costs = np.array(election.counts, np.float64), np.array([float(cost) for cost in election.costs])
    rounds: list[Round] = []
    losers = _hopeless(election, here)
    running = np.array([place for place, name in enumerate(election.ids) if name not in losers], np.int64)
    while len(running):
        now, tied = loads.first(running, costs, counts)
        bound = [(place, here.hindrance(place, election.costs[place])) for place in tied]
        blocked = [(place, why) for place, why in bound if why[0] == "budget" or (why[0] and stop == "exhaustive")]
        if blocked and stop == "infeasible":
            losers |= _stopped(election, here, running, blocked[0], rounds)
            break
        late = {place for place, why in bound if why[0]}
        losers |= {election.ids[place]: _lacked(election, place, here, rounds) for place in late}
        running = running[~np.isin(running, list(late))]
        free = [place for place in tied if place not in late]
        if not free:
            continue
        place = min(free, key=lambda one: rank[one])
        running = running[running != place]
        project = election.projects[place]
        here.take(place, project.cost)
        paying, most = loads.buy(place, now)
        rounds.append(Round(project.id, project.cost, "phragmen", now, election.counts[place], paying, here.left, most or None))
    return outcome("phragmen", election, variant("", ties, limits, stop=stop), rounds, losers)


def _loads(election: Election) -> Loads:
    order = np.argsort(election.picks, kind="stable")
    begin = np.concatenate(([0], np.cumsum(np.bincount(election.picks, minlength=len(election.projects))))).astype(np.int64)
    table = np.zeros((len(election.projects), len(election.projects) + 1), np.int64)
    table[:, 0] = election.counts
    return Loads(election, election.groups[order], begin, np.zeros(len(election.voters), np.int64), table)


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
    election: Election, here: Room, running: Whole, blocked: tuple[int, tuple[str, Fraction, Fraction, str]], rounds: Sequence[Round]
) -> dict[str, Lacked]:
    """It ends at `blocked`: that one lacked budget, the others were stopped by it."""
    found = {}
    for place in running.tolist():
        cost = election.costs[place]
        if here.hindrance(place, cost)[0]:
            found[election.ids[place]] = _lacked(election, place, here, rounds)
        else:
            found[election.ids[place]] = Lacked(cost, "stopped", here.left, Fraction(0), detail=election.ids[blocked[0]])
    return found
