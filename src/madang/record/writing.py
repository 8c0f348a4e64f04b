"""Writing: the one way a line enters the record.

1. Inside the act's transaction: the act and its line are committed together or not at all.
2. One INSERT and no query, however many lines; by hand, because every act waits for it and the ORM takes five times
   as long.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from madang.methods.transparency.canonical import canonical

VERSION = 1
COLUMNS = ("at", "act", "door", "actor", "post", "subject", "matter_id", "process_id", "text")
ROWS = 1_000  # in one INSERT; SQLite takes 32,766 values at most
_INTO = f"INSERT INTO record_entry ({', '.join(COLUMNS)}) VALUES "  # noqa: S608
_ROW = f"({', '.join(['%s'] * len(COLUMNS))})"


@dataclass(frozen=True, slots=True)
class Note:
    """What an act leaves behind: its subject ("proposals.proposal:12"), and values of ids, numbers, codes, digests."""

    subject: str
    matter_id: int | None = None
    process_id: int | None = None
    values: Mapping[str, object] = field(default_factory=dict)


def write(
    notes: Sequence[Note], *, actors: Sequence[str], act: str, at: datetime, door: str, post: str = ""
) -> list[int]:
    """Write the lines of one act; return the ids of the entries, which have no position yet.

    `actors`: a pseudonym for each note, "" for the clock. `at` is aware. Raises ValueError for a value without
    canonical text and RuntimeError outside a transaction: both are bugs of the caller.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{act}: the record is written inside the act's transaction")
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    when = connection.ops.adapt_datetimefield_value(at)
    rows = []
    for note, actor in zip(notes, actors, strict=True):
        told = {
            "v": VERSION,
            "uid": secrets.token_hex(16),
            "at": stamp,
            "act": act,
            "door": door,
            "actor": actor,
            "post": post,
            "subject": note.subject,
            "matter": note.matter_id,
            "process": note.process_id,
            "is": dict(note.values),
        }
        place = (note.subject, note.matter_id, note.process_id)
        rows.append((when, act, door, actor, post, *place, canonical(told)))
    return [entry for start in range(0, len(rows), ROWS) for entry in _insert(rows[start : start + ROWS])]


def _insert(rows: Sequence[tuple[Any, ...]]) -> list[int]:
    statement = _INTO + ", ".join([_ROW] * len(rows)) + " RETURNING id"
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
        return sorted(entry for (entry,) in cursor.fetchall())
