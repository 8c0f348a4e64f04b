"""Which duties count in a span, and which of them were kept in time: the same rule for every body, civil or public.

A duty is judged on one day: the day it was kept if that was in time, otherwise the first day after its date.
Released duties (withdrawn, merged, closed) are judged by nobody. An extended date counts as extended; how often that
happened is in the sheet.
"""

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate

from madang.duties.models import Duty
from madang.evaluation.figures import SEOUL, Scope, Span

IN_TIME = Q(kept_on__lte=F("due_on"))


def judged(scope: Scope, span: Span, *acts: str) -> QuerySet[Duty]:
    """Duties judged in the span, annotated with `kept_on`; of these acts, or of all."""
    rows = Duty.objects.filter(scope.where(body="body"), released_at=None, process__archive=False).annotate(
        kept_on=TruncDate("kept_at", tzinfo=SEOUL)
    )
    if acts:
        rows = rows.filter(act__in=acts)
    kept = IN_TIME & Q(kept_at__gte=span.since, kept_at__lt=span.until)
    missed = (Q(kept_at=None) | Q(kept_on__gt=F("due_on"))) & Q(due_on__range=(span.first_day, span.last_day))
    return rows.filter(kept | missed)
