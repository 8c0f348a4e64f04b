"""지켜진 기한: every duty of every body, civil and public alike."""

from django.utils.translation import gettext_lazy as _

from madang.evaluation.figures import Figure, Scope, Span, indicator, share
from madang.evaluation.judged import IN_TIME, judged


@indicator(
    "duties-kept", _("지켜진 기한"), unit="%", by_body=True,
    counts=_("기한 안에 마친 일"), of=_("기간 안에 마쳤거나 기한이 지난 일"),
    recompute=_(
        "‘duties’ 표에서 released_at이 빈 줄 가운데, kept_at의 날이 due_on을 넘지 않은 줄의 비율. 민과 관을 같은 "
        "식으로 셉니다."
    ),
)
def duties_kept(scope: Scope, span: Span) -> Figure:
    rows = judged(scope, span)
    return share(rows.filter(IN_TIME).count(), rows.count())
