"""Tails and corrections: how often chance alone would do this, with counts as uneven as the others here.

1. Counts are judged by the negative binomial with the unevenness of the other cells (`unevenness`; 0 is Poisson): a city's real
   hours and 동 differ more than dice do, and a Poisson test alone would cry out every day. Shares: the beta-binomial likewise.
2. Chance is a public seed: NumPy's frozen RandomState from sha256 of it, the same numbers in every version.
3. A permutation test stops early once it is plainly unremarkable (Besag & Clifford 1991): its p-value stays valid.
4. Holm (1979): the chance that anything at all is named in a clean vote stays below the level, however many looks there are.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from math import inf, sqrt
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, gammainc

Floats = npt.NDArray[np.float64]
Key = TypeVar("Key")
ROUNDS = 1999
ENOUGH = 20  # so many draws as far out end a permutation test
FAR, REFITS = 5.0, 4  # cells so many deviations above leave the fit, at most so often
STEADY = 0.6745  # the median of |z| where z is normal


def dice(seed: str, look: str) -> np.random.RandomState:
    """The chance of one look."""
    return np.random.RandomState(
        np.frombuffer(hashlib.sha256(f"madang-integrity\n{look}\n{seed}".encode()).digest(), np.uint32)
    )


def above(number: int, expected: float, uneven: float = 0.0) -> float:
    """P(X ≥ number) where X has the mean `expected` and the variance expected + uneven × expected². 1 for what is not above it."""
    if number <= expected or number <= 0:
        return 1.0
    if expected <= 0:
        return 0.0
    if uneven <= 0:
        return float(gammainc(number, expected))
    return float(betainc(number, 1 / uneven, expected / (expected + 1 / uneven)))


def share_above(number: int, of: int, rate: float, uneven: float) -> float:
    """P(X ≥ number) of `of` where the rate itself varies: beta-binomial with mean `rate` and variance `uneven` × rate × (1 − rate)."""
    if number <= of * rate or not 0 < rate < 1:
        return 1.0 if number <= of * rate else 0.0
    spread = 1 / max(uneven, 1e-9) - 1
    a, b = rate * spread, (1 - rate) * spread
    k = np.arange(number, of + 1, dtype=np.float64)
    ways = -np.log(of + 1.0) - betaln(of - k + 1, k + 1)
    return min(1.0, float(np.exp(ways + betaln(k + a, of - k + b) - betaln(a, b)).sum()))


def unevenness(numbers: Sequence[float], expected: Sequence[float]) -> float:
    """The a under which half of the counts lie as near to the expected as half of a normal's would, variance expected + a × expected².

    At least 0. Half the cells decide, so a few planted ones do not hide themselves. Cells that expect less than 1 say nothing.
    """
    here = np.array([(n, e) for n, e in zip(numbers, expected, strict=True) if e >= 1]).reshape(-1, 2)
    return _settled(np.abs(here[:, 0] - here[:, 1]), here[:, 1], here[:, 1] ** 2, careful=3)


def share_unevenness(numbers: Sequence[float], of: Sequence[float], rates: Sequence[float]) -> float:
    """The same for shares: variance n × rate × (1 − rate) × (1 + (n − 1) × a)."""
    n, rate = np.array(of, np.float64), np.array(rates, np.float64)
    even = n * rate * (1 - rate)
    return min(0.9, _settled(np.abs(np.array(numbers, np.float64) - n * rate), even, even * (n - 1), careful=1))


def _settled(gaps: Floats, even: Floats, more: Floats, careful: float) -> float:
    if len(gaps) < 4:
        return 0.0
    few = 1 + careful / sqrt(
        len(gaps)
    )  # a median of few is uncertain, and what was fitted shrinks it: chosen by invented towns

    def wide(a: float) -> bool:
        return float(np.median(gaps / np.sqrt(np.maximum(even + a * more, 1e-12)))) * few > STEADY

    low, high = 0.0, 4.0
    if not wide(0.0):
        return 0.0
    for _ in range(50):
        half = (low + high) / 2
        low, high = (half, high) if wide(half) else (low, half)
    return high


def table(counts: Floats, exposure: Floats | None = None) -> Floats:
    """What each cell expects from its row and its column (times its exposure), so that what is planted does not hide itself.

    Rows and columns are fitted in turn, without the cells that lie far above a first guess by medians.
    """
    live = np.ones_like(counts) if exposure is None else exposure.astype(np.float64)
    expected, kept = _middling(counts, live), live > 0
    for _ in range(REFITS):
        uneven = unevenness(counts[kept].tolist(), expected[kept].tolist())
        far = counts - expected > FAR * np.sqrt(expected + uneven * expected**2) + 3
        if far.sum() * 20 > far.size:  # so many are no exception
            return _fitted(counts, live, live > 0)
        kept = (live > 0) & ~far
        expected = _fitted(counts, live, kept)
    return expected


def _middling(counts: Floats, live: Floats) -> Floats:
    """A first guess that a few planted cells cannot move: rows and columns by their medians, in turn (Tukey's median polish)."""
    row, column = np.ones(len(counts)), np.ones(counts.shape[1])
    for _ in range(4):
        row = _medians(counts, live * column[None, :])
        column = _medians(counts.T, live.T * row[None, :])
    return live * row[:, None] * column[None, :]


def _medians(counts: Floats, exposure: Floats) -> Floats:
    """The middle of count ÷ exposure in each row, 0 where nothing is exposed."""
    pairs = [(seen[there > 0], there[there > 0]) for seen, there in zip(counts, exposure, strict=True)]
    return np.array([float(np.median(seen / there)) if len(there) else 0.0 for seen, there in pairs])


def _fitted(counts: Floats, live: Floats, kept: npt.NDArray[np.bool_]) -> Floats:
    seen, weight = np.where(kept, counts, 0.0), np.where(kept, live, 0.0)
    row, column = np.ones(len(counts)), np.ones(counts.shape[1])
    for _ in range(500):
        row = _ratio(seen.sum(axis=1), weight @ column)
        after = _ratio(seen.sum(axis=0), row @ weight)
        done = float(np.abs(after - column).max(initial=0.0)) <= 1e-10 * float(after.max(initial=1.0))
        column = after
        if done:
            break
    return live * row[:, None] * column[None, :]


def _ratio(wanted: Floats, have: Floats) -> Floats:
    return np.divide(wanted, have, out=np.zeros_like(wanted), where=have > 0)


def permuted(observed: float, draw: Callable[[], float]) -> tuple[float, float]:
    """(p, mean) of `observed` among up to ROUNDS draws: (1 + draws at least as far out) ÷ (1 + draws), stopped early where plain."""
    beyond, total, made = 0, 0.0, 0
    while made < ROUNDS and beyond < ENOUGH:
        value = draw()
        made += 1
        total += value
        beyond += value >= observed
    return (beyond + (beyond < ENOUGH)) / (made + (beyond < ENOUGH)), total / made


def holm(chances: Mapping[Key, float]) -> dict[Key, float]:
    """Adjusted p-values: with k of m still to go, the smallest is multiplied by k; never falling, at most 1."""
    found: dict[Key, float] = {}
    worst, left = -inf, len(chances)
    for key, chance in sorted(chances.items(), key=lambda pair: pair[1]):
        worst = max(worst, min(1.0, chance * left))
        found[key] = worst
        left -= 1
    return found
