"""The one hot loop: swap seats between two halves until every quota holds.

1. The random numbers are Lehmer's (48271 mod 2³¹−1) from a given seed: compiled and interpreted runs walk the same way.
2. MADANG_NUMBA=0, or numba absent, gives the same result from the interpreter, some hundred times slower.
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from madang.methods.sortition.problem import Ints

PRIME = 2_147_483_647
ODDS = np.array([PRIME, int(0.03 * PRIME), int(0.001 * PRIME)], np.int64)  # chance to accept 0, 1, 2 more violations


def _settle(
    rows: Ints,
    ones: Ints,
    zeros: Ints,
    total: Ints,
    low: Ints,
    high: Ints,
    odds: Ints,
    seed: int,
    budget: int,
) -> tuple[int, int]:
    """Swap a kind of `ones` with one of `zeros` until no row of `total` lies outside its bounds.

    Works in place. Returns the violations left (0: done) and the next seed; gives up after `budget` tries.
    """
    left = 0
    for q in range(total.size):
        if total[q] < low[q]:
            left += low[q] - total[q]
        elif total[q] > high[q]:
            left += total[q] - high[q]
    if ones.size == 0 or zeros.size == 0:
        return left, seed
    tries = 0
    while left > 0 and tries < budget:
        tries += 1
        seed = seed * 48271 % 2147483647
        i = seed % ones.size
        seed = seed * 48271 % 2147483647
        j = seed % zeros.size
        x = ones[i]
        y = zeros[j]
        more = 0
        for f in range(rows.shape[1]):
            p = rows[x, f]
            q = rows[y, f]
            if p != q:
                if total[p] > high[p]:
                    more -= 1
                elif total[p] <= low[p]:
                    more += 1
                if total[q] < low[q]:
                    more -= 1
                elif total[q] >= high[q]:
                    more += 1
        if more > 0:
            if more >= odds.size:
                continue
            seed = seed * 48271 % 2147483647
            if seed >= odds[more]:
                continue
        for f in range(rows.shape[1]):
            total[rows[x, f]] -= 1
            total[rows[y, f]] += 1
        ones[i] = y
        zeros[j] = x
        left += more
    return left, seed


def _compiled() -> Callable[..., Any]:
    if os.environ.get("MADANG_NUMBA", "1") == "0":
        return _settle
    try:
        import numba  # noqa: PLC0415 — optional, and slow to import
    except ImportError:
        return _settle
    compiled: Callable[..., Any] = numba.njit(cache=True)(_settle)
    return compiled


settle = _compiled()
