"""Money goes one way through its stages, and every difference has a reason."""

import pytest

from madang.funds import queries
from madang.funds.acts import enter_amount, open_pot, put
from madang.funds.forms import AmountForm, PotForm
from madang.funds.models import Amount, Fund, Line
from madang.record.models import Entry


@pytest.fixture
def pot(process, operator, by):
    return open_pot(by(operator, 0), process, name="2027년 작은 예산", year=2027, total_krw=1_000_000)


def test_a_pot_belongs_to_its_process_and_a_year(pot, process, operator, by, refused, person):
    assert (pot.key, pot.held_by.key, pot.place) == ("yard-2026-2027", "operator", process.place)
    refused("pot-exists", open_pot, by(operator, 1), process, name="2027년 작은 예산", year=2027, total_krw=5)
    refused("needs-role", open_pot, by(person("구경꾼"), 1), process, name="내 돈", year=2027, total_krw=5)
    second = open_pot(by(operator, 1), process, name="2027년 다른 예산", year=2027, total_krw=5)
    assert second.key == "yard-2026-2027-2"


def test_stages_go_one_way_and_a_change_has_a_reason(pot, matter_in, officer, by, refused):
    matter = matter_in("review")
    enter = lambda stage, won, reason="", n=1: enter_amount(  # noqa: E731
        by(officer, n), matter, fund=pot, stage=stage, amount_krw=won, reason=reason
    )
    enter("asked", 300_000)
    given = by(officer, 2), matter
    refused("amount-reason-missing", enter_amount, *given, fund=pot, stage="adjusted", amount_krw=250_000)
    enter("adjusted", 250_000, "설계를 줄여 등을 두 개로 했습니다.")
    refused("stage-order", enter_amount, *given, fund=pot, stage="asked", amount_krw=300_000, reason="다시 요구합니다.")
    refused("amount-reason-missing", enter_amount, *given, fund=pot, stage="proposed", amount_krw=250_000)
    refused("amount-reason-missing", enter_amount, *given, fund=pot, stage="adjusted", amount_krw=250_000)
    enter("voted", 250_000)
    assert [a.amount_krw for a in Amount.objects.order_by("id")] == [300_000, 250_000, 250_000]


def test_a_correction_keeps_what_was_written_before(pot, matter_in, officer, by):
    matter = matter_in("review")
    for won, reason in ((300, ""), (330, "부가세를 빠뜨렸습니다.")):
        enter_amount(by(officer, 1), matter, fund=pot, stage="asked", amount_krw=won, reason=reason)
    assert Amount.objects.count() == 2
    row = queries.panel(matter)["lines"][0]["stages"][0]
    assert (row.amount_krw, row.change_krw, row.reason) == (330, None, "부가세를 빠뜨렸습니다.")


def test_the_bill_waits_for_the_bill_and_the_council_for_its_vote(pot, matter_in, operator, by, again):
    matter = matter_in("bill")
    put(by(operator, 0), pot, matter, "asked", 500)
    enter_amount(by(operator, 1), matter, fund=pot, stage="voted", amount_krw=500, reason="투표로 건너뜁니다.")
    assert again(matter).open_phases.keys() == {"bill"}
    enter_amount(by(operator, 2), again(matter), fund=pot, stage="proposed", amount_krw=500)
    assert again(matter).open_phases.keys() == {"enacted"}
    enter_amount(by(operator, 3), again(matter), fund=pot, stage="enacted", amount_krw=0, reason="의회에서 깎였습니다.")
    assert again(matter).open_phases.keys() == {"conclude"}


def test_another_process_s_pot_is_refused(matter_in, officer, by, refused, seoul, department):
    stray = Fund.objects.create(key="stray", name="남의 돈", place=seoul, held_by=department, year=2027, total_krw=5)
    refused("other-pot", enter_amount, by(officer, 1), matter_in("review"), fund=stray, stage="asked", amount_krw=5)
    assert not Line.objects.exists()


def test_the_pot_page_adds_up_each_stage_against_the_total(pot, matter_in, officer, by, django_assert_num_queries):
    for n, won in enumerate((300, 200, 100)):
        matter = matter_in("review", f"의제 {n}")
        enter_amount(by(officer, 1), matter, fund=pot, stage="asked", amount_krw=won)
        if n:
            enter_amount(by(officer, 2), matter, fund=pot, stage="adjusted", amount_krw=won)
    with django_assert_num_queries(2):
        page = queries.pot(pot)
    told = [(step.krw, step.lines, step.change_krw) for step in page["picture"].steps]
    assert told == [(1_000_000, None, None), (600, 3, -999_400), (300, 2, -300)]


def test_the_panel_costs_one_query_with_one_line_or_three(
    pot, matter_in, process, operator, officer, by, django_assert_num_queries
):
    matter = matter_in("review")
    enter_amount(by(officer, 1), matter, fund=pot, stage="asked", amount_krw=300)
    with django_assert_num_queries(1):
        queries.panel(matter)
    for year in (2028, 2029):
        more = open_pot(by(operator, 0), process, name="다음", year=year, total_krw=5)
        enter_amount(by(officer, 1), matter, fund=more, stage="asked", amount_krw=300)
    with django_assert_num_queries(1):
        assert len(queries.panel(matter)["lines"]) == 3


def test_the_form_takes_commas_and_refuses_words_and_absurd_sums(pot, matter_in):
    given = {"fund": pot.pk, "stage": "asked", "reason": ""}
    matter = matter_in("review")
    assert AmountForm({**given, "amount_krw": "1,234,000원"}, on=matter).is_valid()
    for bad in ("많이", "-1", "1e9", "9" * 30, ""):
        assert "amount_krw" in AmountForm({**given, "amount_krw": bad}, on=matter).errors
    assert not PotForm({"name": "", "year": 2027, "total_krw": 1}, on=matter.process).is_valid()


def test_reasons_stay_out_of_the_record(pot, matter_in, officer, by):
    matter = matter_in("review")
    enter_amount(by(officer, 1), matter, fund=pot, stage="adjusted", amount_krw=5, reason="비밀스러운 까닭입니다.")
    assert "비밀스러운" not in "".join(Entry.objects.values_list("text", flat=True))


def test_the_page_of_a_pot_shows_what_was_asked_of_how_much(pot, matter_in, officer, by, client):
    matter = matter_in("review", "<b>가로등</b>")
    enter_amount(by(officer, 1), matter, fund=pot, stage="asked", amount_krw=300_000)
    page = client.get(f"/funds/{pot.key}/")
    words = page.content.decode()
    assert page.status_code == 200
    assert "2027년 작은 예산" in words and "30만" in words and "<b>가로등" not in words
    assert client.get("/funds/nowhere/").status_code == 404
    assert "30만" in client.get(f"/m/{matter.number}/").content.decode()


def test_money_is_entered_through_the_web(client, pot, matter_in, officer):
    matter = matter_in("review")
    client.force_login(officer)
    given = {"fund": pot.pk, "stage": "asked", "amount_krw": "300,000", "reason": ""}
    assert client.post(f"/do/funds.enter_amount/{matter.pk}/", given).status_code == 302
    refused = client.post(f"/do/funds.enter_amount/{matter.pk}/", {**given, "stage": "adjusted", "amount_krw": "1"})
    assert refused.status_code == 409 and "까닭" in refused.content.decode()
    assert Amount.objects.get().amount_krw == 300_000
