"""The invented people of the demo city: accounts for each role, authors, and a crowd that supports and votes.

1. Every one of them is synthetic, with a name that says so, and sits only in synthetic bodies or those of the house.
2. Nobody here has a password: a visitor comes in as one of them with one press on /demo/, or by a code from its mailbox.
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from madang.bodies.acts import appoint, appoint_first
from madang.bodies.models import Body
from madang.doors.demo.town import Town
from madang.people.models import Attestation, Level, Person
from madang.places.models import Place
from madang.processes.queries import castings, charter

DOMAIN = "demo.madang.example"
JOINED = 264  # days ago
# fmt: off
NAMES = [
    "가람", "나래", "다온", "라온", "마루", "보라", "소담", "아라", "자람", "차오름", "큰솔", "터울", "푸름",
    "하늘", "한결", "봄내", "여울", "이든", "새론", "도담", "미르", "바름", "슬기", "온유", "잔디", "초롱",
    "하람", "노을", "단비", "윤슬", "아침", "들꽃", "새벽", "솔잎", "별하", "물결", "구름", "단풍", "이슬",
]
# fmt: on


@dataclass(frozen=True)
class Account:
    """An account a visitor may log in with: its role in words, its level, its seats (body key, post)."""

    key: str
    role: str
    level: int
    seats: tuple[tuple[str, str], ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


ACCOUNTS = (
    Account("resident", gettext_noop("주민(본인확인)"), Level.REAL_NAME),
    Account("newcomer", gettext_noop("새 주민(연락처만 확인)"), Level.CONTACT),
    Account("proposer", gettext_noop("제안자"), Level.LOCAL),
    Account("operator", gettext_noop("민주주의 서울 운영팀"), Level.REAL_NAME, (("demo-team", "담당"),)),
    Account("officer", gettext_noop("담당 부서 과장(보행안전과)"), Level.REAL_NAME, (("demo-walking", "과장"),)),
    Account("panelist", gettext_noop("의제선정단 위원"), Level.REAL_NAME, (("demo-panel", "위원"),)),
    Account("mayor", gettext_noop("시장"), Level.REAL_NAME, (("demo-mayor", "시장"),)),
    Account("youth", gettext_noop("청년의원"), Level.REAL_NAME, (("demo-youth-assembly", "의원"),)),
    Account("youth-office", gettext_noop("청년정책 담당"), Level.REAL_NAME, (("demo-youth-office", "담당"),)),
    Account(
        "budget",
        gettext_noop("예산담당관"),
        Level.REAL_NAME,
        (("demo-budget-office", "과장"), ("demo-budget-talks", "행정 위원")),
    ),
    Account("budget-team", gettext_noop("시민참여예산 담당"), Level.REAL_NAME, (("demo-budget-team", "담당"),)),
    Account(
        "committee",
        gettext_noop("참여예산위원"),
        Level.REAL_NAME,
        (("demo-budget-committee", "위원"), ("demo-budget-talks", "위원")),
    ),
    Account("moderator", gettext_noop("중재자"), Level.REAL_NAME, (("moderators", "중재자"),)),
    Account("desk", gettext_noop("창구 담당"), Level.REAL_NAME, (("desk", "담당"),)),
    Account("steward", gettext_noop("마당지기"), Level.REAL_NAME, (("stewards", "마당지기"),)),
    Account("evaluator", gettext_noop("평가하는 위원"), Level.REAL_NAME, (("demo-panel", "평가 위원"),)),
)
OFFICES = ("transit", "library", "recycling", "elders", "park", "housing", "youth-policy")
MORE_SEATS = (  # further invented people, so that a resolution has a quorum to reach
    ("demo-panel", "위원", 3),
    ("demo-budget-committee", "위원", 4),
    ("demo-budget-talks", "위원", 2),
    ("demo-budget-talks", "행정 위원", 1),
    ("demo-budget-school", "수료자", 5),
    ("demo-youth-assembly", "의원", 4),
    ("demo-citizens", "회원", 2),
    *((f"demo-{room}", "과장", 1) for room in OFFICES),
)


def accounts() -> list[dict[str, Any]]:
    """The demo accounts for the /demo/ page and the terminal: role, e-mail."""
    return [{"role": _(account.role), "email": account.email} for account in ACCOUNTS]


def people(town: Town, size: int) -> None:
    """Make the accounts, the authors and a crowd of `size`; plain rows, because nobody acts yet."""
    home = town.place("금천구 시흥4동")
    named = [_person(town, f"시연 {a.role}"[:40], a.level, email=a.email) for a in ACCOUNTS]
    authors = [_person(town, f"시연 {name}", Level.LOCAL) for name in NAMES]
    crowd = [_person(town, f"시연 주민 {n:03d}", Level.REAL_NAME) for n in range(1, size + 1)]
    rows = Person.objects.bulk_create([*named, *authors, *crowd], batch_size=500)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in rows[: len(named)]]
    )
    Attestation.objects.bulk_create([_attestation(town, person, home) for person in rows], batch_size=500)
    town.people = {account.key: person for account, person in zip(ACCOUNTS, rows, strict=False)}
    town.authors = rows[len(named) : len(named) + len(authors)]
    town.crowd = rows[len(named) + len(authors) :]


def steward(town: Town) -> None:
    """The first steward takes their seat, by the clock."""
    at = town.day(JOINED - 1)
    town.do(
        appoint_first,
        None,
        at,
        _house()["stewards"],
        person=town.people["steward"],
        post="마당지기",
        since_date=at.date(),
    )


def seats(town: Town) -> None:
    """Everybody else takes their seat, appointed by the steward."""
    known = {**_house(), **town.bodies}
    for account in ACCOUNTS:
        for body, post in account.seats:
            if body != "stewards":
                _seat(town, known[body], town.people[account.key], post)
    spare = iter(reversed(town.authors))
    for body, post, count in MORE_SEATS:
        for _number in range(count):
            _seat(town, known[body], next(spare), post)


def _house() -> dict[str, Body]:
    house = charter()
    if house is None:
        raise LookupError("madang setup")
    return castings(house)


def _seat(town: Town, body: Body, person: Person, post: str) -> None:
    at = town.day(JOINED - 2)
    side = ("public" if post.startswith("행정") else "civil") if body.side == "joint" else body.side
    route = "ex-officio" if side == "public" else "open"
    town.do(
        appoint,
        town.people["steward"],
        at,
        body,
        person=person,
        post=post,
        side=side,
        route=route,
        since_date=at.date(),
    )
    town.seated.setdefault(body.key, []).append(person)


def _person(town: Town, name: str, level: int, email: str | None = None) -> Person:
    return Person(
        email=email,
        name=name,
        level=level,
        password="!",  # noqa: S106 — none
        synthetic=True,
        joined_at=town.day(JOINED),
        digest="daily" if email else "never",
    )


def _attestation(town: Town, person: Person, home: Place) -> Attestation:
    return Attestation(
        person=person,
        level=person.level,
        adapter="email" if person.level == Level.CONTACT else "desk",
        place=home if person.level == Level.LOCAL else None,
        tie="lives" if person.level == Level.LOCAL else "",
        attested_at=town.day(JOINED),
    )
