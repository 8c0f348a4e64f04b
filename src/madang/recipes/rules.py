"""The rules of a kind of body: who sits in it by which route, for how long, within which shares; how it meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from madang.recipes import words
from madang.recipes.cursor import At, choice, get
from madang.recipes.institution import Law, Text, Value
from madang.recipes.lookup import Lookup

NO_TEXT = Text("", "")
TRAITS = {
    "sex": "성별",
    "age": "나이대",
    "gu": "자치구",
    "youth": "청년(19~39살)",
    "vulnerable": "사회적 약자",
    "household": "한 가구",
    "open-call": "공개 모집",
    "civil": "민간",
    "public": "행정",
    "outsider": "바깥 위원",
}
MEETING = {
    "notice": words.TIME_UNITS,
    "quorum": ("percent",),
    "majority": ("percent",),
    "minutes": words.TIME_UNITS,
    "results": words.TIME_UNITS,
    "per_year": ("times",),
    "attendance": ("percent",),
    "bodies_most": ("bodies",),
    "years_most": ("years",),
    "rest": ("years",),
    "sunset": ("years",),
}


@dataclass(frozen=True, slots=True)
class Quota:
    """A bound on one trait among the holders of a seat, by value names; "" = no bound on that side."""

    trait: str
    least: str
    most: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A kind of seat: who may sit (`gate` = the course to finish first), how they come (`recommended_by` = how many
    people must recommend them), how many, how long."""

    role: str
    name: Text
    side: str
    route: str
    most: str
    least: str
    term: str
    terms: str
    gate: str
    recommended_by: str
    quotas: tuple[Quota, ...]


@dataclass(frozen=True, slots=True)
class BodyRules:
    """A kind of body; `meeting` maps notice, quorum, majority, minutes, … to names of values."""

    key: str
    version: str
    name: Text
    summary: Text
    kind: str
    side: str
    law: tuple[Law, ...]
    values: Mapping[str, Value] = field(hash=False)
    seats: tuple[Seat, ...]
    meeting: Mapping[str, str] = field(hash=False)
    origin: str = field(compare=False)

    def value(self, name: str) -> int:
        """The number called `name`; its unit is in `values[name].unit`."""
        return self.values[name].value

    def used_values(self) -> set[str]:
        """The names of the values some rule uses."""
        used = set(self.meeting.values())
        for seat in self.seats:
            used |= {seat.most, seat.least, seat.term, seat.terms, seat.recommended_by}
            used |= {name for quota in seat.quotas for name in (quota.least, quota.most)}
        return used


def seats(look: Lookup, at: At) -> tuple[Seat, ...]:
    """Read the `[[seats]]` of a body file."""
    return tuple(_seat(look, each) for each in at.each())


def _seat(look: Lookup, at: At) -> Seat:
    optional = ("most", "least", "term", "terms", "gate", "recommended_by", "quotas")
    fields = at.fields(("role", "name", "side", "route"), optional)
    return Seat(
        role=get(fields, "role", At.key, ""),
        name=get(fields, "name", At.both, NO_TEXT),
        side=choice(fields, "side", words.SIDES, "쪽", "side"),
        route=choice(fields, "route", words.ROUTES, "자리에 앉는 길", "route"),
        most=get(fields, "most", lambda each: look.amount(each, ("seats",)), ""),
        least=get(fields, "least", lambda each: look.amount(each, ("seats",)), ""),
        term=get(fields, "term", look.time, ""),
        terms=get(fields, "terms", lambda each: look.amount(each, ("times",)), ""),
        gate=get(fields, "gate", At.text, ""),
        recommended_by=get(fields, "recommended_by", lambda each: look.amount(each, ("people",)), ""),
        quotas=get(fields, "quotas", lambda each: tuple(_quota(look, quota) for quota in each.each()), ()),
    )


def _quota(look: Lookup, at: At) -> Quota:
    fields = at.fields(("trait",), ("least", "most"))
    units = ("percent", "seats", "people")
    return Quota(
        choice(fields, "trait", TRAITS, "갈래", "trait"),
        get(fields, "least", lambda each: look.amount(each, units), ""),
        get(fields, "most", lambda each: look.amount(each, units), ""),
    )


def meeting(look: Lookup, at: At) -> Mapping[str, str]:
    """Read the `[meeting]` of a body file."""
    fields = at.fields((), tuple(MEETING))
    return {key: look.amount(each, MEETING[key]) for key, each in fields.items()}
