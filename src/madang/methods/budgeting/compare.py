"""The same ballots under each rule, side by side: `python -m madang.methods.budgeting.compare FILE.pb [--json] [--lang en]`.

What officials see before they choose a rule (with last year's votes), and what anyone may ask of any vote afterwards.

1. Every rule counts the same ballots with the same ties; nothing is estimated.
2. Nothing is called best: each rule's winners, money, voters left with nothing, inequality of power and groups short-changed.
3. Who gains is told against the first rule listed: voters who would see more, the same, or less of the money they asked for.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

import numpy as np

from madang.methods.budgeting import ties as equals
from madang.methods.budgeting.election import Election, Whole
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.limits import Limit
from madang.methods.budgeting.measures import measures
from madang.methods.budgeting.outcome import Outcome, amount
from madang.methods.budgeting.pabulib import read
from madang.methods.budgeting.phragmen import phragmen
from madang.methods.budgeting.verify import judged

NAMES: Mapping[str, tuple[str, str]] = {
    "greedy": ("많은 표 순", "Most votes first"),
    "greedy-per-won": ("돈에 견준 표 순", "Most votes per won"),
    "equal-shares": ("균등지분", "Equal Shares"),
    "equal-shares-add1u": ("균등지분, 다 쓸 때까지", "Equal Shares, completed"),
    "equal-shares-utilitarian": ("균등지분, 나머지는 많은 표 순", "Equal Shares, the rest by votes"),
    "phragmen": ("프라그멘", "Phragmén"),
}


def counted(
    election: Election, *, ties: Sequence[str] = equals.PLAIN, limits: tuple[Limit, ...] = (),
    funds: Mapping[str, Fraction] | None = None, rules: Sequence[str] = tuple(NAMES),
) -> dict[str, Outcome]:
    """The outcome of each rule, in the order of `rules`; utility by the type of votes. Raises ValueError for an unknown rule."""
    if unknown := [rule for rule in rules if rule not in NAMES]:
        raise ValueError(f"모르는 규칙 / unknown rule: {', '.join(unknown)}")
    more: dict[str, Any] = {"ties": ties, "limits": limits}
    utility = election.default_utility
    points = "scores" if utility == "borda" else utility  # cities count 3-2-1 where they go by points
    shares: dict[str, Any] = {**more, "utility": utility, "funds": funds}
    every: dict[str, Callable[[], Outcome]] = {
        "greedy": lambda: greedy(election, utility=points, by="votes", **more),
        "greedy-per-won": lambda: greedy(election, utility=points, by="votes/cost", **more),
        "equal-shares": lambda: equal_shares(election, **shares),
        "equal-shares-add1u": lambda: equal_shares(election, completion="add1u", **shares),
        "equal-shares-utilitarian": lambda: equal_shares(election, completion="utilitarian", **shares),
        "phragmen": lambda: phragmen(election, **more),
    }
    return {rule: every[rule]() for rule in rules}


def compared(election: Election, winners: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Sets of winners side by side, by the name of the rule that chose them; the first is what the others are held against.

    Plain JSON: `rules` (a list, in order), `projects` (each with the rules it wins by), `always`, `sometimes`, `never`.
    O(rules × (picks + groups log groups)). Raises ValueError where no rule or an unknown project is given.
    """
    if not winners:
        raise ValueError("견줄 규칙이 없습니다 / no rule to compare")
    if unknown := {name for some in winners.values() for name in some} - set(election.ids):
        raise ValueError(f"없는 사업 / not in the election: {', '.join(sorted(unknown))}")
    first = _money(election, next(iter(winners.values())))
    told = [_rule(election, rule, some, first) for rule, some in winners.items()]
    by_rule = {name: [rule for rule, some in winners.items() if name in some] for name in election.ids}
    return {
        "voters": election.people,
        "budget": amount(election.budget),
        "against": told[0]["rule"],
        "rules": told,
        "projects": {
            project.id: {
                "name": project.name, "cost": amount(project.cost), "votes": election.counts[place], "wins_by": by_rule[project.id],
            }
            for place, project in enumerate(election.projects)
        },
        "always": [name for name in election.ids if len(by_rule[name]) == len(winners)],
        "sometimes": [name for name in election.ids if 0 < len(by_rule[name]) < len(winners)],
        "never": [name for name in election.ids if not by_rule[name]],
    }


