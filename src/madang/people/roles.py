"""Roles by how surely we know somebody (L1–L3)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from madang.access import role
from madang.people.models import Level, Person
from madang.people.queries import level_of, lives_in


@role("member", _("회원(연락처 확인)"), short_of="needs-level")
def member(person: Person, on, at: datetime) -> bool:
    return level_of(person, at) >= Level.CONTACT


@role("verified", _("본인확인한 시민"), short_of="needs-level")
def verified(person: Person, on, at: datetime) -> bool:
    return level_of(person, at) >= Level.REAL_NAME


@role("resident", _("그곳에 살거나 다니는 주민"), short_of="needs-level")
def resident(person: Person, on, at: datetime) -> bool:
    """L3 within the place of the thing at hand."""
    if level_of(person, at) < Level.LOCAL:
        return False
    place = getattr(on, "place", None) or on.process.place
    return lives_in(person, place, at)


@role("oneself", _("본인"))
def oneself(person: Person, on, at: datetime) -> bool:
    return getattr(on, "person_id", on.pk) == person.pk
