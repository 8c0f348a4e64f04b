"""민관예산협의회 line by line, sources of an integrated pot, and ceilings of places: what is said stays, no won is lost."""

import pytest

from madang.access import By
from madang.bodies.models import Body
from madang.duties import walk
from madang.funds import queries
from madang.funds.acts import enter_amount, open_pot, put
from madang.funds.models import Amount, Portion, Talk
from madang.funds.sources import add_source, share_line
from madang.funds.talks import answer_line, close_talk, offer_line
from madang.matters.models import Assignment, Matter
from madang.places.models import Place
from madang.processes.library import HOUSE
from madang.processes.models import Window
from madang.processes.queries import today
from madang.proposals.acts import receive
from madang.proposals.models import Proposal
from madang.recipes import recipes
from small_city import opened

WHY = "설계비가 겹치는 것을 뺐습니다."


def _open(recipe, seoul, body, day, **sides):
    parts = {part: body(f"t-{part}", f"{part} 기구", side) for part, side in sides.items()}
    text = (HOUSE / f"{recipe}.toml").read_text(encoding="utf-8")
    process = opened(text, seoul, parts, key=f"t-{recipe}", at=day(-3), name=recipe)
    for window in process.rules.windows:
        Window.objects.create(process=process, key=window.key, opens_on=today(day(-3)), closes_on=today(day(90)))
    return process


@pytest.fixture
def standing(department, day, again):
    """standing(process, phase, place): a 의제 of the process in a phase."""

    def make(process, phase, place=None, title="골목에 등을"):
        made = Matter.objects.create(
            process=process, place=place or process.place, title=title, created_at=day(0),
            number=f"2026-{Matter.objects.count() + 1:06d}",
        )  # fmt: skip
        Assignment.objects.create(matter=made, body=department, since_at=day(0))
        walk.reenter(By(None, day(0), "clock"), made, phase, "test")
        return again(made)

    return make


@pytest.fixture
def council(seoul, body, day, person, seat):
    process = _open("joint-budget-council", seoul, body, day, **{"operator": "public", "talks": "joint", "budget-office": "public"})
    process.members = {}
    for name, side in (("민간", "civil"), ("행정", "public")):
        who = process.members[side] = person(name)
        seat(who, Body.objects.get(key="t-talks"), f"{name}위원", side)
    purse = process.members["purse"] = person("예산")
    seat(purse, Body.objects.get(key="t-budget-office"), "과장")
    return process


@pytest.fixture
def asked(council, standing, officer, by, again):
    pot = open_pot(by(council.members["purse"], 0), council, name="부서 예산", year=2027, total_krw=9_000_000)
    matter = standing(council, "ask")
    enter_amount(by(officer, 1), matter, fund=pot, stage="asked", amount_krw=5_000_000)
    return pot, again(matter)


def test_both_sides_agree_and_the_line_is_adjusted(council, asked, by, again):
    pot, matter = asked
    talk = offer_line(by(council.members["civil"], 2), matter, fund=pot, offered_krw=4_500_000, reason=WHY)
    for side in ("civil", "public"):
        answer_line(by(council.members[side], 3), talk, agrees=True)
    assert close_talk(by(council.members["civil"], 4), talk).outcome == "agreed"
    assert [(a.stage, a.amount_krw, a.reason) for a in Amount.objects.order_by("id")][-1] == ("adjusted", 4_500_000, WHY)
    assert list(again(matter).open_phases) == ["bill"]


def test_a_dissent_travels_to_the_bill_with_the_words_of_its_side(council, asked, by, again, refused, client):
    pot, matter = asked
    talk = offer_line(by(council.members["public"], 2), matter, fund=pot, offered_krw=2_000_000, reason=WHY)
    refused("needs-signatures", close_talk, by(council.members["public"], 3), talk)
    answer_line(by(council.members["public"], 3), talk, agrees=True)
    refused("already-signed", answer_line, by(council.members["public"], 3), talk, agrees=True)
    refused("reason-missing", answer_line, by(council.members["civil"], 3), talk, agrees=False, words="아님")
    answer_line(by(council.members["civil"], 3), talk, agrees=False, words="등이 셋은 있어야 골목 끝까지 밝습니다.")
    assert close_talk(by(council.members["civil"], 4), talk).outcome == "dissent"
    assert not Amount.objects.filter(stage="adjusted").exists()
    fresh = again(matter)
    assert list(fresh.open_phases) == ["bill"]
    purse = council.members["purse"]
    refused("amount-reason-missing", enter_amount, by(purse, 5), fresh, fund=pot, stage="proposed", amount_krw=3_000_000)
    enter_amount(by(purse, 5), fresh, fund=pot, stage="proposed", amount_krw=3_000_000, reason="이견을 살펴 등 둘 값을 담았습니다.")
    page = client.get(f"/funds/{pot.key}/talks/").content.decode()
    for words in ("등이 셋은 있어야", "이견 1건", "이견을 살펴", "500만", "200만", "300만"):
        assert words in page, words
    assert "등이 셋은 있어야" in client.get(f"/m/{matter.number}/").content.decode()


