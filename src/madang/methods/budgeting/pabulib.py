"""Read Pabulib files (`.pb`): https://pabulib.org/format. Fast for plain rows, careful for quoted ones, exact always.

1. A file is read whole or refused with line and column; `tolerant` turns only the faults named in TOLERATED into notes.
2. Equal ballot cells are parsed once: time grows with rows only by splitting and counting.
3. Columns are found by name; `target` and `beneficiaries` are the same column; unknown ones are kept (projects: `extra`).
4. A project named twice in a ballot counts once (its points are added up); the announced `votes` may count it twice.
5. Several files are parts of one election: same budget, vote type and projects; their ballots are added up.
"""

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from madang.methods.budgeting.election import Ballots, Election, gather
from madang.methods.budgeting.pabulib_head import NUMBER, Head, opening, title
from madang.methods.budgeting.pabulib_rows import FormatError, Row, blocks, column, rows

SLICE = 1 << 18
WHOLE = re.compile(r"[0-9]{1,12}")
PLAIN = (("vote",), ("vote", "points"))
TOLERATED = ("num-votes", "num-projects", "cells", "unknown-project", "choose-1", "voter-twice")


class Notes:
    """Faults that are tolerated, counted by kind; the first place of each is kept."""

    def __init__(self, tolerant: bool) -> None:
        self.tolerant = tolerant
        self.found: dict[str, tuple[int, FormatError]] = {}

    def take(self, fault: FormatError, always: bool = False, times: int = 1) -> None:
        if not (always or (self.tolerant and fault.code in TOLERATED)):
            raise fault
        many, first = self.found.get(fault.code, (0, fault))
        self.found[fault.code] = (many + times, first)

    def words(self) -> tuple[str, ...]:
        return tuple(f"{first} [×{many}]" for many, first in self.found.values())


def read(
    *paths: Path | str, tolerant: bool = False, encoding: str = "utf-8", weight: str = "", fund: str = ""
) -> Election:
    """Read one election from one file or from its parts. O(characters), memory O(different ballots + a block).

    weight, fund  columns of the votes that hold each voter's weight (a whole number ≥ 1) and group with money of its own
    Raises FormatError with file, line and column.
    """
    notes = Notes(tolerant)
    heads: list[tuple[Head, int]] = []
    hashes: list[array[int]] = []
    pile = Pile()
    parts = [Path(path) for path in paths]
    if not parts:
        raise ValueError("no file to read")
    for path in parts:
        pieces = blocks(path, encoding)
        head, body = opening(path, pieces)
        if heads:
            _same(heads[0][0], head)
        head = head._replace(projects=heads[0][0].projects) if heads else head  # the same, in one order
        heads.append((head, _votes(head, body, pieces, notes, (weight, fund), pile, hashes)))
    people = sum(here for _, here in heads)
    _promises(heads, people, notes)
    _once(hashes, people, parts, encoding, notes)
    first = heads[0][0]
    return gather(first.projects, pile.ballots(), first.budget, first.vote_type, meta=first.meta, notes=notes.words())


class Cells(NamedTuple):
    """Where in a row of votes the ballot stands, and how to read it; `one` when the vote is all there is to it."""

    width: int
    voter: int
    vote: int
    pick: Callable[[list[str]], Any]
    one: bool
    at: Mapping[str, int]


def _cells(head: Head, weight: str, fund: str) -> Cells:
    names = head.header
    for name in (weight, fund):
        if name and name.lower() not in names:
            raise FormatError("header", head.path, head.line - 1, detail=name)
    at = {"vote": names.index("vote")}
    if "points" in names and head.vote_type not in ("approval", "choose-1"):
        at["points"] = names.index("points")
    for role, name in (("weight", weight), ("fund", fund)):
        if name:
            at[role] = names.index(name.lower())
    return Cells(len(names), names.index("voter_id"), at["vote"], itemgetter(*at.values()), len(at) == 1, at)


class Pile:
    """The different ballot cells so far, read once each: (how many, lengths, picks, points, weights, funds)."""

    def __init__(self) -> None:
        self.many: list[int] = []
        self.lengths: array[int] = array("i")
        self.picks: array[int] = array("i")
        self.points: list[int | Fraction] = []
        self.weight: list[int] = []
        self.fund: list[str] = []

    def ballots(self) -> Ballots:
        pointed = self.points if len(self.points) == len(self.picks) and self.points else None
        return Ballots(self.many, self.lengths, self.picks, pointed, self.weight or None, self.fund or None)


