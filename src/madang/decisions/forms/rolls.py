"""What may come in about who may vote: a roll of one ballot, and the three facts somebody is found on it by.

1. A roll is refused whole, with the line and the reason; what is kept of a line are keyed hashes, class, sex, decade of age.
2. The same facts, written differently (spaces, hyphens, capitals, +82), are the same person.
"""

import csv
import hashlib
import hmac
import io
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine
from madang.people.adapters import proof
from madang.settings import own_secret

HEADS = (
    ["이름", "생년월일", "연락처", "선거인", "성별", "출생연도"],
    ["name", "born", "contact", "class", "sex", "year"],
)
MOST_LINES, MOST_BYTES, LONGEST_CELL = 500_000, 64_000_000, 120
SEXES = {"": "", "여": "f", "여성": "f", "f": "f", "남": "m", "남성": "m", "m": "m"}


def contact_of(text: str) -> str:
    """A phone number as its digits (+82 10 is 010), an e-mail address in small letters; ValueError for neither."""
    text = "".join(text.split()).casefold()
    if re.fullmatch(r"[^@,;<>]+@[^@,;<>]+\.[a-z0-9-]+", text):
        return text
    digits = re.sub(r"[-.()]", "", text)
    digits = re.sub(r"^\+?820?", "0", digits)
    if not re.fullmatch(r"0[0-9]{8,10}", digits):
        raise ValueError("contact")
    return digits


def born_of(text: str) -> str:
    """Six digits of a birthday that could be one; ValueError otherwise."""
    if not re.fullmatch(r"[0-9]{6}", text):
        raise ValueError("born")
    date(2000, int(text[2:4]), int(text[4:6]))
    return text


def voter_hash(name: str, born: str, contact: str) -> str:
    """What a line of a roll is found by: the house's keyed hash of the three facts (people.adapters)."""
    return proof(name, born, contact)


def desk_key(ballot: int) -> str:
    """The ballot's own key for desks that carry a copy of the roll, in hexadecimal digits."""
    return hmac.new(own_secret("roll.key").encode(), f"desk\x1f{ballot}".encode(), hashlib.sha256).hexdigest()


def desk_hash(key: str, name: str, born: str, contact: str) -> str:
    """The same three facts under a desk's key; the desk's page in the browser makes it the same way."""
    text = "\x1f".join(["".join(unicodedata.normalize("NFKC", name).split()).casefold(), born, contact])
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()


