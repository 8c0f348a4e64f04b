"""The result page of a counted vote: what was funded and what not, round by round, and why; for this house's ballots and for others'.

1. Everything shown follows from the account of the count (`methods.budgeting.account`) or from the tally of a ballot; here nothing
   is counted.
2. Every picture stands beside its figures: bars and tiles are drawn from the same rows as their tables.
3. Amounts stay exact until they are said; what is no whole number is said with "about".
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.decisions.models import Ballot, Option

RULES: Mapping[str, Promise] = {
    "greedy": gettext_lazy("표가 많은 차례로, 돈이 되는 데까지"),
    "equal-shares": gettext_lazy("균등지분: 모두에게 같은 몫의 돈, 고른 사람들이 함께 냄"),
    "bos": gettext_lazy("균등지분, 조금 모자라도 채워 줌"),
    "phragmen": gettext_lazy("프라그멘: 모두가 같은 빠르기로 돈을 벌고, 고른 사람들이 모아서 삼"),
}
CHECKS: Mapping[str, Promise] = {
    "winners-once": gettext_lazy("뽑힌 사업이 한 번씩만 나옵니다"),
    "everyone-has-an-answer": gettext_lazy("모든 사업이 뽑혔거나, 뽑히지 않은 까닭이 있습니다"),
    "rounds-follow-winners": gettext_lazy("라운드의 차례가 뽑힌 차례와 같습니다"),
    "costs": gettext_lazy("사업마다 비용이 맞습니다"),
    "cost": gettext_lazy("비용을 더하면 쓴 돈이 됩니다"),
    "budget": gettext_lazy("예산이 맞습니다"),
    "feasible": gettext_lazy("쓴 돈이 예산을 넘지 않습니다"),
    "endowment": gettext_lazy("모두가 같은 몫으로 시작했습니다"),
    "price-system": gettext_lazy("낸 돈을 사람마다 더하면 비용이 되고, 떨어진 사업의 지지자에게는 그 비용만큼 남은 돈이 없습니다"),
    "moments": gettext_lazy("사업마다 지지자들이 그 돈을 모은 바로 그때 뽑혔습니다"),
    "order": gettext_lazy("뒤에 뽑힌 것이 앞의 것보다 점수가 높지 않고, 떨어진 것은 차례가 왔을 때 돈이 모자랐습니다"),
}
TIES: Mapping[str, Promise] = {
    "id": gettext_lazy("번호의 글자 차례"), "-id": gettext_lazy("번호의 글자 차례 거꾸로"), "number": gettext_lazy("투표지의 차례"),
    "cost": gettext_lazy("돈이 적게 드는 쪽"), "-cost": gettext_lazy("돈이 많이 드는 쪽"), "votes": gettext_lazy("표가 적은 쪽"),
    "-votes": gettext_lazy("표가 많은 쪽"),
}
FEWEST_TILES = 3  # fewer places than this are no map
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MANY = 8  # as many of one's projects and more are one row
COMPARED: Mapping[str, Promise] = {
    "greedy": gettext_lazy("표가 많은 차례"),
    "greedy-per-won": gettext_lazy("돈에 견주어 표가 많은 차례"),
    "equal-shares": gettext_lazy("균등지분"),
    "equal-shares-add1u": gettext_lazy("균등지분, 다 쓸 때까지"),
    "equal-shares-utilitarian": gettext_lazy("균등지분, 나머지는 표가 많은 차례"),
    "phragmen": gettext_lazy("프라그멘"),
}
APART = gettext_lazy("무리마다 정해진 몫으로 시작했습니다")
COMPLETIONS: Mapping[str, Promise] = {
    "add1": gettext_lazy("돈이 남으면 한 사람 몫을 1씩 올려 처음부터 다시 셈"),
    "add1u": gettext_lazy("돈이 남으면 한 사람 몫을 1씩 올려 다시 세고, 그래도 남으면 표가 많은 차례로"),
    "utilitarian": gettext_lazy("남은 돈은 표가 많은 차례로"),
}


@dataclass(frozen=True, slots=True)
class Money:
    """How amounts are said: in won as this house does, or with the name of another currency."""

    unit: str = ""

    def said(self, value: int | str | Fraction | None) -> str:
        if value is None:
            return "—"
        exact = Fraction(value)
        whole = exact.denominator == 1
        figure = f"{exact.numerator:,}" if whole else f"{float(exact):,.2f}"
        words = f"{figure}\u00a0{self.unit}" if self.unit else _("%(won)s원") % {"won": figure}
        return words if whole else _("약 %(amount)s") % {"amount": words}


@dataclass(frozen=True, slots=True)
class Bar:
    """A label and its figure, as the component `bars` draws them; `of` None: against the largest."""

    label: str
    figure: int
    of: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A place at its column and row, as the component `tilemap` draws them."""

    column: int
    row: int
    name: str
    figure: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One project on the page. `step`: its round, `lack`: why it was not chosen; the other one is empty."""

    key: str
    title: str
    cost: str
    votes: int
    where: str = ""
    url: str = ""
    number: int = 0
    step: Mapping[str, Any] = field(default_factory=dict)
    lack: Mapping[str, Any] = field(default_factory=dict)

    @property
    def chosen(self) -> bool:
        return bool(self.number)


@dataclass(frozen=True)
class Story:
    """One pot and what became of it."""

    key: str
    title: str
    rule: str
    choices: tuple[str, ...]
    money: Money
    budget: str
    spent: str
    left: str
    voters: int
    lines: tuple[Line, ...]
    account: Mapping[str, Any]
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def chosen(self) -> list[Line]:
        return sorted((line for line in self.lines if line.chosen), key=lambda line: line.number)

    @property
    def placed(self) -> bool:
        """Whether any project says where it is, or of what kind."""
        return any(line.where for line in self.lines)

    @property
    def losers(self) -> list[Line]:
        return sorted((line for line in self.lines if not line.chosen), key=lambda line: (-line.votes, line.key))

    @property
    def checks(self) -> list[dict[str, Any]]:
        """What the second count looked at, in words; only what was found in order is ever shown."""
        found = [one for one in self.account.get("checks", []) if one["check"] in CHECKS]
        funds = self.account.get("variant", {}).get("start") == "funds"
        return [{"words": APART if funds and one["check"] == "endowment" else CHECKS[one["check"]], "ok": one["ok"]} for one in found]

    @property
    def proportional(self) -> Mapping[str, Any]:
        """EJR+ up to any project: whether it holds, and the projects whose supporters were short-changed."""
        told = self.account.get("certificate", {}).get("ejr_plus_up_to_any")
        if not told:
            return {}
        by_key = {line.key: line for line in self.lines}
        short = [{"line": by_key[one["project"]], "voters": one["voters"]} for one in told["violations"]]
        return {"holds": told["holds"], "short": sorted(short, key=lambda one: -one["voters"])}

    def places(self) -> list[dict[str, Any]]:
        """By place, in the order of names: projects, how many of them chosen, and their part of all money spent."""
        found: dict[str, dict[str, Any]] = {}
        costs = {one["id"]: Fraction(one["cost"]) for one in self.account["projects"]}
        for line in self.lines:
            if line.where:
                row = found.setdefault(line.where, {"place": line.where, "projects": 0, "chosen": 0, "cost": Fraction(0), "votes": 0})
                row["projects"] += 1
                row["chosen"] += line.chosen
                row["cost"] += costs[line.key] if line.chosen else 0
                row["votes"] += line.votes
        return [{**row, "money": self.money.said(row["cost"])} for _name, row in sorted(found.items())]

    def tiles(self, at: Mapping[str, tuple[int, int]]) -> list[Tile]:
        """Chosen projects by place as a map: where `at` (name → column, row) knows every place, else five to a row by name."""
        rows = self.places()
        if len(rows) < FEWEST_TILES:
            return []
        known = all(row["place"] in at for row in rows)
        spots = [at[row["place"]] if known else (number % 5, number // 5) for number, row in enumerate(rows)]
        return [Tile(*spot, row["place"], row["chosen"]) for spot, row in zip(spots, rows, strict=True)]

    def satisfaction(self) -> list[Bar]:
        """How many people got how many of the projects they wanted."""
        told = [(int(level), many) for level, many in self.account.get("measures", {}).get("satisfaction", {}).items()]
        rows = [Bar(_("%(n)s개") % {"n": level}, many) for level, many in told if level < MANY]
        more = sum(many for level, many in told if level >= MANY)
        return [*rows, Bar(_("%(n)s개 이상") % {"n": MANY}, more)] if len(told) > MANY else rows

    def spread(self) -> list[dict[str, Any]]:
        """By group of voters: how many got none of their wishes, up to half, more than half, all of them."""
        rows = []
        for group, told in self.account.get("spread", {}).items():
            tenths = told["picks_won"]
            rows.append({
                "group": self.groups.get(group, group), "voters": told["voters"], "blank": told["blank"], "none": tenths[0],
                "some": sum(tenths[1:6]),
                "most": sum(tenths[6:10]), "all": tenths[10],
            })
        return rows

    def at(self, number: int) -> dict[str, Any]:
        """The count after `number` rounds: this round's project, those before it, and the numbers of the rounds around it."""
        chosen = self.chosen
        number = min(max(number, 1), len(chosen))
        if not chosen:
            return {}
        return {
            "number": number, "of": len(chosen), "line": chosen[number - 1], "before": chosen[: number - 1],
            "previous": number - 1, "next": number + 1 if number < len(chosen) else 0, "last": len(chosen),
        }


