"""Ties as data: which of equals comes first is said beforehand, never left to the order of a file.

1. A rule of ties is a list of words; the first that tells two projects apart decides; the id (as text) always ends it.
2. Words: `id` `-id` (as text: "10" before "9") · `number` (ids as numbers) · `cost` `-cost` · `votes` `-votes` (a minus: the larger
   first) · `lot:SEED` (the smallest sha256 of "SEED/id"; the seed announced beforehand).
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from madang.methods.budgeting.election import Election

PLAIN = ("id",)


def parsed(text: str) -> tuple[str, ...]:
    """The words of `--ties`, in order; a seed goes on to the end of the text. Raises ValueError for an unknown one."""
    plain, lot, seed = text.partition("lot:")
    return checked([word.strip() for word in plain.split(",") if word.strip()] + [lot + seed] * bool(lot))


def checked(words: Sequence[str]) -> tuple[str, ...]:
    """The words, if each is known. Raises ValueError otherwise."""
    for word in words:
        if word not in ("id", "-id", "number", "cost", "-cost", "votes", "-votes") and not word.startswith("lot:"):
            raise ValueError(f"unknown rule of ties {word!r}: id, -id, number, cost, -cost, votes, -votes, lot:SEED")
        if word == "lot:":
            raise ValueError("a lot needs a public seed: lot:SEED")
    return tuple(words) or PLAIN


def ranks(election: Election, ties: Sequence[str] = PLAIN) -> tuple[int, ...]:
    """The place of each project among equals, 0 first; all different. O(n log n)."""
    order = list(range(len(election.projects)))  # sorted by id already
    for word in reversed(checked(ties)):
        order.sort(key=_key(election, word.removeprefix("-")), reverse=word.startswith("-"))
    found = [0] * len(order)
    for rank, place in enumerate(order):
        found[place] = rank
    return tuple(found)


def _key(election: Election, word: str) -> Callable[[int], Any]:
    if word.startswith("lot:"):
        seed = word.removeprefix("lot:")
        return lambda place: sha256(f"{seed}/{election.ids[place]}".encode()).hexdigest()
    keys: dict[str, Callable[[int], Any]] = {
        "id": lambda place: election.ids[place],
        "number": lambda place: (not election.ids[place].isdecimal(), int(election.ids[place]) if election.ids[place].isdecimal() else 0),
        "cost": lambda place: election.costs[place],
        "votes": lambda place: election.counts[place],
    }
    return keys[word]
