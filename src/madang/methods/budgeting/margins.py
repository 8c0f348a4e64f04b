"""By how much a loser would have had to be cheaper: the largest whole cost at which it would have won, all else the same.

1. Winning at a cost means winning at every lower one: before each purchase of the count without the loser, the costs at which it
   would be bought instead are 0…x, whatever the rule here. So there is one largest cost, and halving finds it.
2. Equal Shares: x is read off a single replay, in fractions (`Reach`). The other rules are counted again; what is said was counted:
   at this cost it wins, at one unit more it does not. A rule of ties that puts the dearer first (`-cost`) can break 1 at a tie.
3. After Add1 everybody's final share is kept: "in the count that decided". Bounded overspending has no such order and is refused.

Source: Boehmer, Faliszewski, Janeczko, Peters, Pierczyński, Schierreich, Skowron, Szufa, Evaluation of Project Performance in
Participatory Budgeting (IJCAI 2024, arXiv 2312.14723), "cost reduction". The single replay is ours.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from madang.methods.budgeting import limits, ties
from madang.methods.budgeting.completions import utilitarian
from madang.methods.budgeting.counting import Count
from madang.methods.budgeting.election import Election
from madang.methods.budgeting.equal_shares import rolled
from madang.methods.budgeting.exact import Replay
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.outcome import Outcome
from madang.methods.budgeting.overspending import raised_by, split
from madang.methods.budgeting.phragmen import phragmen

NEAR = 1e-9  # a float below the best so far by more than this is not asked in fractions


def margins(election: Election, outcome: Outcome, names: Iterable[str] | None = None) -> dict[str, int | None]:
    """Loser → the largest whole cost at which it would have won; None where no cost of 1 or more would have been enough.

    names  only these losers. Raises ValueError for bounded overspending. Equal Shares: O(rounds × picks of the losers); the
    others, and a utilitarian completion, from 2 to about log₂(cost) counts a loser.
    """
    if outcome.rule == "bos":
        raise ValueError("bos에는 여유 비용이 없습니다 / bounded overspending has no margins")
    listed = sorted(name for name in (outcome.losers if names is None else names) if outcome.losers[name].why != "support")
    hints = _hints(election, outcome)
    if outcome.rule == "equal-shares":
        hints = Reach(election, outcome, listed).costs()
        if outcome.variant["completion"] not in ("add1u", "utilitarian"):
            return dict.fromkeys(outcome.losers if names is None else names, None) | hints
    found = {name: _counted(election, outcome, name, hints.get(name) or 0) for name in listed}
    return dict.fromkeys(outcome.losers if names is None else names, None) | found


def _hints(election: Election, outcome: Outcome) -> dict[str, int | None]:
    """What was left at a loser's turn: with greedy by votes this is the answer itself."""
    if outcome.rule != "greedy":
        return {}
    return {name: lacked.had.__floor__() for name, lacked in outcome.losers.items() if lacked.why in ("budget", "limit")}


def _counted(election: Election, outcome: Outcome, name: str, hint: int) -> int | None:
    """The largest cost by counting again, first about `hint`."""
    place = election.position[name]
    cost = election.costs[place].__ceil__()
    return largest(lambda one: name in winners(priced(election, place, one), outcome), 0, cost, hint) or None


def largest(won: Callable[[int], bool], wins: int, loses: int, guess: int) -> int:
    """The largest number that wins, between one that does (0: none known) and one that does not; asks around `guess` first."""
    for step in (1, 0, -1):
        at = guess + step
        if wins < at < loses:
            if won(at):
                wins = at
                break
            loses = at
    while loses - wins > 1:
        middle = (wins + loses) // 2
        wins, loses = (middle, loses) if won(middle) else (wins, middle)
    return wins


def priced(election: Election, place: int, cost: int) -> Election:
    """The same election where one project costs something else."""
    projects = list(election.projects)
    projects[place] = replace(projects[place], cost=Fraction(cost))
    return replace(election, projects=tuple(projects))


def winners(election: Election, outcome: Outcome) -> Collection[str]:
    """Who wins by the rule and the choices of `outcome` (and by its final share), in another election."""
    said = outcome.variant
    order, bounds = ties.parsed(said["ties"]), _limits(outcome)
    if outcome.rule == "greedy":
        least = Fraction(said["least"]) if said["least"] else None
        skip = said["skip"] == "true"
        return greedy(election, utility=said["utility"], by=said["by"], skip=skip, least=least, ties=order, limits=bounds).winners
    if outcome.rule == "phragmen":
        return phragmen(election, stop=said["stop"], ties=order, limits=bounds).winners
    turned = rolled(election, said["utility"], ties=order, limits=bounds, funds=outcome.endowment)
    chosen = Count(turned).run(turned.start)
    more = utilitarian(turned, chosen) if said["completion"] in ("add1u", "utilitarian") else ()
    return {election.ids[place] for place in (*turned.free, *(turned.places[p] for p in (*chosen, *more)))}


