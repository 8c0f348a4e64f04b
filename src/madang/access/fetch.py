"""Rows by a key, asked the short way: the statement is composed once a program, not once a question.

Composing a SELECT with what stands beside it costs the ORM four times what the database takes to answer it, and every
request of somebody signed in asks for such rows. Models come back exactly as the ORM would give them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import get_related_populators

BIGGEST = 2**63


def found(statement: str, *keys: int) -> bool:
    """Whether a plain statement finds a row: what every page of somebody signed in asks of one thing and one person."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement, keys)
        return cursor.fetchone() is not None


class Ask:
    """`Ask(lambda key: Matter.objects.filter(author=key).order_by("-id")[:30])(7)` is the list of those for author 7.

    `rows` is called once, with 1; the query it gives has one parameter, a whole number, and no prefetches.
    """

    def __init__(self, rows: Callable[[int], models.QuerySet[Any]]) -> None:
        self.rows = rows
        self.sql = ""

    def __call__(self, key: int) -> list[Any]:
        if not self.sql:
            self._compose()
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self.sql, [key])
            return [self._made(row) for row in cursor.fetchall()]

    def _compose(self) -> None:
        query = self.rows(1).using(DEFAULT_DB_ALIAS)
        compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, given = compiler.as_sql()
        if tuple(given) != (1,):
            raise TypeError(f"A question with one key was asked for, not with {given}.")
        select, told = compiler.select, compiler.klass_info
        self.model = query.model
        self.start, self.end = told["select_fields"][0], told["select_fields"][-1] + 1
        self.names = [column[0].target.attname for column in select[self.start : self.end]]
        self.beside = get_related_populators(told, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs of 6.0
        found = compiler.get_converters([column[0] for column in select])
        self.converters = [(at, converters, column) for at, (converters, column) in found.items()]
        self.sql = sql

    def _made(self, row: Sequence[Any]) -> Any:
        values, connection = list(row), connections[DEFAULT_DB_ALIAS]
        for at, converters, column in self.converters:
            for convert in converters:
                values[at] = convert(values[at], column, connection)
        made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, values[self.start : self.end])
        for populator in self.beside:
            populator.populate(values, made)
        return made


class Fetch:
    """`Fetch(Matter, ["process", "place"])(7)` is `Matter.objects.select_related("process", "place").get(pk=7)`."""

    def __init__(self, model: type[Any], along: Sequence[str] = ()) -> None:
        rows = model._default_manager.all()
        self.model = model
        self.ask = Ask(lambda key: (rows.select_related(*along) if along else rows).filter(pk=key))

    def __call__(self, pk: Any) -> Any:
        """The row with the primary key `pk`. Raises DoesNotExist, and ValueError for what can be no key."""
        key: Any = self.model._meta.pk.get_prep_value(pk)
        found = self.ask(key) if key is not None and abs(key) < BIGGEST else []
        if not found:
            raise self.model.DoesNotExist
        return found[0]
