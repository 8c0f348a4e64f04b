"""Read what stands above the votes of a Pabulib file: META, the projects, the header of the votes.

1. Columns are found by name; those nobody knows are kept as text (`Project.extra`).
2. Amounts are plain decimals, read exactly; a key, a column or a project may stand only once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from madang.methods.budgeting.election import NOTHING, TYPES, Project
from madang.methods.budgeting.pabulib_rows import FormatError, Row, column, rows

NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,12})?")
SIMPLE = re.compile(r"[0-9]{1,12}").fullmatch
KNOWN = ("project_id", "cost", "name", "category", "target", "beneficiaries", "selected", "votes", "score")


class Head(NamedTuple):
    """What stands above the votes: META, the projects, the header of the votes."""

    path: Path
    meta: Mapping[str, str]
    projects: tuple[Project, ...]
    budget: Fraction
    vote_type: str
    header: list[str]
    line: int


def opening(path: Path, pieces: Iterator[str]) -> tuple[Head, str]:
    """The head of a file, and the text of its first block after it. Raises FormatError with line and column."""
    text = next(pieces, "")
    if not text or text.isspace():
        raise FormatError("empty", path, 1)
    walk = rows(text, path, 1)
    _section(next(walk), "META", path)
    meta, lines, last = _meta(walk, path)
    projects, row = _projects(walk, path, last)
    header = next(walk, None)
    if header is None:
        raise FormatError("header", path, row.line, detail="voter_id, vote")
    names = _names(header, ("voter_id", "vote"), path)
    kind = meta.get("vote_type", "").strip().lower()
    for key in ("budget", "vote_type"):
        if key not in meta:
            raise FormatError("no-key", path, 1, detail=key)
    if kind not in TYPES:
        raise FormatError("vote-type", path, lines["vote_type"], 11, meta["vote_type"])
    if kind in ("cumulative", "scoring") and "points" not in names:
        raise FormatError("header", path, header.line, detail="points")
    budget = _amount(meta["budget"], path, lines["budget"], 8)
    return Head(path, meta, projects, budget, kind, names, header.line + 1), text[header.after :]


def _section(row: Row, name: str, path: Path) -> None:
    if title(row) != name:
        raise FormatError("no-meta" if name == "META" else "section", path, row.line, detail=row.cells[0][:40])


def title(row: Row) -> str:
    """The word of a row that holds nothing else (as a section begins), in capitals; "" for others."""
    return row.cells[0].strip().upper() if not any(row.cells[1:]) else ""


def _meta(walk: Iterator[Row], path: Path) -> tuple[dict[str, str], dict[str, int], int]:
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    last = 1
    for row in walk:
        last = row.line
        if title(row) == "PROJECTS":
            return meta, lines, last
        key = row.cells[0].strip()
        if not lines and key == "key" and "value" in row.cells[1:2]:
            lines["key"] = last
            continue
        if title(row) == "VOTES":
            raise FormatError("section", path, last, detail="VOTES")
        if key in meta:
            raise FormatError("key-twice", path, last, detail=key)
        meta[key], lines[key] = ";".join(row.cells[1:]).rstrip(";") if len(row.cells) != 2 else row.cells[1], last
    raise FormatError("cut-off", path, last, detail="PROJECTS")


def _names(row: Row, needed: Sequence[str], path: Path) -> list[str]:
    names = [name.strip().lower() for name in row.cells]
    while names and not names[-1]:
        names.pop()
    if missing := [name for name in needed if name not in names]:
        raise FormatError("header", path, row.line, detail=", ".join(missing))
    for place, name in enumerate(names):
        if name in names[:place]:
            raise FormatError("column-twice", path, row.line, column(row.cells, place), name)
    return names


def _projects(walk: Iterator[Row], path: Path, last: int) -> tuple[tuple[Project, ...], Row]:
    header = next(walk, None)
    if header is None:
        raise FormatError("cut-off", path, last, detail="VOTES")
    names = _names(header, ("project_id", "cost"), path)
    place = {name: number for number, name in enumerate(names)}
    extra = [(name, number) for name, number in place.items() if name not in KNOWN]
    found: dict[str, Project] = {}
    for row in walk:
        if title(row) == "VOTES":
            return tuple(found.values()), row
        project = _project(row, place, extra, len(names), path)
        if project.id in found:
            raise FormatError("project-twice", path, row.line, column(row.cells, place["project_id"]), project.id)
        found[project.id] = project
        last = row.line
    raise FormatError("cut-off", path, last, detail="VOTES")


def _project(row: Row, place: Mapping[str, int], extra: list[tuple[str, int]], width: int, path: Path) -> Project:
    cells = row.cells
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    if len(cells) != width:
        raise FormatError("cells", path, row.line, column(cells, min(len(cells), width)), f"{len(cells)} ≠ {width}")

    at, cells = place["project_id"], [*cells, ""]  # a column there is not is the last, empty one
    name = cells[at].strip()
    if not name or "," in name:
        raise FormatError("no-id", path, row.line, column(cells, at), f"{name}: ','" if name else "")
    said = cells[place["cost"]]
    cost = Fraction(int(said)) if SIMPLE(said) else _amount(said, path, row.line, column(cells, place["cost"]))
    title, category, target, others, selected, votes, score = itemgetter(*[place.get(one, -1) for one in KNOWN[2:]])(cells)
    return Project(
        name, cost, title, _list(category), _list(target or others), selected.strip(), votes, score,
        {key: cells[number] for key, number in extra} if extra else NOTHING,
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple([one.strip() for one in cell.split(",") if one.strip()]) if cell else ()


def _amount(text: str, path: Path, line: int, at: int) -> Fraction:
    plain = text.strip()
    if not NUMBER.fullmatch(plain):
        raise FormatError("number", path, line, at, plain[:40])
    if plain[0] == "-":
        raise FormatError("negative", path, line, at, plain)
    return Fraction(plain) if "." in plain else Fraction(int(plain))