def _limits(outcome: Outcome) -> tuple[limits.Limit, ...]:
    return tuple(limits.parsed(one) for one in outcome.variant["limits"].split(" | ") if one)


class Reach:
    """One replay of Equal Shares, asking before each purchase up to which cost each loser would have come first.

    A loser is bought before a round if at its cost x it is cheaper per utility than the round's winner, so if its supporters raise x
    at that price, Σ min(money, price × utility) ≥ x; and at the end if they hold x. The best of all rounds is the answer.
    Floats only say where to look; each bound is asked in fractions.
    """

    def __init__(self, election: Election, outcome: Outcome, names: Sequence[str]) -> None:
        said = outcome.variant
        self.election, self.words, self.limits = election, ties.parsed(said["ties"]), _limits(outcome)
        self.roll = rolled(election, said["utility"], ties=self.words, limits=self.limits, funds=outcome.endowment)
        self.replay = Replay(self.roll, self.roll.start)
        self.by_cost = said["utility"] == "cost"
        at = {election.ids[place]: p for p, place in enumerate(self.roll.places)}
        self.bought = [at[step.project] for step in outcome.rounds if step.by == "equal-shares" and step.cost]
        self.best = {at[name]: 0 for name in names if name in at}
        self.room = [int(one) for one in self.roll.room]

    def costs(self) -> dict[str, int | None]:
        """Loser → its largest winning cost in currency units. Raises ArithmeticError where the rounds cannot be paid again."""
        for winner in self.bought:
            one = self.replay.price(winner)
            if one is None:
                raise ArithmeticError(f"project {winner} was chosen without the money")
            for p in self.best:
                self._ask(p, winner, one.price)
            for at in range(int(self.roll.rolls.caps[winner]), int(self.roll.rolls.caps[winner + 1])):
                self.room[int(self.roll.rolls.cap[at])] -= int(self.roll.rolls.use[at])
            self.replay.push(one)
        for p in self.best:
            self._ask(p)
        return {self.election.ids[self.roll.places[p]]: best or None for p, best in self.best.items()}

    def _ask(self, p: int, winner: int = -1, price: Fraction | None = None) -> None:
        """Raise the best of `p` by what it could have cost when `winner` was bought at `price` (at the end: −1, None)."""
        best, scale = self.best[p], self.roll.scale
        guess = self._roughly(p, np.inf if price is None else float(price)) / scale
        if guess * (1 + NEAR) < best + 1:
            return
        cost = self.election.costs[self.roll.places[p]].__ceil__()
        self.best[p] = largest(lambda one: self._before(p, one, winner, price), best, cost, round(guess))

    def _before(self, p: int, cost: int, winner: int, price: Fraction | None) -> bool:
        """Whether `p` at this cost comes before `winner`."""
        units = cost * self.roll.scale
        for at in range(int(self.roll.rolls.caps[p]), int(self.roll.rolls.caps[p + 1])):
            cap = int(self.roll.rolls.cap[at])
            if (self.roll.scale if self.limits[cap].counts else units) > self.room[cap]:
                return False
        if price is None:
            here = self.replay.supporters(p)
            return self.replay.pooled(self.roll.rolls.who[here], self.roll.rolls.many[here]) >= units
        share = price * units if self.by_cost else price
        raised = raised_by(self.replay, p, share)
        if raised != units or self._below(p, share):
            return raised >= units
        place = self.roll.places[p]
        rank = ties.ranks(priced(self.election, place, cost), self.words)
        return rank[place] < rank[self.roll.places[winner]]

    def _below(self, p: int, share: Fraction) -> bool:
        """Whether all supporters hold less than `share` per utility: then even a lower one takes all they have."""
        here = self.replay.supporters(p)
        who, util = self.roll.rolls.who[here], self.roll.rolls.util[here]
        full, rest = split(self.replay, p, share)
        if len(full):
            return False
        near = rest[self.replay.money[who[rest]] >= float(share) * util[rest] * (1 - NEAR) - self.replay.blur]
        held = zip(near, self.replay.amounts(who[near]), strict=True)
        return all(have < share * int(util[k]) for k, have in held)

    def _roughly(self, p: int, price: float) -> float:
        """About the largest cost, in units, that the supporters raise at `price`: Newton from above, the sum is concave in the cost."""
        here = self.replay.supporters(p)
        many, money = self.roll.rolls.many[here], self.replay.money[self.roll.rolls.who[here]]
        reach = float(many @ money)
        if not self.by_cost or price == np.inf:
            return reach if price == np.inf else float(many @ np.minimum(money, price * self.roll.rolls.util[here]))
        while True:
            poor = money <= price * reach
            slope = 1 - price * float(many[~poor].sum())
            lower = float(many[poor] @ money[poor]) / slope if slope > NEAR else reach  # level: fractions look from above
            if lower >= reach * (1 - 1e-12):
                return reach
            reach = lower
