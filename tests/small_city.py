"""One small city for the tests of every room: a place, its people, and an institution made of the phases a room needs.

`recipe`, `phase` and `opened` write and open an institution; the fixtures below are a place without a charter, where
somebody proposes a street lamp. A room says what is different about its own: which phases, which bodies, which numbers.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from madang.bodies.models import Body, Seat
from madang.people.models import Person
from madang.places.models import Place
from madang.processes.library import vocabulary
from madang.processes.models import Casting, Process, RecipeText
from madang.recipes import Vocabulary, loads

BEGIN = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Seoul"))
LAMP = {
    "title": "골목에 가로등을 놓아 주세요",
    "problem": "밤에 어두워서 무섭습니다.",
    "idea": "가로등 두 개를 놓습니다.",
    "topic": "safety",
}
TEAM = {"operator": ("운영팀", "Team", "public")}
DEPARTMENT = {"department": ("담당 부서", "Department", "public, each matter")}
MONTH_AND_WEEK = {"support_days": (30, "days"), "close_days": (7, "working-days")}
CONCLUDED = dict.fromkeys(("expired", "merged", "passed-on", "answered-elsewhere"), "closed")
ANSWERED = dict.fromkeys(("accepted", "partial", "long-term", "declined", "already-done"), "closed")
Table = dict[str, str]


def recipe(
    key: str,
    name: tuple[str, str],
    phases: list[str],
    *,
    bodies: dict[str, tuple[str, str, str]] = TEAM,
    values: dict[str, tuple[int, str]] = MONTH_AND_WEEK,
    standing_may: Table | None = None,
    kind: str = "channel",
    more: str = "",
) -> str:
    """The text of an institution. `bodies`: part → name, English, side; `values`: name → amount, unit."""
    parts = [f"{part} = {{ name = {_both(ko, en)}, {_side(side)} }}" for part, (ko, en, side) in bodies.items()]
    numbers = [
        f'{value} = {{ value = {amount}, unit = "{unit}", since = 2026-01-01, source = "시험" }}'
        for value, (amount, unit) in values.items()
    ]
    lines = [
        f'key = "{key}"',
        "version = 2026-01-01",
        f"name = {_both(*name)}",
        'summary = { ko = "작은 도시의 제도입니다.", en = "An institution of the small city." }',
        f'kind = "{kind}"',
        "standing = true",
        'place_level = "any"',
        'held_by = "operator"',
        'law = [{ title = "시험 조례", article = "1", since = 2026-01-01, source = "시험" }]',
        more,
        "[bodies]",
        *parts,
        "[values]",
        *numbers,
        *(["[standing_may]", _may(standing_may)] if standing_may else []),
        *phases,
    ]
    return "\n".join(lines)


def phase(key: str, station: str, name: tuple[str, str], owes: str, next_: Table, may: Table, more: str = "") -> str:
    """One phase. `next_`: outcome → phase; `may`: act → roles, space-separated; `owes` and `more` as in a file."""
    return "\n".join(
        [
            "[[phases]]",
            f'key = "{key}"',
            f'station = "{station}"',
            f"name = {_both(*name)}",
            'says = { ko = "이 단계의 일을 합니다.", en = "The work of the phase." }',
            more,
            f"owes = {{ {owes} }}",
            *(f'next.{outcome} = ["{opens}"]' for outcome, opens in next_.items()),
            "[phases.may]",
            _may(may),
        ]
    )


def support(reaches: str = "", opens: str = "", **may: str) -> str:
    """The phase all begin with: a month of support, then the team concludes; past the threshold `opens` runs beside it."""
    gate = f'gates = [{{ counts = "supports", reaches = "{reaches}", opens = ["{opens}"] }}]' if reaches else ""
    return phase(
        "support",
        "제안",
        ("공감 모으기", "Support"),
        'act = "duties.conclude", by = "operator", within = "close_days", after = "phase-end"',
        CONCLUDED | ({"reached": "waits"} if reaches else {}),
        {
            "proposals.submit": "verified",
            "proposals.support": "verified",
            **{f"proposals.{verb}": roles for verb, roles in may.items()},
            "duties.conclude": "operator",
        },
        f'opens = "on-submit"\nfor = "support_days"\n{gate}',
    )


def opened(
    text: str, place: Place, parts: dict[str, Body], *, key: str, at: datetime = BEGIN, name: str = "",
    words: Vocabulary | None = None, **fields: object,
) -> Process:
    """A process that runs the institution of `text`, opened without asking who may."""
    rules = loads(text, words or vocabulary())
    digest = f"sha256:{rules.digest()}"
    RecipeText.objects.get_or_create(digest=digest, defaults={"text": rules.freeze(), "first_used_at": at})
    process = Process.objects.create(
        key=key, recipe_key=rules.key, recipe_id=digest, name=name or key, place=place, opened_at=at, **fields
    )
    for part, body in parts.items():
        Casting.objects.create(process=process, part=part, body=body)
    return process


def _both(ko: str, en: str) -> str:
    return f'{{ ko = "{ko}", en = "{en}" }}'


def _side(side: str) -> str:
    return f'side = "{side.split(",")[0]}"' + (", matter = true" if "," in side else "")


def _may(table: Table) -> str:
    def roles(names: str) -> str:
        return ", ".join(f'"{role}"' for role in names.split())

    return "\n".join(f'"{act}" = [{roles(names)}]' for act, names in table.items())


@pytest.fixture
def person(db):
    """person("김"): somebody verified (L2)."""

    def make(name: str, level: int = 2) -> Person:
        return Person.objects.create(email=f"{name}@example.org", name=name, level=level, joined_at=BEGIN)

    return make


@pytest.fixture
def seoul(db) -> Place:
    return Place.objects.create(code="11", name="서울특별시", level="city", valid_from=date(2000, 1, 1))


@pytest.fixture
def siheung(seoul) -> Place:
    gu = Place.objects.create(code="1154", name="금천구", level="gu", parent=seoul, valid_from=date(2000, 1, 1))
    return Place.objects.create(code="115406", name="시흥4동", level="dong", parent=gu, valid_from=date(2000, 1, 1))


@pytest.fixture
def team(db) -> Body:
    return Body.objects.create(key="team", name="운영팀", side="public")


@pytest.fixture
def seat():
    """seat(lee, team): lee sits in the team."""

    def make(who: Person, body: Body, post: str = "담당") -> Person:
        Seat.objects.create(
            body=body, person=who, post=post, side=body.side, route="ex-officio", since_date=date(2026, 1, 1)
        )
        return who

    return make


@pytest.fixture
def operator(person, seat, team) -> Person:
    return seat(person("이담당"), team)
