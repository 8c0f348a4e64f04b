"""Following, reading and choosing how letters come.

These are plain functions, not acts of the house: they change nothing that concerns anybody else, and a public record of
who follows or reads what would be a track of people (HOUSE §6). Pages call them from POST forms with a CSRF token.
"""

from datetime import datetime
from typing import Any

from django.core import signing
from django.db import models, transaction

from madang.bodies.models import Body
from madang.matters.models import Matter
from madang.notices.models import CalendarKey, Follow, Notice, Why, new_secret
from madang.people.models import Person
from madang.places.models import Place
from madang.processes.models import Process

THINGS: dict[str, type[models.Model]] = {"matter": Matter, "place": Place, "process": Process, "body": Body}
STOP_SALT = "madang.notices.stop"


def name_of(thing: models.Model) -> str:
    """The field of Follow that points at this thing. Raises KeyError for what cannot be followed."""
    return {model: name for name, model in THINGS.items()}[type(thing)]


def follow(person: Person, thing: models.Model, at: datetime, why: str = Why.CHOSEN) -> Follow:
    """Follow, or follow again what was left."""
    name = name_of(thing)
    with transaction.atomic():
        row, _created = Follow.objects.get_or_create(
            person=person, **{name: thing}, defaults={"since_at": at, "why": why}
        )
        if row.ended_at is not None:
            row.since_at, row.ended_at, row.why = at, None, why
            row.save(update_fields=["since_at", "ended_at", "why"])
    return row


def unfollow(person: Person, thing: models.Model, at: datetime) -> bool:
    """Leave. The row stays, so that a later support does not bring the follow back. False when nothing was followed."""
    return bool(Follow.objects.filter(person=person, ended_at=None, **{name_of(thing): thing}).update(ended_at=at))


def read(person: Person, at: datetime, notice: int | None = None, until: int | None = None) -> int:
    """Mark one notice read, or all up to the id `until`: what came while the page was open stays unread."""
    rows = Notice.objects.filter(person=person, read_at=None)
    rows = rows.filter(pk=notice) if notice is not None else rows.filter(pk__lte=until or 0)
    return rows.update(read_at=at)


def prefer(person: Person, *, digest: str, language: str) -> None:
    """How often letters come, and in which language."""
    person.digest, person.language = digest, language
    person.save(update_fields=["digest", "language"])


def stop_token(person: Person) -> str:
    """What an unsubscribe link carries: signed, without an end, good for nothing else."""
    return signing.dumps(person.pk, salt=STOP_SALT)


def stop(token: str) -> Person | None:
    """No more letters for whom the token names; None for a token that is not ours."""
    person = whose(token)
    if person is not None:
        person.digest = "never"
        person.save(update_fields=["digest"])
    return person


def whose(token: str) -> Person | None:
    try:
        pk: Any = signing.loads(token, salt=STOP_SALT)
    except signing.BadSignature:
        return None
    return Person.objects.filter(pk=pk, erased_at=None).first()


def new_calendar(person: Person, at: datetime) -> CalendarKey:
    """A fresh secret address; an older one stops working."""
    key, _created = CalendarKey.objects.update_or_create(
        person=person, defaults={"secret": new_secret(), "made_at": at}
    )
    return key
