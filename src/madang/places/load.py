"""Places from a CSV: read whole or refused whole, with the line and the reason.

1. Nothing is stored unless every line is right; the first MAX_ERRORS wrong lines are named.
2. A parent is named by its code, and is alive on the child's first day; a child does not outlive it.
3. Loading the same file again changes nothing. A known place may only end, or get its population or English name.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madang.methods.korean import place_name
from madang.places.models import Level, Membership, Place

SEOUL = Path(__file__).with_name("seoul.csv")
REQUIRED = ("code", "name", "level", "parent", "valid_from")
OPTIONAL = ("name_en", "official_name", "scheme", "members", "valid_to", "population")
MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_ERRORS = 20
PARENTS = {"city": (), "region": ("city",), "gu": ("city",), "dong": ("gu", "city")}

REASONS = {
    "too-large": _("파일이 너무 큽니다 (5 MB, 20,000줄까지)."),
    "encoding": _("글자 부호를 읽을 수 없습니다. UTF-8 또는 CP949(엑셀) CSV로 저장해 주세요."),
    "empty": _("장소가 한 줄도 없습니다."),
    "columns": _("첫 줄의 열 이름이 다릅니다: %(value)s"),
    "cells": _("칸의 수가 첫 줄과 다릅니다."),
    "formula": _("수식으로 시작하는 칸은 받지 않습니다: %(value)s"),
    "code": _("코드는 영문·숫자·붙임표 40자까지입니다: %(value)s"),
    "name": _("이름은 글자·숫자·가운뎃점 60자까지입니다: %(value)s"),
    "level": _("단위는 city, region, gu, dong 가운데 하나입니다: %(value)s"),
    "date": _("날짜를 읽을 수 없습니다 (2018-12-31 또는 20181231): %(value)s"),
    "ends-before": _("종료일이 시작일보다 늦지 않습니다: %(value)s"),
    "population": _("인구는 0 이상의 정수입니다: %(value)s"),
    "scheme": _("권역(region)에는 scheme과 members가 있어야 하고, 다른 단위에는 없어야 합니다."),
    "duplicate": _("같은 코드와 시작일이 %(value)s째 줄에 이미 있습니다."),
    "overlap": _("같은 코드의 기간이 겹칩니다: %(value)s"),
    "parent": _("상위 장소를 그 시작일에서 찾을 수 없습니다: %(value)s"),
    "outlives": _("상위 장소가 끝난 뒤에도 남아 있습니다: %(value)s"),
    "member": _("권역에 든 자치구를 그 시작일에서 찾을 수 없습니다: %(value)s"),
    "differs": _("이미 있는 장소와 다릅니다 (이름·단위·상위·종료일은 바꿀 수 없습니다): %(value)s"),
}


@dataclass(frozen=True)
class Wrong:
    """What is wrong on a line of the file (1 is the heading, 0 the file as a whole)."""

    line: int
    code: str
    value: str = ""

    def words(self) -> str:
        """The reason in the reader's language."""
        return str(REASONS[self.code]) % {"value": self.value[:60]}


class BadFile(ValueError):
    """The file was refused whole; `wrongs` says where and why."""

    def __init__(self, wrongs: list[Wrong]) -> None:
        super().__init__("; ".join(f"line {wrong.line}: {wrong.code} {wrong.value[:60]}" for wrong in wrongs))
        self.wrongs = wrongs


@dataclass(frozen=True)
class Row:
    """One place as the file gives it."""

    line: int
    code: str
    name: str
    name_en: str
    official_name: str
    level: str
    parent: str
    scheme: str
    members: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    population: int | None


@dataclass(frozen=True)
class Loaded:
    """What a load did."""

    added: list[Place] = field(default_factory=list)
    changed: list[Place] = field(default_factory=list)


def load_csv(source: Path | str | bytes | IO[bytes]) -> Loaded:
    """Load places from a CSV file (a path, its bytes, or an open binary file), in one transaction.

    Columns REQUIRED and any of OPTIONAL, in any order, UTF-8 (with or without BOM) or CP949. Raises BadFile.
    """
    return store(read(_bytes(source)))


