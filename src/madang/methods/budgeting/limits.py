"""Limits beside the budget: at most so much money, or so many projects, of one category, target or district.

1. A limit binds as the budget does: a project that would break it is passed over, for every rule.
2. Names are compared as they stand in the file; a limit on a name nobody carries is an error, not a wish.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from madang.methods.budgeting.election import Election, Project

PLAIN = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,12}|/0*[1-9][0-9]{0,30})?")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` (money, or a number of projects where `counts`) of the projects whose `by` is `value`.

    by  "category", "target", or another column of the file ("district", "neighborhood", …)
    """

    by: str
    value: str
    most: Fraction
    counts: bool = False

    @property
    def name(self) -> str:
        return f"{self.by}={self.value}"


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on one election: `room` in all; `use` of each project under it, by position."""

    name: str
    room: Fraction
    use: Mapping[int, Fraction]


def caps(election: Election, limits: tuple[Limit, ...] = ()) -> tuple[Cap, ...]:
    """The limits as rooms and uses. O(limits × projects). Raises ValueError where no project carries the name."""
    found = []
    for limit in limits:
        use = {
            place: Fraction(1) if limit.counts else project.cost
            for place, project in enumerate(election.projects)
            if limit.value in values(project, limit.by)
        }
        if not use:
            raise ValueError(f"no project has {limit.name}")
        found.append(Cap(limit.name, limit.most, use))
    return tuple(found)


def values(project: Project, by: str) -> tuple[str, ...]:
    """What a project carries in the column `by`; list cells are separated by commas."""
    if by == "category":
        return project.categories
    if by == "target":
        return project.targets
    return tuple(one.strip() for one in project.extra.get(by, "").split(",") if one.strip())


def stated(election: Election) -> tuple[Limit, ...]:
    """The limits a Pabulib file states: names in `neighborhoods` (categories, …) and money in `budget_per_neighborhood`."""
    found: list[Limit] = []
    for many, one, column in (
        ("neighborhoods", "neighborhood", "neighborhood"), ("categories", "category", "category"),
        ("subunits", "subunit", "subunit"), ("districts", "district", "district"),
    ):
        names, money = election.meta.get(many, ""), election.meta.get(f"budget_per_{one}", "")
        if not money:
            continue
        listed, amounts = names.split(","), money.split(",")
        if len(listed) != len(amounts):
            raise ValueError(f"{many}와 budget_per_{one}의 수가 다릅니다 / {many} and budget_per_{one} differ in number")
        found += [Limit(column, name.strip(), exact(most)) for name, most in zip(listed, amounts, strict=True)]
    return tuple(found)


def exact(text: str) -> Fraction:
    """A plain decimal or a/b, not below 0. Raises ValueError for anything else (exponents too: they may be endless)."""
    if not PLAIN.fullmatch(text.strip()):
        raise ValueError(f"수가 아닙니다 / not an amount: {text[:40]!r}")
    return Fraction(text.strip())


def parsed(text: str) -> Limit:
    """`category=Green:50000` (money) or `category=Green:#2` (number of projects). Raises ValueError otherwise."""
    by, equals, rest = text.partition("=")
    value, colon, most = rest.rpartition(":")
    if not (by and equals and value and colon and most):
        raise ValueError(f"{text!r} is no limit: COLUMN=VALUE:MONEY or COLUMN=VALUE:#NUMBER")
    return Limit(by, value, exact(most.removeprefix("#")), most.startswith("#"))


def broken(election: Election, text: str, winners: Iterable[str], refused: Iterable[str]) -> str:
    """Check a published result: "" when the winners keep the limits in `text` and each of `refused` would break one; else what not.

    text  as in Outcome.variant, limits with " | " between them. Raises ValueError for limits that cannot be read.
    """
    found = caps(election, tuple(parsed(one) for one in text.split(" | ") if one))
    left = [cap.room - sum((cap.use.get(election.position[name], Fraction(0)) for name in winners), Fraction(0)) for cap in found]
    if over := [cap.name for cap, room in zip(found, left, strict=True) if room < 0]:
        return ", ".join(over)
    for name in refused:
        place = election.position[name]
        if not any(cap.use.get(place, Fraction(0)) > room for cap, room in zip(found, left, strict=True)):
            return name
    return ""
