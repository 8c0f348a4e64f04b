"""The record told in words: an entry becomes a sentence in the reader's language, rendered when it is read."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from madang.access import ACTS
from madang.bodies.models import Body
from madang.doors.web.addresses import address
from madang.matters.models import Matter, Stage
from madang.matters.outcomes import outcome_words
from madang.record.models import Entry
from madang.record.queries import position_of


@dataclass(frozen=True)
class Told:
    """One line of a story."""

    at: datetime
    words: str
    url: str
    who: str
    post: str
    position: int | None
    synthetic: bool


def changed(stage: Stage) -> Told:
    """A step that ended, as news. The matter and its process come with it."""
    matter = stage.matter
    phase = matter.process.rules.phase(stage.phase)
    words = f"{matter.title}: {phase.name.said(get_language() or 'ko')} — {outcome_words(stage.outcome)}"
    return Told(stage.closed_at or stage.opened_at, words, address(matter), "", "", None, matter.synthetic)


def told(entries: Iterable[Entry], *, titled: bool = True) -> list[Told]:
    """Entries as lines; one line an act, the main one. Three queries, however many entries."""
    rows = _one_an_act(entries)
    matters = Matter.objects.in_bulk({row.matter_id for row in rows if row.matter_id}) if titled else {}
    bodies = Body.objects.in_bulk({row.post.split("/")[0] for row in rows if "/" in row.post}, field_name="key")
    positions = position_of([row.pk for row in rows])
    return [
        _line(row, matters.get(row.matter_id or 0), bodies.get(row.post.split("/")[0]), positions.get(row.pk))
        for row in rows
        if not titled or row.matter_id is None or matters[row.matter_id].hidden_at is None
    ]


MANY = {
    "proposals.support",
    "proposals.unsupport",
    "deliberation.take_position",
    "decisions.vote",
    "decisions.cast",
    "evaluation.confirm",
}


def gathered(entries: Iterable[Entry]) -> list[Told]:
    """The story of one 의제, newest first; what many people did one after the other is one line with its number."""
    rows: list[tuple[Entry, int]] = []
    for row in _one_an_act(entries):
        if rows and row.act in MANY and rows[-1][0].act == row.act:
            rows[-1] = (rows[-1][0], rows[-1][1] + 1)
        else:
            rows.append((row, 1))
    lines = told([row for row, _times in rows], titled=False)
    return [
        replace(line, words=f"{line.words} × {times}") if times > 1 else line
        for line, (_row, times) in zip(lines, rows, strict=True)
    ]


def _one_an_act(entries: Iterable[Entry]) -> list[Entry]:
    seen: dict[tuple[Any, ...], Entry] = {}
    for row in entries:
        seen.setdefault((row.at, row.act, row.matter_id, row.actor), row)
    return list(seen.values())


def _line(row: Entry, matter: Matter | None, body: Body | None, position: int | None) -> Told:
    act = ACTS.get(row.act)
    words = str(act.title) if act else row.act
    outcome = json.loads(row.text)["is"].get("outcome") or json.loads(row.text)["is"].get("conclusion")
    if isinstance(outcome, str):
        words = f"{words} — {outcome_words(outcome)}"
    if matter is not None:
        words = f"{matter.title}: {words}"
    return Told(
        row.at,
        words,
        address(matter) if matter else "",
        body.called if body else "",
        row.post.partition("/")[2],
        position,
        bool(matter and matter.synthetic),
    )
