"""Check a published result against the ballots, without any of the rules: whole numbers and fractions, plain loops.

1. No rule is imported. The prices, moments and scores of the result are claims; what follows from them is recomputed.
2. Exact: all amounts of one check stand over one common denominator; nothing is rounded.
3. Each finding says what was checked and, where it fails, the first project (and voters) that show it.

Equal Shares: a price system (Peters, Pierczyński & Skowron 2021): every voter pays min(what it has, price × utility), the
payments for a winner add up to its cost, and the supporters of a loser together hold less than its cost.
Phragmén: moments never fall, supporters' earnings pay each winner exactly, no loser could have been paid before the end.
EJR+ (Brill & Peters 2023): a group S that all want a loser c shows a violation *up to any* project where for each of S
(utility of winners + utility of c) × cost of c ≤ (budget ÷ voters) × Σ over S of the utility of c; *up to one*: the same with the best
losing project of each voter in place of c (weaker). EJR, PJR and the core cannot be checked at this size by anyone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any

from madang.methods.budgeting.election import Election


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: `ok`, and `says` which project or amount (empty where there is nothing to say)."""

    check: str
    ok: bool
    says: str = ""


class Refuted(ValueError):
    """The result cannot even be read as one."""


class Books:
    """The ballots as lists: by project who wants it (group, utility), by group how many voters."""

    def __init__(self, election: Election, utility: str) -> None:
        worth, self.scale = election.utilities(utility)
        self.costs, self.ids = election.costs, election.ids
        self.budget = election.budget
        self.many: list[int] = election.voters.tolist()
        self.fund: list[str] = [election.funds[one] for one in election.funds_group.tolist()]
        self.people = sum(self.many)
        self.wants: list[list[tuple[int, int]]] = [[] for _ in self.ids]
        starts, picks, numbers = election.starts.tolist(), election.picks.tolist(), worth.tolist()
        for group, (begin, end) in enumerate(pairwise(starts)):
            for pick in range(begin, end):
                if numbers[pick] > 0:
                    self.wants[picks[pick]].append((group, numbers[pick]))

    def support(self, place: int) -> int:
        return sum(self.many[group] for group, _ in self.wants[place])


def verify(election: Election, result: Mapping[str, Any]) -> list[Finding]:
    """Check everything the result claims. O(picks × winners' share + picks log picks). Raises Refuted for what is no result."""
    claim = _claim(election, result)
    books = Books(election, claim.utility)
    findings = list(_sums(books, claim))
    if not all(finding.ok for finding in findings):
        return findings
    if claim.rule in ("equal-shares", "bos"):
        findings += [_start(books, claim), _prices(books, claim)]
    if claim.rule == "phragmen":
        findings.append(_moments(books, claim))
    if claim.rule == "greedy":
        findings.append(_order(election, books, claim))
    said = result.get("certificate")
    claimed = said if isinstance(said, Mapping) else {}
    for name, value in (judged(election, claim.winners, claim.utility, claim.spent) if claimed else {}).items():
        if name in claimed:
            findings.append(Finding(name, claimed[name] == value, "" if claimed[name] == value else f"{value!r}"[:300]))
    return findings


@dataclass(frozen=True, slots=True)
class Claim:
    """What a result says, read strictly."""

    rule: str
    utility: str
    variant: Mapping[str, str]
    winners: tuple[int, ...]
    spent: Fraction
    budget: Fraction
    rounds: tuple[tuple[int, str, Fraction], ...]
    endowment: Mapping[str, Fraction]
    reasons: Mapping[int, str]
    had: Mapping[int, Fraction]
    costs: Mapping[int, Fraction]
    parts: Mapping[int, Fraction]


