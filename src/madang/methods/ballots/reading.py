"""Ballot files: a CSV with one ballot per row, the plain form `A>B=C`, and PrefLib's (see preflib).

1. A name is what stands there in NFC, spaces at both ends dropped and those inside made one.
2. Candidates are published in the order of the CSV's columns or of `candidates`; else by name, never by first appearance.
3. A fault names file, line and column. Nothing is guessed: a cell is a rank, a pick or a number of points, by the method.
4. Memory grows with the different ballots only; more than DISTINCT_MAX of them are refused.

The CSV has a header. Columns of candidates hold ranks (1 is best; equal ranks and gaps allowed), picks (1, x, o, ✓, ○; 0 or
empty for none) or points. Other columns by name: `group` (집단), `count` (매수), `id` (번호; twice is a fault) and `ballot`
(표, vote, choice), which holds the plain form instead of columns of candidates. The plain form is one ballot per line:
`A > B = C`, `A, C` (picks), `A:3, B:5` (points); `12 * A > B` (or `12: A > B`) stands for 12 ballots, `#` begins a remark, an empty line
is passed over and `-` is a blank ballot.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from madang.methods.ballots.profile import Points, Profile, Ranking
from madang.methods.korean.textfile import BadFile, Record, lines, records

DISTINCT_MAX = 3_000_000
COUNT_MAX = 10**12
NAME_MAX = 200
CANDIDATES_MAX = 10_000
ROLES = {
    "group": "group", "집단": "group", "count": "count", "매수": "count", "id": "id", "번호": "id", "voter": "id",
    "voter_id": "id", "ballot": "ballot", "표": "ballot", "vote": "ballot", "choice": "ballot", "선택": "ballot",
}
PICKED = frozenset({"1", "x", "o", "v", "✓", "○", "●", "yes", "y", "true", "예", "찬성"})
NOT_PICKED = frozenset({"", "0", "-", "no", "n", "false", "아니오"})
DIGITS = frozenset(map(str, range(101)))  # the usual cells, known without a closer look
FORMS = {
    "rank": "순위는 `A > B = C`로 적습니다.", "pick": "고른 후보는 `A, C`로 적습니다.", "points": "점수는 `A:3, B:5`로 적습니다.",
}
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,9})?", re.ASCII)
_COUNT = {
    "points": re.compile(r"\s*(\d{1,12})\s*\*\s*", re.ASCII),
    **dict.fromkeys(("rank", "pick"), re.compile(r"\s*(\d{1,12})\s*[*:]\s*", re.ASCII)),
}
_STRAY = {"rank": re.compile(r"[,;:]"), "pick": re.compile(r"[>:]"), "points": re.compile(r"[>=]")}
_CUT = {"rank": re.compile(r"[>=]"), "pick": re.compile(r"[,;=]"), "points": re.compile(r"[,;]")}

Faulty = Callable[[int, str, str], BadFile]
"""Makes the fault of one line from a column (from 1), Korean and English words."""


class Names:
    """Candidates as they are met, with a number for each; closed where they were announced."""

    def __init__(self, announced: Sequence[str] = ()) -> None:
        self.number: dict[str, int] = {}
        self.written: dict[str, int] = {}  # as it stands in the file, so that each spelling is cleaned once
        self.alone: list[tuple[int]] = []  # the tier of each candidate alone, shared by all ballots
        self.closed = bool(announced)
        for name in announced:
            clean = cleaned(name)
            if not clean or clean in self.number:
                raise ValueError(f"후보 이름이 비었거나 두 번 나옵니다 / empty or listed twice: {name!r}")
            self.number[clean] = len(self.number)

    def of(self, text: str, column: int, fault: Faulty) -> int:
        """The number of the candidate written here. Raises the fault for an empty or unknown name."""
        if (known := self.written.get(text)) is not None:
            return known
        found = self.written[text] = self._found(text, column, fault)
        return found

    def strict(self, text: str) -> Ranking | None:
        """The ranking of a line like `A>B>C` whose spellings are all known; None if it has to be read with care."""
        try:
            found = [self.written[piece] for piece in text.split(">")]
        except KeyError:
            return None
        while len(self.alone) < len(self.number):
            self.alone.append((len(self.alone),))
        return tuple([self.alone[one] for one in found]) if len(set(found)) == len(found) else None

    def _found(self, text: str, column: int, fault: Faulty) -> int:
        name = cleaned(text)
        known = self.number.get(name)
        if known is not None:
            return known
        column += len(text) - len(text.lstrip())
        if not name or len(name) > NAME_MAX:
            raise fault(column, "후보 이름이 비었거나 너무 깁니다.", "a candidate's name is empty or too long")
        if self.closed:
            raise fault(column, f"없는 후보입니다: {name}", "unknown candidate")
        if len(self.number) == CANDIDATES_MAX:
            raise fault(column, f"후보가 {CANDIDATES_MAX:,}명을 넘습니다.", "too many candidates")
        return self.number.setdefault(name, len(self.number))


def cleaned(name: str) -> str:
    """The name as it is compared and shown."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def read(path: Path, marks: str, candidates: Sequence[str] = (), form: str = "") -> Profile:
    """Read a file as `marks`: "rank", "pick" or "points". form: csv, plain or preflib; "" goes by the name's ending.

    Raises BadFile with line and column for whatever does not fit. O(bytes).
    """
    if not form:
        form = {".csv": "csv", **dict.fromkeys((".soc", ".soi", ".toc", ".toi"), "preflib")}.get(path.suffix.lower(), "plain")
    if form == "preflib":
        from madang.methods.ballots.preflib import read_preflib  # noqa: PLC0415 — it reads with the same Names

        return read_preflib(path)
    names = Names(candidates)
    cast = _read_csv(path, marks, names) if form == "csv" else _read_plain(path, marks, names)
    return profile(names, cast, marks)


