"""The walk of a 의제 through 민주주의 서울: each outcome opens what the recipe says, and somebody always owes the next step."""

from datetime import date
from pathlib import Path

import pytest

from madang.access import Refused
from madang.bodies.models import Body
from madang.duties import acts as duties
from madang.duties.models import Duty
from madang.duties.queries import orphans
from madang.processes.acts import open_
from madang.proposals import acts as proposals
from madang.record.models import Entry

LAMP = {
    "title": "보행로 조명을 밝게",
    "problem": "밤에 골목이 어두워 다니기 무섭습니다.",
    "idea": "골목마다 낮은 조명을 달아 주세요.",
    "topic": "safety",
}


@pytest.fixture
def channel(city, by, person, seat, day):
    """민주주의 서울 of 2019, with its bodies and a steward to open it."""
    steward = person("마당지기")
    seat(steward, city.stewards, side="civil")
    bodies = {
        key: Body.objects.create(key=key, name=key, side=side, place=city.seoul, synthetic=True)
        for key, side in [("operator", "public"), ("panel", "civil"), ("mayor", "public"), ("safety", "public")]
    }
    process = open_(
        by(steward, day(-1)),
        city.seoul,
        recipe="democracy-seoul@2019-03-26",
        key="ds",
        name="민주주의 서울",
        castings={part: bodies[part] for part in ("operator", "panel", "mayor")},
    )
    process.bodies = bodies
    return process


@pytest.fixture
def lamp(channel, by, person, day, city):
    return proposals.submit(by(person("김순자"), day(0)), channel, place=city.dong, **LAMP)


def test_a_fresh_matter_is_owed_a_conclusion_by_the_operator(lamp):
    duty = Duty.objects.get(matter=lamp)
    assert (duty.body.key, duty.act, duty.is_open()) == ("operator", "duties.conclude", True)
    assert duty.due_on == date(2026, 4, 10)  # 30 days of support to 1 April, then 7 working days
    assert list(orphans()) == []


def test_the_fiftieth_support_asks_for_a_department_and_the_forty_ninth_does_not(lamp, by, person, day):
    for n in range(49):
        proposals.support(by(person(f"이웃{n}"), day(1)), lamp)
    assert list(lamp.open_phases) == ["support"]
    proposals.support(by(person("쉰째"), day(1)), lamp)
    lamp.refresh_from_db()
    assert set(lamp.open_phases) == {"support", "assign"}
    assert lamp.station == "decide"
    assert sorted(Duty.objects.filter(matter=lamp).values_list("act", flat=True)) == [
        "duties.assign",
        "duties.conclude",
    ]


def test_a_department_is_named_and_the_date_of_its_reply_is_public(lamp, channel, by, person, seat, day):
    for n in range(50):
        proposals.support(by(person(f"이웃{n}"), day(1)), lamp)
    clerk = person("운영팀")
    seat(clerk, channel.bodies["operator"], "주무관")
    lamp.refresh_from_db()
    duties.assign(by(clerk, day(2)), lamp, body=channel.bodies["safety"])
    reply = Duty.objects.get(matter=lamp, act="decisions.reply")
    assert (reply.body.key, reply.post, reply.due_on) == ("safety", "과장", date(2026, 4, 3))
    assert Entry.objects.filter(act="duties.assign").first().post == "operator/주무관"


def test_nobody_but_the_operator_names_the_department(lamp, channel, by, person, day):
    for n in range(50):
        proposals.support(by(person(f"이웃{n}"), day(1)), lamp)
    lamp.refresh_from_db()
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        duties.assign(by(person("지나가던 이"), day(2)), lamp, body=channel.bodies["safety"])
    assert refused.value.code == "needs-role"
    assert Entry.objects.count() == before


def test_support_after_the_thirtieth_day_is_refused(lamp, by, person, day):
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        proposals.support(by(person("늦은 이웃"), day(31)), lamp)
    assert refused.value.code == "phase-closed"
    assert Entry.objects.count() == before


def test_a_duty_is_extended_once_with_a_reason_and_never_again(lamp, channel, by, person, seat, day):
    clerk = person("운영팀")
    seat(clerk, channel.bodies["operator"], "주무관")
    duty = Duty.objects.get(matter=lamp)
    duties.extend(by(clerk, day(3)), duty, reason="관계 부서의 답을 더 들어야 합니다.")
    assert duty.due_on > duty.first_due_on
    with pytest.raises(Refused) as refused:
        duties.extend(by(clerk, day(4)), duty, reason="한 번 더 미루고 싶습니다. 부탁드립니다.")
    assert refused.value.code == "already-extended"


def test_a_running_process_keeps_its_numbers_when_the_file_changes(
    channel, lamp, by, person, day, city, tmp_path, settings
):
    from madang.processes.library import edition
    from madang.processes.queries import rules

    (tmp_path / "recipes").mkdir()
    settings.HOME = tmp_path
    text = edition("democracy-seoul@2019-03-26").origin
    changed = (
        Path(text).read_text(encoding="utf-8").replace("reply_supports = { value = 50", "reply_supports = { value = 3")
    )
    (tmp_path / "recipes" / "democracy-seoul@2019-03-26.toml").write_text(changed, encoding="utf-8")
    from madang.people.models import Person

    steward = Person.objects.get(name="마당지기")
    second = open_(
        by(steward, day(1)),
        city.seoul,
        recipe="democracy-seoul@2019-03-26",
        key="ds2",
        name="다음 민주주의 서울",
        castings={part: channel.bodies[part] for part in ("operator", "panel", "mayor")},
    )
    assert rules(channel.recipe_id).value("reply_supports") == 50
    assert rules(second.recipe_id).value("reply_supports") == 3
    for n in range(3):
        proposals.support(by(person(f"이웃{n}"), day(1)), lamp)
    lamp.refresh_from_db()
    assert list(lamp.open_phases) == ["support"]
