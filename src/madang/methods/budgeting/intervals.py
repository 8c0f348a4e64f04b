"""Between two starts: a proof that Equal Shares chooses the same projects in the same order at every start in between.

1. Starts run along a line, t from 0 to 1. Each voter's money is kept as two amounts, at t = 0 and t = 1, and a `blur`: at
   every t the exact money lies within `blur` of the chord between them (bend and rounding together).
2. Lower lines: for any set A of supporters, (cost − money of A) ÷ utility of the others is at most the exact price at every t,
   and is a straight line in t but for the blur of A.
3. Upper line: prices that suffice at both ends even with the least possible money suffice, joined by a chord, everywhere in
   between, because {(money, price): Σ min(money, price × utility) ≥ cost} is convex.
4. Where nobody who has money runs short of the chosen project at either end, its price is cost ÷ their utility throughout,
   and a rival's is at least cost ÷ the utility of all who may have money left: two fractions, compared exactly.
5. The proof holds when in each round the upper line of the chosen project lies below a lower line (or the greater of two) of
   every rival, and when at the end no rival's supporters can have the money at either end. It never says more than it proved.
"""

import numpy as np

from madang.methods.budgeting.kernels import EPS, WIDE, Floats, Rolls, Whole, compiled, fits, sooner

CERTAIN, UNKNOWN = -1.0, 0.5


@compiled
def line(p: int, end: int, from_price: float, rolls: Rolls, money: Floats, length: Whole, out: Floats) -> bool:
    """Newton's steps at one end; writes out = (lower line at t = 0, at t = 1, price at this end, some short 0/1).

    False where not even the money at both ends together can pay: the project is out of reach everywhere.
    """
    who, many, util = rolls.who, rolls.many, rolls.util
    first, cost = rolls.begin[p], rolls.cost[p]
    last = first + length[p]
    out[0], out[1], out[2], out[3] = -np.inf, -np.inf, from_price, 1.0
    q = from_price
    before = -1
    while True:
        at0, at1, blur, rich, rest0, rest1, rest_blur = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        poor = 0
        k = first
        while k < last:
            i = who[k]
            n = many[k]
            u = util[k]
            if money[i, end] > q * u:
                rich += n * u
                rest0 += n * money[i, 0]
                rest1 += n * money[i, 1]
                rest_blur += n * money[i, 2]
                k += 1
                continue
            if money[i, 0] == 0.0 and money[i, 1] == 0.0 and money[i, 2] == 0.0:
                last -= 1
                who[k], who[last] = who[last], i
                many[k], many[last] = many[last], n
                util[k], util[last] = util[last], u
                continue
            at0 += n * money[i, 0]
            at1 += n * money[i, 1]
            blur += n * money[i, 2]
            poor += 1
            k += 1
        length[p] = last - first
        off = (last - first + 8) * EPS
        most = max(at0 + rest0, at1 + rest1)
        if most * (1 + off) + (blur + rest_blur) * WIDE < cost * (1 - 4 * EPS):
            return False
        if rich <= 0.0:
            return True
        error = WIDE * (blur + off * (cost + max(at0, at1)) * 3) / rich
        out[0] = (cost - at0) / rich - error
        out[1] = (cost - at1) / rich - error
        price = (cost - (at0 if end == 0 else at1)) / rich
        out[2] = price
        out[3] = 0.0 if poor == 0 and last == rolls.begin[p + 1] else 1.0
        if poor == before or price <= q:
            return True
        before = poor
        q = price


