"""The plain files of the demo city: the booklet's tables (sourced) and the invented texts (synthetic).

1. What stands under `booklet/` comes from the printed booklet and is never invented; `«…»` marks an unsure reading.
2. What stands under `synthetic/` is invented and never about a real person, department or group.
"""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[4] / "demo"  # beside `src` in the repository


@dataclass(frozen=True)
class Table:
    """One table of the booklet: where it stands, of how many, and what its columns are called."""

    key: str
    title: str
    section: str
    base: str
    columns: dict[str, str]

    @property
    def source(self) -> str:
        """The line shown as its source."""
        return f"{document()}, {self.section}"

    def rows(self) -> list[dict[str, str]]:
        with (ROOT / "booklet" / f"{self.key}.csv").open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))


@cache
def tables() -> dict[str, Table]:
    """The booklet's tables by key, in reading order. FileNotFoundError where a house left the demo files out."""
    return {row["key"]: Table(**row) for row in read("booklet/tables.toml")["tables"]}


@cache
def document() -> str:
    """The booklet's title and day."""
    return str(read("booklet/tables.toml")["document"])


def read(name: str) -> dict[str, Any]:
    with (ROOT / name).open("rb") as file:
        return tomllib.load(file)
