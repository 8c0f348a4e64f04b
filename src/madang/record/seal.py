"""Sealing: committed entries get their place in the log, for good.

1. Acts never wait for it: it runs after their commit, under a lock that is tried and not waited for.
2. Positions have no gap, and an entry is sealed once: both are constraints of the database.
3. Leaves, subtrees and the signed checkpoint are one transaction: a killed sealer leaves nothing half done.
4. No committed entry is ever missed. PostgreSQL gives out ids before commit, so an id may appear below one already
   sealed. Ids not seen yet are kept in the checkpoint as `gaps` and looked at again by every sealing, until they are
   ten minutes old and every transaction that ran when they were first missed has ended.
"""

import fcntl
import itertools
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from madang.methods.transparency import checkpoint as notes
from madang.methods.transparency.merkle import HASH_SIZE, Frontier, Grown
from madang.record.key import signing_key
from madang.record.models import STORED_LEVEL, Checkpoint, Key
from madang.record.turn import turn

BATCH = 100_000  # entries in one sealing, so that one holds the lock for seconds at most; call again for the rest
GAP_SECONDS = 600
LOCK = 0x6D6164616E67  # "madang": the advisory lock of sealing


class KeyChanged(ValueError):
    """This machine would sign with another key than the log has: log.key was not copied here, or was lost."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Ids `first` … `last` had no committed entry at `seen` (seconds), when all below `horizon` had begun."""

    first: int
    last: int
    seen: int
    horizon: int


@dataclass(frozen=True, slots=True)
class _Last:
    """Where the last sealing stopped."""

    frontier: Frontier
    high: int
    gaps: list[Gap]


def seal(at: datetime, *, new_key: bool = False) -> Checkpoint | None:
    """Seal up to BATCH committed entries and return their checkpoint.

    None: there was nothing to seal, or somebody else is sealing right now (see `pending`). Raises KeyChanged unless
    `new_key` says that the log goes on under another key on purpose.
    """
    with _alone() as alone:
        if not alone:
            return None
        last = _last()
        oldest = _oldest_transaction()  # before looking: whatever ended before this is visible below
        rows = _unsealed(last)
        if not rows:
            return None
        with turn(), transaction.atomic():
            return _extend(last, rows, at, oldest, _key(at, new_key))


def pending() -> bool:
    """Whether any committed entry waits for sealing."""
    return bool(_unsealed(_last(), limit=1))


def _extend(
    last: _Last, rows: Sequence[tuple[int, str]], at: datetime, oldest: int, key: notes.SigningKey
) -> Checkpoint:
    hashes = [sha256(b"\x00" + text.encode()).digest() for _, text in rows]
    frontier, grown = last.frontier.extend(hashes)
    high = max(last.high, rows[-1][0])
    _insert_leaves(last.frontier.size, [entry for entry, _ in rows], hashes)
    _insert_nodes([part for part in grown if part.level >= STORED_LEVEL])
    return Checkpoint.objects.create(
        size=frontier.size,
        at=at,
        root=frontier.root,
        note=notes.sign(notes.Checkpoint(key.name, frontier.size, frontier.root), key),
        peaks=b"".join(frontier.peaks),
        high=high,
        gaps=[[gap.first, gap.last, gap.seen, gap.horizon] for gap in _gaps(last, rows, high, at, oldest)],
    )


def _key(at: datetime, new_key: bool) -> notes.SigningKey:
    key = signing_key()
    used = Key.objects.order_by("-id").first()
    if used is not None and used.public == str(key):
        return key
    if used is not None and not new_key:
        raise KeyChanged(f"the log is signed with {used.public}, but this machine has {key}")
    Key.objects.create(public=str(key), at=at)
    return key


def _last() -> _Last:
    row = Checkpoint.objects.order_by("-size").values_list("size", "peaks", "high", "gaps").first()
    if row is None:
        return _Last(Frontier(), 0, [])
    size, peaks, high, gaps = row
    return _Last(Frontier(size, _peaks(bytes(peaks))), high, [Gap(*gap) for gap in gaps])


