"""The result page in a real browser, under the house's own headers: the recount in a worker, cancelling, and one's own marks.

Everything the page may ask for is fetched before the browser starts; whatever else it asks for is not there.
"""

import json
import mimetypes
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from test_published_vote import TOWN

from madang.access import By
from madang.decisions.acts import import_vote
from madang.decisions.importing import imported

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium")
]


@pytest.fixture
def answers(client, city, day, tmp_path):
    """Path → (body, headers) of the page of a vote and all it may fetch."""
    (tmp_path / "testtown.pb").write_text(TOWN, "utf-8")
    vote = import_vote(By(None, day(0), "clock"), city.seoul, **imported(tmp_path / "testtown.pb"))
    where = vote.get_absolute_url()
    found = {}
    for path in (where, *(f"{where}{name}" for name in ("ballots.pb", "account.json", "projects.csv"))):
        response = client.get(path)
        found[path] = response.content, {name: value for name, value in response.items() if name != "Content-Length"}
    return where, found


@pytest.fixture
def browser(answers):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        window = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield window
        window.close()


def opened(browser, answers, **how):
    where, found = answers
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko", **how).new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda fault: page.said.append(str(fault)))

    def answer(route):
        path = urlsplit(route.request.url).path
        if path in found:
            body, headers = found[path]
            return route.fulfill(status=200, body=body, headers=headers)
        static = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if static is None:
            return route.fulfill(status=404, body="")
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return route.fulfill(status=200, body=Path(static).read_bytes(), headers={"Content-Type": kind})

    page.route("**/*", answer)
    page.goto(f"http://localhost:8000{where}")
    return page


def test_a_button_counts_again_on_the_phone_and_says_that_it_is_the_same(browser, answers):
    page = opened(browser, answers)
    page.locator("[data-start]").focus()
    page.keyboard.press("Enter")
    told = page.locator("[data-recount] [role=status] .notice")
    told.wait_for()
    assert "다시 세어 보니 알린 결과와 같습니다." in told.inner_text()
    assert "✓ 뽑힌 사업 2개가 차례까지 같습니다." in told.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.said == []


def test_another_result_is_told_as_another(browser, answers):
    where, found = answers
    path = f"{where}account.json"
    account = json.loads(found[path][0])
    account["winners"] = ["bench", "lamps"]
    found[path] = json.dumps(account).encode(), found[path][1]
    page = opened(browser, answers)
    page.locator("[data-start]").click()
    told = page.locator("[data-recount] [role=status] .notice")
    told.wait_for()
    assert "다릅니다" in told.inner_text() and "2번째가 다릅니다: 다시 센 결과 garden, 공표된 결과 lamps." in told.inner_text()


def test_a_long_count_shows_how_far_it_is_and_can_be_cancelled(browser, answers):
    where, found = answers
    path = f"{where}account.json"
    account = json.loads(found[path][0])
    account["variant"] |= {"completion": "add1", "stop": "infeasible", "steps": "2999"}
    found[path] = json.dumps(account).encode(), found[path][1]
    text = TOWN.replace("budget;1000", "budget;99999999").replace("garden;400", "garden;99999000")
    found[f"{where}ballots.pb"] = text.encode(), found[f"{where}ballots.pb"][1]
    page = opened(browser, answers)
    page.locator("[data-start]").click()
    page.get_by_text("세고 있습니다: 2999걸음 가운데").wait_for()
    page.locator("[data-cancel]").click()
    assert page.locator("[data-recount] [role=status]").inner_text() == "그만두었습니다."
    assert page.locator("[data-start]").is_enabled() and page.locator("[data-cancel]").is_hidden()


def test_ones_own_marks_are_worked_out_here_and_sent_nowhere(browser, answers):
    page = opened(browser, answers)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("[data-marks]").fill("bench lamps nowhere")
    told = page.locator("[data-mine] .notice")
    told.wait_for()
    words = told.inner_text()
    assert "고른 2개 가운데 1개가 뽑혔습니다." in words and "166.67 KRN" in words  # a third of 500; docs/methods/equal-shares.md
    assert "✗ Lamps: 뽑히지 않음(돈이 모자람)" in words and "? nowhere: 목록에 없는 번호" in words
    assert [path for url in asked if "/static/" not in (path := urlsplit(url).path)] == [f"{answers[0]}account.json"]
    assert "nowhere" not in "".join(asked)
    assert page.said == []


def test_without_javascript_everything_but_the_two_buttons_is_there_and_says_so(browser, answers):
    page = opened(browser, answers, java_script_enabled=False)
    words = page.locator("main").inner_text()
    assert "뽑힌 사업 2개" in words and "2라운드 가운데 1번째" in words and "이 단추에는 자바스크립트가 필요합니다" in words
    assert page.locator("[data-start]").is_hidden()
    assert page.get_by_role("link", name="다음 라운드 →").get_attribute("href") == "?round=2#rounds"