Cast = Counter[tuple[str, Any]]  # group, and a Ranking or Points, as the file was read


def profile(names: Names, cast: Cast, marks: str) -> Profile:
    """The profile with candidates in the published order: as announced, else by name."""
    known = list(names.number)
    order = known if names.closed else sorted(known)
    place = {name: number for number, name in enumerate(order)}
    to = [place[name] for name in known]
    groups = tuple(sorted({group for group, _ in cast}))
    number = {group: each for each, group in enumerate(groups)}
    same = to == list(range(len(to)))
    tiers: dict[tuple[int, ...], tuple[int, ...]] = {}
    ranked: dict[tuple[int, Ranking], int] = {}
    pointed: dict[tuple[int, Points], int] = {}
    if marks == "points":
        for (group, points), times in cast.items():
            pointed[number[group], points if same else tuple(sorted((to[a], each) for a, each in points))] = times
    else:
        for (group, ranking), times in cast.items():
            ranked[number[group], ranking if same else _renumbered(ranking, to, tiers)] = times
    return Profile(tuple(order), groups, ranked, pointed)


def _renumbered(ranking: Ranking, to: list[int], tiers: dict[tuple[int, ...], tuple[int, ...]]) -> Ranking:
    moved = [tiers.get(tier) for tier in ranking]
    for place, tier in enumerate(ranking):
        if moved[place] is None:
            moved[place] = tiers[tier] = tuple(sorted(to[each] for each in tier))
    return tuple(moved)  # type: ignore[arg-type]


# ── the plain form ───────────────────────────────────────────────────────────


def _read_plain(path: Path, marks: str, names: Names) -> Cast:
    cast: Cast = Counter()
    known: dict[str, tuple[int, Ranking | Points]] = {}
    for line, text in lines(path):
        found = known.get(text) or _plain_line(text, marks, names, _at(path, line))
        if found:
            known[text] = found
            cast["all", found[1]] += found[0]
        if len(known) > DISTINCT_MAX:
            raise BadFile(path, line, 1, "서로 다른 표가 너무 많습니다.", f"more than {DISTINCT_MAX:,} different lines")
    if not cast:
        raise BadFile(path, 0, 0, "표가 없습니다.", "there is no ballot in the file")
    return cast


def _plain_line(text: str, marks: str, names: Names, fault: Faulty) -> tuple[int, Ranking | Points] | None:
    """How many, and the ballot; None for an empty line or a remark."""
    if not text.strip() or text.lstrip().startswith("#"):
        return None
    times, start = 1, 0
    if counted := _COUNT[marks].match(text):
        times, start = int(counted[1]), counted.end()
        if not times:
            raise fault(1, "매수는 1 이상이어야 합니다.", "a count is at least 1")
    return times, parsed(text[start:], start + 1, marks, names, fault)


