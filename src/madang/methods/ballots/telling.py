"""A result in words and in JSON, for those who won and for those who lost.

1. JSON holds every sum; fractions are text ("3/8"), whole numbers are numbers, nothing is rounded.
2. Words are Korean with English beside; a decimal is only there to be read, with at most three places.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from madang.methods.ballots.outcome import Lack, Outcome

STATES = {
    "elected": ("뽑혔습니다", "elected"),
    "tie": ("동점이라 정해지지 않았습니다", "an open tie"),
    "below-bar": ("문턱에 이르지 못했습니다", "below the bar"),
    "no-winner": ("이긴 후보가 없습니다", "nobody is elected"),
}
FIGURES = {
    "plurality": "표 votes", "approval": "찬성 approvals", "score": "점수 points", "cumulative": "점수 points",
    "irv": "마지막 표 last pile",
}
HOWS = {
    "votes": "{against}보다 {short} 모자람 (short by {short})",
    "pair": "{against}와 맞대결 {have} : {need} (duel)",
    "path": "{against}에게 가는 가장 센 길 {have}, 오는 길 {need} (strongest paths)",
    "locked": "{against}와 맞대결의 힘 {have} : {need}, 굳힌 순서를 볼 것 (see the locks)",
    "round": "{have}표로 떠남, {against} {need}표 (left with {have})",
}


def exact(value: int | Fraction) -> int | str:
    """A whole number as it is, a fraction as "3/8"."""
    return str(value) if value.denominator != 1 else int(value)


def words(value: int | Fraction) -> str:
    """A number to be read: whole, or a fraction with its decimal."""
    return f"{int(value):,}" if value.denominator == 1 else f"{value} ({float(value):.3f})"


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Everything the result rests on, as plain values."""
    terms, unit = outcome.terms, outcome.unit
    told: dict[str, Any] = {
        "method": terms.method,
        "state": outcome.state,
        "winners": list(outcome.winners),
        "order": [list(tier) for tier in outcome.order],
        "candidates": list(outcome.candidates),
        "ballots": outcome.ballots,
        "blank": outcome.blank,
        "void": outcome.void,
        "whole": exact(Fraction(outcome.whole, unit)),
        "figures": {name: exact(each) for name, each in outcome.figures.items()},
        "lacks": {name: _lack(lack) for name, lack in outcome.lacks.items()},
        "ties": [{"at": tie.at, "among": list(tie.among), "by": tie.by, "fell_on": tie.fell_on} for tie in outcome.ties],
        "terms": {
            "weights": {group: exact(weight) for group, weight in terms.weights.items()} if terms.weights else None,
            "weighing": terms.weighing, "ties": list(terms.ties), "seed": terms.seed, "seats": terms.seats,
            "threshold": f"{'>' if terms.bar.more else '>='}{terms.bar.share}" if terms.bar else None,
            "most": exact(terms.most) if terms.most is not None else None, "strength": terms.strength,
        },
        "reached": exact(outcome.reached) if outcome.reached is not None else None,
    }
    return told | dict(_details(outcome))


def _details(outcome: Outcome) -> Iterator[tuple[str, Any]]:
    unit = outcome.unit
    if outcome.table:
        yield "pairwise", {
            a: {b: exact(Fraction(each, unit)) for b, each in zip(outcome.candidates, row, strict=True) if a != b}
            for a, row in zip(outcome.candidates, outcome.table, strict=True)
        }
        yield "smith", list(outcome.smith)
    if outcome.reach:
        yield "paths", [
            {"from": a, "to": b, "strength": exact(Fraction(path.strength, unit)), "through": list(path.through)}
            for (a, b), path in outcome.paths.items()
        ]
    if outcome.terms.method == "ranked-pairs":
        yield "locks", [
            {"winner": lock.winner, "loser": lock.loser, "strength": exact(Fraction(lock.strength, unit)),
             "locked": lock.locked, "against": list(lock.against)}
            for lock in outcome.locks
        ]
    if outcome.rounds:
        yield "rounds", [
            {"piles": {name: exact(Fraction(pile, unit)) for name, pile in each.piles.items()},
             "exhausted": exact(Fraction(each.exhausted, unit)), "out": list(each.out),
             "moved": {name: exact(Fraction(weight, unit)) for name, weight in each.moved.items()}}
            for each in outcome.rounds
        ]