def story(account: Mapping[str, Any], *, unit: str = "", key: str = "", title: str = "", urls: Mapping[str, str] | None = None) -> Story:
    """The story of one account (`methods.budgeting.account` or `of_sheet`). urls: key → where a project has a page of its own."""
    money, names = Money(unit), {one["id"]: one["name"] or one["id"] for one in account["projects"]}
    steps = {step["project"]: {**_step(step, names, money), "number": number} for number, step in enumerate(account["rounds"], start=1)}
    lines = tuple(
        Line(
            one["id"], names[one["id"]], money.said(one["cost"]), one["votes"], one.get("where") or ", ".join(one.get("category", ())),
            (urls or {}).get(one["id"], ""), steps.get(one["id"], {}).get("number", 0), steps.get(one["id"], {}),
            _lack(account, one["id"], names, money) if one["id"] not in steps else {},
        )
        for one in account["projects"]
    )
    variant = account.get("variant", {})
    choices = [str(COMPLETIONS[variant["completion"]])] if variant.get("completion") in COMPLETIONS else []
    if variant.get("skip") == "false":
        choices.append(_("예산에 맞지 않는 사업이 나오면 거기서 끝냄"))
    if variant.get("least"):
        choices.append(_("표가 %(n)s보다 적으면 뽑지 않음") % {"n": variant["least"]})
    if variant.get("ties"):
        choices.append(_("값이 같으면: %(ties)s") % {"ties": tied(variant["ties"])})
    left = Fraction(account["budget"]) - Fraction(account["cost"])
    return Story(
        key, title, str(RULES.get(account["rule"], account["rule"])), tuple(choices), money, money.said(account["budget"]),
        money.said(account["cost"]), money.said(left), account["voters"], lines, account,
    )


