"""Which line of a TOML text a key stands in; the standard library's reader does not say.

1. Only called on text that `tomllib` has accepted, so it follows the grammar and judges nothing.
2. A path is a tuple of keys and list positions: ("phases", 0, "owes", "by").
3. A path that is not in the text answers with the line of the nearest thing that holds it.
"""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]

BARE = re.compile(r"[A-Za-z0-9_-]+")
SPACE = re.compile(r"[ \t]*")
ATOM = re.compile(r"[^,\]}\n#]*")
BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
LITERAL = re.compile(r"'[^'\n]*'")
BASIC_LONG = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL)
LITERAL_LONG = re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL)


class Lines:
    """The line, from 1, of each key path of one TOML text."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._line = 1
        self._lines: dict[Path, int] = {}
        self._lists: dict[Path, int] = {}
        self._document()

    def of(self, path: Path) -> int:
        """The line of `path`, or of the nearest table that would hold it, or 1."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _document(self) -> None:
        table: Path = ()
        while self._blank(newlines=True):
            if self._text.startswith("[[", self._at):
                self._move(2)
                table = self._list_header()
                self._move(2)
            elif self._text[self._at] == "[":
                self._move(1)
                table = self._resolve(self._keys())
                self._note(table)
                self._move(1)
            else:
                self._pair(table)

    def _list_header(self) -> Path:
        *outer, last = self._keys()
        path = (*self._resolve(outer), last)
        self._lists[path] = self._lists.get(path, -1) + 1
        self._note(path)
        path = (*path, self._lists[path])
        self._note(path)
        return path

    def _resolve(self, keys: list[str]) -> Path:
        path: Path = ()
        for key in keys:
            path = (*path, key)
            self._note(path)
            if path in self._lists:
                path = (*path, self._lists[path])
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for key in self._keys():
            path = (*path, key)
            self._note(path)
        self._move(1)  # the "="
        self._value(path)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._blank() and self._text[self._at] == ".":
            self._move(1)
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        self._blank()
        if found := BARE.match(self._text, self._at):
            self._move(len(found[0]))
            return found[0]
        quoted = self._string()
        return str(tomllib.loads(f"k = {quoted}")["k"])

    def _string(self) -> str:
        for form in (BASIC_LONG, LITERAL_LONG, BASIC, LITERAL):
            if found := form.match(self._text, self._at):
                self._move(len(found[0]))
                return found[0]
        raise AssertionError("called only on a quote of accepted TOML")

    def _value(self, path: Path) -> None:
        self._blank()
        first = self._text[self._at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._list(path)
        elif first == "{":
            self._inline(path)
        else:
            self._move(len(ATOM.match(self._text, self._at)[0]))  # type: ignore[index]

    def _list(self, path: Path) -> None:
        self._move(1)
        position = 0
        while self._blank(newlines=True) and self._text[self._at] != "]":
            self._note((*path, position))
            self._value((*path, position))
            position += 1
            self._blank(newlines=True)
            if self._text[self._at] == ",":
                self._move(1)
        self._move(1)

    def _inline(self, path: Path) -> None:
        self._move(1)
        while self._blank(newlines=True) and self._text[self._at] != "}":
            self._pair(path)
            self._blank(newlines=True)
            if self._text[self._at] == ",":
                self._move(1)
        self._move(1)

    def _blank(self, *, newlines: bool = False) -> bool:
        """Skip spaces (and, when asked, line ends and comments); is there more text?"""
        while True:
            self._at = SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if not newlines or self._at >= len(self._text) or self._text[self._at] not in "#\n":
                return self._at < len(self._text)
            if self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            else:
                self._move(1)

    def _note(self, path: Path) -> None:
        self._lines.setdefault(path, self._line)

    def _move(self, steps: int) -> None:
        self._line += self._text.count("\n", self._at, self._at + steps)
        self._at += steps
