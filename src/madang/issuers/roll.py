"""Reading a roll: a CSV of voters becomes keyed hashes and classes; the plain file is never kept.

1. A roll is taken whole or refused whole, with every bad row and its reason (the first hundred).
2. A voter stands on it once: same name, birth and contact (telephone or e-mail) is the same voter. One telephone for two
   names is allowed (families share one); that is looked at in the open elsewhere, not refused here.
3. Never a bare hash: names and births can be tried out, so everything is HMAC-SHA-256 under a key kept outside the database.
4. Letters, telephones and e-mails are brought to one form first (NFKC, digits, +82 as 0), so that no spelling votes twice.

Columns, in any order: 이름 name · 생년월일 birth (YYMMDD or YYYYMMDD) · 전화 phone · 이메일 email · 구분 class.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from madang.methods.korean.textfile import BadFile, Record, records

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("이름", "성명", "name"),
    "birth": ("생년월일", "birth"),
    "phone": ("전화", "전화번호", "휴대전화", "phone"),
    "email": ("이메일", "email", "e-mail"),
    "class": ("구분", "장소", "class", "place"),
}
ROWS_MOST = 12_000_000  # more than Seoul has people
FIELD_MOST = 200  # characters
FAULTS_MOST = 100
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"0\d{8,10}")


@dataclass(frozen=True, slots=True)
class RollFault:
    """One reason a roll was refused: the line of the file, the column, what is wrong (Korean / English)."""

    line: int
    column: str
    says: str

    def __str__(self) -> str:
        return f"{self.line}행 {self.column}: {self.says}"


class RollRefused(Exception):
    """The whole roll was refused; `faults` says why, row by row."""

    def __init__(self, faults: list[RollFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class RollLine:
    """One voter. All but the class are keyed hashes of 32 bytes (empty where the roll has none); `plain` is for letters alone.

    `voter` is name, birth and telephone (or e-mail where there is none); `known_by` the same with each contact.
    """

    voter: bytes
    known_by: tuple[bytes, ...]
    phone: bytes
    email: bytes
    voter_class: str
    plain: Mapping[str, str] = field(repr=False)


def read_roll(path: Path, key: bytes, classes: Collection[str]) -> list[RollLine]:
    """Read a roll. Raises RollRefused, also for a file that is no CSV, has no such columns, or no voter.

    `classes` are the keys a row may name; where there is only one, the column may be absent.
    """
    faults: list[RollFault] = []
    found: list[RollLine] = []
    seen: dict[bytes, int] = {}
    try:
        for record, row in _rows(path, len(classes) == 1):
            wrong = list(_wrong(row, classes))
            if wrong:
                faults += [RollFault(record.line, column, says) for column, says in wrong]
            else:
                line = _line(row, key, next(iter(classes)))
                before = min(seen.setdefault(one, record.line) for one in line.known_by)
                if before != record.line:
                    says = f"{before}행에 이미 있는 사람입니다 / the voter of line {before} again"
                    faults.append(RollFault(record.line, "name", says))
                found.append(line)
            if len(faults) >= FAULTS_MOST or len(found) > ROWS_MOST:
                break
    except BadFile as fault:
        raise RollRefused([RollFault(fault.line, "-", f"{fault.korean} / {fault.english}")]) from None
    if len(found) > ROWS_MOST:
        faults.append(RollFault(0, "-", f"{ROWS_MOST:,}명까지 받습니다 / at most {ROWS_MOST:,} voters"))
    if not found and not faults:
        faults.append(RollFault(0, "-", "명부에 아무도 없습니다 / nobody is on the roll"))
    if faults:
        raise RollRefused(faults[:FAULTS_MOST])
    return found


def voter_hash(key: bytes, name: str, birth: str, contact: str) -> bytes:
    """The keyed hash a voter is known by: name, birth (6 digits) and contact, each brought to its one form first."""
    return keyed(key, "voter", plain_name(name), plain_birth(birth), contact)


def keyed(key: bytes, what: str, *parts: str) -> bytes:
    """HMAC-SHA-256 of parts, each with its length: no two lists of parts have one text. Raises ValueError for a key under 16 bytes."""
    if len(key) < 16:
        raise ValueError("a roll's key needs at least 16 bytes")
    text = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in (what, *parts))
    return hmac.digest(key, b"madang-roll@1\0" + text, "sha256")


def plain_name(text: str) -> str:
    """NFKC, without spaces, small letters."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def plain_birth(text: str) -> str:
    """Six digits YYMMDD of a real day; empty for anything else. Eight digits and separators are read too."""
    digits = re.sub(r"[\s.\-/]", "", unicodedata.normalize("NFKC", text))
    if not digits.isascii() or not digits.isdecimal() or len(digits) not in (6, 8):
        return ""
    years = (int(digits[:4]),) if len(digits) == 8 else (1900 + int(digits[:2]), 2000 + int(digits[:2]))
    month, day = int(digits[-4:-2]), int(digits[-2:])
    return digits[-6:] if any(_is_day(year, month, day) for year in years) else ""


