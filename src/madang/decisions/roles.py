"""Who counts around a ballot: those whose 의제 stands on the paper."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import role
from madang.bodies.queries import held
from madang.decisions.models import Option


@role("option-proposer", _("투표지에 오른 의제의 제안자"))
def option_proposer(person: Any, on: Any, at: datetime) -> bool:
    """Proposed something on this paper."""
    return Option.objects.filter(ballot=on.pk, matter__author=person).exists()


@role("booth-officer", _("투표소 담당자"))
def booth_officer(person: Any, on: Any, at: datetime) -> bool:
    """Sits in the body that runs this booth."""
    runs = getattr(on, "body_id", None)
    return runs is not None and any(body == runs for body, _side, _post in held(person, at))
