"""Who answers for money."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import role
from madang.bodies.models import Seat
from madang.bodies.queries import in_office
from madang.funds.models import Fund
from madang.processes.queries import castings

PARTS = ("budget-office", "budget", "finance")  # how recipes call the body that keeps the purse


@role("budget-officer", _("예산 담당자"))
def budget_officer(person: Any, on: Any, at: datetime) -> bool:
    """Sits in the body the recipe casts for the budget, or in one that holds a pot of the process."""
    process = on.process
    bodies = {body.pk for part, body in castings(process).items() if part in PARTS}
    bodies.update(Fund.objects.filter(process=process).values_list("held_by", flat=True))
    return Seat.objects.filter(in_office(at), person=person, body__in=bodies).exists()
