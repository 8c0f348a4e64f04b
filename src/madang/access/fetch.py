"""One row by its key, asked the short way: the statement is composed once a program, not once a question.

Composing a SELECT with what stands beside it costs the ORM four times what the database takes to answer it, and every
request of somebody signed in asks for such rows. Models come back exactly as the ORM would give them.
"""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import get_related_populators

BIGGEST = 2**63


class Fetch:
    """`Fetch(Matter, ["process", "place"])(7)` is `Matter.objects.select_related("process", "place").get(pk=7)`."""

    def __init__(self, model: type[models.Model], along: Sequence[str] = ()) -> None:
        self.model, self.along = model, tuple(along)
        self.sql = ""

    def __call__(self, pk: Any) -> Any:
        """The row with the primary key `pk`. Raises DoesNotExist, and ValueError for what can be no key."""
        key: Any = self.model._meta.pk.get_prep_value(pk)  # type: ignore[union-attr]
        if isinstance(key, int) and abs(key) >= BIGGEST:
            raise self.model.DoesNotExist
        if not self.sql:
            self._compose()
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self.sql, [key])
            row = cursor.fetchone()
        if row is None:
            raise self.model.DoesNotExist
        return self._made(row)

    def _compose(self) -> None:
        rows = self.model._default_manager.using(DEFAULT_DB_ALIAS).filter(pk=1)
        compiler = (rows.select_related(*self.along) if self.along else rows).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, _one = compiler.as_sql()
        select, told = compiler.select, compiler.klass_info
        self.start, self.end = told["select_fields"][0], told["select_fields"][-1] + 1
        self.names = [column[0].target.attname for column in select[self.start : self.end]]
        self.beside = get_related_populators(told, select, DEFAULT_DB_ALIAS)
        found = compiler.get_converters([column[0] for column in select])
        self.converters = [(at, converters, column) for at, (converters, column) in found.items()]
        self.sql = sql

    def _made(self, row: Sequence[Any]) -> models.Model:
        values, connection = list(row), connections[DEFAULT_DB_ALIAS]
        for at, converters, column in self.converters:
            for convert in converters:
                values[at] = convert(values[at], column, connection)
        made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, values[self.start : self.end])
        for populator in self.beside:
            populator.populate(values, made)
        return made
