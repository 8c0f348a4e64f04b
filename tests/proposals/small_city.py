"""A small city for the tests of proposals: one channel with low thresholds, its team, and people with names."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from madang.access import By
from madang.bodies.models import Body, Seat
from madang.people.models import Person
from madang.places.models import Place
from madang.processes.library import vocabulary
from madang.processes.models import Casting, Process, RecipeText
from madang.recipes import loads

BEGIN = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Seoul"))
RECIPE = """
key = "small-channel"
version = 2026-01-01
name = { ko = "작은 마당", en = "Small yard" }
summary = { ko = "제안하고 이야기합니다.", en = "Propose and talk." }
kind = "channel"
standing = true
place_level = "any"
held_by = "operator"
law = [{ title = "시험 조례", article = "1", since = 2026-01-01, source = "시험" }]
passes_to = ["next-channel"]

[bodies]
operator = { name = { ko = "운영팀", en = "Team" }, side = "public" }

[values]
talk_supports = { value = 3, unit = "people", since = 2026-01-01, source = "시험" }
support_days = { value = 30, unit = "days", since = 2026-01-01, source = "시험" }
close_days = { value = 7, unit = "working-days", since = 2026-01-01, source = "시험" }
forum_days = { value = 10, unit = "days", since = 2026-01-01, source = "시험" }
many = { value = 4, unit = "people", since = 2026-01-01, source = "시험" }

[standing_may]
"proposals.record_past" = ["operator"]
"proposals.revive" = ["verified"]
"proposals.receive" = ["operator"]
"deliberation.report" = ["member"]
"deliberation.report_proposal" = ["member"]
"deliberation.hide" = ["moderator"]
"deliberation.hide_proposal" = ["moderator"]
"deliberation.let_stand" = ["moderator"]
"deliberation.appeal" = ["writer"]
"deliberation.settle_appeal" = ["moderator"]

[[phases]]
key = "support"
station = "제안"
opens = "on-submit"
name = { ko = "공감 모으기", en = "Support" }
says = { ko = "공감을 모읍니다.", en = "Support is gathered." }
for = "support_days"
owes = { act = "CONCLUDE", by = "operator", within = "close_days", after = "phase-end" }
next = { expired = ["closed"], merged = ["closed"], passed-on = ["closed"], answered-elsewhere = ["closed"], reached = ["waits"] }
gates = [{ counts = "supports", reaches = "talk_supports", opens = ["prepare"] }]
[phases.may]
"proposals.submit" = ["verified"]
"proposals.edit" = ["proposer"]
"proposals.withdraw" = ["proposer"]
"proposals.support" = ["verified"]
"proposals.unsupport" = ["supporter"]
"CONCLUDE" = ["operator"]

[[phases]]
key = "prepare"
station = "숙의"
name = { ko = "공론장 준비", en = "Preparing" }
says = { ko = "공론장을 준비합니다.", en = "A forum is prepared." }
owes = { act = "deliberation.open_forum", by = "operator", within = "close_days" }
next = { opened = ["forum"] }
[phases.may]
"deliberation.open_forum" = ["operator"]

[[phases]]
key = "forum"
station = "숙의"
name = { ko = "공론장", en = "Forum" }
says = { ko = "이야기합니다.", en = "People talk." }
for = "forum_days"
owes = { act = "deliberation.close_forum", by = "operator", within = "close_days", after = "phase-end" }
next = { closed = ["end"] }
gates = [{ counts = "participants", reaches = "many", opens = ["end"] }]
[phases.may]
"deliberation.take_position" = ["verified"]
"deliberation.state" = ["verified"]
"deliberation.reply" = ["verified"]
"deliberation.retract" = ["writer"]
"deliberation.close_forum" = ["operator"]

[[phases]]
key = "end"
station = "결정"
name = { ko = "매듭", en = "End" }
says = { ko = "매듭짓습니다.", en = "It is concluded." }
owes = { act = "CONCLUDE", by = "operator", within = "close_days" }
next = { expired = ["closed"], merged = ["closed"], passed-on = ["closed"], answered-elsewhere = ["closed"] }
[phases.may]
"CONCLUDE" = ["operator"]
"""
LAMP = {
    "title": "골목에 가로등을 놓아 주세요",
    "problem": "밤에 어두워서 무섭습니다.",
    "idea": "가로등 두 개를 놓습니다.",
    "topic": "safety",
}


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
    return lambda who, n=0, door="web": By(who, day(n), door)


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
def moderators(db) -> Body:
    return Body.objects.create(key="moderators", name="조정자", side="civil")


@pytest.fixture
def open_channel(seoul, team, moderators):
    """open_channel("channel"): a process run by the team; `key` of the recipe may differ, `archive` closes it."""

    def make(key: str = "channel", recipe: str = "small-channel", **fields) -> Process:
        conclude = next(act for act in vocabulary().acts if act.endswith(".conclude"))
        text = RECIPE.replace("CONCLUDE", conclude).replace('key = "small-channel"', f'key = "{recipe}"')
        rules = loads(text, vocabulary())
        RecipeText.objects.get_or_create(
            digest=f"sha256:{rules.digest()}", defaults={"text": rules.freeze(), "first_used_at": BEGIN}
        )
        process = Process.objects.create(
            key=key,
            recipe_key=recipe,
            recipe_id=f"sha256:{rules.digest()}",
            name=key,
            place=seoul,
            opened_at=BEGIN,
            **fields,
        )
        Casting.objects.create(process=process, part="operator", body=team)
        Casting.objects.create(process=process, part="moderators", body=moderators)
        return process

    return make


@pytest.fixture
def channel(open_channel) -> Process:
    return open_channel()


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


@pytest.fixture
def lamp(channel, person, by):
    """The proposal of 김제안 on day 0."""
    from madang.proposals import acts

    return acts.submit(by(person("김제안")), channel, **LAMP)