def _lack(lack: Lack) -> dict[str, Any]:
    return {"how": lack.how, "against": lack.against, "have": exact(lack.have), "need": exact(lack.need)}


def summary(outcome: Outcome) -> str:
    """A few lines: how many ballots, who is elected, the figures."""
    korean, english = STATES[outcome.state]
    who = ", ".join(outcome.winners) or "–"
    lines = [
        f"{outcome.terms.method}: 표 {outcome.ballots:,}장, 백지 {outcome.blank:,}, 무효 {outcome.void:,} (ballots, blank, void)",
        f"{who} — {korean} ({english})",
    ]
    name = FIGURES.get(outcome.terms.method, "이긴 맞대결 duels won")
    for tier in outcome.order:
        each = " = ".join(tier)
        lines.append(f"  {each}: {words(outcome.figures[tier[0]])} {name}")
    if outcome.terms.method == "condorcet":
        lines.append(f"  스미스 집합 Smith set: {', '.join(outcome.smith)}")
    return "\n".join(lines)


def explained(outcome: Outcome) -> str:
    """The summary with every sum: table, paths, locks, rounds, what each loser lacked, the ties that were settled."""
    parts = [summary(outcome), *_table(outcome), *_paths(outcome), *_locks(outcome), *_rounds(outcome)]
    if outcome.lacks:
        parts.append("모자란 것 / what was lacking")
        parts += [f"  {name}: {_told(lack)}" for name, lack in outcome.lacks.items()]
    if outcome.ties:
        parts.append("가른 동점 / ties that were settled")
        parts += [f"  {tie.at}: {', '.join(tie.among)} → {tie.fell_on} ({tie.by})" for tie in outcome.ties]
    if outcome.terms.bar and outcome.reached is not None:
        sign = ">" if outcome.terms.bar.more else "≥"
        parts.append(f"문턱 / bar: {words(outcome.reached)} {sign} {outcome.terms.bar.share}?")
    return "\n".join(parts)


def _told(lack: Lack) -> str:
    given = {"against": lack.against, "have": words(lack.have), "need": words(lack.need)}
    return HOWS[lack.how].format(**given, short=words(lack.need - lack.have))


def _table(outcome: Outcome) -> Iterator[str]:
    if outcome.table:
        yield "맞대결: 가로줄의 후보를 더 위에 둔 표 / pairwise: ballots that put the row above the column"
        yield "  " + " | ".join(["", *outcome.candidates])
        for a, row in enumerate(outcome.table):
            cells = ["·" if a == b else words(Fraction(each, outcome.unit)) for b, each in enumerate(row)]
            yield "  " + " | ".join([outcome.candidates[a], *cells])
        if outcome.terms.method != "condorcet":
            yield f"  스미스 집합 Smith set: {', '.join(outcome.smith)}"


def _paths(outcome: Outcome) -> Iterator[str]:
    if outcome.paths:
        yield "가장 센 길 / strongest paths"
    for (a, b), path in outcome.paths.items():
        way = " > ".join(path.through) or "길 없음 none"
        yield f"  {a} → {b}: {words(Fraction(path.strength, outcome.unit))} ({way})"


def _locks(outcome: Outcome) -> Iterator[str]:
    if outcome.locks:
        yield "굳힌 순서 / majorities, strongest first"
    for lock in outcome.locks:
        done = "굳힘 locked" if lock.locked else f"건너뜀: {' > '.join(lock.against)} 때문 (left out)"
        yield f"  {lock.winner} > {lock.loser}: {words(Fraction(lock.strength, outcome.unit))} {done}"


def _rounds(outcome: Outcome) -> Iterator[str]:
    for number, each in enumerate(outcome.rounds, start=1):
        piles = ", ".join(f"{name} {words(Fraction(pile, outcome.unit))}" for name, pile in each.piles.items())
        yield f"{number}회 / round {number}: {piles}; 소진 exhausted {words(Fraction(each.exhausted, outcome.unit))}"
        if each.out:
            to = ", ".join(f"{name} +{words(Fraction(weight, outcome.unit))}" for name, weight in each.moved.items())
            yield f"  떠남 out: {', '.join(each.out)} → {to or '–'}"
