"""Who counts around a ballot: those whose 의제 stands on the paper."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import role
from madang.decisions.models import Option


@role("option-proposer", _("투표지에 오른 의제의 제안자"))
def option_proposer(person: Any, on: Any, at: datetime) -> bool:
    """Proposed something on this paper."""
    return Option.objects.filter(ballot=on.pk, matter__author=person).exists()
