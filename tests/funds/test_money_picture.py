"""The picture of money: every won between two steps is accounted for, in the drawing as in the table."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang.funds import queries
from madang.funds.acts import enter_amount, open_pot
from madang.funds.picture import WIDTH, Step, Walked, drawn, stepped
from madang.funds.published import years

STAGES = [("asked", "요구"), ("voted", "투표"), ("enacted", "의결"), ("spent", "집행")]


def walked(closed=False, **krw):
    return Walked("가로등", "2026-000001", closed, krw, dict.fromkeys(krw, "까닭"))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.builds(
    lambda closed, krw: Walked("의제", "2026-1", closed, krw, {}),
    st.booleans(),
    st.dictionaries(st.sampled_from([key for key, _name in STAGES]), st.integers(0, 10**12)),
), max_size=8))  # fmt: skip
def test_the_four_reasons_add_up_to_the_difference_to_the_won(walks):
    steps = stepped(STAGES, walks)
    for before, step in pairwise(steps):
        parts = (step.changed_krw, step.ended_krw, step.waiting_krw, step.joined_krw)
        assert sum(parts) == step.change_krw == step.krw - before.krw
        assert sum(why.change_krw for why in step.whys) == step.changed_krw


@given(st.lists(st.integers(0, 10**13), max_size=9))
def test_bars_are_to_scale_and_never_wider_than_the_drawing(sums):
    picture = drawn([Step(str(krw), krw) for krw in sums])
    largest = max(sums, default=0) or 1
    assert [step.wide for step in picture.steps] == [krw * WIDTH // largest for krw in sums]
    assert [step.before for step in picture.steps[1:]] == [step.wide for step in picture.steps[:-1]]
    assert all(step.y < picture.height for step in picture.steps)


def test_what_was_closed_what_waits_and_what_came_in_late_are_told_apart():
    steps = stepped(STAGES, [
        walked(asked=100, voted=80), walked(closed=True, asked=50), walked(asked=30), walked(voted=7),
    ])  # fmt: skip
    told = steps[1]
    assert [step.name for step in steps] == ["요구", "투표"]
    assert (told.krw, told.lines, told.change_krw) == (87, 2, -93)
    assert (told.changed_krw, told.ended_krw, told.ended, told.waiting_krw, told.joined_krw) == (-20, -50, 1, -30, 7)
    assert [(why.change_krw, why.reason) for why in told.whys] == [(-20, "까닭")]


def test_a_line_that_skips_a_stage_stands_there_with_what_it_was_worth():
    steps = stepped(STAGES, [walked(asked=100, voted=80, enacted=80), walked(asked=50, enacted=40)])
    assert [(step.krw, step.lines, step.waiting, step.joined) for step in steps[1:]] == [(130, 2, 0, 0), (120, 2, 0, 0)]


def test_the_pot_page_draws_from_the_promise_on_in_two_queries(
    process, operator, officer, matter_in, by, client, django_assert_num_queries
):
    pot = open_pot(by(operator, 0), process, name="작은 예산", year=2027, total_krw=1_000_000)
    for n, won in enumerate((300_000, 200_000)):
        enter_amount(by(officer, 1), matter_in("review", f"의제 {n}"), fund=pot, stage="asked", amount_krw=won)
    line = pot.lines.order_by("id")[0]
    enter_amount(
        by(officer, 2), line.matter, fund=pot, stage="adjusted", amount_krw=250_000, reason="설계를 줄였습니다."
    )
    with django_assert_num_queries(2):
        steps = queries.pot(pot)["picture"].steps
    assert [(step.krw, step.change_krw) for step in steps] == [(1_000_000, None), (500_000, -500_000), (250_000, -250_000)]
    page = client.get(f"/funds/{pot.key}/").content.decode()
    assert page.count('class="moneyway-name"') == 3
    for words in ("설계를 줄였습니다.", "아직 이 단계의 금액이 없는 1건", "250,000원"):
        assert words in page
    assert "moneyway-name" in client.get(f"/m/{line.matter.number}/").content.decode()


def test_the_page_of_all_money_asks_once_and_cites_past_years(process, operator, by, client, django_assert_num_queries):
    for year in (2026, 2027, 2028):
        open_pot(by(operator, 0), process, name=f"{year} 예산", year=year, total_krw=1_000)
    with django_assert_num_queries(1):
        assert [fund.year for fund in queries.pots()["funds"]] == [2028, 2027, 2026]
    page = client.get("/funds/").content.decode()
    for words in ("2028 예산", "청년자율예산", "278억 원", "500억 원", "뉴스핌 2019-12-19"):
        assert words in page


def test_published_figures_have_a_source_each_and_stand_in_order():
    youth = next(year for year in years() if year.key == "youth-autonomous-2020")
    assert [(step.krw, step.change_krw) for step in youth.picture.steps] == [
        (50_000_000_000, None), (27_800_000_000, -22_200_000_000),
    ]  # fmt: skip
    assert all(step.source for year in years() for _stage, step in year.steps)
