"""Questions about money: what a line is worth now, stage by stage, and what a pot has given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from madang.funds.models import Amount, Fund, Line, MoneyStage
from madang.funds.picture import Picture, Step, Walked, drawn, stepped
from madang.funds.published import years
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
    lines = []
    for amounts in by_line.values():
        stages = rows(amounts)
        lines.append({"fund": amounts[0].line.fund, "stages": stages, "picture": line_picture(stages)})
    return {"lines": lines}


def line_picture(stages: Iterable[MoneyRow]) -> Picture:
    """One line's stages that have come, drawn to scale."""
    came = [
        Step(row.name, row.amount_krw, on=row.on.date() if row.on else None, reason=row.reason, change_krw=row.change_krw)
        for row in stages
        if row.amount_krw is not None
    ]
    return drawn(came)


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
    promised = Step(_("약속한 총액"), fund.total_krw, source=fund.source)
    named = [(stage.value, str(stage.label)) for stage in MoneyStage]
    picture = drawn([promised, *stepped(named, [_walked(line) for line in found])])
    stages_of_pot = [
        {
            "name": stage.label,
            "krw": sums[stage.value][0],
            "lines": sums[stage.value][1],
            "left_krw": fund.total_krw - sums[stage.value][0],
        }
        for stage in MoneyStage
    ]
    return {"fund": fund, "stages": stages_of_pot, "lines": table, "picture": picture}


def _walked(line: Line) -> Walked:
    stands = {amount.stage: amount for amount in line.amounts.all()}
    return Walked(
        line.matter.title,
        line.matter.number or "",
        line.matter.closed_at is not None,
        {stage: amount.amount_krw for stage, amount in stands.items()},
        {stage: amount.reason for stage, amount in stands.items()},
    )


MOST_POTS = 60


def pots() -> dict[str, Any]:
    """The page of all money: every pot, the newest first, and the years that were published. One query."""
    gone = Count("lines", filter=Q(lines__amounts__stage="enacted"), distinct=True)
    funds = Fund.objects.select_related("process", "held_by").annotate(asked=Count("lines", distinct=True), enacted=gone)
    return {"funds": list(funds.order_by("-year", "name", "id")[:MOST_POTS]), "years": years()}
