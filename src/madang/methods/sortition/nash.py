"""Nash: the lottery whose product of probabilities is largest, over fractional panels of kinds.

An interior point method: maximise Σ size·log(seats) with a barrier on the slack of every quota, cap and household; each
step is one dense system of (quota rows + households) unknowns. Rows without slack are opened by SLACK, so probabilities
are right to about 1e-6. The optimum is unique, so names and order cannot move it.

Source: fairness objective of Flanigan et al. (Nature 2021, §Methods); interior point as in Boyd & Vandenberghe, ch. 11.
"""

import numpy as np

from madang.methods.sortition.exact import Lottery, Pricing, covering
from madang.methods.sortition.problem import Floats, Problem

SLACK = 1e-8
STEPS = 400


def nash(problem: Problem, start: Floats) -> Floats:
    """Expected seats per kind of the Nash lottery; `start`: seats of any fractional panel. Kinds with cap 0 stay at 0."""
    live = np.flatnonzero((problem.cap > 0) & (start > 1e-9))
    rows, low, high = _rows(problem, live)
    size, cap = problem.size[live].astype(float), problem.cap[live].astype(float)
    x = np.maximum(start[live], 1e-6)
    x *= problem.seats / x.sum()
    x = np.minimum(x, cap * (1 - 1e-6))
    wide = 0.01 * (high - low) + SLACK
    s = np.clip(rows @ x, low + wide, high - wide)
    mu = 1.0
    for _ in range(STEPS):
        gap = rows @ x - s
        gx = size / x - mu / (cap + SLACK - x)
        hx = size / x**2 + mu / (cap + SLACK - x) ** 2
        gs = mu / (s - low) - mu / (high - s)
        hs = mu / (s - low) ** 2 + mu / (high - s) ** 2
        # minimise −f; with multipliers y of rows·x = s: dx = (gx − rowsᵀy)/hx, ds = (gs + y)/hs
        normal = (rows / hx) @ rows.T + np.diag(1 / hs)
        y = np.linalg.lstsq(normal, gap + rows @ (gx / hx) - gs / hs, rcond=None)[0]
        dx, ds = (gx - rows.T @ y) / hx, (gs + y) / hs
        step = min(1.0, 0.95 * _reach(x, dx, 0.0, cap + SLACK), 0.95 * _reach(s, ds, low, high))
        x, s = x + step * dx, s + step * ds
        moved = float(np.abs(dx / x).max())
        if step > 0.5 and moved < 0.3:
            if mu < 1e-9:
                break
            mu *= 0.3
    found = np.zeros(problem.kinds)
    found[live] = x
    return found


def _rows(problem: Problem, live: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> tuple[Floats, Floats, Floats]:
    q, h = len(problem.low), problem.houses
    rows = np.zeros((q + h + 1, len(live)))
    for column in problem.rows[live].T:
        rows[column, np.arange(len(live))] = 1.0
    inside = np.flatnonzero(problem.house[live] >= 0)
    rows[q + problem.house[live][inside], inside] = 1.0
    rows[q + h] = 1.0
    low = np.concatenate([problem.low, np.full(h, -1.0), [problem.seats]]) - SLACK
    high = np.concatenate([problem.high, np.ones(h), [problem.seats]]) + SLACK
    return rows, low, high


def _reach(x: Floats, step: Floats, low: Floats | float, high: Floats | float) -> float:
    """How far x can go along `step` before it leaves low…high."""
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.where(step > 0, (high - x) / step, np.where(step < 0, (low - x) / step, np.inf))
    return float(far.min())


def nash_whole(problem: Problem) -> Lottery:
    """Nash over whole panels, for small pools that have a panel: column generation around a multiplicative update of the weights.

    No panel would raise Σ log by more than 1e-6 a person: the integer programme says so.
    """
    pricing = Pricing(problem)
    known, out = covering(problem, pricing)
    live = np.ones(problem.kinds, bool)
    live[out] = False
    size = problem.size[live].astype(float)
    weights = np.full(len(known), 1 / len(known))
    while True:
        panels = np.array(known)
        part = panels[:, live] / size
        for _ in range(20_000):
            rise = part @ (size / (weights @ part)) / size.sum()
            weights = weights * rise
            if float(rise.max()) < 1 + 1e-9:
                break
        prices = np.zeros(problem.kinds)
        prices[live] = 1 / (weights @ part)
        best = pricing.worthiest(prices)
        if float(prices @ best) <= size.sum() * (1 + 1e-6) or any((best == one).all() for one in known):
            keep = weights > 1e-12
            return Lottery(panels[keep], weights[keep] / weights[keep].sum())
        known.append(best)
        weights = np.append(weights * 0.99, 0.01)
