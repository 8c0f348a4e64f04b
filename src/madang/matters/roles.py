"""Roles that are seats: the body a recipe casts for a part, and who sits there."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import role
from madang.access.roles import plays, posts
from madang.bodies.models import Body
from madang.bodies.queries import held
from madang.matters import queries as matters
from madang.matters.queries import lead
from madang.processes.queries import cast, castings, charter

CHARTER_PARTS = {"steward": "stewards", "moderator": "moderators", "desk-officer": "desk"}


@plays
def seat_for(person: Any, on: Any, at: datetime, key: str) -> str:
    """ "body/post" of the person's seat that plays the role `key` here, or "". Costs nothing for people without any seat."""
    seats = held(person, at)
    if not seats:
        return ""
    memo = getattr(person, "seats_memo", None)  # for one request, see bodies.queries.held
    where = (key, getattr(on, "process_id", None), getattr(on, "matter_id", None), on._meta.label_lower, on.pk)
    if memo is not None and where in memo:
        return memo[where]
    body = body_for(on, key)
    found = next((f"{body.key}/{post}" for held_body, _side, post in seats if body and held_body == body.pk), "")
    if memo is not None:
        memo[where] = found
    return found


@posts
def post_for(person: Any, on: Any, at: datetime, key: str) -> str:
    """ "body/post" somebody speaks from when the role `key` let them: the seat of that role, else any seat with a part here."""
    own = seat_for(person, on, at, key)
    if own or not held(person, at):
        return own
    process = getattr(on, "process", None)
    matter = getattr(on, "matter", None)
    bodies = list(castings(process).values()) if process else []
    bodies += [body for body in (lead(matter) if matter else None, *_owners(on)) if body]
    return next(
        (
            f"{body.key}/{post}"
            for body in bodies
            for held_body, _side, post in held(person, at)
            if held_body == body.pk
        ),
        "",
    )


def _owners(on: Any) -> list[Body | None]:
    """The two owners of a promise, where the thing at hand is one or hangs on one."""
    promise = getattr(on, "commitment", on)
    return [getattr(promise, name, None) for name in ("civil_owner", "public_owner")]


def body_for(on: Any, key: str) -> Body | None:
    """The body behind the role `key`: of this process, of this matter's department, or of the charter."""
    process = getattr(on, "process", None) or charter()
    if process is None:
        return None
    rules = process.rules
    part = rules.body_of(key) or CHARTER_PARTS.get(key, key)
    known = rules.bodies.get(part)
    if known is not None and known.matter:
        matter = getattr(on, "matter", None)
        return matters.body_for(matter, part) if matter else None
    return cast(process, part)


def _seat_role(key: str, title: Any) -> None:
    @role(key, title)
    def holds(person: Any, on: Any, at: datetime) -> bool:
        return bool(seat_for(person, on, at, key))


_seat_role("operator", _("운영 기구의 담당"))
_seat_role("officer", _("담당 부서의 담당"))
_seat_role("panelist", _("선정단 위원"))
_seat_role("mayor", _("시장"))
_seat_role("moderator", _("중재자"))
_seat_role("steward", _("마당지기"))
_seat_role("desk-officer", _("창구 담당"))