def number(value: object) -> Fraction:
    """5 or "5/2", exactly. Raises Refuted for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str) and len(value) < 4_000_000:
        above, _, below = value.partition("/")
        if above.removeprefix("-").isdecimal() and (not below or (below.isdecimal() and below.strip("0"))):
            return Fraction(_long(above), _long(below or "1"))
    raise Refuted(f"not an exact amount: {str(value)[:60]}")


def _long(digits: str) -> int:
    """int() of any length (Python refuses more than 4,300 digits at once)."""
    if digits.startswith("-"):
        return -_long(digits[1:])
    if len(digits) <= 4000:
        return int(digits)
    half = len(digits) // 2
    tens: int = 10**half
    return _long(digits[:-half]) * tens + _long(digits[-half:])


def _claim(election: Election, result: Mapping[str, Any]) -> Claim:
    try:
        variant = {str(key): str(value) for key, value in result["variant"].items()}
        winners = tuple(election.position[name] for name in result["winners"])
        rounds = tuple((election.position[one["project"]], str(one["by"]), number(one["price"])) for one in result["rounds"])
        losers = {election.position[name]: one for name, one in result["losers"].items()}
        reasons = {place: str(one["why"]) for place, one in losers.items()}
        had = {place: number(one["had"]) for place, one in losers.items() if one["why"] == "money"}
        costs = {election.position[one["project"]]: number(one["cost"]) for one in result["rounds"]}
        costs |= {place: number(one["cost"]) for place, one in losers.items()}
        parts = {election.position[name]: number(one) for name, one in result.get("certificate", {}).get("parts", {}).items()}
        endowment = {str(fund): number(value) for fund, value in result.get("endowment", {}).items()}
        utility = variant.get("utility") or "cardinality"
        spent, budget = number(result["cost"]), number(result["budget"])
        return Claim(str(result["rule"]), utility, variant, winners, spent, budget, rounds, endowment, reasons, had, costs, parts)
    except KeyError as fault:
        raise Refuted(f"not in the result, or not in the election: {str(fault)[:80]}")
    except (TypeError, AttributeError):
        raise Refuted("not a result of this command")


def _sums(books: Books, claim: Claim) -> Iterator[Finding]:
    """Feasibility: winners once each, every project either winner or loser, costs added up, within the budget."""
    yield Finding("winners-once", len(set(claim.winners)) == len(claim.winners))
    everyone = set(claim.winners) | set(claim.reasons)
    yield Finding("everyone-has-an-answer", len(everyone) == len(books.ids) and not set(claim.winners) & set(claim.reasons))
    yield Finding("rounds-follow-winners", tuple(place for place, _, _ in claim.rounds) == claim.winners)
    wrong = [books.ids[place] for place, cost in claim.costs.items() if cost != books.costs[place]]
    yield Finding("costs", not wrong, ", ".join(wrong))
    spent = sum((books.costs[place] for place in claim.winners), Fraction(0))
    yield Finding("cost", spent == claim.spent, "" if spent == claim.spent else str(spent))
    yield Finding("budget", claim.budget == books.budget, "" if claim.budget == books.budget else str(books.budget))
    yield Finding("feasible", spent <= books.budget, "" if spent <= books.budget else f"{spent} > {books.budget}")


def _start(books: Books, claim: Claim) -> Finding:
    """Everybody starts with an equal share of the budget (or its floor), and what Add1 added: whole units."""
    share = books.budget / books.people if books.people else Fraction(0)
    share = Fraction(int(share)) if claim.variant.get("start") == "floor" else share
    added = {one - share for one in claim.endowment.values()}
    virtual = claim.variant.get("completion", "").startswith("add1")
    ok = claim.variant.get("start") == "funds" or all(one == 0 or (virtual and one > 0 and one.denominator == 1) for one in added)
    return Finding("endowment", ok, "" if ok else f"not {share}")


def _prices(books: Books, claim: Claim) -> Finding:
    """The price system of Equal Shares, at the endowment the result names (after Add1 it is a virtual one).

    Bounded overspending: a price × part α raises the part α of the cost; the budget covers what the payments leave open.
    """
    bought = [(place, price, claim.parts.get(place, Fraction(1))) for place, by, price in claim.rounds if by == claim.rule]
    if missing := set(books.fund) - set(claim.endowment):
        return Finding("price-system", False, f"no endowment for {sorted(missing)}")
    below = lcm(*(one.denominator for one in claim.endowment.values()), *(one.denominator for one in books.costs),
                *(price.denominator * part.denominator * books.scale for _, price, part in bought))
    whole = {fund: int(one * below) for fund, one in claim.endowment.items()}
    if min(whole.values(), default=0) < 0 or any(price < 0 or not 0 < part <= 1 for _, price, part in bought):
        return Finding("price-system", False, "an amount below 0, or a part beyond the whole")
    money = [whole[fund] for fund in books.fund]
    for place, price, part in bought:
        each, least = int(price * below / books.scale), int(price * part * below / books.scale)
        raised = 0
        for group, worth in books.wants[place]:
            raised += min(money[group], least * worth) * books.many[group]
            money[group] -= min(money[group], each * worth)
        if raised != books.costs[place] * part * below:
            return Finding("price-system", False, f"{books.ids[place]}: raised {float(Fraction(raised, below))} of {books.costs[place]}")
    chosen = {place for place, _, _ in bought}
    for place, cost in enumerate(books.costs):
        if place in chosen or claim.reasons.get(place) == "limit" or not books.wants[place] or (not cost and claim.utility == "cost"):
            continue
        held = sum(money[group] * books.many[group] for group, _ in books.wants[place])
        enough = held and cost <= books.budget - claim.spent if claim.rule == "bos" else held >= cost * below
        if enough or claim.had.get(place, held) != (Fraction(held, below) if place in claim.had else held):
            return Finding("price-system", False, f"{books.ids[place]}: its supporters still hold {float(Fraction(held, below))}")
    return Finding("price-system", True)


def _moments(books: Books, claim: Claim) -> Finding:
    """Everybody has earned the moment itself; what a voter spent is the moment of its last purchase."""
    below = lcm(*(price.denominator for _, _, price in claim.rounds), *(one.denominator for one in books.costs))
    load = [0] * len(books.many)
    now = 0
    for place, _, price in claim.rounds:
        moment = int(price * below)
        if not books.costs[place]:
            continue
        paid = sum((moment - load[group]) * books.many[group] for group, _ in books.wants[place])
        if moment < now or paid != books.costs[place] * below:
            return Finding("moments", False, f"{books.ids[place]}: its supporters had not earned its cost then")
        for group, _ in books.wants[place]:
            load[group] = moment
        now = moment
    for place, why in claim.reasons.items():
        held = sum((now - load[group]) * books.many[group] for group, _ in books.wants[place])
        fits = books.costs[place] <= books.budget - claim.spent
        if why != "limit" and held > books.costs[place] * below and (fits or claim.variant.get("stop") != "exhaustive") and (
            books.costs[place] <= books.budget
        ):
            return Finding("moments", False, f"{books.ids[place]}: its supporters had earned its cost before")
    return Finding("moments", True)


def _order(election: Election, books: Books, claim: Claim) -> Finding:
    """Scores never rise from winner to winner, and every loser found too little when its turn came."""
    pointed = claim.utility in ("scores", "borda")
    wanted = [sum(books.many[group] * (worth if pointed else 1) for group, worth in wants) for wants in books.wants]
    if not pointed:
        wanted = list(election.counts)  # utility cost: a project that costs nothing is worth nothing, yet has its votes
    per_cost = claim.variant.get("by") == "votes/cost"
    unit = Fraction(1, books.scale if pointed else 1)

    def score(place: int) -> Fraction:
        one, cost = wanted[place] * unit, books.costs[place]
        if per_cost and not cost:
            return Fraction(10) ** 40 if one else Fraction(0)
        return one / cost if per_cost else one

    found = [score(place) for place in range(len(books.ids))]
    for one, other in pairwise(claim.winners):
        if found[one] < found[other]:
            return Finding("order", False, f"{books.ids[other]} stands after {books.ids[one]} with a higher score")
    for place, why in claim.reasons.items():
        ahead = [one for one in claim.winners if found[one] >= found[place]]
        left = books.budget - sum((books.costs[one] for one in ahead), Fraction(0))
        if why == "budget" and books.costs[place] <= left:
            return Finding("order", False, f"{books.ids[place]} would have fitted in {left}")
        if why == "threshold" and wanted[place] * unit >= number(claim.variant.get("least") or 0):
            return Finding("order", False, f"{books.ids[place]} reached the threshold")
        if why not in ("budget", "threshold", "limit") and claim.variant.get("skip") != "false":
            return Finding("order", False, f"{books.ids[place]}: {why}")
    return Finding("order", True)


def judged(election: Election, winners: Sequence[int], utility: str, spent: Fraction) -> dict[str, Any]:
    """The verdicts: exhaustive (and what still fits), EJR+ up to any and up to one with a witness for each violation."""
    books = Books(election, utility)
    won = set(winners)
    left = books.budget - spent
    fits = [books.ids[one] for one, cost in enumerate(books.costs) if one not in won and cost <= left and books.wants[one]]
    verdict: dict[str, Any] = {"exhaustive": not fits, "still_fits": fits}
    if election.funds != ("",) or not books.people:
        return verdict
    gained, best = [0] * len(books.many), [0] * len(books.many)
    for place, wants in enumerate(books.wants):
        for group, worth in wants:
            if place in won:
                gained[group] += worth
            elif worth > best[group]:
                best[group] = worth
    share = books.budget / books.people
    for name, add in (("ejr_plus_up_to_any", None), ("ejr_plus_up_to_one", best)):
        losers = [place for place in range(len(books.ids)) if place not in won]
        found = [witness for place in losers if (witness := _witness(books, place, gained, add, share))]
        verdict[name] = {"holds": not found, "violations": found}
    return verdict


def _witness(
    books: Books, place: int, gained: Sequence[int], best: Sequence[int] | None, share: Fraction
) -> dict[str, Any] | None:
    """The largest group that shows a violation for one loser: how many voters, and the most any of them gained."""
    cost = books.costs[place]
    if not cost:
        return None
    many = books.many
    inside = [(gained[one] + (worth if best is None else best[one]), many[one], many[one] * worth) for one, worth in books.wants[place]]
    # level × cost ≤ share × total, all whole: level × left ≤ total × right
    left, right = cost.numerator * share.denominator, share.numerator * cost.denominator
    while inside:  # whoever has more than all together could claim is in no such group; what remains in the end is the largest
        claim = sum([total for _, _, total in inside]) * right // left
        kept = [one for one in inside if one[0] <= claim]
        if len(kept) == len(inside):
            level = str(Fraction(max(kept)[0], books.scale))
            return {"project": books.ids[place], "voters": sum(voters for _, voters, _ in kept), "level": level}
        inside = kept
    return None
