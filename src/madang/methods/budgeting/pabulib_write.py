"""Write Pabulib files, and carry every cell of one through unchanged.

1. `sheets` keeps every row and column as text, unknown ones too; `text` writes them back: reading again gives the same sheets.
2. `of` writes an election that was made by hand or read: voters are numbered 1, 2, … (who voted what is nobody's business).
3. A cell with `;`, a quote or a line end is quoted; everything else stands as it is. Lines end with `\\n`, UTF-8, no mark.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from madang.methods.budgeting.election import Election, Project
from madang.methods.budgeting.pabulib_rows import FormatError, blocks, rows

SECTIONS = ("META", "PROJECTS", "VOTES")


class Sheets(NamedTuple):
    """The three tables of a file, header rows included, every cell as text."""

    meta: list[list[str]]
    projects: list[list[str]]
    votes: list[list[str]]


def sheets(path: Path | str, encoding: str = "utf-8") -> Sheets:
    """Every cell of a file. O(characters), all in memory. Raises FormatError where a section is missing or a quote open."""
    found: dict[str, list[list[str]]] = {}
    line = 1
    for piece in blocks(Path(path), encoding):
        for row in rows(piece, path, line):
            name = row.cells[0].strip().upper()
            if name in SECTIONS[: len(found) + 1] and name not in found and not any(row.cells[1:]):
                found[name] = []
            elif found:
                found[SECTIONS[len(found) - 1]].append(row.cells)
            else:
                raise FormatError("no-meta", path, row.line)
        line += piece.count("\n")
    if len(found) < len(SECTIONS):
        raise FormatError("cut-off", path, line, detail=SECTIONS[len(found)])
    return Sheets(*(found[name] for name in SECTIONS))


def text(tables: Sheets) -> str:
    """The file that holds these tables."""
    lines: list[str] = []
    for name, table in zip(SECTIONS, tables, strict=True):
        lines.append(name)
        lines += (";".join(map(_cell, row)) for row in table)
    return "\n".join(lines) + "\n"


def _cell(value: str) -> str:
    plain = not any(mark in value for mark in ';"\n\r')
    return value if plain else '"' + value.replace('"', '""') + '"'


def of(election: Election) -> Sheets:
    """The tables of an election: META with what must be there, projects with all their columns, one row per voter. O(voters)."""
    meta = dict(election.meta) | {
        "num_projects": str(len(election.projects)), "num_votes": str(election.people), "budget": plain(election.budget),
        "vote_type": election.vote_type,
    }
    return Sheets([["key", "value"], *([key, value] for key, value in meta.items())], _projects(election.projects), list(_votes(election)))


def plain(value: Fraction) -> str:
    """A decimal, exactly. Raises ValueError for a fraction that has none (1/3)."""
    places = 0
    while places <= 12 and (value * 10**places).denominator != 1:
        places += 1
    if places > 12:
        raise ValueError(f"{value} is no decimal of at most 12 places")
    digits = str(int(value * 10**places)).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _projects(projects: Sequence[Project]) -> list[list[str]]:
    columns = {
        "project_id": [one.id for one in projects],
        "cost": [plain(one.cost) for one in projects],
        "votes": [one.votes for one in projects],
        "score": [one.score for one in projects],
        "name": [one.name for one in projects],
        "category": [",".join(one.categories) for one in projects],
        "target": [",".join(one.targets) for one in projects],
        "selected": [one.selected for one in projects],
    }
    for key in sorted({key for one in projects for key in one.extra}):
        columns[key] = [one.extra.get(key, "") for one in projects]
    kept = {name: cells for name, cells in columns.items() if any(cells) or name in ("project_id", "cost")}
    return [list(kept), *(list(row) for row in zip(*kept.values(), strict=True))]


def _votes(election: Election) -> Iterator[list[str]]:
    header = ["voter_id", "vote"] + ["points"] * election.has_points + ["fund"] * (election.funds != ("",))
    yield header
    voter = 0
    for group, many in enumerate(election.voters.tolist()):
        span = slice(int(election.starts[group]), int(election.starts[group + 1]))
        picks, points, places = election.picks[span].tolist(), election.points[span].tolist(), election.places[span].tolist()
        order = sorted(range(len(picks)), key=places.__getitem__)
        cells = [",".join(election.ids[picks[number]] for number in order)]
        if election.has_points:
            cells.append(",".join(plain(Fraction(points[number], election.points_scale)) for number in order))
        if election.funds != ("",):
            cells.append(election.funds[int(election.funds_group[group])])
        for _ in range(many):
            voter += 1
            yield [str(voter), *cells]
