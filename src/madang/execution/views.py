"""The page of a promise. It says in `response.shows` what it stands on, so that the web door may keep its bytes."""

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from madang.execution import queries
from madang.execution.models import Commitment


def commitment(request: HttpRequest, pk: int) -> TemplateResponse:
    """취지 대조: what was meant, what was promised, what changed on the way, what stands now."""
    try:
        found = queries.with_parts(Commitment.objects.all()).get(pk=pk, matter__hidden_at=None)
    except (Commitment.DoesNotExist, OverflowError):
        raise Http404 from None
    response = TemplateResponse(
        request,
        "execution/commitment.html",
        {"commitment": found, "matter": found.matter, "contrast": queries.contrast(found)},
    )
    response.shows = [f"matter:{found.matter_id}"]  # type: ignore[attr-defined]
    return response