def tied(words: str) -> str:
    """A rule of ties in words, the first that tells two apart first; a lot with its public seed."""
    plain, lot, seed = words.partition("lot:")
    told = [str(TIES[word]) for word in plain.split(",") if word in TIES]
    return " → ".join([*told, _("미리 알린 제비 %(seed)s") % {"seed": seed}] if lot else told)


def _step(step: Mapping[str, Any], names: Mapping[str, str], money: Money) -> dict[str, Any]:
    """A round in words: who paid how much, what was left, and who stood next."""
    told: dict[str, Any] = {name: step.get(name, 0) for name in ("by", "supporters", "paying")} | {"left": money.said(step["left"])}
    if step.get("most"):
        told |= {"most": money.said(step["most"]), "effective": round(Fraction(step["cost"]) / Fraction(step["most"]))}
    if step.get("runner_up"):
        told["next"] = names[step["runner_up"]]
        price, other = Fraction(step["price"]), Fraction(step.get("runner_up_price", 0))
        if step["by"] == "equal-shares" and price:
            told["dearer"] = f"{float(100 * (other / price - 1)):.1f}"
    return told


def _lack(account: Mapping[str, Any], key: str, names: Mapping[str, str], money: Money) -> dict[str, Any]:
    """Why a project was not chosen, against which, and at what cost it would have been."""
    lack = account["losers"][key]
    votes = lack["why"] in ("threshold", "score")
    told = {
        "why": lack["why"],
        "had": lack["had"] if votes else money.said(lack["had"]),
        "short": lack["short"] if votes else money.said(lack["short"]),
        "outbid": [
            {"title": names[one], "took": money.said(took) if took is not None else ""}
            for one, took in zip(lack.get("outbid", ()), lack.get("taken") or [None] * len(lack.get("outbid", ())), strict=False)
        ],
        "detail": names.get(lack.get("detail", ""), lack.get("detail", "")),
    }
    margin = account.get("margins", {}).get(key, "")
    if margin != "":
        told["margin"] = None if margin is None else money.said(margin)
    return told


