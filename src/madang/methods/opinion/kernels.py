"""The loops worth compiling: co-vote sums, moments along the axes, counts by group; the scatter and the moving of centres.

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


def scatter(packed: Array, live: Array, mean: Array) -> Array | None:
    """(S − (U·m + Uᵀ·m)) + m·m·N of these statements out of packed sums; None where it is not compiled."""
    return _scatter(packed, live, mean) if COMPILED else None


def lloyd(x: Array, y: Array, weight: Array, across: Array, down: Array, steps: int) -> tuple[Array, Array] | None:
    """Move the centres (groups, starts), in place, to the means of the weighted points nearest to them until nothing moves; (group
    of each point, how far, squared), both (starts, points). None where it is not compiled."""
    return _lloyd(x, y, weight, across, down, steps) if COMPILED else None


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
        votes = 0
        first = np.zeros(topics + 1, np.int64)
        for p in range(len(start)):
            votes += length[p]
            for q in range(start[p], start[p] + length[p]):
                first[col[q] + 1] += 1
        for j in range(topics):
            first[j + 1] += first[j]
        spot = first.copy()
        here, stop = np.empty(votes, np.uint64), np.empty(votes, np.uint64)
        weigh, code = np.empty(votes, np.int32), np.empty(votes, np.uint16)
        low = 0
        for p in range(len(start)):
            for q in range(start[p], start[p] + length[p]):
                j = col[q]
                here[spot[j]], stop[spot[j]] = low + q - start[p], low + length[p]
                weigh[spot[j]] = 1 + val[q] * 65536
                spot[j] += 1
                code[low + q - start[p]] = (val[q] + 1) * topics + j
            low += length[p]
        line = np.zeros(3 * topics, np.int32)  # against disagrees, passes, agrees of the others: number, and sum of own votes · 2¹⁶
        for j in range(topics):  # one statement's line of sums stays near while everyone who voted on it passes by
            for x in range(first[j], first[j + 1]):  # rows are sorted: from here on, each pair once
                step = weigh[x]
                for q in range(here[x], stop[x]):
                    line[code[q]] += step
            for i in range(j, topics):
                no, so, yes = line[i], line[topics + i], line[2 * topics + i]
                line[i] = line[topics + i] = line[2 * topics + i] = 0
                count = np.int64((no & 0xFFFF) + (so & 0xFFFF) + (yes & 0xFFFF))
                own = np.int64((no >> 16) + (so >> 16) + (yes >> 16))
                other = np.int64((yes & 0xFFFF) - (no & 0xFFFF))
                both = sign * (count + np.int64((yes >> 16) - (no >> 16)) * S_STEP)
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

    @numba.njit(cache=True)  # type: ignore[misc, untyped-decorator, unused-ignore]
    def _scatter(packed, live, mean):  # type: ignore[no-untyped-def]
        size, mask = len(live), (1 << 21) - 1
        out = np.empty((size, size))
        for top in range(0, size, 32):  # block by block: the mirrored entries stay near
            for left in range(top, size, 32):
                for r in range(top, min(top + 32, size)):
                    i = live[r]
                    for c in range(max(left, r), min(left + 32, size)):
                        j = live[c]
                        count = packed[i, j] & mask
                        rest = packed[i, j] >> 21
                        own = ((rest + (1 << 20)) & mask) - (1 << 20)
                        product = (rest - own) >> 21
                        other = (((packed[j, i] >> 21) + (1 << 20)) & mask) - (1 << 20)
                        cross = own * mean[j] + other * mean[i]
                        out[r, c] = out[c, r] = (product - cross) + (mean[i] * mean[j]) * count
        return out

    @numba.njit(cache=True)  # type: ignore[misc, untyped-decorator, unused-ignore]
    def _lloyd(x, y, weight, across, down, steps):  # type: ignore[no-untyped-def]
        groups, starts, cells = len(across), across.shape[1], len(x)
        label, least = np.zeros((starts, cells), np.int64), np.empty((starts, cells))
        heavy = np.stack((weight * x, weight * y))
        sums = np.empty((groups, 3))
        for s in range(starts):
            for turn in range(steps + 1):
                if turn:
                    sums[:] = 0.0
                    for i in range(cells):
                        g = label[s, i]
                        sums[g, 0] += weight[i]
                        sums[g, 1] += heavy[0, i]
                        sums[g, 2] += heavy[1, i]
                    for g in range(groups):
                        if sums[g, 0] > 0:
                            across[g, s], down[g, s] = sums[g, 1] / sums[g, 0], sums[g, 2] / sums[g, 0]
                moved = turn == 0
                for i in range(cells):
                    near, best = np.inf, 0
                    for g in range(groups):
                        a, b = x[i] - across[g, s], y[i] - down[g, s]
                        far = a * a + b * b
                        if far < near:
                            near, best = far, g
                    moved |= best != label[s, i]
                    label[s, i], least[s, i] = best, near
                if not moved:
                    break
        return label, least
