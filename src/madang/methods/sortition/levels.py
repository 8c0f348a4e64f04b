"""Leximin by levels: the linear programme over kinds, its dual prices, and nothing whole-numbered.

1. Each level raises the least probability z of the people not yet fixed as far as any lottery of fractional panels can;
   those whom the dual prices hold at z are fixed there, and the next level goes on with the rest.
2. The bound is true for every lottery of whole panels too, because each of them is a fractional one.
3. Prices are returned, so `certificate` can prove every level in exact fractions without a solver.
4. One thread, simplex only, canonical order of kinds: the same problem gives the same floats.

Source: Flanigan, Gölz, Gupta, Hennig, Procaccia, *Fair algorithms for selecting citizens' assemblies*, Nature 596 (2021).
The relaxation over kinds is ours; where no lottery of whole panels reaches it, see `exact`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from madang.methods.sortition.problem import Floats, Ints, Problem

TINY = 1e-9
PRICED = 1e-8  # a dual weight below this does not fix anybody


@dataclass(frozen=True, eq=False)
class Level:
    """`value`: the probability reached; `fixed`: the kinds that stay there; prices of seats, quota rows, and the lazy rows."""

    value: float
    fixed: Ints
    seat_price: float
    row_price: Floats
    cap_price: dict[int, float]
    house_price: dict[int, float]


@dataclass(frozen=True, eq=False)
class Marginals:
    """`seats[t]`: expected seats of kind t; `bound`: the least probability; `levels` in order."""

    seats: Floats
    bound: float
    levels: tuple[Level, ...]


class Unattainable(Exception):
    """No lottery, not even a fractional one, keeps these quotas."""


class Quiet(highspy.Highs):
    """HiGHS without its callbacks: switching them on prints a banner into our JSON."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:
        """Leave them off."""


def solver() -> Quiet:
    """A silent, single-threaded, deterministic HiGHS with tight tolerances."""
    highs = Quiet()
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 1),
        ("primal_feasibility_tolerance", TINY),
        ("dual_feasibility_tolerance", TINY),
    ):
        highs.setOptionValue(name, value)
    return highs


