"""The marks and components of every page: stations, due days, names of people and bodies, cards, maps, charts.

1. A mark never speaks by colour alone: each carries its word.
2. A day is compared with `today` given by the page (context or argument), so a page can be drawn for any day.
3. Lateness looks the same whoever owes: no component takes the kind of body.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from madang.doors.web import draw
from madang.doors.web.templatetags.words import (
    address,
    day_of,
    day_words,
    days_words,
    inert,
    post_words,
    short_day,
    tongue,
)

register = template.Library()

STATIONS = {
    "propose": pgettext_lazy("station", "제안"),
    "deliberate": pgettext_lazy("station", "숙의"),
    "decide": pgettext_lazy("station", "결정"),
    "execute": pgettext_lazy("station", "집행"),
    "evaluate": pgettext_lazy("station", "평가"),
}
# the recipes say it in Korean, the rooms in English nouns; both mean the same five stations
STATION_CODES = {code: code for code in STATIONS} | {
    "제안": "propose", "proposal": "propose", "proposals": "propose",
    "숙의": "deliberate", "deliberation": "deliberate",
    "결정": "decide", "decision": "decide", "decisions": "decide",
    "집행": "execute", "execution": "execute",
    "평가": "evaluate", "evaluation": "evaluate",
}  # fmt: skip


# ── due days ─────────────────────────────────────────────────────────────────
@register.filter
def dday(due_on: date | datetime | None, today: date | None = None) -> SafeString | str:
    """The badge of a due day: D-3, 오늘, 4일 지남; the same for everyone who owes. Without `today`, Seoul's today."""
    return due_badge(due_on, today or timezone.localdate())


def due_badge(due_on: date | datetime | None, today: date, done_on: date | datetime | None = None) -> SafeString | str:
    """What a due day says on `today`, or how the deed stood to it once done."""
    if not due_on:
        return ""
    due = day_of(due_on)
    if done_on:
        late = (day_of(done_on) - due).days
        state, words = ("kept", _("기한 안에 마침")) if late <= 0 else ("missed", _("%(n)d일 늦게 마침") % {"n": late})
        return format_html('<span class="due due-{}">{}</span>', state, words)
    state, words = days_words((due - today).days)
    until = _("%(day)s까지") % {"day": short_day(due) if due.year == today.year else day_words(due)}
    return format_html(
        '<span class="due due-{}"><b>{}</b> <time datetime="{}">{}</time></span>', state, words, due.isoformat(), until
    )


@register.simple_tag(takes_context=True)
def due(context: Mapping[str, Any], due_on: date | None, done_on: date | None = None) -> SafeString | str:
    """{% due duty.due_on duty.done_on %}: the badge on the page's day."""
    return due_badge(due_on, context.get("today") or timezone.localdate(), done_on)


# ── stations, people, sources ────────────────────────────────────────────────
@register.filter(name="station")
def station(code: str) -> SafeString:
    """The badge of one of the five stations, by its Korean word or its English code; anything else fails loudly."""
    key = STATION_CODES[str(code)]
    return format_html('<span class="station st-{}">{}</span>', key, STATIONS[key])


@register.simple_tag(name="station")
def station_tag(code: str) -> SafeString:
    """{% station "숙의" %}"""
    return station(code)


@register.simple_tag
def stations(current: str, *, reached: str = "") -> SafeString:
    """The small five-station strip: where a 의제 stands now; read aloud as one sentence."""
    key = STATION_CODES[str(current)]
    return draw.strip(list(STATIONS), key, {code: str(word) for code, word in STATIONS.items()})


@register.simple_tag
def chip(name: str, url: str = "", post: str = "", kind: str = "") -> SafeString:
    """A person or a body by name; `post` is the seat they speak from; kind: person, public, civil, joint."""
    words = {"public": _("관"), "civil": _("민"), "joint": _("민관")}
    mark = format_html('<i class="chip-mark">{}</i>', words[kind]) if kind in words else ""
    seat = format_html(' <span class="chip-post">{}</span>', post_words(post)) if post else ""
    inside = format_html("{}{}{}", mark, inert(name), seat)
    if url:
        return format_html('<a class="chip" href="{}">{}</a>', address(url), inside)
    return format_html('<span class="chip">{}</span>', inside)


@register.simple_tag
def synthetic(flag: bool = True) -> SafeString | str:
    """The mark of what was invented for the demonstration."""
    return format_html('<span class="synthetic">{}</span>', _("시연용 지어낸 자료")) if flag else ""


@register.simple_tag
def source(words: str, url: str = "") -> SafeString | str:
    """Where a sourced datum comes from: 원문: 「시민과 함께 협치를 말하다」 12쪽."""
    if not words:
        return ""
    name = draw.outward(address(url), words) if url else inert(words)
    return format_html('<span class="source">{} {}</span>', _("원문:"), name)


