"""Instant runoff: whoever has the smallest pile leaves, and those ballots go to whom they name next.

1. A ballot counts for every candidate of its best tier that is still in. With strict rankings that is one candidate, the
   usual rule; with equal ranks it is Approval-IRV, which keeps the independence of clones (Delemazure & Peters 2024).
2. Several leave together only where that is certain to change nothing: together they hold less than the next one.
3. With strict rankings the count stops at more than half of the ballots still in the count; else when one is left.
O(ballots × candidates) time at the worst; each ballot moves once for each of its candidates that leaves before it.
"""

from collections.abc import Iterable

from madang.methods.ballots.outcome import Breaking, Runoff
from madang.methods.ballots.profile import Ranking

Pile = list[tuple[Ranking, int, int]]  # ranking, weight, the tier it counts for


def runoff(
    ballots: Iterable[tuple[Ranking, int]], names: tuple[str, ...], breaking: Breaking
) -> tuple[list[Runoff], list[list[int]]]:
    """All rounds, and the order: who is left first, whoever left last next; an open tie is one tier and ends it."""
    piles: dict[int, Pile] = {one: [] for one in range(len(names))}
    sums = dict.fromkeys(piles, 0)
    still, strict = 0, True
    for ranking, weight in ballots:
        if ranking:
            strict = strict and all(len(tier) == 1 for tier in ranking)
            still += weight
            _give(ranking, 0, weight, piles, sums)
    whole, rounds, gone = still, list[Runoff](), list[list[int]]()
    while True:
        by_name = {names[one]: height for one, height in sums.items()}
        if len(sums) == 1 or (strict and 2 * max(sums.values()) > still):
            rounds.append(Runoff(by_name, whole - still))
            return rounds, [*_standing(sums, breaking), *reversed(gone)]
        out = _smallest(sums, strict, breaking, len(rounds) + 1)
        if out is None:
            rounds.append(Runoff(by_name, whole - still))
            return rounds, [*_standing(sums, None), *reversed(gone)]
        before = still
        moved, still = _move(out, piles, sums, still)
        spread = {names[one]: weight for one, weight in moved.items() if weight}
        rounds.append(Runoff(by_name, whole - before, tuple(names[one] for one in out), spread))
        gone.append(out)


def _give(ranking: Ranking, start: int, weight: int, piles: dict[int, Pile], sums: dict[int, int]) -> list[int]:
    """Put a ballot on the piles of the first tier from `start` that has somebody left; on whose it went."""
    for place in range(start, len(ranking)):
        to = [one for one in ranking[place] if one in sums]
        if to:
            for one in to:
                piles[one].append((ranking, weight, place))
                sums[one] += weight
            return to
    return []


def _smallest(sums: dict[int, int], strict: bool, breaking: Breaking, number: int) -> list[int] | None:
    """Who leaves: the smallest pile; several at once where that is safe; None where a tie stays open."""
    low = min(sums.values())
    tied = [one for one, height in sums.items() if height == low]
    if len(tied) == 1:
        return tied
    higher = [height for height in sums.values() if height > low]
    if strict and higher and low * len(tied) < min(higher):
        return tied
    last = breaking.last(tied, f"round {number}")
    return None if last is None else [last]


def _move(out: list[int], piles: dict[int, Pile], sums: dict[int, int], still: int) -> tuple[dict[int, int], int]:
    for one in out:
        del sums[one]
    moved = dict.fromkeys(sums, 0)
    for one in out:
        for ranking, weight, place in piles.pop(one):
            if any(other in sums for other in ranking[place]):
                continue  # it counts already for others of the same tier
            to = _give(ranking, place + 1, weight, piles, sums)
            still -= 0 if to else weight
            for other in to:
                moved[other] += weight
    return moved, still


def _standing(sums: dict[int, int], breaking: Breaking | None) -> list[list[int]]:
    """Who is left, by pile; without a list to settle by, the smallest pile's tie is the whole tier."""
    if breaking is None:
        return [sorted(sums)]
    order = []
    for height in sorted(set(sums.values()), reverse=True):
        level = sorted(one for one in sums if sums[one] == height)
        while level:
            best = breaking.first(level, "last round")
            order.append(level if best is None else [best])
            level = [] if best is None else [one for one in level if one != best]
    return order
