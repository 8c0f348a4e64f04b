"""What the booklet tells stands in the house as it was printed, and is nobody's lateness."""

from collections import Counter

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def archived():
    from madang.matters.models import Matter

    return Matter.objects.filter(process__archive=True).select_related("process", "proposal", "author_body")


def test_all_forty_seven_youth_proposals_stand_in_their_three_editions():
    assert Counter(archived().values_list("process__key", flat=True)) == {
        "youth-network-2013": 20,
        "youth-assembly-2017": 17,
        "youth-assembly-2018": 10,
    }


def test_each_proposal_hangs_on_the_department_the_booklet_prints():
    from madang.doors.demo.files import tables
    from madang.matters.models import Assignment

    printed = sorted(
        (row["title"], row["department"])
        for key in ("youth-2013", "youth-2017", "youth-2018")
        for row in tables()[key].rows()
        if row["department"]
    )
    assigned = Assignment.objects.filter(matter__process__archive=True, lead=True)
    assert sorted(assigned.values_list("matter__title", "body__name")) == printed
    assert len(printed) == 45  # two speeches of 2018 name no department


def test_the_unsure_row_of_2017_stays_as_printed_and_says_so():
    row = archived().get(source__endswith="2-2번")
    assert row.title == "«청년 1인가구 건강권 증진사업 도입»"
    assert "«버스정책과»" in row.proposal.idea
    assert "맞지 않습니다" in row.proposal.idea


def test_a_past_proposal_is_closed_as_unknown_and_owes_nobody_anything():
    from madang.duties.models import Duty

    assert set(archived().values_list("outcome", flat=True)) == {"archived"}
    assert not Duty.objects.filter(process__archive=True).exists()
    assert not archived().filter(author__isnull=False).exists()


def test_the_twenty_five_gu_each_have_their_gender_governance_organisation():
    from madang.bodies.models import Body

    rows = Body.objects.filter(key__startswith="gender-governance-").select_related("place")
    assert rows.count() == len({body.place_id for body in rows}) == 25
    geumcheon = rows.get(place__name="금천구")
    assert geumcheon.name == "건강한농부협동조합 금천학부모모임"
    assert "서부 권역" in geumcheon.source


def test_every_table_of_the_booklet_is_on_its_page_with_its_denominator(client):
    from madang.doors.demo.files import tables

    page = client.get("/booklet/").content.decode()
    for table in tables().values():
        assert table.title in page
        assert table.base in page
    for number in ("75.5", "81.1", "419", "194", "36.9", "8.3"):
        assert number in page
    assert page.count("<td") > 300


def test_the_plan_has_three_strategies_nine_substrategies_and_twenty_two_tasks():
    from madang.doors.demo.files import tables

    rows = tables()["plan"].rows()
    assert (len({r["strategy"] for r in rows}), len({r["substrategy"] for r in rows}), len(rows)) == (3, 9, 22)


def test_a_table_comes_as_csv_that_a_spreadsheet_reads(client):
    answer = client.get("/booklet/survey.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    text = answer.content.decode("utf-8-sig").splitlines()
    assert text[0] == "문항,고르는 수,답,비율(%),응답자 n,분모·대상(표 전체),출처"
    assert len(text) == 11
    assert client.get("/booklet/no-such.csv").status_code == 404
