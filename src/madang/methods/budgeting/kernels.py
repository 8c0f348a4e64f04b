"""Equal Shares in floating point, with a proven bound beside every number.

1. A voter's money is kept as (amount, error): the exact amount lies within `error` of `amount`; (0, 0) is exactly nothing.
2. For *any* set A of supporters, (cost − money of A) ÷ utility of the others is at most the exact price: that is the lower bound.
   A price at which even the least possible money raises the cost is the upper bound. No other bound is used.
3. A winner is named only when its upper bound lies below every rival's lower bound, or when nobody who has money left runs
   short (then its price is cost ÷ their utility, a fraction of whole numbers, compared exactly). Anything else is DOUBT: the
   caller settles it in fractions (`exact.py`) and goes on from the same state.
4. Every sum of n terms is charged (n + 8) units of rounding; bounds are widened by a hundredth for their own rounding.
5. With MADANG_NUMBA=0, or without numba, the same functions run uncompiled and give the same results.
"""

import os
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

F = TypeVar("F", bound=Callable[..., Any])
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

EPS = 2.0**-53
WIDE = 1.01
DONE, DOUBT = 0, 1
DEAD, EDGE, LATER, PRICED = 0, 1, 2, 3


def compiled(function: F) -> F:
    """Compile with numba where it is there and wanted."""
    if os.environ.get("MADANG_NUMBA") == "0":
        return function
    try:
        import numba  # noqa: PLC0415  (an extra; the same results without it)
    except ImportError:
        return function
    return cast(F, numba.njit(cache=True, error_model="numpy")(function))


class Rolls(NamedTuple):
    """Who supports what: by project p the entries begin[p]:begin[p + 1].

    who  ballot group · many  its voters · util  utility per voter, in units of `unit[p]` (all 1 where `uniform`)
    cost, unit  by project · rank  order of ties, the smaller first · base  dense rank of the exact cost ÷ total utility
    top, below  cost ÷ unit in lowest terms
    caps  first entry of each project's limits in `cap`/`use`: the limit and how much of it the project takes
    """

    begin: Whole
    who: Whole
    many: Floats
    util: Floats
    cost: Floats
    unit: Floats
    rank: Whole
    base: Whole
    top: Whole
    below: Whole
    caps: Whole
    cap: Whole
    use: Whole
    uniform: int


class Hands(NamedTuple):
    """What changes while a count runs; `made[0]` projects are chosen so far, in `order`, at `price` per unit."""

    money: Floats  # [groups, 2]: amount, error
    length: Whole
    low: Floats
    alive: npt.NDArray[np.int8]
    queue: Whole
    room: Whole
    order: Whole
    price: Floats
    doubt: Whole
    made: Whole


@compiled
def fits(p: int, rolls: Rolls, room: Whole) -> bool:
    """Whether every limit on `p` has room left for it."""
    for at in range(rolls.caps[p], rolls.caps[p + 1]):  # noqa: SIM110  (compiled)
        if rolls.use[at] > room[rolls.cap[at]]:
            return False
    return True


@compiled
def lower(p: int, best: float, rolls: Rolls, hands: Hands) -> tuple[int, float, float]:
    """Newton's steps from the last lower bound: (DEAD | EDGE | LATER | PRICED, price, error below).

    LATER once the bound exceeds `best` (a price per utility). Those with nothing left move behind `length[p]`.
    """
    who, many, util, money = rolls.who, rolls.many, rolls.util, hands.money
    first, cost, unit = rolls.begin[p], rolls.cost[p], rolls.unit[p]
    end = first + hands.length[p]
    q = hands.low[p] * unit
    before = -1
    while True:
        spent, blur, rich, rest, rest_blur = 0.0, 0.0, 0.0, 0.0, 0.0
        poor = 0
        k = first
        while k < end:
            i = who[k]
            have = money[i, 0]
            n = many[k]
            u = util[k]
            if have > q * u:
                rich += n * u
                rest += n * have
                rest_blur += n * money[i, 1]
                k += 1
                continue
            if have == 0.0 and money[i, 1] == 0.0:
                end -= 1
                who[k], who[end] = who[end], i
                many[k], many[end] = many[end], n
                util[k], util[end] = util[end], u
                continue
            spent += n * have
            blur += n * money[i, 1]
            poor += 1
            k += 1
        hands.length[p] = end - first
        round_off = (end - first + 8) * EPS
        if (spent + rest) * (1 + round_off) + (blur + rest_blur) * WIDE < cost * (1 - 4 * EPS):
            return DEAD, 0.0, 0.0
        if rich <= 0.0:
            return EDGE, q, 0.0
        price = (cost - spent) / rich
        error = WIDE * ((blur + round_off * (cost + spent)) / rich + round_off * abs(price))
        bound = (price - error) / unit * (1 - 4 * EPS)
        if bound > hands.low[p]:
            hands.low[p] = bound
        if hands.low[p] > best:
            return LATER, price, error
        if poor == before or price <= q:
            return PRICED, price, error
        before = poor
        q = price


@compiled
def upper(p: int, price: float, error: float, rolls: Rolls, hands: Hands) -> tuple[float, float]:
    """A price that surely suffices (inf if none was found), and the utility of all who have money, where none of them runs short.

    That utility is 0 where somebody may run short. Where it is not, the exact price is cost ÷ utility.
    """
    first = rolls.begin[p]
    end = first + hands.length[p]
    round_off = (end - first + 8) * EPS
    step = 2 * error + 4 * EPS * price
    for _ in range(8):
        high = price + step
        raised, rich = 0.0, 0.0
        short = 0
        for k in range(first, end):
            i = rolls.who[k]
            sure = hands.money[i, 0] - hands.money[i, 1]
            if sure >= high * rolls.util[k] * (1 + 4 * EPS):
                rich += rolls.many[k] * rolls.util[k]
            else:
                raised += rolls.many[k] * max(sure, 0.0)
                short += 1
        if (raised + rich * high) * (1 - WIDE * round_off) >= rolls.cost[p] * (1 + 4 * EPS):
            return high, rich if short == 0 and rich < 2.0**53 else 0.0
        if rich <= 0.0:
            break
        step *= 8
    return np.inf, 0.0