class FoundForm(Form):
    """Three facts by which a roll knows somebody. Kept nowhere: neither as a draft nor in a message."""

    secret = True

    name = PlainLine(label=_("이름"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    born = forms.CharField(
        label=_("생년월일 여섯 자리"), max_length=6, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )
    contact = forms.CharField(
        label=_("휴대전화 번호나 이메일"), max_length=LONGEST_CELL, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_born(self) -> str:
        try:
            return born_of(self.cleaned_data["born"].strip())
        except ValueError:
            raise ValidationError(_("생년월일은 580314처럼 숫자 여섯 자리입니다."), "born") from None

    def clean_contact(self) -> str:
        try:
            return contact_of(self.cleaned_data["contact"])
        except ValueError:
            raise ValidationError(_("전화번호나 이메일 주소가 아닙니다."), "contact") from None


class LoadRollForm(Form):
    file = forms.FileField(
        label=_("선거인명부 파일(CSV)"),
        help_text=_(
            "첫 줄: 이름,생년월일,연락처,선거인,성별,출생연도. 뒤의 세 칸은 비워 둘 수 있습니다. "
            "한 줄이라도 어긋나면 전체를 받지 않습니다. 이름과 연락처는 저장하지 않고 열쇠로 만든 지문만 남깁니다."
        ),
    )

    def clean_file(self) -> list[dict[str, Any]]:
        """The lines of the roll, or the refusal of the whole file."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise ValidationError(_("파일이 너무 큽니다."), "roll")
        ballot = self.on
        return read_electors(sent.read(), ballot.pk, ballot.rule, localtime(ballot.opens_at).date())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["lines"] = cleaned.pop("file", [])
        return cleaned


def classes_of(rule: Mapping[str, Any]) -> set[str]:
    """The classes of voters a rule knows: by weight, or by sheet; empty where there is only one."""
    return {*rule.get("weights", ()), *(key for sheet in rule.get("sheets", ()) for key in sheet.get("classes", ()))}


def read_electors(raw: bytes, ballot: int, rule: Mapping[str, Any], on: date) -> list[dict[str, Any]]:
    """The lines of a roll in CSV (UTF-8 or CP949) as keyed hashes with class, sex and decade of age on the day `on`.

    Raises ValidationError with line and reason: for the first bad line, and the whole file is refused.
    """
    key, known = desk_key(ballot), classes_of(rule)
    found: dict[str, int] = {}
    lines: list[dict[str, Any]] = []
    rows = csv.reader(io.StringIO(_text(raw), newline=""), strict=True)
    try:
        for row in rows:
            number, cells = rows.line_num, [cell.strip() for cell in row]
            if not lines and not found and number == 1:
                if cells not in HEADS:
                    raise _refuse(1, said("첫 줄은 '이름,생년월일,연락처,선거인,성별,출생연도'여야 합니다."))
                continue
            if number > MOST_LINES:
                raise _refuse(number, said("한 파일은 50만 줄까지입니다."))
            line = _elector(number, cells, known, rule.get("least_age"), on, key)
            if line["voter"] in found:
                raise _refuse(number, said("%(n)d번째 줄과 같은 사람입니다.") % {"n": found[line["voter"]]})
            found[line["voter"]] = number
            lines.append(line)
    except csv.Error as fault:
        raise _refuse(rows.line_num, str(fault)) from None
    if not lines:
        raise _refuse(1, said("사람이 한 명도 없습니다."))
    return lines


def _text(raw: bytes) -> str:
    for code in ("utf-8-sig", "cp949"):
        try:
            text = raw.decode(code)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise _refuse(1, said("CSV가 아닌 파일입니다. UTF-8이나 CP949로 저장해 주세요."))


def _elector(number: int, cells: list[str], known: set[str], least_age: int | None, on: date, key: str) -> dict[str, Any]:
    if len(cells) != len(HEADS[0]):
        raise _refuse(number, said("칸이 여섯이어야 합니다."))
    name, born, contact, group, sex, year = cells
    if any(len(cell) > LONGEST_CELL or not cell.isprintable() for cell in cells):
        raise _refuse(number, said("너무 길거나 글자가 아닌 것이 들어 있습니다."))
    if not name or name[0] in "=+-@":
        raise _refuse(number, said("이름이 비었거나 수식 기호로 시작합니다."))
    try:
        born_of(born)
    except ValueError:
        raise _refuse(number, said("생년월일은 있는 날짜의 숫자 여섯 자리여야 합니다.")) from None
    try:
        contact = contact_of(contact)
    except ValueError:
        raise _refuse(number, said("연락처가 전화번호나 이메일 주소가 아닙니다.")) from None
    if group not in known and (group or known):
        raise _refuse(number, said("이 투표에 없는 선거인 구분입니다."))
    if sex.casefold() not in SEXES:
        raise _refuse(number, said("성별은 여, 남, 또는 빈칸입니다."))
    age = _age(number, born, year, on)
    if least_age and (age is None or age < least_age):
        raise _refuse(number, said("만 %(n)d세가 되지 않았거나 출생연도가 없습니다.") % {"n": least_age})
    return {
        "voter": voter_hash(name, born, contact),
        "desk": desk_hash(key, name, born, contact),
        "voter_class": group,
        "sex": SEXES[sex.casefold()],
        "band": None if age is None else min(age // 10 * 10, 90),
    }


def _age(number: int, born: str, year: str, on: date) -> int | None:
    """Full years of age on the day; None where the roll does not say the year."""
    if not year:
        return None
    if not re.fullmatch(r"(19|20)[0-9]{2}", year) or year[2:] != born[:2] or int(year) > on.year:
        raise _refuse(number, said("출생연도가 생년월일과 맞지 않습니다."))
    return on.year - int(year) - ((on.month, on.day) < (int(born[2:4]), int(born[4:6])))


def _refuse(line: int, why: str) -> ValidationError:
    return ValidationError(_("%(line)d번째 줄: %(why)s"), "roll", {"line": line, "why": why})
