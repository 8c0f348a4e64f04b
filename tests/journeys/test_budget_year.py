"""A budget year, on a desk and on a phone: refused and fit, talked over, voted, cut with a reason, spent and settled on one picture;
and beside it a joint project of three signed rounds, a line in dissent, and one question of 엠보팅."""

import pytest
from seoul import IDEA, PROBLEM, staffed

from conftest import PHONE

BODIES = {
    "operator": ("예산 담당", "public", ["주무관"]),
    "committee": ("예산위원회", "civil", ["위원", "위원"]),
    "talks": ("예산협의회", "joint", ["민간위원", "공공위원"]),
    "school": ("예산학교", "civil", ["수료자"]),
    "judges": ("심사단", "civil", ["위원"]),
    "together": ("골목등 협의체", "joint", ["민간위원", "공공위원"]),
    "budget-office": ("예산담당관", "public", ["과장"]),
    "lights": ("도로과", "public", ["과장"]),
}
AT = "@year.example.org"
SAYS = "현장을 살펴 전기와 자리를 확인하고 그렇게 보았습니다."


@pytest.fixture(scope="module")
def year(house):
    staffed(house, "year", BODIES)
    for name in ("author", "voter", "other"):
        house.do("person", email=name + AT, name=f"{name} 시민")
    return Desk(house)


OPENS = {
    "year": (
        "participatory-budget-city@2019-02-11",
        "operator committee talks school budget-office",
        {"call": [0, 59], "vote": [60, 90]},
    ),
    "year-joint": (
        "participatory-budget-joint@2018-02-21",
        "operator judges school budget-office",
        {"call": [0, 59], "vote": [60, 90]},
    ),
    "year-lines": ("joint-budget-council@2023-03-14", "operator talks budget-office", {"lines": [0, 30]}),
    "year-asks": ("mvoting@2026-11-23", "operator", {}),
}


class Desk:
    """Acts by name, as over the API, for what this journey does not look at."""

    def __init__(self, house):
        self.house = house

    def act(self, act, on, who, **given):
        return self.house.do("act", name=act, on=on, email=who + AT, given=given)

    def opens(self, key):
        """The institution opens today."""
        recipe, parts, windows = OPENS[key]
        cast = {part: f"year-{part}" for part in parts.split()}
        self.house.do("open_process", recipe=recipe, key=key, name=f"예산의 한 해 {key}", parts=cast, windows=windows)

    def proposes(self, process, title, who="author"):
        given = {"title": title, "problem": PROBLEM, "idea": IDEA, "topic": "safety", "similar_seen": "on"}
        return self.act("proposals.submit", process, who, **given)

    def assigned(self, number):
        self.act("duties.assign", number, "operator0", body="year-lights")

    def pot(self, process, name, won):
        return self.act("funds.open_pot", process, "operator0", name=name, year="2027", total_krw=won)

    def amount(self, number, who, fund, stage, won, reason=""):
        self.act("funds.enter_amount", number, who, fund=fund, stage=stage, amount_krw=won, reason=reason)

    def resolved(self, number, body, members, sign=True):
        opened = self.act(
            "decisions.open_resolution", number, members[0], question="이대로 할까요?", closes_on=self.house.do("today")
        )
        for member in members:
            self.act("decisions.vote", opened, member, answer="yes")
            if sign:
                self.act("decisions.sign", opened, member)
        self.act("decisions.close_resolution", opened, members[0])

    def open(self, number):
        return self.house.do("look", number=number)["open"]


