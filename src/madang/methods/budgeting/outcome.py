"""The outcome of a rule: winners in order, rounds, and what each loser lacked.

1. Every amount is exact (int or Fraction); JSON writes whole numbers as they are and others as "a/b" beside a float.
2. `rounds` follows `winners` one to one; a round says by which part of the rule it was won.
3. Every project that did not win stands in `losers` with one reason and the amount it was short of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

Groups = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Round:
    """One project bought.

    by         "greedy" | "phragmen" | "equal-shares" | "bos" | "utilitarian" (completion)
    price      per unit of utility (Equal Shares, BOS: rho), the moment of purchase (Phragmén: money per voter), or the score (greedy)
    supporters how many voters wanted it (weights in) · paying how many paid something
    full, rest ballot groups that paid price × utility, and that paid all they had left (None where nobody pays one by one)
    most       the largest payment of one voter; cost ÷ most = effective votes
    left       of the budget after it
    runner_up  who would have been bought had this project not been there, and its price (Equal Shares) or score (greedy)
    """

    project: str
    cost: Fraction
    by: str
    price: Fraction
    supporters: int
    paying: int
    left: Fraction
    most: Fraction | None = None
    full: Groups | None = None
    rest: Groups | None = None
    runner_up: str = ""
    runner_up_price: Fraction | None = None

    @property
    def effective_votes(self) -> Fraction | None:
        return self.cost / self.most if self.most else None


@dataclass(frozen=True, slots=True)
class Lacked:
    """Why a project did not win.

    why  "money": its supporters held `had` at the end, less than its cost · "budget": more than was `had` (left of the budget)
         when its turn came · "limit": the limit `detail` had `had` left · "support": nobody picked it · "threshold": `had` votes, the
         rule asks for `had + short` · "stopped": the rule ended before its turn (at `detail`)
    outbid  the winners that took most of its supporters' money, or that stood before it, the largest first
    taken   what they took (same order)
    """

    cost: Fraction
    why: str
    had: Fraction
    short: Fraction
    outbid: tuple[str, ...] = ()
    taken: tuple[Fraction, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class Outcome:
    """rule and `variant` (every choice that could change the result); winners in order of selection.

    endowment  fund → what each of its voters held at the start (after Add1), {} for rules without voters' money
    certificate  what a checker needs beside the election; `verify.py` reads it
    """

    rule: str
    variant: Mapping[str, str]
    winners: tuple[str, ...]
    cost: Fraction
    budget: Fraction
    rounds: tuple[Round, ...]
    losers: Mapping[str, Lacked]
    endowment: Mapping[str, Fraction] = field(default_factory=dict)
    certificate: Mapping[str, Any] = field(default_factory=dict)


def amount(value: Fraction | int) -> int | str:
    """Exact for JSON: 5 or "5/2"."""
    whole = Fraction(value)
    return whole.numerator if whole.denominator == 1 else f"{digits(whole.numerator)}/{digits(whole.denominator)}"


def digits(number: int) -> str:
    """A whole number of any length in decimal (Python refuses to print more than 4,300 digits at once)."""
    if number < 0:
        return "-" + digits(-number)
    if number < 10**4000:
        return str(number)
    above, below = divmod(number, 10**4000)
    return digits(above) + str(below).zfill(4000)


def sheet(outcome: Outcome) -> dict[str, Any]:
    """The outcome as plain JSON values; amounts exact, beside each fraction a float called `…_approx`."""
    return {
        "rule": outcome.rule,
        "variant": dict(outcome.variant),
        "winners": list(outcome.winners),
        **_exact("cost", outcome.cost),
        **_exact("budget", outcome.budget),
        "rounds": [_round(step) for step in outcome.rounds],
        "losers": {name: _lack(lacked) for name, lacked in sorted(outcome.losers.items())},
        "endowment": {fund: amount(one) for fund, one in outcome.endowment.items()},
        "endowment_approx": {fund: float(one) for fund, one in outcome.endowment.items()},
    }


def _exact(name: str, value: Fraction) -> dict[str, Any]:
    whole = amount(value)
    return {name: whole} if isinstance(whole, int) else {name: whole, f"{name}_approx": value.numerator / value.denominator}


def _round(step: Round) -> dict[str, Any]:
    row: dict[str, Any] = {"project": step.project, **_exact("cost", step.cost), "by": step.by, **_exact("price", step.price)}
    row |= {"supporters": step.supporters, "paying": step.paying, **_exact("left", step.left)}
    if step.most:
        row |= {**_exact("most", step.most), "effective_votes": float(step.cost / step.most)}
    if step.runner_up:
        row["runner_up"] = step.runner_up
        row |= {} if step.runner_up_price is None else _exact("runner_up_price", step.runner_up_price)
    return row


def _lack(lacked: Lacked) -> dict[str, Any]:
    row: dict[str, Any] = {**_exact("cost", lacked.cost), "why": lacked.why, **_exact("had", lacked.had), **_exact("short", lacked.short)}
    row["outbid"] = list(lacked.outbid)
    if lacked.taken:
        row["taken"] = [amount(one) for one in lacked.taken]
    return row | ({"detail": lacked.detail} if lacked.detail else {})
