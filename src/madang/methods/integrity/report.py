"""The published report: every look with its p-value, what stands out among them, and nothing anybody could be known by.

1. Holm twice: within a look over its cells, and over the looks. In a clean vote the chance that anything at all is named by a test
   is at most `level`, as far as counts are as uneven as assumed; docs/methods/integrity.md says how often that was so.
2. No cell under 5: a number from 1 to 4 is published as "fewer than 5" (None), its expectation with it.
3. The same file and the same seed give the same bytes. `discounted` is 0, always.
"""

from collections.abc import Sequence
from typing import Any

from madang.methods.integrity.chance import holm
from madang.methods.integrity.looks import TOLD, Cell, Look, all_looks
from madang.methods.integrity.reading import Known
from madang.methods.integrity.telling import KEPT, LOOKS, NOT_PROOF, words

FORMAT = "madang-integrity-report@1"
LEVEL = 0.01


def report(known: Known, level: float = LEVEL) -> dict[str, Any]:
    """Everything looked at and what stands out, as plain JSON values. Raises ValueError for a level outside 0…0.5."""
    if not 0 < level <= 0.5:
        raise ValueError("the level lies between 0 and 0.5")
    looks = all_looks(known)
    overall = holm({number: look.p for number, look in enumerate(looks) if look.p is not None and not look.needs})
    findings = [
        _finding(look, cell, overall.get(number))
        for number, look in enumerate(looks)
        for cell in _standing(look, overall.get(number), level)
    ]
    return {
        "format": FORMAT,
        "poll": known.poll,
        "seed": known.seed,
        "input": known.digest,
        "level": level,
        "looks": [_look(look, overall.get(number)) for number, look in enumerate(looks)],
        "findings": findings,
        "discounted": 0,
        "said": {"ko": KEPT[0], "en": KEPT[1]},
    }


def _standing(look: Look, overall: float | None, level: float) -> Sequence[Cell]:
    """Facts always; of a test the cells that stay below the level when all looks are counted."""
    if overall is None:
        return [] if look.needs else look.cells
    if look.p is None or overall > level:
        return []
    times = overall / look.p if look.p > 0 else 1.0
    return [cell for cell in look.cells if cell.p is not None and cell.p * times <= level]


def _finding(look: Look, cell: Cell, overall: float | None) -> dict[str, Any]:
    hidden = 0 < cell.number < TOLD
    times = overall / look.p if overall is not None and look.p else 1.0
    return {
        "look": look.name,
        "what": {"ko": words(look.name, LOOKS, False), "en": words(look.name, LOOKS, True)},
        "where": dict(cell.where),
        "number": None if hidden else cell.number,
        "expected": None if hidden else cell.expected,
        "p": None if cell.p is None else _short(min(1.0, cell.p * times)),
        "does_not_prove": {"ko": words(look.name, NOT_PROOF, False), "en": words(look.name, NOT_PROOF, True)},
        "discounted": 0,
    }


def _look(look: Look, overall: float | None) -> dict[str, Any]:
    return {
        "look": look.name,
        "needs": look.needs,
        "tested": look.tested,
        "uneven": look.uneven,
        "p": None if overall is None else _short(overall),
        **({"more": dict(look.more)} if look.more else {}),
    }


def _short(p: float) -> float:
    """Four digits: enough to judge by, and the same on every machine."""
    return float(f"{p:.3e}")
