"""The small city with one process whose phases use every act of decisions, funds and execution."""

from datetime import datetime

import pytest

from madang.access import By
from madang.bodies.models import Body, Seat
from madang.duties import walk
from madang.matters.models import Assignment, Matter
from madang.people.models import Person
from madang.places.models import Place
from madang.processes.models import Process
from madang.record.models import Entry
from small_city import CONCLUDED, DEPARTMENT, TEAM, opened, phase, recipe

BODIES = TEAM | {"council": ("협치협의회", "Council", "joint")} | DEPARTMENT
VALUES = {
    "days": (30, "days"),
    "again": (15, "days"),
    "far": (12, "months"),
    "half": (50, "percent"),
    "picks": (2, "votes"),
    "w_citizens": (60, "percent"),
    "w_council": (20, "percent"),
    "w_proposers": (20, "percent"),
    "pot": (1_000_000, "won"),
}
STANDING = {
    "funds.open_pot": "operator",
    "decisions.rate_reply": "proposer supporter",
    "decisions.open_ballot": "operator",
}
OBJECTED = {"decisions.request_review": "proposer", "duties.conclude": "operator"}


def step(key: str, station: str, act: str, by: str, next_: dict, may: dict, more: str = "", within: str = "days") -> str:
    """A phase whose name is its key."""
    owes = f'act = "{act}", by = "{by}", within = "{within}"' + (", promised = true" if key == "carry" else "")
    return phase(key, station, (f"단계 {key}", f"Phase {key}"), owes, next_, may, more)


def objection(key: str, station: str, opens: str) -> str:
    """Days in which the proposer may ask for a second look, which `opens` takes."""
    gate = f'gates = [{{ act = "decisions.request_review", opens = ["{opens}"], ends = true }}]'
    return step(
        key, station, "duties.conclude", "operator", CONCLUDED | {"reached": "waits"}, OBJECTED, f'for = "again"\n{gate}'
    )


def money(key: str, entered: str) -> str:
    """A phase that ends with an amount."""
    return step(
        key, "결정", "funds.enter_amount", "operator", {"entered": entered, "cut": "conclude"},
        {"funds.enter_amount": "operator"},
    )  # fmt: skip


PHASES = [
    step(
        "assign", "제안", "duties.assign", "operator", {"assigned": "review"},
        {"proposals.submit": "verified", "duties.assign": "operator"}, 'opens = "on-submit"',
    ),
    step(
        "review", "숙의", "decisions.review", "department", {"fit": "talk", "unfit": "objection"},
        {"decisions.review": "officer", "funds.enter_amount": "officer"},
    ),
    objection("objection", "숙의", "second-review"),
    step(
        "second-review", "숙의", "decisions.review", "department", {"fit": "talk", "unfit": "conclude"},
        {"decisions.review": "officer"},
    ),
    step(
        "talk", "숙의", "decisions.close_resolution", "council",
        {"adopted": "vote", "rejected": "conclude", "no-quorum": "talk"},
        {f"decisions.{verb}": "council" for verb in ("open_resolution", "vote", "recuse", "exclude", "close_resolution")}
        | {"decisions.sign": "civil-seat public-seat"},
        'resolution = { quorum = "half", majority = "half", co_sign = ["civil", "public"] }',
    ),
    step(
        "vote", "결정", "decisions.close_ballot", "operator", {"chosen": "bill", "not-chosen": "conclude"},
        {
            "decisions.open_ballot": "operator",
            "decisions.cast": "verified council proposer",
            "decisions.close_ballot": "operator",
            "funds.enter_amount": "officer",
        },
        'for = "again"\nballot = { kind = "approval", counting = "greedy", over = "edition", picks_max = "picks", pot = "pot", '
        'weights = { verified = "w_citizens", council = "w_council", proposer = "w_proposers" } }',
    ),
    money("bill", "enacted"),
    money("enacted", "reply"),
    step(
        "reply", "결정", "decisions.reply", "department",
        {
            "accepted": "promise", "partial": "promise", "long-term": "second-reply", "declined": "window",
            "already-done": "window",
        },
        {"decisions.reply": "officer"},
    ),
    objection("window", "결정", "second-reply"),
    step(
        "second-reply", "결정", "decisions.reply", "department",
        {
            "accepted": "promise", "partial": "promise", "long-term": "conclude", "declined": "conclude",
            "already-done": "conclude",
        },
        {"decisions.reply": "officer"},
    ),
    step(
        "promise", "집행", "execution.promise", "department", {"promised": "carry"}, {"execution.promise": "officer"},
    ),
    step(
        "carry", "집행", "execution.finish", "department", {"finished": "conclude", "stopped": "conclude"},
        {
            "execution.report_milestone": "public-owner civil-owner",
            "execution.attach_evidence": "public-owner civil-owner",
            "execution.change": "officer",
            "execution.answer_change": "proposer operator",
            "execution.finish": "officer",
            "funds.enter_amount": "officer",
        },
        within="far",
    ),
    step("conclude", "결정", "duties.conclude", "operator", CONCLUDED, {"duties.conclude": "operator"}),
]  # fmt: skip


