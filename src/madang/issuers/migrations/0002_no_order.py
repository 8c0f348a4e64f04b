"""Issuance keeps no order of arrival: on SQLite a table WITHOUT ROWID, sorted by its random key."""

from django.db import migrations


def without_rowid(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "sqlite":
        return
    table = "issuers_issuance"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
        (create,) = cursor.fetchone()
        cursor.execute(f'DROP TABLE "{table}"')
        cursor.execute(f"{create} WITHOUT ROWID")


class Migration(migrations.Migration):
    dependencies = [("issuers", "0001_initial")]
    operations = [migrations.RunPython(without_rowid, migrations.RunPython.noop)]
