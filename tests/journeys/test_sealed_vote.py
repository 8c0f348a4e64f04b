"""A secret vote on a phone: by the keyboard alone, by a screen reader's tree, with the box killed in mid-vote; then closed and audited."""

import csv
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from seoul import PROBLEM, staffed

from conftest import HERE, PHONE

QUESTION, ANSWERS = "마을 쉼터의 이름을 무엇으로 할까요?", ("느티나무", "물레방아", "해바라기")
MADANG = str(Path(sys.executable).parent / "madang")
CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}")


class Yard:
    """The house with box and observers beside it, one ballot, and the letters."""

    def __init__(self, house, folder: Path) -> None:
        self.house, self.folder, self.served = house, folder, {}
        self.port = urlsplit(house.url).port
        self.operator, self.ballot = "operator0@secret.example.org", ""
        self.letters = []

    def madang(self, *words: str) -> str:
        done = subprocess.run([MADANG, *words], env=self.house.env, cwd=self.house.home, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def serve(self, what: str) -> None:
        port = self.port + {"box": 1, "issuer": 2}[what]
        home = self.house.home / {"box": "box", "issuer": "observers"}[what]
        self.served[what] = subprocess.Popen(
            [sys.executable, str(HERE / "box_clock.py"), what, str(home), str(port), self.house.url], env=self.house.env,
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=(self.folder / f"{what}.log").open("a"),
        )  # fmt: skip
        until = time.time() + 30
        while time.time() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.2)
        raise AssertionError(f"{what} did not come up: {(self.folder / f'{what}.log').read_text()}")

    def kill(self, what: str, by: int = signal.SIGKILL) -> None:
        os.killpg(self.served[what].pid, by)
        self.served[what].wait(20)


@pytest.fixture(scope="module")
def yard(house, tmp_path_factory):
    made = Yard(house, tmp_path_factory.mktemp("secret"))
    staffed(house, "secret", {"operator": ("쉼터를 맡은 과", "public", ["주무관"])})
    house.do("open_process", recipe="secret-vote@2026-11-23", key="secret", name="쉼터 이름 짓기", parts={"operator": "secret-operator"})
    for name in ("hanna", "dusik", "sena", "namu"):
        house.do("person", email=f"{name}@secret.example.org", name=name)
    words = {"title": "쉼터의 이름", "problem": PROBLEM, "idea": "이름을 함께 정합니다.", "topic": "culture"}
    number = house.do("act", name="proposals.submit", on="secret", email="hanna@secret.example.org", given=words)
    fit = {"result": "fit", "reason": "이름을 붙일 수 있는 새 쉼터이고 비용이 들지 않습니다.", "estimate_krw": "0"}
    house.do("act", name="decisions.review", on=number, email=made.operator, given=fit)
    asked = {"question": QUESTION, "use": "가장 많이 고른 이름을 쉼터에 붙입니다."}
    asked |= {"answers": "\n".join(ANSWERS), "closes_on": house.do("today", plus=60)}
    made.ballot = house.do("act", name="decisions.open_ballot", on="secret", email=made.operator, given=asked)
    roll, letters, shares = (made.folder / name for name in ("roll.csv", "letters.csv", "shares.txt"))
    with roll.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["이름", "생년월일", "전화", "이메일", "구분"])
        rows.writerows([f"지어낸이{n}", "900101", f"010-0000-{n:04}", "", "all"] for n in range(6))
    made.madang(
        "sealed", "open", made.ballot, "--as", made.operator, "--roll", str(roll), "--letters", str(letters), "--shares", str(shares),
        "--batch", "2",
    )  # fmt: skip
    with letters.open(encoding="utf-8-sig") as file:
        made.letters = [row[-1] for row in list(csv.reader(file))[1:]]
    made.serve("box")
    made.serve("issuer")
    yield made
    for served in made.served.values():
        if served.poll() is None:
            os.killpg(served.pid, signal.SIGTERM)
            served.wait(20)


