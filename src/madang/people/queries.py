"""Questions about people: how sure are we, at a time, for a place."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from madang.people.models import Attestation, Level, Person
from madang.places.models import Place
from madang.places.queries import ancestors


def in_force(at: datetime) -> QuerySet[Attestation]:
    """Attestations made, not over and not revoked at `at`."""
    day = localtime(at).date()
    return Attestation.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day), Q(revoked_at=None) | Q(revoked_at__gt=at), attested_at__lte=at
    )


def living(person: Any, at: datetime) -> QuerySet[Attestation]:
    """The person's attestations in force at `at`."""
    return in_force(at).filter(person=person)


def by_offices(at: datetime) -> QuerySet[Attestation]:
    """What offices answer for at `at`: people they made sure of at a desk or by a roll; the newest first."""
    return in_force(at).filter(adapter__in=("desk", "roll")).select_related("person", "place").order_by("-pk")


def level_of(person: Person, at: datetime) -> int:
    """The best living level, read from the row the acts keep; past its end it falls to what is still in force."""
    if person.level_until is None or localtime(at).date() <= person.level_until:
        return person.level
    return max((row.level for row in living(person, at)), default=Level.CONTACT if person.email else Level.ANONYMOUS)


def recount(person: Person, at: datetime) -> None:
    """Write the level and its end from the attestations in force; the only way the row's level changes."""
    rows = list(living(person, at))
    best = max((row.level for row in rows), default=Level.ANONYMOUS)
    ends = [row.valid_until for row in rows if row.level == best]
    person.level = best
    person.level_until = None if not ends or None in ends else max(end for end in ends if end)
    person.save(update_fields=["level", "level_until"])


def lives_in(person: Person, place: Place, at: datetime) -> bool:
    """L3 for the place itself or anywhere within it."""
    for row in living(person, at).filter(level=Level.LOCAL).select_related("place"):
        if row.place and (row.place_id == place.pk or place.pk in {up.pk for up in ancestors(row.place)}):
            return True
    return False
