"""A ballot paper as data, and its count: the one place that votes on the web, on paper and in the box meet.

1. `paper_of` reads what was printed (rule, options); `read` says whether a line of marks is a vote on it; `count` counts.
2. A result is plain JSON with every sum it rests on; amounts that are no whole numbers are exact text ("3/8").
3. Every count is counted again by another way before it is given out; where the two differ it raises.
4. The order of the votes changes nothing; equal votes are counted together.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from madang.methods.ballots.marks import Given, Void

TIES = ("votes", "cheaper", "lot", "order")
Held = Mapping[tuple[str, str], int]
"""(class, marks) → how many such votes."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed option: its number, what it would cost (won), the sheet it stands on, the place it is for.

    `withdrawn` since it was printed: a mark on it is no fault and counts for nothing.
    """

    place: int
    title: str = ""
    cost: int = 0
    sheet: str = ""
    where: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a sitting. `classes`: who may mark it; () means everybody. `most` None: as many as one likes."""

    key: str
    title: str = ""
    least: int = 0
    most: int | None = None
    pot: int | None = None
    classes: tuple[str, ...] = ()

    def open_to(self, group: str) -> bool:
        return not self.classes or group in self.classes


@dataclass(frozen=True, slots=True)
class Paper:
    """What was printed. `weights`: class → weight, {} where every vote weighs the same. `bar`, `quorum` as in ADR 0008."""

    kind: str
    counting: str
    lines: tuple[Line, ...]
    least: int = 0
    most: int | None = None
    points: int = 0
    pot: int | None = None
    seats: int | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()
    quorum: Mapping[str, Any] = field(default_factory=dict)
    bar: Mapping[str, Any] = field(default_factory=dict)
    utility: str = ""
    completion: str = ""
    ties: tuple[str, ...] = ("votes", "cheaper", "order")
    seed: str = ""

    def line(self, place: int) -> Line:
        """The line with this printed number. Raises Void: not-on-paper."""
        if not 1 <= place <= len(self.lines):
            raise Void("not-on-paper", place=place)
        return self.lines[place - 1]


def paper_of(printed: Mapping[str, Any]) -> Paper:
    """The paper from its plain JSON {"rule", "options"}. Raises ValueError for what no paper can say."""
    from madang.methods.ballots.kinds import kinds  # noqa: PLC0415 — a kind reads papers

    rule = {key: value for key, value in printed["rule"].items() if value not in (None, "", {}, [])}
    options = [Line(**{key: line[key] for key in Line.__slots__ if key in line}) for line in printed["options"]]
    if [line.place for line in options] != list(range(1, len(options) + 1)):
        raise ValueError("차례가 1부터 이어지지 않습니다 / printed numbers do not run from 1")
    kind = kinds().get(rule.get("kind", ""))
    if kind is None or rule.get("counting") not in kind.COUNTINGS:
        raise ValueError(f"셀 수 없는 투표지 / no such ballot: {rule.get('kind')!r} by {rule.get('counting')!r}")
    sheets = [Sheet(**{**sheet, "classes": tuple(sheet.get("classes", ()))}) for sheet in rule.pop("sheets", [])]
    if unknown := set(rule.get("ties", ())) - set(TIES):
        raise ValueError(f"모르는 동점 규칙 / unknown tie-breaker: {', '.join(sorted(unknown))}")
    if {line.sheet for line in options} - {sheet.key for sheet in sheets} - {""}:
        raise ValueError("없는 장에 실린 줄이 있습니다 / a line stands on a sheet that is not there")
    known = {key: rule[key] for key in Paper.__slots__ if key in rule}
    return Paper(**{**known, "lines": tuple(options), "sheets": tuple(sheets), "ties": tuple(rule.get("ties", TIES[:2] + TIES[3:]))})


