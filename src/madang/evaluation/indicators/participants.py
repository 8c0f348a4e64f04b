"""참여: how many people a 의제 brought together, by support and in its forums."""

from django.db.models import Count, F, Sum
from django.utils.translation import gettext_lazy as _

from madang.evaluation.figures import Figure, Scope, Span, each, indicator
from madang.matters.models import Matter


@indicator(
    "participants", _("의제마다 참여한 사람"), unit=_("명"),
    counts=_("공감한 사람과 공론장에 참여한 사람의 합(의제마다 따로 셈)"), of=_("기간 안에 올라온 의제"),
    recompute=_("‘matters’ 표에서 created_at이 기간 안인 줄의 (supports + participants) 합을 줄 수로 나눈 값."),
)
def participants(scope: Scope, span: Span) -> Figure:
    counted = Matter.objects.filter(
        scope.where(matter=""), created_at__gte=span.since, created_at__lt=span.until, process__archive=False
    ).aggregate(people=Sum(F("supports") + F("participants"), default=0), all=Count("pk"))
    return each(counted["people"], counted["all"])