def test_a_new_offer_is_answered_anew_and_the_old_one_stays_readable(council, asked, by, refused, django_assert_num_queries):
    pot, matter = asked
    first = offer_line(by(council.members["civil"], 2), matter, fund=pot, offered_krw=4_000_000, reason=WHY)
    answer_line(by(council.members["civil"], 2), first, agrees=True)
    second = offer_line(by(council.members["public"], 3), matter, fund=pot, offered_krw=4_200_000, reason=WHY)
    refused("already-done", answer_line, by(council.members["public"], 3), first, agrees=True)
    assert (second.civil_at, Talk.objects.get(pk=first.pk).replaced_at is None) == (None, False)
    with django_assert_num_queries(3):
        row = queries.talk_table(pot)["rows"][0]
    assert (row["talk"], [talk.offered_krw for talk in row["earlier"]]) == (second, [4_000_000])


def test_nothing_asked_nothing_offered_and_nobody_else_answers(council, asked, standing, person, by, refused):
    pot, matter = asked
    bare = standing(council, "talk")
    refused("nothing-asked", offer_line, by(council.members["civil"], 2), bare, fund=pot, offered_krw=1, reason=WHY)
    talk = offer_line(by(council.members["civil"], 2), matter, fund=pot, offered_krw=1, reason=WHY)
    refused("needs-role", answer_line, by(person("구경꾼"), 2), talk, agrees=True)


# ── 통합예산 ─────────────────────────────────────────────────────────────────


@pytest.fixture
def integrated(seoul, body, day, person, seat):
    process = _open("integrated-budget", seoul, body, day, **{"operator": "public", "council": "joint", "budget-office": "public"})
    process.purse = person("예산")
    seat(process.purse, Body.objects.get(key="t-budget-office"), "과장")
    return process


def test_every_won_keeps_the_rule_of_its_source(integrated, standing, by, refused, again, seoul, client, django_assert_num_queries):
    purse = integrated.purse
    pot = open_pot(by(purse, 0), integrated, name="구 혁신", year=2027, total_krw=10_000)
    city = add_source(by(purse, 0), pot, name="시비", total_krw=6_000, rule="혁신계획 사업에만 씁니다.")
    refused("source-beyond-pot", add_source, by(purse, 0), pot, name="국비", total_krw=5_000, rule="무엇이든 됩니다.")
    refused("source-twice", add_source, by(purse, 0), pot, name="시비", total_krw=1, rule="두 번은 안 됩니다.")
    gu = Place.objects.create(code="1154", name="금천구", level="gu", parent=seoul, valid_from=today(by(None, 0).at))
    dong = Place.objects.create(code="115406", name="시흥4동", level="dong", parent=gu, valid_from=today(by(None, 0).at))
    only = add_source(by(purse, 0), pot, name="동 특성화", total_krw=4_000, rule="동 사업에만 씁니다.", level="dong")
    big, small = standing(integrated, "share"), standing(integrated, "share", dong, "동네 등")
    for matter, won in ((big, 3_000), (small, 5_000)):
        put(by(purse, 0), pot, matter, "asked", won)
    line, other = (pot.lines.get(matter=matter) for matter in (big, small))
    refused("source-not-for-it", share_line, by(purse, 1), line, portions={only.pk: 3_000})
    refused("shares-differ", share_line, by(purse, 1), line, portions={city.pk: 2_999})
    refused("other-pot", share_line, by(purse, 1), line, portions={999: 3_000})
    share_line(by(purse, 1), line, portions={city.pk: 3_000, only.pk: 0})
    refused("source-empty", share_line, by(purse, 1), other, portions={city.pk: 3_001, only.pk: 1_999})
    share_line(by(purse, 1), other, portions={city.pk: 1_500, only.pk: 3_500})
    assert [list(again(matter).open_phases) for matter in (big, small)] == [["plan"], ["plan"]]
    share_line(by(purse, 2), other, portions={city.pk: 1_000, only.pk: 4_000})
    assert Portion.objects.filter(replaced_at=None).count() == 3 and Portion.objects.count() == 5
    with django_assert_num_queries(4):
        told = queries.source_table(pot)
    assert [(c["taken_krw"], c["left_krw"]) for c in told["columns"]] == [(4_000, 2_000), (4_000, 0)]
    assert told["unshared"] == []
    page = client.get(f"/funds/{pot.key}/sources/").content.decode()
    assert "동 사업에만 씁니다." in page and "시비" in page


