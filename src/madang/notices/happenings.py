"""From lines of the record to happenings: one act on one 의제 is one happening, however many lines it left."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from madang.notices.words import CODES, NEWS
from madang.record.models import Leaf
from madang.record.queries import after

AHEAD = 100  # lines looked ahead: acts running at the same time mix theirs
Key = tuple[str, datetime, str, int | None, int | None]


@dataclass
class Happening:
    """One act on one 의제 (or process): where it stands in the record, and what its lines say in codes."""

    position: int
    act: str
    at: datetime
    matter_id: int | None
    process_id: int | None
    actor: str
    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # subject, values

    @property
    def codes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for _subject, values in self.lines:
            found.update({key: values[key] for key in CODES if isinstance(values.get(key), str)})
        return found

    @property
    def kind(self) -> str:
        """The kind of news, "" for none. A support that reached a threshold is the threshold's news."""
        if self.act in NEWS:
            return self.act
        return (
            "gate" if any(str(values.get("because", "")).startswith("gate:") for _subject, values in self.lines) else ""
        )

    def subjects(self, label: str) -> list[tuple[int, dict[str, Any]]]:
        """(id, values) of its lines about this model."""
        return [
            (int(subject.split(":")[1]), values) for subject, values in self.lines if subject.split(":")[0] == label
        ]


def gathered(leaves: Sequence[Leaf]) -> list[Happening]:
    """Happenings in the order of their first lines."""
    found: dict[Key, Happening] = {}
    for leaf in leaves:
        entry = leaf.entry
        told = found.setdefault(
            _key(leaf), Happening(leaf.position, entry.act, entry.at, entry.matter_id, entry.process_id, entry.actor)
        )
        told.lines.append((entry.subject, json.loads(entry.text)["is"]))
    return list(found.values())


def batch(position: int, limit: int) -> list[Leaf]:
    """About `limit` lines after `position`, and as many more as belong to happenings begun among them."""
    leaves = after(position, limit)
    while len(leaves) >= limit:
        begun = {_key(leaf) for leaf in leaves[-AHEAD:]}
        ahead = after(leaves[-1].position, AHEAD)
        belong = [place for place, leaf in enumerate(ahead, start=1) if _key(leaf) in begun]
        if not belong:
            break
        leaves += ahead[: belong[-1]]
    return leaves


def _key(leaf: Leaf) -> Key:
    entry = leaf.entry
    return (
        entry.act,
        entry.at,
        entry.actor if entry.matter_id else "",
        entry.matter_id,
        None if entry.matter_id else entry.process_id,
    )
