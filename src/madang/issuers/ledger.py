"""The observers' roll copy and what was issued on it: a database of its own, SQLite or PostgreSQL.

1. An entry is the keyed hash of an invitation code and a class: no name, no contact, nothing the house's roll could be joined by.
2. Every entry has its full width from the first day (blank day, blank signature): issuing changes it in place. So on
   SQLite no byte of the file tells who came first; the journal is emptied after each group.
3. On PostgreSQL each change is a new version of a row, in order of time. `settle` writes the table anew, in order of the hashes, in one
   transaction; it runs when the day changes and at the end. Until then, and in archived WAL, the order of one day can be seen.
4. A right once written down is never changed: same blinded value, same answer.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

WIDTH = 256  # bytes of a blinded value and of a signature
NO_DAY = "0000-00-00"
TABLE = """CREATE TABLE IF NOT EXISTS entry (
    poll {text} NOT NULL, code {bytes} NOT NULL, voter_class {text} NOT NULL, day {text} NOT NULL,
    blinded {bytes} NOT NULL, signature {bytes} NOT NULL, PRIMARY KEY (poll, code)
){keyed}"""
_BLANK = bytes(WIDTH)


class LedgerFault(Exception):
    """The database did not do it; nothing of the group was written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the roll copy; `signature` is empty while nothing was issued."""

    voter_class: str
    blinded: bytes
    signature: bytes


class Link(Protocol):
    """A connection to one of the two databases."""

    @property
    def fault(self) -> tuple[type[BaseException], ...]: ...

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]: ...

    def write(self, statement: str, rows: Sequence[Sequence[object]]) -> list[int]: ...

    def settle(self) -> None: ...

    def close(self) -> None: ...


class SQLiteLink:
    """One file; no write-ahead log, so that no second file keeps the order of changes."""

    fault = (sqlite3.Error,)

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.executescript("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;")
        self._db.execute(TABLE.format(text="TEXT", bytes="BLOB", keyed=" WITHOUT ROWID"))

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._db.execute(statement, values).fetchall()

    def write(self, statement: str, rows: Sequence[Sequence[object]]) -> list[int]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            changed = [self._db.execute(statement, row).rowcount for row in rows]
            self._db.execute("COMMIT")
        except sqlite3.Error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return changed

    def settle(self) -> None:
        """Changed in place: there is nothing to settle."""

    def close(self) -> None:
        self._db.close()


class PostgresLink:
    """A PostgreSQL database of the observers' own."""

    def __init__(self, url: str) -> None:
        import psycopg  # noqa: PLC0415 — an extra; only issuers on PostgreSQL have it

        self._psycopg = psycopg
        self.fault = (psycopg.Error,)
        self._url = url
        self._db = self._connected()
        with self._db.transaction():
            self._db.execute("SELECT pg_advisory_xact_lock(7392)")
            self._db.execute(TABLE.format(text="TEXT", bytes="BYTEA", keyed=""))

    def _connected(self) -> Any:
        return self._psycopg.connect(self._url, autocommit=True, options="-c synchronous_commit=on -c jit=off")

    def _alive(self) -> Any:
        if self._db.closed or self._db.broken:
            self._db = self._connected()
        return self._db

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return list(self._alive().execute(statement.replace("?", "%s"), values).fetchall())

    def write(self, statement: str, rows: Sequence[Sequence[object]]) -> list[int]:
        with self._alive().transaction(), self._db.cursor() as cursor:
            return [cursor.execute(statement.replace("?", "%s"), row).rowcount for row in rows]

    def settle(self) -> None:
        """Write the table anew in order of the hashes, and drop the old one with its versions."""
        with self._alive().transaction():
            self._db.execute("LOCK TABLE entry")
            self._db.execute(TABLE.format(text="TEXT", bytes="BYTEA", keyed="").replace(" entry ", " entry_settled "))
            self._db.execute("INSERT INTO entry_settled SELECT * FROM entry ORDER BY poll, code")
            self._db.execute("DROP TABLE entry")
            self._db.execute("ALTER TABLE entry_settled RENAME TO entry")
            self._db.execute("ALTER INDEX entry_settled_pkey RENAME TO entry_pkey")

    def close(self) -> None:
        self._db.close()


class Ledger:
    """What the observers' issuer knows. Raises LedgerFault when the database does not do it."""

    def __init__(self, link: Link) -> None:
        self._link = link

    @classmethod
    def at(cls, home: Path, url: str = "") -> "Ledger":
        """The database named by `url` (postgresql://…), or the file issuer.sqlite3 in `home`."""
        return cls(PostgresLink(url) if url else SQLiteLink(home / "issuer.sqlite3"))

    def load(self, poll: str, entries: Sequence[tuple[bytes, str]]) -> None:
        """Bring in the roll copy of a poll, (keyed code, class) each, in order of the hashes. All or nothing."""
        rows = [(poll, code, voter_class, NO_DAY, _BLANK, _BLANK) for code, voter_class in sorted(entries)]
        self._write("INSERT INTO entry (poll, code, voter_class, day, blinded, signature) VALUES (?, ?, ?, ?, ?, ?)", rows)

    def roll(self, poll: str) -> dict[str, int]:
        """How many entries each class of a poll has."""
        asked = "SELECT voter_class, count(*) FROM entry WHERE poll = ? GROUP BY voter_class ORDER BY voter_class"
        return {row[0]: int(row[1]) for row in self._rows(asked, poll)}

    def find(self, poll: str, code: bytes) -> Entry | None:
        found = self._rows("SELECT voter_class, blinded, signature, day FROM entry WHERE poll = ? AND code = ?", poll, code)
        if not found:
            return None
        voter_class, blinded, signature, day = found[0]
        return Entry(voter_class, b"", b"") if day == NO_DAY else Entry(voter_class, bytes(blinded), bytes(signature))

    def keep(self, day: str, issued: Sequence[tuple[str, bytes, bytes, bytes]]) -> list[bool]:
        """Write down (poll, code, blinded, signature) of a group, in order of the hashes; for each whether it was the first.

        The answers are in the order given.
        """
        asked = "UPDATE entry SET day = ?, blinded = ?, signature = ? WHERE poll = ? AND code = ? AND day = ?"
        order = sorted(range(len(issued)), key=lambda place: issued[place][:2])
        rows = [(day, *issued[place][2:], *issued[place][:2], NO_DAY) for place in order]
        changed = self._write(asked, rows)
        first = {place: count == 1 for place, count in zip(order, changed, strict=True)}
        return [first[place] for place in range(len(issued))]

    def issued(self, poll: str, before: str = "9999-12-31") -> list[tuple[str, str, int]]:
        """(class, day, rights issued), only of days before `before`."""
        asked = (
            "SELECT voter_class, day, count(*) FROM entry WHERE poll = ? AND day <> ? AND day < ?"
            " GROUP BY voter_class, day ORDER BY voter_class, day"
        )
        return [(row[0], row[1], int(row[2])) for row in self._rows(asked, poll, NO_DAY, before)]

    def settle(self) -> None:
        """Leave no trace of the order in which rights were issued (see invariant 3)."""
        try:
            self._link.settle()
        except self._link.fault as fault:
            raise LedgerFault(type(fault).__name__) from fault

    def close(self) -> None:
        self._link.close()

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._link.rows(statement, values)
        except self._link.fault as fault:
            raise LedgerFault(type(fault).__name__) from fault

    def _write(self, statement: str, rows: Sequence[Sequence[object]]) -> list[int]:
        try:
            return self._link.write(statement, rows)
        except self._link.fault as fault:
            raise LedgerFault(type(fault).__name__) from fault