@compiled
def enough(p: int, end: int, price: float, rolls: Rolls, money: Floats, length: Whole) -> tuple[float, float]:
    """A price that suffices at this end even with the least possible money (inf if none), and who can pay it in full.

    The second is the utility of all who have money, where none of them runs short, else 0.
    """
    first = rolls.begin[p]
    last = first + length[p]
    off = (last - first + 8) * EPS
    high = price * (1 + 16 * EPS)
    for _ in range(12):
        raised, rich = 0.0, 0.0
        short = 0
        for k in range(first, last):
            i = rolls.who[k]
            sure = money[i, end] - money[i, 2]
            if sure >= high * rolls.util[k] * (1 + 4 * EPS):
                rich += rolls.many[k] * rolls.util[k]
            else:
                raised += rolls.many[k] * max(sure, 0.0)
                short += 1
        need = rolls.cost[p] * (1 + 4 * EPS + 2 * off)
        if (raised + rich * high) * (1 - WIDE * off) >= need:
            return high, rich if short == 0 and rich < 2.0**53 else 0.0
        if rich <= 0.0:
            break
        high = max((need * (1 + 3 * off) - raised) / rich, high) * (1 + 16 * EPS)
    return np.inf, 0.0


@compiled
def least_gap(a: Floats, b: Floats, upper0: float, upper1: float) -> float:
    """The least of max(line a, line b) − upper line over t in [0, 1]."""
    d0 = max(a[0], b[0]) - upper0
    d1 = max(a[1], b[1]) - upper1
    gap = min(d0, d1)
    if a[0] == -np.inf or b[0] == -np.inf:
        return float(gap)
    turn = (a[1] - a[0]) - (b[1] - b[0])
    if turn != 0.0:
        t = (b[0] - a[0]) / turn
        if 0.0 < t < 1.0:
            up = upper0 + t * (upper1 - upper0)
            gap = min(gap, max(a[0] + t * (a[1] - a[0]), b[0] + t * (b[1] - b[0])) - up)
    return float(gap)


@compiled
def settle_round(p: int, prices: Floats, error: float, rolls: Rolls, money: Floats, length: Whole) -> None:
    """The supporters of `p` pay the chord of `prices`, exact within `error`."""
    for k in range(rolls.begin[p], rolls.begin[p] + length[p]):
        i = rolls.who[k]
        u = rolls.util[k]
        left0 = money[i, 0] - prices[0] * u
        left1 = money[i, 1] - prices[1] * u
        off = 8 * EPS * (max(money[i, 0], money[i, 1]) + max(prices[0], prices[1]) * u)
        blur = WIDE * (money[i, 2] + u * error + off)
        if left0 + blur <= 0.0 and left1 + blur <= 0.0:
            money[i, 0], money[i, 1], money[i, 2] = 0.0, 0.0, 0.0
            continue
        if left0 < 0.0 < left1:
            blur += WIDE * left1 * (-left0 / (left1 - left0))
        elif left1 < 0.0 < left0:
            blur += WIDE * left0 * (-left1 / (left0 - left1))
        money[i, 0], money[i, 1], money[i, 2] = max(left0, 0.0), max(left1, 0.0), blur


