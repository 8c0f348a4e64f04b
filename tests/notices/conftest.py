"""A channel where two supporters bring a department's answer; its people, and the morning post."""

from datetime import timedelta

import pytest

from madang.bodies.models import Body
from madang.duties import acts as duties
from madang.matters.models import Matter
from madang.notices import post
from madang.processes.library import vocabulary
from madang.processes.models import Casting, Process, RecipeText
from madang.processes.queries import rules
from madang.proposals import acts as proposals
from madang.recipes import loads
from madang.record.seal import seal

RECIPE = """
key = "answered-channel"
version = 2026-01-01
name = { ko = "답변 마당", en = "Answered yard" }
summary = { ko = "공감하고 답합니다.", en = "Support and answer." }
kind = "channel"
standing = true
place_level = "any"
held_by = "operator"
law = [{ title = "시험 조례", article = "1", since = 2026-01-01, source = "시험" }]

[bodies]
operator = { name = { ko = "운영팀", en = "Team" }, side = "public" }
department = { name = { ko = "담당 부서", en = "Department" }, side = "public", matter = true }

[values]
reply_supports = { value = 2, unit = "people", since = 2026-01-01, source = "시험" }
support_days = { value = 30, unit = "days", since = 2026-01-01, source = "시험" }
reply_days = { value = 10, unit = "days", since = 2026-01-01, source = "시험" }
close_days = { value = 7, unit = "working-days", since = 2026-01-01, source = "시험" }

[[phases]]
key = "support"
station = "제안"
opens = "on-submit"
name = { ko = "공감 모으기", en = "Support" }
says = { ko = "공감을 모읍니다.", en = "Support is gathered." }
for = "support_days"
owes = { act = "duties.conclude", by = "operator", within = "close_days", after = "phase-end" }
next.expired = ["closed"]
next.merged = ["closed"]
next.passed-on = ["closed"]
next.answered-elsewhere = ["closed"]
next.reached = ["waits"]
gates = [{ counts = "supports", reaches = "reply_supports", opens = ["assign"] }]
[phases.may]
"proposals.submit" = ["verified"]
"proposals.support" = ["verified"]
"proposals.unsupport" = ["supporter"]
"proposals.withdraw" = ["proposer"]
"duties.conclude" = ["operator"]

[[phases]]
key = "assign"
station = "결정"
name = { ko = "담당 부서 정하기", en = "Naming the department" }
says = { ko = "답할 부서를 정합니다.", en = "The department is named." }
owes = { act = "duties.assign", by = "operator", within = "close_days" }
next = { assigned = ["reply"] }
[phases.may]
"duties.assign" = ["operator"]

[[phases]]
key = "reply"
station = "결정"
name = { ko = "부서 답변", en = "The answer" }
says = { ko = "부서가 답합니다.", en = "The department answers." }
owes = { act = "decisions.reply", by = "department", within = "reply_days", post = "과장", escalates = ["국장"] }
next.accepted = ["closed"]
next.partial = ["closed"]
next.long-term = ["closed"]
next.declined = ["closed"]
next.already-done = ["closed"]
[phases.may]
"decisions.reply" = ["officer"]
"""
LAMP = {
    "title": "골목에 가로등을 놓아 주세요", "problem": "밤에 어두워서 무섭습니다.", "idea": "가로등 두 개를 놓습니다.",
    "topic": "safety",
}


@pytest.fixture
def team(city) -> Body:
    return Body.objects.create(key="team", name="운영팀", side="public")


@pytest.fixture
def department(city) -> Body:
    return Body.objects.create(key="lights", name="도로과", name_en="Road Division", side="public")


@pytest.fixture
def channel(city, team, day) -> Process:
    recipe = loads(RECIPE, vocabulary())
    RecipeText.objects.create(digest="sha256:answered", text=recipe.freeze(), first_used_at=day(-10))
    rules.cache_clear()
    process = Process.objects.create(
        key="answered", recipe_key=recipe.key, recipe_id="sha256:answered", name="답변 마당", place=city.seoul,
        opened_at=day(-10),
    )
    Casting.objects.create(process=process, part="operator", body=team)
    return process


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
