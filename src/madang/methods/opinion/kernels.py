"""The three loops over all votes: co-vote sums, moments along the axes, counts by group.

1. Compiled where numba is there, by scipy.sparse and numpy where it is not (or MADANG_NUMBA=0): the same numbers, bit for bit —
   whole numbers in any order, floats added in the order of the row by both.
2. One thread, no fast-math: a result does not depend on the machine's mood.

Rows are slices of shared pools: person p voted `val[s:s+n]` on statements `col[s:s+n]`, s = start[p], n = length[p].
"""

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

try:
    if os.environ.get("MADANG_NUMBA", "1") == "0":
        raise ImportError("switched off")
    import numba
except ImportError:
    COMPILED = False
else:
    COMPILED = True

Array = NDArray[Any]
U_STEP, S_STEP = np.int64(1) << np.int64(21), np.int64(1) << np.int64(42)
CHUNK = 1 << 22  # votes at a time: what is in hand stays in the cache
CROWD = (1 << 15) - 1  # people at a time: four sums of theirs fit into 64 bits


def chunks(length: Array) -> list[tuple[int, int]]:
    """Cut people into spans of at most CHUNK votes (or one person) and CROWD people."""
    if not len(length):
        return []
    total = np.cumsum(length, dtype=np.int64)
    spans, low = [], 0
    while low < len(length):
        before = int(total[low - 1]) if low else 0
        high = min(max(low + 1, int(np.searchsorted(total, before + CHUNK, "right"))), low + CROWD)
        spans.append((low, high))
        low = high
    return spans


def flat(start: Array, length: Array) -> tuple[Array, Array]:
    """(person, place in the pools) of every vote of these rows."""
    person = np.repeat(np.arange(len(start)), length)
    before = np.cumsum(length, dtype=np.int64) - length
    return person, np.arange(len(person)) - np.repeat(before - start, length)


def pairs(packed: Array, start: Array, length: Array, col: Array, val: Array, sign: int) -> None:
    """Add (or, with −1, take away) N + U·2²¹ + S·2⁴² of these rows to every pair of statements, in place. O(Σ n² + C²)."""
    for low, high in chunks(length):
        if COMPILED:
            _pairs(packed, start[low:high], length[low:high], col, val, sign)
        else:
            _pairs_sparse(packed, start[low:high], length[low:high], col, val, sign)


def moments(start: Array, length: Array, col: Array, val: Array, mean: Array, comps: Array, used: Array) -> Array:
    """Per person Σxa, Σxb, Σaa, Σab, Σbb over own votes, and Σused; x = vote − mean, (a, b) = the axes at the statement,
    `used` a 0/1 float per statement. (people, 6)."""
    if COMPILED:
        out: Array = _moments(start, length, col, val, mean, comps[0].copy(), comps[1].copy(), used)
        return out
    whole = np.zeros((len(start), 6))
    for low, high in chunks(length):
        person, place = flat(start[low:high], length[low:high])
        topic = col[place]
        x, a, b = val[place] - mean[topic], comps[0][topic], comps[1][topic]
        for k, weight in enumerate((x * a, x * b, a * a, a * b, b * b, used[topic])):
            whole[low:high, k] = np.bincount(person, weight, minlength=high - low)
    return whole


def group_counts(start: Array, length: Array, col: Array, val: Array, label: Array, groups: int, topics: int) -> Array:
    """Agree, disagree, all votes of each group on each statement: int64 (groups, 3, topics). Label −1 belongs to none."""
    if COMPILED:
        out: Array = _group_counts(start, length, col, val, label, groups, topics)
        return out
    whole = np.zeros((groups, 3, topics), np.int64)
    inside = np.flatnonzero(label >= 0)
    for low, high in chunks(length[inside]):
        some = inside[low:high]
        person, place = flat(start[some], length[some])
        key, value = label[some][person].astype(np.int64) * topics + col[place], val[place]
        for k, chosen in enumerate((value == 1, value == -1, slice(None))):
            whole[:, k] += np.bincount(key[chosen], minlength=groups * topics).reshape(groups, topics)
    return whole


