"""Feeds: what changed as Atom, what comes due as iCalendar; for the whole house or one place, process, 의제 or body.

1. An entry's id is its line in the record: it never changes and never comes twice.
2. A feed that has not changed costs one short query: ETag and Last-Modified come from the newest line about it, news or
   not, so that an edited title or a hidden 의제 shows at once.
3. Only kinds of news that notices know appear (notices/words.py); sentences quote nobody.
4. A person's own calendar stands at a secret address; a new one in the settings makes the old one useless.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date, quote_etag
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, gettext, override
from icalendar import Calendar, Event

from madang.bodies.models import Body, Seat
from madang.bodies.queries import in_office
from madang.doors.web.addresses import address
from madang.doors.web.middleware import moment
from madang.duties.models import Duty
from madang.matters.models import Matter, Stage
from madang.matters.queries import visible_to
from madang.notices.models import CalendarKey, Follow
from madang.notices.words import KINDS, NEWS, said
from madang.places.models import Place
from madang.places.queries import within
from madang.processes.models import Process, Window
from madang.record.models import Entry

ITEMS = 50
PUBLIC = sorted(kind for kind in NEWS if not KINDS[kind].direct)
PAST_DAYS = 60  # how far back a calendar keeps windows that are over


@dataclass(frozen=True)
class About:
    """What a feed is about: a name, its page, and the conditions that narrow record lines, duties, windows and
    stages.
    """

    key: str
    name: str
    path: str
    lines: Q
    duties: Q
    windows: Q
    stages: Q


def house() -> About:
    return About("all", gettext("마당 전체"), reverse("home"), Q(), Q(), Q(), Q())


def of_place(code: str) -> About:
    place = Place.objects.filter(code=code).order_by("-valid_from").first()
    if place is None:
        raise Http404
    ids = within(place)
    return About(
        f"place:{place.code}", str(place), address(place),
        Q(matter_id__in=Matter.objects.filter(place__in=ids).values("pk"))
        | Q(process_id__in=Process.objects.filter(place__in=ids).values("pk"), matter_id=None),
        Q(matter__place__in=ids), Q(process__place__in=ids), Q(matter__place__in=ids),
    )


def of_process(key: str) -> About:
    process = Process.objects.filter(key=key).first()
    if process is None:
        raise Http404
    return About(
        f"process:{process.key}", process.called, address(process),
        Q(matter_id__in=Matter.objects.filter(process=process).values("pk")) | Q(process_id=process.pk),
        Q(process=process), Q(process=process), Q(matter__process=process),
    )


def of_matter(number: str) -> About:
    matter = visible_to(None).filter(number=number).first()
    if matter is None:
        raise Http404
    return About(
        f"matter:{number}", matter.title, address(matter),
        Q(matter_id=matter.pk), Q(matter=matter), Q(pk=None), Q(matter=matter),
    )


def of_body(key: str) -> About:
    """A body's feed follows the 의제 on which it owes or owed something."""
    body = Body.objects.filter(key=key).first()
    if body is None:
        raise Http404
    return About(
        f"body:{body.key}", body.called, address(body),
        Q(matter_id__in=Duty.objects.filter(body=body).values("matter")), Q(body=body), Q(pk=None), Q(pk=None),
    )


# ── Atom ─────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Line:
    """One line of the record as a reader sees it."""

    entry: Entry
    matter: Matter | None
    process: Process | None
    codes: dict[str, Any]


def news(about: About) -> list[Entry]:
    """The newest news among the record's lines; what concerns one person alone is left out. One query."""
    return list(Entry.objects.filter(about.lines, act__in=PUBLIC).order_by("-pk")[:ITEMS])


def told(entries: list[Entry]) -> list[Line]:
    """One line for each act on each 의제, with what it is about; hidden 의제 left out. Two queries."""
    matters = visible_to(None).in_bulk({entry.matter_id for entry in entries if entry.matter_id})
    processes = Process.objects.in_bulk({entry.process_id for entry in entries if entry.process_id})
    lines: dict[tuple[str, datetime, int | None], Line] = {}
    for entry in entries:
        if entry.matter_id and entry.matter_id not in matters:
            continue
        values = {key: value for key, value in json.loads(entry.text)["is"].items() if isinstance(value, str)}
        key = (entry.act, entry.at, entry.matter_id)
        known = lines.get(key)
        if known:
            known.codes.update({code: value for code, value in values.items() if code not in known.codes})
        else:
            matter, process = matters.get(entry.matter_id or 0), processes.get(entry.process_id or 0)
            lines[key] = Line(entry, matter, process, values)
    return list(lines.values())


