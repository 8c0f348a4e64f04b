"""Questions about notices and follows."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet

from madang.access.fetch import found
from madang.bodies.models import Seat
from madang.bodies.queries import in_office
from madang.duties.models import Duty
from madang.notices.acts import name_of
from madang.notices.models import Follow, Notice
from madang.people.models import Person

UNREAD = (
    "SELECT count(*) FROM (SELECT 1 FROM notices_notice WHERE person_id = %s AND read_at IS NULL LIMIT 100) AS waiting"
)

FOLLOWS = {
    thing: f"SELECT 1 FROM notices_follow WHERE person_id = %s AND {thing}_id = %s AND ended_at IS NULL"  # noqa: S608
    for thing in ("matter", "place", "process", "body")
}


def unread(person: Any) -> int:
    """How many notices wait, counted to 100 at most: the badge in the header."""
    if not person or not person.pk:
        return 0
    with connection.cursor() as cursor:  # in every header of everybody signed in: plain, because composing it took longer
        cursor.execute(UNREAD, [person.pk])
        return int(cursor.fetchone()[0])


def page(person: Person, before: int | None = None, limit: int = 30) -> list[Notice]:
    """The newest notices before the id `before`, one query."""
    rows = Notice.objects.filter(person=person).select_related("matter", "process", "duty__body", "duty__process").order_by("-pk")
    return list((rows.filter(pk__lt=before) if before else rows)[:limit])


def by_matter(notices: list[Notice]) -> list[tuple[Any, list[Notice]]]:
    """Gathered under their 의제 (or process), the one with the newest notice first, newest first within."""
    newest = sorted(notices, key=lambda notice: (notice.made_at, notice.pk), reverse=True)
    order = {key: place for place, key in reversed(list(enumerate(_about(notice) for notice in newest)))}
    rows = sorted(newest, key=lambda notice: order[_about(notice)])
    groups = [(key, list(group)) for key, group in groupby(rows, key=_about)]
    return [(group[0].matter or group[0].process, group) for _key, group in groups]


def _about(notice: Notice) -> tuple[int, int]:
    return (notice.matter_id or 0, 0 if notice.matter_id else notice.process_id or 0)


def follows(person: Any, thing: models.Model) -> bool:
    """Is the thing followed by the person now?"""
    if person is None or not person.pk:
        return False
    return found(FOLLOWS[name_of(thing)], person.pk, thing.pk)


def followed(person: Person) -> QuerySet[Follow]:
    """Everything followed, newest first."""
    rows = Follow.objects.filter(person=person, ended_at=None)
    return rows.select_related("matter", "place", "process", "body").order_by("-since_at", "-pk")


def seats_of(bodies: set[int], at: datetime) -> list[Seat]:
    """Who sits in these bodies at `at`; empty seats left out. One query."""
    return list(Seat.objects.filter(in_office(at), person__is_active=True, body__in=bodies).select_related("person"))


def holding(seats: list[Seat], duty: Duty, post: str) -> list[Person]:
    """Who of these seats holds the post in the duty's body; where nobody does, everybody of the body: a duty is
    never untold.
    """
    of_body = [seat for seat in seats if seat.body_id == duty.body_id]
    at_post = [seat for seat in of_body if seat.post == post]
    return list({seat.person.pk: seat.person for seat in at_post or of_body if seat.person is not None}.values())
