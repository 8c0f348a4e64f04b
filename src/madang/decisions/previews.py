"""Before a vote opens: what each rule would have done with the votes of the last one of this institution.

1. The last vote is the newest that closed with money, of this process or of another that runs the same institution here.
2. Every rule counts the very votes that were published; nothing is estimated and nothing is called best.
3. What is shown decides nothing: which rule counts stands in the recipe, and changes with its next edition.
"""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from madang.decisions import results
from madang.decisions.models import Ballot
from madang.decisions.queries import paper_of, votes_of
from madang.methods.ballots.paper import gather
from madang.processes.models import Process

MOST_VOTES = 50_000  # more are counted on request by `madang budgeting compare`, not while somebody waits


def last_with_money(process: Process) -> Ballot | None:
    """The newest closed ballot with money of the same institution at the same place. One query."""
    closed = Ballot.objects.filter(process__recipe_key=process.recipe_key, process__place=process.place_id)
    closed = closed.exclude(closed_at=None).select_related("process")
    return next((ballot for ballot in closed.order_by("-closed_at", "-id")[:5] if _spends(ballot.rule)), None)


def _spends(rule: dict[str, Any]) -> bool:
    return rule.get("pot") is not None or any(sheet.get("pot") for sheet in rule.get("sheets", ()))


def preview(process: Process) -> dict[str, Any]:
    """The rules side by side, sheet by sheet, over the votes of the last ballot with money; `ballot` None where there is none yet,
    `too_many` where counting would keep the reader waiting."""
    last = last_with_money(process)
    if last is None:
        return {"ballot": None, "sheets": [], "too_many": False}
    if last.cast > MOST_VOTES:
        return {"ballot": last, "sheets": [], "too_many": True}
    from madang.methods.ballots.account import elections  # noqa: PLC0415 — numpy only where it is asked for
    from madang.methods.budgeting import compare  # noqa: PLC0415

    lines = {str(line.place): line for line in last.options.select_related("matter").order_by("place")}
    titles = {sheet["key"]: sheet["title"] for sheet in last.rule.get("sheets", ())}
    sheets = []
    for key, election in elections(paper_of(last, lines.values()), gather(votes_of(last))).items():
        rules = results.compared(compare.preview(election))
        listed = [(place, line) for place, line in lines.items() if place in election.ids]
        wins = [{"line": line, "rules": [place in one["winners"] for one in rules]} for place, line in listed]
        sheets.append({"title": titles.get(key, ""), "rules": rules, "lines": wins})
    return {"ballot": last, "sheets": sheets, "too_many": False}


def page(request: HttpRequest, key: str) -> TemplateResponse:
    """What officials look at before they open a ballot, and anyone may."""
    process = get_object_or_404(Process.objects.select_related("place"), key=key)
    response = TemplateResponse(request, "decisions/preview.html", {"process": process, **preview(process)})
    response.shows = ["decisions.ballot", f"process:{process.pk}"]  # type: ignore[attr-defined]
    return response
