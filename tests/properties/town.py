"""A town in which everything may happen: seven running institutions with small numbers, an archive, people in every role."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from madang.access import By
from madang.bodies.acts import found
from madang.bodies.models import Body, Seat
from madang.doors.founding import enrol
from madang.funds.acts import open_pot
from madang.people.models import Attestation, Person
from madang.people.queries import recount
from madang.places.models import Place
from madang.processes.acts import adopt, open_
from madang.processes.library import HOUSE
from madang.processes.models import Process
from madang.proposals.acts import record_past, submit

KST = ZoneInfo("Asia/Seoul")
MORNING = datetime(2026, 3, 2, 10, tzinfo=KST)
RUNS = {
    "ds-2019": "democracy-seoul@2019-03-26",
    "ds-2020": "democracy-seoul@2020-03-01",
    "budget": "participatory-budget-city@2019-02-11",
    "youth": "seoul-youth-assembly@2018-09-02",
    "local": "local-proposals@2026-11-23",
    "joint": "participatory-budget-joint@2018-02-21",
    "lines": "joint-budget-council@2023-03-14",
}
SMALL = {"reply_supports": 3, "forum_supports": 5, "mayor_participants": 4, "picks": 2, "reopen_supports": 3}
SEATS = {  # body → its side and the posts in it
    "operator": ("public", ["주무관", "팀장"]),
    "panel": ("civil", ["위원", "위원", "위원"]),
    "mayor": ("public", ["시장"]),
    "safety": ("public", ["과장", "국장"]),
    "housing": ("public", ["과장"]),
    "committee": ("civil", ["위원", "위원", "위원"]),
    "talks": ("joint", ["민간위원", "공공위원"]),
    "school": ("civil", ["수료자"]),
    "budget-office": ("public", ["과장"]),
    "assembly": ("civil", ["의원", "의원", "의원"]),
    "judges": ("civil", ["위원", "위원"]),
    "together": ("joint", ["민간위원", "공공위원"]),
    "neighbours": ("civil", ["대표"]),
    "stewards": ("joint", ["마당지기", "마당지기"]),
    "moderators": ("joint", ["중재자"]),
    "desk": ("public", ["창구"]),
}
CITIZENS = 8


def smaller(folder: Path) -> None:
    """The same recipes with numbers a few people can reach, as a city would write them into its own folder."""
    (folder / "recipes").mkdir()
    for edition in RUNS.values():
        file = next(f for f in (HOUSE / f"{edition}.toml", HOUSE / f"{edition.split('@')[0]}.toml") if f.exists())
        lines = [_smaller(line) for line in file.read_text(encoding="utf-8").splitlines()]
        (folder / "recipes" / f"{edition}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _smaller(line: str) -> str:
    name = line.split(" = ")[0]
    if name not in SMALL or "{ value = " not in line:
        return line
    head, _value, tail = line.partition("{ value = ")[0], *line.partition("{ value = ")[2].split(",", 1)
    return f"{head}{{ value = {SMALL[name]},{tail}"


@dataclass
class Town:
    """Where it happens and what time it is."""

    at: datetime = MORNING
    seoul: Place | None = None
    dong: Place | None = None
    home: Path = Path()
    count: int = 0
    tried: dict[str, dict[str, int]] = field(default_factory=dict)

    def day(self, days: int) -> date:
        return (self.at + timedelta(days=days)).date()

    def fresh(self) -> int:
        """A number not used before: for names and addresses."""
        self.count += 1
        return self.count


def build() -> Town:
    """Everything that must stand before anybody comes."""
    town = Town()
    born = date(1988, 5, 1)
    town.seoul = Place.objects.create(
        code="1100000000", name="서울특별시", name_en="Seoul", level="city", valid_from=born
    )
    gu = Place.objects.create(code="1154500000", name="금천구", level="gu", parent=town.seoul, valid_from=born)
    town.dong = Place.objects.create(code="1154570000", name="시흥4동", level="dong", parent=gu, valid_from=born)
    clock = By(None, town.at - timedelta(days=300), "clock")
    bodies = {
        key: found(clock, town.seoul, key=key, name=f"{key} 기구", side=side, synthetic=True)
        for key, (side, _posts) in SEATS.items()
    }
    adopt(clock, town.seoul, castings={key: bodies[key] for key in ("stewards", "moderators", "desk")})
    for n in range(CITIZENS):
        resident(town, f"citizen{n}")
    for key, (side, posts) in SEATS.items():
        for n, post in enumerate(posts):
            take(
                resident(town, f"{key}{n}"),
                bodies[key],
                post,
                "public" if post == "공공위원" else "civil" if side == "joint" else side,
            )
    _open_all(town, bodies)
    return town


def resident(town: Town, name: str) -> Person:
    """A member made sure of at the desk, living in 시흥4동."""
    before = town.at - timedelta(days=250)
    person = enrol(f"{name}@example.org", before, name)
    Attestation.objects.create(person=person, level=3, adapter="desk", place=town.dong, tie="lives", attested_at=before)
    recount(person, town.at)
    return person


def take(person: Person, body: Body, post: str, side: str) -> Seat:
    return Seat.objects.create(
        body=body, person=person, post=post, side=side, route="ex-officio", since_date=date(2025, 7, 1)
    )


def _open_all(town: Town, bodies: dict[str, Body]) -> None:
    steward = Person.objects.get(email="stewards0@example.org")
    by = By(steward, town.at - timedelta(days=20))
    windows = {
        "budget": {"call": (town.day(-10), town.day(40)), "vote": (town.day(60), town.day(200))},
        "joint": {"call": (town.day(-10), town.day(40)), "vote": (town.day(60), town.day(200))},
        "lines": {"lines": (town.day(-10), town.day(40))},
        "youth": {"prepare": (town.day(-10), town.day(60)), "session": (town.day(61), town.day(150))},
    }
    parts = ("operator", "panel", "mayor", "committee", "talks", "school", "budget-office", "assembly", "judges")
    from madang.processes.library import edition

    for key, recipe in RUNS.items():
        wanted = edition(recipe).bodies
        open_(
            by,
            town.seoul,
            recipe=recipe,
            key=key,
            name=key,
            castings={p: bodies[p] for p in parts if p in wanted},
            windows=windows.get(key),
        )
    archive = open_(
        by,
        town.seoul,
        recipe=RUNS["youth"],
        key="youth-2018",
        name="지난 회차",
        source="자료 1쪽",
        archive=True,
        castings={p: bodies[p] for p in parts if p in edition(RUNS["youth"]).bodies},
    )
    record_past(By(None, town.at, "clock"), archive, title="청년 월세 지원", idea="월세를 지원한다", source="자료 3쪽")
    open_pot(
        By(Person.objects.get(email="operator0@example.org"), town.at),
        Process.objects.get(key="budget"),
        name="시정참여형",
        year=2027,
        total_krw=50_000_000,
    )
    purse = By(Person.objects.get(email="operator0@example.org"), town.at)
    for key in ("lines", "joint"):
        open_pot(purse, Process.objects.get(key=key), name=f"재원 {key}", year=2027, total_krw=50_000_000)
    for number, key in enumerate(RUNS):
        who = {"youth": "assembly0", "lines": "talks0"}.get(key, f"citizen{number}")
        author = Person.objects.get(email=f"{who}@example.org")
        submit(By(author, town.at), Process.objects.get(key=key), title=f"{key} 첫 제안", problem=PROBLEM, idea=IDEA)


PROBLEM = "밤에 골목이 어두워 다니기 무섭습니다."
IDEA = "골목마다 낮은 조명을 달아 주세요."