def parsed(text: str, column: int, marks: str, names: Names, fault: Faulty) -> Ranking | Points:
    """A ballot in the plain form, beginning at `column`. "-" is a blank one. Raises the fault with its column."""
    if marks == "rank" and (known := names.strict(text)):
        return known
    if text.strip() == "-":
        return ()
    if stray := _STRAY[marks].search(text):
        korean = f"여기에 {stray[0]!r}는 올 수 없습니다. {FORMS[marks]}"
        raise fault(column + stray.start(), korean, "not the form of this method's ballots")
    found: list[tuple[int, int, str]] = []  # candidate, column, what follows
    separators, start = _CUT[marks], 0
    pieces = [*((each.start(), each[0]) for each in separators.finditer(text)), (len(text), "")]
    values: list[tuple[int, int | Fraction]] = []
    for end, sign in pieces:
        piece, at = text[start:end], column + start
        if marks == "points":
            piece, value = _pointed(piece, at, fault)
            values.append((names.of(piece, at, fault), value))
        found.append((values[-1][0] if marks == "points" else names.of(piece, at, fault), at, sign))
        start = end + 1
    seen: set[int] = set()
    for one, at, _ in found:
        if one in seen:
            raise fault(at, "한 표에 같은 후보가 두 번 나옵니다.", "a candidate stands twice on one ballot")
        seen.add(one)
    if marks == "points":
        return tuple(sorted(values))
    tiers: list[list[int]] = [[]]
    for one, _, sign in found:
        tiers[-1].append(one)
        if sign == ">":
            tiers.append([])
    return tuple(tuple(sorted(tier)) for tier in tiers)


def _pointed(piece: str, column: int, fault: Faulty) -> tuple[str, int | Fraction]:
    name, colon, given = piece.rpartition(":")
    if not colon:
        raise fault(column, "점수가 없습니다. `이름:점수`로 적습니다.", "no points: write `name:points`")
    return name, number(given, column + len(name) + 1, fault)


def number(text: str, column: int, fault: Faulty) -> int | Fraction:
    """Points: a whole or decimal number from 0, exactly. NaN, infinite and negative ones are faults."""
    clean = text.strip()
    if not _NUMBER.fullmatch(clean):
        raise fault(column, f"0 이상의 수가 아닙니다: {clean[:40]!r}", "not a number from 0")
    return int(clean) if clean.isdigit() else Fraction(clean)


def _at(path: Path, line: int) -> Faulty:
    return lambda column, korean, english: BadFile(path, line, column, korean, english)


# ── CSV ──────────────────────────────────────────────────────────────────────


def _read_csv(path: Path, marks: str, names: Names) -> Cast:
    rows = records(path)
    head = next(rows, None)
    if head is None:
        raise BadFile(path, 0, 0, "표가 없습니다.", "there is no ballot in the file")
    roles, columns = _header(path, head, names)
    if "ballot" in roles:
        return _rows(path, rows, marks, names, roles, [], len(head.fields))
    names.closed = True
    return _rows(path, rows, marks, names, roles, columns, len(head.fields))


def _header(path: Path, head: Record, names: Names) -> tuple[dict[str, int], list[tuple[int, int]]]:
    """Which field has which role, and (field, candidate) for the others."""
    roles: dict[str, int] = {}
    columns: list[tuple[int, int]] = []
    taken: set[str] = set()
    for field, text in enumerate(head.fields):
        name = cleaned(text)
        fault = _at(path, head.line)
        if name in taken:
            raise fault(head.column(field), f"같은 열이 두 번 나옵니다: {name}", "a column stands twice")
        taken.add(name)
        role = ROLES.get(name.lower())
        if role in roles:
            raise fault(head.column(field), f"{role} 열이 두 번 나옵니다.", f"two columns are {role}")
        if role:
            roles[role] = field
        else:
            columns.append((field, names.of(text, head.column(field), fault)))
    if "ballot" in roles and columns:
        field = columns[0][0]
        raise _at(path, head.line)(head.column(field), "ballot 열이 있으면 후보 열이 없어야 합니다.",
                                   "columns of candidates beside a column `ballot`")
    if not columns and "ballot" not in roles:
        raise _at(path, head.line)(1, "후보 열이 없습니다.", "no column of a candidate")
    return roles, columns


