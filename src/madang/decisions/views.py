"""Pages of what was decided.

Each says in `response.shows` what it stands on, so that the web door may keep its bytes.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from madang.decisions import queries
from madang.decisions.models import Ballot, Reply, Resolution


def reply(request: HttpRequest, pk: int) -> TemplateResponse:
    """One answer, with the day it was owed, the day it came, and how many say it answered."""
    found = _one(Reply.objects.select_related("matter__process", "body", "review_request"), pk, matter__hidden_at=None)
    shows = [f"matter:{found.matter_id}"]
    return _page(request, "decisions/reply.html", {"reply": found, "matter": found.matter}, shows)


def resolution(request: HttpRequest, pk: int) -> TemplateResponse:
    """A roll call by seat, and the sums its outcome follows from."""
    found = _one(Resolution.objects.select_related("matter__process", "body"), pk, matter__hidden_at=None)
    context = {**queries.roll_call(found), "matter": found.matter}
    return _page(request, "decisions/resolution.html", context, [f"matter:{found.matter_id}"])


def ballot(request: HttpRequest, pk: int) -> TemplateResponse:
    """The paper while it is open; afterwards the tally, and a place to find one's receipt."""
    found = _one(Ballot.objects.select_related("process__recipe", "fund"), pk)
    asked = request.GET.get("receipt", "")[:20]
    mine = queries.find_receipt(found, asked) if asked else None
    context = {**queries.ballot_page(found), "asked": asked, "mine": mine}
    if asked:  # somebody's receipt: answered and not kept
        return TemplateResponse(request, "decisions/ballot.html", context)
    return _page(request, "decisions/ballot.html", context, ["decisions.ballot", f"process:{found.process_id}"])


def votes(request: HttpRequest, pk: int) -> HttpResponse:
    """Every paper of a closed ballot in the order of the receipts: whoever likes counts again."""
    found = _one(Ballot.objects.all(), pk)
    if found.closed_at is None:
        raise Http404
    lines = ["receipt,voter_class,marks", *(",".join(paper) for paper in queries.published(found)), ""]
    response = HttpResponse("\ufeff" + "\r\n".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ballot-{pk}-votes.csv"'
    return response


def _one(rows: QuerySet[Any], pk: int, **where: Any) -> Any:
    """The row, or 404; numbers beyond what a database knows are no row either."""
    try:
        return rows.get(pk=pk, **where)
    except (rows.model.DoesNotExist, OverflowError):
        raise Http404 from None


def _page(request: HttpRequest, template: str, context: dict[str, Any], shows: list[str]) -> TemplateResponse:
    response = TemplateResponse(request, template, context)
    response.shows = shows  # type: ignore[attr-defined]
    return response
