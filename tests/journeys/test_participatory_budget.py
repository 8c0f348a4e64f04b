"""시민참여예산 시정참여형 takes over a 의제 of 민주주의 서울 by link: call, review, talk, vote, assembly, bill, promise."""

import re

import pytest
from seoul import IDEA, PROBLEM, peopled, staffed

BODIES = {
    "operator": ("예산 담당", "public", ["주무관"]),
    "committee": ("예산위원회", "civil", ["위원", "위원", "위원"]),
    "talks": ("예산협의회", "joint", ["민간위원", "공공위원"]),
    "school": ("예산학교", "civil", ["수료자"]),
    "budget-office": ("예산담당관", "public", ["과장"]),
    "lights": ("도로과", "public", ["과장"]),
    "neighbours": ("마을모임", "civil", ["대표"]),
}
NAME = "시민참여예산 2027"


@pytest.fixture(scope="module")
def budget(house):
    """The budget of the year, its bodies, and a 의제 of 민주주의 서울 that wants money."""
    peopled(house, "from", "democracy-seoul@2019-03-26", "민주주의 서울 from")
    staffed(house, "money", BODIES)
    house.do(
        "open_process",
        recipe="participatory-budget-city@2019-02-11",
        key="money",
        name=NAME,
        parts={p: f"money-{p}" for p in ("operator", "committee", "talks", "school", "budget-office")},
        windows={"call": [0, 59], "vote": [60, 90]},
    )
    house.do("person", email="author@money.example.org", name="박제안")
    return house


def test_a_matter_is_taken_over_and_its_money_is_followed_to_a_promise(budget, visitor, comes):
    house = budget
    origin = _proposed(house, "from", "천변 산책로에 등을")
    other = _proposed(house, "money", "공원에 화장실을")
    _by_hand_to_the_vote(house, other)

    # 넘겨받기: 원래 의제에서 이음으로 이어진다
    operator = comes("operator0@money.example.org")
    operator.arrives().menu("과정").clicks(NAME).clicks("의제 넘겨받기").writes("넘겨받을 의제의 번호", origin)
    operator.writes("넘겨받는 까닭", "산책로 조명은 시 예산이 드는 일입니다.").sends()
    number = operator.number()
    assert number != origin
    operator.sees("이어진 의제", "넘김", "천변 산책로에 등을")
    visitor().goes(f"/m/{origin}/").sees("넘김", NAME)

    # 부서 심사, 민관 협의: 한쪽 서명으로는 마치지 못한다
    operator.goes(f"/m/{number}/").clicks("담당 부서 지정하기").chooses("담당 부서", "도로과(money)").sends()
    officer = comes("lights0@money.example.org")
    officer.desk().clicks("적격 심사하기").marks("적격").writes(
        "까닭", "전기 설비가 있어 세울 수 있습니다."
    ).sends().sees("추정 비용을 적어 주세요")
    officer.writes("추정 비용", "30,000,000원").sends()
    civil, public = comes("talks0@money.example.org"), comes("talks1@money.example.org")
    civil.desk().clicks("의결에 부치기").writes("의결할 물음", "투표에 부칠까요?")
    civil.page.locator("input[type=date]").first.fill(house.do("today"))
    civil.sends()
    resolution = civil.page.url
    for member in (civil, public):
        member.goes(resolution).clicks("표결하기").marks("찬성").sends()
    civil.goes(resolution).clicks("서명하기").goes(resolution).clicks("의결 마치기").sees("서명이 아직 없습니다: 관")
    public.goes(resolution).clicks("서명하기").goes(resolution).clicks("의결 마치기").sees("가결")

    # 투표: 재원을 열고, 시민이 고르고, 마감 뒤 개표한다
    house.do("days", by=61)
    operator = comes("operator0@money.example.org")
    operator.arrives().menu("과정").clicks(NAME).clicks("재원 열기").writes("재원 이름", "시정참여형 2027").writes(
        "회계연도", "2027"
    ).writes("총액", "35,000,000원").sends()
    operator.arrives().menu("과정").clicks(NAME).clicks("투표 열기").writes("물음", "무엇을 예산에 담을까요").writes(
        "결과를 어떻게 쓰나", "뽑힌 사업을 예산안에 담습니다"
    )
    operator.page.get_by_label("재원").first.select_option(index=1)
    operator.sends()
    ballot = operator.page.url
    house.do("person", email="voter@money.example.org", name="고르는 이")
    voter = comes("voter@money.example.org").goes(f"/m/{number}/").clicks("무엇을 예산에 담을까요").clicks("투표하기")
    voter.marks("천변 산책로에 등을").sends().sees("적어도 2개를 골라야").marks("공원에 화장실을").shot(
        "ballot-paper"
    ).sends()
    voter.goes(ballot).clicks("투표하기")
    voter.marks("천변 산책로에 등을").marks("공원에 화장실을").sends().sees("이미 투표했습니다")
    operator.goes(ballot).misses("개표하기")
    house.do("days", by=31)
    operator = comes("operator0@money.example.org").goes(ballot).clicks("개표하기")
    if "기록되었습니다" not in operator.shows():
        operator.sends()
    operator.goes(ballot).sees("천변 산책로에 등을").shot("ballot-counted")
    chosen = next(n for n in (number, other) if "assembly" in house.do("look", number=n)["open"])

    # 총회 의결, 예산안, 의회 의결, 약속: 금액이 단계마다 남는다
    _assembly(house, comes, chosen)
    purse = comes("budget-office0@money.example.org")
    _enters(purse, chosen, "예산안", "28,000,000", "설계를 줄였습니다")
    _enters(purse, chosen, "의결", "28,000,000", "")
    assert house.do("look", number=chosen)["open"] == ["promise"]
    reader = (
        visitor()
        .goes(f"/m/{chosen}/")
        .sees("투표", "예산안", "의결", "2,800만", "설계를 줄였습니다")
        .shot("money-strip")
    )
    assert not re.search(r"\bNone\b", reader.shows())
    officer = comes("lights0@money.example.org")
    officer.desk().clicks("약속하기").writes("약속", "도로과가 산책로에 등을 세웁니다.").writes("처음 뜻", IDEA).writes(
        "목표", "스무 곳에 등"
    ).writes("대상", "걷는 주민")
    officer.writes("예산", "28,000,000원")
    officer.page.get_by_label("마치는 날").first.fill(house.do("today", plus=90))
    officer.chooses("민간 쪽 맡은이", "마을모임(money)").chooses("행정 쪽 맡은이", "도로과(money)")
    officer.writes("단계목표", f"{house.do('today', plus=30)} | 관 | 자리를 정한다").sends()
    visitor().goes(f"/m/{chosen}/").sees("스무 곳에 등", "자리를 정한다")


