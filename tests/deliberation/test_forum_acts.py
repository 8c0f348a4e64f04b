"""People take positions, argue and answer in a forum; each counts once, and what was said stands as it was said."""

import pytest

from madang.access import Refused
from madang.deliberation import acts
from madang.deliberation.models import Forum, Opinion, Position
from madang.duties.models import Duty
from madang.matters.models import Matter, Stage
from madang.record.models import Entry

CLOSING = {
    "summary": "열세 명이 이야기했습니다.",
    "agreed": ["밤길이 어둡다"],
    "differing": ["어디에 놓을지"],
    "unknown": [],
}


def counts(forum: Forum) -> tuple[int, int, int, int, int]:
    forum.refresh_from_db()
    return (forum.for_count, forum.against_count, forum.other_count, forum.participants, forum.opinions_count)


def test_opening_a_forum_keeps_that_duty_and_somebody_owes_its_summary(forum, lamp):
    assert Stage.objects.get(matter=lamp, phase="prepare").outcome == "opened"
    assert Duty.objects.get(matter=lamp, act="deliberation.close_forum", kept_at=None).body.key == "team"
    assert forum.closes_on is not None


def test_a_forum_is_opened_by_its_team_only_and_once(forum, lamp, person, operator, by, again):
    with pytest.raises(Refused) as no:
        acts.open_forum(by(operator, 2), again(lamp), question="또 물을까요?")
    assert no.value.code == "phase-closed"
    assert Forum.objects.count() == 1


def test_a_stranger_does_not_open_a_forum(lamp, person, by, again):
    from madang.proposals import acts as proposals

    for name in ("가", "나", "다"):
        proposals.support(by(person(name), 1), again(lamp))
    before = Entry.objects.count()
    with pytest.raises(Refused) as no:
        acts.open_forum(by(person("남"), 2), again(lamp), question="열까요?")
    assert no.value.code == "needs-role"
    assert Entry.objects.count() == before and not Forum.objects.exists()


def test_a_position_changes_as_often_as_one_likes_and_counts_once(forum, person, by, again):
    kim = person("김")
    acts.take_position(by(kim, 3), again(forum), side="for")
    acts.take_position(by(kim, 3), again(forum), side="against")
    assert counts(forum) == (0, 1, 0, 1, 0)
    with pytest.raises(Refused) as no:
        acts.take_position(by(kim, 3), again(forum), side="against")
    assert no.value.code == "already-there"
    assert Position.objects.count() == 1


def test_an_unknown_side_is_refused_and_leaves_no_trace(forum, person, by, again):
    before = Entry.objects.count()
    with pytest.raises(Refused) as no:
        acts.take_position(by(person("김"), 3), again(forum), side="maybe")
    assert no.value.code == "unknown-side"
    assert Entry.objects.count() == before and not Position.objects.exists()


def test_an_unverified_member_does_not_count(forum, person, by, again):
    with pytest.raises(Refused) as no:
        acts.take_position(by(person("박", level=1), 3), again(forum), side="for")
    assert no.value.code == "needs-level"
    assert counts(forum) == (0, 0, 0, 0, 0)


def test_an_argument_takes_its_side_unless_one_is_held(forum, person, by, again):
    kim = person("김")
    acts.state(by(kim, 3), again(forum), side="for", text="어두워서 넘어진 분이 있습니다.")
    assert counts(forum) == (1, 0, 0, 1, 1)
    acts.state(by(kim, 3), again(forum), side="against", text="다만 빛 공해도 있습니다.")
    assert counts(forum) == (1, 0, 0, 1, 2)


def test_whoever_only_replied_takes_part_without_a_side_and_may_take_one_later(forum, person, by, again):
    first = acts.state(by(person("김"), 3), again(forum), side="for", text="필요합니다.")
    lee = person("이")
    acts.reply(by(lee, 3), again(first), text="저도 넘어졌습니다.")
    assert counts(forum) == (1, 0, 0, 2, 2)
    acts.state(by(lee, 4), again(forum), side="other", text="두 개면 됩니다.")
    assert counts(forum) == (1, 0, 1, 2, 3)
    lamp = Matter.objects.get(pk=forum.matter_id)
    assert (lamp.participants, lamp.opinions) == (2, 3)


def test_the_counters_equal_the_rows(forum, person, by, again):
    people = [person(name) for name in ("김", "이", "박")]
    for at, one in enumerate(people):
        acts.state(by(one, 3), again(forum), side=["for", "against", "for"][at], text=f"까닭 {at}")
    acts.take_position(by(people[0], 4), again(forum), side="other")
    rows = Position.objects.filter(forum=forum)
    expected = [rows.filter(side=side).count() for side in ("for", "against", "other")]
    assert counts(forum) == (*expected, rows.count(), Opinion.objects.filter(forum=forum).count())


