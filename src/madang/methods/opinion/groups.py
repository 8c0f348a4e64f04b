"""Groups of people who stand near each other, whatever order they came in and whatever they are called.

1. Places become whole numbers (2⁻¹⁶ of the spread), people become the weights of 32 × 32 cells, a cell stands at the mean of its
   people; all sums are of whole numbers. So no order and no name of people changes anything: the same places, the same groups.
   Who is better known counts for more in drawing the lines (1 … 9); everyone belongs to the nearest centre.
2. k by the weighted silhouette among those whose smallest group is large enough: the smallest k within 0.03 of the best, so that a
   hair's breadth does not make a new group; with a memory, k changes only when another k has been better by 0.03 (or this k has
   left a group too small) four times running, while the votes grew by a tenth.
3. Twelve fixed starts, the smallest weighted sum of squares wins, the first of equals.
4. Groups are numbered by size (ties: by the centre's place), or as those before them whom they share most people with.
"""

from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np

from madang.methods.opinion.axes import Floats
from madang.methods.opinion.covotes import Ints
from madang.methods.opinion.kernels import Array, lloyd

UNIT, REACH, SIDE = 1 << 16, 4, 32  # steps of a spread; spreads from the middle to the edge; cells along an edge
STARTS, STEPS, MOST_GROUPS = 12, 60, 5
MARGIN, PATIENCE, GROWTH = 0.03, 4, 1.1
CHANCE = np.stack([np.random.Generator(np.random.PCG64(seed)).random(20) for seed in range(STARTS)])


@dataclass(frozen=True, slots=True)
class Grouping:
    """label: group of each person, −1 for none; ids: the name of each group; centres (k, 2); silhouettes by k.

    `rival`, `waiting`, `since`: which other k is better now, for how many updates it has been, and how many votes there were when it
    came up (what hysteresis remembers).
    """

    label: Ints
    ids: tuple[int, ...]
    centres: Floats
    silhouettes: dict[int, float]
    rival: int = 0
    waiting: int = 0
    since: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def silhouette(self) -> float:
        """Of the k in use: near 1 far apart, near 0 no clear groups."""
        return self.silhouettes.get(len(self), 0.0)


@dataclass(frozen=True, slots=True)
class _Cells:
    points: Floats
    weight: Floats
    square: Floats
    distance: Floats
    unit: float


