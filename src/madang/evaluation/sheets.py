"""What anyone may take out: evaluations, answers, scores and frozen figures; nobody is named."""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access import Column, sheet
from madang.evaluation.figures import SEOUL
from madang.evaluation.models import Confirmation, Evaluation, Measure, Score
from madang.matters.sheets import MATTER, of_matter

PROCESS = Column("process_key", _("과정"), "code", _("과정의 이름표"))
OF = Column("evaluation_id", _("평가"), "integer", _("‘evaluations’ 표의 번호"))
INDICATOR = Column("indicator", _("지표"), "code", _("지표의 이름표"))


def _of(rows: QuerySet, step: str, matter: str, process: str) -> QuerySet:
    """Rows of 의제 that are not hidden, newest first, with the number and the process of their 의제."""
    rows = of_matter(rows, matter, f"{step}matter")
    rows = rows.filter(**{f"{step}matter__process__key": process}) if process else rows
    return rows.order_by("-id").annotate(
        matter_number=F(f"{step}matter__number"), process_key=F(f"{step}matter__process__key")
    )


@sheet(
    "evaluations", pgettext_lazy("list", "평가"),
    columns=[
        Column("id", _("번호"), "integer", _("평가의 번호")), MATTER, PROCESS,
        Column("opened_at", _("시작"), "time", _("확인 단계가 열린 때(UTC)")),
        Column("closed_at", _("맺은 때"), "time", _("비어 있으면 진행 중(UTC)")),
        Column("outcome", _("결과"), "code", _("confirmed 이루어짐을 확인 · not-confirmed 이루어지지 않음")),
        Column("yes", _("이루어졌다"), "integer", _("그렇게 답한 사람 수")),
        Column("partly", _("일부만"), "integer", _("그렇게 답한 사람 수")),
        Column("no", _("이루어지지 않았다"), "integer", _("그렇게 답한 사람 수")),
        Column("findings", _("평가 내용"), "text", _("맺은 기구가 적은 글")),
        Column("consequence", _("활용"), "text", _("평가로 바꾸는 것")),
    ],
    filters=("matter", "process"),
)
def evaluations(person: Any, matter: str = "", process: str = "") -> QuerySet:
    return _of(Evaluation.objects.all(), "", matter, process).values(
        "id", "matter_number", "process_key", "opened_at", "closed_at", "outcome", "yes", "partly", "no", "findings",
        "consequence",
    )


@sheet(
    "confirmations", _("시민 확인"),
    columns=[
        Column("id", _("번호"), "integer", _("답의 번호")), MATTER, PROCESS, OF,
        Column("answer", _("답"), "code", _("yes 이루어졌다 · partly 일부만 · no 이루어지지 않았다")),
        Column("changed_on", _("답한 날"), "date", _("마지막으로 답한 날(서울)")),
    ],
    filters=("matter", "process"),
)
def confirmations(person: Any, matter: str = "", process: str = "") -> QuerySet:
    rows = Confirmation.objects.annotate(changed_on=TruncDate("changed_at", tzinfo=SEOUL))
    return _of(rows, "", matter, process).values(
        "id", "matter_number", "process_key", "evaluation_id", "answer", "changed_on"
    )


@sheet(
    "scores", _("평가 점수"),
    columns=[
        Column("id", _("번호"), "integer", _("점수의 번호")), MATTER, PROCESS, OF, INDICATOR,
        Column("value", _("점수"), "integer", _("1 매우 부족 – 5 매우 좋음")),
        Column("words", _("까닭"), "text", _("점수를 준 까닭, 이름 없이")),
    ],
    filters=("matter", "process"),
)
def scores(person: Any, matter: str = "", process: str = "") -> QuerySet:
    return _of(Score.objects.all(), "evaluation__", matter, process).values(
        "id", "matter_number", "process_key", "evaluation_id", "indicator", "value", "words"
    )


@sheet(
    "measures", _("굳힌 지표값"),
    columns=[
        Column("id", _("번호"), "integer", _("값의 번호")), MATTER, PROCESS, OF, INDICATOR,
        Column("version", _("판"), "text", _("지표 정의의 판")),
        Column("numerator", _("분자"), "integer", _("지표 설명의 ‘센 것’")),
        Column("denominator", _("분모"), "integer", _("지표 설명의 ‘가운데’")),
        Column("value", _("값"), "text", _("기약분수, 비어 있으면 셀 것이 없음")),
    ],
    filters=("matter", "process"),
)
def measures(person: Any, matter: str = "", process: str = "") -> QuerySet:
    return _of(Measure.objects.all(), "evaluation__", matter, process).values(
        "id",
        "matter_number",
        "process_key",
        "evaluation_id",
        "indicator",
        "version",
        "numerator",
        "denominator",
        "value",
    )
