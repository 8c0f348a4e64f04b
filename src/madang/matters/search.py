"""Finding a 의제 by its words, and finding the one that is like mine — the same answers on both databases.

The texts are cut by methods.korean, so neither database's own idea of a word matters. SQLite keeps the tokens in an
FTS5 table; PostgreSQL keeps them as a tsvector with a GIN index. Likeness is two plain tables on both.

1. The same 의제 give the same answer on both databases: which are found, and in which order.
2. A hidden 의제 is never found nor suggested: acts `remove` it, and every question asks `hidden_at` again.
3. Few hits (up to RANKED) come ranked: all words in the title first, then the newer. More come newest first.
4. An answer costs about the same at a thousand 의제 and at a million: frequent words are sought from the newest
   backwards, and stop when enough is found.
5. `index` and `remove` belong inside the act's transaction: what is rolled back was never findable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from struct import pack, unpack
from typing import Any

from django.db import connection

from madang.methods.korean import GAP, Fingerprint, fingerprint, keys, phrases, similarity, tokens

RANKED = 100
WINDOWS = (10, 13)
"""PostgreSQL looks into the newest 2^10..2^11 ids, then 2^13..2^14, before it looks at all."""
CANDIDATES = 100
PER_KEY = 200
FLOOR = 0.35
"""Below this likeness a suggestion would only annoy: half-shared wording gives 0.4 to 0.6, a near copy 0.7 and more."""


@dataclass(frozen=True)
class Filters:
    """What else must hold of the 의제 found; an empty value asks for nothing."""

    station: str = ""
    process: int | None = None
    places: Sequence[int] | None = None

    def sql(self) -> tuple[str, list[Any]]:
        """Conditions on matters_matter as `m`, always with hidden_at."""
        wheres, values = ["m.hidden_at IS NULL"], list[Any]()
        if self.station:
            wheres.append("m.station = %s")
            values.append(self.station)
        if self.process is not None:
            wheres.append("m.process_id = %s")
            values.append(self.process)
        if self.places is not None:
            wheres.append(f"m.place_id IN ({', '.join(str(int(place)) for place in self.places) or 'NULL'})")
        return " AND ".join(wheres), values


# ── writing ──────────────────────────────────────────────────────────────────


def index(matter_id: int, title: str, body: str, at: datetime) -> None:
    """Make a 의제 findable by these words, in place of what it was findable by before. `at`: when it was created.

    Keys of an earlier wording stay: they only bring a candidate more, and the score is of the wording now.
    """
    mark = fingerprint(title, body)
    sketch = pack(f">{len(mark.sketch)}I", *mark.sketch)
    likeness: list[Any] = [matter_id, mark.letters, mark.stems, sketch, int(at.timestamp())]
    rows = ", ".join(f"({key}, {int(matter_id)})" for key in keys(mark))
    write = _write_on_sqlite if connection.vendor == "sqlite" else _write_on_postgres
    write(matter_id, tokens(title), tokens(body), likeness, rows)


def remove(matter_id: int) -> None:
    """Make a 의제 findable no more: hidden, merged or withdrawn. Nothing happens if it was not."""
    with connection.cursor() as cursor:
        key = "rowid" if connection.vendor == "sqlite" else "matter_id"
        cursor.execute(f"DELETE FROM matters_search WHERE {key} = %s", [matter_id])  # noqa: S608 — ours
        cursor.execute("SELECT letters, stems, sketch FROM matters_likeness WHERE matter_id = %s", [matter_id])
        for row in cursor.fetchall():
            found = ", ".join(str(key) for key in keys(_mark(*row))) or "NULL"
            cursor.execute(
                f"DELETE FROM matters_likeness_key WHERE matter_id = %s AND key IN ({found})",  # noqa: S608 — integers
                [matter_id],
            )
        cursor.execute("DELETE FROM matters_likeness WHERE matter_id = %s", [matter_id])


_LIKENESS = """
INSERT INTO matters_likeness (matter_id, letters, stems, sketch, created_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (matter_id) DO UPDATE SET letters = excluded.letters, stems = excluded.stems, sketch = excluded.sketch
"""
_KEYS = "INSERT INTO matters_likeness_key (key, matter_id) VALUES {} ON CONFLICT DO NOTHING"
_TERMS = """
INSERT INTO matters_search (matter_id, title, terms) VALUES (%s, %s::tsvector, %s::tsvector)
ON CONFLICT (matter_id) DO UPDATE SET title = excluded.title, terms = excluded.terms
"""


def _write_on_sqlite(matter_id: int, title: str, body: str, likeness: list[Any], rows: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO matters_search (rowid, title, body) VALUES (%s, %s, %s)", [matter_id, title, body]
        )
        cursor.execute(_LIKENESS, likeness)
        if rows:
            cursor.execute(_KEYS.format(rows))


def _write_on_postgres(matter_id: int, title: str, body: str, likeness: list[Any], rows: str) -> None:
    """All in one statement: what takes time here is the way to the server and back."""
    keyed = f", k AS ({_KEYS.format(rows)})" if rows else ""
    terms: list[Any] = [matter_id, _vector([title]), _vector([title, body], _windows(matter_id))]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH l AS ({_LIKENESS}){keyed} {_TERMS}", [*likeness, *terms])


# ── asking ───────────────────────────────────────────────────────────────────


def search(
    query: str,
    *,
    limit: int = 20,
    before: int | None = None,
    station: str = "",
    process: int | None = None,
    places: Sequence[int] | None = None,
) -> list[int]:
    """Ids of the 의제 in which every word of the query stands, at most `limit`.

    `before` continues after that id, the last of the page before. `places` are place ids (places.queries.within).
    A query without a word finds nothing: ask the list instead.
    """
    words = phrases(query)
    if not words:
        return []
    hits = _hits_on_sqlite if connection.vendor == "sqlite" else _hits_on_postgres
    filters = Filters(station, process, places)
    found = hits(words, filters, max(limit, RANKED + 1), None)
    if len(found) <= RANKED:
        ranked = [matter_id for _, matter_id in sorted(found, reverse=True)]
        return ranked[ranked.index(before) + 1 if before in ranked else 0 :][:limit]
    if before is not None:
        found = hits(words, filters, limit, before)
    return [matter_id for _, matter_id in found[:limit]]


def suggest(title: str, body: str = "", limit: int = 5, apart_from: int | None = None) -> list[tuple[int, float]]:
    """의제 that are like this title and body, the likest first, with their likeness (FLOOR to 1).

    Candidates share a piece of wording (methods.korean.keys); each of the CANDIDATES that share most is scored
    exactly. Equal likeness: the newer first.
    """
    mine = fingerprint(title, body)
    wanted = keys(mine)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.matter_id, l.letters, l.stems, l.sketch, l.created_at"  # noqa: S608 — integers
            f" FROM ({_shared(wanted)}) c CROSS JOIN matters_likeness l"
            " WHERE l.matter_id = c.matter_id"
            " AND (SELECT m.hidden_at IS NULL FROM matters_matter m WHERE m.id = c.matter_id)"
        )
        scored = [(similarity(mine, _mark(*row[1:4])), row[4], row[0]) for row in cursor.fetchall()]
    best = sorted((one for one in scored if one[0] >= FLOOR and one[2] != apart_from), reverse=True)
    return [(matter_id, score) for score, _, matter_id in best[:limit]]


def _shared(wanted: list[int]) -> str:
    """SQL for the 의제 that share most keys; of a key that thousands share, the newest PER_KEY."""
    of_key = "SELECT matter_id FROM matters_likeness_key WHERE key = {} ORDER BY matter_id DESC LIMIT {}"
    if connection.vendor == "sqlite":
        limited = (f"({of_key.format(key, PER_KEY)})" for key in wanted)
        each = " UNION ALL ".join(f"SELECT matter_id FROM {one}" for one in limited)  # noqa: S608 — integers
    else:
        listed = ", ".join(f"({key}::bigint)" for key in wanted)
        each = f"SELECT f.matter_id FROM (VALUES {listed}) k (key), LATERAL ({of_key.format('k.key', PER_KEY)}) f"  # noqa: S608
    return (
        f"SELECT matter_id FROM ({each}) s GROUP BY matter_id"  # noqa: S608 — integers
        f" ORDER BY count(*) DESC, matter_id DESC LIMIT {CANDIDATES}"
    )


def _hits_on_sqlite(words: list[list[str]], filters: Filters, limit: int, before: int | None) -> list[tuple[bool, int]]:
    """The newest hits: whether all words stand in the title, and the id."""
    match = " AND ".join(f'"{" ".join(phrase)}"' for phrase in words)
    wheres, values = filters.sql()
    older = "" if before is None else f" AND s.rowid < {int(before)}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.rowid FROM matters_search s CROSS JOIN matters_matter m"  # noqa: S608 — placeholders and integers
            f" WHERE s.matters_search MATCH %s AND m.id = s.rowid AND {wheres}{older}"
            " ORDER BY s.rowid DESC LIMIT %s",
            [match, *values, limit],
        )
        found = [row[0] for row in cursor.fetchall()]
        if not found or len(found) > RANKED or before is not None:
            return [(False, matter_id) for matter_id in found]
        cursor.execute(
            "SELECT rowid FROM matters_search WHERE matters_search MATCH %s AND rowid >= %s ORDER BY rowid DESC",
            [f"{{title}} : ({match})", found[-1]],
        )
        titled = {row[0] for row in cursor.fetchall()}
    return [(matter_id in titled, matter_id) for matter_id in found]


def _hits_on_postgres(
    words: list[list[str]], filters: Filters, limit: int, before: int | None
) -> list[tuple[bool, int]]:
    """The newest hits: whether all words stand in the title, and the id.

    GIN knows which texts hold the lexemes, not whether they stand together, and cannot read backwards. So they are
    sought in widening windows of the newest ids, and only for words of four units and more are the texts read.
    """
    quoted = [[f"'{token}'" for token in phrase] for phrase in words]
    every = " & ".join(sorted({token for phrase in quoted for token in phrase}))
    exactly = " & ".join(f"({' <-> '.join(phrase)})" for phrase in quoted)
    wheres, values = filters.sql()
    exact = "" if all(len(phrase) == 1 for phrase in words) else "s.terms @@ %s::tsquery AND "
    older = "" if before is None else f" AND matter_id < {int(before)}"
    sql = (
        "SELECT s.title @@ %s::tsquery, s.matter_id FROM ("  # noqa: S608 — placeholders and integers
        f" SELECT matter_id, title, terms FROM matters_search WHERE terms @@ %s::tsquery{older}"
        f" ORDER BY matter_id DESC OFFSET 0) s WHERE {exact}"
        f" (SELECT {wheres} FROM matters_matter m WHERE m.id = s.matter_id)"
        " ORDER BY s.matter_id DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        newest = before
        if newest is None:
            cursor.execute("SELECT matter_id FROM matters_search ORDER BY matter_id DESC LIMIT 1")
            newest = (cursor.fetchone() or [0])[0]
        for window in (*WINDOWS, None):
            within = every if window is None else f"({_newest(newest, window)}) & {every}"
            cursor.execute(sql, [exactly, within, *([exactly] if exact else []), *values, limit])
            found: list[tuple[bool, int]] = cursor.fetchall()
            if len(found) == limit or (window is not None and newest >> window == 0):
                break
    return found


# ── PostgreSQL's words ───────────────────────────────────────────────────────


def _vector(lines: list[str], also: Sequence[str] = ()) -> str:
    """A tsvector literal of lines of tokens: triples with positions, a gap between lines; pairs and units without."""
    places: dict[str, list[int]] = {}
    plain: dict[str, None] = dict.fromkeys(also)
    start = 1
    for line in lines:
        run, _, rest = line.rpartition(GAP)
        plain.update(dict.fromkeys(rest.split()))
        triples = run.split()
        for position, triple in enumerate(triples, start):
            places.setdefault(triple, []).append(position)
        start += len(triples) + 1
    places.pop(GAP, None)
    written = [f"'{triple}':{','.join(map(str, at))}" for triple, at in places.items()]
    return " ".join([*written, *(f"'{token}'" for token in plain)])


def _windows(matter_id: int) -> list[str]:
    """The lexemes that say in which windows of ids a 의제 lies; no text can hold them (a private-use character)."""
    return [_window(matter_id >> window, window) for window in WINDOWS]


def _newest(newest: int, window: int) -> str:
    """The two newest windows of a size, so that at least one is full."""
    last = newest >> window
    return " | ".join(f"'{_window(number, window)}'" for number in (last, last - 1) if number >= 0)


def _window(number: int, window: int) -> str:
    return f"\ue001{window}-{number}"


def _mark(letters: str, stems: str, sketch: bytes) -> Fingerprint:
    return Fingerprint(letters, stems, unpack(f">{len(sketch) // 4}I", bytes(sketch)))
