"""Questions about evaluations and figures."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, Prefetch, Q

from madang.bodies.models import Body
from madang.evaluation.figures import Figure, Indicator, Scope, Span, load
from madang.evaluation.judged import IN_TIME, judged
from madang.evaluation.models import Confirmation, Evaluation, Score
from madang.matters.models import Matter


@dataclass(frozen=True)
class Row:
    """An indicator and its figure, ready to be shown with its denominator."""

    indicator: Indicator
    figure: Figure


def figures(keys: Any, scope: Scope, span: Span) -> list[Row]:
    """The figures of these indicators (unknown keys are left out: a paper recipe may plan one); two queries each
    at most.
    """
    known = load()
    keys = [key for key in keys if key in known and (not scope.body or known[key].by_body)]
    return [Row(known[key], known[key].compute(scope, span)) for key in keys]


@dataclass(frozen=True)
class Kept:
    """How a body kept its dates: the same counts for civil and public bodies."""

    body: Body
    kept: int
    judged: int
    late_open: int

    @property
    def percent(self) -> str:
        return Figure(self.kept, self.judged, Fraction(100 * self.kept, self.judged) if self.judged else None).text


def kept_by_body(span: Span, scope: Scope | None = None) -> list[Kept]:
    """Every body with duties judged in the span, most judged first. Two queries."""
    rows = judged(scope or Scope(), span).values("body").annotate(
        kept=Count("pk", filter=IN_TIME), all=Count("pk"), late_open=Count("pk", filter=Q(kept_at=None))
    )
    counted = {row["body"]: row for row in rows}
    bodies = Body.objects.in_bulk(counted)
    found = [Kept(bodies[pk], row["kept"], row["all"], row["late_open"]) for pk, row in counted.items()]
    return sorted(found, key=lambda row: (-row.judged, row.body.name))


def panel(matter: Matter) -> dict[str, Any]:
    """The strip on the 의제 page: nothing and no query before anything was promised; two queries after."""
    if matter.station != "evaluate":
        return {}
    found = list(
        Evaluation.objects.filter(matter=matter).annotate(called=Count("calls", filter=Q(calls__role="supporter")))
        .prefetch_related("measures").order_by("-opened_at")
    )
    rules = matter.process.rules
    return {
        "evaluations": found,
        "open": not any(e.closed_at is None for e in found)
        and "evaluation.close" in {rules.phase(k).owes.act for k in matter.open_phases},
        "needs_calls": rules.value("reopen_supports") if "reopen_supports" in rules.values else None,
    }


@dataclass(frozen=True)
class Scored:
    """The scores on one indicator: their spread and their words, no names."""

    indicator: Indicator
    scores: list[Score]

    @property
    def mean(self) -> str:
        values = [score.value for score in self.scores]
        return Figure(sum(values), len(values), Fraction(sum(values), len(values))).text

    @property
    def least(self) -> int:
        return min(score.value for score in self.scores)

    @property
    def most(self) -> int:
        return max(score.value for score in self.scores)


def evaluations_of(matter: Matter) -> list[Evaluation]:
    """Everything public about the 의제's evaluations, newest first. Five queries."""
    return list(
        Evaluation.objects.filter(matter=matter)
        .select_related("stage")
        .prefetch_related(
            "measures",
            "calls",
            Prefetch("scores", Score.objects.order_by("indicator", "pk")),
            Prefetch(
                "confirmations",
                Confirmation.objects.filter(hidden_at=None).exclude(words="").order_by("-changed_at")[:50],
                to_attr="worded",
            ),
        )
        .order_by("-opened_at")
    )


def scored(evaluation: Evaluation) -> list[Scored]:
    """Its scores gathered by indicator, in the indicators' order."""
    known, gathered = load(), defaultdict(list)
    for score in evaluation.scores.all():
        gathered[score.indicator].append(score)
    return [Scored(known[key], gathered[key]) for key in known if key in gathered]


def frozen(evaluation: Evaluation) -> list[Row]:
    """The figures as they were when it closed; an indicator since withdrawn is left to the sheet."""
    known = load()
    return [
        Row(known[m.indicator], Figure(m.numerator, m.denominator, Fraction(m.value) if m.value else None))
        for m in evaluation.measures.all() if m.indicator in known
    ]


def answer_of(person: Any, matter: Matter) -> Confirmation | None:
    """What this person answered in the newest evaluation."""
    if person is None or not person.pk:
        return None
    return Confirmation.objects.filter(matter=matter, person=person).order_by("-evaluation_id").first()


def year_of(at: datetime) -> Span:
    """The twelve months up to `at`."""
    return Span(
        at.replace(year=at.year - 1) if (at.month, at.day) != (2, 29) else at.replace(year=at.year - 1, day=28), at
    )
