"""Two by two: the pairwise table, the Condorcet winner, the Smith set, Schulze's strongest paths, ranked pairs.

1. table[a][b] is the weight of the ballots that put a above b; whoever is not named stands below all that are.
2. A duel is won with more weight; its strength is the winner's weight ("winning") or the difference ("margins").
3. Equal strengths in ranked pairs are settled only where they would matter: together if all fit, else by the list.

Sources: Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method" (2011); Tideman, "Independence of clones as a criterion for voting rules" (1987); Zavist & Tideman,
"Complete independence of clones in the ranked pairs rule" (1989).
"""

from collections.abc import Callable, Iterable, Sequence

from madang.methods.ballots.outcome import Beatpath, Breaking, Lock
from madang.methods.ballots.profile import Ranking

Table = list[list[int]]
Beats = Callable[[int, int], bool]
CANDIDATES_MAX = 400


def pairwise(ballots: Iterable[tuple[Ranking, int]], candidates: int) -> Table:
    """The table, from (ranking, weight). O(ballots × candidates) additions of one long whole number.

    Each row is one number with a lane for each candidate, wide enough that no lane can run over.
    """
    cast = list(ballots)
    lane = sum(weight for _, weight in cast).bit_length() + 1
    everyone = sum(1 << lane * one for one in range(candidates))
    own = [1 << lane * one for one in range(candidates)]
    rows = [0] * candidates
    for ranking, weight in cast:
        below = everyone * weight
        for tier in ranking:
            for one in tier:
                below -= own[one] * weight
            for one in tier:
                rows[one] += below
    mask = (1 << lane) - 1
    return [[row >> lane * one & mask for one in range(candidates)] for row in rows]


def condorcet(table: Table) -> int | None:
    """Who beats every other, None if nobody does."""
    everyone = range(len(table))
    return next((a for a in everyone if all(table[a][b] > table[b][a] for b in everyone if b != a)), None)


def smith(table: Table) -> list[int]:
    """The smallest set whose members each beat everyone outside it: grown from whoever wins the most duels."""
    everyone = range(len(table))
    wins = [sum(table[a][b] > table[b][a] for b in everyone) for a in everyone]
    inside = {a for a in everyone if wins[a] == max(wins)}
    waiting = list(inside)
    while waiting:
        member = waiting.pop()
        for other in everyone:
            if other not in inside and table[member][other] <= table[other][member]:
                inside.add(other)
                waiting.append(other)
    return sorted(inside)


def strengths(table: Table, kind: str) -> Table:
    """The strength of each won duel, 0 for a lost or drawn one."""
    return [
        [(won if kind == "winning" else won - table[b][a]) if won > table[b][a] else 0 for b, won in enumerate(row)]
        for a, row in enumerate(table)
    ]


def strongest(duels: Table) -> tuple[Table, Table]:
    """The strength of the strongest path for each pair, and the first step on it. O(candidates³)."""
    everyone = range(len(duels))
    paths = [list(row) for row in duels]
    step = [list(everyone) for _ in everyone]
    for middle in everyone:
        through = paths[middle]
        for a in everyone:
            reach = paths[a][middle]
            if a == middle or not reach:
                continue
            row, next_ = paths[a], step[a]
            for b in everyone:
                strength = min(reach, through[b])
                if strength > row[b] and a != b:
                    row[b], next_[b] = strength, next_[middle]
    return paths, step


def beatpath(paths: Table, step: Table, a: int, b: int, names: Sequence[str]) -> Beatpath:
    """The strongest path from a to b by name."""
    if not paths[a][b]:
        return Beatpath(0, ())
    through = [a]
    while through[-1] != b:
        through.append(step[through[-1]][b])
    return Beatpath(paths[a][b], tuple(names[one] for one in through))


def peeled(candidates: int, beats: Beats, breaking: Breaking, at: str) -> list[list[int]]:
    """An order that respects `beats`: again and again the one whom nobody left beats, ties by the list."""
    left = list(range(candidates))
    beaten = {one: sum(beats(other, one) for other in left) for one in left}
    order: list[list[int]] = []
    while left:
        top = [one for one in left if not beaten[one]]
        best = breaking.first(top, f"{at} {len(order) + 1}")
        tier = top if best is None else [best]
        order.append(tier)
        left = [one for one in left if one not in tier]
        for one in left:
            beaten[one] -= sum(beats(gone, one) for gone in tier)
    return order


def locked(duels: Table, table: Table, breaking: Breaking, names: Sequence[str]) -> tuple[list[Lock], list[int], bool]:
    """Lock majorities from the strongest down unless one would close a circle.

    Gives the locks, for each candidate a bit set of everyone it stands above, and whether a tie stayed open.
    """
    everyone = range(len(duels))
    pairs = [(a, b) for a in everyone for b in everyone if duels[a][b]]
    rank = sorted({(-duels[a][b], table[b][a]) for a, b in pairs})
    above = [1 << one for one in everyone]
    locks: list[Lock] = []
    for strength, against in rank:
        level = [(a, b) for a, b in pairs if (-duels[a][b], table[b][a]) == (strength, against)]
        free = [(a, b) for a, b in level if not above[b] >> a & 1]
        if len(level) > 1 and not _all_fit(above, free):
            if any(breaking.keys[a] == breaking.keys[b] for a in everyone for b in everyone if a < b):
                return locks, above, True
            level = _settled(level, breaking, names)
        for a, b in level:
            locks.append(_lock(a, b, -strength, above, locks, names))
    return locks, above, False


def _lock(a: int, b: int, strength: int, above: list[int], locks: list[Lock], names: Sequence[str]) -> Lock:
    if above[b] >> a & 1:
        return Lock(names[a], names[b], strength, False, _chain(locks, names[b], names[a]))
    below = above[b]
    for one, reach in enumerate(above):
        if reach >> a & 1:
            above[one] = reach | below
    return Lock(names[a], names[b], strength, True)


def _all_fit(above: list[int], free: list[tuple[int, int]]) -> bool:
    """Whether all these majorities can be locked without a circle."""
    reach = list(above)
    for a, b in free:
        if reach[b] >> a & 1:
            return False
        for one, each in enumerate(reach):
            if each >> a & 1:
                reach[one] = each | reach[b]
    return True


def _settled(level: list[tuple[int, int]], breaking: Breaking, names: Sequence[str]) -> list[tuple[int, int]]:
    """Equal majorities in the list's order: the earlier winner first, then the later loser (Zavist & Tideman)."""
    rank = {one: place for place, one in enumerate(sorted(range(len(names)), key=breaking.keys.__getitem__))}
    order = sorted(level, key=lambda pair: (rank[pair[0]], -rank[pair[1]]))
    breaking.note(
        "equal majorities", [f"{names[a]} > {names[b]}" for a, b in level], f"{names[order[0][0]]} > {names[order[0][1]]}"
    )
    return order


def _chain(locks: list[Lock], start: str, end: str) -> tuple[str, ...]:
    """The locked way from start to end that stands against a majority."""
    came: dict[str, str] = {start: ""}
    waiting = [start]
    for here in waiting:
        for lock in locks:
            if lock.locked and lock.winner == here and lock.loser not in came:
                came[lock.loser] = here
                waiting.append(lock.loser)
    chain = [end]
    while came[chain[-1]]:
        chain.append(came[chain[-1]])
    return tuple(reversed(chain))
