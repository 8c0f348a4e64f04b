"""Questions about money: what a line is worth now, stage by stage, and what a pot has given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from madang.funds.models import Amount, Fund, Line, MoneyStage, Portion, Source, Talk
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
    acts = matter.process.rules.acts()
    return {
        "lines": lines,
        "talks": talks_of(Talk.objects.filter(matter=matter)) if "funds.offer_line" in acts else [],
        "shares": portions_of(Portion.objects.filter(line__matter=matter)) if "funds.share_line" in acts else [],
        "line": written[-1].line if written else None,
    }


def talks_of(found: Any) -> list[Talk]:
    """Talks in the order they were offered, with who spoke for either side. One query."""
    return list(found.select_related("matter", "line__fund", "civil_seat", "public_seat").order_by("id"))


def portions_of(found: Any) -> list[Portion]:
    """The portions that stand, with their sources. One query."""
    return list(found.filter(replaced_at=None).select_related("source", "line__fund").order_by("line", "source"))


def line_picture(stages: Iterable[MoneyRow]) -> Picture:
    """One line's stages that have come, drawn to scale."""
    came = [
        Step(row.name, row.amount_krw, on=row.on.date() if row.on else None, reason=row.reason, change_krw=row.change_krw)
        for row in stages
        if row.amount_krw is not None
    ]
    return drawn(came)


def pot(fund: Fund) -> dict[str, Any]:
    """The pot page: from the promise to the settlement how much over how many lines and why it changed, and every line. Two queries."""
    written = Prefetch("amounts", Amount.objects.order_by("id"))
    found = list(fund.lines.select_related("matter").prefetch_related(written).order_by("-id"))
    table = [{"matter": line.matter, "stages": rows(line.amounts.all())} for line in found]
    promised = Step(_("약속한 총액"), fund.total_krw, source=fund.source)
    named = [(stage.value, str(stage.label)) for stage in MoneyStage]
    picture = drawn([promised, *stepped(named, [_walked(line) for line in found])])
    return {"fund": fund, "lines": table, "picture": picture}


def _walked(line: Line) -> Walked:
    stands = {amount.stage: amount for amount in line.amounts.all()}
    return Walked(
        line.matter.title,
        line.matter.number or "",
        line.matter.closed_at is not None,
        {stage: amount.amount_krw for stage, amount in stands.items()},
        {stage: amount.reason for stage, amount in stands.items()},
    )


def talk_table(fund: Fund) -> dict[str, Any]:
    """민관예산협의회, line by line: asked, offered, agreed or not and why, and what bill and council made of it. Three queries."""
    talks: dict[int, list[Talk]] = {}
    for talk in talks_of(Talk.objects.filter(line__fund=fund)):
        talks.setdefault(talk.line_id, []).append(talk)
    lines = fund.lines.select_related("matter").prefetch_related(Prefetch("amounts", Amount.objects.order_by("id")))
    table = [_talked(line, talks.get(line.pk, [])) for line in lines.order_by("matter_id")]
    closed = [row["talk"] for row in table if row["talk"] and row["talk"].closed_at]
    return {
        "fund": fund,
        "rows": table,
        "agreed": sum(talk.outcome == "agreed" for talk in closed),
        "dissent": sum(talk.outcome == "dissent" for talk in closed),
        "before_krw": sum(talk.asked_krw for talk in closed),
        "after_krw": sum(talk.offered_krw if talk.outcome == "agreed" else talk.asked_krw for talk in closed),
    }


def _talked(line: Line, talks: list[Talk]) -> dict[str, Any]:
    stands = {amount.stage: amount for amount in line.amounts.all()}
    return {
        "matter": line.matter,
        "asked": stands.get("asked"),
        "talk": talks[-1] if talks else None,
        "earlier": talks[:-1],
        "bill": stands.get("proposed"),
        "enacted": stands.get("enacted"),
    }


def source_table(fund: Fund) -> dict[str, Any]:
    """통합예산: one plan, its lines against its sources, every sum. Four queries."""
    sources = list(Source.objects.filter(fund=fund).order_by("pk"))
    held: dict[tuple[int, int], int] = {}
    for portion in portions_of(Portion.objects.filter(line__fund=fund)):
        held[portion.line_id, portion.source_id] = portion.amount_krw
    lines = list(fund.lines.select_related("matter__place").prefetch_related(Prefetch("amounts", Amount.objects.order_by("id"))))
    rows_ = [_shared(line, sources, held) for line in sorted(lines, key=lambda line: line.matter_id)]
    columns = []
    for index, source in enumerate(sources):
        taken = sum(row["cells"][index]["krw"] for row in rows_)
        columns.append({"source": source, "taken_krw": taken, "left_krw": source.total_krw - taken})
    return {
        "fund": fund,
        "columns": columns,
        "rows": rows_,
        "sources_krw": sum(source.total_krw for source in sources),
        "worth_krw": sum(row["worth_krw"] or 0 for row in rows_),
        "unshared": [row for row in rows_ if row["differs_krw"]],
    }


def _shared(line: Line, sources: list[Source], held: dict[tuple[int, int], int]) -> dict[str, Any]:
    amounts = list(line.amounts.all())
    worth = amounts[-1].amount_krw if amounts else None
    cells: list[dict[str, Any]] = [{"source": source, "krw": held.get((line.pk, source.pk), 0)} for source in sources]
    differs = (worth or 0) - sum(cell["krw"] for cell in cells)
    return {"line": line, "matter": line.matter, "worth_krw": worth, "cells": cells, "differs_krw": differs}


MOST_POTS = 60


def pots() -> dict[str, Any]:
    """The page of all money: every pot, the newest first, and the years that were published. One query."""
    gone = Count("lines", filter=Q(lines__amounts__stage="enacted"), distinct=True)
    funds = Fund.objects.select_related("process", "held_by").annotate(asked=Count("lines", distinct=True), enacted=gone)
    return {"funds": list(funds.order_by("-year", "name", "id")[:MOST_POTS]), "years": years()}
