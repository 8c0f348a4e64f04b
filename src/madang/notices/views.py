"""Pages of one person's notices: the list, the choices, following, and the way out of letters without logging in."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madang.notices import acts, queries
from madang.notices.forms import PreferForm
from madang.notices.models import CalendarKey
from madang.people.models import Person

PER_PAGE = 30


class Request(HttpRequest):
    """A request as it arrives here: behind the login, with its one moment."""

    user: Person
    at: datetime



@never_cache
@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    """The newest notices, gathered under their 의제."""
    before = request.GET.get("before", "")
    rows = queries.page(request.user, int(before) if before.isdecimal() and len(before) < 19 else None, PER_PAGE + 1)
    shown = rows[:PER_PAGE]
    return render(
        request,
        "notices/index.html",
        {
            "groups": queries.by_matter(shown),
            "after": f"before={shown[-1].pk}" if len(rows) > PER_PAGE else "",
            "newest": shown[0].pk if shown else 0,
            "unread": any(row.read_at is None for row in shown),
            "paged": bool(before),
        },
    )


@login_required
@require_POST
def read(request: Request) -> HttpResponse:
    """All that was on the page is read."""
    until = request.POST.get("until", "")
    if until.isdecimal() and len(until) < 19:
        acts.read(request.user, request.at, until=int(until))
    return redirect("notices")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def settings(request: Request) -> HttpResponse:
    """How often letters come, what is followed, the calendar's secret address."""
    person = request.user
    form = PreferForm(request.POST or None, initial={"digest": person.digest, "language": person.language})
    if request.method == "POST" and form.is_valid():
        acts.prefer(person, **form.cleaned_data)
        messages.success(request, _("소식 설정을 바꾸었습니다."))
        return redirect("notices-settings")
    key = CalendarKey.objects.filter(person=person).first()
    return render(request, "notices/settings.html", {
        "form": form, "follows": queries.followed(person)[:200],
        "calendar": request.build_absolute_uri(reverse("calendar-mine", args=[key.secret])) if key else "",
    })


@login_required
@require_POST
def calendar(request: Request) -> HttpResponse:
    """A fresh secret address for the person's calendar."""
    acts.new_calendar(request.user, request.at)
    messages.success(request, _("내 달력 주소를 새로 만들었습니다. 전 주소는 더 쓸 수 없습니다."))
    return redirect("notices-settings")


@login_required
@require_POST
def follow(request: Request, name: str, pk: int) -> HttpResponse:
    """Follow or leave (leave=1) a thing, and go back to where the button stood."""
    thing = _thing(name, pk)
    if request.POST.get("leave"):
        acts.unfollow(request.user, thing, request.at)
        messages.success(request, _("이제 소식을 받지 않습니다."))
    else:
        acts.follow(request.user, thing, request.at)
        messages.success(request, _("새 소식이 있으면 알려 드립니다."))
    return redirect(_back(request))


@csrf_exempt  # mail programs post here (RFC 8058): the signed token allows it, and all it does is stop letters
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: Request, token: str) -> HttpResponse:
    """Stop letters without logging in. Reading the page changes nothing: mail scanners open links."""
    person = acts.stop(token) if request.method == "POST" else acts.whose(token)
    status = 200 if person else 404
    return render(request, "notices/stop.html", {"known": person, "stopped": request.method == "POST"}, status=status)


def _thing(name: str, pk: int) -> Any:
    model = acts.THINGS.get(name)
    thing = model._default_manager.filter(pk=pk).first() if model else None
    if thing is None or getattr(thing, "hidden_at", None) is not None:
        raise Http404
    return thing


def _back(request: Request) -> str:
    """The page the button stood on, if it is ours."""
    wanted = request.POST.get("back") or urlsplit(request.META.get("HTTP_REFERER", "")).path
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else reverse("notices")

