"""Pages of what was decided: a reply, a roll call, a ballot and its papers."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render

from madang.decisions import queries
from madang.decisions.models import Ballot, Reply, Resolution


def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer, with the day it was owed, the day it came, and how many say it answered."""
    found = get_object_or_404(
        Reply.objects.select_related("matter__process", "body", "review_request"), pk=pk, matter__hidden_at=None
    )
    return render(request, "decisions/reply.html", {"reply": found, "matter": found.matter})


def resolution(request: HttpRequest, pk: int) -> HttpResponse:
    """A roll call by seat, and the sums its outcome follows from."""
    found = get_object_or_404(
        Resolution.objects.select_related("matter__process", "body"), pk=pk, matter__hidden_at=None
    )
    return render(request, "decisions/resolution.html", {**queries.roll_call(found), "matter": found.matter})


def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper while it is open; afterwards the tally, and a place to find one's receipt."""
    found = get_object_or_404(Ballot.objects.select_related("process", "fund"), pk=pk)
    asked = request.GET.get("receipt", "")[:20]
    mine = queries.find_receipt(found, asked) if asked else None
    return render(request, "decisions/ballot.html", {**queries.paper(found), "asked": asked, "mine": mine})


def votes(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every paper of a closed ballot in the order of the receipts: whoever likes counts again."""
    found = get_object_or_404(Ballot, pk=pk)
    if found.closed_at is None:
        raise Http404

    def lines() -> Iterator[str]:
        yield "\ufeffreceipt,voter_class,places\r\n"
        for receipt, group, places in queries.published(found):
            yield f"{receipt},{group},{places}\r\n"

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ballot-{pk}-votes.csv"'
    return response
