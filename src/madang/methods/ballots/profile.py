"""What was cast: candidates in their published order, groups of voters, and equal ballots counted together.

1. A ranking is tiers of candidates, best first; candidates left out stand together below all that are named.
2. Points are (candidate, points) pairs in the order of candidates; a candidate without points is left out.
3. Equal ballots of a group are one entry with a number, so the order of the rows cannot matter and a file may be split.
4. Group weights become whole numbers before anything is counted: nothing is ever rounded.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

Ranking = tuple[tuple[int, ...], ...]
Points = tuple[tuple[int, int | Fraction], ...]
WEIGHINGS = ("shares", "ballots")


@dataclass(frozen=True, slots=True)
class Profile:
    """All ballots. `rankings`/`points`: (group number, ballot) → how many; only one of the two holds anything."""

    candidates: tuple[str, ...]
    groups: tuple[str, ...]
    rankings: Mapping[tuple[int, Ranking], int]
    points: Mapping[tuple[int, Points], int]

    def __post_init__(self) -> None:
        if len(set(self.candidates)) != len(self.candidates):
            raise ValueError("후보가 두 번 나옵니다 / a candidate is listed twice")
        if self.rankings and self.points:
            raise ValueError("순위와 점수를 섞을 수 없습니다 / rankings and points cannot be counted together")

    @property
    def ballots(self) -> int:
        """How many ballots were cast, blank ones too."""
        return sum(self.rankings.values()) + sum(self.points.values())

    def per_group(self) -> list[int]:
        """How many ballots each group cast."""
        cast = [0] * len(self.groups)
        for held in (self.rankings, self.points):
            for (group, _), number in held.items():
                cast[group] += number
        return cast


@dataclass(frozen=True, slots=True)
class Scale:
    """What one ballot of each group weighs in whole numbers, and what all weigh together; a figure is weight ÷ unit."""

    weights: tuple[int, ...]
    whole: int
    unit: int


def rankings(
    ballots: Iterable[Sequence[Sequence[str]]], candidates: Sequence[str] = (), group: str = "all"
) -> Profile:
    """A profile from rankings by name, each a list of tiers, for notebooks: `rankings([[["A"], ["B", "C"]]])`.

    Candidates are in the given order, else by name. Raises ValueError for a name twice on a ballot or not listed.
    """
    cast = [tuple(tuple(tier) for tier in ballot) for ballot in ballots]
    names = tuple(candidates) or tuple(sorted({name for ballot in cast for tier in ballot for name in tier}))
    place = {name: number for number, name in enumerate(names)}
    counted: Counter[tuple[int, Ranking]] = Counter()
    for ballot in cast:
        named = [name for tier in ballot for name in tier]
        if len(set(named)) != len(named):
            raise ValueError(f"후보가 한 표에 두 번 나옵니다 / twice on one ballot: {ballot}")
        if unknown := set(named) - set(names):
            raise ValueError(f"없는 후보 / unknown candidate: {', '.join(sorted(unknown))}")
        counted[0, tuple(tuple(sorted(place[name] for name in tier)) for tier in ballot if tier)] += 1
    return Profile(names, (group,), counted, {})


def joined(parts: Sequence[Profile]) -> Profile:
    """One profile of several files of one election; candidates and groups meet by name.

    The published order is the first file's if all list the same names in the same order, else the order of names.
    """
    if len(parts) == 1:
        return parts[0]
    orders = {part.candidates for part in parts}
    names = parts[0].candidates if len(orders) == 1 else tuple(sorted({name for each in orders for name in each}))
    groups = tuple(sorted({group for part in parts for group in part.groups}))
    place = {name: number for number, name in enumerate(names)}
    ranked: Counter[tuple[int, Ranking]] = Counter()
    pointed: Counter[tuple[int, Points]] = Counter()
    for part in parts:
        to = [place[name] for name in part.candidates]
        into = [groups.index(group) for group in part.groups]
        for (group, ranking), number in part.rankings.items():
            ranked[into[group], tuple(tuple(sorted(to[each] for each in tier)) for tier in ranking)] += number
        for (group, points), number in part.points.items():
            pointed[into[group], tuple(sorted((to[each], given) for each, given in points))] += number
    return Profile(names, groups, ranked, pointed)


def scale(profile: Profile, weights: Mapping[str, Fraction] | None, weighing: str = "shares") -> Scale:
    """Whole-number weights of one ballot of each group.

    Without weights every ballot weighs 1. "shares": a group weighs w in all, however many voted; a group nobody voted
    in gives its weight to the others. "ballots": each ballot of the group weighs w.
    Raises ValueError for an unknown group, a group without weight, or a weight that is not above 0.
    """
    cast = profile.per_group()
    if weights is None:
        return Scale((1,) * len(cast), sum(cast), 1)
    voted = [group for group, number in zip(profile.groups, cast, strict=True) if number]
    if missing := sorted(set(voted) - set(weights)):
        raise ValueError(f"가중치가 없는 집단 / no weight for the group: {', '.join(missing)}")
    if any(weight <= 0 for weight in weights.values()):
        raise ValueError("가중치는 0보다 커야 합니다 / a weight must be above 0")
    if weighing not in WEIGHINGS:
        raise ValueError(f"weighing is one of {', '.join(WEIGHINGS)}")
    each = [
        Fraction(weights[group]) / (number if weighing == "shares" else 1) if number else Fraction(0)
        for group, number in zip(profile.groups, cast, strict=True)
    ]
    base = lcm(*(weight.denominator for weight in each)) if each else 1
    whole = tuple(int(weight * base) for weight in each)
    total = sum(weight * number for weight, number in zip(whole, cast, strict=True))
    return Scale(whole, total, total if weighing == "shares" and total else base)
