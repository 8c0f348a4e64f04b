"""How marks become an outcome: each counting by its name, `count(paper, votes) -> plain JSON`.

1. Classes with weights: each votes its share of the whole, however many came (a class nobody voted in gives its share away).
2. Whatever has a pot buys within it; the rule of equal shares gives each class its weight's part of the pot.
3. Each result is checked by a function that shares nothing with the one that made it; a difference raises RuntimeError.
4. Rounds are in order of standing; each has place, chosen, and for those not chosen what they lacked.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import chain
from typing import Any

from madang.methods.ballots.approval import Choice, Round, Rule, decide, follows, weighed
from madang.methods.ballots.marks import Given
from madang.methods.ballots.outcome import PAIRWISE, Outcome, Terms
from madang.methods.ballots.paper import Line, Paper
from madang.methods.ballots.profile import Profile, Ranking
from madang.methods.ballots.recount import recount
from madang.methods.ballots.resolution import Bar
from madang.methods.ballots.sums import points_stand
from madang.methods.ballots.tally import tally
from madang.methods.ballots.telling import as_json

Votes = Mapping[tuple[str, Given], int]
ALL = "all"
MONEY = ("greedy", "equal-shares", "phragmen")


def by_yes_no(paper: Paper, votes: Votes) -> dict[str, Any]:
    """Each question by itself: adopted where the yes side reaches the bar of those who said yes or no (or of all ballots)."""
    share, more, of = _bar(paper)
    ballots = _ballots(paper, votes)
    said = {line.place: {value: dict.fromkeys(ballots, 0) for value in (0, 1)} for line in paper.lines}
    for (group, given), many in votes.items():
        for place, value in given:
            said[place][value][_group(paper, group)] += many
    rounds: list[dict[str, Any]] = []
    for line in paper.lines:
        yes, no = (_weight(paper, ballots, said[line.place][value]) for value in (1, 0))
        whole = yes + no if of == "votes" else _weight(paper, ballots, ballots)
        have = yes / whole if whole else Fraction(0)
        chosen = bool(yes) and (have > share if more else have >= share)
        many_yes, many_no = (sum(said[line.place][value].values()) for value in (1, 0))
        rounds.append({
            "place": line.place, "yes": many_yes, "no": many_no, "abstain": sum(ballots.values()) - many_yes - many_no,
            "score": str(have), "need": str(share), "more": more, "chosen": chosen, "lacked": "" if chosen else "bar",
            "marks": {group: said[line.place][1][group] for group in ballots},
        })
    if any(step["abstain"] < 0 for step in rounds):
        raise RuntimeError("more answers than ballots")
    rounds = [{"rank": rank, **step} for rank, step in enumerate(rounds, start=1)]
    bar = {"percent": int(share * 100), "more": more, "of": of}
    return _result(rounds, {"bar": bar})


def by_tally(paper: Paper, votes: Votes) -> dict[str, Any]:
    """Plurality, approval, score, cumulative, and the methods that compare candidates two by two or in rounds."""
    terms = _terms(paper)
    profile = _profile(paper, votes, terms)
    outcome = tally(profile, terms)
    if fault := recount(profile, outcome):
        raise RuntimeError(f"the two counts disagree: {fault}")
    rounds = []
    flat = [name for tier in outcome.order for name in tier]
    named = _named(paper, votes)
    for rank, name in enumerate(flat, start=1):
        lack = outcome.lacks.get(name)
        chosen = name in outcome.winners
        rounds.append({
            "rank": rank, "place": int(name), "score": str(outcome.figures[name]), "votes": named[int(name)],
            "chosen": chosen, "lacked": "" if chosen else _why(outcome),
            **({"against": int(lack.against), "have": str(lack.have), "need": str(lack.need)} if lack and not chosen else {}),
        })
    return _result(rounds, {"state": outcome.state, "tally": as_json(outcome), "decided": outcome.state == "elected"})


def by_spending(paper: Paper, votes: Votes) -> dict[str, Any]:
    """Greedy by score, Equal Shares or Phragmén: with sheets, each sheet with its own pot, by its own voters."""
    if not paper.sheets:
        return SPENDING[paper.counting](paper, paper.lines, votes, paper.pot)
    told: dict[str, Any] = {}
    for sheet in paper.sheets:
        lines = tuple(line for line in paper.lines if line.sheet == sheet.key)
        there = {line.place for line in lines}
        here: dict[tuple[str, Given], int] = {}
        for (group, given), many in votes.items():
            if sheet.open_to(group):
                key = group, tuple(mark for mark in given if mark[0] in there)
                here[key] = here.get(key, 0) + many
        told[sheet.key] = SPENDING[paper.counting](paper, lines, here, sheet.pot if sheet.pot is not None else paper.pot)
    rounds = [{"sheet": key, **step} for key, one in told.items() for step in one["rounds"]]
    return _result(rounds, {"sheets": told})


def _greedy(paper: Paper, lines: tuple[Line, ...], votes: Votes, pot: int | None) -> dict[str, Any]:
    """From the highest weighed score down, buying whatever still fits (approval without a pot: the first `seats`)."""
    rule = Rule(_weights(paper), max(len(lines), 1), pot=pot, most=paper.seats, ties=paper.ties, seed=paper.seed)
    choices = [Choice(str(line.place), line.cost) for line in lines]
    ballots = _ballots(paper, votes)
    marks = {choice.key: dict.fromkeys(ballots, 0) for choice in choices}
    for (group, given), many in votes.items():
        for place, value in given:
            marks[str(place)][_group(paper, group)] += many * value
    counted = weighed(ballots, marks, rule)
    steps = decide(choices, counted, rule)
    again = {choice.key: dict(marks[choice.key]) for choice in choices}
    for group in ballots:  # by another way: class by class, over everything that was marked
        flat = _flat(paper, votes, group)
        for choice in choices:
            again[choice.key][group] = flat.get(int(choice.key), 0)
    if fault := follows(choices, _ballots_again(paper, votes), again, rule, steps):
        raise RuntimeError(f"the two counts disagree: {fault}")
    rounds = [_plain(step, counted.marks[step.key]) for step in steps]
    spent = sum(step["cost"] for step in rounds if step["chosen"])
    return _result(rounds, {"terms": {"pot": pot, "seats": paper.seats, "ties": list(paper.ties)}, "spent": spent})


def _plain(step: Round, marks: Mapping[str, int]) -> dict[str, Any]:
    return {
        "rank": step.rank, "place": int(step.key), "score": str(step.score), "votes": step.votes, "marks": dict(marks),
        "cost": step.cost, "left": step.left_before, "chosen": step.chosen, "lacked": step.lacked, "short": str(Fraction(step.short)),
    }


def _proportional(paper: Paper, lines: tuple[Line, ...], votes: Votes, pot: int | None) -> dict[str, Any]:
    from madang.methods.ballots.spending import proportional  # noqa: PLC0415 — numpy only where it is asked for

    rounds, told = proportional(paper, lines, votes, pot, _weights(paper) if paper.weights else {})
    return _result(rounds, told)


def _terms(paper: Paper) -> Terms:
    share, more, _ = _bar(paper)
    method = paper.counting
    return Terms(
        method,
        weights={group: Fraction(weight) for group, weight in paper.weights.items()} or None,
        bar=Bar("present", share, more) if paper.bar else None,
        ties=tuple("votes" if tie == "votes" else tie for tie in paper.ties if tie != "cheaper"),
        seed=paper.seed,
        seats=1 if method in ("irv", "condorcet") else paper.seats or 1,
        most=Fraction(paper.points) if method in ("score", "cumulative") and paper.points else None,
    )


def _profile(paper: Paper, votes: Votes, terms: Terms) -> Profile:
    """The votes as the tally reads them; candidates are the printed numbers."""
    names = tuple(str(line.place) for line in paper.lines)
    groups = tuple(_ballots(paper, votes))
    number = {group: at for at, group in enumerate(groups)}
    seat = {line.place: at for at, line in enumerate(paper.lines)}
    rankings: dict[Any, int] = {}
    points: dict[Any, int] = {}
    for (group, given), many in votes.items():
        at = number[_group(paper, group)]
        if terms.method in ("score", "cumulative"):
            key = at, tuple((seat[place], value) for place, value in given)
            if not points_stand(key[1], terms):
                raise RuntimeError("a vote that was read as valid is void for the tally")
            points[key] = points.get(key, 0) + many
            continue
        if terms.method in (*PAIRWISE, "irv"):
            ranking: Ranking = tuple((seat[place],) for place, _ in sorted(given, key=lambda mark: mark[1]))
        else:
            ranking = (tuple(seat[place] for place, _ in given),) if given else ()
        rankings[at, ranking] = rankings.get((at, ranking), 0) + many
    return Profile(names, groups, rankings, points)


def _why(outcome: Outcome) -> str:
    return {"below-bar": "bar", "tie": "tie", "no-winner": "score"}.get(outcome.state, "places")


def _result(rounds: list[dict[str, Any]], told: Mapping[str, Any]) -> dict[str, Any]:
    return {"winners": [step["place"] for step in rounds if step["chosen"]], "rounds": rounds, **told}


def _bar(paper: Paper) -> tuple[Fraction, bool, str]:
    """(share, more than it or at least, of what); more than half of the votes where the paper says nothing."""
    percent = int(paper.bar.get("percent", 50))
    return Fraction(percent, 100), bool(paper.bar.get("more", percent == 50)), str(paper.bar.get("of", "votes"))


def _weights(paper: Paper) -> Mapping[str, int]:
    return paper.weights or {ALL: 1}


def _group(paper: Paper, group: str) -> str:
    """The class as far as it weighs: without weights all are one."""
    return group if paper.weights else ALL


def _ballots(paper: Paper, votes: Votes) -> dict[str, int]:
    cast = dict.fromkeys(_weights(paper), 0)
    for (group, _), many in votes.items():
        cast[_group(paper, group)] += many
    return cast


def _ballots_again(paper: Paper, votes: Votes) -> dict[str, int]:
    return {
        group: sum(many for (of, _), many in votes.items() if _group(paper, of) == group) for group in _weights(paper)
    }


def _flat(paper: Paper, votes: Votes, group: str) -> Mapping[int, int]:
    """Place → what the class gave it, from one long list of marks."""
    got: dict[int, int] = {}
    of_class = [(given, many) for (of, given), many in votes.items() if _group(paper, of) == group]
    for place, value in chain.from_iterable(
        ((place, value * many) for place, value in given) for given, many in of_class
    ):
        got[place] = got.get(place, 0) + value
    return got


def _named(paper: Paper, votes: Votes) -> Mapping[int, int]:
    """How many ballots name each place."""
    got = {line.place: 0 for line in paper.lines}
    for (_, given), many in votes.items():
        for place, _ in given:
            got[place] += many
    return got


def _weight(paper: Paper, ballots: Mapping[str, int], got: Mapping[str, int]) -> Fraction:
    """What so many of each class weigh: each class its share, by its own ballots."""
    if not paper.weights:
        return Fraction(sum(got.values()))
    parts: Iterable[Fraction] = (
        Fraction(paper.weights[group] * got[group], number) for group, number in ballots.items() if number
    )
    return sum(parts, Fraction(0))


def _by_approval(paper: Paper, votes: Votes) -> dict[str, Any]:
    """Approval with a pot or sheets spends from the top; for a post or a choice it is tallied."""
    return by_spending(paper, votes) if paper.pot is not None or paper.sheets or paper.seats != 1 else by_tally(paper, votes)


Spending = Callable[[Paper, tuple[Line, ...], Votes, int | None], dict[str, Any]]
SPENDING: Mapping[str, Spending] = {
    "approval": _greedy, "greedy": _greedy, "equal-shares": _proportional, "phragmen": _proportional,
}
COUNTINGS: Mapping[str, Callable[[Paper, Votes], dict[str, Any]]] = {
    "yes-no": by_yes_no,
    "approval": _by_approval,
    **dict.fromkeys(("plurality", "score", "cumulative", "schulze", "ranked-pairs", "condorcet", "irv"), by_tally),
    **dict.fromkeys(MONEY, by_spending),
}
