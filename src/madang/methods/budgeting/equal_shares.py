"""The Method of Equal Shares: every voter gets the same share of the budget, and what is chosen is paid by those who want it.

Each round, a project's price ρ is the least at which its supporters can raise its cost, each paying min(what it has left,
ρ × its utility). The project with the lowest ρ is bought; equal ones by the rule of ties. It ends when nothing is affordable.

1. Winners, their order, prices and payments are exact; floats only lead, within proven bounds (`kernels.py`, `exact.py`).
2. Every choice that could change the result stands in `Outcome.variant`: utility, start, completion, stop, step, ties, limits.
3. A project that costs nothing is chosen at the outset where somebody's utility for it is above 0 (never under cost utility).

Sources: Peters, Pierczyński & Skowron, Proportional Participatory Budgeting with Additive Utilities (NeurIPS 2021);
Peters & Skowron, equalshares.net (Add1, Add1U).
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from madang.methods.budgeting import ties as equals
from madang.methods.budgeting.completions import Added, add1, utilitarian
from madang.methods.budgeting.counting import Count
from madang.methods.budgeting.election import Election
from madang.methods.budgeting.exact import Roll, roll
from madang.methods.budgeting.greedy import variant
from madang.methods.budgeting.limits import Limit, caps
from madang.methods.budgeting.outcome import Outcome
from madang.methods.budgeting.telling import told

COMPLETIONS = ("none", "add1", "add1u", "utilitarian")
STARTS = ("fraction", "floor")
STOPS = ("exhaustive", "infeasible")


def equal_shares(
    election: Election, *, utility: str = "cost", completion: str = "none", start: str = "fraction", stop: str = "exhaustive",
    ties: Sequence[str] = equals.PLAIN, limits: tuple[Limit, ...] = (), funds: Mapping[str, Fraction] | None = None,
) -> Outcome:
    """Count by Equal Shares, with every round, what every loser lacked, and what every voter started with.

    completion  none · add1 · add1u (Add1, then the rest by votes) · utilitarian (the rest by votes at once)
    start  fraction: budget ÷ voters exactly; floor: rounded down to whole currency units · stop  of Add1, see `completions`
    funds  what each voter of a fund starts with instead (Add1 adds to it). Money is in currency units.
    Raises ValueError for an unknown word, or a fund without an amount. O(rounds × picks) times Add1's counts.
    """
    for word, words in ((completion, COMPLETIONS), (start, STARTS), (stop, STOPS)):
        if word not in words:
            raise ValueError(f"unknown {word!r}: one of {', '.join(words)}")
    turned = rolled(election, utility, start=start, ties=ties, limits=limits, funds=funds)
    steps = completion in ("add1", "add1u")
    done = add1(turned, stop) if steps else Added(Count(turned).run(turned.start), 0, "", 1, 0)
    more = utilitarian(turned, done.order) if completion in ("add1u", "utilitarian") else ()
    choices = {"completion": completion, "start": start if funds is None else "funds"}
    if steps:
        choices |= {"stop": stop, "step": "1", "steps": str(done.step), "ended": done.why}
    return told(election, turned, done, more, variant(utility, ties, limits, **choices), caps(election, limits))


def rolled(
    election: Election, utility: str = "cost", *, start: str = "fraction", ties: Sequence[str] = equals.PLAIN,
    limits: tuple[Limit, ...] = (), funds: Mapping[str, Fraction] | None = None,
) -> Roll:
    """The election turned round, by project. O(picks)."""
    worth, scale = (None, 1) if utility == "cost" else election.utilities(utility)
    return roll(
        costs=election.costs, budget=election.budget, voters=election.voters, starts=election.starts,
        picks=election.picks.astype(np.int64), utility=None if worth is None else worth.astype(np.int64), worth=scale,
        start=shares(election, start, funds), fund=election.funds_group.astype(np.int64),
        rank=equals.ranks(election, ties), caps=caps(election, limits),
    )


def winners(election: Election, turned: Roll) -> tuple[str, ...]:
    """Only the ids chosen, in order: the rule without its explanation."""
    order = Count(turned).run(turned.start)
    return tuple(election.ids[p] for p in (*turned.free, *(turned.places[p] for p in order)))


def shares(election: Election, start: str, funds: Mapping[str, Fraction] | None) -> tuple[Fraction, ...]:
    """What each fund's voters start with, in currency."""
    if funds is not None:
        if missing := set(election.funds) - set(funds):
            raise ValueError(f"no amount for the fund {min(missing)!r}")
        if min(funds.values()) < 0:
            raise ValueError("a fund is below 0")
        return tuple(Fraction(funds[name]) for name in election.funds)
    share = election.budget / election.people if election.people else Fraction(0)
    return (share if start == "fraction" else Fraction(int(share)),) * len(election.funds)
