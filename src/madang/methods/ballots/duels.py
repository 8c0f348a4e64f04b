"""Who is first when candidates are compared two by two: Condorcet, Schulze, ranked pairs, each with what losers lacked.

1. Condorcet elects only who beats everyone; else nobody, and the Smith set shows among whom the choice lies.
2. Schulze and ranked pairs always elect that candidate where there is one.
3. Every lack can be looked up in the table: a duel, two paths, or a locked chain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from madang.methods.ballots.outcome import Beatpath, Breaking, Lack, Lock, seated
from madang.methods.ballots.pairs import Table, beatpath, condorcet, locked, peeled, strengths, strongest

Names = Sequence[str]


@dataclass(frozen=True, slots=True)
class Dueled:
    """The order, the winners and the state, what each loser lacked (weights), and what the method rests on."""

    order: list[list[int]]
    winners: tuple[str, ...]
    state: str
    lacks: Mapping[str, Lack]
    reach: Table = field(default_factory=list)
    paths: Mapping[tuple[str, str], Beatpath] = field(default_factory=dict)
    locks: Sequence[Lock] = ()


def beats_all(table: Table, breaking: Breaking, names: Names) -> Dueled:
    """The Condorcet winner, or nobody. Below it the order goes by duels won, for reading only."""
    wins = [sum(row[b] > table[b][a] for b in range(len(names))) for a, row in enumerate(table)]
    order = [[one for one, each in enumerate(wins) if each == height] for height in sorted(set(wins), reverse=True)]
    first = condorcet(table)
    lacks = {name: _duel(one, table, names) for one, name in enumerate(names) if one != first}
    if first is None:
        return Dueled(order, (), "no-winner", lacks)
    return Dueled(order, (names[first],), "elected", lacks)


def schulze(table: Table, breaking: Breaking, names: Names) -> Dueled:
    """Whoever has a stronger path to each other than back; ties by the list."""
    reach, step = strongest(strengths(table, breaking.terms.strength))
    order = peeled(len(names), lambda a, b: reach[a][b] > reach[b][a], breaking, "place")
    winners, state = seated([[names[one] for one in tier] for tier in order], breaking.terms.seats)
    top = order[0][0]
    paths = {
        (names[a], names[b]): beatpath(reach, step, a, b, names)
        for one in range(len(names)) if one != top for a, b in ((top, one), (one, top))
    }
    lacks = {
        name: Lack("path", names[top], Fraction(reach[one][top]), Fraction(reach[top][one]))
        for one, name in enumerate(names) if name not in winners and one != top
    }
    return Dueled(order, winners, state, lacks, reach, paths)


def ranked_pairs(table: Table, breaking: Breaking, names: Names) -> Dueled:
    """The source of the majorities that could be locked; ties by the list, only where they matter."""
    duels = strengths(table, breaking.terms.strength)
    locks, above, open_ = locked(duels, table, breaking, names)
    order = peeled(len(names), lambda a, b: a != b and bool(above[a] >> b & 1), breaking, "place")
    winners, state = seated([[names[one] for one in tier] for tier in order], breaking.terms.seats)
    if open_:
        return Dueled(order, (), "tie", {}, locks=locks)
    top = order[0][0]
    lacks = {
        name: Lack("locked", names[top], Fraction(duels[one][top]), Fraction(duels[top][one]))
        for one, name in enumerate(names) if name not in winners and one != top
    }
    return Dueled(order, winners, state, lacks, locks=locks)


def _duel(one: int, table: Table, names: Names) -> Lack:
    """The duel this candidate lost, or drew, by the most."""
    others = [other for other in range(len(names)) if other != one]
    worst = max(others, key=lambda other: (table[other][one] - table[one][other], -other))
    return Lack("pair", names[worst], Fraction(table[one][worst]), Fraction(table[worst][one]))


RULES = {"condorcet": beats_all, "schulze": schulze, "ranked-pairs": ranked_pairs}
