"""Whoever owes an answer may give it: what a department owes goes along when another takes charge."""

import pytest

from madang.access import Refused, may
from madang.bodies.models import Body
from madang.duties import acts as duties
from madang.duties import walk
from madang.duties.models import Duty
from madang.matters.models import Matter
from madang.processes.acts import open_
from madang.proposals import acts as proposals
from madang.record.models import Entry


@pytest.fixture
def waiting(city, by, person, seat, day):
    """A 의제 whose reply 안전총괄과 owes, its operator, and the bodies."""
    steward, clerk = person("마당지기"), person("운영팀")
    seat(steward, city.stewards, side="civil")
    bodies = {
        key: Body.objects.create(key=key, name=key, side=side, place=city.seoul, synthetic=True)
        for key, side in [
            ("operator", "public"), ("panel", "civil"), ("mayor", "public"), ("safety", "public"), ("roads", "public")
        ]
    }
    seat(clerk, bodies["operator"], "주무관")
    process = open_(
        by(steward, day(-1)), city.seoul, recipe="democracy-seoul@2019-03-26", key="ds", name="민주주의 서울",
        castings={part: bodies[part] for part in ("operator", "panel", "mayor")},
    )
    lamp = proposals.submit(
        by(person("김순자"), day(0)), process, title="보행로 조명", problem="어둡습니다.", idea="등을 답니다.", topic="safety"
    )
    Matter.objects.filter(pk=lamp.pk).update(supports=49)
    lamp.refresh_from_db()
    proposals.support(by(person("쉰째"), day(1)), lamp)
    duties.assign(by(clerk, day(1)), lamp, body=bodies["safety"])
    return lamp, clerk, bodies


def test_naming_another_department_moves_the_open_reply_with_its_date(waiting, by, person, seat, day):
    lamp, clerk, bodies = waiting
    reply = Duty.objects.get(matter=lamp, act="decisions.reply")
    walk.reenter(by(clerk, day(2)), lamp, "forum-assign", "panel:adopted")
    duties.assign(by(clerk, day(3)), lamp, body=bodies["roads"])
    moved = Duty.objects.get(pk=reply.pk)
    assert (moved.body.key, moved.due_on) == ("roads", reply.due_on)
    officer = person("도로과장")
    seat(officer, bodies["roads"], "과장")
    lamp.refresh_from_db()
    assert may(officer, "decisions.reply", lamp, day(3))


def test_only_the_departments_own_duty_is_transferred(waiting, by, day):
    lamp, clerk, bodies = waiting
    conclude = Duty.objects.get(matter=lamp, act="duties.conclude")
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        duties.transfer(by(clerk, day(2)), conclude, body=bodies["roads"], reason="도로과의 일입니다")
    assert refused.value.code == "not-the-departments"
    assert Entry.objects.count() == before
