"""What a poll may lawfully know, as one JSON file: counts, sizes, and a roll of marks in place of names.

1. Every part is optional; what is absent is not looked at, and the report says so.
2. No name, number or address stands in the file: `mark` makes a keyed hash of the normalised text; the key stays with the city.
3. No ballot is joined to a person: casts are counts by day (by hour only for simple ballots), marks come without class or time.
4. What cannot be read is refused with its place in the file; nothing is skipped.
"""

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FORMAT = "madang-integrity@1"
KINDS = ("phone", "mail", "device", "address")
MOST = 2_000_000  # rows of one part
LARGEST = 256_000_000  # bytes of a file
OLDEST = 150
BATCH = 1_000_000  # papers of one batch
PARTS = ("format", "poll", "seed", "casts", "roll", "population", "accounts", "sharing", "marks", "booths")


class Refused(ValueError):
    """What stands at `place` cannot be read; said in Korean and English."""

    def __init__(self, place: str, korean: str, english: str) -> None:
        super().__init__(f"{place}: {korean} / {english}")
        self.place, self.korean, self.english = place, korean, english


@dataclass(frozen=True, slots=True)
class Cast:
    """Ballots of a class through a channel in a day, or in one hour of it (hour −1: the whole day)."""

    day: str
    hour: int
    group: str
    channel: str
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One registration, in the order of the roll; `marks`: kind → keyed hash. Sex "", age −1: not known."""

    day: str
    place: str
    sex: str
    age: int
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class People:
    """How many live in `place`, of one sex ("": both), aged `low` to `high`."""

    place: str
    sex: str
    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class Booth:
    """One batch of a booth: on its roll, handed out, counted, spoiled (−1: not known)."""

    booth: str
    batch: str
    rolled: int
    issued: int
    counted: int
    spoiled: int


@dataclass(frozen=True)
class Known:
    """The whole file. accounts: (day, place, count) · sharing: kind → {size of a group: groups} · marks: text → ballots."""

    poll: str
    seed: str
    digest: str
    casts: tuple[Cast, ...] = ()
    roll: tuple[Entry, ...] = ()
    population: tuple[People, ...] = ()
    accounts: tuple[tuple[str, str, int], ...] = ()
    sharing: Mapping[str, Mapping[int, int]] | None = None
    marks: Mapping[str, int] | None = None
    booths: tuple[Booth, ...] = ()


def normalised(kind: str, text: str) -> str:
    """The same phone, mail or address however it was written. Phones: digits, +82 as 0; mail: lower case, without "+tag"."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if kind == "phone":
        digits = re.sub(r"[^0-9+]", "", plain)
        return "0" + digits.removeprefix("+82").lstrip("0") if digits.startswith("+82") else digits.replace("+", "")
    if kind == "mail":
        name, at, host = plain.lower().rpartition("@")
        return name.split("+")[0] + at + host
    return re.sub(r"\s*([-,.()])\s*", r"\1", plain).lower()


def mark(key: bytes, kind: str, text: str) -> str:
    """What stands in the file for a phone, mail, device or address: HMAC-SHA-256 under a key of this poll, 32 hex digits."""
    return hmac.digest(key, f"{kind}\0{normalised(kind, text)}".encode(), "sha256").hex()[:32]


def read(path: Path) -> Known:
    """The file. Raises Refused where anything in it is not as `docs/methods/integrity.md` says; OSError."""
    if path.stat().st_size > LARGEST:
        raise Refused(path.name, "파일이 너무 큽니다", f"larger than {LARGEST:,} bytes")
    return parsed(path.read_bytes(), path.name)


def parsed(raw: bytes, name: str = "input") -> Known:
    """The same from bytes. The digest is sha256 of these bytes."""
    try:
        given = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError as fault:
        raise Refused(f"{name}:{fault.start}", "UTF-8이 아닙니다", "not UTF-8") from fault
    except json.JSONDecodeError as fault:
        raise Refused(f"{name}:{fault.lineno}:{fault.colno}", "JSON이 아닙니다", "not JSON") from fault
    except RecursionError as fault:
        raise Refused(name, "너무 깊습니다", "nested too deeply") from fault
    row = Row(given, name)
    if row.text("format") != FORMAT:
        raise Refused(f"{name}: format", f"{FORMAT}이 아닙니다", f"not {FORMAT}")
    if unknown := sorted(set(given) - set(PARTS)):
        raise Refused(f"{name}: {unknown[0][:40]}", "모르는 부분입니다", "an unknown part")
    digest = hashlib.sha256(raw).hexdigest()
    return Known(
        row.text("poll"),
        row.text("seed"),
        digest,
        tuple(_cast(one) for one in row.rows("casts")),
        tuple(_entry(one) for one in row.rows("roll")),
        tuple(_people(one) for one in row.rows("population")),
        tuple((one.day("day"), one.text("place", ""), one.number("count")) for one in row.rows("accounts")),
        _sharing(row),
        _marks(row),
        tuple(_booth(one) for one in row.rows("booths")),
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number]))
        raise Refused(f"{twice[:40]!r}", "같은 이름이 두 번 있습니다", "a name twice in one object")
    return found


