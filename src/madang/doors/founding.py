"""Founding: what a house needs before anybody can act in it. Each step looks first and does nothing twice.

1. Places come through their act, bodies through theirs, and the charter is adopted once.
2. Before the charter only the clock may act; afterwards the charter says who may.
3. The first steward is appointed once, by the operator; everybody after them by a steward.
"""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime

from madang.access import By
from madang.bodies.acts import appoint_first
from madang.bodies.acts import found as found_body
from madang.bodies.models import Body, Seat
from madang.people.acts import join
from madang.people.models import Person
from madang.places.acts import load
from madang.places.load import SEOUL
from madang.places.models import Place
from madang.processes.acts import adopt
from madang.processes.models import Process
from madang.processes.queries import cast, charter
from madang.recipes.shelf import load_set


def found(at: datetime, set_key: str) -> list[str]:
    """Load Seoul if there are no places, found the charter's bodies, adopt it. Returns what was done, "" nothing.

    Raises RecipeError when the set cannot be read.
    """
    if charter() is not None:
        return []
    clock = By(None, at, "clock")
    done = []
    if not Place.objects.exists():
        load(clock, Place(), content=SEOUL.read_bytes())
        done.append("places")
    city = top()
    rules = load_set(set_key).charter
    castings = {}
    for part, wanted in rules.bodies.items():
        known = Body.objects.filter(key=part).first()
        castings[part] = known or found_body(
            clock, city, key=part, name=wanted.name.ko, name_en=wanted.name.en, side=wanted.side, synthetic=settings.DEMO
        )
    adopt(clock, city, castings=castings, recipe=rules.edition)
    return [*done, "bodies", "charter"]


def top() -> Place:
    """The place of the house: its city."""
    return Place.objects.filter(level="city", valid_to=None).order_by("id")[0]


def enrol(email: str, at: datetime, name: str = "") -> Person:
    """The member with this address; made, with the address taken as confirmed, if there is none."""
    person = Person.objects.filter(email__iexact=email).first()
    if person is not None:
        return person
    with transaction.atomic():
        person = Person.objects.create_user(email=email, name=name, joined_at=at)
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
        join(By(None, at, "clock"), person)
    return person


def first_steward(email: str, at: datetime) -> Seat:
    """Seat the first steward. Refused: already-done, when there is one. LookupError before the founding."""
    house: Process | None = charter()
    body: Any = cast(house, house.rules.held_by) if house else None
    if body is None:
        raise LookupError("madang setup")
    return appoint_first(
        By(None, at, "clock"), body, person=enrol(email, at), post="마당지기", since_date=localtime(at).date()
    )
