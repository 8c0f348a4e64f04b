"""UPDATE, DELETE, TRUNCATE and REPLACE on the record are refused by the database itself, whoever asks."""

from django.db import migrations

TABLES = {  # table: its unique columns (SQLite's REPLACE would delete the old row without asking a DELETE trigger)
    "record_entry": [["id"]],
    "record_leaf": [["position"], ["entry_id"]],
    "record_node": [["level", "place"]],
    "record_key": [["id"]],
    "record_checkpoint": [["size"]],
}
SAYS = "the record is append-only"


def raise_walls(apps, schema_editor):
    walls = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    for statement in walls():
        schema_editor.execute(statement, params=None)  # a "%" in it is its own


def postgresql():
    yield f"""CREATE FUNCTION record_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{SAYS}: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"""
    for table in TABLES:
        yield f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION record_append_only()"""


def sqlite():
    for table, uniques in TABLES.items():
        for verb in ("UPDATE", "DELETE"):
            yield f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"""
        same = " OR ".join(
            "(" + " AND ".join(f"{column} = NEW.{column}" for column in columns) + ")" for columns in uniques
        )
        yield f"""CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunPython(raise_walls)]
