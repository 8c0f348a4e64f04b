"""From an order to an outcome that a loser can follow: rounds, payments, and what each loser lacked, all exact.

1. The order comes from the count; everything told is replayed in fractions, so a wrong order cannot be told (ArithmeticError).
2. A loser lacks the difference between its cost and what its supporters still hold at the end. `outbid` names the winners that
   took most of its supporters' money, and how much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import Any

import numpy as np

from madang.methods.budgeting.completions import Added, moved
from madang.methods.budgeting.election import Election
from madang.methods.budgeting.exact import Pay, Replay, Roll, whole_sum
from madang.methods.budgeting.kernels import Floats
from madang.methods.budgeting.limits import Cap
from madang.methods.budgeting.outcome import Lacked, Outcome, Round
from madang.methods.budgeting.standing import Standing

OUTBID = 3


class Teller:
    """Writes the rounds of a rule as its replay goes."""

    def __init__(self, election: Election, replay: Replay, rule: str) -> None:
        self.election, self.replay, self.rule = election, replay, rule
        self.rounds = [_free(election, place, rule) for place in replay.roll.free]
        self.took: list[Floats] = []

    def buys(self, one: Pay, second: tuple[int, Fraction] | None = None) -> None:
        """The next round, in which `one` is paid; `second`: who stood next, and its price."""
        self.took.append(_took(self.replay, one))
        step = _paid(self.election, self.replay, one, self.rule)
        if second:
            turned = self.replay.roll
            step = replace(step, runner_up=self.election.ids[turned.places[second[0]]], runner_up_price=second[1] * turned.rate)
        self.rounds.append(step)
        self.replay.push(one)

    def outcome(
        self, choices: Mapping[str, str], more: Sequence[int], caps: Sequence[Cap], certificate: Mapping[str, Any]
    ) -> Outcome:
        """The end: `more` is what a completion bought from the rest, by votes."""
        election, turned = self.election, self.replay.roll
        rounds = self.rounds + [_bought(election, turned, p) for p in more]
        spent = accumulate(step.cost for step in rounds)
        rounds = [replace(step, left=election.budget - cost) for step, cost in zip(rounds, spent, strict=True)]
        cost = sum((step.cost for step in rounds), Fraction(0))
        return Outcome(
            self.rule, choices, tuple(step.project for step in rounds), cost, election.budget, tuple(rounds),
            _losers(election, self.replay, rounds, self.took, caps, self.rule),
            {name: one / turned.scale for name, one in zip(election.funds, self.replay.start, strict=True)}, certificate,
        )


def told(
    election: Election, turned: Roll, done: Added, more: Sequence[int], choices: Mapping[str, str], caps: Sequence[Cap]
) -> Outcome:
    """The outcome of Equal Shares: `done` what it chose, `more` what its completion bought from the rest. O(rounds × picks)."""
    replay = Replay(turned, moved(turned, done.step))
    teller, standing = Teller(election, replay, "equal-shares"), Standing(replay)
    for p in done.order:
        one = replay.price(p)
        if one is None:
            raise ArithmeticError(f"the project {election.ids[turned.places[p]]!r} was chosen without the money")
        teller.buys(one, standing.bought(p))
    return teller.outcome(choices, more, caps, {"counts": done.counts, "proofs": done.proofs})


def _free(election: Election, place: int, rule: str) -> Round:
    zero = Fraction(0)
    return Round(election.ids[place], zero, rule, zero, election.counts[place], 0, zero)


def _paid(election: Election, replay: Replay, one: Pay, rule: str) -> Round:
    turned, here = replay.roll, replay.supporters(one.project)
    place, who, many = turned.places[one.project], turned.rolls.who[here], turned.rolls.many[here]
    paying = many[one.full].sum() + many[one.all].sum()
    return Round(
        election.ids[place], election.costs[place], rule, one.price * turned.rate, int(many.sum()), int(paying), Fraction(0),
        _most(replay, one) / turned.scale, np.sort(who[one.full]), np.sort(who[one.all]),
    )


def _most(replay: Replay, one: Pay) -> Fraction:
    """The largest payment of one voter, in units."""
    here = replay.supporters(one.project)
    who, util = replay.roll.rolls.who[here], replay.roll.rolls.util[here]
    most = one.price * replay.roll.units[one.project] * int(util[one.full].max()) if len(one.full) else Fraction(0)
    money = replay.money[who[one.all]]
    near = one.all[money >= max(float(most), money.max()) * (1 - 1e-9) - replay.blur] if len(one.all) else one.all
    return max([most, *replay.amounts(who[near])])


def _bought(election: Election, turned: Roll, p: int) -> Round:
    here = slice(int(turned.rolls.begin[p]), int(turned.rolls.begin[p + 1]))
    total = whole_sum(turned.rolls.many[here], turned.rolls.util[here]) * turned.units[p]
    score = Fraction(total, turned.costs[p]) / turned.rate
    place = turned.places[p]
    return Round(election.ids[place], election.costs[place], "utilitarian", score, election.counts[place], 0, Fraction(0))


def _took(replay: Replay, one: Pay) -> Floats:
    """About how much of the money of each project's supporters this round takes; only to rank."""
    rolls, here = replay.roll.rolls, replay.supporters(one.project)
    each = np.zeros(len(replay.money))
    who = rolls.who[here]
    each[who[one.full]] = float(one.price * replay.roll.units[one.project]) * rolls.util[here][one.full]
    each[who[one.all]] = replay.money[who[one.all]]
    taken: Floats = np.add.reduceat(each[rolls.who] * rolls.many, rolls.begin[:-1])
    return taken