def _proposed(house, process, title):
    return house.do(
        "act",
        name="proposals.submit",
        on=process,
        email="author@money.example.org",
        given={"title": title, "problem": PROBLEM, "idea": IDEA, "topic": "safety", "similar_seen": "on"},
    )


def _by_hand_to_the_vote(house, number):
    """Another 의제 that comes to the same vote."""
    do = house.do
    do("act", name="duties.assign", on=number, email="operator0@money.example.org", given={"body": "money-lights"})
    do(
        "act",
        name="decisions.review",
        on=number,
        email="lights0@money.example.org",
        given={"result": "fit", "reason": "자리가 있어 할 수 있습니다.", "estimate_krw": "20000000"},
    )
    resolution = do(
        "act",
        name="decisions.open_resolution",
        on=number,
        email="talks0@money.example.org",
        given={"question": "투표에 부칠까요?", "closes_on": do("today")},
    )
    for member in ("talks0@money.example.org", "talks1@money.example.org"):
        do("act", name="decisions.vote", on=resolution, email=member, given={"answer": "yes"})
        do("act", name="decisions.sign", on=resolution, email=member)
    do("act", name="decisions.close_resolution", on=resolution, email="talks0@money.example.org")


def _assembly(house, comes, number):
    member = (
        comes("committee0@money.example.org")
        .goes(f"/m/{number}/")
        .clicks("의결에 부치기")
        .writes("의결할 물음", "예산안에 담을까요?")
    )
    member.page.locator("input[type=date]").first.fill(house.do("today"))
    resolution = member.sends().page.url
    for n in range(3):
        each = member if n == 0 else comes(f"committee{n}@money.example.org")
        each.goes(resolution).clicks("표결하기").marks("찬성").sends()
    member.goes(resolution).clicks("의결 마치기").sees("가결")


def _enters(purse, number, stage, won, why):
    purse.goes(f"/m/{number}/").clicks("금액 적기")
    purse.page.get_by_label("재원").first.select_option(index=1)
    purse.chooses("단계", stage).writes("금액", won).writes("앞 단계와 달라진 까닭", why).sends()
    assert "기록되었습니다" in purse.shows(), purse.shows()[:800]