def _votes(
    head: Head, body: str, pieces: Iterator[str], notes: Notes, more: tuple[str, str], pile: Pile, hashes: "list[array[int]]",
) -> int:
    """Count the ballots of one part into `pile`; the number of voters."""
    cells = _cells(head, *more)
    index = {project.id: place for place, project in enumerate(head.projects)}
    known: dict[Any, int] = {}
    line, people = head.line, 0
    for text in _slices(body, pieces):
        table, lines = _table(text, head, cells, line, notes)
        people += len(table)
        hashes.append(array("q", map(hash, map(itemgetter(cells.voter), table))))
        counted = Counter(map(cells.pick, table))
        fresh = [key for key in counted if key not in known] if known else list(counted)
        for place, key in enumerate(fresh, start=len(pile.many)):
            known[key] = place
        pile.many += [0] * len(fresh)
        for key, many in counted.items():
            pile.many[known[key]] += many
        if tuple(cells.at) not in PLAIN or not _plain(fresh, head, cells, index, pile):
            for key in fresh:
                _ballot(key, head, cells, index, notes, (table, lines), pile)
        line += text.count("\n")
    return people


def _slices(body: str, pieces: Iterator[str]) -> Iterator[str]:
    """The text in slices that end with a line, so that few rows stand apart at a time; one with quotes is not cut."""
    while body:
        start, size = 0, len(body)
        while start < size:
            end = body.find("\n", start + SLICE) + 1 if '"' not in body else size
            yield body[start : end or size] if start or end else body
            start = end or size
        body = next(pieces, "")


def _plain(fresh: list[Any], head: Head, cells: Cells, index: Mapping[str, int], pile: Pile) -> bool:
    """Read ballots that hold nothing but known projects, each once, all together; False (and nothing done) otherwise."""
    votes: list[str] = fresh if cells.one else [key[0] for key in fresh]
    try:
        picks = np.array([index[name] for name in ",".join(votes).split(",")] if votes else [], np.int32)
    except KeyError:
        return False
    lengths = array("i", [vote.count(",") + 1 for vote in votes])
    if head.vote_type == "choose-1" and len(picks) > len(votes):
        return False
    rows = np.repeat(np.arange(len(votes)) * max(len(index), 1), lengths) + picks
    rows.sort()
    if (rows[1:] == rows[:-1]).any():
        return False
    if not cells.one:
        said = ",".join([key[1] for key in fresh])
        points = said.split(",")
        if not (said.isascii() and said.replace(",", "").isdecimal() and max(map(len, points)) <= 12) or array(
            "i", [key[1].count(",") + 1 for key in fresh]
        ) != lengths or not all(points):
            return False
        pile.points += map(int, points)
    pile.lengths += lengths
    pile.picks.frombytes(picks.tobytes())
    return True


Place = tuple[list[list[str]], Sequence[int]]


def _table(body: str, head: Head, cells: Cells, line: int, notes: Notes) -> tuple[list[list[str]], Sequence[int]]:
    """The rows of a block and their lines; all at once where they are plain and even, else one by one."""
    if '"' not in body:
        lines = body.split("\n")
        while lines and not lines[-1]:
            lines.pop()
        table = [one.split(";") for one in lines]
        if set(map(len, table)) <= {cells.width}:
            return table, range(line, line + len(table))
    table, numbers = [], []
    for row in rows(body, head.path, line):
        here = _even(row, head, cells, notes)
        if here:
            table.append(here)
            numbers.append(row.line)
    return table, numbers


def _even(row: Row, head: Head, cells: Cells, notes: Notes) -> list[str]:
    got = row.cells
    if title(row) in ("META", "PROJECTS", "VOTES"):
        raise FormatError("section", head.path, row.line, detail=title(row))
    if not any(got):
        return []
    if len(got) > cells.width and not any(got[cells.width :]):
        got = got[: cells.width]
    if len(got) != cells.width:
        place = column(got, min(len(got), cells.width))
        notes.take(FormatError("cells", head.path, row.line, place, f"{len(got)} ≠ {cells.width}"))
        if len(got) <= max(cells.voter, *cells.at.values()):
            return []
        got = (got + [""] * cells.width)[: cells.width]
    return got


def _ballot(
    key: Any, head: Head, cells: Cells, index: Mapping[str, int], notes: Notes, place: Place, pile: Pile
) -> None:
    """Read a ballot cell (with points, weight and fund where there are such) onto the pile."""
    said = {"vote": key} if cells.one else dict(zip(cells.at, key, strict=True))
    vote: str = said["vote"]
    names = vote.split(",") if vote else []
    try:
        picks = [index[name] for name in names]
    except KeyError:
        picks = _slow(names, key, head, cells, index, notes, place)
    points: list[Fraction | int] = []
    if "points" in said:
        points = _points(said["points"], key, head, cells, place)
        if len(points) != len(picks):
            raise _fault("points", key, head, cells, place, "points", f"{len(points)} ≠ {len(picks)}")
    if -1 in picks:
        keep = [number for number, pick in enumerate(picks) if pick >= 0]
        picks, points = [picks[number] for number in keep], [points[number] for number in keep] if points else []
    if len(set(picks)) != len(picks):
        picks, points = _merged(picks, points)
        notes.take(_fault("project-twice", key, head, cells, place, "vote", vote[:60]), always=True)
    if head.vote_type == "choose-1" and len(picks) > 1:
        notes.take(_fault("choose-1", key, head, cells, place, "vote", vote[:60]))
    pile.lengths.append(len(picks))
    pile.picks.extend(picks)
    pile.points += points
    if "weight" in said:
        pile.weight.append(_weight(said["weight"].strip(), key, head, cells, place))
    if "fund" in said:
        pile.fund.append(said["fund"].strip())


