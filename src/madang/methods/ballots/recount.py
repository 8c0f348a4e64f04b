"""Count again by another way: nothing here is shared with the tally but the ballots and the written result.

1. Sums: candidate by candidate, over all ballots.
2. The pairwise table: duel by duel, from each ballot's places, instead of row by row.
3. Smith set: who reaches everybody through "beats or ties", instead of growing it from the top.
4. Schulze: each shown path is looked up in the table, and a search over stronger duels alone must not get there.
5. Ranked pairs: the order is a stack (Zavist & Tideman 1989): every majority it goes against is answered by a chain of
   majorities along the order, none weaker. No majority is sorted or locked here.
6. Runoff: every round counted from the whole ballots, whoever left had the smallest pile.
It says "" where all of it follows from the ballots, else the first thing that does not.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from operator import lt, mul

from madang.methods.ballots.outcome import PAIRWISE, Outcome
from madang.methods.ballots.profile import Profile, Ranking

Names = Sequence[str]
Placed = tuple[Ranking, int]  # tiers of candidates' numbers, weight in units


def recount(profile: Profile, outcome: Outcome) -> str:
    """ "" if the outcome follows from the ballots, else what does not."""
    if sorted(name for tier in outcome.order for name in tier) != sorted(outcome.candidates):
        return "not every candidate has its place"
    flat = [name for tier in outcome.order for name in tier]
    if outcome.state in ("elected", "tie") and list(outcome.winners) != flat[: len(outcome.winners)]:
        return "the winners are not the first in the order"
    if outcome.terms.method in PAIRWISE:
        return _pairs(profile, outcome) or _bar(outcome)
    if outcome.terms.method == "irv":
        return _rounds(profile, outcome) or _bar(outcome)
    return _sums(profile, outcome) or _bar(outcome)


def _weights(outcome: Outcome, cast: dict[str, int]) -> dict[str, int]:
    """What one ballot of each group weighs, in whole units of the outcome (a fraction would be a fault of its unit)."""
    terms = outcome.terms
    if terms.weights is None:
        return dict.fromkeys(cast, outcome.unit)
    voted = {group: Fraction(terms.weights[group]) for group in cast if cast[group]}
    shared = 1 if terms.weighing == "ballots" else sum(voted.values())
    each = {
        group: weight * outcome.unit / (shared if terms.weighing == "ballots" else shared * cast[group])
        for group, weight in voted.items()
    }
    return {group: int(weight) for group, weight in each.items() if weight.denominator == 1}


def _sums(profile: Profile, outcome: Outcome) -> str:
    names, terms = profile.candidates, outcome.terms
    given: list[tuple[str, dict[int, int | Fraction], int]] = []
    void = 0
    for (group, ranking), number in profile.rankings.items():
        picked: dict[int, int | Fraction] = dict.fromkeys(ranking[0], 1) if ranking else {}
        bad = len(picked) > 1 if terms.method == "plurality" else len(ranking) > 1
        void += number if bad else 0
        given += [] if bad else [(profile.groups[group], picked, number)]
    for (group, points), number in profile.points.items():
        marks = dict(points)
        top = (max if terms.method == "score" else sum)(marks.values()) if marks else 0
        bad = terms.most is not None and top > terms.most
        void += number if bad else 0
        given += [] if bad else [(profile.groups[group], marks, number)]
    if void != outcome.void:
        return f"{void} void ballots, not {outcome.void}"
    weights = _weights(outcome, {group: sum(n for of, _, n in given if of == group) for group in profile.groups})
    for one, name in enumerate(names):
        mine = sum(weights[group] * number * marks[one] for group, marks, number in given if one in marks)
        if mine != outcome.figures[name] * outcome.unit:
            return f"{name} has {Fraction(mine, outcome.unit)}, not {outcome.figures[name]}"
    flat = [outcome.figures[tier[0]] for tier in outcome.order]
    if any(low > high for high, low in pairwise(flat)):
        return "somebody stands below a lower sum"
    best = min((outcome.figures[name] for name in outcome.winners), default=None)
    if best is not None and any(outcome.figures[name] > best for name in names if name not in outcome.winners):
        return "a loser has more than a winner"
    return ""


def _placed(profile: Profile, outcome: Outcome) -> list[Placed]:
    weights = _weights(outcome, dict(zip(profile.groups, profile.per_group(), strict=True)))
    each = [weights.get(group, 0) for group in profile.groups]
    return [(ranking, each[group] * number) for (group, ranking), number in profile.rankings.items()]


def _pairs(profile: Profile, outcome: Outcome) -> str:
    names = outcome.candidates
    table = {name: dict(zip(names, row, strict=True)) for name, row in zip(names, outcome.table, strict=True)}
    fault = _table(_placed(profile, outcome), names, table)
    if fault:
        return fault
    duels = {a: {b: _strength(table, a, b, outcome.terms.strength) for b in names} for a in names}
    draws = {a: [b for b in names if table[a][b] >= table[b][a]] for a in names}
    if {name for name in names if len(_reached(name, draws)) == len(names)} != set(outcome.smith):
        return "the Smith set is another"
    if outcome.terms.method == "condorcet":
        beats = [a for a in names if all(duels[a][b] for b in names if b != a)]
        return "" if list(outcome.winners) == beats or outcome.state == "below-bar" else f"beats everyone: {beats}"
    if outcome.terms.method == "schulze":
        return _paths(outcome, duels)
    return "" if outcome.state == "tie" else _stack([name for tier in outcome.order for name in tier], duels)


def _table(placed: list[Placed], names: Names, table: dict[str, dict[str, int]]) -> str:
    columns = _columns(placed, len(names))
    weights = [weight for _, weight in placed]
    for a, first in zip(names, columns, strict=True):
        for b, second in zip(names, columns, strict=True):
            mine = sum(map(mul, weights, map(lt, first, second)))
            if a != b and mine != table[a][b]:
                return f"{mine} put {a} above {b}, not {table[a][b]}"
    return ""


def _columns(placed: list[Placed], candidates: int) -> list[list[int]]:
    """For each candidate its place on each ballot, 1 for the best; the last place where it is not named."""
    columns = [[candidates + 1] * len(placed) for _ in range(candidates)]
    for row, (ranking, _) in enumerate(placed):
        for place, tier in enumerate(ranking, start=1):
            for one in tier:
                columns[one][row] = place
    return columns


def _strength(table: dict[str, dict[str, int]], a: str, b: str, kind: str) -> int:
    won = table[a][b] - table[b][a]
    return 0 if won <= 0 else table[a][b] if kind == "winning" else won


def _reached(start: str, steps: dict[str, list[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = [each for each in steps[waiting.pop()] if each not in found]
        found.update(new)
        waiting += new
    return found


def _paths(outcome: Outcome, duels: dict[str, dict[str, int]]) -> str:
    names = outcome.candidates
    for (a, b), path in outcome.paths.items():
        weakest = min((duels[x][y] for x, y in pairwise(path.through)), default=0)
        if weakest != path.strength or (path.through and (path.through[0], path.through[-1]) != (a, b)):
            return f"the path from {a} to {b} is not what the table gives"
        stronger = {x: [y for y in names if duels[x][y] > path.strength] for x in names}
        if b in _reached(a, stronger):
            return f"there is a stronger path from {a} to {b}"
    top = outcome.order[0][0]
    if set(outcome.paths) != {pair for other in names if other != top for pair in ((top, other), (other, top))}:
        return f"the paths are not those of {top}"
    for other in names:
        if other != top and outcome.paths[other, top].strength > outcome.paths[top, other].strength:
            return f"{other} has a stronger path to {top} than back"
    return ""


def _stack(order: list[str], duels: dict[str, dict[str, int]]) -> str:
    for at, a in enumerate(order):
        for b in order[at + 1 :]:
            if not duels[b][a]:
                continue
            later = {
                x: [y for y in order[place + 1 :] if duels[x][y] >= duels[b][a]]
                for place, x in enumerate(order) if place >= at
            }
            if b not in _reached(a, later):
                return f"nothing as strong answers {b} over {a}"
    return ""


def _rounds(profile: Profile, outcome: Outcome) -> str:
    placed = _placed(profile, outcome)
    left = set(range(len(outcome.candidates)))
    for number, each in enumerate(outcome.rounds, start=1):
        piles, _ = _piles(placed, left)
        named = {outcome.candidates[one]: pile for one, pile in piles.items()}
        if each.piles != named:
            return f"round {number} counts otherwise"
        stay = [pile for name, pile in named.items() if name not in each.out]
        gone = [named[name] for name in each.out]
        if gone and (max(gone) > min(stay) or (len(gone) > 1 and sum(gone) >= min(stay))):
            return f"round {number}: somebody with less stays"
        left = {one for one in left if outcome.candidates[one] not in each.out}
    if outcome.state == "elected":
        piles, still = _piles(placed, left)
        if len(left) > 1 and 2 * piles[outcome.candidates.index(outcome.winners[0])] <= still:
            return "the winner has not won the last round"
    return ""


def _piles(placed: Iterable[Placed], left: set[int]) -> tuple[dict[int, int], int]:
    """The piles among those who are left, and the weight of the ballots that name any of them."""
    piles, still = dict.fromkeys(left, 0), 0
    for ranking, weight in placed:
        for tier in ranking:
            named = [one for one in tier if one in left]
            if named:
                still += weight
                for one in named:
                    piles[one] += weight
                break
    return piles, still


def _bar(outcome: Outcome) -> str:
    bar = outcome.terms.bar
    if bar is None or outcome.reached is None:
        return ""
    held = outcome.reached > bar.share or (outcome.reached == bar.share and not bar.more)
    return "" if held == (outcome.state != "below-bar") or outcome.state == "tie" else "the bar is misjudged"
