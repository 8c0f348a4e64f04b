"""When no panel exists, or none with a certain person: the smallest change of the quotas that would allow one.

1. A change lowers minima or raises maxima, never past `min_flex` and `max_flex`.
2. Its cost is the field's: raising a maximum by one costs 1, lowering a minimum m by one costs 1 + 2/m. Beside it stands
   the change of fewest units, where that is another one.
3. Households are never broken; where they alone stand in the way, that is said.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import highspy
import numpy as np

from madang.methods.sortition.levels import solver
from madang.methods.sortition.problem import Floats, Problem

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Change:
    """One quota row as it is (`min`, `max`) and as it would have to be; `available` volunteers count in it."""

    feature: str
    value: str
    min: int
    max: int
    new_min: int
    new_max: int
    available: int

    def __str__(self) -> str:
        parts = [
            f"{word} {old} → {new}"
            for word, old, new in (("최소", self.min, self.new_min), ("최대", self.max, self.new_max))
            if old != new
        ]
        return f"{self.feature}={self.value} {', '.join(parts)} (지원 {self.available}명)"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The changes, how many units they move together, and what they cost."""

    changes: tuple[Change, ...]
    units: int
    cost: Fraction


def smallest(problem: Problem, kind: int | None = None) -> list[Relaxation]:
    """The cheapest change after which a panel exists (with a person of `kind`); second, if other, that of fewest units.

    Empty where no change within min_flex and max_flex is enough.
    """
    weights = np.array([1 + 2 / row.min if row.min else 1.0 for row in problem.quotas.rows])
    cheapest = _relaxed(problem, weights, kind)
    if cheapest is None:
        return []
    fewest = _relaxed(problem, np.ones(len(weights)), kind)
    return [cheapest] if fewest is None or fewest.units >= cheapest.units else [cheapest, fewest]


def _relaxed(problem: Problem, down_cost: Floats, kind: int | None) -> Relaxation | None:
    highs, kinds, quotas = solver(), problem.kinds, problem.quotas.rows
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("time_limit", SECONDS)
    for t in range(kinds):
        highs.addVar(1.0 if t == kind else 0.0, float(max(problem.cap[t], t == kind)))
    for q, row in enumerate(quotas):
        highs.addVar(0.0, float(min(row.min - row.min_flex, problem.low[q])))
        highs.addVar(0.0, float(row.max_flex - row.max))
        highs.changeColCost(kinds + 2 * q, float(down_cost[q]))
        highs.changeColCost(kinds + 2 * q + 1, 1.0)
    columns = kinds + 2 * len(quotas)
    every = np.arange(columns, dtype=np.int32)
    highs.changeColsIntegrality(columns, every, np.full(columns, highspy.HighsVarType.kInteger.value, np.uint8))
    highs.addRow(problem.seats, problem.seats, kinds, every[:kinds], np.ones(kinds))
    for q in range(len(quotas)):
        own = np.flatnonzero((problem.rows == q).any(axis=1)).astype(np.int32)
        for column, least, most, sign in (
            (kinds + 2 * q, float(problem.low[q]), highspy.kHighsInf, 1.0),
            (kinds + 2 * q + 1, -highspy.kHighsInf, float(problem.high[q]), -1.0),
        ):
            highs.addRow(
                least, most, len(own) + 1, np.append(own, np.int32(column)), np.append(np.ones(len(own)), sign)
            )
    for h in range(problem.houses):
        own = np.flatnonzero(problem.house == h).astype(np.int32)
        highs.addRow(0.0, 1.0, len(own), own, np.ones(len(own)))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    moved = np.rint(np.array(highs.getSolution().col_value)[kinds:]).astype(int).reshape(-1, 2)
    changes = tuple(
        Change(row.feature, row.value, row.min, row.max, row.min - int(d), row.max + int(u), int(problem.available[q]))
        for q, (row, (d, u)) in enumerate(zip(quotas, moved, strict=True))
        if d or u
    )
    cost = sum(
        (c.new_max - c.max + (c.min - c.new_min) * (1 + Fraction(2, max(c.min, 1))) for c in changes), Fraction(0)
    )
    return Relaxation(changes, int(moved.sum()), cost)


def without_households(problem: Problem) -> Problem:
    """The same people, each living alone."""
    alone = np.full(problem.kinds, -1, np.int64)
    return replace(problem, house=alone, cap=np.minimum(problem.size, problem.seats))


def shortages(problem: Problem) -> list[tuple[str, str]]:
    """What can be seen without a solver, in Korean and English: counts beside quotas, and sums beside the seats."""
    found: list[tuple[str, str]] = []
    for q, row in enumerate(problem.quotas.rows):
        if problem.available[q] < problem.low[q]:
            found.append((f"{row}: 최소 {problem.low[q]}명이 필요한데 지원자는 {problem.available[q]}명입니다.",
                          f"{row} needs {problem.low[q]}, only {problem.available[q]} volunteered"))  # fmt: skip
    alone = int(problem.size[problem.house < 0].sum())
    if problem.houses and alone + problem.houses < problem.seats:
        found.append((f"가구가 {alone + problem.houses}집뿐이라 한 집에 한 사람으로는 {problem.seats}자리를 채울 수 없습니다.",
                      f"only {alone + problem.houses} households for {problem.seats} seats"))  # fmt: skip
    for feature in problem.quotas.features:
        own = [q for q, row in enumerate(problem.quotas.rows) if row.feature == feature]
        low, high = int(problem.low[own].sum()), int(problem.high[own].sum())
        if low > problem.seats:
            found.append((f"{feature}: 최소의 합 {low}이(가) 자리 {problem.seats}보다 많습니다.",
                          f"minima of {feature} sum to {low}, above {problem.seats} seats"))  # fmt: skip
        if high < problem.seats:
            found.append((f"{feature}: 최대의 합 {high}이(가) 자리 {problem.seats}보다 적습니다.",
                          f"maxima of {feature} sum to {high}, below {problem.seats} seats"))  # fmt: skip
    return found