def test_a_year_of_the_city_s_budget_ends_on_one_picture(year, comes, visitor):
    year.opens("year")
    house, pot = year.house, year.pot("year", "한 해 재원", "60,000,000")
    titles = ["천변에 낮은 등", "언덕에 손잡이", "도서관을 밤까지"]
    numbers = [year.proposes("year", title) for title in titles]
    refused = year.proposes("year", "강 위에 새 다리")
    for number in (*numbers, refused):
        year.assigned(number)

    # 부서 검토: 안 되는 것은 까닭과 함께, 되는 것은 비용과 함께
    officer = comes("lights0" + AT)
    officer.goes(f"/m/{refused}/").clicks("적격 심사하기").marks("부적격").writes(
        "까닭", "하천 구역이라 새 다리를 놓을 수 없습니다."
    ).sends()
    visitor().goes(f"/m/{refused}/").sees("부적격", "하천 구역이라")
    for number, won in zip(numbers, (30_000_000, 20_000_000, 35_000_000), strict=True):
        year.amount(number, "lights0", pot, "asked", won)
        year.act("decisions.review", number, "lights0", result="fit", reason=SAYS, estimate_krw=won)
    year.amount(numbers[0], "lights0", pot, "adjusted", 28_000_000, "겹치는 설계비를 뺐습니다.")
    for number in numbers:
        year.resolved(number, "talks", ["talks0", "talks1"])
    assert [year.open(number) for number in numbers] == [["vote"]] * 3

    # 전화기로 투표한다
    house.do("days", by=61)
    given = {
        "question": "무엇을 먼저 할까요",
        "use": "뽑힌 사업을 예산안에 담습니다",
        "fund": pot,
        "matters": [],
        "closes_on": "",
    }
    ballot = year.act("decisions.open_ballot", "year", "operator0", **given)
    voter = comes("voter" + AT, viewport=PHONE).goes(f"/ballots/{ballot}/").clicks("투표하기")
    voter.shot("budget-year-paper-phone").marks(titles[0]).marks(titles[1]).sends().sees("3개를 골라야")
    voter.marks(titles[2]).sends()
    assert "기록되었습니다" in voter.shows()
    house.do("days", by=31)
    year.act("decisions.close_ballot", ballot, "operator0")
    assert [year.open(number) for number in numbers] == [["assembly"], ["assembly"], ["conclude"]]

    # 총회, 예산안, 의회: 깎인 까닭이 남는다
    for number in numbers[:2]:
        year.resolved(number, "committee", ["committee0", "committee1"], sign=False)
        won = 28_000_000 if number == numbers[0] else 20_000_000
        year.amount(number, "budget-office0", pot, "proposed", won)
    purse = comes("budget-office0" + AT).goes(f"/m/{numbers[0]}/").clicks("금액 적기")
    purse.page.get_by_label("재원").first.select_option(index=1)
    purse.chooses("단계", "의결").writes("금액", "21,000,000").writes(
        "앞 단계와 달라진 까닭", "의회가 등을 네 곳 줄였습니다."
    ).sends()
    year.amount(numbers[1], "budget-office0", pot, "enacted", 20_000_000)
    year.act(
        "duties.conclude", numbers[2], "operator0", outcome="expired", reason="돈이 모자라 이번에는 여기서 맺습니다."
    )

    # 한 장의 그림: 책상에서도 전화기에서도 같은 숫자
    told = (
        "약속한 총액",
        "의회가 등을 네 곳 줄였습니다.",
        "겹치는 설계비를 뺐습니다.",
        "여기까지 오지 못하고 맺은 1건",
        "2,100만",
    )
    for name, view in (("desk", None), ("phone", PHONE)):
        reader = visitor(**({"viewport": view} if view else {})).goes("/funds/").clicks("한 해 재원")
        reader.sees(*told).shot(f"budget-year-pot-{name}")
        assert reader.page.locator(".moneyway svg").first.is_visible()
        assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    visitor(viewport=PHONE).goes(f"/m/{numbers[0]}/").sees("의회가 등을 네 곳 줄였습니다.").shot(
        "budget-year-matter-phone"
    )
    visitor(viewport=PHONE).goes("/funds/").sees("청년자율예산", "278억").shot("budget-year-funds-phone")


def test_a_joint_project_is_signed_three_times_judged_with_words_and_waits_for_its_body(year, comes, visitor):
    year.opens("year-joint")
    house, number = year.house, year.proposes("year-joint", "함께 켜는 골목 등")
    year.assigned(number)
    year.act("decisions.review", number, "lights0", result="fit", reason=SAYS, estimate_krw="9000000")
    officer, author = comes("lights0" + AT), comes("author" + AT, viewport=PHONE)
    for _round in range(3):
        officer.goes(f"/m/{number}/").clicks("숙의 회차 적기")
        officer.page.get_by_label("만난 날").fill(house.do("today"))
        officer.writes("나눈 이야기", "제안자가 어두운 곳을 짚고 부서가 전기를 설명했습니다.").writes(
            "바꾸기로 한 것", "등을 둘 옮깁니다."
        ).sends()
        author.goes(f"/m/{number}/").clicks("숙의 회차에 서명하기")
        if "기록되었습니다" not in author.shows():
            author.sends()
    author.goes(f"/m/{number}/").sees("3회차").shot("joint-rounds-phone")
    officer.goes(f"/m/{number}/").clicks("회차 숙의 마치기").marks("뜻을 모았습니다").sends()

    # 심사: 말 없는 점수는 받지 않고, 배운 사람만 한다
    house.do("seat", email="judges0" + AT, body="year-school", post="심사 수료자")
    judge = comes("judges0" + AT).goes(f"/m/{number}/").clicks("심사 점수 주기")
    for label in ("협치 효과성", "필요성", "수행 가능성"):
        judge.writes(f"{label}: 점수", "25")
    judge.shot("joint-score")
    for label in ("협치 효과성", "필요성", "수행 가능성"):
        judge.writes(f"{label}: 그렇게 본 까닭", "현장에서 두 쪽이 함께 정한 것을 보았습니다.")
    judge.sends()
    judge.goes(f"/m/{number}/").sees("심사하는 동안 점수는 보이지 않습니다").clicks("심사 마치기")
    if "기록되었습니다" not in judge.shows():
        judge.sends()
    reader = visitor(viewport=PHONE).goes(f"/m/{number}/").sees("75.00")
    reader.page.locator("article.review details summary").last.click()
    reader.sees("두 쪽이 함께 정한 것").shot("joint-scored-phone")
    assert year.open(number) == ["vote"]


