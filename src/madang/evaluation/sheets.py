"""What anyone may take out: evaluations, answers, scores and frozen figures; nobody is named."""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from madang.access import Column, sheet
from madang.evaluation.figures import SEOUL
from madang.evaluation.models import Confirmation, Evaluation, Measure, Score

NUMBER = Column("number", _("의제 번호"), "text", _("의제의 공개 번호"))
PROCESS = Column("process", _("과정"), "code", _("과정의 열쇳말"))


@sheet(
    "evaluations", _("평가"),
    [
        Column("id", _("번호"), "integer", _("평가의 번호")), NUMBER, PROCESS,
        Column("opened_at", _("시작"), "time", _("확인 단계가 열린 때")),
        Column("closed_at", _("맺은 때"), "time", _("비어 있으면 진행 중")),
        Column("outcome", _("결과"), "code", _("confirmed 이루어짐을 확인 · not-confirmed 이루어지지 않음")),
        Column("yes", _("이루어졌다"), "integer", _("그렇게 답한 사람 수")),
        Column("partly", _("일부만"), "integer", _("그렇게 답한 사람 수")),
        Column("no", _("이루어지지 않았다"), "integer", _("그렇게 답한 사람 수")),
        Column("findings", _("평가 내용"), "text", _("맺은 기구가 적은 글")),
        Column("consequence", _("활용"), "text", _("평가로 바꾸는 것")),
    ],
    filters=("process", "outcome"),
)
def evaluations(person: Any, **filters: Any) -> QuerySet[Any, Any]:
    rows = Evaluation.objects.annotate(number=F("matter__number"), process=F("matter__process__key"))
    return rows.filter(**filters).order_by("-id").values(*_keys("evaluations"))


@sheet(
    "confirmations", _("시민 확인"),
    [
        Column("id", _("번호"), "integer", _("답의 번호")), NUMBER, PROCESS,
        Column("evaluation", _("평가 번호"), "integer", _("‘evaluations’ 표의 id")),
        Column("answer", _("답"), "code", _("yes 이루어졌다 · partly 일부만 · no 이루어지지 않았다")),
        Column("changed_on", _("답한 날"), "date", _("마지막으로 답한 날(서울)")),
    ],
    filters=("process", "answer"),
)
def confirmations(person: Any, **filters: Any) -> QuerySet[Any, Any]:
    rows = Confirmation.objects.annotate(
        number=F("matter__number"), process=F("matter__process__key"), changed_on=TruncDate("changed_at", tzinfo=SEOUL)
    )
    return rows.filter(**filters).order_by("-id").values(*_keys("confirmations"))


@sheet(
    "scores", _("평가 점수"),
    [
        Column("id", _("번호"), "integer", _("점수의 번호")), NUMBER, PROCESS,
        Column("evaluation", _("평가 번호"), "integer", _("‘evaluations’ 표의 id")),
        Column("indicator", _("지표"), "code", _("지표의 열쇳말")),
        Column("value", _("점수"), "integer", _("1 매우 부족 – 5 매우 좋음")),
        Column("words", _("까닭"), "text", _("점수를 준 까닭, 이름 없이")),
    ],
    filters=("process", "indicator"),
)
def scores(person: Any, **filters: Any) -> QuerySet[Any, Any]:
    rows = Score.objects.annotate(number=F("evaluation__matter__number"), process=F("evaluation__matter__process__key"))
    return rows.filter(**filters).order_by("-id").values(*_keys("scores"))


@sheet(
    "measures", _("굳힌 지표값"),
    [
        Column("id", _("번호"), "integer", _("값의 번호")), NUMBER, PROCESS,
        Column("evaluation", _("평가 번호"), "integer", _("‘evaluations’ 표의 id")),
        Column("indicator", _("지표"), "code", _("지표의 열쇳말")),
        Column("version", _("판"), "text", _("지표 정의의 판")),
        Column("numerator", _("분자"), "integer", _("지표 설명의 ‘센 것’")),
        Column("denominator", _("분모"), "integer", _("지표 설명의 ‘가운데’")),
        Column("value", _("값"), "text", _("기약분수, 비어 있으면 셀 것이 없음")),
    ],
    filters=("process", "indicator"),
)
def measures(person: Any, **filters: Any) -> QuerySet[Any, Any]:
    rows = Measure.objects.annotate(number=F("evaluation__matter__number"), process=F("evaluation__matter__process__key"))
    return rows.filter(**filters).order_by("-id").values(*_keys("measures"))


def _keys(name: str) -> list[str]:
    from madang.access import SHEETS  # noqa: PLC0415 — the columns are known once the sheet is registered

    return [column.key for column in SHEETS[name].columns]
