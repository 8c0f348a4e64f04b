"""The look of the house: what every page promises a reader, whoever they are and however they read."""

import re
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.urls import reverse
from django.utils.translation import override

from madang.doors.web import patterns
from madang.doors.web.draw import Bar, Stop, Tile
from madang.doors.web.templatetags import components, words

SEOUL = ZoneInfo("Asia/Seoul")
TODAY = date(2026, 11, 23)
PARTS = Path(patterns.__file__).parent / "templates" / "parts"


def drawn(template: str, **context) -> str:
    return engines["django"].from_string(template).render({"today": TODAY, **context})


def page(language: str = "ko") -> str:
    request = RequestFactory().get("/patterns/")
    request.user, request.at = AnonymousUser(), datetime(2026, 11, 23, 10, tzinfo=SEOUL)
    with override(language):
        return patterns.patterns(request).content.decode()


# ── what is shown ────────────────────────────────────────────────────────────
def test_the_page_of_patterns_shows_every_part():
    seen = set()

    def note(sender, template, **_more):
        seen.add(template.name)

    template_rendered.connect(note)
    try:
        page()
    finally:
        template_rendered.disconnect(note)
    assert {f"parts/{part.name}" for part in PARTS.glob("*.html")} - seen == set()


def test_a_page_carries_no_style_and_no_script_of_its_own():
    html = page()
    assert re.findall(r"""<[^>]+\s(?:style|on[a-z]+)\s*=""", html) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", html) if "src=" not in tag] == []
    assert re.findall(r"""(?:src|href)=["']?(?:https?:)?//(?!example\.org)""", html) == []


def test_the_english_page_says_so_and_leads_to_english_pages():
    html = page("en")
    assert '<html lang="en">' in html
    assert 'href="/en/matters/"' in html and 'href="/matters/"' not in html


def test_the_stylesheet_and_the_script_stay_small_and_at_home():
    css = Path(finders.find("madang/madang.css")).read_text()
    js = Path(finders.find("madang/madang.js")).read_bytes()
    tight = re.sub(r"\s*([{};:,>])\s*", r"\1", re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)))
    assert len(tight.encode()) <= 30_000
    assert len(js) <= 4_096
    assert "://" not in css and "@import" not in css and "@font-face" not in css


# ── words of others ──────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["inert", "paragraphs"])
def test_hostile_text_is_shown_and_does_nothing(name):
    hostile = "<script>alert(1)</script>\u202eabc\u2066\u200b\x02 0\x03 =1+1 Z" + "\u0351" * 500
    html = drawn(f"{{{{ text|{name} }}}}", text=hostile)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert [mark for mark in "\u202e\u2066\u200b\x02\x03" if mark in html] == []
    assert html.count("\u0351") == 2


def test_korean_words_on_an_english_page_say_that_they_are_korean():
    with override("en"):
        assert words.inert("시흥4동") == '<bdi lang="ko">시흥4동</bdi>'
        assert words.inert("Siheung") == "<bdi>Siheung</bdi>"
        assert words.paragraphs("가로등") == '<p dir="auto" lang="ko">가로등</p>'


def test_an_emoji_family_stays_together():
    assert words.plain("👨‍👩‍👧") == "👨‍👩‍👧"


def test_an_address_in_a_text_becomes_a_link_that_lends_no_weight():
    html = drawn("{{ text|paragraphs }}", text='첫째\n둘째\n\n(https://example.org/a?b=1&c="2). javascript:alert(1)')
    assert html == (
        '<p dir="auto">첫째<br>둘째</p><p dir="auto">('
        '<a href="https://example.org/a?b=1&amp;c=" rel="nofollow ugc noopener noreferrer">'
        "https://example.org/a?b=1&amp;c=</a>&quot;2). javascript:alert(1)</p>"
    )


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", " JaVa\u200bScript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", ""],
)
def test_a_link_that_leads_astray_leads_nowhere(link):
    assert words.address(link) == "#"


def test_a_megabyte_of_emoji_is_shown_within_a_second():
    started = datetime.now()
    drawn("{{ text|paragraphs }}", text="🌳" * 250_000)
    assert datetime.now() - started < timedelta(seconds=1)


# ── money and days ───────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("won", "ko", "en"),
    [
        (0, "0원", "₩0"),
        (9_999, "9,999원", "₩9,999"),
        (152_300, "15만 2,300원", "₩152,300"),
        (30_000_000, "3,000만 원", "₩30 million"),
        (99_999_999, "9,999만 9,999원", "₩100 million"),
        (7_124_000_000, "71억 2,400만 원", "₩7.12 billion"),
        (123_456_789, "약 1억 2,346만 원", "₩123.46 million"),
        (199_999_999, "약 2억 원", "₩200 million"),
        (-30_000_000, "−3,000만 원", "−₩30 million"),
    ],
)
def test_money_is_said_as_people_say_it_and_exactly_beside_it(won, ko, en):
    with override("ko"):
        html = words.krw(won)
        assert re.sub("<[^>]+>", "", html) == ko
        assert f'title="{won:,}원"' in html
    with override("en"):
        assert re.sub("<[^>]+>", "", words.krw(won)) == en


