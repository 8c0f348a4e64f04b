"""The words and marks every page shares: money, days, stations, hostile text, and the components under `parts/`.

1. Whatever a person wrote passes autoescape; nothing here marks a person's text safe.
2. A mark never speaks by colour alone: each carries its word.
3. A day is compared with `today` given by the page (context or argument), so a page can be drawn for any day.
4. Lateness looks the same whoever owes: no component takes the kind of body.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, gettext_noop, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from madang.doors.web import draw
from madang.recipes.institution import Text

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
SOON_DAYS = 3

# what reorders, hides or garbles text: bidi controls, zero-width marks (not the emoji joiner), controls, tags
_HIDDEN = {
    point: None
    for start, end in [
        (0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E),
        (0x200B, 0x200C), (0x200E, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0xD800, 0xDFFF), (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFB), (0xE0000, 0xE007F),
    ]
    for point in range(start, end + 1)
}  # fmt: skip
_MARKS = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # set over or under a letter
_PILED_MARKS = re.compile(f"([{_MARKS}]{{2}})[{_MARKS}]+")
_SUSPECT = re.compile(f"[{''.join(map(re.escape, map(chr, _HIDDEN)))}{_MARKS}]")
_HANGUL = re.compile("[가-힣]")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]{3,500}")


# ── text ─────────────────────────────────────────────────────────────────────
@register.filter
def plain(text: object) -> str:
    """Text without marks that reorder or hide it; autoescaped by the page. For <title> and attributes."""
    words = "" if text is None else str(text)
    return _PILED_MARKS.sub(r"\1", words.translate(_HIDDEN)) if _SUSPECT.search(words) else words


@register.filter
def inert(text: object) -> SafeString:
    """A person's short text, escaped and isolated in <bdi> so that it cannot disturb what stands around it."""
    words = plain(text)
    return mark_safe(f"<bdi{tongue(words)}>{escape(words)}</bdi>")  # noqa: S308 escaped here


@register.filter
def tongue(words: object) -> SafeString:
    """<option{{ label|tongue }}>: Korean words on an English page say so, to be read aloud in Korean (WCAG 3.1.2)."""
    return mark_safe(' lang="ko"' if not _korean() and _HANGUL.search(str(words)) else "")  # noqa: S308 an attribute of ours


def _linked(text: str) -> str:
    """Escaped text with its http(s) addresses as links that lend no weight to where they lead."""
    pieces, end = [], 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?)")
        pieces += [escape(text[end : match.start()]), draw.outward(address)]
        end = match.start() + len(address)
    return "".join([*pieces, escape(text[end:])])


@register.filter
def paragraphs(text: object) -> SafeString:
    """Plain text as paragraphs and line breaks, addresses as links; no other markup is understood."""
    whole = plain(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    spoken = tongue(whole)
    blocks = [_linked(block).replace("\n", "<br>") for block in _BLANK_LINES.split(whole) if block.strip()]
    return mark_safe("".join(f'<p dir="auto"{spoken}>{block}</p>' for block in blocks))  # noqa: S308 every piece was escaped above


@register.filter
def address(link: object) -> str:
    """The link if it leads to http(s) or inside this house, else "#": no javascript: or data: addresses."""
    text = plain(link).strip()
    inside = text.startswith(("/", "?", "#")) and not text.startswith(("//", "/\\"))
    return text if inside or urlsplit(text).scheme in ("http", "https") else "#"


@register.simple_tag
def to(path: str) -> str:
    """An address inside the house in the language of this page: Korean has no prefix, English lives under /en/."""
    return path if _korean() else f"/en{path}"


@register.simple_tag
def feed(*pieces: object) -> str:
    """{% feed "/feeds/matters/" number ".atom" %} in the page's language: feeds have one address, English is asked for."""
    path = "".join(map(str, pieces))
    return path if _korean() else f"{path}?lang=en"


# ── money ────────────────────────────────────────────────────────────────────
def _krw_ko(won: int) -> str:
    """억/만 as people say it; a remainder under 만 is shown below 1억 and rounded with 약 above it."""
    eok, rest = divmod(won, 100_000_000)
    man, ones = divmod(rest, 10_000)
    about = ""
    if eok and ones:
        about, man, ones = "약 ", man + (ones >= 5_000), 0
        eok, man = (eok + 1, 0) if man == 10_000 else (eok, man)
    parts = [f"{eok:,}억" if eok else "", f"{man:,}만" if man else "", f"{ones:,}" if ones else ""]
    words = " ".join(part for part in parts if part) or "0"
    return f"{about}{words}{'' if words[-1].isdigit() else ' '}원"


def _krw_en(won: int) -> str:
    for size, word in ((1_000_000_000, "billion"), (1_000_000, "million")):
        if won >= size:
            return f"₩{f'{won / size:,.2f}'.rstrip('0').rstrip('.')} {word}"
    return f"₩{won:,}"


@register.filter
def krw(won: int | None) -> SafeString | str:
    """Integer won in people's units; the exact figure is read in the title."""
    if won is None:
        return _("금액 미정")
    sign, size = ("−" if won < 0 else ""), abs(won)
    words = _krw_ko(size) if _korean() else _krw_en(size)
    exact = _("%(won)s원") % {"won": f"{won:,}"}
    return format_html('<span class="krw" title="{}">{}{}</span>', exact, sign, words)


@register.filter
def won(amount: int | None) -> str:
    """Integer won to the last digit: 1,234,000원."""
    return _("금액 미정") if amount is None else _("%(won)s원") % {"won": f"{amount:,}"}


@register.filter
def number(count: int | None) -> str:
    """A count with thousands separated; an unknown count is a dash, never a zero."""
    return "—" if count is None else f"{count:,}"


@register.filter
def percent(part: int, whole: int) -> str:
    """part of whole in whole percent; "—" when there is no whole."""
    return f"{round(100 * part / whole)}%" if whole else "—"


# ── days ─────────────────────────────────────────────────────────────────────
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _korean() -> bool:
    return (get_language() or "ko").startswith("ko")


def _day(moment: date | datetime) -> date:
    """The Korean calendar day of a date or an aware moment."""
    if isinstance(moment, datetime):
        return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return moment


def day_words(day: date) -> str:
    """2026년 11월 23일, or 23 Nov 2026."""
    return (
        f"{day.year}년 {day.month}월 {day.day}일" if _korean() else f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    )


def short_day(day: date) -> str:
    """11월 23일, or 23 Nov."""
    return f"{day.month}월 {day.day}일" if _korean() else f"{day.day} {MONTHS[day.month - 1]}"


@register.filter
def date_ko(moment: date | datetime | None) -> SafeString | str:
    """A day in words, machine-readable in <time>."""
    if not moment:
        return "—"
    day = _day(moment)
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), day_words(day))


