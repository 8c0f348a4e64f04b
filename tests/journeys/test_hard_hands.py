"""Impatient, slow, old, offline and keyboard hands: nothing is done twice, nothing written is lost."""

import re
import threading

import pytest
from seoul import IDEA, PROBLEM, peopled, proposes

from conftest import PHONE

KEY = "hard"
PROCESS = "민주주의 서울 hard"


@pytest.fixture(scope="module")
def channel(house):
    """A running channel, and 김순자 who is made sure of."""
    peopled(house, KEY, "democracy-seoul@2019-03-26", PROCESS)
    house.do("person", email="sunja@hard.example.org", name="김순자")
    return house


@pytest.fixture
def number(channel):
    """A fresh 의제 of 김순자."""
    made = channel.do("numbers", process=KEY)
    return channel.do(
        "act",
        name="proposals.submit",
        on=KEY,
        email="sunja@hard.example.org",
        given={
            "title": f"{len(made) + 1}번째 골목 조명",
            "problem": PROBLEM,
            "idea": IDEA,
            "topic": "safety",
            "similar_seen": "on",
        },
    )


def neighbour(house, n):
    email = f"neighbour{n}@hard.example.org"
    house.do("person", email=email, name=f"이웃 {n}")
    return email


def test_two_quick_clicks_support_once(channel, comes, number):
    walker = comes(neighbour(channel, 1)).goes(f"/m/{number}/")
    walker.page.locator("main").get_by_role("button", name="공감하기").dblclick()
    walker.page.wait_for_load_state("networkidle")
    assert channel.do("look", number=number)["supports"] == 1
    walker.goes(f"/m/{number}/").sees("공감 1")


def test_two_parallel_posts_support_once_and_the_second_is_told(channel, comes, number):
    walker = comes(neighbour(channel, 2)).goes(f"/m/{number}/")
    form = walker.page.locator("main form", has=walker.page.get_by_role("button", name="공감하기")).first
    action, token = form.get_attribute("action"), form.locator("[name=csrfmiddlewaretoken]").get_attribute("value")
    statuses = walker.page.evaluate(
        """async ([action, token]) => Promise.all([1, 2].map(async () => (await fetch(action, {
            method: "POST", headers: {"Content-Type": "application/x-www-form-urlencoded"},
            body: new URLSearchParams({csrfmiddlewaretoken: token})})).status))""",
        [action, token],
    )
    assert sorted(statuses) == [200, 409]
    assert channel.do("look", number=number)["supports"] == 1


def test_a_proposal_sent_twice_is_one_proposal(channel, comes):
    before = len(channel.do("numbers", process=KEY))
    walker = comes(neighbour(channel, 3))
    _writes(walker.arrives().clicks("제안하기").clicks(PROCESS), "두 번 누른 제안입니다 공원 의자")
    walker.page.locator("main form.form button.btn").first.dblclick()
    walker.page.wait_for_load_state("networkidle")
    if "비슷한 의제가 있습니다" in walker.shows():
        walker.marks("비슷한 제안을 살펴보았고")
        walker.page.locator("main form.form button.btn").first.dblclick()
        walker.page.wait_for_load_state("networkidle")
    assert len(channel.do("numbers", process=KEY)) == before + 1


def test_a_half_written_proposal_survives_an_expired_login(channel, comes):
    email = neighbour(channel, 4)
    walker = comes(email)
    _writes(walker.arrives().clicks("제안하기").clicks(PROCESS), "로그인이 끊긴 제안 도서관 시간")
    walker.page.context.clear_cookies(name="madang")
    walker.sends()
    _past_similar(walker)
    walker.sees("쓰신 내용은 그대로 두었습니다").enters(email)
    assert walker.page.get_by_label("제목").first.input_value() == "로그인이 끊긴 제안 도서관 시간"
    assert walker.page.get_by_label("무엇이 문제인가요").first.input_value() == PROBLEM
    walker.sends()
    _past_similar(walker)
    walker.sees("로그인이 끊긴 제안 도서관 시간", "공감")