def tabs_to(page, what: str, most: int = 80) -> None:
    """Press Tab until what matches has the focus, as somebody without a mouse does."""
    for _ in range(most):
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {what}")


def answering(status: int, body: str):
    """A box that answers every cast like this."""
    return lambda route: route.fulfill(status=status, body=body, headers={"access-control-allow-origin": "*"})


def receipt(page) -> str:
    code = page.locator("#receipt-code")
    code.wait_for(state="visible")
    assert CODE.fullmatch(code.inner_text())
    return code.inner_text()


def test_a_voter_on_a_phone_votes_in_under_a_minute_with_the_keyboard_alone(yard, comes):
    walker = comes("hanna@secret.example.org", viewport=PHONE, has_touch=True)
    walker.goes(f"/ballots/{yard.ballot}/").sees(QUESTION, "서버를 운영하는 사람도 알 수 없습니다")
    walker.shot("secret-ballot-phone")
    page, asked = walker.page, []
    page.on("request", lambda request: asked.append(request))
    begun = time.monotonic()
    tabs_to(page, "a.btn[href$='/secret/']")
    page.keyboard.press("Enter")
    page.locator("#step-right").wait_for(state="visible")
    tabs_to(page, "#invitation")
    page.keyboard.type(yard.letters[0].lower())
    walker.shot("secret-right-phone")
    page.keyboard.press("Enter")
    page.locator("#step-mark").wait_for(state="visible")
    assert page.evaluate("document.activeElement.id") == "mark-title"  # the reader goes on where the step begins
    assert len(page.locator("#recovery-code").inner_text()) == 23
    walker.shot("secret-mark-phone")
    tabs_to(page, "#paper input[type=radio]")
    page.keyboard.press("Space")
    tabs_to(page, "#cast")
    page.keyboard.press("Enter")
    code = receipt(page)
    assert time.monotonic() - begun < 60
    walker.shot("secret-done-phone")
    casts = [request for request in asked if request.url.endswith("/cast")]
    assert len(casts) == 1
    sent = casts[0].all_headers()
    assert not {"cookie", "authorization", "referer"} & set(sent)
    assert len({len(request.post_data or "") for request in casts}) == 1
    tabs_to(page, "#board-link")
    page.keyboard.press("Enter")
    page.wait_for_url("**/board/**")
    page.get_by_text("아직 게시판에 오르지 않았습니다").wait_for()
    assert page.locator("#code").input_value() == code


def test_the_same_by_the_tree_a_screen_reader_reads(yard, comes):
    walker = comes("dusik@secret.example.org", viewport=PHONE)
    page = walker.goes(f"/ballots/{yard.ballot}/secret/").page
    page.get_by_role("heading", name="투표권 받기").wait_for()
    tree = page.locator("main").aria_snapshot()
    for line in ('heading "투표권 받기" [level=2]', 'textbox "초대 번호"', 'button "투표권 받기"', 'list "투표 순서"'):
        assert line in tree, tree
    assert f'heading "{QUESTION}" [level=1]' in tree
    page.get_by_role("textbox", name="초대 번호").first.fill(yard.letters[1][:-1] + ("2" if yard.letters[1][-1] != "2" else "3"))
    page.get_by_role("button", name="투표권 받기").click()
    page.get_by_role("alert").filter(has_text="초대 번호를 다시 확인해 주세요").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.get_by_role("textbox", name="초대 번호").first.fill(yard.letters[1])
    page.get_by_role("button", name="투표권 받기").click()
    page.get_by_role("heading", name="고르고 봉하기").wait_for()
    assert "투표권을 받았습니다" in page.get_by_role("status").first.inner_text()
    tree = page.locator("main").aria_snapshot()
    assert all(f'radio "{place} {answer}"' in tree for place, answer in enumerate(ANSWERS, start=1)), tree
    page.get_by_role("radio", name=ANSWERS[1]).check()
    page.get_by_role("button", name="봉해서 투표함에 넣기").dblclick()
    page.get_by_role("heading", name="투표함에 들어갔습니다").wait_for()
    first = receipt(page)
    page.get_by_role("button", name="다시 투표하기").click()
    page.get_by_role("radio", name=ANSWERS[0]).check()
    page.get_by_role("button", name="봉해서 투표함에 넣기").click()
    page.get_by_text("지금까지 2번 냈고").wait_for()
    assert receipt(page) != first
    yard.codes = [first, receipt(page)]


