"""Equal Shares in fractions: settles what floats cannot, and writes the transcript.

1. Nothing here is rounded where it decides: prices are fractions of whole numbers of units (`Roll.scale` units = 1 currency unit).
2. Whoever could not pay the whole of its share once has nothing left for ever; everybody else has start − Σ price × utility.
   So the money of any set of people is a whole-number combination of the prices so far, and needs no fraction per voter.
3. Floats only sort people into those who surely pay in full, surely pay all they have, and unsure; the unsure are compared
   exactly. Because prices are exact, the floats' error is a few roundings and never grows.
4. A price stands until one of its supporters pays for something: it is not asked twice before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, lcm

import numpy as np
import numpy.typing as npt

from madang.methods.budgeting.kernels import EPS, Floats, Rolls, Whole
from madang.methods.budgeting.limits import Cap


@dataclass(frozen=True)
class Roll:
    """An election as Equal Shares sees it. Amounts and utilities are whole units.

    places  index in the election of each project counted · costs, units  exact · util  exact utilities of `rolls.util`
    free  projects that cost nothing and somebody wants (in the order of ties): chosen at the outset
    start  what each fund's voters hold at first, in units · fund  fund of each ballot group · voters  of each group
    """

    rolls: Rolls
    places: tuple[int, ...]
    costs: tuple[int, ...]
    units: tuple[int, ...]
    free: tuple[int, ...]
    start: tuple[Fraction, ...]
    fund: Whole
    voters: Whole
    budget: Fraction
    scale: int
    rate: Fraction  # what turns a price in units into currency per unit of utility
    room: Whole
    floor: Floats  # by project, cost ÷ total utility: no price is ever below it


@dataclass(frozen=True)
class Pay:
    """One round: `price` per unit of utility (in units), who paid in full and who gave `all` they had (positions in the roll)."""

    project: int
    price: Fraction
    full: Whole
    all: Whole


class Replay:
    """A count in fractions, as far as it has gone. O(picks of the chosen projects) for each price asked."""

    def __init__(self, roll: Roll, start: Sequence[Fraction]) -> None:
        self.roll = roll
        self.start = tuple(start)
        self.rounds: list[Pay] = []
        self.money: Floats = np.array([float(one) for one in start])[roll.fund]
        self.top = max((float(one) for one in start), default=0.0)
        self.broke: npt.NDArray[np.bool_] = self.money <= 0
        self.first = np.full(len(self.money), np.iinfo(np.int64).max)  # the rounds, from 1, in which a group first and
        self.last = np.zeros(len(self.money), np.int64)  # last paid (0: never)
        self.asked: dict[int, tuple[int, Pay | None]] = {}

    @property
    def blur(self) -> float:
        """How far any float in `money` may be off."""
        return 6 * EPS * self.top * (len(self.rounds) + 2)

    def supporters(self, p: int) -> slice:
        return slice(int(self.roll.rolls.begin[p]), int(self.roll.rolls.begin[p + 1]))

    def price(self, p: int) -> Pay | None:
        """What `p` would cost per unit of utility now, and who would pay; None where its supporters lack the money."""
        known = self.asked.get(p)
        if known and (known[1] is None or int(self.last[self.roll.rolls.who[self.supporters(p)]].max(initial=0)) <= known[0]):
            return known[1]
        found = self._priced(p)
        self.asked[p] = len(self.rounds), found
        return found

    def _priced(self, p: int) -> Pay | None:
        here = self.supporters(p)
        who, many, util = self.roll.rolls.who[here], self.roll.rolls.many[here], self.roll.rolls.util[here]
        money = self.money[who]
        cost = self.roll.costs[p]
        poor = self.broke[who]
        while True:  # Newton: the set of those who run short only grows
            rich = float((many * util)[~poor].sum())
            guess = (cost - float((many * money)[poor].sum())) / rich if rich > 0 else np.inf
            more = poor | (money <= guess * util)
            if (more == poor).all():
                break
            poor = more
        for _ in range(len(who) + 2):
            price = self._exact(p, here, poor)
            if price is None:
                if self.pooled(who[poor], many[poor]) < cost:
                    return None
                poor = self._richest_again(here, poor)
                continue
            wrong = self._wrong(here, poor, price)
            if not wrong.size:
                give_all = poor & ~self.broke[who]
                return Pay(p, price / self.roll.units[p], np.flatnonzero(~poor), np.flatnonzero(give_all))
            poor = poor.copy()
            poor[wrong] = ~poor[wrong]
        raise ArithmeticError(f"no price found for project {p}")

    def _exact(self, p: int, here: slice, poor: npt.NDArray[np.bool_]) -> Fraction | None:
        who, many, util = self.roll.rolls.who[here], self.roll.rolls.many[here], self.roll.rolls.util[here]
        rich = whole_sum(many[~poor], util[~poor])
        if not rich:
            return None
        return (self.roll.costs[p] - self.pooled(who[poor], many[poor])) / rich

    def _wrong(self, here: slice, poor: npt.NDArray[np.bool_], price: Fraction) -> npt.NDArray[np.intp]:
        """Those on the wrong side of `price`: poor with more than their share, or rich with less."""
        who, util = self.roll.rolls.who[here], self.roll.rolls.util[here]
        gap = self.money[who] - float(price) * util
        unsure = np.abs(gap) <= self.blur + 8 * EPS * float(price) * util
        unsure &= ~self.broke[who]
        wrong = ((gap > 0) == poor) & ~unsure & ~self.broke[who]
        for k, have in zip(np.flatnonzero(unsure), self.amounts(who[unsure]), strict=True):
            over = have - price * int(util[k])
            wrong[k] = over > 0 if poor[k] else over < 0
        return np.flatnonzero(wrong)

    def _richest_again(self, here: slice, poor: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """All give everything and it suffices: then whoever has the most per utility pays the price in full."""
        who, util = self.roll.rolls.who[here], self.roll.rolls.util[here]
        ratio = self.money[who] / util
        near = np.flatnonzero(ratio >= ratio.max() * (1 - 1e-9) - 2 * self.blur)
        have = self.amounts(who[near])
        best = near[max(range(len(near)), key=lambda k: (have[k] / int(util[near[k]]), -k))]
        again = poor.copy()
        again[best] = False
        return again

    def amounts(self, groups: Whole) -> list[Fraction]:
        """What each voter of each of `groups` has left, in units. O(picks of the chosen projects + len(groups))."""
        if not len(groups):
            return []
        seat = np.full(len(self.broke), -1)
        seat[groups] = np.arange(len(groups))
        since, until = self._span(groups)
        rounds = self.rounds[since:until]
        paid = np.zeros((len(groups), len(rounds) + 1), np.int64)
        paid[:, -1] = np.where(self.broke[groups], -1, self.roll.fund[groups])
        for number, one in enumerate(rounds):
            here = self.supporters(one.project)
            at = seat[self.roll.rolls.who[here][one.full]]
            paid[at[at >= 0], number] = self.roll.rolls.util[here][one.full][at >= 0]
        rows, which = np.unique(paid, axis=0, return_inverse=True)
        each = [self._left(row, rounds) for row in rows]
        return [each[k] for k in which.ravel()]

    def _span(self, groups: Whole) -> tuple[int, int]:
        """The rounds (a slice) outside which none of `groups` paid anything."""
        return int(min(self.first[groups].min(initial=np.iinfo(np.int64).max) - 1, len(self.rounds))), int(self.last[groups].max(initial=0))

    def _left(self, row: Whole, rounds: Sequence[Pay]) -> Fraction:
        if row[-1] < 0:
            return Fraction(0)
        spent = [one.price * self.roll.units[one.project] * int(u) for one, u in zip(rounds, row[:-1], strict=True) if u]
        return self.start[int(row[-1])] - added(spent)

    def pooled(self, groups: Whole, many: Floats, before: int | None = None) -> Fraction:
        """What `many[k]` voters of each of `groups` have left, all together, in units. O(picks of the chosen projects).

        before  their money at the beginning of that round instead; all of them had some then.
        """
        weight = np.zeros(len(self.broke), np.int64)
        weight[groups] = many.astype(np.int64)
        if before is None:
            weight[self.broke] = 0
        funds = np.zeros(len(self.start), np.int64)
        np.add.at(funds, self.roll.fund[groups], weight[groups])
        whole = sum((int(n) * one for n, one in zip(funds, self.start, strict=True)), Fraction(0))
        if not funds.any():
            return whole
        since, until = self._span(groups)
        return whole - self._paid(weight, self.rounds[since : until if before is None else min(until, before)])

    def _paid(self, weight: Whole, rounds: Sequence[Pay]) -> Fraction:
        """Σ over the rounds of price × utility × weight, over one common denominator."""
        parts: list[Fraction] = []
        for one in rounds:
            here = self.supporters(one.project)
            times = whole_sum(weight[self.roll.rolls.who[here][one.full]], self.roll.rolls.util[here][one.full])
            if times:
                parts.append(one.price * self.roll.units[one.project] * times)
        return added(parts)

    def push(self, one: Pay) -> None:
        """Let the round happen."""
        here = self.supporters(one.project)
        who, util = self.roll.rolls.who[here], self.roll.rolls.util[here]
        share = float(one.price * self.roll.units[one.project])
        self.money[who[one.full]] -= share * util[one.full]
        self.money[who[one.all]] = 0.0
        self.broke[who[one.all]] = True
        self.rounds.append(one)
        for paying in (who[one.full], who[one.all]):
            self.first[paying] = np.minimum(self.first[paying], len(self.rounds))
            self.last[paying] = len(self.rounds)

    def take(self, p: int) -> Fraction:
        """Choose `p`; its exact price. Raises ArithmeticError where its supporters cannot pay for it."""
        one = self.price(p)
        if one is None:
            raise ArithmeticError(f"project {p} was chosen without the money")
        self.push(one)
        return one.price

    def settle(self, rivals: Sequence[int]) -> tuple[int, Mapping[int, Pay | None]]:
        """The one of `rivals` that comes first by exact price, then by rank (−1 if none is affordable), and their prices."""
        prices = {p: self.price(p) for p in rivals}
        able = [(one.price, int(self.roll.rolls.rank[p]), p) for p, one in prices.items() if one is not None]
        return (min(able)[2] if able else -1), prices


def added(parts: Sequence[Fraction]) -> Fraction:
    """Their sum, over one common denominator."""
    if not parts:
        return Fraction(0)
    below = lcm(*(part.denominator for part in parts))
    return Fraction(sum(part.numerator * (below // part.denominator) for part in parts), below)


def whole_sum(left: Floats | Whole, right: Floats) -> int:
    """Σ left × right of whole numbers, exact at any size."""
    if not len(left):
        return 0
    a, b = left.astype(np.int64), right.astype(np.int64)
    if int(a.max()) * int(b.max()) * len(a) < 2**63:
        return int(a @ b)
    return sum(int(x) * int(y) for x, y in zip(a, b, strict=True))


def roll(
    *, costs: Sequence[Fraction], budget: Fraction, voters: Whole, starts: Whole, picks: Whole, utility: Whole | None,
    start: Sequence[Fraction], fund: Whole, rank: Sequence[int], worth: int = 1, caps: Sequence[Cap] = (),
) -> Roll:
    """Turn the ballots round: by project, its supporters. O(picks).

    costs, budget, start  in currency · voters, fund [groups] · starts [groups + 1], picks  ballots · rank  place of each project
    utility  per pick, whole and not negative, `worth` of them one unit of utility; None where it is the project's cost
    Raises ValueError for utilities too large to be told apart in a float (2⁵³).
    """
    scale = lcm(*(one.denominator for one in costs), budget.denominator)
    whole = [int(one * scale) for one in costs]
    owner = np.repeat(np.arange(len(voters)), np.diff(starts))
    util = np.ones(len(picks), np.int64) if utility is None else np.asarray(utility)
    if len(util) and int(util.max()) >= 2**53:
        raise ValueError("a utility is too large")
    wanted = util > 0
    if not wanted.all():
        owner, picks, util = owner[wanted], picks[wanted], util[wanted]
    where = np.argsort(picks, kind="stable")
    sizes = np.bincount(picks, minlength=len(costs))
    places = tuple(p for p in range(len(costs)) if sizes[p] and whole[p])
    free = [p for p in range(len(costs)) if sizes[p] and not whole[p] and utility is not None]
    keep = np.isin(picks[where], places) if len(places) < np.count_nonzero(sizes) else slice(None)
    where = where[keep]
    begin = np.concatenate(([0], np.cumsum(sizes[list(places)]))).astype(np.int64)
    many, many_util = voters[owner[where]].astype(np.float64), util[where].astype(np.float64)
    units = tuple(whole[p] if utility is None else 1 for p in places)
    totals = [whole_sum(many[a:b], many_util[a:b]) * unit for a, b, unit in zip(begin, begin[1:], units, strict=False)]
    bases = [Fraction(whole[p], total) for p, total in zip(places, totals, strict=True)]
    each = [Fraction(whole[p], unit) for p, unit in zip(places, units, strict=True)]
    dense = {one: number for number, one in enumerate(sorted(set(bases)))}
    held = [[(number, int(cap.use[p] * scale)) for number, cap in enumerate(caps) if p in cap.use] for p in places]
    flat = [pair for pairs in held for pair in pairs]
    rolls = Rolls(
        begin, owner[where].astype(np.int64), many, many_util,
        np.array([float(whole[p]) for p in places]), np.array([float(one) for one in units]),
        np.array([rank[p] for p in places], np.int64), np.array([dense[one] for one in bases], np.int64),
        np.array([one.numerator for one in each], np.int64), np.array([one.denominator for one in each], np.int64),
        np.cumsum([0, *map(len, held)]).astype(np.int64), np.array([a for a, _ in flat], np.int64),
        np.array([b for _, b in flat], np.int64), int(utility is None),
    )
    return Roll(
        rolls, places, tuple(whole[p] for p in places), units, tuple(sorted(free, key=lambda p: rank[p])),
        tuple(one * scale for one in start), fund.astype(np.int64), voters, budget * scale, scale,
        Fraction(1 if utility is None else worth, 1 if utility is None else scale),
        np.array([_room(cap, free, scale) for cap in caps], np.int64), np.array([float(one) for one in bases]),
    )


def _room(cap: Cap, free: Sequence[int], scale: int) -> int:
    """What the limit has left once the projects that cost nothing are chosen."""
    return floor((cap.room - sum((cap.use.get(p, Fraction(0)) for p in free), Fraction(0))) * scale)
