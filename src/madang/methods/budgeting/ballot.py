"""What one ballot bought: for whoever asks "and what did my vote do?", and how evenly that is spread over all.

1. Exact: the payments are those of the rounds (Equal Shares, bounded overspending: min(what is left, price × utility); Phragmén: the
   money earned since the last purchase). No other voter's ballot is needed, so a page can show it for any marks.
2. Where a rule lets nobody pay (greedy, what a completion bought), `paid` is 0 and `part` says the equal part of its supporters.
3. Spreads count people by tenths of their own wishes, 0 apart from "more than 0": whole numbers, no average hides anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from madang.methods.budgeting.election import Election
from madang.methods.budgeting.outcome import Outcome

Ballot = Sequence[str] | Mapping[str, int | Fraction]
TENTHS = 10


@dataclass(frozen=True, slots=True)
class Bought:
    """One winner that the ballot wanted: what it `paid` and had `left` after it; `part` = cost ÷ supporters."""

    project: str
    paid: Fraction
    left: Fraction
    part: Fraction


def bought(election: Election, outcome: Outcome, ballot: Ballot, fund: str = "") -> tuple[Bought, ...]:
    """The winners a ballot wanted, in the order in which they were chosen. O(winners + picks).

    ballot  ids in their order, or id → points · fund  the voter's group, where groups bring money of their own
    `left` is 0 with rules in which voters hold no money. Raises ValueError for an unknown project or fund.
    """
    worth = utilities(election, outcome.variant.get("utility") or "cardinality", ballot)
    if outcome.endowment and fund not in outcome.endowment:
        raise ValueError(f"no voters of the fund {fund!r}")
    left, moment, found = Fraction(outcome.endowment.get(fund, 0)), Fraction(0), []
    for step in outcome.rounds:
        if not worth.get(step.project):
            continue
        paid = Fraction(0)
        if step.by in ("equal-shares", "bos"):
            paid = min(left, step.price * worth[step.project])
            left -= paid
        elif step.by == "phragmen" and step.cost:
            paid, moment = step.price - moment, step.price
        found.append(Bought(step.project, paid, left, step.cost / step.supporters if step.supporters else Fraction(0)))
    return tuple(found)


def utilities(election: Election, kind: str, ballot: Ballot) -> dict[str, Fraction]:
    """What each pick of one ballot is worth, as `Election.utilities` says it of all. A pick of 0 points is none."""
    picks = [name for name in ballot if not isinstance(ballot, Mapping) or ballot[name]]
    if unknown := [name for name in picks if name not in election.position]:
        raise ValueError(f"the project {unknown[0]!r} is not on the list")
    if kind == "cost":
        return {name: election.costs[election.position[name]] for name in picks}
    if kind == "scores" and isinstance(ballot, Mapping):
        return {name: Fraction(ballot[name]) for name in picks}
    if kind == "borda" or (kind == "scores" and election.vote_type == "ordinal"):
        first = len(picks) - 1 if kind == "borda" else _longest(election)
        return {name: Fraction(first - place) for place, name in enumerate(picks)}
    return dict.fromkeys(picks, Fraction(1))


def _longest(election: Election) -> int:
    """What the first of an ordinal ballot scores (3-2-1): the longest ballot allowed, or cast."""
    said, longest = election.meta.get("max_length", "").strip(), int(np.diff(election.starts).max(initial=0))
    return max(longest, int(said)) if said.isdecimal() and len(said) < 7 else longest


def spread(election: Election, winners: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By fund ("" where there is one): how many people got which share of their wishes, by number and by cost of the projects.

    `picks_won` and `cost_won` have eleven numbers: nobody of theirs won, then up to 10 %, 20 %, … 100 %. `blank`: picked nothing.
    `voters` is the sum of one of them and `blank`. O(picks).
    """
    won = np.zeros(len(election.projects), bool)
    won[[election.position[name] for name in winners]] = True
    ones, scale = [1] * len(won), lcm(*(cost.denominator for cost in election.costs))
    costs = [int(cost * scale) for cost in election.costs]
    shares = {"picks_won": _tenths(election, won, ones), "cost_won": _tenths(election, won, costs)}
    found = {}
    blank = np.diff(election.starts) == 0
    for number, fund in enumerate(election.funds):
        own = election.funds_group == number
        row: dict[str, Any] = {"voters": int(election.voters[own].sum()), "blank": int(election.voters[own & blank].sum())}
        for name, tenth in shares.items():
            counted = np.bincount(tenth[own & ~blank], weights=election.voters[own & ~blank], minlength=TENTHS + 1)
            row[name] = [int(one) for one in counted]
        found[fund] = row
    return found


def _tenths(election: Election, won: npt.NDArray[np.bool_], worth: Sequence[int]) -> npt.NDArray[np.int64]:
    """By ballot group, the worth of its winners in tenths of that of all its picks, rounded up; 0 for nothing. Exact."""
    each = np.array(worth, np.int64 if TENTHS * sum(worth) < 2**62 else object)[election.picks]
    got, of = (np.zeros(len(election.voters), each.dtype) for _ in range(2))
    chosen = won[election.picks]
    np.add.at(got, election.groups[chosen], each[chosen])
    np.add.at(of, election.groups, each)
    tenths: npt.NDArray[np.int64] = (-(-got * TENTHS // np.maximum(of, 1))).astype(np.int64)
    return tenths
