"""의결된 몫: of the money asked for, how much the council enacted; for lines on which it has decided."""

from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from madang.evaluation.figures import Figure, Scope, Span, indicator, share
from madang.funds.models import Amount, Line, MoneyStage


def _latest(stage: MoneyStage, span: Span) -> Subquery:
    return Subquery(
        Amount.objects.filter(line=OuterRef("pk"), stage=stage, entered_at__lt=span.until)
        .order_by("-entered_at", "-id").values("amount_krw")[:1]
    )


@indicator(
    "amount-kept", _("요구액 가운데 의결된 몫"), unit="%",
    counts=_("의결액(원)"), of=_("요구액(원)"),
    recompute=_(
        "‘amounts’ 표에서 기간 안에 의결(enacted)이 들어온 줄마다, 마지막 의결액의 합을 마지막 요구액(asked)의 "
        "합으로 나눈 값."
    ),
)
def amount_kept(scope: Scope, span: Span) -> Figure:
    decided = Amount.objects.filter(stage=MoneyStage.ENACTED, entered_at__gte=span.since, entered_at__lt=span.until)
    sums = (
        Line.objects.filter(scope.where(), pk__in=decided.values("line"))
        .annotate(asked=_latest(MoneyStage.ASKED, span), enacted=_latest(MoneyStage.ENACTED, span))
        .filter(Q(asked__isnull=False))
        .aggregate(all_asked=Sum("asked", default=0), all_enacted=Sum("enacted", default=0))
    )
    return share(sums["all_enacted"], sums["all_asked"])
