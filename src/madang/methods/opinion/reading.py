"""Read votes, statements and lists of accounts from the files the field uses.

1. Three shapes, told apart by their header: a Polis export (timestamp, datetime, comment-id, voter-id, vote), a wide table
   (participant, …, one column for each statement) and a plain list (participant, statement, vote[, time]).
2. agree = +1, pass = 0, disagree = −1, as in the exports. (Polis' own database has it the other way round: pass `flip=True`.)
3. Nothing is guessed: what is not a vote, an id or a time is an `Unreadable` that names file, line and column.
4. A file is streamed: ten million lines take 17 bytes each and the names of the people once.

Encodings: UTF-8 with or without a mark, UTF-16 with its mark, else CP949.
"""

import csv
import io
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WORDS = {
    "participant": ("voter-id", "voter_id", "participant", "participant-id", "participant_id", "pid", "person", "참여자"),
    "statement": ("comment-id", "comment_id", "statement", "statement-id", "statement_id", "tid", "comment", "의견"),
    "vote": ("vote", "표", "찬반"),
    "time": ("timestamp", "time", "at", "시각"),
}
ASIDE = {"xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", "datetime"}
VALUES = {
    "1": 1, "+1": 1, "1.0": 1, "0": 0, "0.0": 0, "-0": 0, "-1": -1, "-1.0": -1, "−1": -1,
    "agree": 1, "pass": 0, "disagree": -1, "찬성": 1, "동의": 1, "유보": 0, "통과": 0, "반대": -1,
}  # fmt: skip
LONGEST = 200  # characters of an id


class Unreadable(ValueError):
    """The file cannot be taken as what it says it is: `path:line:column: why`."""

    def __init__(self, path: Path, line: int, column: int, why: str) -> None:
        super().__init__(f"{path}:{line}:{column}: {why}")
        self.line, self.column, self.why = line, column, why


@dataclass(frozen=True, slots=True)
class Votes:
    """A log of votes: the names, and four columns of equal length (participant and statement are places in the names)."""

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    participant: NDArray[np.int32]
    statement: NDArray[np.int32]
    vote: NDArray[np.int8]
    at: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.vote)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its text, how it was moderated (−1 out, 0 open, +1 in), and whether it is about the talk itself."""

    key: str
    text: str = ""
    moderated: int = 0
    meta: bool = False


def read_votes(path: Path, *, known: Sequence[str] | None = None, flip: bool = False, lenient: bool = False) -> Votes:
    """The log in `path`, in the order of its lines; O(lines).

    `known`: the statements there are; a vote for another one is refused. `lenient` leaves such votes, and votes that are
    none, out instead. Raises Unreadable.
    """
    rows = _rows(path)
    line, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    if not any(names):
        raise Unreadable(path, 1, 1, "빈 파일 / the file is empty")
    columns = {word: _column(names, choices) for word, choices in WORDS.items()}
    log = _Log(path, frozenset(known) if known is not None else None, -1 if flip else 1, lenient)
    if columns["statement"] is not None and columns["vote"] is not None and columns["participant"] is not None:
        _long(rows, header, columns, log)
    elif columns["participant"] is not None and len(names) > columns["participant"] + 1:
        _wide(rows, header, names, columns["participant"], log)
    else:
        why = "머리줄이 없음: participant,statement,vote / no header: participant,statement,vote (or a Polis export)"
        raise Unreadable(path, line, 1, why)
    if not log.votes:
        raise Unreadable(path, line + 1, 1, "표가 하나도 없음 / there is no vote")
    return log.done()


def read_statements(path: Path) -> tuple[Statement, ...]:
    """The statements of a Polis comments.csv, or of any table with `comment-id|statement|id` and perhaps
    `comment-body|text`, `moderated`, `is-meta`; in the order of the file. Raises Unreadable."""
    rows = _rows(path)
    _, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    key = _column(names, (*WORDS["statement"], "id"))
    text = _column(names, ("comment-body", "comment_body", "text", "body", "글"))
    moderated, meta = _column(names, ("moderated", "mod")), _column(names, ("is-meta", "is_meta", "meta"))
    if key is None:
        raise Unreadable(path, 1, 1, "comment-id 열이 없음 / there is no column comment-id")
    found: dict[str, Statement] = {}
    for line, row in rows:
        if len(row) != len(header):
            raise Unreadable(path, line, 1, f"{len(header)}칸이어야 하는데 {len(row)}칸 / {len(row)} fields, not {len(header)}")
        name = _name(path, line, row, key)
        if name in found:
            raise Unreadable(path, line, _place(row, key), f"의견 {name!r}이 두 번 / statement {name!r} is there twice")
        state = _number(path, line, row, moderated, ("-1", "0", "1"))
        about = meta is not None and row[meta].strip().lower() in {"1", "true", "t"}
        found[name] = Statement(name, row[text].strip() if text is not None else "", state, about)
    return tuple(found.values())


def read_names(path: Path) -> tuple[str, ...]:
    """One id a line, blank lines and lines that begin with # left out. Raises Unreadable."""
    names = [name.strip() for name in _text(path)]
    return tuple(dict.fromkeys(name for name in names if name and not name.startswith("#")))


