"""The two owners of a promise."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import role
from madang.bodies.queries import held
from madang.execution.models import Commitment, Milestone, Owner


def _owns(person: Any, on: Any, at: datetime, owner: str) -> bool:
    """Sits in the owner's body; of a milestone, only in the one that has to do it."""
    seats = {body for body, _side, _post in held(person, at)}
    if not seats:
        return False
    if isinstance(on, Milestone) and on.owner != owner:
        return False
    commitment = on if isinstance(on, Commitment) else getattr(on, "commitment", None)
    if commitment is None:
        matter = getattr(on, "matter", None)
        commitment = Commitment.objects.filter(matter=matter).order_by("-id").first() if matter else None
    return commitment is not None and getattr(commitment, f"{owner}_owner_id") in seats


@role("civil-owner", _("약속의 민간 쪽 맡은이"))
def civil_owner(person: Any, on: Any, at: datetime) -> bool:
    return _owns(person, on, at, Owner.CIVIL.value)


@role("public-owner", _("약속의 행정 쪽 맡은이"))
def public_owner(person: Any, on: Any, at: datetime) -> bool:
    return _owns(person, on, at, Owner.PUBLIC.value)