def _losers(
    election: Election, replay: Replay, rounds: Sequence[Round], took: Sequence[Floats], caps: Sequence[Cap],
    rule: str,
) -> dict[str, Lacked]:
    chosen = {step.project for step in rounds}
    turned, found = replay.roll, {}
    at = {place: p for p, place in enumerate(turned.places)}
    left = rounds[-1].left if rounds else election.budget
    for place, project in enumerate(election.projects):
        if project.id in chosen:
            continue
        if place not in at:
            found[project.id] = Lacked(project.cost, "support", Fraction(0), project.cost)
            continue
        here = replay.supporters(at[place])
        if rule == "bos" and project.cost > left:
            found[project.id] = Lacked(project.cost, "budget", left, project.cost - left, *_outbid(election, replay, at[place], took))
            continue
        had = replay.pooled(turned.rolls.who[here], turned.rolls.many[here]) / turned.scale
        why = "money" if had < project.cost else "limit"
        short = max(project.cost - had, Fraction(0))
        found[project.id] = Lacked(project.cost, why, had, short, *_outbid(election, replay, at[place], took))
        if why == "limit":
            found[project.id] = _limited(election, place, chosen, caps)
    return found


def _limited(election: Election, place: int, chosen: set[str], caps: Sequence[Cap]) -> Lacked:
    """The limit with the least room for the project, when all was chosen."""
    cost = election.costs[place]
    rooms = []
    for cap in caps:
        if place in cap.use:
            left = cap.room - sum((use for other, use in cap.use.items() if election.ids[other] in chosen), Fraction(0))
            rooms.append((left - cap.use[place], cap.name, left, cap.use[place]))
    if not rooms:
        raise ArithmeticError(f"the project {election.ids[place]!r} was affordable and was not chosen")
    _, name, left, use = min(rooms)
    return Lacked(cost, "limit", left, max(use - left, Fraction(0)), detail=name)


def _outbid(
    election: Election, replay: Replay, p: int, took: Sequence[Floats]
) -> tuple[tuple[str, ...], tuple[Fraction, ...]]:
    """The winners that took most of the money of the supporters of `p`, and exactly how much."""
    turned, here = replay.roll, replay.supporters(p)
    first = sorted(range(len(took)), key=lambda number: -took[number][p])[:OUTBID]
    supports = np.zeros(len(replay.money), np.bool_)
    supports[turned.rolls.who[here]] = True
    told_of = []
    for number in first:
        one = replay.rounds[number]
        there = replay.supporters(one.project)
        who, many, util = turned.rolls.who[there], turned.rolls.many[there], turned.rolls.util[there]
        full, rest = one.full[supports[who[one.full]]], one.all[supports[who[one.all]]]
        share = one.price * turned.units[one.project] * whole_sum(many[full], util[full])
        taken = (share + replay.pooled(who[rest], many[rest], before=number)) / turned.scale
        if taken:
            told_of.append((-taken, election.ids[turned.places[one.project]]))
    told_of.sort()
    return tuple(name for _, name in told_of), tuple(-taken for taken, _ in told_of)
