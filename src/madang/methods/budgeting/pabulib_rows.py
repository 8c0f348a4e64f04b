"""The text of a Pabulib file as rows, each with its line, and the words for what is wrong with it.

1. Every fault has a place: line and column, both from 1, and is said in Korean and in English.
2. UTF-8 (with or without a mark), or the encoding asked for; any line end. A byte that does not fit is a fault, never a "?".
3. A quote opens a cell only at its beginning; "" inside is one quote; a quoted cell may hold `;` and line ends. What follows
   the closing quote belongs to the cell, as in every reader of such files (real ones have `"Name" etc.`).
4. At most BLOCK characters of votes are held at a time, so memory grows with the number of different ballots, not with rows.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

BLOCK = 1 << 22
QUOTE = '"'
WORDS = {
    "unreadable": ("파일을 열 수 없습니다", "the file cannot be opened"),
    "encoding": ("이 부호화의 글이 아닙니다. --encoding cp949처럼 알려 주십시오", "not text of this encoding; say --encoding"),
    "utf-16": ("UTF-16 파일입니다. --encoding utf-16", "a UTF-16 file; say --encoding utf-16"),
    "codec": ("모르는 부호화입니다", "unknown encoding"),
    "nul": ("글이 아닌 바이트(0)가 있습니다", "a NUL byte: not a text file"),
    "quote": ("닫히지 않은 따옴표입니다", "a quote that is never closed"),
    "empty": ("빈 파일입니다", "the file is empty"),
    "no-meta": ("META로 시작하지 않습니다. Pabulib 파일이 아닙니다", "does not begin with META: not a Pabulib file"),
    "cut-off": ("파일이 끝났는데 없는 부분이 있습니다", "the file ends before the section"),
    "section": ("이 자리에 올 수 없는 부분입니다", "a section that cannot stand here"),
    "header": ("없어서는 안 될 열이 없습니다", "a column is missing"),
    "column-twice": ("같은 열이 두 번 있습니다", "a column stands twice"),
    "cells": ("칸의 수가 머리줄과 다릅니다", "not as many cells as the header"),
    "key-twice": ("같은 항목이 두 번 있습니다", "a key stands twice"),
    "no-key": ("없어서는 안 될 항목이 없습니다", "a key is missing"),
    "number": ("수가 아닙니다", "not a number"),
    "negative": ("0보다 작을 수 없습니다", "may not be below 0"),
    "vote-type": ("모르는 투표 방식입니다", "unknown vote type"),
    "no-id": ("번호(id)가 비어 있습니다", "an empty id"),
    "project-twice": ("같은 사업이 두 번 있습니다", "a project stands twice"),
    "voter-twice": ("같은 투표자가 두 번 있습니다", "a voter stands twice"),
    "unknown-project": ("목록에 없는 사업에 준 표입니다", "a vote for a project that is not on the list"),
    "points": ("점수의 수가 고른 사업의 수와 다릅니다", "not as many points as projects picked"),
    "choose-1": ("하나만 고르는 투표에 둘 이상을 골랐습니다", "more than one project in a choose-1 ballot"),
    "weight": ("투표자의 무게는 1 이상의 정수입니다", "a voter's weight is a whole number of at least 1"),
    "num-votes": ("num_votes와 실제 표의 수가 다릅니다. 잘린 파일일 수 있습니다", "num_votes is not the number of ballots: cut off?"),
    "num-projects": ("num_projects와 실제 사업의 수가 다릅니다", "num_projects is not the number of projects"),
    "other-election": ("앞 파일과 다른 선거입니다", "not the same election as the file before"),
    "limit": ("예산 한도를 읽을 수 없습니다", "the budget limits cannot be read"),
}


class FormatError(ValueError):
    """A fault in a file: `path`, `line`, `column` (from 1), `code` of WORDS and a detail."""

    def __init__(self, code: str, path: Path | str, line: int, column: int = 1, detail: str = "") -> None:
        self.code, self.path, self.line, self.column, self.detail = code, path, line, column, detail
        korean, english = WORDS[code]
        more = f" ({detail})" if detail else ""
        super().__init__(f"{path}:{line}:{column}: {korean}{more} / {english}")


class Row(NamedTuple):
    """One row: its line, its cells, and where the next row begins in the text."""

    line: int
    cells: list[str]
    after: int


def blocks(path: Path, encoding: str) -> Iterator[str]:
    """The text in pieces that end with a line; line ends are `\\n`. Raises FormatError for what is no such text."""
    try:
        codecs.lookup(encoding)
        with path.open(encoding=encoding, newline=None) as handle:
            first = True
            while text := _piece(handle):
                if "\0" in text:
                    raise FormatError("nul", path, 1)
                yield text.removeprefix("\ufeff") if first else text
                if len(text) < BLOCK:
                    return
                first = False
    except LookupError:
        raise FormatError("codec", path, 1, detail=encoding)
    except OSError as fault:
        raise FormatError("unreadable", path, 1, detail=fault.strerror or "")
    except UnicodeError:
        raise misencoded(path, encoding)


def _piece(handle: IO[str]) -> str:
    text = handle.read(BLOCK)
    if len(text) == BLOCK:
        text += handle.readline()
        while text.count(QUOTE) % 2 and len(text) < 2 * BLOCK and (more := handle.readline()):
            text += more
    return text


def misencoded(path: Path, encoding: str) -> FormatError:
    """Where the first byte stands that is no text."""
    line = 0
    with path.open("rb") as handle:
        for line, raw in enumerate(handle, start=1):
            if line == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
                return FormatError("utf-16", path, 1)
            try:
                raw.decode(encoding)
            except UnicodeDecodeError as fault:
                return FormatError("encoding", path, line, len(raw[: fault.start].decode(encoding, "ignore")) + 1)
            except UnicodeError:
                break
    return FormatError("encoding", path, max(line, 1))


def rows(text: str, path: Path | str, line: int, start: int = 0) -> Iterator[Row]:
    """The rows from `start` on; blank ones are left out. Raises FormatError for a broken quote."""
    size = len(text)
    while start < size:
        end = text.find("\n", start)
        end = size if end < 0 else end
        raw = text[start:end]
        if QUOTE in raw:
            cells, end = quoted(text, start, path, line)
            yield Row(line, cells, end + 1)
            line += text.count("\n", start, end)
        elif raw and not raw.isspace():
            yield Row(line, raw.split(";"), end + 1)
        start, line = end + 1, line + 1


def quoted(text: str, start: int, path: Path | str, line: int) -> tuple[list[str], int]:
    """The cells of a row with quotes, and where it ends."""
    cells, place, size = [], start, len(text)
    while True:
        if text.startswith(QUOTE, place):
            cell, place = _closed(text, place, path, line, start)
        else:
            ends = [found for found in (text.find(";", place), text.find("\n", place)) if found >= 0]
            end = min(ends, default=size)
            cell, place = text[place:end], end
        cells.append(cell)
        if place >= size or text[place] == "\n":
            return cells, place
        place += 1


def _closed(text: str, place: int, path: Path | str, line: int, start: int) -> tuple[str, int]:
    parts, at = [], place + 1
    while True:
        end = text.find(QUOTE, at)
        if end < 0:
            raise FormatError("quote", path, line + text.count("\n", start, place), place - text.rfind("\n", 0, place))
        parts.append(text[at:end])
        at = end + 1
        if not text.startswith(QUOTE, at):
            break
        parts.append(QUOTE)
        at += 1
    ends = [found for found in (text.find(";", at), text.find("\n", at)) if found >= 0]
    end = min(ends, default=len(text))
    return "".join(parts) + text[at:end], end


def column(cells: list[str], cell: int, inside: int = 0) -> int:
    """The column where a cell (and a character inside it) stands, from 1."""
    return sum(_width(one) + 1 for one in cells[:cell]) + inside + 1


def _width(cell: str) -> int:
    return len(cell) + 2 + cell.count(QUOTE) if any(mark in cell for mark in ';"\n') else len(cell)
