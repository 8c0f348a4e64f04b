"""Somebody at a browser: sees words, clicks words, fills labelled fields. Knows no address but the front door."""

import os
import re
import time
from pathlib import Path
from typing import Any


class Walker:
    """A person with one browser page."""

    def __init__(self, page: Any, house: Any) -> None:
        self.page, self.house = page, house
        self.broken: list[str] = []
        page.on("response", lambda answer: answer.status >= 500 and self.broken.append(f"{answer.status} {answer.url}"))

    def arrives(self) -> "Walker":
        """At the front door."""
        self.page.goto("/")
        return self

    def goes(self, address: str) -> "Walker":
        """To an address somebody gave them (a letter, a bookmark)."""
        self.page.goto(address)
        return self

    def clicks(self, words: str, within: str = "main", exact: bool = False, nth: int = 0) -> "Walker":
        """A link or a button with these words."""
        area = self.page.locator(within)
        found = area.get_by_role("link", name=words, exact=exact).or_(
            area.get_by_role("button", name=words, exact=exact)
        )
        found.nth(nth).click()
        self.page.wait_for_load_state("domcontentloaded")
        self.is_well()
        return self

    def menu(self, words: str) -> "Walker":
        return self.clicks(words, within="header")

    def writes(self, label: str, text: str) -> "Walker":
        """Into the field with this label."""
        self.page.get_by_label(re.compile(re.escape(label))).first.fill(text)
        return self

    def chooses(self, label: str, value: str) -> "Walker":
        self.page.get_by_label(re.compile(re.escape(label))).first.select_option(label=value)
        return self

    def marks(self, label: str) -> "Walker":
        """A box or a round button."""
        self.page.get_by_label(re.compile(re.escape(label))).first.check()
        return self

    def sends(self) -> "Walker":
        """The form's own button."""
        self.page.locator("main form.form button.btn").first.click()
        self.page.wait_for_load_state("domcontentloaded")
        self.is_well()
        return self

    def sees(self, *words: str) -> "Walker":
        for each in words:
            text = self.page.locator("body").inner_text()
            assert each in text, f"{each!r} is not on {self.page.url}:\n{text[:3000]}"
        return self

    def misses(self, *words: str) -> "Walker":
        text = self.page.locator("body").inner_text()
        for each in words:
            assert each not in text, f"{each!r} is on {self.page.url}"
        return self

    def is_well(self) -> None:
        assert not self.broken, self.broken

    def logs_in(self, email: str) -> "Walker":
        """By the code in the letter."""
        self.arrives().menu("로그인")
        return self.enters(email)

    def enters(self, email: str) -> "Walker":
        """From the login page on."""
        since = time.time()
        self.page.get_by_label(re.compile("이메일|메일")).first.fill(email)
        self.clicks("로그인 번호 받기")
        return self.types_code(self.house.code_for(email, since))

    def types_code(self, code: str) -> "Walker":
        self.page.locator("main form input[name=code]").fill(code)
        self.page.locator("main form button").first.click()
        self.page.wait_for_load_state("domcontentloaded")
        self.is_well()
        return self

    def shot(self, name: str) -> "Walker":
        """A picture of the whole page, when somebody wants to look (MADANG_SHOTS names a folder)."""
        if folder := os.environ.get("MADANG_SHOTS"):
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
        return self

    def desk(self) -> "Walker":
        """From the menu with one's name."""
        self.page.locator("header details.account summary").click()
        return self.menu("내 책상")

    def number(self) -> str:
        """The public number of the 의제 on the page."""
        found = re.search(r"/m/(\d{4}-\d+)/", self.page.url)
        assert found, self.page.url
        return found.group(1)

    def shows(self) -> str:
        return self.page.locator("main").inner_text()
