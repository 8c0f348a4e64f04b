"""Questions about a scoring: who has still to judge, and what the points come to, exactly."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language

from madang.bodies.models import Body, Seat
from madang.bodies.queries import in_office
from madang.decisions.models import Apart, Judgement
from madang.matters.models import Matter, Stage


def judges(stage: Stage, panel: Body, at: datetime) -> list[Seat]:
    """The filled seats of the panel that neither judged nor stood apart, at `at`."""
    filled = Seat.objects.filter(in_office(at), body=panel).exclude(person=None)
    spoke = Judgement.objects.filter(stage=stage).values("seat")
    return list(filled.exclude(pk__in=spoke).exclude(pk__in=Apart.objects.filter(stage=stage).values("seat")))


def result(matter: Matter, stage: Stage) -> dict[str, Any]:
    """The sum of all points, the judges, the points that pass and whether they are reached; and each criterion's mean as text."""
    rules = matter.process.rules
    asked = rules.phase(stage.phase).scoring
    given = list(Judgement.objects.filter(stage=stage).select_related("seat__person").order_by("id"))
    total, passes = sum(each.total for each in given), rules.value(asked.passes)
    criteria = [
        {
            "key": key,
            "name": one.name.said(get_language() or "ko"),
            "most": rules.value(one.points),
            "mean": _mean(sum(each.points[key] for each in given), len(given)),
        }
        for key, one in asked.criteria.items()
    ]
    return {
        "judges": len(given),
        "sum": total,
        "mean": _mean(total, len(given)),
        "passes": passes,
        "most": sum(one["most"] for one in criteria),
        "passed": bool(given) and total >= passes * len(given),
        "criteria": criteria,
        "given": [{"seat": each.seat, "total": each.total, "rows": _rows(criteria, each)} for each in given],
        "apart": list(Apart.objects.filter(stage=stage).select_related("seat").order_by("id")),
    }


def _rows(criteria: list[dict[str, Any]], given: Judgement) -> list[tuple[str, int, int, str]]:
    return [(one["name"], one["most"], given.points[one["key"]], given.words[one["key"]]) for one in criteria]


def _mean(total: int, count: int) -> str:
    """A mean to two places, cut and never rounded up, so that what is shown never says more than what was reached."""
    if not count:
        return "—"
    cents = int(Fraction(total * 100, count))
    return f"{cents // 100}.{cents % 100:02d}"


def shown(matter: Matter, stages: list[Stage]) -> list[dict[str, Any]]:
    """For the 의제 page: every scoring it went through; points show once the scoring is closed, so that no judge follows another."""
    phases = {phase.key for phase in matter.process.rules.phases if phase.scoring}
    return [
        {"stage": stage, **(result(matter, stage) if stage.closed_at else {})} for stage in stages if stage.phase in phases
    ]
