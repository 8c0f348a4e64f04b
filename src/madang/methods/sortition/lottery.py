"""The public lottery: a numbered table of panels, its digest, and the draw anybody can repeat with a pencil's worth of code.

1. The table is text: one panel a line, ids sorted, a tab between them. Its digest is sha256 of exactly these bytes.
2. First the digest and the source of the seed are published, then the seed comes into being, then one panel is drawn:
   n = int(sha256("madang-sortition-1", digest, seed, try)); its number is n mod M.
3. Unbiased: a number n in the incomplete last block of 2²⁵⁶ is thrown away and the next try is hashed (never seen: its
   chance is below M / 2²⁵⁶); so every line has the same number of hashes.
4. The reserve is drawn from the same seed: everybody not drawn in the order of their hash; those who can replace a
   member without breaking a quota or a household, first those for whom nobody stands in yet.

Plain Python, no solver: `verify` uses it too.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

WORD = "madang-sortition-1"
SPAN = 2**256


def text(table: Iterable[Sequence[str]]) -> str:
    """The published form of a table."""
    return "".join("\t".join(panel) + "\n" for panel in table)


def digest(table: Iterable[Sequence[str]]) -> str:
    """sha256 of the published form, in hex."""
    found = hashlib.sha256()
    for panel in table:
        found.update(("\t".join(panel) + "\n").encode())
    return found.hexdigest()


def number(table_digest: str, seed: str, panels: int) -> tuple[int, int]:
    """The number of the panel drawn, from 0, and the try that drew it (0 but for a chance below panels / 2²⁵⁶)."""
    attempt = 0
    while True:
        n = int.from_bytes(hashlib.sha256(f"{WORD}\n{table_digest}\n{seed}\n{attempt}".encode()).digest(), "big")
        if n < SPAN - SPAN % panels:
            return n % panels, attempt
        attempt += 1


def order(ids: Iterable[str], seed: str) -> list[str]:
    """The ids in the order the seed gives them."""
    return sorted(ids, key=lambda one: hashlib.sha256(f"{WORD}\nreserve\n{seed}\n{one}".encode()).digest())


def reserve(
    panel: Sequence[str], others: Iterable[str], wanted: int, seed: str, covers: Callable[[str], set[str]]
) -> list[str]:
    """An ordered reserve of up to `wanted` people for `panel`.

    `covers` says which members somebody could replace alone. Each place goes to the first in the seed's order who can
    stand in for a member for whom nobody in the reserve can yet; where nobody adds cover, to the first who can stand in
    for anybody at all.
    """
    waiting = order(others, seed) if wanted else []
    known: dict[str, set[str]] = {}
    uncovered, found = set(panel), list[str]()
    while len(found) < wanted:
        able = None
        for one in waiting:
            if one not in known:
                known[one] = covers(one)
            if known[one] & uncovered:
                able = one
                break
        able = able or next((one for one in waiting if known[one]), None)
        if able is None:
            break
        found.append(able)
        waiting.remove(able)
        uncovered -= known[able]
    return found


def replacement(
    panel: Sequence[str], gone: str, waiting: Sequence[str], fits: Callable[[Sequence[str]], bool]
) -> str | None:
    """Who takes the seat of `gone`: the first of the reserve with whom the panel keeps every quota; None if nobody."""
    rest = [member for member in panel if member != gone]
    return next((one for one in waiting if fits([*rest, one])), None)
