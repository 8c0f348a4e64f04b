"""A joint council resolves by roll call; the system counts and waits for both signatures."""

import pytest

from madang.bodies.models import Body
from madang.decisions.acts import close_resolution, exclude, open_resolution, recuse, sign, vote
from madang.decisions.models import Resolution, Vote
from madang.record.models import Entry


@pytest.fixture
def council(process, person, seat):
    """Five members: three from the civil side, two from the public side."""
    body = Body.objects.get(key="council")
    sides = {"민하나": "civil", "민두리": "civil", "민세라": "civil", "관하나": "public", "관두리": "public"}
    people = {name: person(name) for name in sides}
    for name, side in sides.items():
        seat(people[name], body, side=side)
    return people


@pytest.fixture
def question(matter_in, council, by, day):
    matter = matter_in("talk")
    return open_resolution(by(council["민하나"], 1), matter, question="투표에 올릴까요?", closes_on=day(10).date())


def everybody(council, by, question, *answers, n=2):
    for member, answer in zip(council.values(), answers, strict=False):
        vote(by(member, n), question, answer=answer)


def test_the_bars_are_frozen_at_opening(question):
    assert question.rule == {"quorum": 50, "majority": 50, "co_sign": ["civil", "public"], "aside_leaves_base": True}
    assert question.body.key == "council"


def test_three_of_five_for_it_and_two_signatures_adopt_it(question, council, by, again, refused):
    everybody(council, by, question, "yes", "yes", "no", "yes", "abstain")
    refused("needs-signatures", close_resolution, by(council["민하나"], 2), question)
    sign(by(council["민하나"], 2), question)
    caught = refused("needs-signatures", close_resolution, by(council["민하나"], 2), question)
    assert caught.detail["sides"] == "관"
    sign(by(council["관하나"], 2), question)
    closed = close_resolution(by(council["민하나"], 2), question)
    assert closed.outcome == "adopted"
    assert closed.result["quorum"] == {"base": 5, "percent": 50, "more": True, "need": 3, "have": 5, "reached": True}
    assert closed.result["majority"] == {"base": 5, "percent": 50, "more": True, "need": 3, "have": 3, "reached": True}
    assert again(question.matter).open_phases.keys() == {"vote"}


def test_a_rejected_resolution_needs_no_signature_and_leads_on(question, council, by, again):
    everybody(council, by, question, "yes", "no", "no", "no", "abstain")
    assert close_resolution(by(council["민하나"], 2), question).outcome == "rejected"
    assert again(question.matter).open_phases.keys() == {"conclude"}


def test_without_a_quorum_the_body_owes_it_again(question, council, by, again, refused):
    everybody(council, by, question, "yes", "yes")
    refused("resolution-running", close_resolution, by(council["민하나"], 10), question)
    assert close_resolution(by(council["민하나"], 11), question).outcome == "no-quorum"
    matter = again(question.matter)
    assert matter.open_phases.keys() == {"talk"}
    assert matter.duties.filter(act="decisions.close_resolution", kept_at=None).count() == 1


def test_a_seat_that_recuses_itself_cannot_vote_or_sign_and_leaves_the_base(question, council, by, refused, again):
    recuse(by(council["민세라"], 1), question, reason="제안 단체의 대표를 맡고 있습니다.")
    refused("stands-aside", vote, by(council["민세라"], 2), question, answer="yes")
    refused("stands-aside", sign, by(council["민세라"], 2), question)
    refused("stands-aside", recuse, by(council["민세라"], 2), question, reason="다시 한 번 회피를 신고합니다.")
    for name in ("민하나", "민두리", "관하나"):
        vote(by(council[name], 2), question, answer="yes")
    sign(by(council["민하나"], 2), question)
    sign(by(council["관하나"], 2), question)
    vote(by(council["관두리"], 2), question, answer="no")
    closed = close_resolution(by(council["관하나"], 2), question)
    assert (closed.result["seats"], closed.result["aside"], closed.result["quorum"]["base"]) == (5, 1, 4)


def test_whoever_voted_cannot_stand_aside_afterwards(question, council, by, refused):
    vote(by(council["민하나"], 2), question, answer="yes")
    refused("already-voted", recuse, by(council["민하나"], 2), question, reason="이제 와서 회피를 신고합니다.")
    refused("already-voted", vote, by(council["민하나"], 2), question, answer="no")
    assert Vote.objects.get().answer == "yes"


def test_the_council_excludes_a_seat_with_a_reason(question, council, by, refused):
    seats = council["관두리"].seats.get()
    refused("reason-missing", exclude, by(council["민하나"], 1), question, seat=seats, kind="excluded", reason="음")
    exclude(
        by(council["민하나"], 1), question, seat=seats, kind="excluded", reason="이 사업을 집행하는 부서의 장입니다."
    )
    refused("stands-aside", vote, by(council["관두리"], 2), question, answer="yes")


def test_one_signature_a_side(question, council, by, refused):
    sign(by(council["민하나"], 1), question)
    refused("already-signed", sign, by(council["민두리"], 1), question)


def test_people_without_a_seat_may_not_vote_and_late_votes_are_refused(question, council, by, refused, person):
    refused("needs-role", vote, by(person("지나가던이"), 2), question, answer="yes")
    refused("needs-login", vote, by(None, 2), question, answer="yes")
    refused("voting-over", vote, by(council["민하나"], 11), question, answer="yes")
    assert not Vote.objects.exists()


def test_a_second_resolution_on_the_same_phase_waits_for_the_first(question, council, by, refused, day, again):
    refused(
        "already-done",
        open_resolution,
        by(council["민하나"], 1),
        again(question.matter),
        question="한 번 더?",
        closes_on=day(10).date(),
    )
    refused(
        "closes-past",
        open_resolution,
        by(council["민하나"], 11),
        again(question.matter),
        question="한 번 더?",
        closes_on=day(10).date(),
    )
    assert Resolution.objects.count() == 1


def test_a_closed_resolution_takes_nothing_more(question, council, by, refused, again):
    everybody(council, by, question, "no", "no", "no", "no", "no")
    close_resolution(by(council["민하나"], 2), question)
    refused("already-done", vote, by(council["민하나"], 3), question, answer="yes")
    refused("already-done", close_resolution, by(council["민하나"], 3), again(question))


def test_the_roll_call_is_public_but_reasons_and_questions_stay_out_of_the_record(question, council, by):
    vote(by(council["민하나"], 2), question, answer="yes")
    recuse(by(council["민세라"], 2), question, reason="제안 단체의 대표를 맡고 있습니다.")
    texts = "".join(Entry.objects.values_list("text", flat=True))
    assert '"answer":"yes"' in texts
    assert "대표를" not in texts and "올릴까요" not in texts


def test_a_member_who_voted_and_then_left_still_counts_among_the_seats(question, council, by, day):
    everybody(council, by, question, "yes", "yes", "no", "yes", "yes")
    leaver = council["관두리"].seats.get()
    type(leaver).objects.filter(pk=leaver.pk).update(released_at=day(3))
    sign(by(council["민하나"], 4), question)
    sign(by(council["관하나"], 4), question)
    closed = close_resolution(by(council["민하나"], 4), question)
    assert (closed.outcome, closed.result["seats"], closed.result["yes"]) == ("adopted", 5, 4)
