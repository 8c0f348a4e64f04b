"""The files of the field: the pool of volunteers and the quotas, read whole or refused with file, line and column.

1. Nothing is guessed: a value without a quota, a row cut short, an id that stands twice is refused where it stands.
2. Written differently is not different: Unicode NFC, outer and doubled blanks, and letter case do not matter in values.
3. UTF-8 (with or without BOM) and UTF-16 with BOM are read silently; CP949 is read with a note, and noted for the reader.
4. Rows are read one by one; more than LIMIT volunteers are refused at that line, so memory stays bounded.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

LIMIT = 200_000
ID_NAMES = ("id", "nationbuilder_id", "person_id", "pid", "아이디", "번호", "참가번호", "접수번호", "신청번호")
QUOTA_NAMES = {"feature": ("feature", "category", "특성", "항목"), "value": ("value", "name", "값", "구분")}
QUOTA_NUMBERS = {"min": ("min", "최소"), "max": ("max", "최대"), "min_flex": ("min_flex",), "max_flex": ("max_flex",)}
QUOTAS_MAX = 5_000
NUMBER_MAX = 1_000_000
_BLANKS = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")


class Refused(ValueError):
    """What cannot be done, in Korean with English beside it; `place` is file:line:column where there is one."""

    def __init__(self, korean: str, english: str, place: str = "") -> None:
        self.korean, self.english, self.place = korean, english, place
        super().__init__(f"{place}: {korean} / {english}" if place else f"{korean} / {english}")


@dataclass(frozen=True, slots=True)
class Quota:
    """At least `min` and at most `max` seats for people with `value` of `feature`; bendable to `min_flex`…`max_flex`."""

    feature: str
    value: str
    min: int
    max: int
    min_flex: int
    max_flex: int
    line: int = 0

    def __str__(self) -> str:
        return f"{self.feature}={self.value}"


@dataclass(frozen=True, slots=True)
class Volunteer:
    """`rows`: for each feature, in the order of `Quotas.features`, the number of the quota row this person counts in."""

    id: str
    rows: tuple[int, ...]
    household: str = ""
    line: int = 0


@dataclass(frozen=True)
class Quotas:
    """The quota rows, sorted by feature and value, so that the order of lines in the file never matters."""

    rows: tuple[Quota, ...]
    features: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Sequence[Quota], notes: Sequence[str] = ()) -> "Quotas":
        """Sort and index `rows`."""
        ordered = tuple(sorted(rows, key=lambda row: (key(row.feature), key(row.value))))
        return cls(ordered, tuple(dict.fromkeys(row.feature for row in ordered)), tuple(notes))

    def index(self) -> list[dict[str, int]]:
        """For each feature: the folded value → its row."""
        found: list[dict[str, int]] = [{} for _ in self.features]
        place = {feature: number for number, feature in enumerate(self.features)}
        for number, row in enumerate(self.rows):
            found[place[row.feature]][key(row.value)] = number
        return found


@dataclass(frozen=True)
class Pool:
    """The volunteers, sorted by id. `notes` are for the reader: how the file was read."""

    people: tuple[Volunteer, ...]
    notes: tuple[str, ...] = ()
    id_column: str = "id"
    source: str = field(default="", compare=False)


def key(text: str) -> str:
    """The folded form two spellings of one value share."""
    return tidy(text).casefold()


def tidy(text: str) -> str:
    """NFC, no outer blanks, no zero-width marks, inner blanks single."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def read_quotas(path: str | Path) -> Quotas:
    """Read `feature,value,min,max[,min_flex,max_flex]` (or `category,name,…`); Refused with line and column."""
    table = _Table(Path(path))
    columns = {name: table.column(known) for name, known in (QUOTA_NAMES | QUOTA_NUMBERS).items()}
    for name in ("feature", "value", "min", "max"):
        if columns[name] is None:
            raise table.refused(f"‘{name}’ 열이 없습니다.", f"there is no column ‘{name}’", table.line, 1)
    rows: list[Quota] = []
    seen: dict[tuple[str, str], int] = {}
    spelled: dict[str, str] = {}
    for line, cells in table.rows():
        row = _quota(table, line, cells, columns, spelled)
        mark = (key(row.feature), key(row.value))
        if mark in seen:
            raise table.refused(f"‘{row}’이(가) {seen[mark]}번째 줄에 이미 있습니다.",
                                f"‘{row}’ stands already in line {seen[mark]}", line, 2)  # fmt: skip
        seen[mark] = line
        rows.append(row)
        if len(rows) > QUOTAS_MAX:
            raise table.refused(f"할당이 {QUOTAS_MAX}줄을 넘습니다.", f"more than {QUOTAS_MAX} quotas", line, 1)
    if not rows:
        raise table.refused("할당이 한 줄도 없습니다.", "there are no quotas", table.line, 1)
    return Quotas.of(rows, table.notes)


