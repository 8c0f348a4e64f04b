"""Who counts as an evaluator."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import role
from madang.bodies.queries import sits
from madang.processes.queries import cast

PARTS = ("evaluators", "evaluation-panel", "panel")  # the first of these parts the process has a body for


@role("evaluator", _("평가자"))
def evaluator(person: Any, on: Any, at: datetime) -> bool:
    """Sits in the body that plays the evaluators' part in this process."""
    body = next((body for part in PARTS if (body := cast(on.process, part))), None)
    return body is not None and sits(person, body, at)