@compiled
def same(
    rolls: Rolls, order: Whole, fund: Whole, start0: Floats, start1: Floats, room: Whole, money: Floats, length: Whole,
    low: Floats, alive: Whole,
) -> tuple[float, int]:
    """(CERTAIN, rounds) when `order`, exact at t = 0, is exact at every t in [0, 1]; else (a guess of where it ends, the round)."""
    size = rolls.cost.shape[0]
    a, b, up = np.empty(4), np.empty(4), np.empty(2)
    prices = np.empty(2)
    for i in range(fund.shape[0]):
        money[i, 0] = start0[fund[i]]
        money[i, 1] = start1[fund[i]]
        money[i, 2] = 4 * EPS * max(money[i, 0], money[i, 1])
    for p in range(size):
        length[p] = rolls.begin[p + 1] - rolls.begin[p]
        low[p, 0] = 0.0
        low[p, 1] = 0.0
        alive[p] = 1
    for number in range(order.shape[0]):
        w = order[number]
        unit = rolls.unit[w]
        if not line(w, 0, max(low[w, 0], 0.0) * unit, rolls, money, length, a):
            return 0.0, number
        prices[0] = a[2]
        if not line(w, 1, max(low[w, 1], 0.0) * unit, rolls, money, length, b):
            return 0.0, number
        prices[1] = b[2]
        up[0], whole0 = enough(w, 0, prices[0], rolls, money, length)
        up[1], whole1 = enough(w, 1, prices[1], rolls, money, length)
        if up[0] == np.inf or up[1] == np.inf or a[0] == -np.inf or b[0] == -np.inf:
            return 0.0, number
        error = max(up[0] - prices[0], up[1] - prices[1])
        error = WIDE * max(error, -least_gap(a, b, prices[0], prices[1]))
        up0 = up[0] / unit * (1 + 4 * EPS)
        up1 = up[1] / unit * (1 + 4 * EPS)
        for p in range(size):
            if alive[p] == 0 or p == w or (low[p, 0] > up0 and low[p, 1] > up1):
                continue
            if not fits(p, rolls, room):
                alive[p] = 0
                continue
            guess = rival(p, up0, up1, rolls, money, length, low, alive, a, b)
            whole = whole0 > 0.0 and whole0 == whole1 and guess != CERTAIN
            if whole and sooner(w, whole0, p, utility_of(p, rolls, length), rolls) == 1:  # those with nothing are put aside by now
                continue
            if guess != CERTAIN:
                return guess, number
        settle_round(w, prices, error, rolls, money, length)
        alive[w] = 0
        for at in range(rolls.caps[w], rolls.caps[w + 1]):
            room[rolls.cap[at]] -= rolls.use[at]
    for p in range(size):
        if alive[p] and fits(p, rolls, room):
            have0, have1 = 0.0, 0.0
            for k in range(rolls.begin[p], rolls.begin[p] + length[p]):
                i = rolls.who[k]
                have0 += rolls.many[k] * (money[i, 0] + WIDE * money[i, 2])
                have1 += rolls.many[k] * (money[i, 1] + WIDE * money[i, 2])
            most = max(have0, have1) * (1 + (length[p] + 8) * EPS)
            if most >= rolls.cost[p] * (1 - 4 * EPS):
                reach = (rolls.cost[p] - have0) / (have1 - have0) if have1 > have0 else 0.0
                return min(max(reach, 0.0), 1.0), order.shape[0]
    return CERTAIN, order.shape[0]


@compiled
def utility_of(p: int, rolls: Rolls, length: Whole) -> float:
    """The utility of all supporters of `p` who may have money left."""
    whole = 0.0
    for k in range(rolls.begin[p], rolls.begin[p] + length[p]):
        whole += rolls.many[k] * rolls.util[k]
    return whole


@compiled
def rival(
    p: int, up0: float, up1: float, rolls: Rolls, money: Floats, length: Whole, low: Floats, alive: Whole,
    a: Floats, b: Floats,
) -> float:
    """CERTAIN when `p` stays above the upper line (or out of reach); else a guess of t where it no longer does."""
    unit = rolls.unit[p]
    if not line(p, 0, max(low[p, 0], 0.0) * unit, rolls, money, length, a):
        alive[p] = 0
        return CERTAIN
    a[0] = a[0] / unit - 4 * EPS * abs(a[0] / unit)
    a[1] = a[1] / unit - 4 * EPS * abs(a[1] / unit)
    if a[0] > up0 and a[1] > up1:
        low[p, 0], low[p, 1] = a[0], a[1]
        return CERTAIN
    line(p, 1, max(low[p, 1], 0.0) * unit, rolls, money, length, b)
    b[0] = b[0] / unit - 4 * EPS * abs(b[0] / unit)
    b[1] = b[1] / unit - 4 * EPS * abs(b[1] / unit)
    if b[0] > up0 and b[1] > up1:
        low[p, 0], low[p, 1] = b[0], b[1]
        return CERTAIN
    if least_gap(a, b, up0, up1) > 0.0:
        if b[1] > low[p, 1]:
            low[p, 0], low[p, 1] = b[0], b[1]
        return CERTAIN
    ends0, ends1 = a[2] / unit - up0, b[2] / unit - up1
    if ends1 < 0.0 < ends0:
        return float(ends0 / (ends0 - ends1))
    return UNKNOWN
