"""기한 안 답변: of the replies that were due, how many came in time."""

from django.utils.translation import gettext_lazy as _

from madang.evaluation.figures import Figure, Scope, Span, indicator, share
from madang.evaluation.judged import IN_TIME, judged


@indicator(
    "reply-on-time", _("기한 안 답변"), unit="%", by_body=True,
    counts=_("기한 안에 한 답변"), of=_("기간 안에 답했거나 기한이 지난 답변 의무"),
    recompute=_(
        "‘duties’ 표에서 act가 decisions.reply이고 released_at이 빈 줄 가운데, kept_at의 날이 due_on을 넘지 않은 "
        "줄의 비율."
    ),
)
def reply_on_time(scope: Scope, span: Span) -> Figure:
    rows = judged(scope, span, "decisions.reply")
    return share(rows.filter(IN_TIME).count(), rows.count())
