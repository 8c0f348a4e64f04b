"""수용률: how often the answer was yes, or yes in part."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from madang.evaluation.figures import Figure, Scope, Span, indicator, share
from madang.matters.models import Stage

YES = ("accepted", "partial")
ANSWERS = (*YES, "long-term", "declined", "already-done")


@indicator(
    "adopted-share", _("수용률"), unit="%",
    counts=_("수용하거나 일부 수용한 답변"), of=_("기간 안에 끝난 답변 단계"),
    recompute=_(
        "‘stages’ 표에서 closed_at이 기간 안이고 outcome이 accepted·partial·long-term·declined·already-done인 줄 "
        "가운데 accepted·partial의 비율."
    ),
)
def adopted_share(scope: Scope, span: Span) -> Figure:
    counted = Stage.objects.filter(
        scope.where(),
        outcome__in=ANSWERS,
        closed_at__gte=span.since,
        closed_at__lt=span.until,
        matter__process__archive=False,
    ).aggregate(yes=Count("pk", filter=Q(outcome__in=YES)), all=Count("pk"))
    return share(counted["yes"], counted["all"])