def read(content: bytes) -> list[Row]:
    """The rows of a file, each right by itself. Raises BadFile."""
    if len(content) > MAX_BYTES:
        raise BadFile([Wrong(0, "too-large")])
    lines = csv.reader(io.StringIO(_decoded(content), newline=""))
    heading = [cell.strip() for cell in next(lines, [])]
    strange = [name for name in heading if name not in REQUIRED + OPTIONAL] or [n for n in REQUIRED if n not in heading]
    if strange or len(set(heading)) < len(heading):
        raise BadFile([Wrong(1, "columns", ", ".join(strange or heading))])
    rows: list[Row] = []
    wrongs: list[Wrong] = []
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        line = lines.line_num
        try:
            rows.append(_row(line, heading, cells))
        except BadFile as bad:
            wrongs += bad.wrongs
        if len(wrongs) >= MAX_ERRORS or len(rows) > MAX_ROWS:
            break
    if len(rows) > MAX_ROWS:
        raise BadFile([Wrong(0, "too-large")])
    if wrongs:
        raise BadFile(wrongs[:MAX_ERRORS])
    if not rows:
        raise BadFile([Wrong(0, "empty")])
    return rows


@transaction.atomic
def store(rows: list[Row]) -> Loaded:
    """Put the rows into the tree, parents first. Raises BadFile and changes nothing."""
    known: dict[str, list[Place]] = {}
    for place in Place.objects.select_related("parent"):
        known.setdefault(place.code, []).append(place)
    added: list[Place] = []
    changed: list[Place] = []
    wrongs: list[Wrong] = []
    lines: dict[tuple[str, date], int] = {}
    fresh: dict[tuple[str, date], Place] = {}
    for row in sorted(rows, key=lambda row: (list(PARENTS).index(row.level), row.line)):
        key = (row.code, row.valid_from)
        if key in lines:
            wrongs.append(Wrong(row.line, "duplicate", str(lines[key])))
            continue
        lines[key] = row.line
        same = next((place for place in known.get(row.code, ()) if place.valid_from == row.valid_from), None)
        try:
            if same:
                if _changes(row, same):
                    changed.append(same)
                continue
            place = _placed(row, known)
        except BadFile as bad:
            wrongs += bad.wrongs
            continue
        known.setdefault(row.code, []).append(place)
        fresh[key] = place
        added.append(place)
    memberships = _memberships(rows, fresh, known, wrongs)
    if wrongs:
        raise BadFile(sorted(wrongs, key=lambda wrong: wrong.line)[:MAX_ERRORS])
    for level in PARENTS:  # parents have their ids before their children are written
        Place.objects.bulk_create([place for place in added if place.level == level], batch_size=500)
    Place.objects.bulk_update(changed, ["valid_to", "population", "name_en"], batch_size=500)
    Membership.objects.bulk_create(memberships, batch_size=500)
    return Loaded(added, changed)


def _bytes(source: Path | str | bytes | IO[bytes]) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, Path | str):
        return Path(source).read_bytes()
    return source.read(MAX_BYTES + 1)