def test_a_box_killed_in_mid_vote_loses_nothing_and_a_lost_phone_goes_on_elsewhere(yard, comes):
    walker = comes("sena@secret.example.org", viewport=PHONE)
    page = walker.goes(f"/ballots/{yard.ballot}/secret/").page
    page.locator("#invitation").fill(yard.letters[2])
    page.locator("#right-form button").click()
    page.locator("#step-mark").wait_for(state="visible")
    recovery = page.locator("#recovery-code").inner_text()
    yard.kill("box")
    page.get_by_role("radio", name=ANSWERS[2]).check()
    page.locator("#cast").click()
    page.get_by_role("alert").filter(has_text="이 기기에 남아 있습니다").wait_for(timeout=30_000)
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    assert ANSWERS[2] not in kept and "marks" not in kept
    yard.serve("box")
    page.reload()
    code = receipt(page)  # what waited was sent again by itself
    page.reload()
    assert receipt(page) == code
    # another device, with the recovery code
    other = comes("sena@secret.example.org", viewport=PHONE)
    page = other.goes(f"/ballots/{yard.ballot}/secret/").page
    page.locator("#invitation").fill(yard.letters[2])
    page.locator("#right-form button").click()
    page.get_by_role("alert").filter(has_text="다른 기기에서 받으셨습니다").wait_for()
    other.shot("secret-elsewhere-phone")
    page.reload()
    page.locator("#step-right").wait_for(state="visible")
    assert page.locator("#go-on").is_hidden()  # nothing of the second wish was kept
    page.locator("#elsewhere summary").click()
    page.locator("#recovery-typed").fill(recovery.lower())
    page.locator("#invitation-again").fill(yard.letters[2])
    page.locator("#recover-form button").click()
    page.locator("#step-mark").wait_for(state="visible")
    page.get_by_role("radio", name=ANSWERS[0]).check()
    page.locator("#cast").click()
    assert receipt(page) != code
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#step-done [data-forget]").click()
    page.locator("#step-right").wait_for(state="visible")
    assert page.evaluate("async () => (await indexedDB.databases()).length") <= 1


def test_whatever_the_box_answers_is_said_kindly_and_a_false_receipt_is_none(yard, comes):
    walker = comes("namu@secret.example.org", viewport=PHONE)
    page = walker.goes(f"/ballots/{yard.ballot}/secret/").page
    page.locator("#invitation").fill(yard.letters[3])
    page.locator("#right-form button").click()
    page.locator("#step-mark").wait_for(state="visible")
    page.get_by_role("radio", name=ANSWERS[1]).check()
    false = {"code": "2222-2222-2222", "leaf": "A" * 43, "receipt": "A" * 86}
    answers = [
        (403, {"refused": "closed", "says": {"ko": "투표가 끝났습니다.", "en": "The poll is closed."}}, "투표가 끝났습니다", False),
        (403, {"refused": "bad-right", "says": {"ko": "투표권이 아닙니다.", "en": "No right."}}, "투표권이 아닙니다", False),
        (503, {"refused": "busy", "says": {"ko": "붐빕니다.", "en": "Busy."}}, "다시 보내기", True),
        (200, false, "투표함의 영수증이 맞지 않습니다", True),
        (502, None, "이 기기에 남아 있습니다", True),
    ]
    for status, said, words, waits in answers:
        page.route("**/cast", answering(status, json.dumps(said) if said else "<html>"))
        page.locator("#cast").click()
        page.get_by_role("alert").filter(has_text=words).wait_for()
        assert page.locator("#waiting").is_visible() is waits
        assert page.locator("#step-done").is_hidden()
        page.unroute("**/cast")
    walker.shot("secret-waiting-phone")
    page.context.set_offline(True)
    page.get_by_role("status").filter(has_text="인터넷이 끊겼습니다").wait_for()
    page.context.set_offline(False)
    page.locator("#resend").click()
    receipt(page)


