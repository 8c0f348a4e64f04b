"""Where people stand on the two axes: Polis' scaling, and the ridge place with its uncertainty.

1. Polis: r_p·√(C/n_p), r_p = Σ over own votes (vote − mean)·axis, n_p = own votes in use + all statements moderated out (Polis
   writes a 0 there for everybody).
2. Ridge: vote − mean = axis·z + noise, z from a normal law around 0 with variances `spread`, noise `noise`; the place is the
   posterior mean (G + noise·diag(1/spread))⁻¹ r with G = Σ axis·axisᵀ over own votes, and noise·(G + …)⁻¹ its covariance.
   So a few votes say little and are not blown up, and everyone knows how sure their place is.
3. spread and noise are moments of all votes, added as whole numbers (units of 2⁻²⁰): no order of people changes them.
"""

from dataclasses import dataclass

import numpy as np

from madang.methods.opinion.axes import Axes, Floats
from madang.methods.opinion.conversation import Conversation
from madang.methods.opinion.covotes import Ints
from madang.methods.opinion.kernels import moments

UNIT = 2.0**20


@dataclass(frozen=True, slots=True)
class Prior:
    """What is thought of a person before any vote: variances along the axes (2,), and the noise of one vote."""

    spread: Floats
    noise: float


@dataclass(frozen=True, slots=True)
class Place:
    """A point and its covariance (xx, xy, yy)."""

    xy: Floats
    covariance: Floats


def polis_places(conversation: Conversation, of: Axes) -> Floats:
    """(people, 2) by Polis' scaling; people as in `conversation.people`."""
    sums = _sums(conversation, of, slice(0, conversation.rows.people))
    cells = np.maximum(sums[:, 5] + (of.columns - len(of.live)), 1)
    scaled: Floats = sums[:, :2] * np.sqrt(of.columns / cells)[:, None]
    return scaled


def ridge_places(conversation: Conversation, of: Axes) -> tuple[Floats, Floats, Prior]:
    """Everybody's place (people, 2), its covariance (people, 3: xx, xy, yy) and the prior they share."""
    sums = _sums(conversation, of, slice(0, conversation.rows.people))
    prior = _prior(sums, of, int(conversation.counts()[2][of.live].sum()))
    xy, covariance = _solve(sums, prior)
    return xy, covariance, prior


def ridge_place(conversation: Conversation, of: Axes, prior: Prior, person: str) -> Place:
    """One person's place: the same bits as in `ridge_places`. O(own votes). Raises KeyError for a stranger."""
    who = conversation.place_of(person)
    xy, covariance = _solve(_sums(conversation, of, slice(who, who + 1)), prior)
    return Place(xy[0], covariance[0])


def known(covariance: Floats, prior: Prior) -> Ints:
    """How well a person's place along the first axis is known: 1 not at all … 9 wholly."""
    share = 1 - covariance[:, 0] / prior.spread[0]
    return np.asarray(np.rint(8 * np.clip(share, 0, 1)), np.int64) + 1


def extremity(of: Axes) -> Floats:
    """How far a lone agree on each statement would carry its voter from the middle: √C·|1 − mean|·‖axes‖."""
    reach: Floats = np.sqrt(of.columns) * np.abs(1 - of.mean) * np.hypot(of.comps[0], of.comps[1])
    return reach


def _sums(conversation: Conversation, of: Axes, who: slice) -> Floats:
    rows, used = conversation.rows, np.zeros(len(of.mean))
    used[of.live] = 1.0
    sums: Floats = moments(rows.start[who], rows.length[who], rows.col, rows.val, of.mean, of.comps, used)
    return sums


def _prior(sums: Floats, of: Axes, votes: int) -> Prior:
    """Moments: E r² = spread·g² + noise·g for g = G's diagonal, and what the axes leave of the votes' variance is noise."""
    noise = of.trace / max(votes, 1)
    spread = np.ones(2)
    totals = [(_total(sums[:, 2 + 2 * k]), _total(sums[:, 2 + 2 * k] ** 2), _total(sums[:, k] ** 2)) for k in (0, 1)]
    for _ in range(3):
        explained = 0.0
        for k, (g, square, r) in enumerate(totals):
            spread[k] = max((r - noise * g) / square, 1e-3 * noise) if square > 0 else 1.0
            explained += spread[k] * g
        noise = max((of.trace - explained) / max(votes, 1), 1e-3 * of.trace / max(votes, 1), 1e-12)
    return Prior(spread, noise)


def _total(values: Floats) -> float:
    """A sum that no order changes."""
    return int(np.rint(values * UNIT).astype(np.int64).sum()) / UNIT


def _solve(sums: Floats, prior: Prior) -> tuple[Floats, Floats]:
    xx = sums[:, 2] + prior.noise / prior.spread[0]
    yy = sums[:, 4] + prior.noise / prior.spread[1]
    xy = sums[:, 3]
    area = xx * yy - xy * xy
    x = (yy * sums[:, 0] - xy * sums[:, 1]) / area
    y = (xx * sums[:, 1] - xy * sums[:, 0]) / area
    covariance = np.stack([yy / area, -xy / area, xx / area], 1) * prior.noise
    return np.stack([x, y], 1), covariance
