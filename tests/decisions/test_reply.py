"""A department answers with conclusion, reason and next step, or not at all."""

import pytest

from madang.decisions.acts import rate_reply, reply, request_review, review
from madang.decisions.forms import ReplyForm, substance
from madang.decisions.models import Reply, Review, ReviewRequest
from madang.duties.models import Duty
from madang.matters.models import Stage
from madang.record.models import Entry

REASON = "현장을 두 번 살펴본 결과 어두운 골목이 세 곳이어서 올해 예산으로 등을 놓기로 했습니다."
STEP = "공원과가 설계를 맡기고 주민에게 위치를 설명합니다."


@pytest.fixture
def answer(day):
    def words(**other):
        return {"conclusion": "accepted", "reason": REASON, "next_step": STEP, "next_on": day(30).date(), **other}

    return words


def test_an_answer_keeps_the_duty_and_opens_what_the_recipe_says(matter_in, officer, by, answer, again, day):
    matter = matter_in("reply")
    given = reply(by(officer, 5), matter, **answer())
    assert (given.body.key, given.post, given.conclusion) == ("parks", "과장", "accepted")
    assert Duty.objects.get(act="decisions.reply").kept_at == day(5)
    assert again(matter).open_phases.keys() == {"promise"}
    kept = Entry.objects.filter(act="decisions.reply", subject=f"decisions.reply:{given.pk}").get()
    assert REASON not in kept.text and "sha256:" in kept.text


@pytest.mark.parametrize(
    ("conclusion", "opens"),
    [
        ("accepted", {"promise"}),
        ("partial", {"promise"}),
        ("long-term", {"second-reply"}),
        ("declined", {"window"}),
        ("already-done", {"window"}),
    ],
)
def test_each_conclusion_leads_where_the_recipe_says(matter_in, officer, by, answer, again, conclusion, opens):
    matter = matter_in("reply")
    reply(by(officer, 5), matter, **answer(conclusion=conclusion))
    assert again(matter).open_phases.keys() == opens


@pytest.mark.parametrize(
    "reason",
    [
        "검토하겠습니다.",
        "적극적으로 검토하겠습니다. 소중한 의견 주셔서 감사합니다.",
        "향후 면밀히 검토하겠습니다. 관련 부서와 협의하겠습니다. 양해 부탁드립니다. 감사합니다.",
        "가" * 29,
        " . " * 60,
        "",
    ],
)
def test_an_answer_that_only_promises_to_look_into_it_is_refused(matter_in, officer, by, answer, refused, reason):
    matter = matter_in("reply")
    refused("reply-thin", reply, by(officer, 5), matter, **answer(reason=reason))
    assert not Reply.objects.exists()


def test_a_next_step_without_substance_or_with_a_past_date_is_refused(matter_in, officer, by, answer, refused, day):
    matter = matter_in("reply")
    refused("step-thin", reply, by(officer, 5), matter, **answer(next_step="노력하겠습니다."))
    refused("step-past", reply, by(officer, 5), matter, **answer(next_on=day(4).date()))
    done = reply(by(officer, 5), matter, **answer(next_on=day(-40).date(), conclusion="already-done"))
    assert done.next_on == day(-40).date()


def test_the_form_says_what_is_missing_and_keeps_what_was_written(matter_in, answer):
    form = ReplyForm({**answer(), "reason": "적극 검토하겠습니다.", "next_on": ""}, on=matter_in("reply"))
    assert set(form.errors) == {"reason", "next_on"}
    assert "30" in form.errors["reason"][0]
    assert form["next_step"].value() == STEP


def test_a_reason_with_a_stock_phrase_in_it_keeps_its_own_words():
    assert substance("검토하겠습니다.") == 0
    assert substance(REASON + " 감사합니다.") == substance(REASON)


def test_somebody_from_another_body_or_nobody_may_not_answer(matter_in, officer, operator, by, answer, refused):
    matter = matter_in("reply")
    refused("needs-role", reply, by(operator, 5), matter, **answer())
    refused("needs-login", reply, by(None, 5), matter, **answer())