def test_without_a_script_the_page_says_what_to_do_instead(yard, visitor):
    walker = visitor(viewport=PHONE, java_script_enabled=False)
    walker.goes(f"/ballots/{yard.ballot}/secret/").sees("자바스크립트가 꺼져 있으면", "투표소에서 종이로 투표해 주세요")
    walker.goes("/help/secret-vote/").sees("지켜지지 않는 것", "옆에서 시키거나")
    walker.shot("secret-help-phone")


def test_it_closes_opens_counts_and_anyone_audits_it_in_the_browser(yard, visitor, tmp_path):
    house = yard.house
    house.do("days", by=61)
    said = yard.madang("sealed", "close", yard.ballot, "--as", yard.operator, "--shares", str(yard.folder / "shares.txt"))
    assert "4표" in said
    walker = visitor(viewport=PHONE)
    walker.goes(f"/ballots/{yard.ballot}/").sees("느티나무", "확인하고 다시 세기").shot("secret-result-phone")
    walker.clicks("확인하고 다시 세기")
    page = walker.page
    page.get_by_label("내 영수증 번호").fill(yard.codes[1])
    page.get_by_role("button", name="공개된 파일 확인하기").click()
    page.get_by_text("모두 맞습니다. 발표한 결과는 이 표들에서 나온 결과입니다.").wait_for()
    walker.sees(f"영수증 {yard.codes[1]}", "‘1’로 세었습니다")
    walker.sees("표 6장의 투표권·서명·자리·봉인이 모두 맞습니다. 다시 투표하여 밀려난 표 2장")
    walker.shot("secret-audit-phone")
    english = visitor().goes(f"/en/ballots/{yard.ballot}/audit/")
    english.page.get_by_role("button", name="Check the published file").click()
    english.page.get_by_text("Everything holds.").wait_for()
    english.shot("secret-audit-english")
    # a receipt on the board, proved by the box's own tree; a made-up one is not there
    walker.goes(f"/ballots/{yard.ballot}/board/")
    page.get_by_label("영수증 번호").fill(yard.codes[0])
    page.get_by_role("button", name="찾아보기").click()
    page.get_by_text("그 증명이 맞습니다").wait_for()
    walker.shot("secret-board-phone")
    page.get_by_label("영수증 번호").fill("2222-2222-2222")
    page.get_by_role("button", name="찾아보기").click()
    page.get_by_text("게시판에 이 번호가 없습니다").wait_for()
    walker.goes(f"/ballots/{yard.ballot}/audit/")
    # the same file by the command; then with another result
    path = house.home / "polls" / f"secret-{yard.ballot}" / "poll.zip"
    yard.madang("audit", str(path), "--receipt", yard.codes[1])
    spoiled = tmp_path / "poll.zip"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(spoiled, "w") as out:
        for name in whole.namelist():
            raw = whole.read(name)
            out.writestr(name, raw.replace(b'"winners":[1]', b'"winners":[2]') if name == "result.json" else raw)
    page.get_by_label("내 영수증 번호").fill("")
    page.get_by_label("가지고 있는 파일로 확인하기").set_input_files(str(spoiled))
    page.get_by_text("다시 센 결과가 발표와 다릅니다").wait_for()
    walker.sees("맞지 않는 것을 찾았습니다").shot("secret-audit-bad-phone")
    done = subprocess.run([MADANG, "audit", str(spoiled)], env=house.env, capture_output=True, text=True, check=False)
    assert (done.returncode, "다시 센 결과가 발표와 다릅니다" in done.stdout) == (1, True)
