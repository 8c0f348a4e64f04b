"""The written form of a vote: one line of ASCII, the same on the web, on paper, in the box and in the published file.

1. Picks `3 7` in printed order · an order `7>3>1`, best first · numbers `3:5 7:2` in printed order · blank is the empty text.
2. Equal votes are equal bytes: one space, no leading zeros, nothing twice. Any other writing is void, never mended.
3. A vote that is read is `Given`: (place, value) in printed order. Values: 1 for a pick, the rank for an order, the number.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any

Given = tuple[tuple[int, int], ...]
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
LONGEST = 20_000  # letters of one vote


class Void(ValueError):
    """무효: why marks are no valid vote. `code` with its figures; the doors turn it into words."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def picks(text: str) -> Given:
    """`3 7` → ((3, 1), (7, 1)). Raises Void: form, twice."""
    return _ascending([(_whole(word), 1) for word in _words(text, " ")])


def order(text: str) -> Given:
    """`7>3>1` → ((1, 3), (3, 2), (7, 1)). Raises Void: form, twice."""
    ranked = [(_whole(word), rank) for rank, word in enumerate(_words(text, ">"), start=1)]
    if len({place for place, _ in ranked}) < len(ranked):
        raise Void("twice")
    return tuple(sorted(ranked))


def numbers(text: str) -> Given:
    """`3:5 7:2` → ((3, 5), (7, 2)). Raises Void: form, twice."""
    pairs = [word.partition(":") for word in _words(text, " ")]
    return _ascending([(_whole(place), _whole(number)) for place, _, number in pairs])


def as_picks(given: Iterable[tuple[int, int]]) -> str:
    """The places with any value but 0, in printed order."""
    return " ".join(str(place) for place, value in sorted(given) if value)


def as_order(given: Iterable[tuple[int, int]]) -> str:
    """The places by their rank. Raises Void: same-rank."""
    ranked = sorted((rank, place) for place, rank in given if rank)
    for (one, _), (other, _) in pairwise(ranked):
        if one == other:
            raise Void("same-rank", rank=one)
    return ">".join(str(place) for _, place in ranked)


def as_numbers(given: Iterable[tuple[int, int]], zeros: bool = False) -> str:
    """Places with their numbers in printed order; a 0 is left out unless it says something (`zeros`)."""
    return " ".join(f"{place}:{value}" for place, value in sorted(given) if value or zeros)


def _words(text: str, between: str) -> list[str]:
    if len(text) > LONGEST:
        raise Void("form")
    return text.split(between) if text else []


@lru_cache(maxsize=4096)
def _whole(word: str) -> int:
    if not _NUMBER.fullmatch(word):
        raise Void("form")
    return int(word)


def _ascending(given: list[tuple[int, int]]) -> Given:
    for (one, _), (other, _) in pairwise(given):
        if one == other:
            raise Void("twice")
        if one > other:
            raise Void("form")
    return tuple(given)