@register.simple_tag
def badge(words: str, kind: str = "") -> SafeString:
    """A small word about a state; kind: "", info, good, warn, bad."""
    return format_html('<span class="badge{}">{}</span>', f" badge-{kind}" if kind else "", words)


# ── components ───────────────────────────────────────────────────────────────
@register.inclusion_tag("parts/card.html", takes_context=True)
def card(
    context: Mapping[str, Any],
    url: str,
    title: str,
    *,
    station: str = "",
    place: str = "",
    process: str = "",
    due_on: date | None = None,
    owes: str = "",
    supports: int | None = None,
    opinions: int | None = None,
    state: str = "",
    excerpt: str = "",
    synthetic: bool = False,
    source: str = "",
    heading: int = 3,
) -> dict[str, Any]:
    """One 의제 in a list: {% card url title station="숙의" place=… process=… due_on=… owes=… supports=12 %}."""
    return {
        "url": url, "title": title, "station": station, "place": place, "process": process, "due_on": due_on,
        "owes": owes, "supports": supports, "opinions": opinions, "state": state, "excerpt": excerpt,
        "synthetic": synthetic, "source": source, "heading": heading,
        "today": context.get("today") or timezone.localdate(),
    }  # fmt: skip


@register.inclusion_tag("parts/duty.html", takes_context=True)
def duty(
    context: Mapping[str, Any],
    what: str,
    *,
    due_on: date | None,
    owes: str = "",
    owes_url: str = "",
    matter: str = "",
    url: str = "",
    done_on: date | None = None,
    extended: str = "",
    escalated: str = "",
    action: str = "",
    action_url: str = "",
) -> dict[str, Any]:
    """One row of what is owed; stands in <ol class="duties">. `extended` and `escalated` are words."""
    today = context.get("today") or timezone.localdate()
    return {
        "what": what, "badge": due_badge(due_on, today, done_on), "owes": owes, "owes_url": owes_url,
        "matter": matter, "url": url, "extended": extended, "escalated": escalated, "action": action,
        "action_url": action_url,
        "late": bool(due_on and not done_on and day_of(due_on) < today),
    }  # fmt: skip


@register.inclusion_tag("parts/linemap.html", takes_context=True)
def linemap(context: Mapping[str, Any], stops: Iterable[draw.Stop], caption: str = "") -> dict[str, Any]:
    """The 노선도 of a 의제: the drawing for the eye and the same stops as an ordered list for everyone."""
    stops = list(stops)
    today = context.get("today") or timezone.localdate()
    rows = [
        {
            "stop": stop,
            "code": STATION_CODES[stop.station],
            "word": STATIONS[STATION_CODES[stop.station]],
            "state": STOP_STATES[stop.state],
            "changes": bool(before) and before.line != stop.line,  # type: ignore[union-attr]
            "due": due_badge(stop.due_on, today) if stop.state in ("now", "late") else "",
        }
        for before, stop in zip([None, *stops], stops, strict=False)
    ]
    return {"rows": rows, "drawing": draw.linemap(stops, STATION_CODES, short_day), "caption": caption}


STOP_STATES = {
    "done": gettext_lazy("지나온 역"),
    "now": gettext_lazy("지금 여기"),
    "late": gettext_lazy("지금 여기, 기한 지남"),
    "ahead": gettext_lazy("다음 역"),
    "ended": gettext_lazy("여기서 끝남"),
}


@register.simple_tag
def tally(*pairs: object, of: int | None = None, caption: str = "", unit: str = "") -> SafeString:
    """{% tally "찬성" 12 "반대" 5 "기타" 3 of=120 %}: shares of the answers, and how many answered of how many."""
    counts = [(str(pairs[at]), int(pairs[at + 1])) for at in range(0, len(pairs), 2)]  # type: ignore[call-overload]
    return draw.tally(counts, of=of, caption=caption, unit=unit or _("명"))


@register.simple_tag
def gauge(have: int, need: int, label: str, unit: str = "") -> SafeString:
    """How far a count has come to its threshold: 공감 37 / 50명; past the threshold it says so."""
    return draw.gauge(have, need, label, unit or _("명"))


@register.simple_tag
def bars(rows: Iterable[draw.Bar], caption: str, head: str = "", unit: str = "") -> SafeString:
    """A bar chart that is a table: every bar stands beside its figure."""
    return draw.bars(list(rows), caption, head or _("구분"), unit)


@register.simple_tag
def tilemap(tiles: Iterable[draw.Tile], caption: str, head: str = "", unit: str = "") -> SafeString:
    """The 25 gu as equal tiles with their figures, and the same figures in a table."""
    return draw.tilemap(list(tiles), caption, head or _("자치구"), unit)


@register.simple_tag
def option(value: object, label: str, chosen: object) -> SafeString:
    """<option>, selected when its value is the chosen one."""
    picked = mark_safe(" selected") if str(value) == str(chosen) else ""
    return format_html('<option value="{}"{}{}>{}</option>', value, picked, tongue(label), label)