def test_an_unknown_amount_is_not_zero():
    assert str(words.krw(None)) == "금액 미정"


def test_a_day_is_the_day_of_seoul_in_the_readers_language():
    late = datetime(2026, 11, 22, 15, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight on the 23rd in Seoul
    with override("ko"):
        assert words.date_ko(late) == '<time datetime="2026-11-23">2026년 11월 23일</time>'
        assert ">2026년 11월 23일 오전 12:30<" in words.time_ko(late)
    with override("en"):
        assert words.date_ko(late) == '<time datetime="2026-11-23">23 Nov 2026</time>'


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [(28, "open", "D-28"), (3, "soon", "D-3"), (0, "today", "오늘"), (-1, "late", "1일 지남")],
)
def test_a_due_day_says_how_far_it_is(days, state, words):
    html = components.dday(TODAY + timedelta(days=days), TODAY)
    assert f'class="due due-{state}"' in html
    assert f"<b>{words}</b>" in html


def test_lateness_looks_the_same_for_a_department_and_for_a_citizens_body():
    rows = [
        drawn('{% duty "회의록 공개" due_on=due owes=owes %}', due=TODAY - timedelta(days=4), owes=owes)
        for owes in ("보행정책과", "시흥4동 주민자치회")
    ]
    assert rows[0].replace("보행정책과", "") == rows[1].replace("시흥4동 주민자치회", "")
    assert "duty-late" in rows[0]


def test_a_deed_done_late_is_not_shown_as_overdue():
    html = drawn(
        '{% duty "공고" due_on=due done_on=done %}', due=TODAY - timedelta(days=9), done=TODAY - timedelta(days=4)
    )
    assert "5일 늦게 마침" in html
    assert "duty-late" not in html


def test_a_station_nobody_knows_is_a_fault_not_a_blank():
    with pytest.raises(KeyError):
        components.station("협의")


# ── drawings ─────────────────────────────────────────────────────────────────
def test_the_line_map_says_in_words_all_that_it_draws():
    stops = [
        Stop("민주주의 서울", "제안", "공감 모으기", "done", on=date(2026, 8, 3)),
        Stop("<b>예산</b>", "결정", "민관심의단", "late", due_on=date(2026, 11, 19), owes="심의단", transfer="넘김"),
        Stop("<b>예산</b>", "집행", "예산 집행", "ahead", due_on=date(2027, 3, 2)),
    ]
    html = drawn("{% linemap stops %}", stops=stops)
    drawing, words = html.split("</svg>")
    assert "aria-hidden" in drawing and "<b>예산" not in html
    assert re.findall(r'class="lm-name"[^>]*>([^<]+)<', drawing) == [stop.name for stop in stops]
    assert words.count("<li") == 3
    for said in ("환승 · 넘김", "지금 여기, 기한 지남", "4일 지남", "심의단", "다음 역", "2027년 3월 2일"):
        assert said in words


def test_an_empty_journey_draws_nothing():
    assert "<svg" not in drawn("{% linemap stops %}", stops=[])


def test_every_drawn_figure_stands_in_a_table():
    tiles = [Tile(0, 0, "종로구", 41), Tile(1, 0, "중구", 0), Tile(2, 0, "용산구", None)]
    html = drawn(
        '{% tilemap tiles "열린 의제" %}{% bars rows "지킨 일" %}', tiles=tiles, rows=[Bar("가", 3, 4), Bar("나", 0, 0)]
    )
    cells = re.findall(r'<td class="num">([^<]+)</td>', html)
    assert cells == ["41", "0", "자료 없음", "3 / 4", "0 / 0"]
    assert "shade-none" in html


def test_a_tally_names_how_many_could_have_answered():
    html = drawn('{% tally "찬성" 12 "반대" 4 of=160 %}')
    assert "160명 가운데 16명 참여 (10.0%)" in html
    assert "0%" in drawn('{% tally "찬성" 0 "반대" 0 %}')


# ── forms ────────────────────────────────────────────────────────────────────
def test_a_refused_form_leads_to_each_mistake_and_keeps_what_was_typed():
    with override("ko"):
        html = str(patterns.Sample({"email": "아님", "text": "쓰던 글", "areas": ["b"]}))
    anchors = re.findall(r'<li><a href="#([^"]+)">', html)
    assert anchors == ["id_title", "id_email", "id_place", "id_side", "id_agree"]
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in html] == []
    assert "쓰던 글</textarea>" in html and 'value="아님"' in html
    assert "이 칸을 채워 주세요." in html


