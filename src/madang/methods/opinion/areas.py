"""What unites, what divides, what nobody is sure of — each with how sure that is, over all statements at once.

1. Only statements with at least `least` votes in every group are looked at: few votes say little, and tell on people.
2. Unites: in every group more than half take the same side. Its p-value is the worst group's; its score the geometric mean over
   groups of the share (Jeffreys: (n+½)/(N+1)), which does not shrink with the number of groups.
3. Divides: the widest gap between two groups' shares of agreement; two-proportion z, times the number of pairs of groups.
4. Unsure: more than a fifth pass.
5. Claims are those that Benjamini and Hochberg (1995) let stand at a rate of false claims of 10 %.
6. Bridging: vote = μ + i_person + i_statement + f_person·f_statement by alternating least squares, as Community Notes does
   (Wojcik et al. 2022; weights 0.15 and 0.03): i_statement is what is liked beyond the first divide. Needs no groups.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from madang.methods.opinion.axes import Axes, Floats
from madang.methods.opinion.conversation import Conversation
from madang.methods.opinion.kernels import flat
from madang.methods.opinion.portraits import Counts, two_proportions

FALSE_CLAIMS, UNSURE, ROUNDS = 0.10, 0.2, 20
OFFSETS, FACTORS = 0.15, 0.03


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement on one of the three lists. side: 1 agreed, −1 rejected, 0 neither; score in [0, 1]; p: how likely such counts are if
    the claim is false; between: the two groups furthest apart (divides only)."""

    topic: int
    side: int
    score: float
    p: float
    between: tuple[int, int] = (-1, -1)


@dataclass(frozen=True, slots=True)
class Areas:
    """The three lists, strongest first."""

    unites: list[Claim]
    divides: list[Claim]
    unsure: list[Claim]


def areas(counts: Counts, usable: NDArray[np.bool_], least: int = 10) -> Areas:
    """The claims that hold, from counts (groups, 3, statements)."""
    if not len(counts):
        return Areas([], [], [])
    topics = np.flatnonzero(usable & (counts[:, 2] >= least).all(0))
    some = counts[:, :, topics]
    return Areas(_unites(some, topics), _divides(some, topics), _unsure(some.sum(0), topics))


def uniting(counts: Counts, side: int = 0) -> Floats:
    """Geometric mean over groups of (n+½)/(N+1); side 0 agree, 1 disagree."""
    share = (counts[:, side] + 0.5) / (counts[:, 2] + 1)
    mean: Floats = np.exp(np.log(share).sum(0) / max(len(counts), 1))
    return mean


def bridging(conversation: Conversation, of: Axes) -> Floats:
    """i_statement of every statement, NaN for those not in use. O(rounds × votes); the same for any order of people."""
    rows, order = conversation.rows, conversation.order()
    person, place = flat(rows.start[order], rows.length[order])
    used = np.zeros(len(of.mean), bool)
    used[of.live] = True
    kept = used[rows.col[place]]
    person, topic, vote = person[kept], rows.col[place][kept].astype(np.int64), rows.val[place][kept].astype(float)
    out = np.full(len(of.mean), np.nan)
    if not len(vote):
        return out
    people, topics = len(order), len(of.mean)
    middle = float(vote.mean())
    like, factor = np.zeros(topics), of.comps[0] * math.sqrt(max(len(of.live), 1))
    for _ in range(ROUNDS):
        kind, lean = _half(person, vote - middle - like[topic], factor[topic], people)
        like, factor = _half(topic, vote - middle - kind[person], lean[person], topics)
    out[of.live] = like[of.live]
    return out


def false_claims(p: Sequence[float], rate: float = FALSE_CLAIMS) -> list[bool]:
    """Which of these tests stand (Benjamini–Hochberg)."""
    sizes = np.asarray(p, float)
    order = np.argsort(sizes, kind="stable")
    ranks = np.flatnonzero(sizes[order] <= rate * np.arange(1, len(sizes) + 1) / max(len(sizes), 1))
    stands = np.zeros(len(sizes), bool)
    stands[order[: ranks[-1] + 1 if len(ranks) else 0]] = True
    return [bool(one) for one in stands.tolist()]


def _half(key: NDArray[np.int64], rest: Floats, other: Floats, size: int) -> tuple[Floats, Floats]:
    """Offset and factor of each person (or statement) given those of the other side: 2 × 2 ridge regressions."""
    n, x = np.bincount(key, minlength=size) + OFFSETS, np.bincount(key, other, minlength=size)
    xx = np.bincount(key, other * other, minlength=size) + FACTORS
    y, xy = np.bincount(key, rest, minlength=size), np.bincount(key, other * rest, minlength=size)
    area = n * xx - x * x
    return (xx * y - x * xy) / area, (n * xy - x * y) / area


def _unites(some: Counts, topics: NDArray[np.int64]) -> list[Claim]:
    shares = [uniting(some, 0), uniting(some, 1)]
    side = (shares[0] < shares[1]).astype(np.int64)
    sided = np.where(side == 0, some[:, 0], some[:, 1])
    worst = _above(sided, some[:, 2], 0.5).max(0)
    return _standing(topics, 1 - 2 * side, np.maximum(*shares), worst)


def _divides(some: Counts, topics: NDArray[np.int64]) -> list[Claim]:
    pairs = list(combinations(range(len(some)), 2))
    if not pairs:
        return []
    share = (some[:, 0] + 0.5) / (some[:, 2] + 1)
    gaps = np.stack([np.abs(share[a] - share[b]) for a, b in pairs])
    z = np.stack([two_proportions(some[a, 0], some[b, 0], some[a, 2], some[b, 2]) for a, b in pairs])
    widest, spot = gaps.argmax(0), np.arange(len(topics))
    p = np.minimum(1.0, len(pairs) * 2 * _tail(np.abs(z[widest, spot])))
    return _standing(topics, np.zeros(len(topics), np.int64), gaps[widest, spot], p, [pairs[pair] for pair in widest])


def _unsure(whole: Counts, topics: NDArray[np.int64]) -> list[Claim]:
    passes = whole[2] - whole[0] - whole[1]
    share = (passes + 0.5) / (whole[2] + 1)
    return _standing(topics, np.zeros(len(topics), np.int64), share, _above(passes, whole[2], UNSURE))


def _standing(
    topics: NDArray[np.int64], side: NDArray[np.int64], score: Floats, p: Floats, between: Sequence[tuple[int, int]] = ()
) -> list[Claim]:
    kept = np.flatnonzero(false_claims(p.tolist()))
    kept = kept[np.lexsort((topics[kept], -score[kept]))]
    columns = zip(kept.tolist(), *(part[kept].tolist() for part in (topics, side, score, p)), strict=True)
    return [Claim(topic, way, worth, chance, between[at] if between else (-1, -1)) for at, topic, way, worth, chance in columns]


def _above(n: NDArray[np.int64], voters: NDArray[np.int64], share: float) -> Floats:
    """One-sided p-value of n of `voters` when each does with chance `share` at most (normal, corrected for whole numbers)."""
    size = np.maximum(voters, 1)
    return np.where(voters > 0, _tail((n - 0.5 - voters * share) / np.sqrt(size * share * (1 - share))), 1.0)


def _tail(z: Floats) -> Floats:
    from scipy.special import ndtr  # noqa: PLC0415 — takes a while to load

    return np.asarray(ndtr(-z))
