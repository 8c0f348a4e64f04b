"""Questions about money: what a line is worth now, stage by stage, and what a pot has given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from madang.funds.models import Amount, Fund, Line, MoneyStage
from madang.matters.models import Matter


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One stage of a line as it stands: None where it has not come yet; the change is against the last stage before."""

    name: str
    amount_krw: int | None
    on: datetime | None = None
    change_krw: int | None = None
    reason: str = ""


def latest(line: Line) -> Amount | None:
    """The last amount written on the line."""
    return Amount.objects.filter(line=line).order_by("-id").first()


def rows(amounts: Iterable[Amount]) -> list[MoneyRow]:
    """The seven stages of one line, from its amounts in the order of writing; a correction stands in its stage."""
    stands: dict[str, Amount] = {}
    for written in amounts:
        stands[written.stage] = written
    table: list[MoneyRow] = []
    before: int | None = None
    for stage in MoneyStage:
        amount = stands.get(stage.value)
        if amount is None:
            table.append(MoneyRow(str(stage.label), None))
            continue
        change = None if before is None else amount.amount_krw - before
        table.append(MoneyRow(str(stage.label), amount.amount_krw, amount.entered_at, change, amount.reason))
        before = amount.amount_krw
    return table


def worth(matter: Matter, fund: Fund | None = None) -> int | None:
    """The last amount written for the matter (in this pot): what a vote would cost. None: never written."""
    found = Amount.objects.filter(line__matter=matter)
    if fund is not None:
        found = found.filter(line__fund=fund)
    amount = found.order_by("-id").first()
    return amount.amount_krw if amount else None


def panel(matter: Matter) -> dict[str, Any]:
    """The money strip of the 의제 page: each line with its seven stages. One query."""
    written = list(Amount.objects.filter(line__matter=matter).select_related("line__fund").order_by("id"))
    by_line: dict[int, list[Amount]] = {}
    for amount in written:
        by_line.setdefault(amount.line_id, []).append(amount)
    return {"lines": [{"fund": amounts[0].line.fund, "stages": rows(amounts)} for amounts in by_line.values()]}


def pot(fund: Fund) -> dict[str, Any]:
    """The pot page: per stage how much of how much over how many lines, and every line. Two queries."""
    written = Prefetch("amounts", Amount.objects.order_by("id"))
    found = list(fund.lines.select_related("matter").prefetch_related(written).order_by("-id"))
    sums = {stage.value: [0, 0] for stage in MoneyStage}
    table = []
    for line in found:
        stages = rows(line.amounts.all())
        for stage, row in zip(MoneyStage, stages, strict=True):
            if row.amount_krw is not None:
                sums[stage.value][0] += row.amount_krw
                sums[stage.value][1] += 1
        table.append({"matter": line.matter, "stages": stages})
    stages_of_pot = [
        {
            "name": stage.label,
            "krw": sums[stage.value][0],
            "lines": sums[stage.value][1],
            "left_krw": fund.total_krw - sums[stage.value][0],
        }
        for stage in MoneyStage
    ]
    return {"fund": fund, "stages": stages_of_pot, "lines": table}
