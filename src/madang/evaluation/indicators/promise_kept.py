"""기한 안에 지킨 약속: promises and their milestones that were done by their date."""

from django.utils.translation import gettext_lazy as _

from madang.evaluation.figures import Figure, Scope, Span, indicator, share
from madang.evaluation.judged import IN_TIME, judged


@indicator(
    "promise-kept", _("기한 안에 지킨 약속"), unit="%", by_body=True,
    counts=_("기한 안에 마친 약속과 중간 목표"), of=_("기간 안에 마쳤거나 기한이 지난 약속과 중간 목표"),
    recompute=_(
        "‘duties’ 표에서 act가 execution.finish·execution.report_milestone이고 released_at이 빈 줄 가운데, "
        "kept_at의 날이 due_on을 넘지 않은 줄의 비율."
    ),
)
def promise_kept(scope: Scope, span: Span) -> Figure:
    rows = judged(scope, span, "execution.finish", "execution.report_milestone")
    return share(rows.filter(IN_TIME).count(), rows.count())
