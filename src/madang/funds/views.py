"""The page of a pot. It says in `response.shows` what it stands on, so that the web door may keep its bytes."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from madang.funds import queries
from madang.funds.models import Fund


def pots(request: HttpRequest) -> TemplateResponse:
    """Every pot of money, and what became of the budgets of past years."""
    response = TemplateResponse(request, "funds/pots.html", queries.pots())
    response.shows = ["funds.fund", "funds.line"]  # type: ignore[attr-defined]
    return response


def pot(request: HttpRequest, key: str) -> TemplateResponse:
    """How much of the pot was asked, voted, enacted and spent, and for which 의제."""
    fund = get_object_or_404(Fund.objects.select_related("process", "held_by", "place"), key=key)
    response = TemplateResponse(request, "funds/pot.html", queries.pot(fund))
    response.shows = ["funds.fund", "funds.line"]  # type: ignore[attr-defined]
    return response


def talks(request: HttpRequest, key: str) -> TemplateResponse:
    """민관예산협의회: what was asked, offered, agreed or disputed on every line of the pot, and what became of it."""
    fund = get_object_or_404(Fund.objects.select_related("process", "held_by"), key=key)
    response = TemplateResponse(request, "funds/talks.html", queries.talk_table(fund))
    response.shows = ["funds.fund", "funds.line", "funds.talk"]  # type: ignore[attr-defined]
    return response


def sources(request: HttpRequest, key: str) -> TemplateResponse:
    """통합예산: the plan of the pot, its lines against its sources, each with its rule."""
    fund = get_object_or_404(Fund.objects.select_related("process", "held_by"), key=key)
    response = TemplateResponse(request, "funds/sources.html", queries.source_table(fund))
    response.shows = ["funds.fund", "funds.line", "funds.source"]  # type: ignore[attr-defined]
    return response
