"""Who counts in a forum: those who took part, and whoever wrote the words at hand."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import role
from madang.deliberation.models import Hiding, Opinion, Position


@role("participant", _("공론장에 참여한 사람"))
def participant(person: Any, on: Any, at: datetime) -> bool:
    """Has a position or an opinion in a forum of the 의제 at hand."""
    matter = getattr(on, "matter", None)
    return matter is not None and Position.objects.filter(forum__matter=matter, person=person).exists()


@role("writer", _("글쓴이"))
def writer(person: Any, on: Any, at: datetime) -> bool:
    """Wrote the opinion, or the words that were hidden."""
    if isinstance(on, Opinion):
        return bool(on.person_id == person.pk)
    return isinstance(on, Hiding) and bool(on.author_id == person.pk)
