"""The box's own database: ballots in tree order, checkpoints, cosignatures. SQLite or PostgreSQL, never the house's.

1. No time, no address, no serial number of arrival: a batch is written at once, in order of leaf hashes.
2. A batch and its checkpoint are one transaction: a checkpoint never promises what is not there.
3. SQLite: WITHOUT ROWID, WAL, synchronous=FULL. PostgreSQL: a cluster of its own; one transaction a batch, so that
   neither `ctid` nor `xmin` says more than the batch.
4. Numbers of batches and sizes come from the caller; the database refuses what does not fit (primary keys).
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from madang.box.pool import Checked

TABLES = """
CREATE TABLE IF NOT EXISTS ballot (
    poll {bytes} NOT NULL, batch {whole} NOT NULL, leaf {bytes} NOT NULL, pk {bytes} NOT NULL, seq {whole} NOT NULL,
    header {bytes} NOT NULL, sig {bytes} NOT NULL, sealed {bytes} NOT NULL,
    PRIMARY KEY (poll, batch, leaf), UNIQUE (poll, leaf), UNIQUE (poll, pk, seq)
){keyed};
CREATE TABLE IF NOT EXISTS checkpoint (
    poll {bytes} NOT NULL, size {whole} NOT NULL, batch {whole} NOT NULL, root {bytes} NOT NULL, note {text} NOT NULL,
    PRIMARY KEY (poll, size)
){keyed};
CREATE TABLE IF NOT EXISTS cosignature (
    poll {bytes} NOT NULL, size {whole} NOT NULL, witness {text} NOT NULL, line {text} NOT NULL,
    PRIMARY KEY (poll, size, witness)
){keyed};
CREATE TABLE IF NOT EXISTS closing (poll {bytes} NOT NULL PRIMARY KEY, size {whole} NOT NULL){keyed};
"""
SQLITE = {"bytes": "BLOB", "whole": "INTEGER", "text": "TEXT", "keyed": " WITHOUT ROWID"}
POSTGRES = {"bytes": "BYTEA", "whole": "BIGINT", "text": "TEXT", "keyed": ""}
CHUNK = 500  # ballots read at a time


class StoreFault(Exception):
    """The database did not take it: full, gone or broken. Nothing of the transaction is there."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as stored: `note` is the C2SP note with the box's own line."""

    size: int
    batch: int
    root: bytes
    note: str


class Link(Protocol):
    """A connection that runs one statement, or several in one transaction."""

    @property
    def fault(self) -> tuple[type[BaseException], ...]: ...

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]: ...

    def write(self, steps: Sequence[tuple[str, Sequence[Sequence[object]]]]) -> None: ...

    def close(self) -> None: ...