def test_the_same_words_twice_are_said_once(forum, person, by, again):
    kim = person("김")
    acts.state(by(kim, 3), again(forum), side="for", text="필요합니다.")
    with pytest.raises(Refused) as no:
        acts.state(by(kim, 3), again(forum), side="for", text="필요합니다. ")
    assert no.value.code == "said-already"
    assert counts(forum) == (1, 0, 0, 1, 1)


def test_replies_stand_in_reading_order_and_at_most_three_deep(forum, person, by, again):
    kim, lee = person("김"), person("이")
    root = acts.state(by(kim, 3), again(forum), side="for", text="필요합니다.")
    one = acts.reply(by(lee, 3), again(root), text="하나")
    two = acts.reply(by(lee, 3), again(root), text="둘")
    one_one = acts.reply(by(kim, 3), again(one), text="하나의 하나")
    deep = acts.reply(by(lee, 3), again(one_one), text="셋째 깊이")
    deeper = acts.reply(by(kim, 3), again(deep), text="더 깊이")
    assert [deep.depth, deeper.depth] == [3, 3]
    order = list(Opinion.objects.filter(root=root).order_by("path"))
    assert [o.pk for o in order] == [one.pk, one_one.pk, deep.pk, deeper.pk, two.pk]


def test_what_was_retracted_leaves_a_stub_and_its_answers(forum, person, by, again):
    kim, lee = person("김"), person("이")
    said = acts.state(by(kim, 3), again(forum), side="for", text="필요합니다.")
    acts.reply(by(lee, 3), again(said), text="그렇습니다.")
    with pytest.raises(Refused) as no:
        acts.retract(by(lee, 3), again(said))
    assert no.value.code == "needs-role"
    acts.retract(by(kim, 3), again(said))
    assert again(said).retracted_at is not None and Opinion.objects.count() == 2
    with pytest.raises(Refused) as no:
        acts.reply(by(lee, 3), again(said), text="왜 거두셨나요?")
    assert no.value.code == "not-shown"


@pytest.mark.parametrize(("text", "code"), [("  \n ", "text-missing"), ("제 번호 900101-1234567", "resident-number")])
def test_empty_words_and_resident_numbers_are_refused_and_leave_no_trace(forum, person, by, again, text, code):
    before = Entry.objects.count()
    with pytest.raises(Refused) as no:
        acts.state(by(person("김"), 3), again(forum), side="for", text=text)
    assert no.value.code == code
    assert Entry.objects.count() == before and not Opinion.objects.exists()


def test_the_fourth_participant_opens_what_the_recipe_says_once(forum, person, by, again):
    for name in ("김", "이", "박", "최", "정"):
        acts.take_position(by(person(name), 3), again(forum), side="for")
    assert Stage.objects.filter(matter=forum.matter, phase="end").count() == 1


def test_nobody_speaks_after_the_last_day(forum, person, by, again):
    with pytest.raises(Refused) as no:
        acts.state(by(person("김"), 20), again(forum), side="for", text="늦었습니다.")
    assert no.value.code == "phase-closed"


def test_a_forum_closes_with_words_and_its_points_after_its_last_day(forum, lamp, operator, person, by, again):
    acts.state(by(person("김"), 3), again(forum), side="for", text="필요합니다.")
    with pytest.raises(Refused) as no:
        acts.close_forum(by(operator, 5), again(lamp), **CLOSING)
    assert no.value.code == "forum-running"
    for given, code in (({"summary": " "}, "summary-missing"), ({"agreed": [], "differing": []}, "points-missing")):
        with pytest.raises(Refused) as no:
            acts.close_forum(by(operator, 20), again(lamp), **{**CLOSING, **given})
        assert no.value.code == code
    closed = acts.close_forum(by(operator, 20), again(lamp), **CLOSING)
    assert (closed.agreed, closed.participants) == (["밤길이 어둡다"], 1)
    assert Stage.objects.get(matter=lamp, phase="forum").outcome == "closed"
    with pytest.raises(Refused):
        acts.close_forum(by(operator, 20), again(lamp), **CLOSING)


def test_stating_takes_five_writes_and_no_read_of_the_forum(forum, person, by, django_assert_max_num_queries):
    kim = person("김")
    on = Forum.objects.select_related("matter__process").get(pk=forum.pk)
    assert on.matter.process.rules
    with django_assert_max_num_queries(7):  # savepoint, opinion, position, forum, matter, record, release
        acts.state(by(kim, 3), on, side="for", text="필요합니다.")


def test_taking_a_position_takes_four_writes(forum, person, by, django_assert_max_num_queries):
    kim = person("김")
    on = Forum.objects.select_related("matter__process").get(pk=forum.pk)
    with django_assert_max_num_queries(6):  # savepoint, position, forum, matter, record, release
        acts.take_position(by(kim, 3), on, side="for")


def test_the_record_holds_no_word_of_an_opinion(forum, person, by, again):
    acts.state(by(person("김뚜렷"), 3), again(forum), side="for", text="아주 뚜렷한 의견")
    text = "".join(Entry.objects.values_list("text", flat=True))
    assert "뚜렷" not in text and "가로등을 놓을까요" not in text
