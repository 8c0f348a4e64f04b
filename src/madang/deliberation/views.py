"""Pages of deliberation. Each says in `response.shows` what it stands on, so that the web door may keep its bytes."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from madang.deliberation import queries
from madang.deliberation.models import Forum, Opinion, Side
from madang.proposals.queries import address


def forum(request: HttpRequest, pk: int) -> TemplateResponse:
    """Every opinion of a forum, by side, the newest first."""
    try:
        on = queries.forum(pk)
    except (Forum.DoesNotExist, OverflowError):
        raise Http404(_("그런 공론장이 없습니다."))
    side = request.GET.get("side", "")
    side = side if side in Side.values else ""
    found = queries.opinions(on, side, _id(request, "before"), _id(request, "after"))
    narrowed = {"side": side} if side else {}
    return _page(
        request,
        "deliberation/forum.html",
        {
            "forum": on,
            "matter": on.matter,
            "matter_url": address(on.matter),
            "opinions": found.rows,
            "side": side,
            "tabs": _tabs(on, side),
            "before": urlencode({**narrowed, "after": found.newer}) if found.newer else "",
            "after": urlencode({**narrowed, "before": found.older}) if found.older else "",
        },
        [f"matter:{on.matter_id}"],
    )


def thread(request: HttpRequest, pk: int) -> TemplateResponse:
    """One opinion or reply and everything answered to it."""
    try:
        head = queries.thread(pk)
    except (Opinion.DoesNotExist, OverflowError):
        raise Http404(_("그런 의견이 없습니다."))
    matter = head.forum.matter
    return _page(
        request,
        "deliberation/thread.html",
        {"forum": head.forum, "matter": matter, "matter_url": address(matter), "opinion": head},
        [f"matter:{matter.pk}"],
    )


def moderation(request: HttpRequest) -> TemplateResponse:
    """What waits for the moderators: reports and appeals, the longest waiting first. Public, as every duty is."""
    return _page(
        request,
        "deliberation/moderation.html",
        {"reports": list(queries.reported()), "appeals": list(queries.appealed())},
        ["deliberation.report", "deliberation.hiding", "deliberation.opinion"],
    )


def _tabs(on: Forum, side: str) -> list[dict[str, Any]]:
    every = {"url": "?", "label": _("모두"), "count": None, "current": not side}
    return [
        every,
        *(
            {"url": f"?side={value}", "label": label, "count": None, "current": side == value}
            for value, label in Side.choices
        ),
    ]


def _id(request: HttpRequest, name: str) -> int | None:
    """A row to page from; anything else reads as none."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _page(request: HttpRequest, template: str, context: dict[str, Any], shows: Iterable[str]) -> TemplateResponse:
    response = TemplateResponse(request, template, {"today": localdate(), **context})
    response.shows = list(shows)  # type: ignore[attr-defined]
    return response
