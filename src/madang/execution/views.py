"""The page of a promise."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from madang.execution import queries
from madang.execution.models import Commitment


def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """취지 대조: what was meant, what was promised, what changed on the way, what stands now."""
    found = get_object_or_404(queries.with_parts(Commitment.objects.all()), pk=pk, matter__hidden_at=None)
    return render(
        request, "execution/commitment.html",
        {"commitment": found, "matter": found.matter, "contrast": queries.contrast(found)},
    )