@compiled
def pay(p: int, price: float, error: float, rolls: Rolls, hands: Hands) -> None:
    """Choose `p`: its supporters pay, its limits shrink."""
    money = hands.money
    for k in range(rolls.begin[p], rolls.begin[p] + hands.length[p]):
        i = rolls.who[k]
        u = rolls.util[k]
        left = money[i, 0] - price * u
        blur = WIDE * (money[i, 1] + u * error + 4 * EPS * (money[i, 0] + price * u))
        if left + blur <= 0.0:
            money[i, 0] = 0.0
            money[i, 1] = 0.0
        else:
            money[i, 0] = max(left, 0.0)
            money[i, 1] = blur
    hands.alive[p] = 0
    hands.order[hands.made[0]] = p
    hands.price[hands.made[0]] = price
    hands.made[0] += 1
    for at in range(rolls.caps[p], rolls.caps[p + 1]):
        hands.room[rolls.cap[at]] -= rolls.use[at]


@compiled
def sort_queue(hands: Hands) -> None:
    """Insertion: the order hardly changes from round to round."""
    queue, low = hands.queue, hands.low
    for at in range(1, queue.shape[0]):
        p = queue[at]
        k = at
        while k > 0 and low[queue[k - 1]] > low[p]:
            queue[k] = queue[k - 1]
            k -= 1
        queue[k] = p


@compiled
def ahead(p: int, q: int, rolls: Rolls) -> bool:
    """Whether `p` comes before `q` when nobody who pays for `p` runs short: by exact base price, then by rank."""
    return bool(rolls.base[p] < rolls.base[q] or (rolls.base[p] == rolls.base[q] and rolls.rank[p] < rolls.rank[q]))


@compiled
def sooner(p: int, of_p: float, q: int, of_q: float, rolls: Rolls) -> int:
    """1 when cost ÷ utility of `p` comes before that of `q` (by rank when equal), −1 after, 0 when too large to tell."""
    left = float(rolls.top[p]) * float(rolls.below[q]) * of_q
    right = float(rolls.top[q]) * float(rolls.below[p]) * of_p
    if max(left, right) > 4e18 or max(of_p, of_q) >= 2.0**53:
        return 0
    one = rolls.top[p] * rolls.below[q] * np.int64(of_q)
    other = rolls.top[q] * rolls.below[p] * np.int64(of_p)
    if one == other:
        return 1 if rolls.rank[p] < rolls.rank[q] else -1
    return 1 if one < other else -1


@compiled
def first_clean(rivals: Whole, utility: Floats, rolls: Rolls) -> int:
    """The place of the first among rivals for whom nobody runs short; −1 where that is not known of all."""
    first = 0
    for at in range(len(rivals)):
        if utility[at] <= 0.0:
            return -1
        order = sooner(rivals[first], utility[first], rivals[at], utility[at], rolls) if at else 1
        if order == 0:
            return -1
        if order < 0:
            first = at
    return first


@compiled
def advance(rolls: Rolls, hands: Hands) -> tuple[int, int]:
    """Choose until nothing more is affordable: (DONE, 0), or (DOUBT, n) with n rivals in `hands.doubt`."""
    size = hands.queue.shape[0]
    found = np.empty(size, np.int64)
    prices = np.empty((size, 3))
    utility = np.empty(size)
    places = np.empty(size, np.int64)
    while True:
        sort_queue(hands)
        best, champion = np.inf, -1  # champion: the first by `ahead` of those nobody runs short for
        count, edges = 0, 0
        for at in range(size):
            p = hands.queue[at]
            if not hands.alive[p]:
                continue
            if hands.low[p] > best:
                break
            if not fits(p, rolls, hands.room):
                hands.alive[p] = 0
                continue
            if champion >= 0 and ahead(champion, p, rolls):
                continue
            kind, price, error = lower(p, best, rolls, hands)
            if kind == DEAD:
                hands.alive[p] = 0
                continue
            if kind == LATER:
                continue
            high, whole = np.inf, 0.0
            if kind == PRICED:
                high, whole = upper(p, price, error, rolls, hands)
            clear = whole > 0.0 and hands.length[p] == rolls.begin[p + 1] - rolls.begin[p]
            if clear and (champion < 0 or ahead(p, champion, rolls)):
                champion = p
            edges += high == np.inf
            found[count] = p
            prices[count, 0] = price
            prices[count, 1] = error
            prices[count, 2] = high
            utility[count] = whole
            count += 1
            best = min(best, high / rolls.unit[p] * (1 + 4 * EPS))
        if count == 0:
            return DONE, 0
        rivals = 0
        for at in range(count):
            p = found[at]
            if hands.low[p] > best or (champion >= 0 and p != champion and ahead(champion, p, rolls)):
                continue
            hands.doubt[rivals] = p
            utility[rivals] = utility[at]
            places[rivals] = at
            rivals += 1
        first = 0 if rivals == 1 else first_clean(hands.doubt[:rivals], utility, rolls)
        if first < 0 or prices[places[first], 2] == np.inf:
            return DOUBT, rivals
        winner = places[first]
        price = prices[winner, 0]
        pay(found[winner], price, max(prices[winner, 2] - price, prices[winner, 1]), rolls, hands)
