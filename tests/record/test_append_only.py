"""Whoever asks, and however: the database itself refuses to change the record."""

import pytest
from django.db import IntegrityError, connection, transaction

from madang.record.models import Checkpoint, Entry, Key, Leaf, Node
from madang.record.seal import seal

pytestmark = pytest.mark.django_db
WORDS = "the record is append-only"
COLUMN = {"entry": "act", "leaf": "hash", "node": "hash", "key": "public", "checkpoint": "note"}
TABLES = sorted(COLUMN)
MODELS = [Entry, Leaf, Node, Key, Checkpoint]


@pytest.fixture(autouse=True)
def sealed(happen, minute):
    happen(257)
    seal(minute(1))
    connection.check_constraints()  # PostgreSQL does not empty a table while foreign keys wait to be checked


def everything() -> list[list[tuple]]:
    return [sorted(map(repr, model.objects.values_list())) for model in MODELS]


def assert_refused(statement: str) -> None:
    before = everything()
    with pytest.raises(IntegrityError, match=WORDS), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert everything() == before
    assert all(before)


@pytest.mark.parametrize("table", TABLES)
def test_update_is_refused(table):
    assert_refused(f"UPDATE record_{table} SET {COLUMN[table]} = {COLUMN[table]}")


@pytest.mark.parametrize("table", TABLES)
def test_delete_is_refused(table):
    assert_refused(f"DELETE FROM record_{table}")


@pytest.mark.parametrize("table", TABLES)
def test_emptying_is_refused(table):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE; DELETE is refused above")
    assert_refused(f"TRUNCATE record_{table} CASCADE")


@pytest.mark.parametrize("table", TABLES)
def test_replacing_is_refused(table):
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's; PostgreSQL's upsert is tested below")
    assert_refused(f"INSERT OR REPLACE INTO record_{table} SELECT * FROM record_{table} LIMIT 1")


def test_a_leaf_cannot_be_moved_to_another_position_by_replacing_it():
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's; PostgreSQL's upsert is tested below")
    assert_refused(
        "INSERT OR REPLACE INTO record_leaf (position, entry_id, hash)"
        " SELECT 9999, entry_id, hash FROM record_leaf LIMIT 1"
    )


def test_an_upsert_is_refused():
    assert_refused(
        "INSERT INTO record_leaf (position, entry_id, hash) SELECT position, entry_id, hash FROM record_leaf WHERE"
        " position = 0 ON CONFLICT (position) DO UPDATE SET hash = excluded.hash"
    )


@pytest.mark.parametrize("model", MODELS)
def test_the_orm_is_refused_too(model):
    before = everything()
    with pytest.raises(IntegrityError, match=WORDS), transaction.atomic():
        model.objects.all().delete()
    if model is not Node:  # a Node has no column of its own to save
        with pytest.raises(IntegrityError, match=WORDS), transaction.atomic():
            model.objects.order_by("pk").first().save()
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_the_walls_stand_again_after_a_transactional_test_was_emptied():
    """This test is itself emptied; the next one, run after it, finds the walls as they were."""
    assert_refused("DELETE FROM record_entry")


@pytest.mark.django_db(transaction=True)
def test_the_walls_stand_again_in_the_next_test():
    assert Entry.objects.count() == 257
    assert_refused("UPDATE record_entry SET act = act")