def of_ballot(ballot: Ballot, options: Sequence[Option], groups: Mapping[str, str] | None = None) -> list[Story]:
    """The stories of a ballot of this house that spent money: one for each sheet, or the one there is. [] for any other ballot.

    groups  what its classes of voters are called
    """
    result, rule = ballot.result, ballot.rule
    sheets = result.get("sheets") or {"": result}
    titles = {sheet["key"]: sheet.get("title", "") for sheet in rule.get("sheets", [])}
    found = []
    for key, told in sheets.items():
        pot = told.get("terms", {}).get("pot")
        if pot is None:
            continue
        there = [option for option in options if option.sheet == key and (ballot.sealed or option.outcome != "withdrawn")]
        urls = {str(option.place): reverse("matter", args=[option.matter.number]) for option in there}
        account = of_sheet(told, there, pot, result, ballot.account.get(key, {}))
        found.append(replace(story(account, key=key, title=titles.get(key, ""), urls=urls), groups=groups or {}))
    return found


def of_sheet(
    told: Mapping[str, Any], options: Sequence[Option], pot: int, result: Mapping[str, Any], more: Mapping[str, Any]
) -> dict[str, Any]:
    """The tally of one sheet (ADR 0008) in the shape of an account; projects are known by their printed numbers."""
    votes = {step["place"]: step["votes"] for step in told["rounds"]}
    projects = [
        {"id": str(option.place), "name": option.title, "cost": option.cost_krw, "votes": votes.get(option.place, 0),
         "where": option.where.called if option.where else ""}
        for option in options
    ]
    decided = result.get("decided", True)
    rounds = [_round(step) for step in told["rounds"] if step["chosen"] and decided]
    losers = {str(step["place"]): _loser(step, decided) for step in told["rounds"] if not step["chosen"] or not decided}
    cost = sum((Fraction(step["cost"]) for step in rounds), Fraction(0))
    terms = told.get("terms", {})
    return {
        "rule": terms.get("rule") or "greedy", "variant": terms.get("variant", {}), "budget": pot, "cost": cost, "projects": projects,
        "rounds": rounds, "losers": losers, "voters": (told.get("measures") or more.get("measures") or {}).get("voters", result["valid"]),
        "certificate": told.get("certificate", {}), "checks": [{"check": one, "ok": True} for one in told.get("checked", [])],
        "measures": told.get("measures") or {}, "spread": told.get("spread") or {}, "endowment": told.get("endowment", {}), **more,
    }


def _round(step: Mapping[str, Any]) -> dict[str, Any]:
    """A chosen line as a round; where voters pay nothing, what was left is told before the line was bought."""
    told = {key: value for key, value in step.items() if key not in ("place", "rank", "chosen", "lacked")}
    by = step.get("by") or "greedy"
    left = step["left"] if "by" in step else step["left"] - step["cost"]
    price = step.get("price", step.get("score", 0))
    return told | {"project": str(step["place"]), "by": by, "left": left, "supporters": step["votes"], "price": price}


def _loser(step: Mapping[str, Any], decided: bool) -> dict[str, Any]:
    why = {"money": "money" if "had" in step else "budget", "score": "support"}.get(step["lacked"], step["lacked"])
    if not decided:
        why = "quorum"
    return {
        "why": why, "had": step.get("had", step.get("left") or 0), "short": step.get("short", 0),
        "outbid": [str(one) for one in step.get("outbid", [])], "taken": step.get("taken", []), "detail": str(step.get("detail", "")),
    }


def compared(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules of a report (`methods.budgeting.compare`) with their names in the reader's language."""
    return [{**one, "called": COMPARED[one["rule"]], "voters_in_all": report["voters"]} for one in report.get("rules", [])]


def projects_csv(account: Mapping[str, Any]) -> str:
    """A line a project in the order of the count, then the losers: id, name, cost, votes, place, round (empty: not chosen), why, short.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["project", "name", "cost", "votes", "where", "round", "why", "short"])
    rounds = {step["project"]: number for number, step in enumerate(account["rounds"], start=1)}
    for one in sorted(account["projects"], key=lambda one: (rounds.get(one["id"], len(rounds) + 1), -one["votes"], one["id"])):
        lack = account["losers"].get(one["id"], {})
        cells = [one["id"], one["name"], one["cost"], one["votes"], one.get("where", ""), rounds.get(one["id"], ""), lack.get("why", ""),
                 lack.get("short", "")]
        rows.writerow([f"'{cell}" if str(cell).startswith(FORMULA) and not _amount(str(cell)) else cell for cell in cells])
    return "\ufeff" + out.getvalue()


def _amount(text: str) -> bool:
    return text.removeprefix("-").replace("/", "").isdecimal()
