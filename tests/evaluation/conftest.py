"""A small place where one promise is being checked: a channel, its team, its evaluators, people with names."""

from dataclasses import replace

import pytest
from django.db import transaction

from madang.bodies.models import Body
from madang.duties import walk
from madang.evaluation.figures import load
from madang.matters.models import Matter
from madang.people.models import Person
from madang.processes.library import vocabulary
from madang.processes.models import Process
from madang.proposals.models import Support
from small_city import *  # noqa: F403 — its fixtures
from small_city import BEGIN, MONTH_AND_WEEK, TEAM, opened, phase, recipe

PHASES = [
    phase(
        "promise",
        "집행",
        ("약속", "Promise"),
        'act = "execution.promise", by = "operator", within = "close_days"',
        {"promised": "check"},
        {"proposals.submit": "verified", "execution.promise": "operator"},
        'opens = "on-submit"',
    ),
    phase(
        "check",
        "평가",
        ("시민 확인", "Check"),
        'act = "evaluation.close", by = "operator", within = "close_days", after = "phase-end"',
        {"confirmed": "closed", "not-confirmed": "reopen"},
        {"evaluation.confirm": "verified", "evaluation.score": "evaluator panelist", "evaluation.close": "operator"},
        'for = "support_days"',
    ),
    phase(
        "reopen",
        "평가",
        ("다시 열기", "Reopening"),
        'act = "evaluation.reopen", by = "operator", within = "close_days"',
        {"reopened": "promise"},
        {"evaluation.reopen": "operator"},
    ),
]


@pytest.fixture
def evaluators(db) -> Body:
    return Body.objects.create(key="evaluators", name="평가단", side="civil")


@pytest.fixture
def channel(seoul, team, evaluators) -> Process:
    text = recipe(
        "checked-channel",
        ("확인 마당", "Checked yard"),
        PHASES,
        bodies=TEAM | {"panel": ("평가단", "Evaluators", "civil")},
        values=MONTH_AND_WEEK | {"reopen_supports": (2, "people")},
        standing_may={"evaluation.reopen": "proposer supporter operator"},
        more='indicators = ["citizen-confirmed", "duties-kept"]',
    )
    words = replace(vocabulary(), indicators=frozenset(load()))
    return opened(text, seoul, {"operator": team, "panel": evaluators}, key="checked", name="확인 마당", words=words)


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
