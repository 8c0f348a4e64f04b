"""Polis' own clustering, for comparison: it depends on who came first, and on what people are called.

1. Base clusters: k-means, k = 100, on the places of those who are in; begins with the first 100 distinct places in the order of
   ids; at most 100 rounds, until no centre moves by 0.01.
2. Groups: weighted k-means over the base centres, k = 2 … min(5, 2 + ⌊bases/12⌋), begins with the first k distinct, 20 rounds; the k of
   the largest plain silhouette of the base centres, the smallest of equals.
3. In are those with min(7, statements) votes; where they are fewer than 15, those with most votes fill up to 15.

From a cold start; Polis itself goes on from the groups before and waits four updates for a new k.
"""

import numpy as np

from madang.methods.opinion.axes import Floats
from madang.methods.opinion.covotes import Ints
from madang.methods.opinion.groups import Grouping
from madang.methods.opinion.kernels import Array

BASES, BASE_ROUNDS, GROUP_ROUNDS, STILL = 100, 100, 20, 0.01
ENOUGH_VOTES, ENOUGH_PEOPLE = 7, 15


def taken_in(votes: Array, order: Ints, statements: int) -> Ints:
    """The places of those who are in, in `order`; `votes` = number of votes of each person."""
    enough = order[votes[order] >= min(ENOUGH_VOTES, statements)]
    if len(enough) >= ENOUGH_PEOPLE:
        return enough
    most = order[np.argsort(-votes[order], kind="stable")][:ENOUGH_PEOPLE]
    inside = set(most.tolist()) | set(enough.tolist())
    return np.array([who for who in order.tolist() if who in inside], np.int64)


def group(xy: Floats, who: Ints, k: int | None = None) -> Grouping:
    """Group the people `who` (places in xy, in the order of their ids)."""
    label = np.full(len(xy), -1, np.int64)
    if not len(who):
        return Grouping(label, (), np.zeros((0, 2)), {})
    base, centres = _kmeans(xy[who], np.ones(len(who)), BASES, BASE_ROUNDS)
    weight = np.bincount(base, minlength=len(centres)).astype(float)
    most = min(5, 2 + len(centres) // 12)
    found, scores = {}, {}
    for number in range(2, most + 1) if k is None else [k]:
        of, middle = _kmeans(centres, weight, number, GROUP_ROUNDS)
        found[number], scores[number] = (of, middle), _silhouette(centres, of, len(middle))
    of, middle = found[max(scores, key=lambda number: (scores[number], -number))]
    label[who] = of[base]
    return Grouping(label, tuple(range(len(middle))), middle, scores if k is None else {len(middle): scores[k]})


def _kmeans(points: Floats, weight: Floats, number: int, rounds: int) -> tuple[Ints, Floats]:
    """(cluster of each point, centres); clusters nobody is in are dropped."""
    _, first = np.unique(points, axis=0, return_index=True)
    centres = points[np.sort(first)[:number]]
    label = np.zeros(len(points), np.int64)
    for _ in range(rounds):
        far = ((points[:, None] - centres[None]) ** 2).sum(2)
        near = far.argmin(1)
        kept, label = np.unique(near, return_inverse=True)
        size = np.bincount(label, weight)
        middle = np.stack([np.bincount(label, weight * points[:, axis]) for axis in (0, 1)], 1) / size[:, None]
        still = np.sqrt(((middle - centres[kept]) ** 2).sum(1)).max() < STILL and len(kept) == len(centres)
        centres = middle
        if still:
            break
    return label.astype(np.int64), centres


def _silhouette(points: Floats, label: Ints, number: int) -> float:
    if number < 2:
        return 0.0
    apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(2))
    inside = np.eye(number)[label]
    size, total = inside.sum(0), apart @ inside
    spot = np.arange(len(label))
    own = total[spot, label] / np.maximum(size[label] - 1, 1)
    others = total / size
    others[spot, label] = np.inf
    other = others.min(1)
    larger = np.maximum(own, other)
    score = np.where((size[label] > 1) & (larger > 0), (other - own) / np.where(larger > 0, larger, 1), 0)
    return float(score.mean())
