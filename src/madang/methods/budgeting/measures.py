"""What an outcome gives to whom: satisfaction, exclusion, power and its inequality, money by category and district.

1. Counts and money are exact. Means, shares and the Gini index are floats, rounded to 12 digits; they decide nothing.
2. A voter's *power* is what it moved: Σ over its winners of cost ÷ supporters (Lackner, Maly & Rey 2021, "share").
3. A project of several categories gives each its whole cost, so the rows may add up to more than was spent.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from madang.methods.budgeting.ballot import spread
from madang.methods.budgeting.election import Election
from madang.methods.budgeting.limits import values
from madang.methods.budgeting.outcome import amount

Floats = npt.NDArray[np.float64]


def measures(election: Election, winners: Sequence[str]) -> dict[str, Any]:
    """All measures of a set of winners. O(picks + groups log groups)."""
    won = np.zeros(len(election.projects), bool)
    won[[election.position[name] for name in winners]] = True
    chosen = won[election.picks]
    groups, size = election.groups[chosen], len(election.voters)
    costs, counts = np.array([float(cost) for cost in election.costs]), np.array(election.counts, np.float64)
    got = np.bincount(groups, minlength=size)
    money: Floats = np.bincount(groups, weights=costs[election.picks[chosen]], minlength=size).astype(np.float64)
    moved = costs / np.maximum(counts, 1)
    power: Floats = np.bincount(groups, weights=moved[election.picks[chosen]], minlength=size).astype(np.float64)
    people = max(election.people, 1)
    none = int(election.voters[got == 0].sum())
    return {
        "voters": election.people,
        "satisfaction": {str(level): int(election.voters[got == level].sum()) for level in range(int(got.max(initial=0)) + 1)},
        "mean_winners": _rounded(got @ election.voters / people),
        "mean_cost": _rounded(money @ election.voters / people),
        "excluded": none,
        "exclusion_ratio": _rounded(none / people),
        "gini_satisfaction": gini(money, election.voters),
        "gini_power": gini(power, election.voters),
        "spread": spread(election, winners),
        "by": {column: spending(election, won.tolist(), column) for column in columns(election)},
    }


def _rounded(value: Any) -> float:
    return round(float(value), 12)


def gini(levels: Floats, many: npt.NDArray[np.int64]) -> float:
    """0: all have the same; towards 1: one has it all. `many` voters hold each level."""
    order = np.argsort(levels, kind="stable")
    held, weight = levels[order], many[order].astype(np.float64)
    people, total = weight.sum(), float(held @ weight)
    if not total:
        return 0.0
    before = np.cumsum(weight) - weight
    return _rounded(float((held * weight * (2 * before + weight - people)).sum()) / (people * total))


def columns(election: Election) -> tuple[str, ...]:
    """Columns that sort the projects: category, target, and those of places."""
    names = ["category"] * any(project.categories for project in election.projects)
    names += ["target"] * any(project.targets for project in election.projects)
    places = ("district", "neighborhood", "subunit")
    return tuple(names + [name for name in places if any(project.extra.get(name) for project in election.projects)])


def spending(election: Election, won: Sequence[bool], column: str) -> Mapping[str, Mapping[str, Any]]:
    """By value of a column: projects, winners, what the winners cost, and its part of all votes."""
    total = max(sum(election.counts), 1)
    rows: dict[str, dict[str, Any]] = {}
    for place, project in enumerate(election.projects):
        for value in values(project, column):
            row = rows.setdefault(value, {"projects": 0, "winners": 0, "cost": Fraction(0), "votes": 0})
            row["projects"] += 1
            row["winners"] += won[place]
            row["cost"] += project.cost if won[place] else 0
            row["votes"] += election.counts[place]
    return {
        value: {**row, "cost": amount(row["cost"]), "votes_share": _rounded(row["votes"] / total)}
        for value, row in sorted(rows.items())
    }