def _slow(
    names: list[str], key: Any, head: Head, cells: Cells, index: Mapping[str, int], notes: Notes, place: Place
) -> list[int]:
    """The picks of a ballot with spaces or unknown names; −1 for what is left out in tolerant mode."""
    picks, inside = [], 0
    for name in names:
        pick = index.get(name.strip(), -1)
        if pick < 0:
            notes.take(_fault("unknown-project", key, head, cells, place, "vote", name.strip()[:40] or "''", inside))
        picks.append(pick)
        inside += len(name) + 1
    return picks


def _points(text: str, key: Any, head: Head, cells: Cells, place: Place) -> list[Fraction | int]:
    found: list[Fraction | int] = []
    inside = 0
    for one in text.split(",") if text else ():
        plain = one.strip()
        if WHOLE.fullmatch(plain):
            found.append(int(plain))
        elif not NUMBER.fullmatch(plain) or len(plain) > 24:
            raise _fault("number", key, head, cells, place, "points", plain[:40] or "''", inside)
        elif plain[0] == "-":
            raise _fault("negative", key, head, cells, place, "points", plain, inside)
        else:
            found.append(Fraction(plain))
        inside += len(one) + 1
    return found


def _merged(picks: list[int], points: list[Fraction | int]) -> tuple[list[int], list[Fraction | int]]:
    """Each project once, at its first place; its points added up."""
    total: dict[int, Fraction | int] = dict.fromkeys(picks, 0)
    for pick, point in zip(picks, points, strict=False):
        total[pick] += point
    return list(total), list(total.values()) if points else []


def _weight(text: str, key: Any, head: Head, cells: Cells, place: Place) -> int:
    if not WHOLE.fullmatch(text) or len(text) > 9 or not int(text):
        raise _fault("weight", key, head, cells, place, "weight", text[:40])
    return int(text)


def _fault(code: str, key: Any, head: Head, cells: Cells, place: Place, role: str, detail: str, inside: int = 0) -> FormatError:
    """Find the first row that holds this ballot, for its line and column."""
    table, lines = place
    number = next(number for number, row in enumerate(table) if cells.pick(row) == key)
    return FormatError(code, head.path, lines[number], column(table[number], cells.at[role], inside), detail)


def _same(first: Head, other: Head) -> None:
    for what, one, two in (
        ("budget", first.budget, other.budget), ("vote_type", first.vote_type, other.vote_type),
        ("PROJECTS", _listed(first), _listed(other)),
    ):
        if one != two:
            raise FormatError("other-election", other.path, 1, detail=what)


def _listed(head: Head) -> list[tuple[str, Fraction]]:
    return sorted((project.id, project.cost) for project in head.projects)


def _promises(parts: Sequence[tuple[Head, int]], people: int, notes: Notes) -> None:
    """num_votes and num_projects say what the file should hold: a file cut off between two rows is found here."""
    for head, here in parts:
        said = head.meta.get("num_votes", "").strip()
        if said and said not in (str(here), str(people)):
            notes.take(FormatError("num-votes", head.path, head.line, detail=f"{said} ≠ {here}"))
        said = head.meta.get("num_projects", "").strip()
        if said and said != str(len(head.projects)):
            notes.take(FormatError("num-projects", head.path, 1, detail=f"{said} ≠ {len(head.projects)}"))


def _once(hashes: "list[array[int]]", people: int, parts: Sequence[Path], encoding: str, notes: Notes) -> None:
    """Every voter once. Hashes find the suspects in little memory; only equal names are a fault."""
    if people < 20_000:
        if len(set().union(*hashes)) == people:
            return
        suspects = {number for number, many in Counter(one for some in hashes for one in some).items() if many > 1}
    else:
        numbers = np.sort(np.concatenate([np.frombuffer(some, np.int64) for some in hashes]))
        suspects = set(numbers[1:][numbers[1:] == numbers[:-1]].tolist())
    if not suspects:
        return
    seen: set[str] = set()
    for path in parts:
        for row, place in _voters(path, encoding):
            name = row.cells[place] if len(row.cells) > place else ""
            if hash(name) in suspects:
                if name in seen:
                    notes.take(FormatError("voter-twice", path, row.line, column(row.cells, place), name[:40]))
                seen.add(name)


def _voters(path: Path, encoding: str) -> Iterator[tuple[Row, int]]:
    pieces = blocks(path, encoding)
    head, body = opening(path, pieces)
    line, place = head.line, head.header.index("voter_id")
    while body:
        for row in rows(body, path, line):
            if any(row.cells):
                yield row, place
        line += body.count("\n")
        body = next(pieces, "")
