"""The words every page shares: hostile text made inert, money, days, addresses, and the names the house knows.

1. Whatever a person wrote passes autoescape; nothing here marks a person's text safe.
2. Korean first; the same filter speaks English on an English page.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urlsplit

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from madang.doors.web import draw
from madang.recipes.institution import Text

register = template.Library()

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
    return mark_safe(' lang="ko"' if not korean() and _HANGUL.search(str(words)) else "")  # noqa: S308 an attribute of ours


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
    return path if korean() else f"/en{path}"


@register.simple_tag
def feed(*pieces: object) -> str:
    """{% feed "/feeds/matters/" number ".atom" %} in the page's language: feeds have one address, English is asked for."""
    path = "".join(map(str, pieces))
    return path if korean() else f"{path}?lang=en"


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
    words = _krw_ko(size) if korean() else _krw_en(size)
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


def korean() -> bool:
    return (get_language() or "ko").startswith("ko")


def day_of(moment: date | datetime) -> date:
    """The Korean calendar day of a date or an aware moment."""
    if isinstance(moment, datetime):
        return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return moment


def day_words(day: date) -> str:
    """2026년 11월 23일, or 23 Nov 2026."""
    return (
        f"{day.year}년 {day.month}월 {day.day}일" if korean() else f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    )


def short_day(day: date) -> str:
    """11월 23일, or 23 Nov."""
    return f"{day.month}월 {day.day}일" if korean() else f"{day.day} {MONTHS[day.month - 1]}"


@register.filter
def date_ko(moment: date | datetime | None) -> SafeString | str:
    """A day in words, machine-readable in <time>."""
    if not moment:
        return "—"
    day = day_of(moment)
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), day_words(day))


@register.filter
def date_short(moment: date | datetime | None) -> SafeString | str:
    """A day of this year in words: 11월 23일."""
    if not moment:
        return "—"
    day = day_of(moment)
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), short_day(day))


@register.filter
def time_ko(moment: datetime | None) -> SafeString | str:
    """A day and the minute in words: 2026년 11월 23일 오후 3:05, or 23 Nov 2026, 15:05."""
    if not moment:
        return "—"
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    clock = f"{'오후' if local.hour >= 12 else '오전'} {local.hour % 12 or 12}:{local.minute:02}"
    words = f"{day_words(local.date())} {clock}" if korean() else f"{day_words(local.date())}, {local:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), words)


def days_words(days: int) -> tuple[str, str]:
    """(state, words) of a due day `days` ahead: late, today, soon or open."""
    if days < 0:
        return "late", ngettext("%(n)d일 지남", "%(n)d일 지남", -days) % {"n": -days}
    if days == 0:
        return "today", _("오늘")
    return ("soon" if days <= SOON_DAYS else "open"), ngettext("D-%(n)d", "D-%(n)d", days) % {"n": days}


# ── names ────────────────────────────────────────────────────────────────────
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