# ── 상한 ─────────────────────────────────────────────────────────────────────


def test_a_dong_has_thirty_million_and_not_a_won_more(seoul, body, day, person, seat, standing, by, refused, again):
    plan = _open("participatory-budget-plan", seoul, body, day, **{"operator": "public", "budget-office": "public"})
    purse = person("예산")
    seat(purse, Body.objects.get(key="t-budget-office"), "과장")
    pot = open_pot(by(purse, 0), plan, name="동 계획", year=2019, total_krw=10**10)
    gu = Place.objects.create(code="1154", name="금천구", level="gu", parent=seoul, valid_from=today(day(0)))
    dongs = [
        Place.objects.create(code=f"11540{n}", name=f"시흥{n}동", level="dong", parent=gu, valid_from=today(day(0)))
        for n in (4, 5)
    ]
    first, second = standing(plan, "adjust", dongs[0]), standing(plan, "adjust", dongs[0])
    third, whole = standing(plan, "adjust", dongs[1]), standing(plan, "adjust", gu)
    for matter in (first, second, third, whole):
        put(by(purse, 0), pot, matter, "asked", 20_000_000)  # asking is free
    enter = lambda matter, won: enter_amount(  # noqa: E731
        by(purse, 1), matter, fund=pot, stage="adjusted", amount_krw=won, reason="상한에 맞추었습니다."
    )
    enter(first, 20_000_000)
    given = {"fund": pot, "stage": "adjusted", "reason": "상한에 맞추었습니다."}
    told = refused("over-ceiling", enter_amount, by(purse, 1), second, amount_krw=10_000_001, **given)
    assert "10,000,000" in " ".join(map(str, told.words()))
    enter(second, 10_000_000)
    enter(third, 20_000_000)
    refused("over-ceiling", enter_amount, by(purse, 1), whole, amount_krw=25_000_001, **given)
    enter(whole, 25_000_000)
    assert list(again(second).open_phases) == ["bill"]


def test_what_an_assembly_decided_comes_to_the_pot_with_its_thread(seoul, body, day, person, seat, by, again):
    assembly = _open("residents-assembly", seoul, body, day, council="civil")
    plan = _open("participatory-budget-plan", seoul, body, day, **{"operator": "public", "budget-office": "public"})
    clerk = person("이담당")
    seat(clerk, Body.objects.get(key="t-operator"))
    dong = Place.objects.create(code="115406", name="시흥4동", level="dong", parent=seoul, valid_from=today(day(0)))
    origin = Matter.objects.create(
        process=assembly, place=dong, title="언덕에 손잡이", created_at=day(0), number="2026-000900", closed_at=day(1), outcome="passed-on"
    )
    Proposal.objects.create(matter=origin, idea="손잡이를 답니다.", problem="미끄럽습니다.")
    taken = receive(by(clerk, 2), plan, origin=origin, reason="주민총회가 뽑아 같은 재원에 담습니다.")
    link = taken.links_in.get()
    assert (link.source, link.kind, taken.place, taken.title) == (origin, "transfer", dong, origin.title)
    assert list(again(taken).open_phases) == ["received"]


# ── 판마다의 무게 ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("edition", "weights"),
    [
        ("participatory-budget-city@2015-06-01", {"verified": 45, "committee": 55}),
        ("participatory-budget-city@2017-08-01", {"verified": 50, "committee": 40, "school": 10}),
        ("participatory-budget-city@2018-08-06", {"verified": 50, "committee": 30, "proposer": 10, "school": 10}),
        ("participatory-budget-city@2019-02-11", {"verified": 50, "committee": 30, "proposer": 10, "school": 10}),
        ("youth-budget@2019-08-01", {"verified": 50, "committee": 50}),
    ],
)
def test_every_year_votes_with_its_own_weights(edition, weights):
    recipe = recipes()[edition]
    ballot = next(phase.ballot for phase in recipe.phases if phase.ballot)
    assert {role: recipe.value(name) for role, name in ballot.weights.items()} == weights
