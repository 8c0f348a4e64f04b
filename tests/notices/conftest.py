"""A channel where two supporters bring a department's answer; its people, and the morning post."""

from datetime import timedelta

import pytest

from madang.bodies.models import Body
from madang.duties import acts as duties
from madang.matters.models import Matter
from madang.notices import post
from madang.processes.models import Process
from madang.proposals import acts as proposals
from madang.record.seal import seal
from small_city import ANSWERED, DEPARTMENT, LAMP, MONTH_AND_WEEK, TEAM, opened, phase, recipe, support

PHASES = [
    support("reply_supports", "assign", unsupport="supporter", withdraw="proposer"),
    phase(
        "assign",
        "결정",
        ("담당 부서 정하기", "Naming the department"),
        'act = "duties.assign", by = "operator", within = "close_days"',
        {"assigned": "reply"},
        {"duties.assign": "operator"},
    ),
    phase(
        "reply",
        "결정",
        ("부서 답변", "The answer"),
        'act = "decisions.reply", by = "department", within = "reply_days", post = "과장", escalates = ["국장"]',
        ANSWERED,
        {"decisions.reply": "officer"},
    ),
]
VALUES = MONTH_AND_WEEK | {"reply_supports": (2, "people"), "reply_days": (10, "days")}


@pytest.fixture
def team(city) -> Body:
    return Body.objects.create(key="team", name="운영팀", side="public")


@pytest.fixture
def department(city) -> Body:
    return Body.objects.create(key="lights", name="도로과", name_en="Road Division", side="public")


@pytest.fixture
def channel(city, team, day) -> Process:
    text = recipe(
        "answered-channel", ("답변 마당", "Answered yard"), PHASES, bodies=TEAM | DEPARTMENT, values=VALUES
    )
    return opened(text, city.seoul, {"operator": team}, key="answered", at=day(-10), name="답변 마당")


@pytest.fixture
def operator(person, seat, team):
    who = person("이담당")
    seat(who, team, "담당")
    return who


@pytest.fixture
def chief(person, seat, department):
    who = person("정과장")
    seat(who, department, "과장")
    return who


@pytest.fixture
def director(person, seat, department):
    who = person("한국장")
    seat(who, department, "국장")
    return who


@pytest.fixture
def proposer(person):
    return person("김제안")


@pytest.fixture
def lamp(channel, city, proposer, by, day) -> Matter:
    """The street lamps, proposed on day 0 for 시흥4동."""
    return proposals.submit(by(proposer, day(0)), channel, **LAMP, place=city.dong)


@pytest.fixture
def support(lamp, person, by, day):
    """support("박", 1): somebody supports the lamps on day 1."""

    def make(name: str, n: int = 1):
        who = person(name)
        proposals.support(by(who, day(n)), Matter.objects.get(pk=lamp.pk))
        return who

    return make


@pytest.fixture
def assigned(lamp, support, operator, chief, department, by, day) -> Matter:
    """Two supported; on day 2 the road division is named; its answer is due on day 14 (day 12 is a Saturday)."""
    support("박")
    support("최")
    duties.assign(by(operator, day(2)), Matter.objects.get(pk=lamp.pk), body=department)
    return Matter.objects.get(pk=lamp.pk)


@pytest.fixture
def reply(by, day):
    """reply(chief, lamp, 5): the department answers yes on day 5."""
    from madang.decisions import acts as decisions

    def make(who, matter, n: int = 5):
        return decisions.reply(
            by(who, day(n)), Matter.objects.get(pk=matter.pk), conclusion="accepted",
            reason="현장을 살펴본 결과 조도가 기준에 미치지 못하여 가로등 두 개를 새로 설치하기로 정했습니다.",
            next_step="오월 안에 설치 업체를 정하고 공사를 시작합니다.", next_on=(day(n) + timedelta(days=60)).date(),
        )

    return make


@pytest.fixture
def run(day):
    """run(3): the clock seals and the post goes out on day 3."""

    def go(n: int = 0):
        while seal(day(n)):
            pass
        return post.run(day(n))

    return go
