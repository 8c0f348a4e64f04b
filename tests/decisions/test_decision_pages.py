"""The pages say what was decided and how it was counted, to everybody the same."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from test_ballot_acts import WORDS
from test_reply import REASON, STEP

from madang.bodies.models import Body
from madang.decisions import queries
from madang.decisions.acts import cast, close_ballot, close_resolution, open_ballot, open_resolution, reply, vote
from madang.decisions.forms import new_receipt
from madang.decisions.models import Reply, SealedVote


@pytest.fixture
def answered(matter_in, officer, by, day):
    matter = matter_in("reply", "<script>alert(1)</script> 가로등")
    return reply(
        by(officer, 5),
        matter,
        conclusion="declined",
        reason=REASON + " <b>굵게</b>",
        next_step=STEP,
        next_on=day(30).date(),
    )


def test_the_page_of_a_reply_shows_all_four_and_hostile_text_stays_inert(client, answered):
    page = client.get(f"/replies/{answered.pk}/")
    words = page.content.decode()
    assert page.status_code == 200
    assert "불수용" in words and STEP in words and "공원과" in words
    assert "<script>alert" not in words and "<b>굵게" not in words


def test_pages_that_are_not_there_are_not_found(client, db):
    for where in ("/replies/1/", "/resolutions/1/", "/ballots/1/", "/ballots/1/votes.csv", f"/replies/{10**30}/"):
        assert client.get(where).status_code == 404, where


def test_a_reply_to_a_hidden_matter_is_not_shown(client, answered, day):
    type(answered.matter).objects.update(hidden_at=day(6))
    assert client.get(f"/replies/{answered.pk}/").status_code == 404


def test_the_page_of_a_resolution_shows_the_roll_call_and_the_sums(client, matter_in, person, seat, by, day):
    council = Body.objects.get(key="council")
    members = [person(name) for name in ("하나", "두리", "세라")]
    for member in members:
        seat(member, council, side="civil")
    asked = open_resolution(by(members[0], 1), matter_in("talk"), question="올릴까요?", closes_on=day(9).date())
    assert client.get(f"/resolutions/{asked.pk}/").status_code == 200
    for member in members:
        vote(by(member, 2), asked, answer="no")
    close_resolution(by(members[0], 2), asked)
    words = client.get(f"/resolutions/{asked.pk}/").content.decode()
    assert "부결" in words and "과반" in words and "하나" in words


def test_the_page_of_a_ballot_hides_the_count_until_it_is_closed(client, matter_in, operator, process, person, by):
    for title in ("가로등", "의자"):
        matter_in("vote", title)
    paper = open_ballot(by(operator, 1), process, **WORDS)
    code = cast(by(person("김시민"), 2), paper, marks="2")
    before = client.get(f"/ballots/{paper.pk}/").content.decode()
    assert "가로등" in before and code not in before
    assert client.get(f"/ballots/{paper.pk}/votes.csv").status_code == 404
    close_ballot(by(operator, 20), paper)
    after = client.get(f"/ballots/{paper.pk}/?receipt={code}").content.decode()
    assert f"{code}: 2 로 표시되어 있습니다" in after
    assert "이 번호의 표는 없습니다" in client.get(f"/ballots/{paper.pk}/?receipt=XXXX").content.decode()
    lines = client.get(f"/ballots/{paper.pk}/votes.csv").content.decode("utf-8-sig")
    assert lines == f"receipt,voter_class,marks\r\n{code},verified,2\r\n"


def test_the_strip_costs_three_queries_with_one_reply_or_two(
    matter_in, officer, by, day, again, django_assert_num_queries
):
    matter = matter_in("reply")
    words = {"reason": REASON, "next_step": STEP, "next_on": day(300).date()}
    reply(by(officer, 5), matter, conclusion="long-term", **words)
    matter.process.rules  # noqa: B018 — parsed once per program
    with django_assert_num_queries(3):
        assert len(queries.panel(matter)["replies"]) == 1
    reply(by(officer, 6), again(matter), conclusion="declined", **words)
    with django_assert_num_queries(3):
        assert len(queries.panel(matter)["replies"]) == 2
    assert Reply.objects.count() == 2


def test_the_strip_is_drawn_on_the_page_of_the_matter(client, answered):
    page = client.get(f"/m/{answered.matter.number}/")
    assert page.status_code == 200
    assert "불수용" in page.content.decode()


def test_every_sheet_gives_its_columns_and_no_person(answered, person):
    from madang.access import SHEETS

    for key in (
        "replies",
        "resolutions",
        "roll-calls",
        "ballots",
        "ballot-options",
        "ballot-papers",
        "funds",
        "amounts",
        "commitments",
        "milestones",
        "changes",
    ):
        sheet = SHEETS[key]
        for name in sheet.filters:
            assert list(sheet.rows(None, **{name: "x' OR 1=1"})) == []
        for row in sheet.rows(None):
            assert set(row) == {column.key for column in sheet.columns}
    assert SHEETS["replies"].rows(None).get()["conclusion"] == "declined"


def test_a_citizen_votes_through_the_web_and_keeps_the_receipt(client, matter_in, operator, process, person, by):
    for title in ("가로등", "의자", "텃밭"):
        matter_in("vote", title)
    now = timezone.now()
    paper = open_ballot(by(operator, now), process, closes_on=(now + timedelta(days=9)).date(), **WORDS)
    citizen = person("김시민")
    client.force_login(citizen)
    where = f"/do/decisions.cast/{paper.pk}/"
    page = client.get(where)
    receipt = re.search(r'name="receipt" value="([0-9A-Z-]{14})"', page.content.decode())[1]
    refused = client.post(where, {"marks-1": "1", "marks-2": "1", "marks-3": "1", "receipt": receipt})
    assert refused.status_code == 422 and "2개까지" in refused.content.decode()
    assert client.post(where, {"marks-1": "1", "marks-2": "1", "receipt": receipt}).status_code == 302
    assert SealedVote.objects.get().receipt == receipt
    again = client.post(where, {"marks-3": "1", "receipt": new_receipt()})
    assert again.status_code == 409 and "이미 투표했습니다" in again.content.decode()


def test_an_officer_answers_through_the_web_and_loses_nothing_on_a_thin_reason(client, matter_in, officer):
    matter = matter_in("reply")
    client.force_login(officer)
    where = f"/do/decisions.reply/{matter.pk}/"
    given = {"conclusion": "accepted", "reason": "검토하겠습니다.", "next_step": STEP, "next_on": "2030-01-05"}
    refused = client.post(where, given)
    assert refused.status_code == 422 and STEP in refused.content.decode()
    assert client.post(where, {**given, "reason": REASON}).status_code == 302
    assert Reply.objects.get().conclusion == "accepted"
