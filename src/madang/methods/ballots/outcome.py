"""The terms of a count, announced before it, and what came out of it, with every sum that a loser needs.

1. Terms are data: method, weights, bar, tie-breakers and seed are printed with the result.
2. A tie is settled by the announced list or stays open; each one that was settled is listed with what settled it.
3. Figures are weight ÷ unit: numbers of ballots where nobody is weighted, shares of the whole where groups are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from madang.methods.ballots.approval import lot
from madang.methods.ballots.resolution import Bar

METHODS = ("plurality", "approval", "condorcet", "schulze", "ranked-pairs", "irv", "score", "cumulative")
PAIRWISE = ("condorcet", "schulze", "ranked-pairs")
BREAKERS = ("votes", "lot", "order")
STRENGTHS = ("winning", "margins")


@dataclass(frozen=True, slots=True)
class Terms:
    """How to count. ties: of "votes" (more ballots put it first, or give it anything), "lot" (smallest
    sha256 of "seed/name"), "order" (published order); () leaves ties open. bar: a share of all ballots the winner must
    reach. most: points one candidate may get on a ballot (score) or all together (cumulative), None for no limit.
    """

    method: str
    weights: Mapping[str, Fraction] | None = None
    weighing: str = "shares"
    bar: Bar | None = None
    ties: tuple[str, ...] = ("order",)
    seed: str = ""
    seats: int = 1
    strength: str = "winning"
    most: Fraction | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"방법 / method: {', '.join(METHODS)}")
        if unknown := set(self.ties) - set(BREAKERS):
            raise ValueError(f"모르는 동점 규칙 / unknown tie-breaker: {', '.join(sorted(unknown))}")
        if "lot" in self.ties and not self.seed:
            raise ValueError("추첨에는 미리 알린 씨앗이 있어야 합니다 / a lot needs a public seed")
        if self.strength not in STRENGTHS:
            raise ValueError(f"strength is one of {', '.join(STRENGTHS)}")
        if self.seats < 1 or (self.seats > 1 and self.method in ("irv", "condorcet")):
            raise ValueError("이 방법은 한 사람만 뽑습니다 / this method fills one seat")
        if self.bar and self.method == "score" and self.most is None:
            raise ValueError("점수제의 문턱에는 만점이 있어야 합니다 / a bar on scores needs the highest score")


@dataclass(frozen=True, slots=True)
class Broken:
    """A tie that was settled: where, among whom, by what, and on whom it fell (who comes first; in a runoff, who goes)."""

    at: str
    among: tuple[str, ...]
    by: str
    fell_on: str


@dataclass(frozen=True, slots=True)
class Lack:
    """What a loser lacked: `have` against the `need` of `against`. how: votes | pair | path | locked | round."""

    how: str
    against: str
    have: Fraction
    need: Fraction


@dataclass(frozen=True, slots=True)
class Beatpath:
    """A strongest path from the first of `through` to the last; strength 0 and no path where there is none."""

    strength: int
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lock:
    """A majority in the order of its strength: locked, or left out because `against` already stands the other way."""

    winner: str
    loser: str
    strength: int
    locked: bool
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Runoff:
    """One round: the piles before it, who left, where the ballots went, how much was exhausted by then."""

    piles: Mapping[str, int]
    exhausted: int
    out: tuple[str, ...] = ()
    moved: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """state: elected | tie | below-bar | no-winner. order: tiers, more than one name only where a tie stays open."""

    terms: Terms
    candidates: tuple[str, ...]
    ballots: int
    blank: int
    void: int
    whole: int
    unit: int
    state: str
    winners: tuple[str, ...]
    order: tuple[tuple[str, ...], ...]
    figures: Mapping[str, Fraction]
    lacks: Mapping[str, Lack]
    ties: tuple[Broken, ...] = ()
    reached: Fraction | None = None
    table: tuple[tuple[int, ...], ...] = ()
    smith: tuple[str, ...] = ()
    reach: tuple[tuple[int, ...], ...] = ()
    paths: Mapping[tuple[str, str], Beatpath] = field(default_factory=dict)
    locks: tuple[Lock, ...] = ()
    rounds: tuple[Runoff, ...] = ()


class Breaking:
    """The announced list at work, writing down each tie it settles."""

    def __init__(self, terms: Terms, names: Sequence[str], votes: Sequence[int | Fraction]) -> None:
        self.terms, self.names = terms, names
        keyed: dict[str, Callable[[int], Any]] = {
            "votes": lambda one: -votes[one],
            "lot": lambda one: lot(terms.seed, names[one]),
            "order": lambda one: one,
        }
        self.keys = [tuple(keyed[tie](one) for tie in terms.ties) for one in range(len(names))]
        self.settled: list[Broken] = []

    def first(self, tied: Iterable[int], at: str) -> int | None:
        """The first of the tied by the list; None where the list leaves it open."""
        return self._settle(sorted(tied), at, last=False)

    def last(self, tied: Iterable[int], at: str) -> int | None:
        """The last of the tied by the list; None where the list leaves it open."""
        return self._settle(sorted(tied), at, last=True)

    def note(self, at: str, among: Sequence[str], fell_on: str) -> None:
        """Write down a tie that the whole list settled."""
        self.settled.append(Broken(at, tuple(among), ", ".join(self.terms.ties), fell_on))

    def _settle(self, tied: list[int], at: str, *, last: bool) -> int | None:
        if len(tied) == 1:
            return tied[0]
        ranked = sorted(tied, key=self.keys.__getitem__, reverse=last)
        best, next_ = self.keys[ranked[0]], self.keys[ranked[1]]
        if best == next_:
            return None
        by = next(tie for tie, one, two in zip(self.terms.ties, best, next_, strict=True) if one != two)
        self.settled.append(Broken(at, tuple(self.names[one] for one in tied), by, self.names[ranked[0]]))
        return ranked[0]


def seated(order: Sequence[Sequence[str]], seats: int) -> tuple[tuple[str, ...], str]:
    """Who gets the seats, and "elected" or, where an open tie lies across the last seat, "tie" and those before it."""
    taken: list[str] = []
    for tier in order:
        if len(taken) == seats:
            break
        if len(taken) + len(tier) > seats:
            return tuple(taken), "tie"
        taken += tier
    return tuple(taken), "elected" if taken else "no-winner"
