"""A small place where one promise is being checked: a channel, its team, its evaluators, people with names."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from madang.access import By
from madang.bodies.models import Body, Seat
from madang.duties import walk
from madang.evaluation.figures import load
from madang.matters.models import Matter
from madang.people.models import Person
from madang.places.models import Place
from madang.processes.library import vocabulary
from madang.processes.models import Casting, Process, RecipeText
from madang.processes.queries import rules
from madang.proposals.models import Support
from madang.recipes import loads

BEGIN = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Seoul"))
RECIPE = """
key = "checked-channel"
version = 2026-01-01
name = { ko = "확인 마당", en = "Checked yard" }
summary = { ko = "약속하고 확인합니다.", en = "Promise and check." }
kind = "channel"
standing = true
place_level = "any"
held_by = "operator"
law = [{ title = "시험 조례", article = "1", since = 2026-01-01, source = "시험" }]
indicators = ["citizen-confirmed", "duties-kept"]

[bodies]
operator = { name = { ko = "운영팀", en = "Team" }, side = "public" }
panel = { name = { ko = "평가단", en = "Evaluators" }, side = "civil" }

[values]
support_days = { value = 30, unit = "days", since = 2026-01-01, source = "시험" }
close_days = { value = 7, unit = "working-days", since = 2026-01-01, source = "시험" }

[standing_may]
"evaluation.reopen" = ["proposer", "supporter", "operator"]

[[phases]]
key = "promise"
station = "집행"
opens = "on-submit"
name = { ko = "약속", en = "Promise" }
says = { ko = "약속합니다.", en = "A promise is made." }
owes = { act = "execution.promise", by = "operator", within = "close_days" }
next = { promised = ["check"] }
[phases.may]
"proposals.submit" = ["verified"]
"execution.promise" = ["operator"]

[[phases]]
key = "check"
station = "평가"
name = { ko = "시민 확인", en = "Check" }
says = { ko = "확인합니다.", en = "People check." }
for = "support_days"
owes = { act = "evaluation.close", by = "operator", within = "close_days", after = "phase-end" }
next = { confirmed = ["closed"], not-confirmed = ["reopen"] }
[phases.may]
"evaluation.confirm" = ["verified"]
"evaluation.score" = ["evaluator", "panelist"]
"evaluation.close" = ["operator"]

[[phases]]
key = "reopen"
station = "평가"
name = { ko = "다시 열기", en = "Reopening" }
says = { ko = "다시 약속을 묻습니다.", en = "It is asked again." }
owes = { act = "evaluation.reopen", by = "operator", within = "close_days" }
next = { reopened = ["promise"] }
[phases.may]
"evaluation.reopen" = ["operator"]
"""


@pytest.fixture
def day():
    """day(3): ten in the morning, three days after the beginning."""
    return lambda n=0: BEGIN + timedelta(days=n)


@pytest.fixture
def person(db):
    """person("김"): somebody verified (L2)."""

    def make(name: str, level: int = 2) -> Person:
        return Person.objects.create(email=f"{name}@example.org", name=name, level=level, joined_at=BEGIN)

    return make


@pytest.fixture
def by(day):
    """by(kim, 3): kim acts on the third day."""
    return lambda who, n=0: By(who, day(n))


@pytest.fixture
def seoul(db) -> Place:
    return Place.objects.create(code="11", name="서울특별시", level="city", valid_from=date(2000, 1, 1))


@pytest.fixture
def team(db) -> Body:
    return Body.objects.create(key="team", name="운영팀", side="public")


@pytest.fixture
def evaluators(db) -> Body:
    return Body.objects.create(key="evaluators", name="평가단", side="civil")


@pytest.fixture
def channel(seoul, team, evaluators) -> Process:
    words = vocabulary()
    words = replace(
        words, acts={**words.acts, "execution.promise": ("promised",)}, indicators=frozenset(load())
    )
    frozen = json.loads(loads(RECIPE, words).freeze())
    frozen["recipe"]["values"]["reopen_supports"] = {  # no phase uses it, so it stands beside the phases
        "value": 2, "unit": "people", "since": "2026-01-01", "source": "시험",
    }
    RecipeText.objects.create(digest="sha256:checked", text=json.dumps(frozen), first_used_at=BEGIN)
    rules.cache_clear()
    process = Process.objects.create(
        key="checked",
        recipe_key="checked-channel",
        recipe_id="sha256:checked",
        name="확인 마당",
        place=seoul,
        opened_at=BEGIN,
    )
    Casting.objects.create(process=process, part="operator", body=team)
    Casting.objects.create(process=process, part="panel", body=evaluators)
    return process


@pytest.fixture
def seat():
    def make(who: Person, body: Body, post: str = "담당") -> Person:
        Seat.objects.create(
            body=body, person=who, post=post, side=body.side, route="ex-officio", since_date=date(2026, 1, 1)
        )
        return who

    return make


@pytest.fixture
def operator(person, seat, team) -> Person:
    return seat(person("이담당"), team)


@pytest.fixture
def proposer(person) -> Person:
    return person("김제안")


@pytest.fixture
def lamp(channel, seoul, proposer, by, operator) -> Matter:
    """The street lamps somebody promised, now being checked by everyone (day 0)."""
    matter = Matter.objects.create(
        process=channel, place=seoul, number="2026-000001", title="가로등", author=proposer, created_at=BEGIN
    )
    with transaction.atomic():
        walk.reenter(by(None), matter, "check", because="promise:promised")
    return matter


@pytest.fixture
def supporter(person, lamp):
    """supporter("박"): somebody who supported the lamps."""

    def make(name: str) -> Person:
        who = person(name)
        Support.objects.create(matter=lamp, person=who, supported_at=BEGIN)
        return who

    return make