@register.filter
def date_short(moment: date | datetime | None) -> SafeString | str:
    """A day of this year in words: 11월 23일."""
    if not moment:
        return "—"
    day = _day(moment)
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), short_day(day))


@register.filter
def time_ko(moment: datetime | None) -> SafeString | str:
    """A day and the minute in words: 2026년 11월 23일 오후 3:05, or 23 Nov 2026, 15:05."""
    if not moment:
        return "—"
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    clock = f"{'오후' if local.hour >= 12 else '오전'} {local.hour % 12 or 12}:{local.minute:02}"
    words = f"{day_words(local.date())} {clock}" if _korean() else f"{day_words(local.date())}, {local:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), words)


def days_words(days: int) -> tuple[str, str]:
    """(state, words) of a due day `days` ahead: late, today, soon or open."""
    if days < 0:
        return "late", ngettext("%(n)d일 지남", "%(n)d일 지남", -days) % {"n": -days}
    if days == 0:
        return "today", _("오늘")
    return ("soon" if days <= SOON_DAYS else "open"), ngettext("D-%(n)d", "D-%(n)d", days) % {"n": days}


@register.filter
def dday(due_on: date | datetime | None, today: date | None = None) -> SafeString | str:
    """The badge of a due day: D-3, 오늘, 4일 지남; the same for everyone who owes. Without `today`, Seoul's today."""
    return due_badge(due_on, today or timezone.localdate())


def due_badge(due_on: date | datetime | None, today: date, done_on: date | datetime | None = None) -> SafeString | str:
    """What a due day says on `today`, or how the deed stood to it once done."""
    if not due_on:
        return ""
    due = _day(due_on)
    if done_on:
        late = (_day(done_on) - due).days
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


# posts the recipes and the house name; any other is said as it was written
POSTS = (
    gettext_noop("과장"),
    gettext_noop("국장"),
    gettext_noop("시장"),
    gettext_noop("부시장"),
    gettext_noop("기획조정실장"),
    gettext_noop("담당"),
    gettext_noop("위원"),
    gettext_noop("위원장"),
    gettext_noop("의원"),
    gettext_noop("회원"),
    gettext_noop("수료자"),
    gettext_noop("행정 위원"),
    gettext_noop("평가 위원"),
    gettext_noop("중재자"),
    gettext_noop("마당지기"),
)


@register.filter(name="post")
def post_words(name: str) -> SafeString:
    """The name of a post (직위) in the reader's language where the house knows it."""
    return inert(_(name) if name in POSTS else name)


@register.filter
def said(words: Text) -> str:
    """Words of a recipe in the reader's language."""
    return words.said(get_language() or "ko")


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
        "late": bool(due_on and not done_on and _day(due_on) < today),
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


@register.filter
def joined(words: Iterable[object], mark: str = " · ") -> SafeString:
    """Words of several people side by side, each isolated."""
    return format_html_join(mark, "{}", ((inert(word),) for word in words if word))


@register.filter
def beside(row: Iterable[object], columns: Iterable[object]) -> list[tuple[object, object]]:
    """Each column with its cell of this row, for parts/table.html."""
    return list(zip(columns, row, strict=True))


@register.filter
def change(won: int) -> SafeString | str:
    """A difference in money with its sign: +1억 원, −3,000만 원, 그대로."""
    if won == 0:
        return _("그대로")
    return format_html("{}{}", "+" if won > 0 else "", krw(won))