def plain_phone(text: str) -> str:
    """Digits beginning with 0; empty for what is no Korean number."""
    digits = re.sub(r"[\s.\-()]", "", unicodedata.normalize("NFKC", text))
    digits = "0" + digits[3:] if digits.startswith("+82") else digits
    digits = digits.replace("00", "0", 1) if digits.startswith("00") else digits
    return digits if _PHONE.fullmatch(digits) else ""


def plain_email(text: str) -> str:
    """NFKC and small letters; empty for what is no address."""
    address = unicodedata.normalize("NFKC", text).strip().casefold()
    return address if _EMAIL.fullmatch(address) else ""


def _rows(path: Path, one_class: bool) -> Iterator[tuple[Record, dict[str, str]]]:
    """Each row with its fields by column. Raises RollRefused for a heading one cannot vote by."""
    places: dict[str, int] = {}
    width = 0
    for record in records(path):
        if not places:
            places, width = _heading(record, one_class), len(record.fields)
            continue
        if len(record.fields) != width:
            says = f"칸이 {len(record.fields)}개입니다. {width}개여야 합니다 / {len(record.fields)} fields, not {width}"
            raise RollRefused([RollFault(record.line, "-", says)])
        yield record, {name: record.fields[place].strip() for name, place in places.items()}


def _heading(record: Record, one_class: bool) -> dict[str, int]:
    names = [plain_name(text) for text in record.fields]
    places = {
        column: place for column, known in COLUMNS.items() for place, name in enumerate(names) if name in map(plain_name, known)
    }
    twice = [name for name in names if name and names.count(name) > 1]
    lacks = [name for name in ("name", "birth") if name not in places]
    lacks += [] if places.keys() & {"phone", "email"} else ["phone/email"]
    lacks += [] if one_class or "class" in places else ["class"]
    if lacks or twice:
        says = f"첫 줄에 칸 이름이 필요합니다 / columns missing or twice: {', '.join(lacks + twice)[:200]}"
        raise RollRefused([RollFault(record.line, "-", says)])
    return places


def _wrong(row: Mapping[str, str], classes: Collection[str]) -> Iterator[tuple[str, str]]:
    checks: dict[str, tuple[Callable[[str], object], str]] = {
        "name": (plain_name, "이름이 비었습니다 / no name"),
        "birth": (plain_birth, "생년월일이 아닙니다 / no date of birth"),
        "phone": (lambda text: not text or plain_phone(text), "전화번호가 아닙니다 / no telephone number"),
        "email": (lambda text: not text or plain_email(text), "이메일이 아닙니다 / no e-mail address"),
        "class": (lambda text: text in classes, "이 투표에 없는 구분입니다 / no class of this poll"),
    }
    for column, text in row.items():
        fits, says = checks[column]
        if len(text) > FIELD_MOST or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
            yield column, "너무 길거나 읽을 수 없는 글자가 있습니다 / too long, or with control characters"
        elif not fits(text):
            yield column, says
    if not row.get("phone") and not row.get("email"):
        yield "phone/email", "전화나 이메일이 하나는 있어야 합니다 / a telephone or an e-mail is needed"


def _line(row: Mapping[str, str], key: bytes, only: str) -> RollLine:
    phone, email = plain_phone(row.get("phone", "")), plain_email(row.get("email", ""))
    known_by = tuple(voter_hash(key, row["name"], row["birth"], contact) for contact in (phone, email) if contact)
    return RollLine(
        known_by[0],
        known_by,
        keyed(key, "phone", phone) if phone else b"",
        keyed(key, "email", email) if email else b"",
        row.get("class", only),
        row,
    )


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
