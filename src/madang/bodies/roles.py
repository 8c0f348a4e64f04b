"""Roles held by sitting somewhere, whatever the process."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import role
from madang.bodies.queries import held


@role("seat-holder", _("자리를 맡은 이"))
def seat_holder(person: Any, on: Any, at: datetime) -> bool:
    """Sits in the body at hand (`on.body`), or in any body where there is none."""
    body = getattr(on, "body_id", None)
    return any(body in {None, held_body} for held_body, _side, _post in held(person, at))


@role("civil-seat", _("민간 위원"))
def civil_seat(person: Any, on: Any, at: datetime) -> bool:
    return _on_side(person, on, at, "civil")


@role("public-seat", _("공공 위원"))
def public_seat(person: Any, on: Any, at: datetime) -> bool:
    return _on_side(person, on, at, "public")


def _on_side(person: Any, on: Any, at: datetime, side: str) -> bool:
    body = getattr(on, "body_id", None)
    return any(held_body == body and held_side == side for held_body, held_side, _post in held(person, at))
