"""What lotteries of whole panels really reach: exact weighted lotteries, and leximin by column generation.

1. `weighted` gives the panels of a table new weights so that every kind gets exactly its expected seats (1e-9): a
   constructive proof that the bound of the linear programme is reached.
2. Where it is not reached, `leximin_whole` finds the leximin over whole panels: at each level the linear programme over
   the panels known, and an integer programme that finds a better panel or proves that there is none.
3. Kinds that no panel can hold are found by the same integer programme and returned, never hidden at 0.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from madang.methods.sortition.levels import TINY, solver
from madang.methods.sortition.problem import Floats, Ints, Problem
from madang.methods.sortition.table import Stuck, panels

CLOSE = 1e-9
GAIN = 1e-8


@dataclass(frozen=True, eq=False)
class Lottery:
    """`panels[i]` (seats per kind) is drawn with probability `weights[i]`; the weights sum to 1."""

    panels: Ints
    weights: Floats

    @property
    def seats(self) -> Floats:
        """Expected seats per kind."""
        found: Floats = self.weights @ self.panels
        return found


class Pricing:
    """The integer programme over panels: which panel is worth most at given prices per kind."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.highs = highs = solver()
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.setOptionValue("mip_abs_gap", 1e-9)
        highs.setOptionValue("mip_feasibility_tolerance", 1e-9)
        self.all = np.arange(problem.kinds, dtype=np.int32)
        for t in range(problem.kinds):
            highs.addVar(0.0, float(problem.cap[t]))
        highs.changeColsIntegrality(
            problem.kinds, self.all, np.full(problem.kinds, highspy.HighsVarType.kInteger.value, np.uint8)
        )
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._row(self.all, problem.seats, problem.seats)
        rows, low, high = problem.bounds
        for q in range(len(low)):
            self._row(np.flatnonzero((rows == q).any(axis=1)).astype(np.int32), int(low[q]), int(high[q]))

    def _row(self, kinds: "np.ndarray[tuple[int], np.dtype[np.int32]]", least: int, most: int) -> None:
        self.highs.addRow(float(least), float(most), len(kinds), kinds, np.ones(len(kinds)))

    def worthiest(self, prices: Floats) -> Ints:
        """`best`, where it is known that there is a panel."""
        found = self.best(prices)
        if found is None:
            raise ArithmeticError("the panels are gone")
        return found

    def best(self, prices: Floats) -> Ints | None:
        """The panel of the highest Σ price·seats, or None where no panel exists."""
        self.highs.changeColsCost(self.problem.kinds, self.all, prices)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"the integer programme ended with {status}")
        found: Ints = np.rint(np.array(self.highs.getSolution().col_value)).astype(np.int64)
        if not self.problem.holds(found):
            raise ArithmeticError("the integer programme broke a quota")
        return found


def weighted(problem: Problem, seats: Floats, close: float = CLOSE) -> Lottery | None:
    """Weights for a table of panels so that every kind gets exactly `seats`; None where this was not found.

    A table of twice as many panels as kinds has the right mean up to half a copy; the smallest change of its weights
    that makes it exact is one dense linear system of (kinds × kinds).
    """
    number = max(2 * problem.kinds + 20, 100)
    try:
        table = np.unique(panels(problem, seats, number), axis=0).astype(np.int64)
    except Stuck:
        return None
    weights = _reweighted(table, seats, close)
    if weights is None:
        return None
    lottery = Lottery(table[weights > 0], weights[weights > 0] / weights.sum())
    return lottery if float(np.abs(lottery.seats - seats).max()) < close * problem.seats else None