def _rows(
    path: Path, rows: Iterable[Record], marks: str, names: Names, roles: dict[str, int],
    columns: list[tuple[int, int]], width: int,
) -> Cast:
    cast: Cast = Counter()
    known: dict[tuple[str, ...], Ranking | Points] = {}
    ids: set[str] = set()
    fields = [field for field, _ in columns] or [roles["ballot"]]
    group, count, voter = roles.get("group"), roles.get("count"), roles.get("id")
    for row in rows:
        if len(row.fields) != width:
            raise BadFile(path, row.line, len(row.text) + 1, f"열이 {width}개여야 하는데 {len(row.fields)}개입니다.",
                          f"{width} fields expected, {len(row.fields)} found")
        cells = tuple([row.fields[field] for field in fields])
        ballot = known.get(cells)
        if ballot is None:
            ballot = known[cells] = _ballot(path, row, cells, fields, columns, marks, names)
            if len(known) > DISTINCT_MAX:
                raise BadFile(path, row.line, 1, "서로 다른 표가 너무 많습니다.", f"more than {DISTINCT_MAX:,} different ballots")
        if voter is not None:
            _unseen(path, row, voter, ids)
        times = 1 if count is None else _times(path, row, count)
        cast["all" if group is None else _group(path, row, group), ballot] += times
    if not cast:
        raise BadFile(path, 0, 0, "표가 없습니다.", "there is no ballot in the file")
    return cast


def _ballot(
    path: Path, row: Record, cells: tuple[str, ...], fields: list[int], columns: list[tuple[int, int]], marks: str,
    names: Names,
) -> Ranking | Points:
    fault = _at(path, row.line)
    if not columns:
        text = cells[0]
        return parsed(text, row.column(fields[0]), marks, names, fault) if text.strip() else ()
    given = zip(cells, columns, strict=True)
    if marks == "points":
        return tuple([
            (one, int(cell) if cell in DIGITS else number(cell, row.column(field), fault))
            for cell, (field, one) in given if cell and not cell.isspace()
        ])
    ranks: dict[int, list[int]] = {}
    for cell, (field, one) in given:
        rank = int(cell) if cell in DIGITS and marks == "rank" else _rank(cell.strip().lower(), marks)
        if rank is None:
            asked = ("순위가 아닙니다", "not a rank") if marks == "rank" else ("고른 표시가 아닙니다", "not a pick")
            raise fault(row.column(field), f"{asked[0]}: {cell[:40]!r}", asked[1])
        if rank:
            ranks.setdefault(rank, []).append(one)
    return tuple(tuple(sorted(ranks[rank])) for rank in sorted(ranks))


def _rank(cell: str, marks: str) -> int | None:
    """The rank in a cell, 0 for none, None for what is no rank (or no pick)."""
    if cell in NOT_PICKED:
        return 0
    if cell in PICKED:
        return 1
    return int(cell) if marks == "rank" and cell.isascii() and cell.isdigit() and len(cell) <= 6 else None


def _unseen(path: Path, row: Record, field: int, ids: set[str]) -> None:
    voter = cleaned(row.fields[field])
    if not voter or voter in ids:
        korean = f"번호가 두 번 나옵니다: {voter}" if voter else "번호가 비었습니다."
        raise BadFile(path, row.line, row.column(field), korean, "this id is empty or stands twice")
    ids.add(voter)


def _times(path: Path, row: Record, field: int) -> int:
    text = row.fields[field].strip()
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 12 and int(text)):
        raise BadFile(path, row.line, row.column(field), "매수는 1 이상의 정수여야 합니다.", "a count is a whole number from 1")
    return int(text)


def _group(path: Path, row: Record, field: int) -> str:
    group = cleaned(row.fields[field])
    if not group:
        raise BadFile(path, row.line, row.column(field), "집단이 비었습니다.", "the group is empty")
    return group