def _no_number(text: str) -> float:
    raise Refused(text, "수가 아닙니다", "not a number")


class Row:
    """One object of the file, with its place."""

    def __init__(self, given: Any, place: str) -> None:
        if not isinstance(given, dict):
            raise Refused(place, "객체가 아닙니다", "not an object")
        self.given, self.place = given, place

    def rows(self, name: str) -> list["Row"]:
        listed = self.given.get(name, [])
        if not isinstance(listed, list) or len(listed) > MOST:
            raise Refused(f"{self.place}: {name}", "목록이 아니거나 너무 깁니다", "no list, or too long")
        return [Row(one, f"{self.place}: {name}[{number}]") for number, one in enumerate(listed)]

    def text(self, name: str, absent: str | None = None) -> str:
        value = self.given.get(name, absent)
        if not isinstance(value, str) or len(value) > 20_000 or (absent is None and not value):
            raise Refused(f"{self.place}.{name}", "글이 아닙니다", "not a text")
        return value

    def number(self, name: str, absent: int | None = None) -> int:
        value = self.given.get(name, absent)
        if isinstance(value, bool) or not isinstance(value, int) or (value < 0 and value != absent) or value > 10**9:
            raise Refused(f"{self.place}.{name}", "0 이상의 정수가 아닙니다", "not a whole number of 0 or more")
        return value

    def day(self, name: str) -> str:
        value = self.text(name)
        try:
            if date.fromisoformat(value).isoformat() == value:
                return value
        except ValueError:
            pass
        raise Refused(f"{self.place}.{name}", "날짜(YYYY-MM-DD)가 아닙니다", "not a date")


def _cast(row: Row) -> Cast:
    hour = row.number("hour", -1)
    if hour > 23:
        raise Refused(f"{row.place}.hour", "0~23이 아닙니다", "not an hour")
    return Cast(row.day("day"), hour, row.text("class"), row.text("channel"), row.number("count"))


def _entry(row: Row) -> Entry:
    marks = {kind: row.text(kind) for kind in KINDS if row.given.get(kind)}
    age = row.number("age", -1)
    if age > OLDEST:
        raise Refused(f"{row.place}.age", "나이가 아닙니다", "no age")
    return Entry(row.day("day"), row.text("place", ""), row.text("sex", ""), age, marks)


def _people(row: Row) -> People:
    low, high = row.number("low"), row.number("high")
    if high < low or high > OLDEST:
        raise Refused(f"{row.place}.high", "나이 구간이 아닙니다", "no band of ages")
    return People(row.text("place"), row.text("sex", ""), low, high, row.number("people"))


def _sharing(row: Row) -> Mapping[str, Mapping[int, int]] | None:
    if "sharing" not in row.given:
        return None
    inside = Row(row.given["sharing"], f"{row.place}: sharing")
    found = {}
    for kind, sizes in inside.given.items():
        if kind not in KINDS:
            raise Refused(f"{inside.place}.{kind[:40]}", "모르는 종류입니다", f"one of {', '.join(KINDS)}")
        listed = Row(sizes, f"{inside.place}.{kind}")
        if wrong := [
            size
            for size in listed.given
            if not size.isascii() or not size.isdecimal() or not 0 < int(size[:12]) <= 10**7
        ]:
            raise Refused(f"{listed.place}.{wrong[0][:20]}", "크기가 아닙니다", "not a size")
        found[kind] = {int(size): listed.number(size) for size in listed.given}
    return found


def _marks(row: Row) -> Mapping[str, int] | None:
    if "marks" not in row.given:
        return None
    found: dict[str, int] = {}
    for one in row.rows("marks"):
        text = one.text("marks", "")
        found[text] = found.get(text, 0) + one.number("count")
    return found


def _booth(row: Row) -> Booth:
    rolled, issued, spoiled = (row.number(name, -1) for name in ("rolled", "issued", "spoiled"))
    booth = Booth(row.text("booth"), row.text("batch"), rolled, issued, row.number("counted"), spoiled)
    if max(rolled, issued, booth.counted, spoiled) > BATCH:
        raise Refused(row.place, "묶음이 너무 큽니다", f"more than {BATCH:,} in a batch")
    return booth
