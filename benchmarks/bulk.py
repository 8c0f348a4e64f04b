"""Rows by the hundred thousand: COPY on PostgreSQL, executemany on SQLite, through no model's save.

1. Every column a model has is written: those not named take the field's own default.
2. Ids that were given by hand are told to PostgreSQL's sequences.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

BATCH = 20_000


class Table:
    """A model's table, written by tuples of `columns`; `fixed` is the same in every row."""

    def __init__(self, model: type[models.Model], columns: Sequence[str], fixed: dict[str, Any]) -> None:
        self.model, self.columns = model, tuple(columns)
        rest = {}
        for field in model._meta.concrete_fields:
            if field.column in columns or (field.primary_key and field.column not in fixed):
                continue
            rest[field.column] = fixed[field.column] if field.column in fixed else field.get_default()
        self.rest, self.tail = tuple(rest), tuple(rest.values())

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        whole(self.model._meta.db_table, (*self.columns, *self.rest), ((*row, *self.tail) for row in rows))
        pk = self.model._meta.pk
        if (
            connection.vendor == "postgresql"
            and pk.column in self.columns
            and isinstance(pk, models.AutoField | models.BigAutoField)
        ):
            table = self.model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', '{pk.column}'), (SELECT max({pk.column}) FROM {table}))"
                )


def whole(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of plain values; times are aware."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([json.dumps(value) if type(value) in (dict, list) else value for value in row])
            return
        sql = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
        for some in _batches(rows):
            with transaction.atomic():
                cursor.connection.executemany(sql, [[_plain(value) for value in row] for row in some])


_SAID: dict[datetime, str] = {}


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is datetime:
        if value not in _SAID:
            if len(_SAID) > 10_000:
                _SAID.clear()
            _SAID[value] = str(value.astimezone(UTC).replace(tzinfo=None))
        return _SAID[value]
    if kind is date:
        return value.isoformat()
    return json.dumps(value) if kind is dict or kind is list else value


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    left = iter(rows)
    while some := list(islice(left, BATCH)):
        yield some


@contextmanager
def quietly() -> Iterator[None]:
    """Without waiting for the disk and without asking again what the generator made sure of; settled at the end."""
    loud, quiet, settle = {
        "sqlite": (
            ["PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"],
            ["PRAGMA synchronous=OFF", "PRAGMA foreign_keys=OFF"],
            ["ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"],
        ),
        "postgresql": (
            ["SET session_replication_role = DEFAULT", "RESET synchronous_commit"],
            ["SET session_replication_role = replica", "SET synchronous_commit = off"],
            ["VACUUM ANALYZE", "CHECKPOINT"],
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        for statement in quiet:
            cursor.execute(statement)
        yield
        for statement in (*loud, *settle):
            cursor.execute(statement)