def test_a_half_written_proposal_survives_all_cookies_lost(channel, comes):
    email = neighbour(channel, 5)
    walker = comes(email)
    _writes(walker.arrives().clicks("제안하기").clicks(PROCESS), "쿠키를 잃은 제안 버스 노선")
    walker.page.context.clear_cookies()
    walker.sends().sees("쓰신 내용은 그대로입니다")
    assert walker.page.get_by_label("제목").first.input_value() == "쿠키를 잃은 제안 버스 노선"


def test_the_proposal_journey_works_without_javascript(channel, visitor):
    walker = visitor(java_script_enabled=False, viewport=PHONE)
    email = neighbour(channel, 6)
    walker.logs_in(email)
    proposes(walker, PROCESS, "스크립트 없이 올린 제안 놀이터 그늘")
    walker.sees("스크립트 없이 올린 제안 놀이터 그늘", "공감").clicks("공감하기").sees("공감 1")
    assert channel.do("look", number=walker.number())["supports"] == 1


def test_the_proposal_form_is_written_by_keyboard_alone(channel, comes):
    walker = comes(neighbour(channel, 7))
    page = walker.page
    walker.arrives()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    _tabs_to(page, "제안하기")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/propose/"))
    _tabs_to(page, PROCESS)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/do/"))
    for field, words in (("title", "글쇠로만 쓴 제안 공원 화장실"), ("problem", PROBLEM), ("idea", IDEA)):
        _tabs_to_field(page, field)
        page.keyboard.type(words)
    _tabs_to_field(page, "topic")
    page.keyboard.press("ArrowDown")
    _tabs_to(page, "제안하기", tag="BUTTON")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    if "비슷한 의제가 있습니다" in walker.shows():
        _tabs_to_field(page, "similar_seen")
        page.keyboard.press("Space")
        _tabs_to(page, "제안하기", tag="BUTTON")
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
    walker.sees("글쇠로만 쓴 제안 공원 화장실", "공감")


@pytest.mark.parametrize("home", ["/", "/en/"])
def test_the_menu_of_a_phone_is_one_line_in_both_languages(house, visitor, home):
    walker = visitor(viewport=PHONE)
    walker.page.goto(home)
    tops = walker.page.eval_on_selector_all("nav.top-nav li", "all => all.map(e => e.getBoundingClientRect().top)")

    assert len(tops) == 5 and len(set(tops)) == 1


def test_hostile_words_are_refused_or_shown_inert(channel, comes):
    walker = comes(neighbour(channel, 8))
    alarmed = threading.Event()
    walker.page.on("dialog", lambda dialog: (alarmed.set(), dialog.dismiss()))
    walker.arrives().clicks("제안하기").clicks(PROCESS)
    _writes(walker, "\u202e거꾸로 쓴 제목")
    walker.sends().sees("보이지 않는 문자")
    assert walker.page.get_by_label("어떻게 하면 좋을까요").first.input_value() == IDEA
    _writes(walker, "<script>alert(1)</script> 굵은 제목")
    walker.writes("무엇이 좋아지나요", '=HYPERLINK("http://evil")').sends()
    _past_similar(walker)
    walker.sees("<script>alert(1)</script> 굵은 제목", "=HYPERLINK")
    assert not alarmed.is_set()


def test_a_stranger_is_told_who_may_and_nothing_is_recorded(channel, comes, number):
    """U5: a citizen opens the clerk's form."""
    matter = channel.do("matter_id", number=number)
    walker = (
        comes(neighbour(channel, 9))
        .goes(f"/do/duties.conclude/{matter}/")
        .sees("이 일은 다른 역할이 합니다", "과정 화면의 표")
    )
    walker.misses("까닭을 적어")
    assert "공감 모으기" in walker.goes(f"/m/{number}/").shows()


def _writes(walker, title):
    walker.writes("제목", title).writes("무엇이 문제인가요", PROBLEM).writes("어떻게 하면 좋을까요", IDEA).chooses(
        "분야", "안전"
    )


def _past_similar(walker):
    if "비슷한 의제가 있습니다" in walker.shows():
        walker.marks("비슷한 제안을 살펴보았고").sends()


def _tabs_to(page, words, tag="A"):
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("[document.activeElement.tagName, document.activeElement.innerText.trim()]") in (
            [tag, words],
            ["BUTTON", words],
        ):
            return
    raise AssertionError(f"the Tab key never reaches {words}")


def _tabs_to_field(page, name):
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"the Tab key never reaches {name}")