def _decoded(content: bytes) -> str:
    """UTF-8 first, then what a Korean spreadsheet writes."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadFile([Wrong(0, "encoding")])


_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}")
_NAME = re.compile(r"[^\W_][\w·.,()\- ]{0,59}")


def _row(line: int, heading: list[str], cells: list[str]) -> Row:
    if len(cells) != len(heading):
        raise BadFile([Wrong(line, "cells")])
    for cell in cells:
        if cell.strip()[:1] in ("=", "+", "-", "@", "\t"):
            raise BadFile([Wrong(line, "formula", cell.strip())])
    given = {**dict.fromkeys(OPTIONAL, ""), **{name: cell.strip() for name, cell in zip(heading, cells, strict=True)}}
    _check(line, given)
    begins, ends = _day(line, given["valid_from"]), _day(line, given["valid_to"]) if given["valid_to"] else None
    if ends is not None and ends <= begins:
        raise BadFile([Wrong(line, "ends-before", given["valid_to"])])
    members = tuple(given["members"].split())
    if (given["level"] == Level.REGION) != bool(given["scheme"]) or bool(given["scheme"]) != bool(members):
        raise BadFile([Wrong(line, "scheme")])
    return Row(
        line, given["code"], given["name"], given["name_en"] or place_name(given["name"]), given["official_name"],
        given["level"], given["parent"], given["scheme"], members, begins, ends,
        int(given["population"]) if given["population"] else None,
    )  # fmt: skip


def _check(line: int, given: dict[str, str]) -> None:
    """Refuse a cell that cannot be what its column says."""
    if not _CODE.fullmatch(given["code"]):
        raise BadFile([Wrong(line, "code", given["code"])])
    for column in ("name", "name_en", "official_name", "scheme"):
        if not _NAME.fullmatch(given[column]) and (given[column] or column == "name"):
            raise BadFile([Wrong(line, "name", given[column])])
    if given["level"] not in PARENTS:
        raise BadFile([Wrong(line, "level", given["level"])])
    if given["population"] and not re.fullmatch(r"[0-9]{1,9}", given["population"]):
        raise BadFile([Wrong(line, "population", given["population"])])


def _day(line: int, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadFile([Wrong(line, "date", text)]) from None


def _placed(row: Row, known: dict[str, list[Place]]) -> Place:
    """The row as a new place below its parent."""
    for other in known.get(row.code, ()):
        if (row.valid_to is None or other.valid_from < row.valid_to) and (
            other.valid_to is None or row.valid_from < other.valid_to
        ):
            raise BadFile([Wrong(row.line, "overlap", row.code)])
    return Place(
        code=row.code, name=row.name, name_en=row.name_en, official_name=row.official_name, level=row.level,
        parent=_parent(row, known), scheme=row.scheme, valid_from=row.valid_from, valid_to=row.valid_to,
        population=row.population,
    )  # fmt: skip


def _parent(row: Row, known: dict[str, list[Place]]) -> Place | None:
    if not PARENTS[row.level]:
        if row.parent:
            raise BadFile([Wrong(row.line, "parent", row.parent)])
        return None
    parent = next((place for place in known.get(row.parent, ()) if place.alive_on(row.valid_from)), None)
    if parent is None or parent.level not in PARENTS[row.level]:
        raise BadFile([Wrong(row.line, "parent", row.parent)])
    if parent.valid_to is not None and (row.valid_to is None or row.valid_to > parent.valid_to):
        raise BadFile([Wrong(row.line, "outlives", row.parent)])
    return parent


def _changes(row: Row, place: Place) -> bool:
    """Bring a known place up to date; True if something changed."""
    parent = place.parent.code if place.parent else ""
    fixed = (place.name, place.official_name, place.level, place.scheme, parent)
    if fixed != (row.name, row.official_name, row.level, row.scheme, row.parent):
        raise BadFile([Wrong(row.line, "differs", place.name)])
    if place.valid_to is not None and place.valid_to != row.valid_to:
        raise BadFile([Wrong(row.line, "differs", place.name)])
    fresh = (row.valid_to, row.population if row.population is not None else place.population, row.name_en)
    if fresh == (place.valid_to, place.population, place.name_en):
        return False
    place.valid_to, place.population, place.name_en = fresh
    return True


def _memberships(
    rows: list[Row], fresh: dict[tuple[str, date], Place], known: dict[str, list[Place]], wrongs: list[Wrong]
) -> list[Membership]:
    """Which gu each new region gathers; a code that is no gu alive on the region's first day is a wrong."""
    found = []
    for row in rows:
        region = fresh.get((row.code, row.valid_from))
        for code in row.members if region else ():
            gu = next((place for place in known.get(code, ()) if place.alive_on(row.valid_from)), None)
            if gu is None or gu.level != Level.GU:
                wrongs.append(Wrong(row.line, "member", code))
                continue
            found.append(Membership(region=region, member=gu, valid_from=row.valid_from, valid_to=row.valid_to))
    return found