def test_a_dissent_over_a_line_stands_in_the_table_before_and_after(year, comes, visitor):
    year.opens("year-lines")
    pot, number = (
        year.pot("year-lines", "부서 사업 예산", "90,000,000"),
        year.proposes("year-lines", "보도 고치기", who="talks0"),
    )
    year.assigned(number)
    year.amount(number, "lights0", pot, "asked", 40_000_000)
    civil, public = comes("talks0" + AT, viewport=PHONE), comes("talks1" + AT)
    civil.goes(f"/m/{number}/").clicks("조정안 내기")
    civil.page.get_by_label("재원").first.select_option(index=1)
    civil.writes("조정안", "30,000,000").writes("조정한 까닭", "작년에 고친 곳이 들어 있습니다.").sends()
    civil.goes(f"/m/{number}/").clicks("조정안에 답하기").marks("합의합니다").sends()
    public.goes(f"/m/{number}/").clicks("조정안에 답하기").marks("이견이 있습니다").sends().sees(
        "이견의 까닭을 열 글자"
    )
    public.writes("이견의 까닭", "작년에 고친 곳은 절반만 고쳤습니다.").sends()
    public.goes(f"/m/{number}/").clicks("줄의 협의 마치기")
    if "기록되었습니다" not in public.shows():
        public.sends()
    assert year.open(number) == ["bill"]
    comes("budget-office0" + AT).goes(f"/m/{number}/").sees("작년에 고친 곳은 절반만", "이 이견은 예산안까지")
    visitor(viewport=PHONE).goes("/funds/").clicks("부서 사업 예산").clicks("민관예산협의: 한 줄씩").sees(
        "이견 1건", "작년에 고친 곳은 절반만"
    ).shot("talks-phone")
    visitor().goes("/funds/").clicks("부서 사업 예산").clicks("민관예산협의: 한 줄씩").shot("talks-desk")


def test_one_question_is_asked_answered_and_used(year, comes, visitor):
    year.opens("year-asks")
    house, number = year.house, year.proposes("year-asks", "광장 이름을 무엇으로 할까요", who="other")
    clerk = (
        comes("operator0" + AT)
        .goes(f"/m/{number}/")
        .clicks("적격 심사하기")
        .misses("추정 비용")
        .marks("적격")
        .writes("까닭", "시민에게 물을 일입니다.")
    )
    clerk.sends()
    clerk.arrives().menu("과정").clicks("예산의 한 해 year-asks").clicks("투표 열기").writes(
        "물음", "광장 이름을 무엇으로 할까요"
    )
    clerk.writes("결과를 어떻게 쓰나", "가장 많은 이름을 광장 이름으로 정합니다").chooses("투표 종류", "하나 고르기")
    clerk.writes("고를 수 있는 답", "느티나무 광장\n바람 광장").page.get_by_label("마감일").fill(
        house.do("today", plus=5)
    )
    clerk.shot("mvoting-open").sends()
    ballot = clerk.page.url
    voter = comes("voter" + AT, viewport=PHONE).goes(ballot).clicks("투표하기").marks("바람 광장")
    voter.shot("mvoting-paper-phone").sends()
    house.do("days", by=7)
    clerk = comes("operator0" + AT).goes(ballot).clicks("개표하기")
    if "기록되었습니다" not in clerk.shows():
        clerk.sends()
    clerk.goes(ballot).clicks("결과의 쓰임 알리기").writes(
        "결과를 이렇게 썼습니다", "바람 광장으로 이름을 정하고 팻말 두 개를 새로 세웠습니다. 안내 지도도 고쳤습니다."
    ).sends()
    visitor(viewport=PHONE).goes(ballot).sees("바람 광장", "팻말 두 개를").shot("mvoting-used-phone")
    assert house.do("look", number=number)["outcome"] == "used"
