"""Approval with weighted classes, and greedy spending of one pot, in exact fractions.

1. score(choice) = Σ over classes: weight × (its ballots that name the choice ÷ all its ballots).
2. A class nobody voted in gives nothing to anybody, and its weight is shared out among those that voted.
3. The order is by score; ties fall to the rule's list of tie-breakers and end with the published order.
4. The pot is spent from the top; a choice that no longer fits is passed over (or ends it all, as the rule says).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

TIES = ("votes", "cheaper", "lot", "order")


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be picked: its key and what it would cost (won; 0 where no money is at stake)."""

    key: str
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """weights: class → weight (any positive whole numbers). pot: won, None without money. most: chosen at most.

    least: a score below it is never chosen. ties: tie-breakers in order, of "votes" (more ballots in all), "cheaper",
    "lot" (by the public seed), "order" (published order). stops: a choice that does not fit ends the spending.
    """

    weights: Mapping[str, int]
    picks_max: int
    picks_exact: bool = False
    pot: int | None = None
    most: int | None = None
    least: Fraction = Fraction(0)
    ties: tuple[str, ...] = ("votes", "cheaper", "order")
    seed: str = ""
    stops: bool = False

    def __post_init__(self) -> None:
        if not self.weights or min(self.weights.values()) <= 0:
            raise ValueError("every class needs a weight above 0")
        if unknown := set(self.ties) - set(TIES):
            raise ValueError(f"unknown tie-breakers: {', '.join(sorted(unknown))}")
        if "lot" in self.ties and not self.seed:
            raise ValueError("a lot needs a public seed")


@dataclass(frozen=True, slots=True)
class Shares:
    """The tally: ballots per class (all of them, blank ones too), marks per choice and class, exact scores."""

    ballots: Mapping[str, int]
    marks: Mapping[str, Mapping[str, int]]
    scores: Mapping[str, Fraction]

    def votes(self, key: str) -> int:
        return sum(self.marks[key].values())


@dataclass(frozen=True, slots=True)
class Round:
    """One step down the list. `lacked`: "" when chosen, else score | places | money | stopped, and how much."""

    rank: int
    key: str
    score: Fraction
    votes: int
    cost: int
    left_before: int | None
    chosen: bool
    lacked: str = ""
    short: int | Fraction = 0


def shares(choices: Sequence[Choice], votes: Iterable[tuple[str, Sequence[str]]], rule: Rule) -> Shares:
    """Tally `votes` (class, picked keys), one by one. O(number of marks).

    Raises ValueError for an unknown class or choice, a choice picked twice, or a number of picks the rule refuses.
    """
    keys = [choice.key for choice in choices]
    if len(set(keys)) != len(keys):
        raise ValueError("a choice is listed twice")
    ballots = dict.fromkeys(rule.weights, 0)
    marks = {key: dict.fromkeys(rule.weights, 0) for key in keys}
    for group, picks in votes:
        if group not in ballots:
            raise ValueError(f"unknown class of voters {group!r}")
        accepts(picks, keys, rule)
        ballots[group] += 1
        for key in picks:
            marks[key][group] += 1
    return weighed(ballots, marks, rule)


def weighed(ballots: Mapping[str, int], marks: Mapping[str, Mapping[str, int]], rule: Rule) -> Shares:
    """Scores from the ballots of each class and the marks each choice got in it. O(choices × classes)."""
    cast = {group: rule.weights[group] for group, number in ballots.items() if number}
    whole = sum(cast.values())
    scores = {
        key: sum((Fraction(weight * given[group], whole * ballots[group]) for group, weight in cast.items()), Fraction(0))
        for key, given in marks.items()
    }
    return Shares(ballots, marks, scores)


def accepts(picks: Sequence[str], keys: Sequence[str], rule: Rule) -> None:
    """Raise ValueError when a ballot breaks the rule of picks."""
    if len(set(picks)) != len(picks):
        raise ValueError("a choice is picked twice")
    if not set(picks) <= set(keys):
        raise ValueError("a pick is not on the ballot")
    wanted = min(rule.picks_max, len(keys))
    if len(picks) > rule.picks_max or (rule.picks_exact and len(picks) != wanted):
        asks = "exactly" if rule.picks_exact else "at most"
        raise ValueError(f"{len(picks)} picks where the rule asks {asks} {wanted}")


