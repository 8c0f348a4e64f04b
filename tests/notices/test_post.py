"""What happened reaches those it concerns: once, in order, and through any crash."""

import pytest

from madang.duties import acts as duties
from madang.duties.models import Duty
from madang.matters.models import Matter
from madang.notices import acts, post, queries
from madang.notices.channels import inapp
from madang.notices.models import Cursor, Follow, Notice
from madang.notices.words import KINDS, said
from madang.proposals import acts as proposals
from madang.record.seal import seal


def kinds(who) -> list[str]:
    return list(Notice.objects.filter(person=who).order_by("position", "kind").values_list("kind", flat=True))


def test_who_proposes_and_who_supports_follows_without_asking(lamp, proposer, support, run):
    park = support("박")
    run(1)
    assert set(Follow.objects.values_list("person", "why")) == {(proposer.pk, "proposed"), (park.pk, "supported")}


def test_the_answer_reaches_everyone_who_took_part_but_not_who_gave_it(assigned, proposer, chief, reply, run):
    acts.follow(chief, assigned, assigned.created_at)
    run(3)
    reply(chief, assigned)
    run(5)
    told = set(Notice.objects.filter(kind="decisions.reply").values_list("person__name", flat=True))
    assert told == {"김제안", "박", "최"}
    assert Notice.objects.filter(person=proposer, kind="decisions.reply").get().codes["outcome"] == "accepted"


def test_a_threshold_is_news_and_the_single_support_is_not(lamp, proposer, support, operator, run):
    support("박")
    run(1)
    assert kinds(proposer) == []
    support("최", 2)
    run(2)
    assert kinds(proposer) == ["gate"]


def test_nobody_hears_of_what_happened_before_they_followed(assigned, person, run, day):
    late = person("늦은이")
    acts.follow(late, assigned, day(3))
    run(3)
    assert kinds(late) == []