class _Log:
    """The columns while they grow."""

    def __init__(self, path: Path, known: frozenset[str] | None, sign: int, lenient: bool) -> None:
        self.path, self.known, self.sign, self.lenient = path, known, sign, lenient
        self.people: dict[str, int] = {}
        self.topics: dict[str, int] = {}
        self.participants, self.statements, self.votes, self.times = array("i"), array("i"), array("b"), array("q")

    def add(self, line: int, row: list[str], columns: tuple[int, int, int], key: str, at: int) -> None:
        """One vote; the columns are those of participant, statement and vote, for the message."""
        value = VALUES.get(row[columns[2]].strip().lower())
        if value is None:
            return self._refuse(line, row, columns[2], f"{row[columns[2]][:40]!r}는 표가 아님: 1, 0, -1 / is not a vote")
        if self.known is not None and key not in self.known:
            return self._refuse(line, row, columns[1], f"모르는 의견 {key!r} / unknown statement")
        person = row[columns[0]].strip()
        if not person or len(person) > LONGEST:
            _name(self.path, line, row, columns[0])
        self.participants.append(self.people.setdefault(person, len(self.people)))
        self.statements.append(self.topics.setdefault(key, len(self.topics)))
        self.votes.append(value * self.sign)
        self.times.append(at)
        return None

    def _refuse(self, line: int, row: list[str], column: int, why: str) -> None:
        if not self.lenient:
            raise Unreadable(self.path, line, _place(row, column), why)

    def done(self) -> Votes:
        """The columns, whole."""
        return Votes(
            tuple(self.people), tuple(self.topics), np.array(self.participants, np.int32),
            np.array(self.statements, np.int32), np.array(self.votes, np.int8), np.array(self.times, np.int64),
        )  # fmt: skip


def _long(rows: Iterator[tuple[int, list[str]]], header: list[str], of: dict[str, int | None], log: _Log) -> None:
    person, topic, vote, time = of["participant"], of["statement"], of["vote"], of["time"]
    assert person is not None and topic is not None and vote is not None  # noqa: S101 — read_votes made sure
    columns, width = (person, topic, vote), len(header)
    for line, row in rows:
        if len(row) != width:
            why = f"{width}칸이어야 하는데 {len(row)}칸 (잘린 파일?) / {len(row)} fields, not {width} (a truncated file?)"
            raise Unreadable(log.path, line, 1, why)
        key = row[topic].strip()
        if not key or len(key) > LONGEST:
            _name(log.path, line, row, topic)
        log.add(line, row, columns, key, 0 if time is None else _time(log.path, line, row, time))