def test_a_second_answer_to_the_same_question_is_refused(matter_in, officer, by, answer, refused, again):
    matter = matter_in("reply")
    reply(by(officer, 5), matter, **answer())
    refused("phase-closed", reply, by(officer, 6), again(matter), **answer())
    assert Reply.objects.count() == 1


def test_two_officers_with_the_page_open_answer_once(matter_in, officer, by, answer, again):
    matter, stale = matter_in("reply"), None
    stale = again(matter)
    reply(by(officer, 5), matter, **answer())
    from madang.access import Refused

    with pytest.raises(Refused) as caught:
        reply(by(officer, 5), stale, **answer())
    assert caught.value.code == "already-done"
    assert Reply.objects.count() == 1


def test_a_late_answer_shows_by_how_many_days(matter_in, officer, by, answer):
    matter = matter_in("reply")
    given = reply(by(officer, 40), matter, **answer(next_on=by(officer, 60).at.date()))
    late = (by(officer, 40).at.date() - given.due_on).days
    assert late > 0
    assert f'"late_days":{late}' in Entry.objects.get(subject=f"decisions.reply:{given.pk}").text


def test_the_proposer_asks_again_within_the_days_and_a_second_answer_is_owed(
    matter_in, officer, by, answer, refused, again
):
    matter = matter_in("reply")
    given = reply(by(officer, 5), matter, **answer(conclusion="declined"))
    matter = again(matter)
    refused("needs-role", request_review, by(officer, 6), matter, reason="사실과 다른 내용이 있습니다.")
    refused("reason-missing", request_review, by(matter.author, 6), matter, reason="싫어요")
    request_review(by(matter.author, 6), matter, reason="사실과 다른 내용이 있어 다시 살펴 주세요.")
    assert ReviewRequest.objects.get().reply == given
    assert again(matter).open_phases.keys() == {"second-reply"}
    assert Duty.objects.filter(act="decisions.reply", kept_at=None, released_at=None).count() == 1
    reply(by(officer, 10), again(matter), **answer(conclusion="declined"))
    assert again(matter).open_phases.keys() == {"conclude"}


def test_asking_again_after_the_last_day_is_refused(matter_in, officer, by, answer, refused, again):
    matter = matter_in("reply")
    reply(by(officer, 5), matter, **answer(conclusion="declined"))
    refused("phase-closed", request_review, by(matter.author, 40), again(matter), reason="늦었지만 다시 살펴 주세요.")


def test_people_say_whether_it_answered_and_may_change_their_word(
    matter_in, officer, by, answer, again, refused, person
):
    matter = matter_in("reply")
    given = reply(by(officer, 5), matter, **answer())
    rate_reply(by(matter.author, 6), given, answered="no")
    rate_reply(by(matter.author, 7), given, answered="partly")
    refused("already-done", rate_reply, by(matter.author, 8), given, answered="partly")
    refused("needs-role", rate_reply, by(person("구경꾼"), 8), given, answered="yes")
    row = again(given)
    assert (row.rated_yes, row.rated_partly, row.rated_no) == (0, 1, 0)


def test_a_review_says_fit_with_a_cost_or_unfit_with_a_reason(matter_in, officer, by, refused, again):
    matter = matter_in("review")
    words = {"reason": "법에 어긋나지 않고 한 해 안에 할 수 있습니다."}
    refused("no-estimate", review, by(officer, 3), matter, result="fit", **words)
    refused("reason-missing", review, by(officer, 3), matter, result="unfit", reason="안 됨")
    judged = review(by(officer, 3), matter, result="fit", estimate_krw=300_000, **words)
    assert (judged.body.key, judged.estimate_krw) == ("parks", 300_000)
    assert again(matter).open_phases.keys() == {"talk"}


def test_an_unfit_review_may_be_asked_about_once(matter_in, officer, by, again):
    matter = matter_in("review")
    review(by(officer, 3), matter, result="unfit", reason="구의 땅이 아니어서 시설을 놓을 수 없습니다.")
    matter = again(matter)
    assert matter.open_phases.keys() == {"objection"}
    request_review(by(matter.author, 4), matter, reason="그 땅은 작년에 구로 넘어왔습니다.")
    assert ReviewRequest.objects.get().review == Review.objects.get()
    assert Stage.objects.filter(matter=matter, closed_at=None).get().phase == "second-review"
