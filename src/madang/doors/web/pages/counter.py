"""The counter of the identity desk: whom offices made sure of, and the way to take a mistake back.

1. It opens only for those whom the charter lets take a confirmation back; nobody else learns who was confirmed.
2. It is built for each visit and never kept.
"""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from madang.access import may
from madang.doors.web.middleware import moment
from madang.matters.sheets import numbered
from madang.people.queries import by_offices
from madang.processes.queries import charter

PER_PAGE = 30


@login_required
def counter(request: HttpRequest) -> HttpResponse:
    """People confirmed at a desk or by a roll, the newest first; `cursor` is the last number of the page before."""
    at = moment(request)
    if not may(request.user, "people.revoke", request.user, at):
        raise PermissionDenied
    rows = numbered(by_offices(at), "pk__lt", request.GET.get("cursor", ""))
    found = list(rows[: PER_PAGE + 1])
    house = charter()
    answer = render(
        request,
        "web/counter.html",
        {
            "section": "desk",
            "place": house.place if house else None,
            "attestations": found[:PER_PAGE],
            "after": f"cursor={found[PER_PAGE - 1].pk}" if len(found) > PER_PAGE else "",
        },
    )
    patch_cache_control(answer, private=True, no_store=True)
    return answer
