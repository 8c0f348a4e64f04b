"""The page of a pot."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from madang.funds import queries
from madang.funds.models import Fund


def pot(request: HttpRequest, key: str) -> HttpResponse:
    """How much of the pot was asked, voted, enacted and spent, and for which 의제."""
    fund = get_object_or_404(Fund.objects.select_related("process", "held_by", "place"), key=key)
    return render(request, "funds/pot.html", queries.pot(fund))