def test_running_twice_tells_once(assigned, proposer, run):
    run(3)
    before = list(Notice.objects.order_by("pk").values_list("pk", flat=True))
    assert before
    run(3)
    assert list(Notice.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_a_post_killed_before_its_commit_loses_nothing_and_doubles_nothing(assigned, proposer, run, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(rows):
        keep(rows)
        raise Killed

    keep = inapp.keep
    monkeypatch.setattr(inapp, "keep", killed)
    with pytest.raises(Killed):
        run(3)
    assert not Notice.objects.exists() and Cursor.objects.get(name="post").position == -1
    monkeypatch.setattr(inapp, "keep", keep)
    run(3)
    assert kinds(proposer) == ["gate", "duties.assign"]


def test_a_cursor_set_back_tells_nobody_again(assigned, proposer, run):
    run(3)
    before = Notice.objects.count()
    Cursor.objects.filter(name="post").update(position=-1)
    run(3)
    assert Notice.objects.count() == before


def test_of_two_clocks_with_the_same_batch_one_tells_it(assigned, proposer, run, day, monkeypatch):
    follow = post._follows

    def and_meanwhile(happenings, around):
        monkeypatch.setattr(post, "_follows", follow)
        post.run(day(3))
        return follow(happenings, around)

    monkeypatch.setattr(post, "_follows", and_meanwhile)
    counts = run(3)
    assert counts.told == 0
    assert kinds(proposer) == ["gate", "duties.assign"]


@pytest.mark.parametrize("batch", [1, 2, 3, 7])
def test_small_batches_tell_the_same_as_large_ones(assigned, proposer, chief, reply, run, monkeypatch, batch):
    reply(chief, assigned)
    monkeypatch.setattr(post, "BATCH", batch)
    run(5)
    assert kinds(proposer) == ["gate", "duties.assign", "decisions.reply"]


def test_followers_of_the_gu_hear_of_a_proposal_in_its_dong(channel, city, person, proposer, by, day, run):
    neighbour, elsewhere = person("이웃"), person("먼이")
    acts.follow(neighbour, city.gu, day(-1))
    other = type(city.gu).objects.create(
        code="1168000000", name="강남구", level="gu", parent=city.seoul, valid_from=city.gu.valid_from
    )
    acts.follow(elsewhere, other, day(-1))
    proposals.submit(
        by(proposer, day(0)),
        channel,
        place=city.dong,
        title="쉼터",
        problem="쉴 곳이 없습니다.",
        idea="의자를 놓습니다.",
        topic="care",
    )
    run(0)
    assert (kinds(neighbour), kinds(elsewhere), kinds(proposer)) == (["proposals.submit"], [], [])


def test_followers_of_a_process_and_of_a_body_hear_of_the_answer(
    assigned, person, channel, department, chief, reply, run, day
):
    process_fan, body_fan = person("과정팬"), person("부서팬")
    acts.follow(process_fan, channel, day(3))
    acts.follow(body_fan, department, day(1))
    run(3)
    reply(chief, assigned)
    run(5)
    assert "decisions.reply" in kinds(process_fan)
    assert kinds(body_fan) == []  # the assignment is for the 의제's followers, the duty it made for the post


def test_who_left_hears_nothing_and_a_later_support_does_not_bring_it_back(lamp, proposer, support, run, day):
    park = support("박")
    run(1)
    assert acts.unfollow(park, lamp, day(2))
    support("최", 3)
    Cursor.objects.filter(name="post").update(position=-1)
    run(3)
    assert kinds(park) == []
    assert not queries.follows(park, lamp)


def test_a_new_duty_goes_to_the_post_that_owes_it(assigned, chief, director, operator, run):
    run(2)
    assert kinds(chief) == ["duty-new"]
    assert kinds(director) == []
    assert "duty-new" in kinds(operator)


def test_where_nobody_holds_the_post_the_whole_body_is_told(
    lamp, support, operator, director, department, by, day, run
):
    support("박")
    support("최")
    duties.assign(by(operator, day(2)), Matter.objects.get(pk=lamp.pk), body=department)
    run(2)
    assert kinds(director) == ["duty-new"]


def test_reminders_come_three_days_before_on_the_day_and_when_late(assigned, chief, run):
    run(2)
    for n in (10, 11, 11, 12, 14, 15, 16):
        run(n)
    told = list(Notice.objects.filter(person=chief, position=None).order_by("pk").values_list("kind", flat=True))
    assert told == ["duty-soon", "duty-today", "duty-late"]


def test_a_clock_that_slept_over_the_day_still_reminds(assigned, chief, run):
    run(2)
    run(13)
    assert Notice.objects.get(person=chief, position=None).kind == "duty-soon"


def test_a_kept_duty_reminds_nobody(assigned, chief, reply, run):
    run(2)
    reply(chief, assigned)
    run(13)
    assert not Notice.objects.filter(position=None).exists()


def test_an_extended_date_is_reminded_of_again(assigned, chief, run, day):
    run(2)
    run(11)
    Duty.objects.filter(act="decisions.reply").update(due_on=day(30).date())
    run(27)
    soon = Notice.objects.filter(person=chief, kind="duty-soon").order_by("due_on")
    assert [notice.due_on for notice in soon] == [day(14).date(), day(30).date()]


def test_lateness_is_told_one_post_up(assigned, chief, director, by, day, run):
    run(2)
    duties.escalate(by(None, day(20), "clock"), Duty.objects.get(act="decisions.reply", kept_at=None))
    run(20)
    assert "duty-up" in kinds(director)
    assert "duty-up" not in kinds(chief)


def test_a_successor_gets_the_reminders_of_the_post(assigned, chief, person, seat, department, run, day):
    run(2)
    chief.seats.update(released_at=day(5))
    successor = person("새과장")
    seat(successor, department, "과장")
    run(11)
    assert Notice.objects.get(position=None, kind="duty-soon").person == successor


def test_somebody_erased_is_told_nothing(assigned, chief, reply, run):
    run(3)
    Follow.objects.filter(person__name="박").get().person.__class__.objects.filter(name="박").update(is_active=False)
    reply(chief, assigned)
    run(5)
    assert not Notice.objects.filter(person__name="박", kind="decisions.reply").exists()


def test_a_notice_holds_no_word_of_anybody(assigned, proposer, run):
    run(3)
    stored = str(list(Notice.objects.values()))
    assert "가로등" not in stored and "도로과" not in stored and "김제안" not in stored


def test_words_are_made_when_read_and_fit_the_outcome():
    assert said("decisions.reply", {"outcome": "declined"}) == "답변이 나왔습니다: 수용하지 않음"
    assert said("decisions.reply", {}) == "답변이 나왔습니다."
    assert said("forgotten.act", {}) == "기록된 일이 있습니다."


def test_every_kind_that_looks_like_an_act_is_one():
    from madang.access import ACTS

    assert {kind for kind in KINDS if "." in kind} - set(ACTS) == set()


def test_a_batch_costs_the_same_queries_for_one_and_many_followers(lamp, support, run, day):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(n: int) -> int:
        run(n)
        support(f"이웃{n}", n)
        while seal(day(n)):
            pass
        with CaptureQueriesContext(connection) as asked:
            post.run(day(n))
        return len(asked)

    few = cost(3)
    for number in range(6):
        support(f"많은이웃{number}", 3)
    assert cost(4) <= few


def test_the_follow_button_and_the_bell_speak_to_whoever_looks(assigned, proposer, person, run, rf):
    from django.template.loader import render_to_string

    run(3)
    assert "소식 그만 받기" in render_to_string("notices/_follow.html", {"thing": assigned, "person": proposer})
    assert "소식 받기" in render_to_string("notices/_follow.html", {"thing": assigned, "person": person("박새")})
    assert render_to_string("notices/_follow.html", {"thing": assigned, "person": None}).strip() == ""
    assert "2" in render_to_string("notices/_bell.html", {"person": proposer})
