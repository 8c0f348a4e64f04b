"""Files of short texts: CSV with a header, JSON lines, or plain text with one text a line.

1. Which columns hold title, body and id is given, else found by their usual names; nothing else is guessed.
2. A fault names file, line and column: an absent column, a row of another width, an id that stands twice, broken JSON.
3. At most TEXTS_MAX texts are held, of each the first MAX_CHARS characters (as all of this room reads); a longer file is refused.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from madang.methods.korean.syllables import MAX_CHARS
from madang.methods.korean.textfile import BadFile, lines, records

TEXTS_MAX = 500_000
TITLES = ("title", "제목", "text", "statement", "comment-body", "comment", "의견", "제안명", "사업명", "name", "내용")
BODIES = ("body", "content", "본문", "내용", "description", "설명")
IDS = ("id", "번호", "key", "comment-id", "petition_idx", "project_id")


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its key, and the part (a column's value) it belongs to."""

    key: str
    title: str
    body: str
    part: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns were asked for; "" for the usual names."""

    title: str = ""
    body: str = ""
    key: str = ""
    part: str = ""


def read_texts(path: Path, asked: Columns = Columns()) -> list[Text]:
    """Read .csv, .jsonl or one text a line. Raises BadFile with line and column."""
    kind = path.suffix.lower()
    rows = _csv(path, asked) if kind == ".csv" else _jsonl(path, asked) if kind in (".jsonl", ".ndjson") else _plain(path)
    texts: list[Text] = []
    seen: set[str] = set()
    for line, column, text in rows:
        if text.key in seen:
            raise BadFile(path, line, column, f"번호가 두 번 나옵니다: {text.key}", "this id stands twice")
        if len(texts) == TEXTS_MAX:
            raise BadFile(path, line, 1, f"글이 {TEXTS_MAX:,}편을 넘습니다. 나누어 주십시오.", "too many texts: split the file")
        seen.add(text.key)
        texts.append(text)
    if not texts:
        raise BadFile(path, 0, 0, "글이 없습니다.", "there is no text in the file")
    return texts


Row = tuple[int, int, Text]  # line, the column of the id, the text


def _plain(path: Path) -> Iterator[Row]:
    for number, line in lines(path):
        if line.strip():
            yield number, 1, Text(str(number), line[:MAX_CHARS], "", "")


def _csv(path: Path, asked: Columns) -> Iterator[Row]:
    rows = records(path)
    head = next(rows, None)
    if head is None:
        return
    names = [field.strip() for field in head.fields]
    if len(set(names)) != len(names):
        twice = next(at for at, name in enumerate(names) if name in names[:at])
        raise BadFile(path, head.line, head.column(twice), f"같은 열이 두 번 나옵니다: {names[twice]}", "a column stands twice")
    place = {role: _column(path, names, name, usual, role) for role, name, usual in _roles(asked)}
    place["body"] = -1 if place["body"] == place["title"] else place["body"]
    for row in rows:
        if len(row.fields) != len(names):
            raise BadFile(path, row.line, len(row.text) + 1, f"열이 {len(names)}개여야 하는데 {len(row.fields)}개입니다.",
                          f"{len(names)} fields expected, {len(row.fields)} found")
        held = {role: row.fields[at][:MAX_CHARS] if at >= 0 else "" for role, at in place.items()}
        key = held["key"].strip() or str(row.line)
        yield row.line, row.column(max(place["key"], 0)), Text(key, held["title"], held["body"], held["part"])


def _roles(asked: Columns) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return ("title", asked.title, TITLES), ("body", asked.body, BODIES), ("key", asked.key, IDS), ("part", asked.part, ())


def _column(path: Path, names: list[str], name: str, usual: tuple[str, ...], role: str) -> int:
    """The place of a column: the one asked for, else the first usual one; -1 where there is none and none is needed."""
    low = [each.lower() for each in names]
    wanted = (name.lower(),) if name else usual
    found = next((low.index(each) for each in wanted if each in low), -1)
    if found < 0 and (name or role == "title"):
        asked = name or f"{', '.join(TITLES[:4])} …"
        raise BadFile(path, 1, 1, f"열이 없습니다: {asked}", f"no such column; there are: {', '.join(names)[:200]}")
    return found


def _jsonl(path: Path, asked: Columns) -> Iterator[Row]:
    for number, line in lines(path):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as fault:
            raise BadFile(path, number, fault.colno, "JSON이 아닙니다.", f"not JSON: {fault.msg}") from None
        except RecursionError:
            raise BadFile(path, number, 1, "JSON이 너무 깊습니다.", "JSON nested too deeply") from None
        if not isinstance(row, dict):
            raise BadFile(path, number, 1, "JSON 객체가 아닙니다.", "not a JSON object")
        yield number, 1, _of(path, number, row, asked)


def _of(path: Path, number: int, row: dict[str, Any], asked: Columns) -> Text:
    names = list(row)
    place = {role: _column(path, names, name, usual, role) for role, name, usual in _roles(asked)} if names else {}
    if not place:
        raise BadFile(path, number, 1, "빈 객체입니다.", "an empty object")
    held = {}
    for role, at in place.items():
        value = row[names[at]] if at >= 0 else ""
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise BadFile(path, number, 1, f"{names[at]}의 값이 글이 아닙니다.", f"{names[at]} is not text")
        held[role] = str(value)[:MAX_CHARS]
    body = "" if place["body"] == place["title"] else held["body"]
    return Text(held["key"].strip() or str(number), held["title"], body, held["part"])
