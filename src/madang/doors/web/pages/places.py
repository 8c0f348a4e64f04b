"""Places and bodies: what happens here, who sits there."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from madang.bodies.models import Body
from madang.bodies.queries import seats
from madang.doors.web.donut import Page, page
from madang.doors.web.draw import Tile
from madang.doors.web.middleware import moment
from madang.duties.queries import kept_and_missed, open_duties
from madang.matters.models import Matter
from madang.matters.queries import visible_to, with_stages
from madang.places.models import Place
from madang.places.queries import path_name, within
from madang.places.tiles import TILES
from madang.processes.models import Process


@page
def place_list(request: HttpRequest) -> Page:
    """The 25 gu as tiles with their open matters, and the same figures in a table."""
    gu = list(Place.objects.filter(level="gu", valid_to=None).order_by("name"))
    counts = _open_by_gu()
    tiles = [Tile(*TILES[g.code], str(g), counts.get(g.pk, 0), f"/places/{g.code}/") for g in gu if g.code in TILES]
    return Page("web/places.html", {"section": "places", "tiles": tiles, "gu": gu}, {"matters", "places.place"})


def _open_by_gu() -> dict[int, int]:
    """Open matters under each gu: one query over the open ones."""
    found: dict[int, int] = {}
    rows = Matter.objects.filter(closed_at=None, hidden_at=None).values_list(
        "place_id", "place__parent_id", "place__level"
    )
    for place_id, parent_id, level in rows.iterator():
        key = place_id if level == "gu" else parent_id if level == "dong" else None
        if key:
            found[key] = found.get(key, 0) + 1
    return found


@page
def place(request: HttpRequest, code: str) -> Page:
    today = timezone.localdate(moment(request))
    rows = list(Place.objects.filter(code=code).order_by("-valid_from"))
    on = rows[0] if rows else get_object_or_404(Place, code=code)
    inside = within(on)
    matters = list(with_stages(visible_to(None).filter(place__in=inside).order_by("-id"))[:10])
    owed = list(open_duties().filter(matter__place__in=inside, matter__hidden_at=None)[:10])
    return Page(
        "web/place.html",
        {
            "section": "places",
            "today": today,
            "place": on,
            "path": path_name(on),
            "matters": matters,
            "duties": owed,
            "parts": list(Place.objects.filter(parent=on, valid_to=None).order_by("name")),
            "processes": list(Process.objects.filter(place__in=inside, closed_at=None).exclude(key="charter")),
            "versions": rows[1:],
        },
        {
            "matters",
            "duties",
            "processes",
            "places.place",
            *(f"matter:{m.pk}" for m in matters),
            *(f"matter:{d.matter_id}" for d in owed),
        },
    )


@page
def body(request: HttpRequest, key: str) -> Page:
    today = timezone.localdate(moment(request))
    on = get_object_or_404(Body.objects.select_related("parent", "place"), key=key)
    return Page(
        "web/body.html",
        {
            "section": "bodies",
            "today": today,
            "body": on,
            "seats": list(seats(on, moment(request))),
            "children": list(Body.objects.filter(parent=on).order_by("name")),
            "duties": list(open_duties().filter(body=on, matter__hidden_at=None)[:20]),
            "kept": kept_and_missed(today).filter(pk=on.pk).first(),
        },
        {"bodies", "bodies.body", "bodies.seat", "duties", "duties.duty", "matters"},
    )
