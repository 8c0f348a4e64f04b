"""Home: what is happening near me, what waits for an answer, what changed."""

from django.http import HttpRequest
from django.utils import timezone

from madang.doors.web.donut import Page, page
from madang.doors.web.middleware import moment
from madang.doors.web.pages.stories import changed
from madang.duties.queries import open_duties
from madang.matters.queries import ended_lately, visible_to, with_stages
from madang.places.models import Place
from madang.places.queries import within
from madang.processes.queries import running

NEW, WAITING, NEWS = 6, 6, 8


@page
def home(request: HttpRequest) -> Page:
    today = timezone.localdate(moment(request))
    code = request.GET.get("place", "")
    here = Place.objects.filter(code=code, valid_to=None).first() if code.isalnum() else None
    rows = visible_to(None)
    if here:
        rows = rows.filter(place__in=within(here))
    new = list(with_stages(rows.filter(closed_at=None).order_by("-id"))[:NEW])
    owed = open_duties().filter(matter__hidden_at=None)
    if here:
        owed = owed.filter(matter__place__in=within(here))
    waiting = list(owed[:WAITING])
    news = ended_lately(NEWS)
    shown = {*(f"matter:{m.pk}" for m in new), *(f"matter:{d.matter_id}" for d in waiting)}
    return Page(
        "web/home.html",
        {
            "section": "home",
            "today": today,
            "here": here,
            "new": new,
            "waiting": waiting,
            "news": [changed(stage) for stage in news],
            "processes": list(running(moment(request))),
            "gu": list(Place.objects.filter(level="gu", valid_to=None).order_by("name")),
        },
        {
            "matters",
            "duties",
            "matters.stage",
            "processes",
            "places.place",
            *shown,
            *(f"matter:{s.matter_id}" for s in news),
        },
    )
