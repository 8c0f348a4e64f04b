"""Search: two-syllable words found on both databases through one interface."""

from django.http import HttpRequest
from django.utils import timezone

from madang.doors.web.donut import Page, page
from madang.doors.web.middleware import moment
from madang.matters import search
from madang.matters.models import Matter
from madang.matters.queries import with_stages

LIMIT = 20


@page
def find(request: HttpRequest) -> Page:
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    found = search.search(words, limit=LIMIT) if words else []
    rows = {m.pk: m for m in with_stages(Matter.objects.filter(pk__in=found, hidden_at=None))}
    return Page(
        "web/search.html",
        {
            "section": "search",
            "today": timezone.localdate(moment(request)),
            "words": words,
            "rows": [rows[pk] for pk in found if pk in rows],
        },
        {"matters", *(f"matter:{pk}" for pk in found)},
    )