class Korean(Atom1Feed):
    """Atom with a self link and the language of the address."""

    content_type = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Shown:
    """What one feed shows, and the address at which it is asked for again in the same language."""

    about: About
    lines: list[Line]
    here: str


class Changes(Feed):
    """What changed, newest first."""

    feed_type = Korean

    def __init__(self, about: Callable[..., About]) -> None:
        self.about = about

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        about = self.about(*args, **kwargs)
        newest = Entry.objects.filter(about.lines).order_by("-pk").values_list("pk", "at").first()
        etag, changed = _mark(about.key, newest[0] if newest else 0), newest[1] if newest else None
        return _conditional(request, etag, changed, lambda: super(Changes, self).__call__(request, about=about))

    def get_object(self, request: HttpRequest, about: About) -> Shown:
        return Shown(about, told(news(about)), request.path + ("?lang=en" if get_language() == "en" else ""))

    def title(self, shown: Shown) -> str:
        return gettext("마당: %(name)s") % {"name": shown.about.name}

    def subtitle(self, shown: Shown) -> str:
        return gettext("제안에서 평가까지, 기록에 남은 일")

    def link(self, shown: Shown) -> str:
        return settings.SITE + shown.about.path

    def feed_guid(self, shown: Shown) -> str:
        return _tag(f"feed/{shown.about.key}/{get_language()}")

    def feed_url(self, shown: Shown) -> str:
        return shown.here

    def author_name(self, shown: Shown) -> str:
        return gettext("마당")

    def items(self, shown: Shown) -> list[Line]:
        return shown.lines

    def item_title(self, line: Line) -> str:
        about = line.matter.title if line.matter else line.process.called if line.process else gettext("마당")
        return f"{about}: {said(line.entry.act, line.codes)}"

    def item_description(self, line: Line) -> str:
        return said(line.entry.act, line.codes)

    def item_link(self, line: Line) -> str:
        return settings.SITE + address(line.matter or line.process)

    def item_guid(self, line: Line) -> str:
        return _tag(f"record/{line.entry.pk}")

    item_guid_is_permalink = False

    def item_pubdate(self, line: Line) -> datetime:
        return line.entry.at

    item_updateddate = item_pubdate


# ── iCalendar ────────────────────────────────────────────────────────────────
def dates(about: Callable[..., About]) -> Callable[..., HttpResponse]:
    """A calendar of `about`: open duties on their due day, windows of processes, phases that end."""

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _calendar(request, about(*args, **kwargs))

    return view


def mine(request: HttpRequest, secret: str) -> HttpResponse:
    """The person's own: what the posts they hold owe, and what comes due on what they follow."""
    key = CalendarKey.objects.select_related("person").filter(secret=secret, person__is_active=True).first()
    if key is None:
        raise Http404
    bodies = Seat.objects.filter(in_office(moment(request)), person=key.person).values("body")
    follows = Follow.objects.filter(person=key.person, ended_at=None)
    matters, processes = (
        follows.filter(matter__isnull=False).values("matter"),
        follows.filter(process__isnull=False).values("process"),
    )
    response = _calendar(
        request,
        About(
            "mine",
            gettext("내 마당"),
            reverse("notices"),
            Q(),
            Q(body__in=bodies) | Q(matter__in=matters) | Q(process__in=processes),
            Q(process__in=processes),
            Q(matter__in=matters),
        ),
    )
    patch_cache_control(response, private=True)
    response["X-Robots-Tag"] = "noindex"
    return response


def _calendar(request: HttpRequest, about: About) -> HttpResponse:
    calendar = Calendar()
    calendar.add("prodid", "-//Madang//madang//KO")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", gettext("마당: %(name)s") % {"name": about.name})
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    today = localdate(moment(request))
    events = [*_duties(about), *_windows(about, today), *_endings(about)]
    for event in events:
        calendar.add_component(event)
    body = calendar.to_ical()
    etag = hashlib.sha256(body).hexdigest()[:20]

    def fresh() -> HttpResponse:
        return HttpResponse(body, content_type="text/calendar; charset=utf-8")

    return _conditional(request, etag, None, fresh)


def _duties(about: About) -> Iterable[Event]:
    rows = Duty.objects.filter(about.duties, kept_at=None, released_at=None, matter__hidden_at=None)
    for duty in rows.select_related("body", "matter", "process").order_by("due_on", "pk")[:1000]:
        owes = f"{duty.body.called} {gettext(duty.post)}".strip()
        yield _event(
            f"duty-{duty.pk}", duty.due_on, duty.due_on, stamp=duty.extended_at or duty.owed_since,
            sequence=duty.transfers + bool(duty.extended_at),
            title=gettext("기한: %(title)s (%(owes)s)") % {"title": duty.called, "owes": owes},
            says=duty.matter.title, path=address(duty.matter),
        )


