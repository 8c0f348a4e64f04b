"""The small city with booths: a ballot with a roll of twelve, two booths run by a civic body, and four officers."""

from datetime import date

import pytest

from madang.access import By
from madang.decisions.acts import load_roll, open_ballot, open_booth
from madang.decisions.forms.rolls import read_electors
from madang.decisions.serials import serial
from madang.processes.models import Process
from small_city import opened, phase, recipe

WORDS = {"question": "우리 동네 의제를 정합니다", "use": "뽑힌 의제를 자치계획에 담습니다."}
HEAD = "이름,생년월일,연락처,선거인,성별,출생연도"
NAMES = ["가나다", "나다라", "다라마", "라마바", "마바사", "바사아", "사아자", "아자차", "자차카", "차카타", "카타파", "타파하"]
PEOPLE = [(name, f"{80 + n % 10}0{n % 9 + 1}1{n % 10}", f"010-1000-{n:04d}") for n, name in enumerate(NAMES)]
BODIES = {"operator": ("운영팀", "Team", "public"), "council": ("주민자치회", "Residents' council", "civil")}
PAPER = {
    "decisions.open_ballot": "operator",
    "decisions.load_roll": "operator council",
    "decisions.find_on_roll": "verified",
    "decisions.open_booth": "operator",
    "decisions.print_more": "booth-officer",
    "decisions.hand_paper": "booth-officer",
    "decisions.exchange_paper": "booth-officer",
    "decisions.sync_booth": "booth-officer",
    "decisions.read_bundle": "booth-officer",
    "decisions.recount_bundle": "booth-officer operator",
    "decisions.cast": "verified",
    "decisions.close_ballot": "operator",
}
CLOSED = {"chosen": "closed", "not-chosen": "closed"}


def roll_text(people=PEOPLE) -> bytes:
    lines = [f"{name},{born},{contact},,{'여' if n % 2 else '남'},19{born[:2]}" for n, (name, born, contact) in enumerate(people)]
    return "\n".join([HEAD, *lines]).encode()


def electors(ballot, people=PEOPLE):
    return read_electors(roll_text(people), ballot.pk, ballot.rule, date(2026, 3, 3))


def facts(who: int) -> dict[str, str]:
    name, born, contact = PEOPLE[who]
    return {"name": name, "born": born, "contact": contact.replace("-", "")}


@pytest.fixture
def process(seoul, body, day) -> Process:
    text = recipe(
        "paper-yard",
        ("종이 투표", "Paper"),
        [
            phase(
                "vote", "결정", ("투표", "Vote"),
                'act = "decisions.close_ballot", by = "operator", within = "close_days", after = "phase-end"',
                CLOSED, {"proposals.submit": "verified", **PAPER},
                'opens = "on-submit"\nfor = "vote_days"\nballot = { kind = "approval", counting = "approval", over = "edition", '
                'picks_max = "picks", roll = true, channels = ["online", "booth", "onsite"] }',
            )
        ],
        bodies=BODIES,
        values={"vote_days": (14, "days"), "close_days": (7, "days"), "picks": (2, "votes"), "use_report_days": (30, "days")},
        kind="assembly",
    )  # fmt: skip
    parts = {"operator": body("operator", "운영팀", "public"), "council": body("council", "주민자치회", "civil")}
    return opened(text, seoul, parts, key="paper-2026", at=day(-10), name="종이 투표")


@pytest.fixture
def ballot(matter_in, operator, process, by):
    for title in ("가로등", "의자", "텃밭"):
        matter_in("vote", title)
    made = open_ballot(by(operator, 1), process, **WORDS)
    return load_roll(by(operator, 1), made, lines=electors(made))


@pytest.fixture
def officers(person, seat, process):
    """Three of the council who work at its booths."""
    from madang.bodies.models import Body

    made = [person(f"담당{n}") for n in range(3)]
    for who in made:
        seat(who, Body.objects.get(key="council"))
    return made


@pytest.fixture
def booths(ballot, operator, by):
    """Two booths of twenty sheets each."""
    from madang.bodies.models import Body

    council = Body.objects.get(key="council")
    return [open_booth(by(operator, 1), ballot, name=name, body=council, sheets=20) for name in ("주민센터", "도서관")]


def sheet(booth, number: int) -> str:
    return serial(booth.ballot_id, booth.number, number)


def nobody(at) -> By:
    return By(None, at, "clock")
