"""Equal Shares with bounded overspending (BOS): supporters may buy with less than the whole price in hand, at a worse rate.

A share λ per unit of utility raises Σ min(money, λ × utility), the part α ≤ 1 of a project's cost. Each round takes the project
and λ with the least λ ÷ α² (that is ρ ÷ α with ρ = λ ÷ α), among those that still fit into the budget; each supporter then
pays min(what it has, ρ × utility), and the budget covers what that leaves open.

1. Exact: floats (error: a few roundings, since every price so far is a fraction) only throw out what surely comes later.
2. On each straight piece of α(λ), λ ÷ α² is least at an end: only λ = money ÷ utility of a supporter, or the λ with α = 1, count.
3. Money only falls, so λ ÷ α² of a project only rises: a project is asked again only when its last value would win.
4. Equal values: by the rule of ties; within a project the larger α. Ends when nothing that fits has a supporter with money.

Source: Papasotiropoulos, Pishbin, Skibski, Skowron & Wąs, Method of Equal Shares with Bounded Overspending (EC 2025,
arXiv 2409.15005). BOS+ and its fractional cousin are not here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from madang.methods.budgeting import ties as equals
from madang.methods.budgeting.completions import room_after, under
from madang.methods.budgeting.election import Election
from madang.methods.budgeting.equal_shares import rolled
from madang.methods.budgeting.exact import Pay, Replay, whole_sum
from madang.methods.budgeting.greedy import variant
from madang.methods.budgeting.kernels import EPS, Floats, Whole
from madang.methods.budgeting.limits import Limit, caps
from madang.methods.budgeting.outcome import Outcome, amount
from madang.methods.budgeting.telling import Teller


@dataclass(frozen=True)
class Offer:
    """What a project could be bought for: λ, the part α of its cost that raises, and λ ÷ α²."""

    share: Fraction
    part: Fraction

    @property
    def value(self) -> Fraction:
        return self.share / self.part**2


def overspending(
    election: Election, *, utility: str = "cost", start: str = "fraction", ties: Sequence[str] = equals.PLAIN,
    limits: tuple[Limit, ...] = (), funds: Mapping[str, Fraction] | None = None,
) -> Outcome:
    """Count by BOS. `certificate["parts"]`: project → α. O(rounds × picks × log picks). Errors as `equal_shares`."""
    turned = rolled(election, utility, start=start, ties=ties, limits=limits, funds=funds)
    replay = Replay(turned, turned.start)
    teller = Teller(election, replay, "bos")
    left, chosen, parts = turned.budget, list[int](), dict[str, int | str]()
    low = dict.fromkeys(range(len(turned.places)), 0.0)
    while True:
        room = room_after(turned, chosen)
        open_ = [p for p in low if turned.costs[p] <= left and under(turned, p, room)]
        found = best(replay, open_, low)
        if found is None:
            break
        p, offer = found
        teller.buys(bought(replay, p, offer))
        parts[election.ids[turned.places[p]]] = amount(offer.part)
        chosen.append(p)
        left -= turned.costs[p]
        del low[p]
    choices = variant(utility, ties, limits, start=start if funds is None else "funds")
    return teller.outcome(choices, (), caps(election, limits), {"parts": parts})


def best(replay: Replay, open_: Sequence[int], low: dict[int, float]) -> tuple[int, Offer] | None:
    """The project and offer of least value, exactly; raises `low` to what it learns."""
    sure = np.inf
    near: list[tuple[float, int, Floats]] = []
    for p in sorted(open_, key=lambda p: low[p]):
        if low[p] > sure:
            break
        lows, highs, shares = _bounds(replay, p)
        if not len(shares):
            low[p] = np.inf
            continue
        low[p] = max(low[p], float(lows.min()))
        sure = min(sure, float(highs.min()))
        near.append((float(lows.min()), p, np.stack([lows, shares])))
    rank = replay.roll.rolls.rank
    offers = [
        (offer.value, int(rank[p]), -offer.part, p, offer)
        for least, p, table in near if least <= sure for offer in _offers(replay, p, table[1][table[0] <= sure])
    ]
    if not offers:
        return None
    *_, p, offer = min(offers, key=lambda one: one[:4])
    return p, offer


def _bounds(replay: Replay, p: int) -> tuple[Floats, Floats, Floats]:
    """For each λ that counts (money ÷ utility of the supporters with money, ascending): bounds of λ ÷ α² (per unit), and λ."""
    roll, here = replay.roll, replay.supporters(p)
    who, many, util = roll.rolls.who[here], roll.rolls.many[here], roll.rolls.util[here]
    with_money = ~replay.broke[who]
    money, many, util = replay.money[who][with_money], many[with_money], util[with_money]
    ratio = money / util
    order = np.argsort(ratio, kind="stable")
    share, money, many, util = ratio[order], money[order], many[order], util[order]
    cost = float(roll.costs[p])
    spent = np.cumsum(many * money)
    raised = spent + share * (np.sum(many * util) - np.cumsum(many * util))
    off_share = replay.blur / util + 4 * EPS * share
    weight = np.sum(many * util)
    off = (len(share) + 8) * 4 * EPS * (raised + share * weight) + many.sum() * replay.blur + weight * off_share
    unit = roll.units[p]
    lows = np.maximum(share - off_share, 0.0) / np.minimum((raised + off) / cost, 1.0) ** 2 / unit * (1 - 16 * EPS)
    floor = np.maximum(raised - off, 1e-300) / cost
    highs = np.where(raised - off > 0, (share + off_share) / np.minimum(floor, 1.0) ** 2 / unit * (1 + 16 * EPS), np.inf)
    over = np.flatnonzero(raised + off >= cost)
    if over.size:  # the whole price lies before this λ: cost − what the poorer have, ÷ the utility of the others, or more
        k = int(over[0])
        others = float((many * util)[k:].sum())
        price = (cost - (float(spent[k - 1]) if k else 0.0)) / others
        slack = 2 * float(off[k]) / others + 16 * EPS * price
        lows[k] = min(lows[k], (price - slack) / unit * (1 - 16 * EPS))
        if price + slack < share[k] - off_share[k]:
            highs[k] = min(highs[k], (price + slack) / unit * (1 + 16 * EPS))
    return lows, highs, share


def _offers(replay: Replay, p: int, shares: Floats) -> list[Offer]:
    """The offers at the given λ (floats), exactly; those past the whole price become the whole price."""
    unit = replay.roll.units[p]
    whole = replay.price(p)
    found = [] if whole is None else [Offer(whole.price, Fraction(1))]
    here = replay.supporters(p)
    who, util = replay.roll.rolls.who[here], replay.roll.rolls.util[here]
    ratio = replay.money[who] / util
    picked = np.flatnonzero(np.isin(ratio, shares) & ~replay.broke[who])
    exact = {have / int(util[k]) for k, have in zip(picked, replay.amounts(who[picked]), strict=True)}
    for share in sorted(exact):
        if share <= 0 or (whole is not None and share >= whole.price * unit):
            continue
        part = raised_by(replay, p, share) / replay.roll.costs[p]
        found.append(Offer(share / unit, min(part, Fraction(1))))
    return found


def split(replay: Replay, p: int, share: Fraction) -> tuple[Whole, Whole]:
    """Positions of the supporters who can pay `share` × utility, and of those who have something but not that much; exactly."""
    here = replay.supporters(p)
    who, util = replay.roll.rolls.who[here], replay.roll.rolls.util[here]
    gap = replay.money[who] - float(share) * util
    full = gap > 0
    unsure = np.flatnonzero((np.abs(gap) <= replay.blur + 8 * EPS * float(share) * util) & ~replay.broke[who])
    for k, have in zip(unsure, replay.amounts(who[unsure]), strict=True):
        full[k] = have > share * int(util[k])
    full &= ~replay.broke[who]
    return np.flatnonzero(full), np.flatnonzero(~full & ~replay.broke[who])


def raised_by(replay: Replay, p: int, share: Fraction) -> Fraction:
    """Σ min(money, share × utility) over the supporters, in units."""
    here = replay.supporters(p)
    who, many, util = replay.roll.rolls.who[here], replay.roll.rolls.many[here], replay.roll.rolls.util[here]
    full, rest = split(replay, p, share)
    return share * whole_sum(many[full], util[full]) + replay.pooled(who[rest], many[rest])


def bought(replay: Replay, p: int, offer: Offer) -> Pay:
    """Who pays what at ρ = λ ÷ α."""
    price = offer.share / offer.part
    full, rest = split(replay, p, price * replay.roll.units[p])
    return Pay(p, price, full, rest)
