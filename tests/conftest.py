"""What every test may ask for: a day, a city, people with names, and hands to act with."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import walls

walls.install()
KST = ZoneInfo("Asia/Seoul")


def pytest_unconfigure() -> None:
    """The home that settings made for this run goes with it."""
    home = os.environ.get("MADANG_HOME", "")
    if Path(home).name.startswith("madang-test-"):
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def day() -> Callable[[int], datetime]:
    """day(0) is Monday 2 March 2026, ten in the morning in Seoul; day(n) is n days later."""
    return lambda n=0: datetime(2026, 3, 2, 10, tzinfo=KST) + timedelta(days=n)


@pytest.fixture(autouse=True, scope="session")
def _words():
    """English as it stands in the sources, never as it was compiled some other day."""
    from django.utils.translation import trans_real

    from madang.doors.preparing import words

    if words():
        trans_real._translations.clear()  # Korean was read before it was compiled
        trans_real._default = None


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """No page or person remembered from one test is met in another, and its language is not heard there."""
    from django.utils import translation

    from madang.doors.web import donut, sessions
    from madang.people import backends
    from madang.processes import queries

    translation.deactivate()
    donut.forget()
    sessions.LIVING.forget()
    backends.PEOPLE.forget()
    queries.forget()


@dataclass
class City:
    """A small Seoul: the city, one gu, one dong, the charter and the bodies it needs."""

    seoul: object
    gu: object
    dong: object
    charter: object
    stewards: object
    moderators: object
    desk: object


@pytest.fixture
def city(db, day) -> City:
    """Seoul, 금천구, 시흥4동; the charter adopted; stewards, moderators and a desk founded."""
    from madang.access import By
    from madang.bodies.acts import found
    from madang.places.models import Place
    from madang.processes.acts import adopt

    born = date(1988, 5, 1)
    seoul = Place.objects.create(code="1100000000", name="서울특별시", name_en="Seoul", level="city", valid_from=born)
    gu = Place.objects.create(
        code="1154500000", name="금천구", name_en="Geumcheon-gu", level="gu", parent=seoul, valid_from=date(1995, 3, 1)
    )
    dong = Place.objects.create(
        code="1154570000",
        name="시흥4동",
        name_en="Siheung 4-dong",
        level="dong",
        parent=gu,
        valid_from=date(1995, 3, 1),
    )
    clock = By(None, day(-400), "clock")
    bodies = {
        key: found(clock, seoul, key=key, name=name, side=side, synthetic=True)
        for key, name, side in [
            ("stewards", "마당지기 모임", "joint"),
            ("moderators", "이야기 중재단", "joint"),
            ("desk", "주민 확인 창구", "public"),
        ]
    }
    charter = adopt(clock, seoul, castings=bodies)
    return City(seoul, gu, dong, charter, **bodies)


@pytest.fixture
def person(db, day) -> Callable[..., object]:
    """person("김순자", level=2) — a synthetic resident; level 3 lives in `place`."""
    from madang.people.models import Attestation, Person
    from madang.people.queries import recount

    def make(name: str, level: int = 2, place: object = None):
        made = Person.objects.create_user(
            email=f"{name}-{Person.objects.count()}@example.org", name=name, joined_at=day(-300), synthetic=True
        )
        if level:
            adapter = "email" if level == 1 else "desk"
            Attestation.objects.create(person=made, level=level, adapter=adapter, place=place, attested_at=day(-300))
            recount(made, day(-299))
        return made

    return make


@pytest.fixture
def by(day) -> Callable[..., object]:
    """by(person, at) — the hand that acts, at a moment or on day(at)."""
    from madang.access import By

    return lambda who, at=0, door="web": By(who, day(at) if isinstance(at, int) else at, door)


@pytest.fixture
def again() -> Callable[..., object]:
    """The same row as the next request would read it."""
    return lambda row: type(row).objects.get(pk=row.pk)


@pytest.fixture
def seat(city, day) -> Callable[..., object]:
    """seat(person, body, post="위원") — somebody takes a seat, without asking who may appoint."""
    from madang.bodies.models import Seat

    def take(who: object, body: object, post: str = "위원", side: str = ""):
        return Seat.objects.create(
            body=body,
            person=who,
            post=post,
            side=side or (body.side if body.side != "joint" else "civil"),
            route="open",
            since_date=day(-200).date(),
        )

    return take
