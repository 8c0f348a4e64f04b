"""Questions about promises: what was meant, what was promised, what changed, what stands now."""

import unicodedata
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from madang.execution.models import Change, Commitment, Evidence, Field, Milestone
from madang.matters.models import Matter
from madang.proposals.models import Proposal, Revision


def quoted_in(matter: Matter, sentence: str) -> bool:
    """Whether the sentence stands in the proposal, in any version that was public; true where there is no text to
    quote."""
    proposal = Proposal.objects.filter(matter=matter).first()
    if proposal is None:
        return True
    versions = [matter.title, proposal.problem, proposal.idea, proposal.effect]
    for old in Revision.objects.filter(proposal=proposal):
        versions += [old.title, old.problem, old.idea]
    wanted = _plain(sentence)
    return bool(wanted) and any(wanted in _plain(text) for text in versions)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def with_parts(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Commitments with owners, milestones, evidence and changes; four queries whatever their number."""
    return rows.select_related("matter__process", "civil_owner", "public_owner").prefetch_related(
        Prefetch("milestones", Milestone.objects.order_by("due_on", "number")),
        Prefetch("changes", Change.objects.select_related("duty").order_by("id")),
        Prefetch("evidence", Evidence.objects.select_related("milestone").order_by("-id")),
    )


def contrast(commitment: Commitment) -> list[dict[str, Any]]:
    """취지 대조: for each field what was promised, the changes on the way, what stands now."""
    now = {
        Field.GOAL: commitment.goal,
        Field.TARGET: commitment.target,
        Field.BUDGET: commitment.budget_krw,
        Field.DUE: commitment.due_on,
    }
    rows = []
    for field in Field:
        changes = [change for change in commitment.changes.all() if change.field == field]
        first = read(field, changes[0].before) if changes else now[field]
        rows.append(
            {
                "field": field.value,
                "name": field.label,
                "promised": first,
                "changes": changes,
                "now": now[field],
                "kind": {"budget": "krw", "due": "date"}.get(field.value, "words"),
            }
        )
    return rows


def read(field: str, text: str) -> Any:
    """A stored value of a change as what it is: won, a date, or words."""
    if field == Field.BUDGET:
        return int(text)
    return date.fromisoformat(text) if field == Field.DUE else text


def panel(matter: Matter) -> dict[str, Any]:
    """The promise strip of the 의제 page: each promise with its milestones.

    One query, none before the execution station.
    """
    if matter.station not in {"execute", "evaluate"} and not matter.closed_at:
        return {"promises": []}
    found = Milestone.objects.filter(commitment__matter=matter).order_by("commitment_id", "due_on", "number")
    steps: dict[int, list[Milestone]] = {}
    for step in found.select_related("commitment__civil_owner", "commitment__public_owner"):
        steps.setdefault(step.commitment_id, []).append(step)
    return {"promises": [{"commitment": each[0].commitment, "milestones": each} for each in steps.values()]}
