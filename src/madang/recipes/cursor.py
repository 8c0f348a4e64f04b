"""A finger on one value of a TOML file: it knows its line and says in words what it expected there.

1. Every read either answers with the right type or notes a fault and answers with an empty value; it never raises.
2. Dates may be TOML dates or ISO text: frozen recipes are JSON, which has no dates.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path as File
from typing import Any, NoReturn, TypeVar

from madang.recipes.faults import Fault, RecipeError, fault
from madang.recipes.institution import Text
from madang.recipes.lines import Lines, Path

T = TypeVar("T")
LIMIT = 256 * 1024
MANY = 24
KEY_FORM = re.compile(r"[a-z][a-z0-9_-]*")
HANGUL = re.compile(r"[가-힣]")
AT_LINE = re.compile(r"at line (\d+)")


@dataclass
class Page:
    """One file being read, and what was found wrong in it; lines are looked for only when something is wrong."""

    origin: str
    text: str
    faults: list[Fault] = field(default_factory=list)
    lines: Lines | None = None

    def note(self, path: Path, code: str, **detail: object) -> None:
        """Add a fault at the line of `path`."""
        self.lines = self.lines or Lines(self.text)
        self.faults.append(fault(self.origin, self.lines.of(path), code, **detail))

    def stop_if_faulty(self) -> None:
        """Refuse the file when anything was wrong; every fault once, in the order of the lines."""
        if self.faults:
            raise RecipeError(tuple(sorted(set(self.faults))))


@dataclass(frozen=True)
class At:
    """A value and where it stands."""

    page: Page
    path: Path
    value: Any

    @property
    def label(self) -> str:
        """The nearest key, as the reader of the file would call it."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "파일")

    def note(self, code: str, **detail: object) -> None:
        """Note a fault here."""
        self.page.note(self.path, code, **detail)

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, At]:
        """The keys of a table; unknown and missing ones are faults."""
        allowed = [*required, *optional]
        table = self.table()
        for key in table:
            if key not in allowed:
                at = At(self.page, (*self.path, key), None)
                at.note("unknown-key", key=key, allowed=", ".join(allowed), **hints(key, allowed))
        for key in required:
            if key not in table:
                self.note("missing-key", key=key, allowed=", ".join(required))
        return {key: At(self.page, (*self.path, key), table[key]) for key in allowed if key in table}

    def table(self) -> Mapping[str, Any]:
        """A TOML table."""
        if isinstance(self.value, dict):
            return self.value
        self._wrong("표({ } 또는 [ ])를", "a table")
        return {}

    def members(self) -> Iterator[tuple[str, At]]:
        """The entries of a table whose keys the file chooses."""
        for key, value in self.table().items():
            yield key, At(self.page, (*self.path, key), value)

    def each(self) -> Iterator[At]:
        """The entries of a list."""
        if not isinstance(self.value, list):
            self._wrong("목록([ ])을", "a list")
            return
        for position, value in enumerate(self.value):
            yield At(self.page, (*self.path, position), value)

    def text(self) -> str:
        """Text with something in it."""
        if not isinstance(self.value, str):
            self._wrong("따옴표로 묶은 글을", "text in quotes")
            return ""
        if not self.value.strip():
            self.note("empty", key=self.label)
        return self.value

    def key(self) -> str:
        """A name made of a-z, 0-9, "-" and "_"."""
        word = self.text()
        if word and not KEY_FORM.fullmatch(word):
            self.note("bad-key-form", word=word)
        return word

    def flag(self) -> bool:
        """true or false."""
        if isinstance(self.value, bool):
            return self.value
        self._wrong("true 또는 false를", "true or false")
        return False

    def number(self) -> int:
        """A whole number, 0 or more."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self._wrong("정수를", "a whole number")
            return 0
        if self.value < 0:
            self.note("negative", key=self.label)
        return self.value

    def day(self) -> date:
        """A date."""
        if isinstance(self.value, date) and not isinstance(self.value, datetime):
            return self.value
        if isinstance(self.value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", self.value):
            try:
                return date.fromisoformat(self.value)
            except ValueError:
                pass  # the 31st of June: the same sentence as any other non-date
        self._wrong("날짜(2019-03-26 꼴)를", "a date like 2019-03-26")
        return date.min

    def choice(self, allowed: Collection[str], what: str, what_en: str) -> str:
        """One word of a closed list."""
        word = self.text()
        if word and word not in allowed:
            self.unknown(word, allowed, what, what_en)
        return word

    def words(self) -> tuple[str, ...]:
        """A list of words, each once."""
        words = [at.text() for at in self.each()]
        for word in {word for word in words if words.count(word) > 1}:
            self.note("twice", word=word)
        return tuple(words)

    def chosen(self, allowed: Collection[str], what: str, what_en: str) -> tuple[str, ...]:
        """A list of words, each from a closed list."""
        for at in self.each():
            if isinstance(at.value, str) and at.value not in allowed:
                at.unknown(at.value, allowed, what, what_en)
        return self.words()

    def both(self) -> Text:
        """The same words in Korean and English."""
        parts = self.fields(("ko", "en"))
        ko = parts["ko"].text() if "ko" in parts else ""
        en = parts["en"].text() if "en" in parts else ""
        if ko and not HANGUL.search(ko):
            parts["ko"].note("no-hangul", key=self.label)
        if en and HANGUL.search(en):
            parts["en"].note("not-english", key=self.label)
        return Text(ko, en)

    def unknown(self, word: str, allowed: Collection[str], what: str, what_en: str) -> None:
        """Note a word that is not in the closed list."""
        names = sorted(set(allowed))
        self.note(
            "unknown-word",
            what=what,
            what_en=what_en,
            word=word,
            allowed=offered(word, names),
            **hints(word, names),
        )

    def _wrong(self, wanted: str, wanted_en: str) -> None:
        self.note("wrong-type", key=self.label, wanted=wanted, wanted_en=wanted_en)


def get(fields: Mapping[str, At], key: str, read: Callable[[At], T], default: T) -> T:
    return read(fields[key]) if key in fields else default


def choice(
    fields: Mapping[str, At], key: str, allowed: Collection[str], what: str, what_en: str, default: str = ""
) -> str:
    return fields[key].choice(allowed, what, what_en) if key in fields else default


def offered(word: str, names: list[str]) -> str:
    """The allowed words, or those nearest to `word` when there are too many to read."""
    if len(names) <= MANY:
        return ", ".join(names) or "(없음)"
    room = word.split(".", 1)[0] + "."
    near = [name for name in names if name.startswith(room)] or difflib.get_close_matches(word, names, MANY, 0.3)
    return ", ".join([*near[:MANY], f"… (모두 {len(names)})"])


def hints(word: str, allowed: Collection[str]) -> dict[str, str]:
    """ "Did you mean …?" in both languages, or nothing."""
    close = difflib.get_close_matches(word, list(allowed), n=1)
    return {"hint": f" 혹시 '{close[0]}'?" if close else "", "hint_en": f" Did you mean '{close[0]}'?" if close else ""}


def open_page(content: bytes, origin: str) -> At:
    """Parse one TOML file; RecipeError with the line when it is not UTF-8, too long or not TOML."""
    if len(content) > LIMIT:
        _refuse(origin, 1, "too-long", size=len(content), limit=LIMIT)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(origin, content[: error.start].count(b"\n") + 1, "not-utf8")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = AT_LINE.search(str(error))
        _refuse(origin, int(found[1]) if found else text.count("\n") + 1, "not-toml", detail=error)
    except (RecursionError, ValueError) as error:  # brackets nested without end; a number of 5,000 digits
        _refuse(origin, 1, "not-toml", detail=error)
    return At(Page(origin, text), (), table)


def read_bytes(file: File, origin: str) -> bytes:
    """The bytes of a file; RecipeError when there is none."""
    try:
        return file.read_bytes()
    except OSError:
        _refuse(origin, 1, "not-found")


def _refuse(origin: str, line: int, code: str, **detail: object) -> NoReturn:
    raise RecipeError((fault(origin, line, code, **detail),))