@pytest.fixture
def person(db, day):
    def make(name: str, level: int = 2) -> Person:
        return Person.objects.create_user(
            email=f"p{Person.objects.count()}@example.org", name=name, level=level, joined_at=day(-100), synthetic=True
        )

    return make


@pytest.fixture
def seoul(db):
    return Place.objects.create(
        code="1100000000", name="서울특별시", name_en="Seoul", level="city", valid_from=datetime(1988, 5, 1).date()
    )


@pytest.fixture
def body(seoul):
    return lambda key, name, side: Body.objects.create(key=key, name=name, side=side, place=seoul, synthetic=True)


@pytest.fixture
def seat(day):
    def take(who: Person | None, where: Body, post: str = "위원", side: str = "") -> Seat:
        return Seat.objects.create(
            body=where, person=who, post=post, side=side or where.side, route="open", since_date=day(-50).date()
        )

    return take


@pytest.fixture
def process(seoul, body, day) -> Process:
    text = recipe(
        "yard", ("작은 결정", "Small decisions"), PHASES, bodies=BODIES, values=VALUES, standing_may=STANDING, kind="budget"
    )
    parts = {"operator": body("operator", "운영팀", "public"), "council": body("council", "협치협의회", "joint")}
    return opened(text, seoul, parts, key="yard-2026", at=day(-10), name="작은 결정")


@pytest.fixture
def department(body):
    return body("parks", "공원과", "public")


@pytest.fixture
def officer(person, seat, department):
    """박주무, who answers for the department."""
    who = person("박주무")
    seat(who, department, "과장")
    return who


@pytest.fixture
def operator(person, seat, process):
    who = person("운영자")
    seat(who, Body.objects.get(key="operator"), "팀장")
    return who


@pytest.fixture
def matter_in(process, department, seoul, day, person):
    """matter_in("reply", "가로등") — a 의제 of 김제안 standing in a phase since day 0, with the department in
    charge."""

    def make(phase: str, title: str = "골목에 가로등", author: Person | None = None) -> Matter:
        made = Matter.objects.create(
            process=process,
            place=seoul,
            title=title,
            author=author or person("김제안"),
            created_at=day(0),
            number=f"2026-{Matter.objects.count() + 1:06d}",
        )
        Assignment.objects.create(matter=made, body=department, since_at=day(0))
        walk.reenter(By(None, day(0), "clock"), made, phase, "test")
        return made

    return make


@pytest.fixture
def refused():
    """refused("code", act, …) — the act says no with this code, and the record keeps nothing of it."""
    from madang.access import Refused

    def check(code: str, act, *given, **words):
        before = Entry.objects.count()
        with pytest.raises(Refused) as caught:
            act(*given, **words)
        assert caught.value.code == code
        caught.value.words()
        assert Entry.objects.count() == before
        return caught.value

    return check