def _wide(rows: Iterator[tuple[int, list[str]]], header: list[str], names: list[str], person: int, log: _Log) -> None:
    topics = [(place, header[place].strip()) for place in range(len(header)) if place != person and names[place] not in ASIDE]
    keys = [key for _, key in topics]
    for place, key in topics:
        if not key or keys.count(key) > 1:
            why = f"이름이 없거나 두 번 나오는 열 {key!r} / an unnamed or repeated column"
            raise Unreadable(log.path, 1, _place(header, place), why)
    seen: set[str] = set()
    for line, row in rows:
        if len(row) != len(header):
            why = f"{len(header)}칸이어야 하는데 {len(row)}칸 / {len(row)} fields, not {len(header)}"
            raise Unreadable(log.path, line, 1, why)
        name = _name(log.path, line, row, person)
        if name in seen:
            raise Unreadable(log.path, line, _place(row, person), f"참여자 {name!r}이 두 번 / participant twice")
        seen.add(name)
        for place, key in topics:
            if row[place].strip():
                log.add(line, row, (person, place, place), key, 0)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line number, fields) of each line that is not blank."""
    reader = csv.reader(_text(path), strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(path, reader.line_num, 1, f"CSV가 아님 / not CSV: {error}") from error
        if row:
            yield reader.line_num, row


def _text(path: Path) -> Iterator[str]:
    """The lines of a file in its own encoding."""
    number = 0
    try:
        with path.open("rb") as raw, io.TextIOWrapper(raw, _encoding(path), newline="") as text:
            for number, line in enumerate(text, 1):
                if "\0" in line:
                    raise Unreadable(path, number, line.index("\0") + 1, "글이 아님 (NUL) / not a text file (NUL)")
                yield line
    except UnicodeDecodeError as error:
        why = "UTF-8도 CP949도 아님 / neither UTF-8 nor CP949"
        raise Unreadable(path, number + 1, 1, why) from error
    except OSError as error:
        raise Unreadable(path, 0, 0, f"읽을 수 없음 / cannot be read: {error.strerror}") from error


def _encoding(path: Path) -> str:
    with path.open("rb") as raw:
        start = raw.read(4)
        if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        raw.seek(0)
        try:
            with io.TextIOWrapper(raw, "utf-8-sig", newline="") as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            return "cp949"
    return "utf-8-sig"


def _column(names: Sequence[str], choices: Sequence[str]) -> int | None:
    return next((names.index(choice) for choice in choices if choice in names), None)


def _place(row: Sequence[str], column: int) -> int:
    """The column of a field, counted in characters from 1 (quotes counted where a field needs them)."""
    return 1 + sum(len(field) + (2 + field.count('"') if set(field) & set(',"\n') else 0) + 1 for field in row[:column])


def _name(path: Path, line: int, row: Sequence[str], column: int) -> str:
    name = row[column].strip()
    if not name or len(name) > LONGEST:
        raise Unreadable(path, line, _place(row, column), f"이름이 없거나 {LONGEST}자를 넘음 / no id, or a longer one")
    return name


def _number(path: Path, line: int, row: Sequence[str], column: int | None, choices: Sequence[str]) -> int:
    if column is None or not row[column].strip():
        return 0
    if row[column].strip() not in choices:
        why = f"{row[column][:40]!r}는 {', '.join(choices)} 가운데 하나가 아님 / is none of them"
        raise Unreadable(path, line, _place(row, column), why)
    return int(row[column])


def _time(path: Path, line: int, row: Sequence[str], column: int) -> int:
    """Whole milliseconds or any whole number as it stands; a date and time of ISO 8601 as milliseconds since 1970 UTC."""
    word = row[column].strip()
    try:
        number = int(word)
    except ValueError:
        number = _moment(path, line, row, column)
    if not -(2**62) < number < 2**62:
        raise Unreadable(path, line, _place(row, column), "시각이 너무 큼 / the time is out of range")
    return number


def _moment(path: Path, line: int, row: Sequence[str], column: int) -> int:
    try:
        moment = datetime.fromisoformat(row[column].strip())
    except ValueError as error:
        why = f"{row[column][:40]!r}는 시각이 아님 / is not a time"
        raise Unreadable(path, line, _place(row, column), why) from error
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)  # noqa: UP017 — said as it is meant
    return round(zoned.timestamp() * 1000)