def _pairs_sparse(packed: Array, start: Array, length: Array, col: Array, val: Array, sign: int) -> None:
    from scipy.sparse import csr_array  # noqa: PLC0415 — only where numba is not

    _, place = flat(start, length)
    edge = np.concatenate([[0], np.cumsum(length, dtype=np.int64)])
    shape = (len(start), len(packed))
    voted = csr_array((np.ones(len(place), np.int64), col[place].astype(np.int64), edge), shape)
    value = csr_array((val[place].astype(np.int64), col[place].astype(np.int64), edge), shape)
    for step, product in ((1, voted.T @ voted), (U_STEP, value.T @ voted), (S_STEP, value.T @ value)):
        pair = product.tocoo()
        packed[pair.row, pair.col] += pair.data * (step * sign)


if COMPILED:

    @numba.njit(cache=True)  # type: ignore[misc, untyped-decorator, unused-ignore]
    def _pairs(packed, start, length, col, val, sign):  # type: ignore[no-untyped-def]
        topics = packed.shape[0]
        first = np.zeros(topics + 1, np.int64)
        for p in range(len(start)):
            for q in range(start[p], start[p] + length[p]):
                first[col[q] + 1] += 1
        for j in range(topics):
            first[j + 1] += first[j]
        spot = first.copy()
        here = np.empty(first[topics], np.int64)
        stop = np.empty(first[topics], np.int64)
        for p in range(len(start)):
            for q in range(start[p], start[p] + length[p]):
                j = col[q]
                here[spot[j]] = q
                stop[spot[j]] = start[p] + length[p]
                spot[j] += 1
        line = np.zeros(topics, np.int64)
        for j in range(topics):  # one statement's line of sums stays near while everyone who voted on it passes by
            for x in range(first[j], first[j + 1]):  # rows are sorted: from here on, each pair once
                v = np.int64(val[here[x]])
                base = 1 + (v << 16)
                step = (np.int64(1) << 32) + (v << 48)
                for q in range(here[x], stop[x]):
                    line[col[q]] += base + step * val[q]
            for i in range(j, topics):
                rest = line[i]
                if rest == 0:
                    continue
                line[i] = 0
                count = rest & 0xFFFF
                rest = (rest - count) >> 16
                own = ((rest + 0x8000) & 0xFFFF) - 0x8000
                rest = (rest - own) >> 16
                other = ((rest + 0x8000) & 0xFFFF) - 0x8000
                both = sign * (count + ((rest - other) >> 16) * S_STEP)
                packed[j, i] += both + sign * own * U_STEP
                if i != j:
                    packed[i, j] += both + sign * other * U_STEP

    @numba.njit(cache=True)  # type: ignore[misc, untyped-decorator, unused-ignore]
    def _moments(start, length, col, val, mean, first, second, used):  # type: ignore[no-untyped-def]
        out = np.empty((len(start), 6))
        for p in range(len(start)):
            xa = xb = aa = ab = bb = number = 0.0
            for q in range(start[p], start[p] + length[p]):
                j = col[q]
                x, a, b = val[q] - mean[j], first[j], second[j]
                xa += x * a
                xb += x * b
                aa += a * a
                ab += a * b
                bb += b * b
                number += used[j]
            out[p, 0], out[p, 1], out[p, 2], out[p, 3], out[p, 4], out[p, 5] = xa, xb, aa, ab, bb, number
        return out

    @numba.njit(cache=True)  # type: ignore[misc, untyped-decorator, unused-ignore]
    def _group_counts(start, length, col, val, label, groups, topics):  # type: ignore[no-untyped-def]
        out = np.zeros((groups, 3, topics), np.int64)
        for p in range(len(start)):
            g = label[p]
            if g < 0:
                continue
            for q in range(start[p], start[p] + length[p]):
                j = col[q]
                out[g, 2, j] += 1
                if val[q] == 1:
                    out[g, 0, j] += 1
                elif val[q] == -1:
                    out[g, 1, j] += 1
        return out