def test_every_field_points_to_its_help_and_its_error():
    html = str(patterns.Sample({}))
    described = {name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()}
    assert described
    assert [name for name in described if f'id="{name}"' not in html] == []


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = str(patterns.Sample())
    assert html.count("<fieldset") == html.count("<legend>") == 2
    assert html.count(">필수<") == 4


@pytest.mark.django_db
def test_the_login_page_wears_the_house(client):
    html = client.get(reverse("account_login")).content.decode()
    assert 'class="brand"' in html and 'id="main"' in html
    assert "로그인 번호 받기" in html
    assert [
        tag for tag in re.findall(r"<script[^>]*>", html) if "src=" not in tag and "application/json" not in tag
    ] == []


# ── in a browser ─────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        window = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield window
        window.close()


STRICT = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:",
    "Content-Type": "text/html; charset=utf-8",
}


@pytest.fixture
def tab(browser, request):
    """A browser tab that answers http://madang.test from the templates and static files, without a server."""
    view = browser.new_page(viewport={"width": 390, "height": 844}, locale="ko-KR")
    view.faults = []
    view.on("pageerror", lambda fault: view.faults.append(str(fault)))
    view.on("console", lambda line: view.faults.append(line.text) if line.type == "error" else None)
    view.pages = {"/patterns/": page()}
    view.route("**/*", lambda route: _answer(route, view.pages))
    yield view
    view.close()


def _answer(route, pages):
    path = re.sub(r"^https?://[^/]+|[?#].*$", "", route.request.url)
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    if found:
        return route.fulfill(path=found)
    return route.fulfill(body=pages.get(path, ""), headers=STRICT, status=200 if path in pages else 404)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_the_page_of_patterns(tab, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto("http://madang.test/patterns/")
    for fold in tab.query_selector_all("details"):
        fold.evaluate("fold => fold.open = true")
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = axe.run(tab, options={"runOnly": rules, "rules": {"target-size": {"enabled": True}}}).response
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]] == []
    assert len(found["passes"]) > 15
    assert tab.faults == []


@pytest.mark.browser
@pytest.mark.parametrize(("width", "text"), [(320, 100), (390, 200), (1280, 200)])
def test_nothing_is_pushed_off_the_side_when_text_grows(tab, width, text):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto("http://madang.test/patterns/")
    tab.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
    assert tab.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.browser
def test_what_a_hand_must_hit_is_large_enough(tab):
    tab.goto("http://madang.test/patterns/")
    small = """() => [...document.querySelectorAll('.btn, input, select, textarea, .top-nav a, .tabs a, .chip[href]')]
        .filter(hit => !['checkbox', 'radio', 'hidden'].includes(hit.type))
        .filter(hit => hit.getBoundingClientRect().height < 43.9).map(hit => hit.outerHTML)"""
    assert tab.evaluate(small) == []


FORM = """<!doctype html><html lang="ko"><script src="/static/madang/madang.js" defer></script>
<form method="post" action="/sent" data-draft="lamp"><input name="title">
<textarea name="text" maxlength="100"></textarea><button>보내기</button></form>"""


@pytest.mark.browser
def test_a_half_written_text_survives_a_lost_page_and_goes_once_sent(tab):
    tab.pages |= {"/write": FORM, "/sent": "<!doctype html><p>보냈습니다"}
    tab.goto("http://madang.test/write")
    tab.fill("[name=text]", "밤길이 어둡습니다")
    tab.wait_for_timeout(600)
    tab.goto("http://madang.test/write")
    assert tab.input_value("[name=text]") == "밤길이 어둡습니다"
    tab.click("text=보내기")
    tab.wait_for_url("**/sent")
    tab.goto("http://madang.test/write")
    assert tab.input_value("[name=text]") == ""
    assert tab.faults == []


@pytest.mark.browser
def test_a_double_click_sends_once(tab):
    sent = []
    tab.pages |= {"/write": FORM}
    tab.route("**/sent", lambda route: sent.append(route.request.method))  # never answered: the slow network of a phone
    tab.goto("http://madang.test/write")
    tab.evaluate("() => { const b = document.querySelector('button'); b.click(); b.click(); b.click(); }")
    tab.wait_for_timeout(300)
    assert sent == ["POST"]


@pytest.mark.browser
def test_a_reader_is_told_when_letters_run_out(tab):
    tab.pages |= {"/write": FORM}
    tab.goto("http://madang.test/write")
    tab.fill("[name=text]", "가" * 90)
    assert tab.inner_text(".left") == "10자 더 쓸 수 있습니다"
