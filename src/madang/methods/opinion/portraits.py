"""What a group stands for, what all share, and what to ask next — from counts alone, exactly as Polis reckons.

1. Input is `counts` (groups, 3, statements): agree, disagree, all votes. Same counts, same lists, same order.
2. p = (n+1)/(N+2); one proportion z = 2√(N+1)·((n+1)/(N+1) − ½); two proportions pooled, each of the four counts + 1.
3. z90 = 1.2816: representative if (two-proportion and one-proportion z of agree) or (both of disagree) exceed it.
4. Ties keep the order of the statements.

Source: Polis' published mathematics (repness, consensus, priorities); Small et al. 2021.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from madang.methods.opinion.axes import Floats

Z90 = 1.2816
MOST = 5
META_PRIORITY = 49.0
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement on a list: its place, the side taken, n of N voters took it, p and z of that share, and for a group's list how
    many times likelier than elsewhere (ratio) with its z; `best_agree` marks the agreement put first."""

    topic: int
    agree: bool
    n: int
    voters: int
    p: float
    z: float
    ratio: float = 0.0
    ratio_z: float = 0.0
    best_agree: bool = False


def one_proportion(n: Any, voters: Any) -> Floats:
    """z of n successes in `voters` against one half."""
    z: Floats = 2 * np.sqrt(voters + 1) * ((n + 1) / (voters + 1) - 0.5)
    return z


def two_proportions(n: Any, other: Any, voters: Any, others: Any) -> Floats:
    """z of n in `voters` against `other` in `others`; 0 where everybody did."""
    n, other, voters, others = n + 1, other + 1, voters + 1, others + 1
    pooled = (n + other) / (voters + others)
    variance = pooled * (1 - pooled) * (1 / voters + 1 / others)
    z: Floats = np.where(variance > 0, (n / voters - other / others) / np.sqrt(np.where(variance > 0, variance, 1)), 0)
    return z


def representative(counts: Counts, usable: NDArray[np.bool_], most: int = MOST) -> list[list[Said]]:
    """Each group's list: the best agreement first, then by ratio·z·p·z falling, agreements before disagreements."""
    rest = counts.sum(0) - counts
    sides = _sides(counts[:, :2], rest[:, :2], counts[:, 2:], rest[:, 2:])
    return [_list(group, two, usable, most) for group, two in zip(counts, sides, strict=True)]


def consensus(agree: Counts, disagree: Counts, voters: Counts, usable: NDArray[np.bool_]) -> tuple[list[Said], list[Said]]:
    """(agreed, rejected) by a majority: p > ½ and z > z90, by p·z falling, five each."""
    return _majority(agree, voters, usable, True), _majority(disagree, voters, usable, False)


def group_aware(counts: Counts, side: int = 0) -> Floats:
    """Π over groups of (n+1)/(N+2) per statement; side 0 agree, 1 disagree."""
    product: Floats = np.prod((counts[:, side] + 1) / (counts[:, 2] + 2), axis=0)
    return product


def priorities(agree: Counts, disagree: Counts, voters: Counts, reach: Floats, meta: Sequence[int] = ()) -> Floats:
    """How much asking each statement next would help: [(1−p̂ass)(reach+1)âgree(1+8·2^(−N/5))]²; meta statements 49."""
    passed = (voters - agree - disagree + 1) / (voters + 2)
    worth = (1 - passed) * (reach + 1) * ((agree + 1) / (voters + 2)) * (1 + 8 * 2.0 ** (-voters / 5))
    worth = worth * worth
    worth[list(meta)] = META_PRIORITY
    out: Floats = worth
    return out


def _majority(n: Counts, voters: Counts, usable: NDArray[np.bool_], agree: bool) -> list[Said]:
    p, z = (n + 1) / (voters + 2), one_proportion(n, voters)
    chosen = np.flatnonzero(usable & (p > 0.5) & (z > Z90))
    chosen = chosen[np.argsort(-(p * z)[chosen], kind="stable")][:MOST]
    return [Said(int(j), agree, int(n[j]), int(voters[j]), float(p[j]), float(z[j])) for j in chosen]


def _list(group: Counts, sides: Floats, usable: NDArray[np.bool_], most: int) -> list[Said]:
    for_it = sides[0][:, 3] > sides[1][:, 3]
    own = np.where(for_it[:, None], *sides)
    passes = usable & np.logical_or(*((side[:, 3] > Z90) & (side[:, 1] > Z90) for side in sides))
    enough = np.flatnonzero(passes)
    best = _best_agree(group, sides[0], usable)

    def said(j: int, best_agree: bool = False) -> Said:
        p, z, ratio, ratio_z = own[j].tolist()
        n = group[0 if for_it[j] else 1][j]
        return Said(int(j), bool(for_it[j]), int(n), int(group[2][j]), p, z, ratio, ratio_z, best_agree)

    head = [said(best, True)] if best is not None else []
    if not len(enough):
        return head or _best_of(sides, usable, said)
    rank = np.argsort(-own[enough].prod(1), kind="stable")
    chosen = (head + [said(j) for j in enough[rank][: most + 1] if j != best])[:most]
    return [one for one in chosen if one.agree] + [one for one in chosen if not one.agree]


def _sides(n: Counts, other: Counts, voters: Counts, others: Counts) -> Floats:
    """(groups, agree or disagree, statements, 4): p, its z, ratio, its z."""
    p = (n + 1) / (voters + 2)
    ratio = p / ((other + 1) / (others + 2))
    return np.stack([p, one_proportion(n, voters), ratio, two_proportions(n, other, voters, others)], -1)


def _best_agree(group: Counts, agree: Floats, usable: NDArray[np.bool_]) -> int | None:
    """One after another: the first that looks good at all, then whatever beats the best so far — by ratio·z·p·z where that one's
    ratio is above 1, else by p·z."""
    some = np.flatnonzero(usable & (group[0] + group[1] > 0))
    p, z, ratio, ratio_z = agree[some].T
    likely, apart = p * z, ratio * ratio_z * p * z
    better = (z > Z90) | ((ratio > 1) & (p > 0.5))
    best = -1
    while better.any():
        best += 1 + int(better.argmax())
        worth = apart if ratio[best] > 1 else likely
        better = worth[best + 1 :] > worth[best]
    return int(some[best]) if best >= 0 else None


def _best_of(sides: Floats, usable: NDArray[np.bool_], said: Any) -> list[Said]:
    """Where nothing is representative: the one with the largest two-proportion z of either side."""
    top = np.where(usable, np.maximum(sides[0][:, 3], sides[1][:, 3]), -np.inf)
    return [said(int(np.argmax(top)))] if len(top) and top.max() > 0 else []
