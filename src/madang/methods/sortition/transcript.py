"""The transcript of a public lottery: everything somebody needs to repeat and judge it, as JSON.

1. No names beside the ids of the pool, and no features: those stay with whoever holds the pool file.
2. Probabilities are whole copies out of M; levels are decimals with twelve places; prices are whole numbers.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from madang.methods.sortition import lottery
from madang.methods.sortition.certificate import Prices
from madang.methods.sortition.levels import Level
from madang.methods.sortition.problem import Problem
from madang.methods.sortition.selection import Selection

VERSION = 1
UNIT = 10**12


def file_digest(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def certificate(selection: Selection) -> list[dict[str, Any]]:
    """For each level its value, who is fixed there, and the prices that prove it; empty where there is no such proof."""
    return [
        {
            "value": f"{level.value:.12f}",
            "people": sorted(name for t in level.fixed for name in selection.problem.members[t]),
            "prices": prices(selection.problem, level).to_json(selection.problem.quotas),
        }
        for level in selection.levels
    ]


def prices(problem: Problem, level: Level) -> Prices:
    """The level's dual prices as whole numbers; the largest is UNIT."""
    largest = max([abs(level.seat_price), float(np.abs(level.row_price).max()), *map(abs, level.house_price.values()),
                   *map(abs, level.cap_price.values())])  # fmt: skip

    def whole(price: float) -> int:
        return round(price / largest * UNIT)

    first = {
        int(h): min(n for t in np.flatnonzero(problem.house == h) for n in problem.members[t])
        for h in level.house_price
    }
    return Prices(
        whole(level.seat_price),
        {q: whole(float(price)) for q, price in enumerate(level.row_price) if whole(float(price))},
        {first[h]: abs(whole(price)) for h, price in level.house_price.items()},
        {name: abs(whole(price)) for t, price in level.cap_price.items() for name in problem.members[t]},
    )


def transcript(
    selection: Selection,
    table: Sequence[Sequence[str]],
    files: dict[str, Path],
    *,
    seats: int,
    household: Sequence[str],
    id_column: str,
    seed: str | None,
    source: str,
    spares: Sequence[str],
) -> dict[str, Any]:
    """The whole record of one lottery; `seed` None: published before the draw."""
    digest = lottery.digest(table)
    drawn = lottery.number(digest, seed, len(table)) if seed is not None else None
    return {
        "madang-sortition": VERSION,
        "rule": selection.rule,
        "seats": seats,
        "files": {name: file_digest(path) for name, path in files.items()},
        "household": list(household),
        "id": id_column,
        "panels": len(table),
        "digest": digest,
        "seed_source": source,
        "seed": seed,
        "number": drawn[0] if drawn else None,
        "panel": list(table[drawn[0]]) if drawn else None,
        "spares": list(spares),
        "bound": selection.bound,
        "unholdable": [name for kind in selection.unholdable for name in kind.ids],
        "certificate": certificate(selection),
        "table": [list(panel) for panel in table],
    }
