"""Who counts around a proposal: whose sentence it is, who stands behind it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import role
from madang.access.fetch import found

SUPPORTS = "SELECT 1 FROM proposals_support WHERE matter_id = %s AND person_id = %s"


@role("proposer", _("제안자"))
def proposer(person: Any, on: Any, at: datetime) -> bool:
    """The author of the 의제 at hand."""
    matter = getattr(on, "matter", None)
    return matter is not None and matter.author_id == person.pk


@role("supporter", _("공감한 사람"))
def supporter(person: Any, on: Any, at: datetime) -> bool:
    """Supports the 의제 at hand."""
    matter = getattr(on, "matter", None)
    return matter is not None and found(SUPPORTS, matter.pk, person.pk)
