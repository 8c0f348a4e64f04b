"""Rows that exist once and counters that stand beside them: one statement each, safe against races on both databases.

1. `first` inserts or says that the row was there; no savepoint, no second look.
2. `add` moves counters and answers with what they are now, under the row's lock, so that two people who reach a
   threshold together get two different numbers.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import connections, models, router


def first(row: models.Model) -> bool:
    """Insert `row` unless a unique constraint says it exists; True (and `row.pk` set) when it was the first."""
    connection = connections[router.db_for_write(type(row))]
    statement, fields = _insertion(type(row))
    with connection.cursor() as cursor:
        cursor.execute(statement, [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields])
        inserted = cursor.fetchone()
    if inserted is None:
        return False
    row.pk = inserted[0]
    row._state.adding = False
    return True


@cache
def _insertion(model: type[models.Model]) -> tuple[str, list[Any]]:
    """The statement, and the fields whose values it takes in order."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns, places = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    return (
        f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING RETURNING id',  # noqa: S608 — names from models
        fields,
    )


def add(row: models.Model, steps: Mapping[str, int], *, while_null: str = "") -> bool:
    """Move counters of `row` by `steps` and set them on it; False when the row is gone or `while_null` is set."""
    connection = connections[router.db_for_write(type(row))]
    quote = connection.ops.quote_name
    moves = ", ".join(f"{quote(name)} = {quote(name)} + %s" for name in steps)
    condition = f" AND {quote(while_null)} IS NULL" if while_null else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(row._meta.db_table)} SET {moves} WHERE id = %s{condition}"  # noqa: S608 — names from models
            f" RETURNING {', '.join(quote(name) for name in steps)}",
            [*steps.values(), row.pk],
        )
        now = cursor.fetchone()
    if now is None:
        return False
    for name, value in zip(steps, now, strict=True):
        setattr(row, name, value)
    return True
