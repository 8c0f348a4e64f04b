"""Emptying the record between tests: the product refuses it, so the runner lifts the triggers for that moment only.

Django's transactional tests end with a flush (TRUNCATE on PostgreSQL, DELETE on SQLite). `install` wraps exactly that.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import TransactionTestCase

TABLES = ["record_entry", "record_leaf", "record_node", "record_key", "record_checkpoint"]


@contextmanager
def lowered() -> Iterator[None]:
    """The record's triggers are gone inside, and back afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'record_%'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for _, statement in triggers:
                cursor.execute(statement)


def install() -> None:
    """Let every transactional test of this run end cleanly. Calling it twice does no harm."""
    if getattr(TransactionTestCase._fixture_teardown, "lowers_walls", False):
        return
    teardown = TransactionTestCase._fixture_teardown

    def lowering(self) -> None:
        with lowered():
            teardown(self)

    lowering.lowers_walls = True
    TransactionTestCase._fixture_teardown = lowering
