"""The roll of a ballot keeps no order of arrival: its keys are random, and on SQLite its table is WITHOUT ROWID."""

import uuid

from django.db import migrations, models

COUNTED = '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT'
RANDOM = '"id" char(32) NOT NULL PRIMARY KEY'


def random_keys(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute('ALTER TABLE "decisions_rollentry" ALTER COLUMN id DROP IDENTITY IF EXISTS')
            cursor.execute('ALTER TABLE "decisions_rollentry" ALTER COLUMN id TYPE uuid USING gen_random_uuid()')
            return
        _anew(cursor, "decisions_rollentry", "lower(hex(randomblob(16)))")
        _anew(cursor, "decisions_rightbackup", '"id"')


def _anew(cursor, table, key):
    """The same table WITHOUT ROWID, its rows keyed by `key`."""
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
    (create,) = cursor.fetchone()
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL", [table])
    indexes = [sql for (sql,) in cursor.fetchall()]
    cursor.execute("SELECT name FROM pragma_table_info(%s) WHERE name <> 'id' ORDER BY cid", [table])
    columns = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
    cursor.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_old"')
    cursor.execute(f"{create.replace(COUNTED, RANDOM)} WITHOUT ROWID")
    cursor.execute(f'INSERT INTO "{table}" ("id", {columns}) SELECT {key}, {columns} FROM "{table}_old"')  # noqa: S608 — names of our own tables
    cursor.execute(f'DROP TABLE "{table}_old"')
    for sql in indexes:
        cursor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0007_scoring")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(random_keys, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name="rollentry",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
            ],
        ),
    ]
