"""Reading a sheet: pages by keyset, cells as plain values, CSV lines. The API, the pages and the CLI all read here.

1. A page costs the same wherever it is: rows after a key, never an offset.
2. A cell that a spreadsheet would run as a formula is defused with an apostrophe.
3. Only what the columns describe goes out; whatever else a row carries stays inside.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError

from madang.access.sheets import Column, Sheet
from madang.doors.api.answers import Wrong
from madang.record.replicas import reading_apart

MOST = 500  # rows of one page
USUAL = 50
AT_ONCE = 2_000  # rows read at a time for a whole sheet
SALT = "madang.doors.api.rows"
LONGEST = 200  # characters of a filter
FILTER = r"[^\x00-\x1f\x7f-\x9f]*"  # no control characters
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Rows:
    """One page of a sheet; `after` is the cursor of the next page, "" on the last."""

    rows: list[dict[str, Any]]
    after: str


def page(
    sheet: Sheet, filters: Mapping[str, str], *, after: str = "", limit: int = USUAL, oldest: bool = False
) -> Rows:
    """At most `limit` rows after the cursor, newest first or oldest first. Raises Wrong (no-cursor)."""
    found = ordered(sheet, filters, oldest)
    if after:
        found = found.filter(**{f"{sheet.keyset}__{'gt' if oldest else 'lt'}": _read(sheet, after, oldest)})
    raw = list(found[: limit + 1])
    more = len(raw) > limit
    raw = raw[:limit]
    cursor = signing.dumps([sheet.key, oldest, raw[-1][sheet.keyset]], salt=SALT) if more else ""
    return Rows([plain(sheet, row) for row in raw], cursor)


def whole(sheet: Sheet, filters: Mapping[str, str], most: int | None = None) -> Iterator[dict[str, Any]]:
    """Every row, oldest first, in short reads: no transaction is held open while a slow reader takes its time."""
    last, count = None, 0
    while True:
        with reading_apart():
            found = ordered(sheet, filters, True)
            raw = list((found if last is None else found.filter(**{f"{sheet.keyset}__gt": last}))[:AT_ONCE])
        for row in raw:
            if most is not None and count >= most:
                return
            count += 1
            yield plain(sheet, row)
        if len(raw) < AT_ONCE:
            return
        last = raw[-1][sheet.keyset]


def ordered(sheet: Sheet, filters: Mapping[str, str], oldest: bool) -> Any:
    """The sheet's rows by its key; none for a filter of the wrong kind (letters where a number is)."""
    order = sheet.keyset if oldest else f"-{sheet.keyset}"
    try:
        return sheet.rows(None, **filters).order_by(order)
    except (ValueError, ValidationError):
        if not filters:
            raise
        return sheet.rows(None).none().order_by(order)


def filters_of(sheet: Sheet, given: Mapping[str, str]) -> dict[str, str]:
    """The filters among the query's values. Raises Wrong (bad-query) for a value nothing could be called."""
    found = {}
    for name in sheet.filters:
        value = given.get(name, "")
        if len(value) > LONGEST or not re.fullmatch(FILTER, value):
            raise Wrong("bad-query", name=name)
        if value:
            found[name] = value
    return found


def plain(sheet: Sheet, row: Mapping[str, Any]) -> dict[str, Any]:
    """The described cells of a row as JSON values: times in UTC, days as YYYY-MM-DD."""
    return {column.key: _cell(column, row[column.key]) for column in sheet.columns}


def _cell(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if column.kind == "boolean":
        return bool(value)
    if column.kind in {"integer", "krw"}:
        return int(value)
    return str(value)


def csv_lines(sheet: Sheet, filters: Mapping[str, str]) -> Iterator[str]:
    """The whole sheet as CSV for Korean spreadsheets: a byte-order mark, CRLF, formulas defused; keys as heading."""
    yield "\ufeff" + csv_line([column.key for column in sheet.columns])
    for row in whole(sheet, filters):
        yield csv_line([cell_text(value) for value in row.values()])


def csv_line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def cell_text(value: Any) -> str:
    """A cell as text a spreadsheet will show and not run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if value.startswith(FORMULA) else value


def _read(sheet: Sheet, cursor: str, oldest: bool) -> Any:
    try:
        key, way, last = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise Wrong("no-cursor", name="after") from None
    if (key, way) != (sheet.key, oldest):
        raise Wrong("no-cursor", name="after")
    return last
