"""Pages of what a counted ballot looks like to somebody who asks whether it was honest."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from madang.decisions import integrity as looking
from madang.decisions.models import Ballot


def integrity(request: HttpRequest, pk: int) -> TemplateResponse:
    """Every look with what stands out; 404 before the count."""
    found = _counted(pk)
    response = TemplateResponse(request, "decisions/integrity.html", looking.page(found))
    response.shows = ["decisions.ballot", f"process:{found.process_id}"]  # type: ignore[attr-defined]
    return response


def taken(request: HttpRequest, pk: int) -> HttpResponse:
    """What went in, byte for byte: `madang integrity` on this file gives the published report."""
    found = _counted(pk)
    return _file(looking.known(found), f"ballot-{found.pk}-integrity.json")


def reported(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as JSON."""
    found = _counted(pk)
    told = json.dumps(looking.reported(looking.known(found)), ensure_ascii=False, indent=1)
    return _file(told.encode(), f"ballot-{found.pk}-integrity-report.json")


def _file(raw: bytes, name: str) -> HttpResponse:
    response = HttpResponse(raw, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _counted(pk: int) -> Ballot:
    """The ballot, if its votes are counted; numbers beyond what a database knows are no ballot either."""
    try:
        return Ballot.objects.select_related("process").exclude(closed_at=None).get(pk=pk)
    except (Ballot.DoesNotExist, OverflowError):
        raise Http404 from None
