"""답변까지 걸린 날: the middle reply, in calendar days from the day it was owed."""

from fractions import Fraction

from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from madang.duties.models import Duty
from madang.evaluation.figures import SEOUL, Figure, Scope, Span, indicator


@indicator(
    "reply-days", _("답변까지 걸린 날(중앙값)"), unit=_("일"), by_body=True,
    counts=_("가운데 답변이 걸린 날(달력 날수)"), of=_("기간 안에 한 답변"),
    recompute=_(
        "‘duties’ 표에서 act가 decisions.reply이고 kept_at이 기간 안인 줄의 (kept_at의 날 − owed_since의 날)을 "
        "작은 차례로 놓은 가운데 값. 짝수면 가운데 두 값의 평균."
    ),
)
def reply_days(scope: Scope, span: Span) -> Figure:
    """The numerator is the number of replies at or under the median, so that it is a part of the denominator."""
    rows = (
        Duty.objects.filter(scope.where(body="body"), act="decisions.reply", process__archive=False)
        .filter(kept_at__gte=span.since, kept_at__lt=span.until, released_at=None)
        .values_list(TruncDate("owed_since", tzinfo=SEOUL), TruncDate("kept_at", tzinfo=SEOUL))
    )
    days = sorted((kept - owed).days for owed, kept in rows)
    if not days:
        return Figure(0, 0, None)
    median = Fraction(days[(len(days) - 1) // 2] + days[len(days) // 2], 2)
    return Figure(sum(day <= median for day in days), len(days), median)
