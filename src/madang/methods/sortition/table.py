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
from madang.methods.sortition.problem import Floats, Ints, Problem

Table = NDArray[np.int16]
BUDGET = 400_000
TRIES = 4
NEAR = 1e-6  # a product this near to a whole number is one


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
    exact = seats * number
    exact = np.where(np.abs(exact - np.rint(exact)) < NEAR * max(1, number / 1000), np.rint(exact), exact)
    exact = np.clip(exact, 0, problem.cap * number)
    floor = np.floor(exact).astype(np.int64)
    low, high = problem.low * number, problem.high * number
    return _rounded(problem, floor, exact - floor, problem.seats * number, low, high, number, seed)


def _halved(problem: Problem, owed: Ints, number: int, seed: int) -> Table:
    found: list[Table] = []
    todo = [(owed, number, seed)]
    while todo:
        owed, m, seed = todo.pop()
        if m == 1:
            found.append(owed.astype(np.int16))
            continue
        half = m // 2
        left = _split(problem, owed, m, half, seed)
        todo.append((owed - left, m - half, seed * 16807 % PRIME))
        todo.append((left, half, seed * 48271 % PRIME))
    return np.array(found)


def _split(problem: Problem, owed: Ints, m: int, half: int, seed: int) -> Ints:
    floor, rest = np.divmod(owed * half, m)
    total = problem.total(owed)
    low = np.maximum(problem.low * half, total - problem.high * (m - half))
    high = np.minimum(problem.high * half, total - problem.low * (m - half))
    return _rounded(problem, floor, rest / m, problem.seats * half, low, high, half, seed, m - half, owed)


def _rounded(
    problem: Problem,
    floor: Ints,
    rest: Floats,
    seats: int,
    low: Ints,
    high: Ints,
    homes_most: int,
    seed: int,
    other: int = -1,
    owed: Ints | None = None,
) -> Ints:
    """Whole numbers floor or floor + 1 (where `rest` > 0) that sum to `seats` and keep the rows and households."""
    active = np.flatnonzero(rest > 0)
    most = np.full(problem.houses, homes_most, np.int64)
    chosen = floor.copy()
    chosen[active] += _even(rest[active], seats - int(floor.sum()))
    inside = problem.house >= 0
    for attempt in range(TRIES):
        ones, zeros = active[chosen[active] > floor[active]], active[chosen[active] == floor[active]]
        total = problem.total(chosen)
        homes = np.bincount(problem.house[inside], chosen[inside], problem.houses).astype(np.int64)
        if other >= 0 and owed is not None and problem.houses:  # the other half must keep households too
            all_homes = np.bincount(problem.house[inside], owed[inside], problem.houses).astype(np.int64)
            if (homes < all_homes - other).any():
                break
        start = (seed * (attempt + 1)) % PRIME or 1
        left, _ = settle(problem.rows, problem.house, ones, zeros, total, low, high, homes, most, ODDS, start,
                         BUDGET * 4**attempt)  # fmt: skip
        if left == 0:
            chosen = floor.copy()
            chosen[ones] += 1
            if other < 0 or owed is None or _homes_fit(problem, owed - chosen, other):
                return chosen
    return _solved(problem, floor, active, seats, low, high, homes_most, other, owed)


def _homes_fit(problem: Problem, x: Ints, most: int) -> bool:
    inside = problem.house >= 0
    return not problem.houses or bool((np.bincount(problem.house[inside], x[inside], problem.houses) <= most).all())


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


def _solved(
    problem: Problem,
    floor: Ints,
    active: Ints,
    seats: int,
    low: Ints,
    high: Ints,
    homes_most: int,
    other: int,
    owed: Ints | None,
) -> Ints:
    """The same rounding by the exact solver; Stuck where there is none."""
    highs = solver()
    highs.setOptionValue("time_limit", 20.0)
    for _ in active:
        highs.addVar(0.0, 1.0)
    for at in range(len(active)):
        highs.changeColIntegrality(at, highspy.HighsVarType.kInteger)
    places = np.arange(len(active), dtype=np.int32)

    def add(kinds: Ints, least: float, most: float) -> None:
        at = places[np.isin(active, kinds)]
        fixed = float(floor[kinds].sum())
        if len(at):
            highs.addRow(least - fixed, most - fixed, len(at), at, np.ones(len(at)))
        elif not least <= fixed <= most:
            raise Stuck("a row is broken")

    add(np.arange(problem.kinds), seats, seats)
    for q in range(len(low)):
        add(np.flatnonzero((problem.rows == q).any(axis=1)), float(low[q]), float(high[q]))
    for h in range(problem.houses):
        own = np.flatnonzero(problem.house == h)
        least = float(owed[own].sum() - other) if owed is not None else 0.0
        add(own, least, float(homes_most))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise Stuck(str(highs.getModelStatus()))
    found = floor.copy()
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
