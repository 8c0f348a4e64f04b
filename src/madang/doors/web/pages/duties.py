"""Duties: what is owed in public, who kept their dates, and the desk of whoever holds a post."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madang.access import ACTS
from madang.bodies.models import Body
from madang.bodies.queries import seats_held
from madang.doors.web.addresses import address
from madang.doors.web.donut import Page, page, served
from madang.doors.web.middleware import moment
from madang.duties.models import Duty
from madang.duties.queries import desk, kept_and_missed, open_duties

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


@login_required
def my_desk(request: HttpRequest) -> HttpResponseBase:
    """The desk of a post: forty lines, the most urgent first, each with its button."""
    held = seats_held(request.user, moment(request))
    sits = ",".join(f"{seat.body_id} {seat.post}" for seat in held)

    def made() -> Page:
        rows = desk([seat.body for seat in held])[:200]
        return Page(
            "web/desk.html",
            {
                "section": "desk",
                "today": timezone.localdate(moment(request)),
                "seats": held,
                "rows": [_row(duty) for duty in rows],
            },
            {"duties", "duties.duty", "matters", "matters.matter", "matters.stage", "bodies"},
        )

    return served(request, (f"desk {get_language()}", sits), made)  # the same for all who hold the same seats


def _row(duty: Duty) -> dict[str, Any]:
    act = ACTS.get(duty.act)
    on = duty.matter_id if act and act.on == "matters.matter" else duty.pk if act and act.on == "duties.duty" else None
    return {
        "duty": duty,
        "title": str(act.title) if act else duty.called,
        "do": f"/do/{duty.act}/{on}/" if on else address(duty.matter),
        "may_extend": duty.extended_at is None,
    }


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
