"""답이 된 답변: of the people who were asked "답이 되었나요?", how many said yes."""

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from madang.decisions.models import Reply
from madang.evaluation.figures import Figure, Scope, Span, indicator, share


@indicator(
    "answered-my-question", _("‘답이 되었다’는 답변"), unit="%", by_body=True,
    counts=_("‘예’라고 한 사람"), of=_("기간 안에 나온 답변을 평가한 사람"),
    recompute=_(
        "‘replies’ 표에서 answered_at이 기간 안인 줄의 rated_yes 합을 rated_yes·rated_partly·rated_no 합으로 "
        "나눈 값."
    ),
)
def answered_my_question(scope: Scope, span: Span) -> Figure:
    sums = Reply.objects.filter(
        scope.where(body="body"),
        answered_at__gte=span.since,
        answered_at__lt=span.until,
        matter__process__archive=False,
    ).aggregate(yes=Sum("rated_yes", default=0), all=Sum(F("rated_yes") + F("rated_partly") + F("rated_no"), default=0))
    return share(sums["yes"], sums["all"])
