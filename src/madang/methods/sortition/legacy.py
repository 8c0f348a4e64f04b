"""Random-legacy: panels drawn seat by seat from the scarcest value, as the field did before fair lotteries.

1. Each seat: the quota row that needs the largest share of those still there; one of its people, each alike; then whoever
   can no longer sit (value full, same household) leaves. A dead end starts the panel again, at most ATTEMPTS times.
2. It promises the quotas and nothing else: probabilities are what happens, measured over the table drawn.

Source: the algorithm described as LEGACY in Flanigan et al. (Nature 2021, supplementary information 12).
"""

import hashlib

import numpy as np

from madang.methods.sortition.problem import Ints, Problem
from madang.methods.sortition.reading import Refused

ATTEMPTS = 500


class Dice:
    """Whole numbers from sha256 of a seed and a counter: the same everywhere, for ever."""

    def __init__(self, seed: str) -> None:
        self.seed, self.thrown = seed, 0

    def below(self, most: int) -> int:
        """One of 0…most−1; the bias is below most / 2²⁵⁶."""
        self.thrown += 1
        return int.from_bytes(hashlib.sha256(f"{self.seed}\n{self.thrown}".encode()).digest(), "big") % most


def panels(problem: Problem, number: int, seed: str) -> Ints:
    """`number` panels, independent draws. Refused where one panel met ATTEMPTS dead ends."""
    found = []
    for which in range(number):
        dice = Dice(f"legacy\n{seed}\n{which}")
        panel = next((one for _ in range(ATTEMPTS) if (one := _panel(problem, dice)) is not None), None)
        if panel is None:
            raise Refused(f"옛 방식은 {ATTEMPTS}번 해도 할당을 지키는 패널을 찾지 못했습니다. --rule leximin을 쓰세요.",
                          "legacy met only dead ends; use leximin")  # fmt: skip
        found.append(panel)
    return np.array(found, np.int64)


def _panel(problem: Problem, dice: Dice) -> Ints | None:
    left, seated = problem.size.copy(), np.zeros(problem.kinds, np.int64)
    counted = np.zeros(len(problem.low), np.int64)
    left[problem.cap == 0] = 0
    for _ in range(problem.seats):
        remaining = problem.total(left)
        need = problem.low - counted
        if (need > remaining).any() or not left.any():
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            urgency = np.where(remaining > 0, need / np.maximum(remaining, 1), -np.inf)
        row = _one_of(np.flatnonzero(urgency >= urgency.max() - 1e-12), dice) if urgency.max() > 0 else -1
        able = left if row < 0 else np.where((problem.rows == row).any(axis=1), left, 0)
        t = int(np.searchsorted(np.cumsum(able), dice.below(int(able.sum())), side="right"))
        seated[t] += 1
        left[t] -= 1
        counted[problem.rows[t]] += 1
        if problem.house[t] >= 0:
            left[problem.house == problem.house[t]] = 0
        full = counted >= problem.high
        left[full[problem.rows].any(axis=1)] = 0
    return seated if problem.holds(seated) else None


def _one_of(rows: Ints, dice: Dice) -> int:
    return int(rows[dice.below(len(rows))])