class Relaxation:
    """The fractional panels as rows of HiGHS: a column y_t for each kind (seats above the level), then z."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.highs = solver()
        self.open = problem.cap > 0  # kinds the level still raises
        self.floor = np.zeros(problem.kinds)  # seats of kinds fixed before
        self.lazy: dict[tuple[str, int], int] = {}  # a cap or a household → its row
        self.scale = problem.seats / problem.people
        self._build()

    def _build(self) -> None:
        p, kinds = self.problem, self.problem.kinds
        features = p.rows.shape[1]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = kinds + 1, len(p.low) + 1
        model.col_cost_ = np.append(np.zeros(kinds), 1.0)
        model.col_lower_ = np.zeros(kinds + 1)
        model.col_upper_ = np.append(np.where(p.cap > 0, highspy.kHighsInf, 0.0), highspy.kHighsInf)
        model.row_lower_ = np.append(p.low, p.seats).astype(float)
        model.row_upper_ = np.append(p.high, p.seats).astype(float)
        model.sense_ = highspy.ObjSense.kMaximize
        seat_row = np.full((kinds, 1), len(p.low))
        own = np.sort(np.hstack([p.rows, seat_row]), axis=1).ravel()
        shares = self._shares()
        index = np.concatenate([own, np.arange(len(shares))]).astype(np.int32)
        value = np.concatenate([np.ones(len(own)), shares])
        start = np.append(np.arange(kinds + 1) * (features + 1), len(index)).astype(np.int32)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = start, index, value
        self.highs.passModel(model)

    def _shares(self) -> Floats:
        """The coefficients of z in every quota row and in the row of seats: people not yet fixed, scaled."""
        sizes = np.where(self.open, self.problem.size, 0)
        return np.append(self.problem.total(sizes), sizes.sum()) * self.scale

    def maximize(self) -> Level:
        """Raise z as far as it goes; fixes nobody yet. Rows of caps and households enter when they are overrun."""
        while True:
            self.highs.run()
            if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise Unattainable(str(self.highs.getModelStatus()))
            solution = self.highs.getSolution()
            columns = np.array(solution.col_value)
            z = float(columns[-1]) * self.scale
            self.x = columns[:-1] + np.where(self.open, self.problem.size * z, 0.0)
            if not self._overrun():
                return self._level(z, np.array(solution.col_dual)[:-1], np.array(solution.row_dual))

    def _overrun(self) -> bool:
        p, found = self.problem, False
        for t in np.flatnonzero((self.x > p.cap + 1e-8) & (p.house < 0)):
            found |= self._enter("cap", int(t), np.array([t]), float(p.cap[t]))
        if p.houses:
            inside = p.house >= 0
            held = np.bincount(p.house[inside], self.x[inside], p.houses)
            for h in np.flatnonzero(held > 1 + 1e-8):
                found |= self._enter("house", int(h), np.flatnonzero(p.house == h), 1.0)
        return found

    def _enter(self, what: str, number: int, kinds: Ints, most: float) -> bool:
        if (what, number) in self.lazy:
            return False
        self.lazy[what, number] = self.highs.getNumRow()
        share = float(self.problem.size[kinds][self.open[kinds]].sum()) * self.scale
        index = np.append(kinds, self.problem.kinds).astype(np.int32)
        value = np.append(np.ones(len(kinds)), share)
        self.highs.addRow(-highspy.kHighsInf, most, len(index), index, value)
        return True

    def _level(self, z: float, reduced: Floats, rows: Floats) -> Level:
        q = len(self.problem.low)
        weight = np.abs(reduced) * self.scale * self.problem.size
        fixed = np.flatnonzero(self.open & (weight > PRICED))
        lazy = {name: float(rows[row]) for name, row in self.lazy.items() if abs(rows[row]) > 0}
        return Level(
            value=z,
            fixed=fixed,
            seat_price=float(rows[q]),
            row_price=rows[:q].copy(),
            cap_price={number: price for (what, number), price in lazy.items() if what == "cap"},
            house_price={number: price for (what, number), price in lazy.items() if what == "house"},
        )

    def fix(self, level: Level) -> None:
        """Keep the level's kinds at or above its value, and let z rise for the others."""
        self.open[level.fixed] = False
        self.floor[level.fixed] = level.value * self.problem.size[level.fixed]
        kinds = self.problem.kinds
        for t in level.fixed:
            self.highs.changeColBounds(int(t), float(self.floor[t]), highspy.kHighsInf)
        for row, share in enumerate(self._shares()):
            self.highs.changeCoeff(row, kinds, float(share))
        for (what, number), row in self.lazy.items():
            own = np.array([number]) if what == "cap" else np.flatnonzero(self.problem.house == number)
            share = float(self.problem.size[own][self.open[own]].sum()) * self.scale
            self.highs.changeCoeff(row, kinds, share)


def leximin(problem: Problem, most_levels: int | None = None) -> Marginals:
    """The leximin-optimal expected seats of fractional panels; kinds with cap 0 stay at 0.

    `most_levels`: stop after that many (1: the maximin bound only). Raises Unattainable where the quotas have no
    fractional panel at all. Cost: about 10–45 linear programmes of (quota rows + 1) rows × (kinds + 1) columns.
    """
    relaxation = Relaxation(problem)
    levels: list[Level] = []
    while relaxation.open.any() and (most_levels is None or len(levels) < most_levels):
        level = relaxation.maximize()
        if not len(level.fixed):
            raise Unattainable("no price fixes anybody")
        levels.append(level)
        relaxation.fix(level)
    return Marginals(relaxation.x, levels[0].value if levels else 0.0, tuple(levels))


def values(levels: Sequence[Level], kinds: int) -> Floats:
    """The probability of one person of each kind, by the level that fixed it (0 where none did)."""
    found = np.zeros(kinds)
    for level in levels:
        found[level.fixed] = level.value
    return found
