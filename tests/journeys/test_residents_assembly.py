"""주민총회 in 시흥4동: early vote online and at a booth, paper on the day, two who type it, one count, and the district's answer."""

import re

import pytest
from seoul import IDEA, PROBLEM, staffed

from conftest import PHONE
from madang.decisions.serials import WRITTEN

DONG = "1154570000"
BODIES = {
    "council": ("시흥4동 주민자치회", "civil", ["위원", "위원", "위원", "간사"]),
    "gu": ("금천구 마을자치과", "public", ["과장"]),
}
TITLES = ["골목 조명을 밝게", "작은 도서관을 늦게까지", "언덕길에 손잡이"]
PEOPLE = [("김하나", "580314"), ("이두리", "620105"), ("박세나", "700911"), ("최네모", "751230"), ("정다섯", "881102"),
          ("강여섯", "900620"), ("조일곱", "550401"), ("윤여덟", "991224")]  # fmt: skip
NAME = "시흥4동 주민총회 2027"


def contact(who: int) -> str:
    return f"010-3000-{who:04d}"


def roll() -> bytes:
    lines = ["이름,생년월일,연락처,선거인,성별,출생연도"]
    lines += [f"{name},{born},{contact(n)},,{'여' if n % 2 else '남'},19{born[:2]}" for n, (name, born) in enumerate(PEOPLE)]
    return "\n".join(lines).encode()


@pytest.fixture(scope="module")
def assembly(house):
    """The council, its department, and three 의제 that the council sent to the assembly."""
    staffed(house, "dong4", BODIES)
    house.do(
        "open_process",
        recipe="residents-assembly@2018-12-06",
        key="dong4",
        name=NAME,
        parts={"council": "dong4-council"},
        windows={"collect": [0, 29], "early": [40, 44], "voting": [40, 48]},
        place=DONG,
    )
    house.do("person", email="author@dong4.example.org", name="박제안", level=3, place=DONG)
    author = {"name": "proposals.submit", "on": "dong4", "email": "author@dong4.example.org"}
    numbers = [house.do("act", **author, given=_idea(title)) for title in TITLES]
    for number in numbers:
        _to_the_vote(house, number)
    return house, numbers


def _idea(title: str) -> dict[str, str]:
    return {"title": title, "problem": PROBLEM, "idea": f"{title}. {IDEA}", "topic": "safety", "similar_seen": "on"}


def _to_the_vote(house, number: str) -> None:
    member, officer = "council0@dong4.example.org", "gu0@dong4.example.org"
    house.do("act", name="duties.assign", on=number, email=member, given={"body": "dong4-gu"})
    given = {"result": "fit", "reason": "구청 부서가 살펴보니 할 수 있는 일입니다.", "estimate_krw": "1000000"}
    house.do("act", name="decisions.review", on=number, email=officer, given=given)
    asked = {"question": "총회에 올릴까요?", "closes_on": house.do("today")}
    resolution = house.do("act", name="decisions.open_resolution", on=number, email=member, given=asked)
    for n in range(4):
        house.do("act", name="decisions.vote", on=resolution, email=f"council{n}@dong4.example.org", given={"answer": "yes"})
    house.do("act", name="decisions.close_resolution", on=resolution, email=member)
    assert house.do("look", number=number)["open"] == ["vote"]


def _opened(walker, ballot: str, name: str) -> str:
    walker.goes(ballot).clicks("투표소 열기").writes("투표소 이름", name).chooses("맡는 기구", "시흥4동 주민자치회(dong4)")
    return walker.writes("찍을 투표지 수", "12").sends().page.url


def _at_the_desk(walker, booth: str, who: int):
    walker.goes(booth)
    for label, text in zip(("이름", "생년월일", "휴대전화"), (*PEOPLE[who], contact(who)), strict=True):
        walker.writes(label, text)
    walker.page.get_by_role("button", name="명부에서 찾기").click()
    walker.page.wait_for_selector("#asked")
    return walker


def _given_paper(walker, booth: str, who: int):
    _at_the_desk(walker, booth, who).sees("명부에 있고 아직 투표하지 않았습니다")
    return walker.clicks("투표지 한 장을 드립니다")


def _votes(walker, ballot: str, answers: list[str]):
    walker.goes(ballot).clicks("투표하기")
    for place, answer in enumerate(answers, start=1):
        walker.page.locator(f"label[for=id_marks-{place}-{answer}]").click()
    return walker.sends()


