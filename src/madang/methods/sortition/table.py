"""From expected seats to a table of M whole panels: round once, then halve until single panels are left.

1. Every kind of volunteer gets its share times M, rounded up or down once, at the root; halving keeps these copies.
   So the least-often named person stands in at least ⌊bound·M⌋ panels, whenever the table can be made at all.
2. Each half of a table of m panels keeps the quotas m/2-fold; a leaf is one panel that keeps them exactly.
3. Who is named: within a kind, its people take turns in the order of sha256(id), so counts differ by at most one.
4. Deterministic: the only chance is a fixed seed of the search. A split that the search does not find is asked of the
   exact solver; a table that cannot be made is an error, never a table that breaks a quota.

The halving follows the idea of dependent rounding (Gandhi et al., J. ACM 2006) and discrepancy; the scheme is ours.
"""

import hashlib

import highspy
import numpy as np
from numpy.typing import NDArray

from madang.methods.sortition.kernels import ODDS, PRIME, settle
from madang.methods.sortition.levels import solver
from madang.methods.sortition.problem import Floats, Ints, Problem, totals

Table = NDArray[np.uint8] | NDArray[np.int16]
BUDGET = 400_000
TRIES = 4
FEW = 150  # so few open kinds are asked of the exact solver after one try
SECONDS = 20.0  # for one split by the exact solver
NEAR = 2e-8  # the error of a probability


class Stuck(Exception):
    """These copies have no split into two halves that keep the quotas."""


def panels(problem: Problem, seats: Floats, number: int, tries: int = 3) -> Table:
    """`number` panels (rows: seats per kind) whose mean is `seats`, each kind within one copy of its exact share.

    Raises Stuck where no such table was found in `tries` different starts.
    """
    for attempt in range(tries):
        try:
            return _halved(problem, copies(problem, seats, number, 1 + attempt), number, 7919 * (attempt + 1))
        except Stuck:
            continue
    raise Stuck(f"no table of {number} panels")


def copies(problem: Problem, seats: Floats, number: int, seed: int = 1) -> Ints:
    """How many of the `number` panels' seats each kind gets: its exact share rounded up or down, quotas kept in sum."""
    exact = np.clip(seats * number, 0, problem.cap * number)
    exact = np.where(np.abs(exact - np.rint(exact)) < 1e-6 + NEAR * number * problem.size, np.rint(exact), exact)
    floor = np.floor(exact).astype(np.int64)
    _, low, high = problem.bounds
    return _rounded(problem, floor, exact - floor, problem.seats * number, low * number, high * number, seed)


def _halved(problem: Problem, owed: Ints, number: int, seed: int) -> Table:
    narrow = problem.seats < 256  # a table is kinds × panels: 20,000 volunteers and 5,000 panels are 50 million places
    found: Table = np.empty((number, problem.kinds), np.uint8) if narrow else np.empty((number, problem.kinds), np.int16)
    made, todo = 0, [(owed, number, seed)]
    while todo:
        owed, m, seed = todo.pop()
        if m == 1:
            found[made] = owed
            made += 1
            continue
        half = m // 2
        left = _split(problem, owed, m, half, seed)
        todo.append((owed - left, m - half, seed * 16807 % PRIME))
        todo.append((left, half, seed * 48271 % PRIME))
    return found


def _split(problem: Problem, owed: Ints, m: int, half: int, seed: int) -> Ints:
    """The share of `half` of the m panels, so that both parts can keep every row."""
    floor, rest = np.divmod(owed * half, m)
    rows, low, high = problem.bounds
    total = totals(rows, owed, len(low))
    least = np.maximum(low * half, total - high * (m - half))
    most = np.minimum(high * half, total - low * (m - half))
    span = (np.maximum(owed - problem.cap * (m - half), 0), np.minimum(owed, problem.cap * half))
    return _rounded(problem, floor, rest / m, problem.seats * half, least, most, seed, span)


def _rounded(
    problem: Problem,
    floor: Ints,
    rest: Floats,
    seats: int,
    low: Ints,
    high: Ints,
    seed: int,
    span: tuple[Ints, Ints] | None = None,
) -> Ints:
    """Whole numbers floor or floor + 1 (where `rest` > 0) that sum to `seats` and keep the rows between low and high.

    Where there are none and `span` is given, whole numbers a little further off, within `span`.
    """
    rows, _, _ = problem.bounds
    active = np.flatnonzero(rest > 0)
    up = _even(rest[active], seats - int(floor.sum()))
    for attempt in range(1 if len(active) <= FEW else TRIES):
        ones, zeros = active[up == 1], active[up == 0]
        chosen = floor.copy()
        chosen[ones] += 1
        total = totals(rows, chosen, len(low))
        left, _ = settle(rows, ones, zeros, total, low, high, ODDS, (seed + attempt) % PRIME or 1, BUDGET * 4**attempt)
        if left == 0:
            chosen = floor.copy()
            chosen[ones] += 1
            return chosen
    found = _solved(rows, floor, floor + (rest > 0), seats, low, high)
    for width in (1, 3):
        if found is None and span is not None:
            least, most = np.maximum(floor - width, span[0]), np.minimum(floor + 1 + width, span[1])
            found = _solved(rows, least, most, seats, low, high)
    if found is None:
        raise Stuck("no such split")
    return found


def _even(rest: Floats, wanted: int) -> Ints:
    """Round up `wanted` of the shares, evenly along their order."""
    if not len(rest):
        return np.zeros(0, np.int64)
    steps = np.floor(np.cumsum(rest) + 0.5)
    up = np.diff(np.concatenate([[0.0], steps])).astype(np.int64)
    lacking = wanted - int(up.sum())
    if lacking:
        free = np.flatnonzero(up == (0 if lacking > 0 else 1))
        if len(free) < abs(lacking):
            raise Stuck("shares do not sum to the seats")
        up[free[: abs(lacking)]] ^= 1
    return up


def _solved(rows: Ints, least: Ints, most: Ints, seats: int, low: Ints, high: Ints) -> Ints | None:
    """Whole numbers between `least` and `most` that keep the rows, by the exact solver; None where there are none."""
    highs, active = solver(), np.flatnonzero(most > least)
    count = len(active)
    highs.setOptionValue("time_limit", SECONDS)
    for at, t in enumerate(active):
        highs.addVar(0.0, float(most[t] - least[t]))
        highs.changeColIntegrality(at, highspy.HighsVarType.kInteger)
    wanted = seats - int(least.sum())
    highs.addRow(wanted, wanted, count, np.arange(count, dtype=np.int32), np.ones(count))
    fixed = totals(rows, least, len(low))
    for q in range(len(low)):
        own = np.flatnonzero((rows[active] == q).any(axis=1)).astype(np.int32)
        highs.addRow(float(low[q] - fixed[q]), float(high[q] - fixed[q]), len(own), own, np.ones(len(own)))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = least.copy()
    found[active] += np.rint(np.array(highs.getSolution().col_value)).astype(np.int64)
    return found


def turns(problem: Problem, table: Table | Ints) -> list[list[str]]:
    """The ids of each panel: the people of a kind take turns; sorted within a panel."""
    waiting = [sorted(names, key=_mark) for names in problem.members]
    place = [0] * problem.kinds
    named: list[list[str]] = []
    for panel in table:
        ids: list[str] = []
        for t in np.flatnonzero(panel):
            people, count = waiting[t], int(panel[t])
            ids += [people[(place[t] + step) % len(people)] for step in range(count)]
            place[t] = (place[t] + count) % len(people)
        named.append(sorted(ids))
    return named


def _mark(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
