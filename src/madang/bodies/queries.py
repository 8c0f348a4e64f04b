"""Questions about bodies and seats."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from madang import recipes
from madang.access.fetch import Ask
from madang.bodies.models import Body, Seat
from madang.recipes import load_body
from madang.recipes.rules import BodyRules

BODIES = Path(recipes.__file__).parent / "bodies"


def in_office(at: datetime) -> Q:
    """Seats held at `at`: begun, not over, not released."""
    day = localtime(at).date()
    return (
        Q(since_date__lte=day)
        & (Q(until_date=None) | Q(until_date__gte=day))
        & (Q(released_at=None) | Q(released_at__gt=at))
    )


def sits(person: Any, body: Body, at: datetime, side: str | None = None, post: str | None = None) -> bool:
    """Does `person` hold a seat of `body` at `at` (of this side, of this post)?"""
    return any(
        held_body == body.pk and side in {None, held_side} and post in {None, held_post}
        for held_body, held_side, held_post in held(person, at)
    )


def held(person: Any, at: datetime) -> list[tuple[int, str, str]]:
    """(body id, side, post) of every seat the person holds; a door may give the person a `seats_memo` for one request."""
    memo = getattr(person, "seats_memo", None)
    if memo is not None and at in memo:
        return memo[at]
    rows = [(seat.body_id, seat.side, seat.post) for seat in seats_held(person, at)]
    if memo is not None:
        memo[at] = rows
    return rows


def seats_held(person: Any, at: datetime) -> list[Seat]:
    """The seats the person holds at `at`, with their bodies; asked at every page of whoever is signed in."""
    return [seat for seat in _seats_ever(person.pk) if seat.in_office(at)]


_seats_ever = Ask(lambda key: Seat.objects.filter(person=key).select_related("body").order_by("body__name", "id"))


def seats(body: Body, at: datetime) -> QuerySet[Seat]:
    """The seats in office at `at`, with their people."""
    return Seat.objects.filter(in_office(at), body=body).select_related("person").order_by("post", "id")


def seats_of(person: Any, at: datetime) -> QuerySet[Seat]:
    """Where the person sits at `at`."""
    return Seat.objects.filter(in_office(at), person=person).select_related("body").order_by("body__name")


def posts_of(person: Any, at: datetime) -> list[str]:
    """ "body key/post" of every seat the person holds: how an act says for whom it was done."""
    return [f"{seat.body.key}/{seat.post}" for seat in seats_of(person, at)]


@lru_cache(maxsize=64)
def rules(key: str) -> BodyRules:
    """The rules of a kind of body (recipes/bodies/<key>.toml); a body that names none follows those of a committee."""
    return load_body(BODIES / f"{key or 'committee'}.toml")


def most_seats(body: Body) -> int | None:
    """On how many bodies of open, nominated or drawn seats one person may sit, by the body's rules; None: no rule."""
    its = rules(body.rules)
    name = its.meeting.get("bodies_most", "")
    return its.values[name].value if name else None


def choosable(sides: Iterable[str], synthetic: bool) -> QuerySet[Body]:
    """Bodies that may be named in a process: of these sides, still open, and invented ones only where all is invented."""
    rows = Body.objects.filter(closed_on=None, side__in=tuple(sides)).order_by("name")
    return rows.filter(synthetic=True) if synthetic else rows


def family(body: Body) -> list[Body]:
    """The body and those directly under it."""
    return [body, *Body.objects.filter(parent=body).order_by("name")]