def _found(walker, ballot: str, who: int):
    walker.goes(ballot).clicks("명부에서 나를 찾기")
    for label, text in zip(("이름", "생년월일", "휴대전화"), (*PEOPLE[who], contact(who)), strict=True):
        walker.writes(label, text)
    return walker.sends()


def _an_hour_without_a_network(walker, booth: str, hands_out: int, refuses: tuple[int, ...]) -> None:
    """The page goes on with its copy of the roll, opens again without a network, and reports once it is back."""
    page, context = walker.goes(booth).page, walker.page.context
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.reload()
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('madang-booth-'))")
    context.set_offline(True)
    page.reload()
    asked = {who: _asks_offline(walker, who) for who in (hands_out, *refuses)}
    assert "명부에 있고" in asked[hands_out] and all("이미 투표했거나" in asked[who] for who in refuses)
    _asks_offline(walker, hands_out)
    page.locator("[data-state] button").click()
    walker.sees("1장을 나누어 주었고").shot("assembly-desk-offline")
    assert "이미 투표했거나" in _asks_offline(walker, hands_out)
    context.set_offline(False)
    page.get_by_role("button", name="접수 목록 올리기").click()
    page.locator("[data-offline]").wait_for(state="hidden")


def _asks_offline(walker, who: int) -> str:
    for label, text in zip(("이름", "생년월일", "휴대전화"), (*PEOPLE[who], contact(who)), strict=True):
        walker.writes(label, text)
    walker.page.locator("[data-state]").evaluate("(box) => { box.textContent = '' }")
    walker.page.get_by_role("button", name="명부에서 찾기").click()
    walker.page.wait_for_function("() => document.querySelector('[data-state]').textContent.length > 5")
    return walker.page.locator("[data-state]").inner_text()


def _typed(walker, booth: str, lines: list[str], unused: int, nth: int = 0):
    walker.goes(booth).clicks("투표지 입력하기", nth=nth).writes("한 줄에 한 장", "\n".join(lines)).writes("쓰지 않고 남은", str(unused))
    return walker.sends()