def decide(choices: Sequence[Choice], tally: Shares, rule: Rule) -> tuple[Round, ...]:
    """Go down the list and choose, with what every loser lacked. O(n log n)."""
    left, chosen, stopped = rule.pot, 0, False
    rounds: list[Round] = []
    last = Fraction(0)
    for rank, choice in enumerate(_ranked(choices, tally, rule), start=1):
        score = tally.scores[choice.key]
        lacked, short = _lack(choice, score, tally, rule, left, chosen, stopped, last)
        rounds.append(
            Round(rank, choice.key, score, tally.votes(choice.key), choice.cost, left, not lacked, lacked, short)
        )
        if lacked:
            stopped = stopped or (rule.stops and lacked == "money")
            continue
        chosen, last = chosen + 1, score
        left = None if left is None else left - choice.cost
    return tuple(rounds)


def _lack(
    choice: Choice, score: Fraction, tally: Shares, rule: Rule, left: int | None, chosen: int, stopped: bool,
    last: Fraction,
) -> tuple[str, int | Fraction]:
    if score < rule.least or not tally.votes(choice.key):
        return "score", max(rule.least - score, Fraction(0))
    if rule.most is not None and chosen >= rule.most:
        return "places", last - score
    if left is not None and choice.cost > left:
        return "money", choice.cost - left
    return ("stopped", 0) if stopped else ("", 0)


def _ranked(choices: Sequence[Choice], tally: Shares, rule: Rule) -> list[Choice]:
    place = {choice.key: number for number, choice in enumerate(choices)}
    breaker: dict[str, Callable[[Choice], Any]] = {
        "votes": lambda choice: -tally.votes(choice.key),
        "cheaper": lambda choice: choice.cost,
        "lot": lambda choice: lot(rule.seed, choice.key),
        "order": lambda choice: place[choice.key],
    }

    def standing(choice: Choice) -> tuple[Any, ...]:
        return (-tally.scores[choice.key], *(breaker[tie](choice) for tie in rule.ties), place[choice.key])

    return sorted(choices, key=standing)


def lot(seed: str, key: str) -> str:
    """The lot of a choice: sha256 of "seed/key", the smallest first; anyone can draw it again."""
    return sha256(f"{seed}/{key}".encode()).hexdigest()


def proves(
    choices: Sequence[Choice], votes: Sequence[tuple[str, Sequence[str]]], rule: Rule, rounds: Sequence[Round]
) -> str:
    """Check a result without sorting or running it: "" when it follows from the votes, else what does not.

    Counts each choice again by walking the ballots, compares neighbours by cross-multiplication of whole numbers, and
    adds up the pot. O(choices × votes).
    """
    voted = {group: sum(1 for of, _ in votes if of == group) for group in rule.weights}
    marks = {
        step.key: {group: sum(1 for of, picks in votes if of == group and step.key in picks) for group in rule.weights}
        for step in rounds
    }
    return follows(choices, voted, marks, rule, rounds)


def follows(
    choices: Sequence[Choice], ballots: Mapping[str, int], marks: Mapping[str, Mapping[str, int]], rule: Rule,
    rounds: Sequence[Round],
) -> str:
    """"" when the rounds follow from ballots and marks counted again, else what does not. O(choices × classes)."""
    if sorted(choice.key for choice in choices) != sorted(step.key for step in rounds):
        return "not every choice has its round"
    costs = {choice.key: choice.cost for choice in choices}
    voted = {group: number for group, number in ballots.items() if number}
    whole = sum(rule.weights[group] for group in voted)
    spent, chosen, stopped, before = 0, 0, False, None
    for step in rounds:
        given = marks[step.key]
        parts = [Fraction(rule.weights[group] * given[group], whole * number) for group, number in voted.items()]
        score = sum(parts, Fraction(0))
        if score != step.score or sum(given.values()) != step.votes:
            return f"the score of {step.key} is not what the ballots give"
        if before is not None and before.numerator * score.denominator < score.numerator * before.denominator:
            return f"{step.key} stands below a lower score"
        fits = rule.pot is None or spent + costs[step.key] <= rule.pot
        free = rule.most is None or chosen < rule.most
        wins = bool(step.votes) and score >= rule.least and free and fits and not stopped
        if wins != step.chosen:
            return f"{step.key} is {'not ' if wins else ''}chosen against the rule"
        stopped = stopped or (rule.stops and bool(step.votes) and score >= rule.least and free and not fits)
        spent, chosen, before = spent + (costs[step.key] if wins else 0), chosen + wins, score
    return ""
