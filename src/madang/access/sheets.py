"""Sheets: what anyone may take out. One description serves the API, CSV, JSON and the data dictionary."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """One column: key in machine form, its title, kind (text|integer|date|time|boolean|krw|code), what it means."""

    key: str
    title: Any
    kind: str
    says: Any


@dataclass(frozen=True)
class Sheet:
    """Rows anyone may read. `rows(person, **filters)` gives a queryset of dicts ordered by −`keyset`."""

    key: str
    title: Any
    columns: tuple[Column, ...]
    rows: Callable[..., Any]
    keyset: str
    filters: tuple[str, ...]


SHEETS: dict[str, Sheet] = {}


def sheet(
    key: str, title: Any, columns: list[Column], keyset: str = "id", filters: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Sheet]:
    """Register `rows(person, **filters)` as the sheet `key`."""

    def register(rows: Callable[..., Any]) -> Sheet:
        if key in SHEETS:
            raise RuntimeError(f"Sheet {key!r} is defined twice.")
        SHEETS[key] = Sheet(key, title, tuple(columns), rows, keyset, filters)
        return SHEETS[key]

    return register
