"""Tell an outcome in words that somebody who lost can follow, in Korean or English.

1. Every sentence states a number of the outcome; nothing is judged.
2. Amounts that are no whole number are told to two places, with "약" (about) before them.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from madang.methods.budgeting.election import Election
from madang.methods.budgeting.outcome import Lacked, Outcome, Round

RULES = {
    "greedy": ("많은 지지 순", "greedy"), "phragmen": ("프라그멘", "sequential Phragmén"),
    "equal-shares": ("균등 몫", "Method of Equal Shares"), "bos": ("균등 몫 (한도 있는 초과)", "Equal Shares with bounded overspending"),
}
WHY = {
    "money": ("지지자들에게 남은 돈이 {had}뿐이라 {short} 모자랐습니다", "its supporters had {had} left, {short} short of it"),
    "budget": ("차례가 왔을 때 예산이 {had} 남아 {short} 모자랐습니다", "when its turn came {had} of the budget was left, {short} short"),
    "limit": ("한도({detail})가 {had} 남아 {short} 모자랐습니다", "the limit {detail} had {had} left, {short} short"),
    "support": ("고른 사람이 없습니다", "nobody picked it"),
    "threshold": ("지지가 {had}로 문턱에 {short} 모자랐습니다", "its support of {had} is {short} below the threshold"),
    "stopped": ("그 앞의 {detail}에서 셈이 끝났습니다", "the count ended before its turn, at {detail}"),
}
NOTHING: Mapping[str, int | None] = MappingProxyType({})
OUTBID = {
    "money": ("  지지자들의 돈이 먼저 쓰인 곳: {names}", "  where its supporters' money went first: {names}"),
    "budget": ("  그 앞에 선 사업: {names}", "  what stood before it: {names}"),
}


def money(value: Fraction, english: bool = False) -> str:
    """1,234 · 약 1,234.57 (about …)."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    hundredths = round(value * 100)
    return f"{'about' if english else '약'} {hundredths // 100:,}.{hundredths % 100:02d}"


def explained(
    election: Election, outcome: Outcome, measured: Mapping[str, Any], verdict: Mapping[str, Any], lang: str = "ko",
    margins: Mapping[str, int | None] = NOTHING,
) -> str:
    """The whole story: the rule, each round, each loser (with `margins`: at which cost it would have won), what it gave to whom."""
    english = lang == "en"
    names = {project.id: f"[{project.id}] {project.name}".strip() for project in election.projects}
    lines = [*_opening(election, outcome, english)]
    for number, step in enumerate(outcome.rounds, start=1):
        lines.append(_round(number, step, names, english))
    lines += ["", "Not chosen:" if english else "뽑히지 않은 사업:"]
    for name, lacked in sorted(outcome.losers.items()):
        lines += _loser(names[name], lacked, names, english)
        if name in margins:
            lines.append(_margin(margins[name], english))
    return "\n".join([*lines, "", *_closing(measured, verdict, english)])


def _opening(election: Election, outcome: Outcome, english: bool) -> Sequence[str]:
    title = election.meta.get("description", "")
    rule = RULES.get(outcome.rule, (outcome.rule, outcome.rule))[english]
    chosen = ", ".join(f"{key}={value}" for key, value in outcome.variant.items() if value)
    budget, cost = money(outcome.budget, english), money(outcome.cost, english)
    starts = ", ".join(f"{fund + ': ' if fund else ''}{money(one, english)}" for fund, one in outcome.endowment.items())
    people, won, listed = f"{election.people:,}", len(outcome.winners), len(election.projects)
    if english:
        lines = [title, f"Rule: {rule} ({chosen})", f"{people} voters; {won} of {listed} projects chosen for {cost} of {budget}."]
        return [*lines, *([f"Each voter started with {starts}."] if starts else []), ""]
    lines = [title, f"규칙: {rule} ({chosen})", f"투표자 {people}명. 사업 {listed}개 중 {won}개를 뽑아 예산 {budget} 중 {cost}을 씁니다."]
    return [*lines, *([f"투표자마다 처음에 {starts}씩 가졌습니다."] if starts else []), ""]


def _round(number: int, step: Round, names: Mapping[str, str], english: bool) -> str:
    cost, left, next_ = money(step.cost, english), money(step.left, english), _next(step, names, english)
    if english:
        paid = f"; {step.paying:,} paid, at most {money(step.most, True)} each" if step.most else ""
        return f"{number}. {names[step.project]}: {cost}; {step.supporters:,} supporters{paid}; {left} left.{next_}"
    paid = f" {step.paying:,}명이 한 사람에 많아야 {money(step.most)}씩 냈습니다." if step.most else ""
    return f"{number}. {names[step.project]}: {cost}. 지지 {step.supporters:,}명.{paid} 남은 예산 {left}.{next_}"


def _next(step: Round, names: Mapping[str, str], english: bool) -> str:
    """Against which it was bought, and by how much (Equal Shares)."""
    if step.runner_up_price is None or step.by != "equal-shares":
        return ""
    name, even = names[step.runner_up], step.runner_up_price == step.price
    more = money(100 * (step.runner_up_price / step.price - 1), english)
    if english:
        return f" Next: {name}, " + ("as dear, later by the rule of ties." if even else f"{more} % dearer.")
    return f" 다음 차례: {name}, " + ("값이 같아 동점 규칙에서 뒤였습니다." if even else f"{more}% 더 비쌌습니다.")


def _margin(cost: int | None, english: bool) -> str:
    if cost is None:
        return "  no cost would have been low enough" if english else "  비용이 얼마였어도 뽑히지 않았습니다"
    return f"  it would have won at a cost of up to {cost:,}" if english else f"  비용이 {cost:,}까지였다면 뽑혔습니다"


def _loser(name: str, lacked: Lacked, names: Mapping[str, str], english: bool) -> list[str]:
    words = WHY[lacked.why][english].format(
        had=money(lacked.had, english), short=money(lacked.short, english), detail=names.get(lacked.detail, lacked.detail)
    )
    lines = [f"- {name} ({money(lacked.cost, english)}): {words}."]
    if lacked.outbid and lacked.why in OUTBID:
        taken = [f" ({money(one, english)})" for one in lacked.taken] or [""] * len(lacked.outbid)
        told = ", ".join(names[one] + took for one, took in zip(lacked.outbid, taken, strict=False))
        lines.append(OUTBID[lacked.why][english].format(names=told))
    return lines


def _closing(measured: Mapping[str, Any], verdict: Mapping[str, Any], english: bool) -> list[str]:
    excluded, share = measured["excluded"], 100 * measured["exclusion_ratio"]
    mean, gini = measured["mean_winners"], measured["gini_power"]
    short = verdict.get("ejr_plus_up_to_any", {}).get("violations", [])
    if english:
        return [
            f"A voter got {mean:.2f} of its projects on average; {excluded:,} ({share:.1f} %) got none. Gini of power {gini:.3f}.",
            "EJR+ up to any project holds: no group that agrees was short-changed." if not short else
            "EJR+ up to any project fails for: " + ", ".join(f"{one['project']} ({one['voters']:,} voters)" for one in short),
        ]
    return [
        f"한 사람이 고른 사업 중 평균 {mean:.2f}개가 뽑혔고, {excluded:,}명({share:.1f}%)은 하나도 없습니다. 힘의 불평등(지니) {gini:.3f}.",
        "EJR+(어느 사업까지나)가 지켜졌습니다: 뜻이 같은 어떤 무리도 제 몫을 잃지 않았습니다." if not short else
        "EJR+를 어긴 곳: " + ", ".join(f"{one['project']} ({one['voters']:,}명)" for one in short),
    ]
