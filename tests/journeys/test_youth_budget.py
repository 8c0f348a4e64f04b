"""청년자율예산: voted by citizens and by youth members, counted apart and together, then cut by the council with a reason."""

import pytest
from seoul import IDEA, PROBLEM, staffed

from conftest import PHONE

BODIES = {
    "operator": ("청년청", "public", ["주무관"]),
    "assembly": ("청년의회", "civil", ["의원"]),
    "committee": ("청년시민위원", "civil", ["위원", "위원"]),
    "talks": ("청년예산협의회", "joint", ["민간위원", "공공위원"]),
    "budget-office": ("예산담당관", "public", ["과장"]),
    "lives": ("청년살림과", "public", ["과장"]),
}
AT = "@saving.example.org"
TITLES = ["갭이어를 돕습니다", "첫 월세를 돕습니다"]


@pytest.fixture(scope="module")
def saving(house):
    """The assembly of the season and the budget of the year; two sentences of the young that need money."""
    staffed(house, "saving", BODIES)
    parts = {"saving": ("operator", "assembly"), "saving-money": ("operator", "committee", "talks", "budget-office")}
    windows = {"saving": {"prepare": [0, 62], "session": [63, 130]}, "saving-money": {"call": [0, 40], "vote": [60, 80]}}
    recipes = {"saving": "seoul-youth-assembly@2018-09-02", "saving-money": "youth-budget@2019-08-01"}
    for key, recipe in recipes.items():
        cast = {part: f"saving-{part}" for part in parts[key]}
        house.do("open_process", recipe=recipe, key=key, name=f"청년의 해 {key}", parts=cast, windows=windows[key])
    for n in range(3):
        house.do("person", email=f"citizen{n}{AT}", name=f"시민 {n}")
    return house


def _act(house, act, on, who, **given):
    return house.do("act", name=act, on=on, email=who + AT, given=given)


def _to_the_vote(house, number, won, pot):
    _act(house, "duties.assign", number, "operator0", body="saving-lives")
    _act(house, "funds.enter_amount", number, "lives0", fund=pot, stage="asked", amount_krw=won, reason="")
    reason = "법과 다른 사업에 걸리는 것이 없어 할 수 있습니다."
    _act(house, "decisions.review", number, "lives0", result="fit", reason=reason, estimate_krw=won)
    opened = _act(
        house, "decisions.open_resolution", number, "talks0", question="투표에 부칠까요?", closes_on=house.do("today")
    )
    for member in ("talks0", "talks1"):
        _act(house, "decisions.vote", opened, member, answer="yes")
        _act(house, "decisions.sign", opened, member)
    _act(house, "decisions.close_resolution", opened, "talks0")


def test_citizens_and_youth_members_weigh_the_same_and_the_council_s_cut_is_told(saving, comes, visitor):
    house = saving
    said = {"problem": PROBLEM, "idea": IDEA, "topic": "youth", "similar_seen": "on"}
    origins = [_act(house, "proposals.submit", "saving", "assembly0", title=title, **said) for title in TITLES]

    # 청년의회에서 청년자율예산으로: 이음이 남는다
    operator = comes("operator0" + AT)
    operator.arrives().menu("과정").clicks("청년의 해 saving-money").clicks("의제 넘겨받기").writes(
        "넘겨받을 의제의 번호", origins[0]
    )
    operator.writes("넘겨받는 까닭", "돈이 드는 제안이라 자율예산에서 고릅니다.").sends()
    numbers = [operator.number()]
    operator.sees("이어진 의제", "넘김")
    given = {"origin": origins[1], "reason": "돈이 드는 제안이라 자율예산에서 고릅니다."}
    numbers.append(_act(house, "proposals.receive", "saving-money", "operator0", **given))
    pot = _act(
        house, "funds.open_pot", "saving-money", "operator0", name="청년 재원", year="2027", total_krw="500,000,000"
    )
    for number, won in zip(numbers, (300_000_000, 400_000_000), strict=True):
        _to_the_vote(house, number, won, pot)

    # 두 투표: 시민 셋은 첫 월세를, 청년시민위원 둘은 갭이어를 고른다. 시민이 더 많아도 무게는 반씩이다
    house.do("days", by=61)
    given = {
        "question": "무엇을 먼저 할까요",
        "use": "뽑힌 사업을 예산안에 담습니다",
        "fund": pot,
        "matters": [],
        "closes_on": "",
    }
    ballot = _act(house, "decisions.open_ballot", "saving-money", "operator0", **given)
    phone = comes("citizen0" + AT, viewport=PHONE).goes(f"/ballots/{ballot}/").sees("50").clicks("투표하기")
    phone.shot("youth-paper-phone").marks(TITLES[1]).sends()
    for n in (1, 2):
        _act(
            house,
            "decisions.cast",
            ballot,
            f"citizen{n}",
            marks="2" if n == 1 else "1 2",
            receipt=f"ABCD-EFGH-JKL{n + 1}",
        )
    for n in range(2):
        _act(house, "decisions.cast", ballot, f"committee{n}", marks="1", receipt=f"ABCD-EFGH-MNP{n + 2}")
    house.do("days", by=21)
    operator = comes("operator0" + AT).goes(f"/ballots/{ballot}/").clicks("개표하기")
    if "기록되었습니다" not in operator.shows():
        operator.sends()
    assert [house.do("look", number=number)["open"] for number in numbers] == [["assembly"], ["conclude"]]
    for name, view in (("desk", {}), ("phone", {"viewport": PHONE})):
        visitor(**view).goes(f"/ballots/{ballot}/").sees("무리마다 따로", "66.66", "50.00", "2표", *TITLES).shot(
            f"youth-result-{name}"
        )

    # 총회, 예산안, 의회: 의결은 투표와 다르고, 까닭이 있다
    opened = _act(
        house,
        "decisions.open_resolution",
        numbers[0],
        "committee0",
        question="승인할까요?",
        closes_on=house.do("today"),
    )
    for n in range(2):
        _act(house, "decisions.vote", opened, f"committee{n}", answer="yes")
    _act(house, "decisions.close_resolution", opened, "committee0")
    for stage, won, why in (
        ("proposed", 300_000_000, ""),
        ("enacted", 180_000_000, "의회가 대상을 절반쯤 줄였습니다."),
    ):
        _act(
            house, "funds.enter_amount", numbers[0], "budget-office0", fund=pot, stage=stage, amount_krw=won, reason=why
        )
    reader = (
        visitor(viewport=PHONE)
        .goes(f"/m/{numbers[0]}/")
        .sees("넘김", "의회가 대상을 절반쯤", "−1억 2,000만")
        .shot("youth-matter-phone")
    )
    assert reader.page.locator(".moneyway svg").first.is_visible()
    visitor(viewport=PHONE).goes("/funds/").sees("청년자율예산", "500억", "278억")
