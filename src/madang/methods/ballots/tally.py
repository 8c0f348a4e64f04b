"""Count a profile by announced terms: the one door to every method of this room.

1. The order of the rows, of the groups and of the files changes nothing; of the candidates only what ties=order says.
2. The bar is a share of all counted ballots, blank ones too. What the winner must show for it: plurality, approval and
   irv the ballots behind it; score the points of all it could get; cumulative its points of all that were given;
   pairwise methods the ballots that put it above its strongest opponent.
3. Every loser has its lack: whom it stood against, what it had, what it would have needed.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from madang.methods.ballots.duels import RULES
from madang.methods.ballots.outcome import PAIRWISE, Breaking, Lack, Outcome, Runoff, Terms, seated
from madang.methods.ballots.pairs import CANDIDATES_MAX, pairwise, smith
from madang.methods.ballots.profile import Profile, Ranking, Scale, scale
from madang.methods.ballots.resolution import Bar
from madang.methods.ballots.runoff import runoff
from madang.methods.ballots.sums import added, ordered, standing


def tally(profile: Profile, terms: Terms) -> Outcome:
    """Count. Raises ValueError where the ballots are not of the kind the method counts, or a group has no weight.

    O(ballots × candidates), and candidates³ for Schulze and ranked pairs.
    """
    if not profile.candidates:
        raise ValueError("후보가 없습니다 / there are no candidates")
    if terms.method in (*PAIRWISE, "irv") and len(profile.candidates) > CANDIDATES_MAX:
        raise ValueError(f"후보가 너무 많습니다 / more than {CANDIDATES_MAX} candidates for {terms.method}")
    if terms.method in PAIRWISE:
        return _by_pairs(profile, terms)
    if terms.method == "irv":
        return _by_runoff(profile, terms)
    return _by_sums(profile, terms)


def weighed_rankings(profile: Profile, weighed: Scale) -> list[tuple[Ranking, int]]:
    """The distinct rankings with their weights. Raises ValueError for points."""
    if profile.points:
        raise ValueError("순위가 아니라 점수입니다 / these ballots give points; this method needs rankings")
    together: dict[Ranking, int] = {}
    for (group, ranking), number in profile.rankings.items():
        together[ranking] = together.get(ranking, 0) + number * weighed.weights[group]
    return list(together.items())


def reaches(bar: Bar, share: Fraction) -> bool:
    """Whether a share of the whole reaches the bar."""
    return share > bar.share if bar.more else share >= bar.share


def _by_sums(profile: Profile, terms: Terms) -> Outcome:
    names, valid = profile.candidates, standing(profile, terms)
    weighed = scale(valid, terms.weights, terms.weighing)
    sums, named = added(valid, weighed)
    breaking = Breaking(terms, names, named)
    tiers = _named(ordered(sums, breaking), names)
    winners, state = seated([tier for tier in tiers if sums[names.index(tier[0])]], terms.seats)
    unit = weighed.unit or 1
    figures = {name: Fraction(each) / unit for name, each in zip(names, sums, strict=True)}
    base = {"score": (terms.most or 0) * weighed.whole, "cumulative": sum(sums)}.get(terms.method, weighed.whole)
    low = min((figures[name] for name in winners), default=max(figures.values()))
    against = winners[-1] if winners else tiers[0][0]
    return _barred(Outcome(
        terms, names, profile.ballots, _blank(valid), profile.ballots - valid.ballots, weighed.whole, unit, state,
        winners, tiers, figures, {name: Lack("votes", against, figures[name], low) for name in _losers(names, winners)},
        tuple(breaking.settled), low * unit / base if winners and base else None,
    ))


def _by_pairs(profile: Profile, terms: Terms) -> Outcome:
    names = profile.candidates
    weighed = scale(profile, terms.weights, terms.weighing)
    cast = weighed_rankings(profile, weighed)
    table = pairwise(cast, len(names))
    breaking = Breaking(terms, names, _tops(cast, len(names)))
    got = RULES[terms.method](table, breaking, names)
    place = {name: one for one, name in enumerate(names)}
    weakest = [min((each for b, each in enumerate(table[place[name]]) if b != place[name]), default=weighed.whole)
               for name in got.winners]
    unit = weighed.unit or 1
    wins = {name: Fraction(sum(each > table[b][a] for b, each in enumerate(table[a]))) for name, a in place.items()}
    if not any(map(any, table)):  # nobody ranked anybody
        got = replace(got, winners=(), state="no-winner")
    return _barred(Outcome(
        terms, names, profile.ballots, _blank(profile), 0, weighed.whole, unit, got.state, got.winners,
        _named(got.order, names), wins, {name: _per_unit(lack, unit) for name, lack in got.lacks.items()},
        tuple(breaking.settled), Fraction(min(weakest), weighed.whole) if weakest and weighed.whole else None,
        table=tuple(map(tuple, table)), smith=tuple(names[one] for one in smith(table)),
        reach=tuple(map(tuple, got.reach)), paths=got.paths, locks=tuple(got.locks),
    ))


def _by_runoff(profile: Profile, terms: Terms) -> Outcome:
    names = profile.candidates
    weighed = scale(profile, terms.weights, terms.weighing)
    cast = weighed_rankings(profile, weighed)
    breaking = Breaking(terms, names, _tops(cast, len(names)))
    rounds, order = runoff(cast, names, breaking)
    tiers, unit = _named(order, names), weighed.unit or 1
    winners, state = seated(tiers, 1) if any(rounds[0].piles.values()) else ((), "no-winner")
    figures = {name: Fraction(_last_pile(name, rounds), unit) for name in names}
    lacks = {name: _left(name, rounds, unit) for name in _losers(names, winners) if state != "no-winner"}
    return _barred(Outcome(
        terms, names, profile.ballots, _blank(profile), 0, weighed.whole, unit, state, winners, tiers, figures, lacks,
        tuple(breaking.settled), figures[winners[0]] * unit / weighed.whole if winners and weighed.whole else None,
        rounds=tuple(rounds),
    ))


def _barred(outcome: Outcome) -> Outcome:
    """The outcome, with nobody elected where the bar is not reached."""
    bar = outcome.terms.bar
    if bar is None or outcome.state != "elected" or reaches(bar, outcome.reached or Fraction(0)):
        return outcome
    return replace(outcome, state="below-bar", winners=())


def _left(name: str, rounds: Sequence[Runoff], unit: int) -> Lack:
    """The pile with which a candidate left, against the smallest pile that stayed."""
    last = next((each for each in rounds if name in each.out), rounds[-1])
    stayed = {other: pile for other, pile in last.piles.items() if other not in last.out and other != name}
    against = min(stayed, key=lambda other: (stayed[other], other)) if last.out else max(
        stayed, key=lambda other: stayed[other])
    return Lack("round", against, Fraction(last.piles[name], unit), Fraction(stayed[against], unit))


def _last_pile(name: str, rounds: Sequence[Runoff]) -> int:
    return next(each.piles[name] for each in reversed(rounds) if name in each.piles)


def _tops(cast: list[tuple[Ranking, int]], candidates: int) -> list[int]:
    """The weight of the ballots that put each candidate first."""
    top = [0] * candidates
    for ranking, weight in cast:
        for one in ranking[0] if ranking else ():
            top[one] += weight
    return top


def _named(order: Sequence[Sequence[int]], names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(names[one] for one in tier) for tier in order)


def _losers(names: Sequence[str], winners: Sequence[str]) -> list[str]:
    return [name for name in names if name not in winners]


def _per_unit(lack: Lack, unit: int) -> Lack:
    return replace(lack, have=lack.have / unit, need=lack.need / unit)


def _blank(profile: Profile) -> int:
    """Ballots that name nobody."""
    both = (*profile.rankings.items(), *profile.points.items())
    return sum(number for (_, ballot), number in both if not ballot)
