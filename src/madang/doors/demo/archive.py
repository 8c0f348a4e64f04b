"""What the booklet tells, entered as archives: departments, organisations, three past editions with 47 proposals.

1. Everything here has a source and is not synthetic; nobody sits in these bodies and they owe nothing.
2. A past 의제 is closed as "archived" (이행 정보 없음): what the booklet does not say is nobody's lateness.
"""

from datetime import datetime

from django.utils.text import slugify
from django.utils.timezone import get_default_timezone

from madang.bodies.acts import found
from madang.bodies.models import Body
from madang.doors.demo.files import Table, tables
from madang.doors.demo.town import Town
from madang.methods.korean import romanize
from madang.processes.acts import open_
from madang.processes.models import Process
from madang.proposals.acts import record_past

ENTERED = 258  # days ago: the archive is the first thing this house learns
# key, table, name, body that proposed, its key, day (the booklet gives the year; 2017 and 2018 have a press date)
EDITIONS = (
    ("youth-network-2013", "youth-2013", "서울청년정책네트워크 1기(2013)", "seoul-youth-network", (2013, 1, 1)),
    ("youth-assembly-2017", "youth-2017", "제3회 서울청년의회(2017)", "seoul-youth-assembly", (2017, 7, 23)),
    ("youth-assembly-2018", "youth-2018", "제4회 서울청년의회(2018)", "seoul-youth-assembly", (2018, 9, 2)),
)


def enter(town: Town) -> None:
    """The organisations and the three archived processes, by the steward's hand."""
    city = _body(town, "seoul-metropolitan-government", "서울특별시", "public", tables()["numbers"].source)
    youth = tables()["youth-2018"].source
    proposers = {
        "seoul-youth-network": _body(town, "seoul-youth-network", "서울청년정책네트워크", "civil", youth),
        "seoul-youth-assembly": _body(town, "seoul-youth-assembly", "서울청년의회", "civil", youth),
    }
    _gender_governance(town)
    departments: dict[str, Body] = {}
    for key, table, name, proposer, day in EDITIONS:
        process = town.do(
            open_,
            town.people["steward"],
            town.day(ENTERED),
            town.city,
            recipe="seoul-youth-assembly",
            key=key,
            name=name,
            castings={"operator": city, "assembly": proposers[proposer]},
            source=tables()[table].source,
            archive=True,
        )
        at = datetime(*day, 14, tzinfo=get_default_timezone())
        for row in tables()[table].rows():
            _proposal(town, process, tables()[table], row, proposers[proposer], departments, at)


def _gender_governance(town: Town) -> None:
    table = tables()["gender-governance"]
    for row in table.rows():
        gu = town.place(row["gu"])
        town.do(
            found,
            town.people["steward"],
            town.day(ENTERED),
            gu,
            key=f"gender-governance-{gu.code}",
            name=row["organisation"],
            side="civil",
            source=f"{table.source} — {row['region']} 권역 · {row['gu']}",
        )


def _proposal(
    town: Town,
    process: Process,
    table: Table,
    row: dict[str, str],
    proposer: Body,
    departments: dict[str, Body],
    at: datetime,
) -> None:
    department = row["department"]
    if department and department not in departments:
        departments[department] = _body(town, _key(department), department, "public", table.source)
    undated = " (날은 실려 있지 않아 그해 1월 1일로 적음)" if at.month == 1 else ""
    town.do(
        record_past,
        town.people["steward"],
        town.day(ENTERED),
        process,
        title=row["title"],
        idea=_idea(row, table),
        topic="youth",
        author_body=proposer,
        department=departments.get(department),
        happened_at=at,
        source=f"{table.source}, {row['no']}번{undated}",
    )


def _idea(row: dict[str, str], table: Table) -> str:
    """What the table says of the proposal, and nothing more."""
    printed = [row.get("points", ""), f"분과: {row['group']}" if row.get("group") else ""]
    unit = " / ".join(part for part in (row.get("office", ""), row["department"]) if part)
    printed += [
        f"{table.columns['department']}: {unit}" if unit else "담당 부서는 자료집에 없습니다.",
        row.get("note", ""),
    ]
    return "\n\n".join(part for part in printed if part)


def _body(town: Town, key: str, name: str, side: str, source: str) -> Body:
    made: Body = town.do(
        found, town.people["steward"], town.day(ENTERED), town.city, key=key, name=name, side=side, source=source
    )
    return made


def _key(name: str) -> str:
    return f"seoul-{slugify(romanize(name))}"[:60]
