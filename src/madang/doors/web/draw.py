"""Drawings in SVG without inline style: the 노선도, the tile map, bars and tallies.

1. A drawing never stands alone: the same figures are in a list or a table beside it, and the drawing itself is hidden
   from readers-aloud so that nobody hears them twice.
2. Colour comes from classes (`st-propose` …, `shade-0` …); sizes from attributes; so a strict CSP holds.
3. All text is escaped here; callers hand over plain strings.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

UNHEARD = 'focusable="false" aria-hidden="true"'


@dataclass(frozen=True)
class Stop:
    """One stop of a 의제: a phase of one institution.

    state: done (passed), now (here), late (here and overdue), ahead (still to come), ended (the journey closed here).
    `transfer` says in a word how the line was changed to reach this stop (올림, 넘김, 되살림, 이행 …).
    """

    line: str
    station: str
    name: str
    state: str
    on: date | None = None
    due_on: date | None = None
    owes: str = ""
    outcome: str = ""
    transfer: str = ""
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """A label, its figure and what it is a part of (None: bars are drawn against the largest figure)."""

    label: str
    figure: int
    of: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Tile:
    """A place at a column and a row of the tile map; a figure of None means nothing is known, not zero."""

    column: int
    row: int
    name: str
    figure: int | None
    url: str = ""


def outward(address: str, words: str = "") -> str:
    """A link out of the house that lends no weight and tells nothing about where the reader came from."""
    return format_html('<a href="{}" rel="nofollow ugc noopener noreferrer">{}</a>', address, words or address)


def _clip(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def strip(codes: Sequence[str], current: str, words: Mapping[str, str]) -> SafeString:
    """Five dots on a line, filled up to the current station, which is named."""
    at = codes.index(current)
    dots = []
    for index, code in enumerate(codes):
        x = 8 + index * 22
        if index:
            dots.append(f'<path class="rail{"" if index <= at else " rail-ahead"} st-{code}" d="M{x - 16} 8H{x - 6}"/>')
        kind = "now" if index == at else "done" if index < at else "ahead"
        dots.append(f'<circle class="dot dot-{kind} st-{code}" cx="{x}" cy="8" r="{6 if index == at else 4}"/>')
    said = _("다섯 역 가운데 %(n)d번째, %(word)s") % {"n": at + 1, "word": words[current]}
    return mark_safe(  # noqa: S308 codes and numbers are ours, the sentence is escaped
        f'<span class="strip" role="img" aria-label="{escape(said)}">'
        f'<svg viewBox="0 0 104 16" width="104" height="16" {UNHEARD}>{"".join(dots)}</svg></span>'
    )


# ── the line map ─────────────────────────────────────────────────────────────
STEP, LANE, LEFT, TOP = 150, 128, 84, 62


def linemap(stops: Sequence[Stop], codes: Mapping[str, str], say_day: Callable[[date], str]) -> SafeString:
    """Each institution a line of its own, stops from left to right in time, a curve where the 의제 changed lines."""
    if not stops:
        return mark_safe("")
    lanes = {line: index for index, line in enumerate(dict.fromkeys(stop.line for stop in stops))}
    points = [(LEFT + STEP * index, TOP + LANE * lanes[stop.line]) for index, stop in enumerate(stops)]
    rails = [
        _rail(points[index - 1], points[index], codes[stop.station], stop.state == "ahead")
        for index, stop in enumerate(stops)
        if index
    ]
    nodes = [
        _node(
            stop,
            point,
            codes[stop.station],
            changed=bool(index) and stops[index - 1].line != stop.line,
            say_day=say_day,
        )
        for index, (stop, point) in enumerate(zip(stops, points, strict=True))
    ]
    names = []
    for line, lane in lanes.items():
        first = min(x for x, y in points if y == TOP + LANE * lane)
        names.append(
            f'<text class="lm-line" x="{first + 22 if lane else first - 10}" y="{TOP + LANE * lane - 24}">'
            f"{escape(_clip(line, 26))}</text>"
        )
    width, height = LEFT + STEP * (len(stops) - 1) + 84, TOP + LANE * (len(lanes) - 1) + 76
    return mark_safe(  # noqa: S308 people's words are escaped where they enter
        f'<svg class="lm" viewBox="0 0 {width} {height}" width="{width}" height="{height}" {UNHEARD}>'
        f"{''.join(rails)}{''.join(nodes)}{''.join(names)}</svg>"
    )


def _rail(start: tuple[int, int], end: tuple[int, int], code: str, ahead: bool) -> str:
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) // 2
    path = f"M{x0} {y0}H{x1}" if y0 == y1 else f"M{x0} {y0}C{middle} {y0} {middle} {y1} {x1} {y1}"
    return f'<path class="rail{" rail-ahead" if ahead else ""} st-{code}" d="{path}"/>'


def _node(stop: Stop, point: tuple[int, int], code: str, *, changed: bool, say_day: Callable[[date], str]) -> str:
    x, y = point
    ring = f'<circle class="dot-change" cx="{x}" cy="{y}" r="15"/>' if changed else ""
    glow = f'<circle class="dot-glow st-{code}" cx="{x}" cy="{y}" r="19"/>' if stop.state in ("now", "late") else ""
    tick = {
        "done": f'<path class="dot-tick" d="M{x - 4} {y}l3 3 5-6"/>',
        "late": f'<path class="dot-bang" d="M{x} {y - 5}v6m0 3v1.5"/>',
        "ended": f'<path class="dot-tick" d="M{x - 4} {y}h8"/>',
    }.get(stop.state, "")
    when = say_day(stop.on) if stop.on else f"~ {say_day(stop.due_on)}" if stop.due_on else ""
    lines = [
        f'<text class="lm-name" x="{x}" y="{y + 32}">{escape(_clip(stop.name, 11))}</text>',
        f'<text class="lm-when" x="{x}" y="{y + 51}">{escape(when)}</text>' if when else "",
    ]
    return (
        f'{glow}{ring}<circle class="dot dot-{stop.state} st-{code}" cx="{x}" cy="{y}" r="10"/>{tick}{"".join(lines)}'
    )


# ── figures ──────────────────────────────────────────────────────────────────
def _bar(share: float, kind: str = "bar-fill") -> str:
    return (
        f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" {UNHEARD}>'
        '<rect class="bar-rail" width="100" height="8"/>'
        f'<rect class="{kind}" width="{min(100, 100 * share):.2f}" height="8"/></svg>'
    )


def gauge(have: int, need: int, label: str, unit: str) -> SafeString:
    """have of need with what is missing, in words; the bar is for the eye only."""
    missing = need - have
    words = (
        _("%(n)s%(unit)s 더 필요합니다") % {"n": f"{missing:,}", "unit": unit}
        if missing > 0
        else _("문턱을 넘었습니다")
    )
    return mark_safe(  # noqa: S308 label and unit are escaped
        f'<div class="gauge"><p><b>{escape(label)} {have:,}</b> / {need:,}{escape(unit)} '
        f'<span class="muted">{escape(words)}</span></p>'
        f"{_bar(have / need if need else 1, 'bar-fill' if missing > 0 else 'bar-fill bar-full')}</div>"
    )


def tally(counts: Sequence[tuple[str, int]], *, of: int | None, caption: str, unit: str) -> SafeString:
    """Shares of the answers as one bar, each share also in words; `of` is how many could have answered."""
    whole = sum(count for _label, count in counts)
    parts, words, at = [], [], 0.0
    for index, (label, count) in enumerate(counts):
        share = 100 * count / whole if whole else 0
        parts.append(f'<rect class="share-{index % 6}" x="{at:.2f}" width="{share:.2f}" height="14"/>')
        words.append(
            f'<li><i class="key key-{index % 6}"></i>{escape(label)} <b>{count:,}</b>{escape(unit)} '
            f'<span class="muted">{share:.0f}%</span></li>'
        )
        at += share
    turnout = (
        _("%(n)s%(unit)s 가운데 %(whole)s%(unit)s 참여 (%(share)s%%)")
        % {"n": f"{of:,}", "unit": unit, "whole": f"{whole:,}", "share": f"{100 * whole / of:.1f}"}
        if of
        else _("모두 %(whole)s%(unit)s 참여") % {"whole": f"{whole:,}", "unit": unit}
    )
    title = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return mark_safe(  # noqa: S308 every word is escaped
        f'<figure class="tally">{title}'
        f'<svg class="tally-bar" viewBox="0 0 100 14" preserveAspectRatio="none" {UNHEARD}>'
        f'<rect class="bar-rail" width="100" height="14"/>{"".join(parts)}</svg>'
        f'<ul class="legend">{"".join(words)}</ul><p class="muted">{escape(turnout)}</p></figure>'
    )


def _linked(name: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(name)}</a>' if url else f"<bdi>{escape(name)}</bdi>"


def bars(rows: Sequence[Bar], caption: str, head: str, unit: str) -> SafeString:
    """A table whose last column is drawn; with `of`, a bar shows the part of its own whole."""
    largest = max((row.figure for row in rows), default=0) or 1
    count = _("수")
    body = []
    for row in rows:
        figure = f"{row.figure:,}" + (f" / {row.of:,}" if row.of is not None else "")
        share = row.figure / (row.of or 1) if row.of is not None else row.figure / largest
        body.append(
            f'<tr><th scope="row">{_linked(row.label, row.url)}</th><td class="num">{figure}{escape(unit)}</td>'
            f'<td class="draw">{_bar(share)}</td></tr>'
        )
    return mark_safe(  # noqa: S308
        f'<table class="bars"><caption>{escape(caption)}</caption><thead class="hush"><tr>'
        f'<th scope="col">{escape(head)}</th><th scope="col">{escape(count)}</th><td></td></tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )


TILE = 76


def tilemap(tiles: Sequence[Tile], caption: str, head: str, unit: str) -> SafeString:
    """Equal tiles, neighbours near each other, five shades by share of the largest; unknown is hatched, not pale."""
    largest = max((tile.figure or 0 for tile in tiles), default=0) or 1
    drawn = "".join(_tile(tile, largest) for tile in tiles)
    width = TILE * (1 + max((tile.column for tile in tiles), default=0))
    height = TILE * (1 + max((tile.row for tile in tiles), default=0))
    unknown, as_table, count = _("자료 없음"), _("표로 보기"), _("수")
    rows = "".join(
        f'<tr><th scope="row">{_linked(tile.name, tile.url)}</th><td class="num">'
        f"{escape(unknown) if tile.figure is None else f'{tile.figure:,}{escape(unit)}'}</td></tr>"
        for tile in tiles
    )
    return mark_safe(  # noqa: S308
        f'<figure class="tilemap"><svg viewBox="0 0 {width} {height}" {UNHEARD}>{drawn}</svg>'
        f"<details><summary>{escape(as_table)}: {escape(caption)}</summary><table>"
        f"<caption>{escape(caption)}</caption>"
        f'<thead><tr><th scope="col">{escape(head)}</th><th scope="col">{escape(count)}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details></figure>"
    )


def _tile(tile: Tile, largest: int) -> str:
    x, y = tile.column * TILE, tile.row * TILE
    shade = "none" if tile.figure is None else str(min(4, 5 * tile.figure // largest)) if tile.figure else "0"
    figure = "–" if tile.figure is None else f"{tile.figure:,}"
    middle = x + TILE // 2
    return (
        f'<g class="tile shade-{shade}"><rect x="{x + 2}" y="{y + 2}" width="{TILE - 4}" height="{TILE - 4}" rx="8"/>'
        f'<text class="tile-name" x="{middle}" y="{y + 32}">{escape(_clip(tile.name, 5))}</text>'
        f'<text class="tile-figure" x="{middle}" y="{y + 55}">{figure}</text></g>'
    )