def _quota(
    table: "_Table", line: int, cells: list[str], columns: dict[str, int | None], spelled: dict[str, str]
) -> Quota:
    def text(name: str) -> str:
        at = columns[name] or 0
        if not tidy(cells[at]):
            raise table.refused(f"‘{name}’이(가) 비어 있습니다.", f"‘{name}’ is blank", line, at + 1)
        return tidy(cells[at])

    def number(name: str, otherwise: int | None = None) -> int:
        at = columns[name]
        raw = tidy(cells[at]) if at is not None else ""
        if not raw and otherwise is not None:
            return otherwise
        if not re.fullmatch(r"[0-9]{1,9}(\.0+)?", raw):
            raise table.refused(f"‘{name}’은(는) 0 이상의 정수여야 합니다: ‘{raw[:40]}’",
                                f"‘{name}’ must be a whole number of 0 or more", line, (at or 0) + 1)  # fmt: skip
        found = int(raw.split(".")[0])
        if found > NUMBER_MAX:
            raise table.refused(f"‘{name}’이(가) 너무 큽니다.", f"‘{name}’ is too large", line, (at or 0) + 1)
        return found

    least, most = number("min"), number("max")
    if least > most:
        raise table.refused(f"최소 {least}이(가) 최대 {most}보다 큽니다.", f"min {least} is above max {most}", line,
                            (columns["min"] or 0) + 1)  # fmt: skip
    low, high = number("min_flex", 0), number("max_flex", NUMBER_MAX)
    if low > least or high < most:
        raise table.refused("min_flex ≤ min ≤ max ≤ max_flex 여야 합니다.", "it must be min_flex ≤ min ≤ max ≤ max_flex",
                            line, (columns["min_flex" if low > least else "max_flex"] or 0) + 1)  # fmt: skip
    feature = text("feature")
    return Quota(spelled.setdefault(key(feature), feature), text("value"), least, most, low, high, line)


def read_pool(path: str | Path, quotas: Quotas, *, id_column: str = "", household: Sequence[str] = ()) -> Pool:
    """Read the volunteers.

    `id_column`: found by its usual names where not given. `household`: the columns that together name an address; people
    whose address is blank live alone. Refused: blank or doubled ids, blank or unknown values, rows cut short.
    """
    table = _Table(Path(path))
    at_id = _id_place(table, id_column)
    homes = [_named(table, name) for name in household]
    places = [_named(table, feature) for feature in quotas.features]
    index = quotas.index()
    people: list[Volunteer] = []
    seen: dict[str, int] = {}
    for line, cells in table.rows():
        name = tidy(cells[at_id])
        if not name:
            raise table.refused("번호(id)가 비어 있습니다.", "the id is blank", line, at_id + 1)
        if name in seen:
            raise table.refused(f"번호 ‘{name[:60]}’이(가) {seen[name]}번째 줄에 이미 있습니다.",
                                f"the id stands already in line {seen[name]}", line, at_id + 1)  # fmt: skip
        seen[name] = line
        rows = tuple(_row(table, line, cells, at, index[number], quotas, number) for number, at in enumerate(places))
        address = [key(cells[at]) for at in homes]
        people.append(Volunteer(name, rows, "\x1f".join(address) if any(address) else "", line))
        if len(people) > LIMIT:
            raise table.refused(f"지원자가 {LIMIT:,}명을 넘습니다.", f"more than {LIMIT:,} volunteers", line, 1)
    if not people:
        raise table.refused("지원자가 한 명도 없습니다.", "there are no volunteers", table.line, 1)
    people.sort(key=lambda person: person.id)
    return Pool(tuple(people), tuple(table.notes), table.header[at_id], str(path))


