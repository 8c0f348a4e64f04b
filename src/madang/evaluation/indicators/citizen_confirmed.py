"""시민이 확인한 이행: of the people who answered "정말 이루어졌나요?", how many said yes."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from madang.evaluation.figures import Figure, Scope, Span, indicator, share
from madang.evaluation.models import Answer, Confirmation


@indicator(
    "citizen-confirmed", _("시민이 확인한 이행"), unit="%",
    counts=_("‘이루어졌다’는 답"), of=_("기간 안에 답한 사람"),
    recompute=_("‘confirmations’ 표에서 changed_on이 기간 안인 줄 가운데 answer가 yes인 줄의 비율."),
)
def citizen_confirmed(scope: Scope, span: Span) -> Figure:
    counted = Confirmation.objects.filter(
        scope.where(), changed_at__gte=span.since, changed_at__lt=span.until
    ).aggregate(yes=Count("pk", filter=Q(answer=Answer.YES)), all=Count("pk"))
    return share(counted["yes"], counted["all"])
