"""What the search keeps: the tokens in each database's own index, likeness in two plain tables."""

from django.db import migrations

LIKENESS = """
CREATE TABLE matters_likeness (
    matter_id bigint PRIMARY KEY, letters text NOT NULL, stems text NOT NULL, sketch {bytes} NOT NULL,
    created_at bigint NOT NULL
)
"""
KEYS = """
CREATE TABLE matters_likeness_key (
    key bigint NOT NULL, matter_id bigint NOT NULL, PRIMARY KEY (key, matter_id)
) {tail}
"""
# our tokens are ASCII, Hangul and Han: nothing is left to fold, and no ranking by length is asked for
SQLITE = [
    "CREATE VIRTUAL TABLE matters_search USING fts5 (title, body, tokenize='unicode61 remove_diacritics 0', columnsize=0)",
    LIKENESS.format(bytes="blob"),
    KEYS.format(tail="WITHOUT ROWID"),
]
# A short pending list keeps the write cheap and the question quick. No statistics: the planner would otherwise think a
# frequent word better found by reading every text. Not compressed: packing costs more than it saves.
POSTGRES = [
    "CREATE TABLE matters_search (matter_id bigint PRIMARY KEY, title tsvector NOT NULL, terms tsvector NOT NULL)",
    "ALTER TABLE matters_search ALTER COLUMN terms SET STATISTICS 0, ALTER COLUMN terms SET STORAGE EXTERNAL",
    "CREATE INDEX matters_search_terms ON matters_search USING gin (terms) WITH (gin_pending_list_limit = 256)",
    LIKENESS.format(bytes="bytea"),
    KEYS.format(tail=""),
]


def create(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for table in ("matters_search", "matters_likeness", "matters_likeness_key"):
        schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
