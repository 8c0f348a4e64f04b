"""Duties: what is owed in public, and who kept their dates."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from madang.bodies.models import Body
from madang.doors.web.donut import Page, page
from madang.doors.web.middleware import moment
from madang.duties.queries import kept_and_missed, open_duties

PER_PAGE = 30


@page
def duty_list(request: HttpRequest) -> Page:
    """Everything owed, the most urgent first; filters late, side, body; keyset pages."""
    today = timezone.localdate(moment(request))
    rows = open_duties().filter(matter__hidden_at=None)
    side, which, body = (request.GET.get(name, "").replace("\x00", "") for name in ("side", "which", "body"))
    if side in {"civil", "public", "council", "joint"}:
        rows = rows.filter(body__side=side)
    if body:
        rows = rows.filter(body__key=body)
    if which == "late":
        rows = rows.filter(due_on__lt=today)
    after = _cursor(request.GET.get("cursor", ""))
    found = list((beyond(rows, after) if after else rows)[: PER_PAGE + 1])
    more = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    query = request.GET.copy()
    if more:
        query["cursor"] = f"{more.due_on.isoformat()}.{more.pk}"
    return Page(
        "web/duties.html",
        {
            "section": "duties",
            "today": today,
            "duties": found[:PER_PAGE],
            "after": query.urlencode() if more else "",
            "filters": [
                {
                    "name": "which",
                    "label": _("기한"),
                    "options": [("", _("모두")), ("late", _("늦은 것만"))],
                    "chosen": which,
                },
                {
                    "name": "side",
                    "label": _("누가"),
                    "chosen": side,
                    "options": [
                        ("", _("모두")),
                        ("public", _("행정")),
                        ("civil", _("시민 기구")),
                        ("joint", _("민관")),
                        ("council", _("의회")),
                    ],
                },
            ],
        },
        {"duties", "duties.duty", "matters"},
    )


@page
def by_body(request: HttpRequest) -> Page:
    """Kept and missed, body by body: the same columns for citizens and officials."""
    today = timezone.localdate(moment(request))
    return Page(
        "web/duties_by_body.html",
        {"section": "duties", "today": today, "bodies": list(kept_and_missed(today))},
        {"duties", "duties.duty", "bodies"},
    )


def beyond(rows: Any, after: tuple[str, int]) -> Any:
    due_on, pk = after
    return rows.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk))


def _cursor(text: str) -> tuple[str, int] | None:
    """ "2026-03-02.17" → a place in the list; anything else is the beginning."""
    day, _dot, pk = text.partition(".")
    try:
        return date.fromisoformat(day).isoformat(), int(pk)
    except (ValueError, OverflowError):
        return None


@page
def body_list(request: HttpRequest) -> Page:
    bodies = list(Body.objects.select_related("parent", "place").order_by("side", "name"))
    sides = [("civil", _("시민 기구")), ("public", _("행정 부서")), ("council", _("의회")), ("joint", _("민관 기구"))]
    return Page(
        "web/bodies.html",
        {"section": "bodies", "groups": [(label, [b for b in bodies if b.side == side]) for side, label in sides]},
        {"bodies"},
    )
