"""The clock: late duties are told step by step, periods that were reached end, and nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from madang.doors import clock
from madang.duties.models import Duty
from madang.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(matter):
    """What the channel's team owes on 김순자's 의제."""
    return Duty.objects.get(matter=matter)


def late(duty, days):
    """A moment `days` calendar days after the due day, at ten in the morning in Seoul."""
    from datetime import datetime, time

    return datetime.combine(duty.due_on + timedelta(days=days), time(10), tzinfo=clock.localtime().tzinfo)


def told():
    return Entry.objects.filter(act="duties.escalate").count()


def test_on_its_last_day_a_duty_is_not_late(duty):
    assert clock.tick(late(duty, 0)).escalated == 0
    assert told() == 0


def test_a_late_duty_is_told_once_however_often_the_clock_ticks(duty):
    first, second = clock.tick(late(duty, 1)), clock.tick(late(duty, 1) + timedelta(minutes=1))
    assert (first.escalated, second.escalated) == (1, 0)
    duty.refresh_from_db()
    assert (duty.escalated, told()) == (1, 1)


def test_each_further_post_is_told_five_working_days_later_and_the_public_list_last(duty):
    rules = duty.process.rules
    posts = rules.phase(duty.stage.phase).owes.escalates
    for day in range(1, 120):
        clock.tick(late(duty, day))
    duty.refresh_from_db()
    assert duty.escalated == len(posts) + 1
    line = Entry.objects.filter(act="duties.escalate").order_by("-id").first()
    assert '"to":"public-list"' in line.text
    assert (line.door, line.actor) == ("clock", "")


def test_a_kept_duty_is_never_told(duty):
    Duty.objects.filter(pk=duty.pk).update(kept_at=late(duty, -1))
    assert clock.tick(late(duty, 30)).escalated == 0


def test_an_archive_is_nobodys_lateness(duty, matter):
    matter.process.archive = True
    matter.process.save()
    assert clock.tick(late(duty, 30)).escalated == 0


def test_only_one_clock_ticks_at_a_time(duty):
    with clock._alone() as first:
        assert first
        with ThreadPoolExecutor(1) as elsewhere:  # another connection: PostgreSQL's lock is the session's
            assert elsewhere.submit(clock.tick, late(duty, 1)).result() is None
            elsewhere.submit(connections.close_all).result()
    assert clock.tick(late(duty, 1)).escalated == 1


def test_once_a_day_old_drafts_and_tokens_are_swept(db, city, day):
    from madang.doors.web.models import Draft, Once

    for age in (1, 40):
        Draft.objects.create(key=f"k{age}", act="a.b", on_pk="1", given={}, saved_at=day(0) - timedelta(days=age))
        Once.objects.create(token=f"t{age}", made_at=day(0) - timedelta(days=age))
    assert clock.tick(day(0)).swept
    assert list(Draft.objects.values_list("key", flat=True)) == ["k1"]
    assert list(Once.objects.values_list("token", flat=True)) == ["t1"]
    assert not clock.tick(day(0) + timedelta(hours=1)).swept
    assert clock.tick(day(1)).swept


def test_a_phase_whose_threshold_was_not_reached_is_left_to_its_body(matter):
    stage = matter.stages.get()
    assert clock.tick(stage.acts_until + timedelta(hours=1)).closed == 0
    stage.refresh_from_db()
    assert stage.closed_at is None


def test_a_phase_whose_threshold_was_reached_ends_when_its_time_is_over(matter, person, by, yesterday):
    from madang.proposals.acts import support

    stage = matter.stages.get()
    needed = matter.process.rules.value("reply_supports")
    for n in range(needed):
        matter.refresh_from_db()
        support(by(person(f"이웃{n}"), yesterday), matter)
    assert clock.tick(stage.acts_until - timedelta(hours=1)).closed == 0
    assert clock.tick(stage.acts_until + timedelta(hours=1)).closed == 1
    stage.refresh_from_db()
    assert stage.outcome == "reached"
    assert clock.tick(stage.acts_until + timedelta(hours=2)).closed == 0
