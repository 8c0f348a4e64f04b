"""Text files as people send them: UTF-8 with or without a mark, UTF-16 with a mark, CP949; read line by line.

1. The encoding is found by reading the whole file once, never by a guess from its first bytes: strict UTF-8, else
   strict CP949, else refused at the first byte that is neither.
2. A fault names file, line and column (both from 1) and says what to do, Korean first.
3. Memory does not grow with the file: one line at a time, at most LINE_MAX characters long.
"""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LINE_MAX = 1_000_000  # characters
CHUNK = 1 << 20  # bytes
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class BadFile(ValueError):
    """A file that cannot be taken as it is; `line` 0 stands for the file as a whole."""

    def __init__(self, path: Path | str, line: int, column: int, korean: str, english: str) -> None:
        place = f"{path}:{line}:{column}" if line else str(path)
        super().__init__(f"{place}: {korean} / {english}")
        self.path, self.line, self.column = str(path), line, column
        self.korean, self.english = korean, english


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a CSV file: its fields, the line where it begins, its text as it stands there."""

    fields: list[str]
    line: int
    text: str

    def column(self, field: int) -> int:
        """The column (from 1) where field number `field` (from 0) begins; newlines inside quotes count as one."""
        at = quoted = 0
        for place, char in enumerate(self.text):
            if char == '"':
                quoted ^= 1
            elif char == "," and not quoted:
                at += 1
                if at == field:
                    return place + 2
        return 1


def encoding_of(path: Path) -> str:
    """The encoding every byte of the file agrees with: utf-8-sig, utf-16 or cp949.

    Raises BadFile for a file that is absent, a folder, empty, or neither. O(bytes), bounded memory.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except IsADirectoryError:
        raise BadFile(path, 0, 0, "파일이 아니라 폴더입니다.", "this is a folder, not a file") from None
    except OSError as fault:
        raise BadFile(path, 0, 0, "파일을 열 수 없습니다.", f"cannot be opened: {fault.strerror}") from None
    if not head:
        raise BadFile(path, 0, 0, "빈 파일입니다.", "the file is empty")
    for mark, name in _MARKS:
        if head.startswith(mark):
            wrong = _fault(path, name)
            if wrong is None:
                return name
            raise BadFile(path, *_place(path, wrong), f"{name} 글자가 아닙니다.", f"these bytes are not {name}")
    if b"\0" in head:
        raise BadFile(path, 1, head.index(b"\0") + 1, "글 파일이 아닙니다(0 바이트).", "not a text file: a zero byte")
    wrong = _fault(path, "utf-8")
    if wrong is None or _fault(path, "cp949") is None:
        return "utf-8-sig" if wrong is None else "cp949"
    raise BadFile(path, *_place(path, wrong), "UTF-8도 CP949도 아닙니다. UTF-8로 저장해 주십시오.",
                  "neither UTF-8 nor CP949; save it as UTF-8")


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1, without its end. Raises BadFile as `encoding_of` does, or for a long line."""
    with path.open(encoding=encoding_of(path), newline="") as file:
        number = 0
        while line := file.readline(LINE_MAX + 1):
            number += 1
            if len(line) > LINE_MAX:
                raise BadFile(path, number, LINE_MAX, "줄이 너무 깁니다.", f"a line of more than {LINE_MAX:,} characters")
            yield number, line.rstrip("\r\n")


def records(path: Path) -> Iterator[Record]:
    """Each record of a CSV file (RFC 4180: commas, double quotes); empty lines are passed over.

    Raises BadFile for a quote that is never closed or stands in the wrong place.
    """
    taken: list[str] = []
    last = 0

    def fed() -> Iterator[str]:
        nonlocal last
        for number, line in lines(path):
            if "\0" in line:
                raise BadFile(path, number, line.index("\0") + 1, "0 바이트가 있습니다.", "a zero byte")
            last = number
            taken.append(line)
            yield line + "\n"

    reader = csv.reader(fed(), strict=True)
    while True:
        taken.clear()
        try:
            fields = next(reader, None)
        except csv.Error as fault:
            start = last - len(taken) + 1
            raise BadFile(path, start, _quote(taken), "따옴표가 맞지 않습니다.", f"broken quotes: {fault}") from None
        if fields is None:
            return
        if fields:
            yield Record(fields, last - len(taken) + 1, "\n".join(taken))


def _quote(taken: list[str]) -> int:
    """Where the first quote of a broken record stands."""
    return "\n".join(taken).find('"') + 1 or 1


def _fault(path: Path, encoding: str) -> int | None:
    """The offset of the first byte that is not of the encoding, None if there is none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                return read - waiting + fault.start
            if not chunk:
                return None
            read += len(chunk)


def _place(path: Path, offset: int) -> tuple[int, int]:
    """Line and column (in bytes) of an offset, read in chunks."""
    line, start, read = 1, 0, 0
    with path.open("rb") as file:
        while read < offset:
            chunk = file.read(min(CHUNK, offset - read))
            if not chunk:
                break
            if (newline := chunk.rfind(b"\n")) >= 0:
                line, start = line + chunk.count(b"\n"), read + newline + 1
            read += len(chunk)
    return line, offset - start + 1