def _windows(about: About, today: date) -> Iterable[Event]:
    rows: QuerySet[Window] = Window.objects.filter(about.windows, closes_on__gte=today - timedelta(days=PAST_DAYS))
    for window in rows.select_related("process").order_by("opens_on", "pk")[:500]:
        name = window.process.rules.window(window.key).name.said(get_language() or "ko")
        yield _event(
            f"window-{window.pk}", window.opens_on, window.closes_on, stamp=window.process.opened_at, sequence=0,
            title=f"{window.process.called}: {name}", says="", path=address(window.process),
        )


def _endings(about: About) -> Iterable[Event]:
    """The last day of phases that close by themselves: gathering support, a forum, a vote, the citizens' check."""
    rows = Stage.objects.filter(about.stages, closed_at=None, acts_until__isnull=False, matter__hidden_at=None)
    for stage in rows.select_related("matter__process").order_by("acts_until", "pk")[:500]:
        last = localtime(stage.acts_until).date()
        name = stage.matter.process.rules.phase(stage.phase).name.said(get_language() or "ko")
        yield _event(
            f"stage-{stage.pk}", last, last, stamp=stage.opened_at, sequence=0,
            title=gettext("%(phase)s 마지막 날: %(title)s") % {"phase": name, "title": stage.matter.title}, says="",
            path=address(stage.matter),
        )


def _event(
    key: str, first: date, last: date, *, stamp: datetime, sequence: int, title: str, says: str, path: str
) -> Event:
    """An all-day event; DTEND is the day after (RFC 5545 §3.6.1)."""
    event = Event()
    event.add("uid", f"{key}@{_host()}")
    event.add("dtstamp", stamp)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("sequence", sequence)
    event.add("summary", title)
    if says:
        event.add("description", says)
    event.add("url", settings.SITE + path)
    event.add("transp", "TRANSPARENT")
    return event


# ── shared ───────────────────────────────────────────────────────────────────
def _conditional(
    request: HttpRequest, etag: str, changed: datetime | None, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """304 when the reader has it already; otherwise the whole, to be asked for again each time."""
    quoted = quote_etag(f"{etag}-{get_language()}")
    moment = int(changed.timestamp()) if changed else None
    response = get_conditional_response(request, etag=quoted, last_modified=moment) or make()
    response["ETag"] = quoted
    if moment is not None:
        response["Last-Modified"] = http_date(moment)
    if "Cache-Control" not in response:
        response["Cache-Control"] = "no-cache"
    return response


def _mark(key: str, newest_id: int) -> str:
    return hashlib.sha256(f"{key}:{newest_id}:{settings.SITE}".encode()).hexdigest()[:20]


def _host() -> str:
    return urlsplit(settings.SITE).hostname or "localhost"


def _tag(what: str) -> str:
    """RFC 4151: the house's name and the year it began naming."""
    return f"tag:{_host()},2026:{what}"


def spoken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """?lang=en speaks English; feeds stand at one address in both languages."""

    def speak(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with override("en" if request.GET.get("lang") == "en" else "ko"):
            return view(request, *args, **kwargs)

    return speak


urlpatterns = [
    path("feeds/all.atom", spoken(Changes(house)), name="feed-all"),
    path("feeds/places/<str:code>.atom", spoken(Changes(of_place)), name="feed-place"),
    path("feeds/processes/<slug:key>.atom", spoken(Changes(of_process)), name="feed-process"),
    path("feeds/matters/<str:number>.atom", spoken(Changes(of_matter)), name="feed-matter"),
    path("feeds/bodies/<slug:key>.atom", spoken(Changes(of_body)), name="feed-body"),
    path("calendars/all.ics", spoken(dates(house)), name="calendar-all"),
    path("calendars/places/<str:code>.ics", spoken(dates(of_place)), name="calendar-place"),
    path("calendars/processes/<slug:key>.ics", spoken(dates(of_process)), name="calendar-process"),
    path("calendars/matters/<str:number>.ics", spoken(dates(of_matter)), name="calendar-matter"),
    path("calendars/bodies/<slug:key>.ics", spoken(dates(of_body)), name="calendar-body"),
    path("calendars/mine/<str:secret>.ics", spoken(mine), name="calendar-mine"),
]