def preview(
    election: Election, *, ties: Sequence[str] = equals.PLAIN, limits: tuple[Limit, ...] = (),
    funds: Mapping[str, Fraction] | None = None,
) -> dict[str, Any]:
    """`compared` for every rule of NAMES."""
    outcomes = counted(election, ties=ties, limits=limits, funds=funds)
    report = compared(election, {rule: outcome.winners for rule, outcome in outcomes.items()})
    for told in report["rules"]:
        told["variant"] = dict(outcomes[told["rule"]].variant)
    return report


def _rule(election: Election, rule: str, winners: Sequence[str], first: Whole) -> dict[str, Any]:
    places = [election.position[name] for name in winners]
    cost = sum((election.costs[place] for place in places), Fraction(0))
    found = measures(election, winners)
    verdict = judged(election, places, election.default_utility, cost).get("ejr_plus_up_to_any", {})
    mine = _money(election, winners)
    moved = {
        "more": int(election.voters[mine > first].sum()), "less": int(election.voters[mine < first].sum()),
        "same": int(election.voters[mine == first].sum()),
    }
    return {
        "rule": rule, "name": list(NAMES.get(rule, (rule, rule))), "winners": list(winners), "cost": amount(cost),
        "left": amount(election.budget - cost), "excluded": found["excluded"], "exclusion_ratio": found["exclusion_ratio"],
        "mean_winners": found["mean_winners"], "mean_cost": found["mean_cost"], "gini_power": found["gini_power"],
        "short_changed": [one["project"] for one in verdict.get("violations", [])], "voters": moved, "by": found["by"],
    }


def _money(election: Election, winners: Sequence[str]) -> Whole:
    """What the winners each ballot group asked for cost, in units of the least common denominator, [groups]."""
    won = set(winners)
    scale = lcm(*(cost.denominator for cost in election.costs))
    whole = [int(cost * scale) if name in won else 0 for name, cost in zip(election.ids, election.costs, strict=True)]
    worth = np.array(whole, object if sum(whole) >= 2**62 else np.int64)[election.picks]
    found = np.zeros(len(election.voters), worth.dtype)
    np.add.at(found, election.groups, worth)
    return found


def table(report: Mapping[str, Any], lang: str = "ko") -> str:
    """The report as a table of text: a line a rule, then the projects on which the rules differ."""
    english = lang == "en"
    head = ("rule", "chosen", "money", "left", "with nothing", "Gini of power", "short-changed", "more", "less") if english else (
        "규칙", "뽑힘", "쓴 돈", "남은 돈", "하나도 없는 사람", "힘의 지니", "제 몫을 못 받은 사업", "더 받음", "덜 받음")
    rows = [[
        one["name"][english], str(len(one["winners"])), _won(one["cost"]), _won(one["left"]), f"{100 * one['exclusion_ratio']:.1f} %",
        f"{one['gini_power']:.3f}", str(len(one["short_changed"])), f"{one['voters']['more']:,}", f"{one['voters']['less']:,}",
    ] for one in report["rules"]]
    lines = [" | ".join(head), *(" | ".join(row) for row in rows), ""]
    always, never = len(report["always"]), len(report["never"])
    korean = f"어느 규칙으로나 뽑힘 {always}개, 어느 규칙으로도 안 뽑힘 {never}개."
    lines.append(f"Chosen by every rule: {always}; by none: {never}." if english else korean)
    names = {one["rule"]: one["name"][english] for one in report["rules"]}
    for project in report["sometimes"]:
        told = report["projects"][project]
        by = ", ".join(names[rule] for rule in told["wins_by"])
        lines.append(f"- [{project}] {told['name']} ({_won(told['cost'])}, {told['votes']:,}{' votes' if english else '표'}): {by}")
    return "\n".join(lines)


def _won(value: int | str) -> str:
    exact = Fraction(value)
    return f"{exact.numerator:,}" if exact.denominator == 1 else f"{float(exact):,.2f}"


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code: 0 done · 1 refused · 2 wrongly called."""
    ask = argparse.ArgumentParser(prog="python -m madang.methods.budgeting.compare", description="규칙 견주기 / compare the rules")
    ask.add_argument("files", nargs="+", type=Path, metavar="FILE.pb")
    ask.add_argument("--ties", default="id", help="같을 때 / ties")
    ask.add_argument("--json", action="store_true", help="JSON으로 / print JSON")
    ask.add_argument("--lang", choices=("ko", "en"), default="ko")
    try:
        asked = ask.parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        report = preview(read(*asked.files), ties=equals.parsed(asked.ties))
    except (ValueError, OSError) as fault:  # FormatError is a ValueError
        print(fault, file=sys.stderr)
        return 1
    print(json.dumps(report, ensure_ascii=False) if asked.json else table(report, asked.lang))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