def smallest(people: int) -> int:
    """The least size of a group: 5 % of the people and ten of them (a quarter in a small circle), never fewer than two."""
    return max(-(-people // 20), min(10, people // 4), 2)


def group(
    xy: Floats,
    placed: Array,
    weight: Array | None = None,
    k: int | None = None,
    before: Grouping | None = None,
    votes: int = 0,
) -> Grouping:
    """Group the people whose `placed` is true by their places (people, 2). O(people × k + starts × cells × k).

    `weight`: whole numbers, how much a person counts in drawing the lines; `k` fixes the number of groups; `before`: the grouping of
    the update before, of the same people (more may have come); `votes`: how many there are now.
    """
    who = np.flatnonzero(placed)
    cells = _cells(xy[who], np.ones(len(who), np.int64) if weight is None else weight[who])
    made = _ways(xy[who], cells, k) if cells is not None else {}
    scores = {number: score for number, (_, _, score) in made.items()}
    least, now = smallest(len(who)) if k is None else 0, len(before) if before is not None else 0
    fair = {  # the k in use may have a group of half the size
        number
        for number, (label, _, _) in made.items()
        if int(np.bincount(label, minlength=number).min()) >= (-(-least // 2) if number == now else least)
    }
    number, rival, waiting, since = _choose(scores, fair, before, votes)
    label = np.full(len(xy), -1, np.int64)
    label[who], centres, _ = made.get(number, (0, _middle(xy[who]), 0.0))
    label, centres = _by_size(label, centres)
    found = Grouping(label, tuple(range(len(centres))), centres, scores, rival, waiting, since)
    return found if before is None else _named_after(before, found)


def _ways(xy: Floats, cells: _Cells, k: int | None) -> dict[int, tuple[Ints, Floats, float]]:
    """(label of each person, centres, silhouette) for every number of groups worth looking at."""
    most = min(MOST_GROUPS if k is None else k, len(cells.weight))
    made, chosen = {}, _starts(cells, most)
    for number in range(2 if k is None else most, most + 1):
        if number < 2:
            continue
        of, centres = _best(cells, chosen[:number])
        label = nearest(xy, centres * cells.unit)
        made[number] = label, centres * cells.unit, _silhouette(cells, of, number)
    return made


def nearest(xy: Floats, centres: Floats) -> Ints:
    """The nearest centre of each place, the first of equals."""
    far = np.stack([(xy[:, 0] - x) ** 2 + (xy[:, 1] - y) ** 2 for x, y in centres], 1)
    return np.asarray(far.argmin(1), np.int64)


def sureness(xy: Floats, covariance: Floats, centres: Floats, label: Array) -> Floats:
    """At least how sure it is that a person is nearest to the centre of their group: 1 − Σ over other groups of the chance to be
    beyond the line halfway (a bound that is exact for two groups). 0 without a group."""
    from scipy.special import ndtr  # noqa: PLC0415 — takes a while to load

    beyond = np.zeros(len(xy))
    own = centres[np.maximum(label, 0)] if len(centres) else np.zeros_like(xy)
    for g in range(len(centres)):
        way = own - centres[g]
        length = np.sqrt((way**2).sum(1))
        other = length > 0
        unit = way / np.where(other, length, 1)[:, None]
        ahead = ((xy - (own + centres[g]) / 2) * unit).sum(1)
        spread = covariance[:, 0] * unit[:, 0] ** 2 + covariance[:, 2] * unit[:, 1] ** 2
        spread = spread + 2 * covariance[:, 1] * unit[:, 0] * unit[:, 1]
        beyond += np.where(other, ndtr(-ahead / np.sqrt(np.maximum(spread, 1e-300))), 0)
    sure: Floats = np.where(label >= 0, np.maximum(1 - beyond, 0), 0)
    return sure


def _cells(xy: Floats, weight: Array) -> _Cells | None:
    square = int(np.rint((xy**2).sum(1) * UNIT).astype(np.int64).sum()) / UNIT / max(len(xy), 1)
    if square <= 0:
        return None
    edge, unit = REACH * UNIT, float(np.sqrt(square))
    whole = np.clip(np.rint(xy * (UNIT / unit)), -edge, edge).astype(np.int64)
    box = np.minimum((whole + edge) // (2 * edge // SIDE), SIDE - 1)
    cell = box[:, 0] * SIDE + box[:, 1]
    total = np.bincount(cell, weight, minlength=SIDE * SIDE)  # whole numbers below 2⁵³, here and below: exact
    held = np.flatnonzero(total)
    sums = np.stack([np.bincount(cell, weight * whole[:, axis], minlength=SIDE * SIDE) for axis in (0, 1)], 1)
    points: Floats = sums[held] / total[held, None] / UNIT
    apart = (points[:, None, 0] - points[None, :, 0]) ** 2 + (points[:, None, 1] - points[None, :, 1]) ** 2
    return _Cells(points, np.asarray(total[held], float), apart, np.sqrt(apart), unit)


def _best(cells: _Cells, chosen: Ints) -> tuple[Ints, Floats]:
    """(group of each cell, centres) of the best of all starts; arrays are (groups, starts, …) inside."""
    x, y = np.ascontiguousarray(cells.points.T)
    across, down = x[chosen], y[chosen]
    label, far = lloyd(x, y, cells.weight, across, down, STEPS) or _moved(x, y, cells.weight, across, down)
    best = int(np.argmin(np.round((far * cells.weight).sum(1), 9)))
    return label[best], np.stack([across[:, best], down[:, best]], 1)


def _moved(x: Floats, y: Floats, weights: Floats, across: Floats, down: Floats) -> tuple[Ints, Floats]:
    """What `kernels.lloyd` does, all starts at once."""
    number = len(across)
    weight, offset = np.tile(weights, STARTS), np.arange(STARTS)[:, None] * number
    loads = np.tile(weights * x, STARTS), np.tile(weights * y, STARTS)
    label, far = _assigned(x, y, across, down)
    for _ in range(STEPS):
        before, key = label, (label + offset).ravel()
        size = np.bincount(key, weight, minlength=STARTS * number)
        for axis, load in zip((across, down), loads, strict=True):
            total = np.bincount(key, load, minlength=STARTS * number)
            mean = np.where(size > 0, total / np.where(size > 0, size, 1), axis.T.ravel())
            axis[:] = mean.reshape(STARTS, number).T
        label, far = _assigned(x, y, across, down)
        if (label == before).all():
            break
    return label, far


def _assigned(x: Floats, y: Floats, across: Floats, down: Floats) -> tuple[Ints, Floats]:
    """(starts, cells): the nearest centre, the first of equals, and how far (squared)."""
    label = np.zeros((across.shape[1], len(x)), np.int64)
    least = (x[None] - across[0][:, None]) ** 2 + (y[None] - down[0][:, None]) ** 2
    for g in range(1, len(across)):
        far = (x[None] - across[g][:, None]) ** 2 + (y[None] - down[g][:, None]) ** 2
        nearer = far < least
        label[nearer] = g
        least = np.minimum(least, far)
    return label, least


def _starts(cells: _Cells, number: int) -> Ints:
    """(number, starts): the cells k-means++ begins with, by the chance of fixed seeds; fewer groups begin with the first of them."""
    chosen = np.empty((number, STARTS), np.int64)
    worth, near = np.tile(cells.weight, (STARTS, 1)), np.full((STARTS, len(cells.weight)), np.inf)
    for turn in range(number):
        total = worth.cumsum(1)
        drawn = (total <= (CHANCE[:, turn] * total[:, -1])[:, None]).sum(1)
        chosen[turn] = np.minimum(drawn, len(cells.weight) - 1)
        near = np.minimum(near, cells.square[chosen[turn]])
        worth = cells.weight * near
        worth[~worth.any(1)] = cells.weight
    return chosen


def _silhouette(cells: _Cells, label: Ints, number: int) -> float:
    """Mean over people; people of one cell are 0 apart."""
    inside = np.zeros((len(label), number))
    inside[np.arange(len(label)), label] = cells.weight
    size = inside.sum(0)
    apart = cells.distance @ inside
    own = apart[np.arange(len(label)), label] / np.maximum(size[label] - 1, 1)
    others = apart / np.maximum(size, 1)
    others[np.arange(len(label)), label] = np.inf
    other = np.where(size[None, :] > 0, others, np.inf).min(1)
    larger = np.maximum(own, other)
    score = np.where((size[label] > 1) & np.isfinite(other) & (larger > 0), (other - own) / np.where(larger > 0, larger, 1), 0)
    return float(round((score * cells.weight).sum() / cells.weight.sum(), 9))


def _choose(scores: dict[int, float], fair: set[int], before: Grouping | None, votes: int) -> tuple[int, int, int, int]:
    """(k, which other k waits, for how long, since how many votes). `fair`: the k without a group that is too small."""
    able = {number: score for number, score in scores.items() if number in fair}
    top = min((number for number, score in able.items() if score >= max(able.values()) - MARGIN), default=0)
    now = len(before) if before is not None else 0
    if before is None or not now or top == now or (now > 1 and now not in scores):
        return top, 0, 0, 0
    if now in fair and scores[top] <= scores[now] + MARGIN:
        return now, 0, 0, 0
    waiting, since = (before.waiting + 1, before.since) if before.rival == top and before.waiting else (1, votes)
    if waiting >= PATIENCE and votes >= GROWTH * since:
        return top, 0, 0, 0
    return now, top, waiting, since


def _middle(xy: Floats) -> Floats:
    """One group of all: its centre; none of nobody."""
    if not len(xy):
        return np.zeros((0, 2))
    return np.asarray(np.rint(xy * UNIT).sum(0)[None] / len(xy) / UNIT)


def _by_size(label: Ints, centres: Floats) -> tuple[Ints, Floats]:
    """Number the groups 0, 1, … by size, those of a size by their centres."""
    size = np.bincount(label[label >= 0], minlength=len(centres))
    order = sorted(range(len(centres)), key=lambda g: (-size[g], *centres[g].tolist()))
    rank = np.zeros(max(len(centres), 1), np.int64)
    rank[order] = np.arange(len(centres))
    return np.where(label >= 0, rank[np.maximum(label, 0)], -1), centres[order]


def _named_after(before: Grouping, made: Grouping) -> Grouping:
    """Give each group the id of the group before that it shares most people with; a new group gets the least free id."""
    old = np.full(len(made.label), -1, np.int64)
    old[: len(before.label)] = before.label
    both = (old >= 0) & (made.label >= 0)
    width = max(len(before), len(made))
    shared = np.zeros((width, width), np.int64)
    np.add.at(shared, (made.label[both], old[both]), 1)
    ways = permutations(range(width), len(made))
    best = max(ways, key=lambda way: (sum(int(shared[g, to]) for g, to in enumerate(way)), tuple(-to for to in way)))
    taken = {before.ids[to] for to in best if to < len(before)}
    free = iter(number for number in range(2 * width + 1) if number not in taken)
    ids = [before.ids[to] if to < len(before) else next(free) for to in best]
    order = sorted(range(len(made)), key=lambda g: ids[g])
    rank = np.zeros(max(len(made), 1), np.int64)
    rank[order] = np.arange(len(made))
    label = np.where(made.label >= 0, rank[np.maximum(made.label, 0)], -1)
    return replace(made, label=label, ids=tuple(sorted(ids)), centres=made.centres[order])