def test_a_neighbourhood_decides_on_paper_and_on_the_web(assembly, visitor, comes):
    house, numbers = assembly
    council = comes("council0@dong4.example.org")

    # 한 달 앞서 알리기: 투표지와 명부와 투표소
    council.arrives().menu("과정").clicks(NAME).clicks("투표 열기")
    council.writes("물음", "자치계획에 무엇을 담을까요").writes("결과를 어떻게 쓰나", "과반이 찬성한 의제를 구청에 냅니다").sends()
    ballot = council.page.url
    council.sees("30일 이상 앞서", "명부에 있는 사람만").shot("assembly-ballot")
    council.clicks("선거인명부 올리기")
    council.page.locator("input[type=file]").set_input_files({"name": "roll.csv", "mimeType": "text/csv", "buffer": roll()})
    council.sends()
    booth, site = (_opened(council, ballot, name) for name in ("주민센터 사전투표소", "총회 현장"))

    # 투표지: A4 한 장에 한 표, QR에는 번호만
    council.goes(booth).clicks("찍기").sees("주민", "찬성").shot("assembly-paper")
    assert council.page.locator("article.sheet").count() == 12
    serials = council.page.locator(".serial").all_inner_texts()
    assert all(WRITTEN.fullmatch(text) for text in serials) and serials != sorted(serials)
    _fits_a_page_each(council.page, 12)
    council.page.goto(council.page.url + "?size=large&lang=en")
    assert council.page.locator(".large .box").count() == 12 * 3 * 2
    of_site = council.goes(site).clicks("찍기").page.locator(".serial").all_inner_texts()
    visitor().goes(ballot).clicks("종이 투표지 견본").sees("견본")
    stranger = visitor()
    assert stranger.page.goto(booth + "print/1/").status in (302, 403)

    # 사전투표: 온라인 둘, 투표소 둘, 두 번 하려는 한 사람
    house.do("days", by=40)
    for who, answers in ((0, ["yes", "yes", "no"]), (1, ["yes", "no", "no"])):
        house.do("person", email=f"voter{who}@dong4.example.org", name=PEOPLE[who][0], level=2)
        voter = comes(f"voter{who}@dong4.example.org", viewport=PHONE, has_touch=True)
        _found(voter, ballot, who)
        _votes(voter, ballot, answers).shot(f"assembly-phone-{who}")
    officer = comes("council1@dong4.example.org")
    for who in (2, 3):
        _given_paper(officer, booth, who)
    _at_the_desk(officer, booth, 0).sees("이미 참여하셨습니다", "온라인").misses("투표지 한 장을 드립니다").shot("assembly-desk-twice")
    _at_the_desk(officer, site, 2).sees("이미 참여하셨습니다", "종이 투표지를 받음")
    officer.goes(booth)
    officer.page.set_viewport_size(PHONE)
    officer.shot("assembly-desk-phone")
    officer.page.set_viewport_size({"width": 1280, "height": 900})

    # 총회 현장: 온라인은 닫혔고, 종이 둘
    house.do("days", by=6)
    house.do("person", email="late@dong4.example.org", name=PEOPLE[6][0], level=2)
    late = comes("late@dong4.example.org")
    _found(late, ballot, 6)
    _votes(late, ballot, ["yes", "yes", "yes"]).sees("온라인 투표는", "현장의 투표소에서")
    officer = comes("council1@dong4.example.org")
    officer.goes(site).clicks("투표지 더 찍기").writes("찍을 투표지 수", "6").marks("통신이 끊겼을 때 쓸 묶음").sends()
    _given_paper(officer, site, 4)
    _an_hour_without_a_network(officer, site, hands_out=5, refuses=(4, 0))
    apart = officer.goes(f"{site}print/2/").page.locator(".serial").all_inner_texts()

    # 두 사람이 따로 입력하고, 다르면 세 번째가 정한다
    house.do("days", by=4)
    one, two, three = (comes(f"council{n}@dong4.example.org") for n in (1, 2, 3))
    early = [f"{serials[0]} 1:1 2:1 3:0", f"{serials[1]} 1:1 2:0 3:1"]
    _typed(one, booth, early, 10)
    _typed(one, booth, early, 10).sees("한 사람이 두 번 입력할 수 없습니다")
    _typed(two, booth, [early[0], f"{serials[1]} 1:1 2:1 3:1"], 10).shot("assembly-mismatch")
    two.goes(booth).sees("두 사람의 입력이 다른 번호", serials[1], "1:1 2:0 3:1", "1:1 2:1 3:1")
    _typed(three, booth, [early[1]], 10)
    three.goes(booth).sees("입력 확정")
    last = [f"{of_site[0]} 1:1 2:0 3:0", f"{serials[0]} 1:1 2:1 3:0"]
    for walker in (one, two):
        _typed(walker, site, last, 11)
        _typed(walker, site, [f"{apart[0]} x 찢어짐"], 5, nth=1)

    # 한 번에 세고, 모든 장을 맞춘다
    council = comes("council0@dong4.example.org")
    council.goes(ballot).clicks("개표하기")
    if council.page.locator("main form.form button.btn").count():
        council.sends()
    council.goes(ballot).sees(TITLES[0])
    council.shot("assembly-result")
    council.clicks("종이 투표지의 셈").sees("모든 투표소가 맞습니다", "다른 투표소의 투표지입니다", "찢어짐")
    council.sees("누가 참여했나", "8명 가운데 6명")
    council.sees("인구")
    council.shot("assembly-account")
    visitor(viewport=PHONE).goes(ballot.rstrip("/") + "/paper/").sees("온라인과 종이").shot("assembly-account-phone")

    # 과반을 얻은 의제만 구청으로 가고, 구청이 답한다
    states = [house.do("look", number=number)["open"] for number in numbers]
    assert states == [["submit"], ["conclude"], ["conclude"]]
    given = {"body": "dong4-gu"}
    house.do("act", name="duties.assign", on=numbers[0], email="council0@dong4.example.org", given=given)
    assert house.do("look", number=numbers[0])["open"] == ["gu-reply"]


def _fits_a_page_each(page, sheets: int) -> None:
    """The browser's own PDF has as many A4 pages as there are sheets."""
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == sheets
    boxes = set(re.findall(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)", pdf))
    assert {(round(float(w)), round(float(h))) for w, h in boxes} <= {(595, 842), (594, 842), (596, 842), (595, 841), (594, 841)}