def read(paper: Paper, group: str, text: str) -> Given:
    """The vote of a voter of `group`. Raises Void with its code: what is void, and why."""
    from madang.methods.ballots.kinds import kinds  # noqa: PLC0415 — a kind reads papers

    if paper.weights and group not in paper.weights:
        raise Void("unknown-class", group=group)
    return kinds()[paper.kind].read(paper, group, text)


def write(paper: Paper, given: Iterable[tuple[int, int]]) -> str:
    """The one written form of what was marked: (place, value) in any order. Raises Void: same-rank."""
    from madang.methods.ballots.kinds import kinds  # noqa: PLC0415 — a kind reads papers

    return kinds()[paper.kind].write(tuple(given))


def gather(votes: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Equal votes together. O(votes)."""
    return Counter(votes)


def count(paper: Paper, votes: Held | Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Count (class, marks) votes; the result as plain JSON (ADR 0008). Raises RuntimeError where two counts differ."""
    from madang.methods.ballots.countings import COUNTINGS  # noqa: PLC0415 — countings read papers

    held = votes if isinstance(votes, Mapping) else gather(votes)
    valid: Counter[tuple[str, Given]] = Counter()
    void: Counter[str] = Counter()
    gone = {line.place for line in paper.lines if line.withdrawn}
    ballots = dict.fromkeys(paper.weights, 0)
    for (group, text), many in held.items():
        try:
            given = read(paper, group, text)
        except Void as fault:
            void[fault.code] += many
            continue
        valid[group, tuple(mark for mark in given if mark[0] not in gone) if gone else given] += many
        ballots[group] = ballots.get(group, 0) + many
    turnout = sum(held.values())
    live = replace(paper, lines=tuple(line for line in paper.lines if not line.withdrawn)) if gone else paper
    counted = COUNTINGS[paper.counting](live, valid) if live.lines else {"winners": [], "rounds": []}
    result: dict[str, Any] = {
        "counting": paper.counting,
        "turnout": turnout,
        "valid": sum(ballots.values()),
        "void": dict(sorted(void.items())),
        "ballots": dict(sorted(ballots.items())),
        "decided": True,
        **counted,
    }
    return _quorate(paper, result)


def text_of(result: Mapping[str, Any]) -> str:
    """The result as one text whose digest the record keeps: JSON with sorted keys."""
    return json.dumps(result, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def printed(paper: Paper, group: str, given: Given) -> Given:
    """The vote, if all of it is printed on sheets this voter may mark. Raises Void: not-on-paper, other-sheet."""
    if not paper.sheets:
        for place, _ in given:
            paper.line(place)
        return given
    sheets = {sheet.key: sheet for sheet in paper.sheets}
    for place, _ in given:
        key = paper.line(place).sheet
        if key and not sheets[key].open_to(group):
            raise Void("other-sheet", place=place)
    return given


def between(number: int, least: int, most: int | None) -> None:
    """Whether so many may be marked. Raises Void: too-few, too-many."""
    if number < least:
        raise Void("too-few", least=least, now=number)
    if most is not None and number > most:
        raise Void("too-many", most=most, now=number)


def within(given: Sequence[tuple[int, int]], low: int, high: int) -> None:
    """Whether every number lies in the range. Raises Void: out-of-range."""
    if any(not low <= value <= high for _, value in given):
        raise Void("out-of-range", low=low, high=high)


def _quorate(paper: Paper, result: dict[str, Any]) -> dict[str, Any]:
    """Nothing is chosen below the quorum; the sum is shown either way."""
    if not paper.quorum:
        return result
    percent, base = int(paper.quorum["percent"]), int(paper.quorum["base"])
    need = -(-percent * base // 100)
    reached = result["turnout"] >= need
    result["quorum"] = {**paper.quorum, "need": need, "have": result["turnout"], "reached": reached}
    if not reached:
        rounds = [{**step, "chosen": False, "lacked": "quorum"} for step in result["rounds"]]
        result |= {"decided": False, "winners": [], "rounds": rounds}
    return result