def _peaks(raw: bytes) -> tuple[bytes, ...]:
    return tuple(raw[start : start + HASH_SIZE] for start in range(0, len(raw), HASH_SIZE))


# ── finding what is committed and not sealed ─────────────────────────────────
def _unsealed(last: _Last, limit: int = BATCH) -> list[tuple[int, str]]:
    """Id and text of committed entries without a position, by id: late ones in the gaps first, then the new ones."""
    with connection.cursor() as cursor:
        late: list[tuple[int, str]] = []
        for gap in last.gaps:
            cursor.execute(
                "SELECT id, text FROM record_entry WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s",
                [gap.first, gap.last, limit - len(late)],
            )
            late += cursor.fetchall()
        cursor.execute(
            "SELECT id, text FROM record_entry WHERE id > %s ORDER BY id LIMIT %s", [last.high, limit - len(late)]
        )
        return late + cursor.fetchall()


def _gaps(last: _Last, rows: Sequence[tuple[int, str]], high: int, at: datetime, oldest: int) -> list[Gap]:
    """The ids below `high` that may still come: old gaps not yet hopeless, minus what came, plus new ones."""
    now = int(at.timestamp())
    taken = [entry for entry, _ in rows]
    waiting = [gap for gap in last.gaps if now - gap.seen < GAP_SECONDS or gap.horizon > oldest]
    fresh = [Gap(last.high + 1, high, now, 0)] if high > last.high else []
    left = [part for gap in (*waiting, *fresh) for part in _without(gap, taken)]
    if all(gap.horizon for gap in left):
        return left
    horizon = _next_transaction()
    return [gap if gap.horizon else Gap(gap.first, gap.last, gap.seen, horizon) for gap in left]


def _without(gap: Gap, taken: Sequence[int]) -> Iterator[Gap]:
    """What is left of a gap when the ids in `taken` have come."""
    first = gap.first
    for entry in sorted(entry for entry in taken if gap.first <= entry <= gap.last):
        if entry > first:
            yield Gap(first, entry - 1, gap.seen, gap.horizon)
        first = entry + 1
    if first <= gap.last:
        yield Gap(first, gap.last, gap.seen, gap.horizon)


# ── what the two databases do differently ────────────────────────────────────
_threads = threading.Lock()


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether we are the one who seals; never waits. A killed process gives its lock back."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            yield cursor.fetchone()[0]
    elif not _threads.acquire(blocking=False):
        yield False
    else:
        try:
            with _locked_file() as locked:
                yield locked
        finally:
            _threads.release()


@contextmanager
def _locked_file() -> Iterator[bool]:
    """SQLite knows no lock but the writers' own, which acts need: so a file of ours, named after the database."""
    database = str(connection.settings_dict["NAME"])
    if ":memory:" in database or "mode=memory" in database:
        yield True  # no other process can see it
        return
    mark = sha256(database.encode()).hexdigest()[:8]
    with (Path(settings.HOME) / f"seal-{mark}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _oldest_transaction() -> int:
    """The oldest transaction still running. SQLite writes one after the other, so nothing ever commits late."""
    return _asked("SELECT pg_snapshot_xmin(pg_current_snapshot())::text") if connection.vendor == "postgresql" else 2


def _next_transaction() -> int:
    """The first transaction that has not begun."""
    return _asked("SELECT pg_snapshot_xmax(pg_current_snapshot())::text") if connection.vendor == "postgresql" else 1


def _asked(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def _insert_leaves(first: int, entries: Sequence[int], hashes: Sequence[bytes]) -> None:
    _insert("record_leaf", ("position", "entry_id", "hash"), zip(itertools.count(first), entries, hashes, strict=False))


def _insert_nodes(grown: Sequence[Grown]) -> None:
    rows = [(part.level, place, node) for part in grown for place, node in enumerate(part.hashes, start=part.first)]
    if rows:
        _insert("record_node", ("level", "place", "hash"), rows)


def _insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[int | bytes]]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES (%s, %s, %s)", list(rows))  # noqa: S608