def _row(table: "_Table", line: int, cells: list[str], at: int, known: dict[str, int], quotas: Quotas, f: int) -> int:
    found = known.get(key(cells[at]))
    if found is not None:
        return found
    feature, value = quotas.features[f], tidy(cells[at])
    if not value:
        raise table.refused(f"‘{feature}’이(가) 비어 있습니다.", f"‘{feature}’ is blank", line, at + 1)
    near = get_close_matches(key(value)[:100], known, 1)
    like = f" ‘{quotas.rows[known[near[0]]].value}’인가요?" if near else ""
    raise table.refused(f"‘{feature}’의 값 ‘{value[:60]}’에는 할당이 없습니다.{like}",
                        f"no quota for this value{' (a slip of ' + near[0] + '?)' if near else ''}", line, at + 1)  # fmt: skip


def _id_place(table: "_Table", wanted: str) -> int:
    if wanted:
        return _named(table, wanted)
    found = table.column(ID_NAMES)
    if found is not None:
        return found
    raise table.refused(f"번호(id) 열을 찾지 못했습니다. --id로 알려 주세요. 있는 열: {', '.join(table.header)[:200]}",
                        "no id column found, name it with --id", table.line, 1)  # fmt: skip


def _named(table: "_Table", name: str) -> int:
    found = table.column((name,))
    if found is None:
        raise table.refused(f"‘{name}’ 열이 없습니다. 있는 열: {', '.join(table.header)[:200]}",
                            f"there is no column ‘{name}’", table.line, 1)  # fmt: skip
    return found


class _Table:
    """A CSV file: a header, then rows of exactly as many cells; blank lines are skipped."""

    def __init__(self, path: Path) -> None:
        self.path, self.line = path, 1
        self.notes: list[str] = []
        self.encoding = self._encoding()
        self.reader = self._cells()
        first = next(self.reader, None)
        if first is None:
            raise self.refused("빈 파일입니다.", "the file is empty", 1, 1)
        self.line = first[0]
        self.header = [tidy(cell) for cell in first[1]]
        counted = Counter(key(cell) for cell in self.header if cell)
        for at, cell in enumerate(self.header):
            if counted[key(cell)] > 1:
                raise self.refused(f"열 이름 ‘{cell[:60]}’이(가) 두 번 나옵니다.", "this column name stands twice",
                                   self.line, at + 1)  # fmt: skip

    def refused(self, korean: str, english: str, line: int, column: int) -> Refused:
        return Refused(korean, english, f"{self.path.name}:{line}:{column}")

    def column(self, names: Sequence[str]) -> int | None:
        folded = [key(cell) for cell in self.header]
        return next((folded.index(key(name)) for name in names if key(name) in folded), None)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        width = len(self.header)
        for line, cells in self.reader:
            if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                cells = cells[:width]
            if len(cells) != width:
                raise self.refused(f"칸이 {width}개여야 하는데 {len(cells)}개입니다.",
                                   f"{width} cells expected, {len(cells)} found", line, min(len(cells), width) + 1)  # fmt: skip
            yield line, cells

    def _encoding(self) -> str:
        try:
            with self.path.open("rb") as file:
                if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
                    return "utf-16"
        except OSError as fault:
            raise Refused("파일을 열 수 없습니다.", f"cannot open: {fault.strerror}", self.path.name) from fault
        fault_at = self._fault("utf-8-sig")
        if fault_at is None:
            return "utf-8-sig"
        if self._fault("cp949") is None:
            self.notes.append(f"{self.path.name}: UTF-8이 아니어서 CP949(EUC-KR)로 읽었습니다. / read as CP949")
            return "cp949"
        line, column = fault_at
        raise self.refused("UTF-8도 CP949도 아닌 바이트입니다.", "neither UTF-8 nor CP949", line, column)

    def _fault(self, encoding: str) -> tuple[int, int] | None:
        """The first line and byte that is not `encoding`."""
        with self.path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                try:
                    raw.decode(encoding)
                except UnicodeDecodeError as fault:
                    return number, fault.start + 1
        return None

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, strict=True)
            before = 0
            try:
                for cells in reader:
                    line, before = before + 1, reader.line_num
                    if any("\0" in cell for cell in cells):
                        raise self.refused("글자가 아닌 것(NUL)이 있습니다.", "a NUL byte", line, 1)
                    if any(cell.strip() for cell in cells):
                        yield line, cells
            except csv.Error as fault:
                raise self.refused(
                    "CSV로 읽을 수 없습니다(따옴표가 닫혔나요?).", f"not CSV: {fault}", before + 1, 1
                ) from fault
            except UnicodeError as fault:
                raise self.refused("글자를 읽을 수 없습니다.", f"not {self.encoding}", before + 1, 1) from fault