def _reweighted(table: Ints, seats: Floats, close: float) -> Floats | None:
    """Weights ≥ 0, near to equal, under which the mean of the table is `seats`; None where none were found.

    Each round makes the smallest change that is exact and sets aside the panels it would give less than nothing.
    """
    varying = np.flatnonzero(table.max(axis=0) > table.min(axis=0))
    rows = np.vstack([table[:, varying].T.astype(float), np.ones(len(table))])
    wanted = np.append(seats[varying], 1.0)
    weights = np.full(len(table), 1 / len(table))
    for _ in range(60):
        used = np.flatnonzero(weights > 0)
        inside = rows[:, used]
        inverse = np.linalg.pinv(inside @ inside.T, rcond=1e-11, hermitian=True)
        for _ in range(3):
            weights[used] += inside.T @ (inverse @ (wanted - inside @ weights[used]))
        if float(np.abs(wanted - inside @ weights[used]).max()) > close:
            return None
        if (weights[used] >= 0).all():
            return weights
        weights = np.where(weights > 0, weights, 0.0)
    return None


@dataclass(frozen=True, eq=False)
class Whole:
    """The leximin over whole panels. `values[t]`: probability of a person of kind t; `unholdable`: kinds in no panel."""

    lottery: Lottery
    values: Floats
    unholdable: Ints


def leximin_whole(problem: Problem) -> Whole | None:
    """Leximin over whole panels by column generation; None where there is no panel at all."""
    pricing = Pricing(problem)
    known, out = covering(problem, pricing)
    if not known:
        return None
    values = np.zeros(problem.kinds)
    opened = np.ones(problem.kinds, bool)
    opened[out] = False
    weights = np.array([1.0])
    while opened.any():
        z, weights, price = _level(problem, pricing, known, values, opened)
        fixed = opened & (price * problem.size > GAIN)
        values[fixed] = z
        opened &= ~fixed
        if not fixed.any():
            raise ArithmeticError("no price fixes anybody")
    keep = weights > 1e-12
    lottery = Lottery(np.array(known)[keep], weights[keep] / weights[keep].sum())
    return Whole(lottery, values, out)


def covering(problem: Problem, pricing: Pricing) -> tuple[list[Ints], Ints]:
    """Panels that together hold every kind that some panel can hold, and the kinds that none can."""
    known: list[Ints] = []
    open_ = np.ones(problem.kinds, bool)
    while open_.any():
        best = pricing.best(open_.astype(float))
        if best is None:
            return [], np.arange(problem.kinds)
        if not (best[open_] > 0).any():
            break
        known.append(best)
        open_ &= best == 0
    return known, np.flatnonzero(open_)


def _level(
    problem: Problem,
    pricing: Pricing,
    known: list[Ints],
    values: Floats,
    opened: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> tuple[float, Floats, Floats]:
    """Raise z for the open kinds over all panels, adding those the prices ask for to `known`."""
    while True:
        z, weights, price, worth = _master(problem, known, values, opened)
        best = pricing.worthiest(price)
        if float(price @ best) <= worth + GAIN or any((best == one).all() for one in known):
            return z, weights, price
        known.append(best)


def _master(
    problem: Problem, known: list[Ints], values: Floats, opened: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> tuple[float, Floats, Floats, float]:
    """max z: Σ weight·seats ≥ size·z (open) or size·value (fixed). Returns z, weights, prices per kind, price of a panel."""
    highs, kinds = solver(), problem.kinds
    columns = np.array(known, float).T / problem.size[:, None]
    highs.addVar(0.0, highspy.kHighsInf)
    highs.changeColCost(0, 1.0)
    highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    everywhere = np.arange(kinds + 1, dtype=np.int32)
    for t in range(kinds):
        highs.addRow(
            float(values[t]) - TINY * bool(values[t]),
            highspy.kHighsInf,
            1,
            everywhere[:1],
            np.array([-1.0 * opened[t]]),
        )
    highs.addRow(1.0, 1.0, 0, everywhere[:0], np.zeros(0))
    for column in columns.T:
        highs.addCol(0.0, 0.0, highspy.kHighsInf, kinds + 1, everywhere, np.append(column, 1.0))
    highs.run()
    solution = highs.getSolution()
    weights = np.array(solution.col_value)[1:]
    dual = np.abs(np.array(solution.row_dual)[:kinds]) / problem.size
    # at the optimum every used panel is worth the same; an unused one that is worth more raises z
    used = weights > 1e-12
    worth = float((np.array(known)[used] @ dual).max())
    return float(solution.col_value[0]), weights, dual, worth