class SQLiteLink:
    """One SQLite file. A short memory and no shared cache: the box's file is read by key."""

    fault = (sqlite3.Error,)

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA page_size=16384")  # a ballot of 2 KB lies in its page, not beside it: half the file
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;")
        self._db.executescript(TABLES.format(**SQLITE))

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._db.execute(statement, values).fetchall()

    def write(self, steps: Sequence[tuple[str, Sequence[Sequence[object]]]]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for statement, rows in steps:
                self._db.executemany(statement, rows)
            self._db.execute("COMMIT")
        except sqlite3.Error:
            if self._db.in_transaction:  # a full disk may have rolled back already
                self._db.execute("ROLLBACK")
            raise

    def close(self) -> None:
        self._db.close()


class PostgresLink:
    """A PostgreSQL database of the box's own; connects again after the server was away."""

    def __init__(self, url: str) -> None:
        import psycopg  # noqa: PLC0415 — an extra; only boxes on PostgreSQL have it

        self._psycopg = psycopg
        self.fault = (psycopg.Error,)
        self._url = url
        self._db = self._connected()
        with self._db.transaction():
            self._db.execute("SELECT pg_advisory_xact_lock(7391)")  # two commands may make the tables at once
            for statement in filter(str.strip, TABLES.format(**POSTGRES).split(";")):
                self._db.execute(statement)

    def _connected(self) -> Any:
        return self._psycopg.connect(self._url, autocommit=True, options="-c synchronous_commit=on -c jit=off")

    def _alive(self) -> Any:
        if self._db.closed or self._db.broken:
            self._db = self._connected()
        return self._db

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return list(self._alive().execute(statement.replace("?", "%s"), values).fetchall())

    def write(self, steps: Sequence[tuple[str, Sequence[Sequence[object]]]]) -> None:
        with self._alive().transaction(), self._db.cursor() as cursor:
            for statement, rows in steps:
                cursor.executemany(statement.replace("?", "%s"), rows)

    def close(self) -> None:
        self._db.close()


class Store:
    """The questions and the three writings of the box. Raises StoreFault when the database does not do it."""

    def __init__(self, link: Link) -> None:
        self._link = link

    @classmethod
    def at(cls, home: Path, url: str = "") -> "Store":
        """The database named by `url` (postgresql://…), or the file box.sqlite3 in `home`."""
        return cls(PostgresLink(url) if url else SQLiteLink(home / "box.sqlite3"))

    def close(self) -> None:
        self._link.close()

    # ── questions ────────────────────────────────────────────────────────────
    def last(self, poll: bytes) -> Signed | None:
        """The newest checkpoint."""
        found = self._rows("SELECT size, batch, root, note FROM checkpoint WHERE poll = ? ORDER BY size DESC LIMIT 1", poll)
        return _signed(found[0]) if found else None

    def checkpoints(self, poll: bytes) -> list[Signed]:
        """All checkpoints, smallest first."""
        return [
            _signed(row)
            for row in self._rows("SELECT size, batch, root, note FROM checkpoint WHERE poll = ? ORDER BY size", poll)
        ]

    def cosignatures(self, poll: bytes, size: int) -> list[str]:
        """The lines of witnesses under the checkpoint of `size`, in order of their names."""
        asked = "SELECT line FROM cosignature WHERE poll = ? AND size = ? ORDER BY witness"
        return [row[0] for row in self._rows(asked, poll, size)]

    def closed_at_size(self, poll: bytes) -> int | None:
        """The number of ballots at which this poll was closed; none while it is open."""
        found = self._rows("SELECT size FROM closing WHERE poll = ?", poll)
        return int(found[0][0]) if found else None

    def batches(self, poll: bytes) -> Iterator[list[bytes]]:
        """Leaf hashes, batch by batch, each in order."""
        last = self.last(poll)
        for batch in range(last.batch + 1 if last else 0):
            asked = "SELECT leaf FROM ballot WHERE poll = ? AND batch = ? ORDER BY leaf"
            yield [bytes(row[0]) for row in self._rows(asked, poll, batch)]

    def keys(self, poll: bytes, batch: int) -> list[bytes]:
        """The one-time keys of a batch, in tree order."""
        asked = "SELECT pk FROM ballot WHERE poll = ? AND batch = ? ORDER BY leaf"
        return [bytes(row[0]) for row in self._rows(asked, poll, batch)]

    def of_key(self, poll: bytes, pk: bytes) -> list[Checked]:
        """All ballots of one right, lowest sequence number first."""
        asked = "SELECT leaf, pk, seq, header, sig, sealed FROM ballot WHERE poll = ? AND pk = ? ORDER BY seq"
        return [_checked(row) for row in self._rows(asked, poll, pk)]

    def position(self, poll: bytes, leaf: bytes) -> tuple[int, int] | None:
        """The batch a leaf is in, and how many leaves of that batch stand before it."""
        found = self._rows("SELECT batch FROM ballot WHERE poll = ? AND leaf = ?", poll, leaf)
        if not found:
            return None
        batch = int(found[0][0])
        asked = "SELECT count(*) FROM ballot WHERE poll = ? AND batch = ? AND leaf < ?"
        return batch, int(self._rows(asked, poll, batch, leaf)[0][0])

    def board(self, poll: bytes) -> Iterator[tuple[Checked, bool]]:
        """Every ballot in tree order, and whether it is its key's last one. Read in pieces: memory stays flat."""
        batch, leaf = 0, b""
        asked = (
            "SELECT leaf, pk, seq, header, sig, sealed, batch,"
            " seq = (SELECT max(later.seq) FROM ballot later WHERE later.poll = ballot.poll AND later.pk = ballot.pk)"
            " FROM ballot WHERE poll = ? AND (batch, leaf) > (?, ?) ORDER BY batch, leaf LIMIT ?"
        )
        while rows := self._rows(asked, poll, batch, leaf, CHUNK):
            for row in rows:
                yield _checked(row), bool(row[7])
            batch, leaf = int(rows[-1][6]), bytes(rows[-1][0])

    # ── writings ─────────────────────────────────────────────────────────────
    def add_batch(self, poll: bytes, signed: Signed, casts: Sequence[Checked]) -> None:
        """A batch, in order of leaf hashes, with its checkpoint."""
        rows = [
            (poll, signed.batch, cast.leaf, cast.pk, cast.seq, cast.header, cast.sig, cast.sealed)
            for cast in sorted(casts, key=lambda cast: cast.leaf)
        ]
        self._write(
            ("INSERT INTO ballot (poll, batch, leaf, pk, seq, header, sig, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows),
            (
                "INSERT INTO checkpoint (poll, size, batch, root, note) VALUES (?, ?, ?, ?, ?)",
                [(poll, signed.size, signed.batch, signed.root, signed.note)],
            ),
        )

    def add_cosignature(self, poll: bytes, size: int, witness: str, line: str) -> None:
        """A witness's line under a checkpoint; the first one stays (they are equally good)."""
        asked = "INSERT INTO cosignature (poll, size, witness, line) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self._write((asked, [(poll, size, witness, line)]))

    def close_poll(self, poll: bytes, size: int) -> None:
        """Freeze a poll at its size, for good."""
        self._write(("INSERT INTO closing (poll, size) VALUES (?, ?)", [(poll, size)]))

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._link.rows(statement, values)
        except self._link.fault as fault:
            raise StoreFault(type(fault).__name__) from fault

    def _write(self, *steps: tuple[str, Sequence[Sequence[object]]]) -> None:
        try:
            self._link.write(steps)
        except self._link.fault as fault:
            raise StoreFault(type(fault).__name__) from fault


def _signed(row: tuple[Any, ...]) -> Signed:
    return Signed(int(row[0]), int(row[1]), bytes(row[2]), row[3])


def _checked(row: tuple[Any, ...]) -> Checked:
    return Checked(bytes(row[0]), bytes(row[1]), int(row[2]), bytes(row[3]), bytes(row[4]), bytes(row[5]))
