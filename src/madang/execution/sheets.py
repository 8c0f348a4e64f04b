"""What anyone may take out about promises."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access import Column, sheet
from madang.execution.models import Change, Commitment, Milestone
from madang.matters.sheets import MATTER, numbered, of_matter


@sheet(
    "commitments",
    pgettext_lazy("list", "약속"),
    columns=[
        Column("id", _("번호"), "integer", _("약속의 번호")),
        MATTER,
        Column("goal", _("목표"), "text", _("지금의 목표")),
        Column("target", _("대상"), "text", _("지금의 대상")),
        Column("origin", _("처음 뜻"), "text", _("제안에서 옮겨 적은 문장")),
        Column("budget_krw", _("예산"), "krw", _("지금의 예산(원)")),
        Column("civil_key", _("민간 쪽 맡은이"), "code", _("기구의 이름표")),
        Column("public_key", _("행정 쪽 맡은이"), "code", _("기구의 이름표")),
        Column("promised_at", _("약속한 때"), "time", _("약속한 때(UTC)")),
        Column("due_on", _("마치는 날"), "date", _("지금의 마치는 날")),
        Column("finished_at", _("끝난 때"), "time", _("완료하거나 중단한 때(UTC)")),
        Column("outcome", _("결과"), "code", _("finished 완료 · stopped 중단 · 비어 있으면 진행 중")),
    ],
    filters=("matter", "body"),
)
def commitments(person: Any, *, matter: str = "", body: str = "", **filters: Any) -> QuerySet:
    found = of_matter(Commitment.objects.all(), matter)
    if body:
        found = found.filter(public_owner__key=body) | found.filter(civil_owner__key=body)
    return found.order_by("-id").values(
        "id",
        "goal",
        "target",
        "origin",
        "budget_krw",
        "promised_at",
        "due_on",
        "finished_at",
        "outcome",
        matter_number=F("matter__number"),
        civil_key=F("civil_owner__key"),
        public_key=F("public_owner__key"),
    )


@sheet(
    "milestones",
    _("단계목표"),
    columns=[
        Column("id", _("번호"), "integer", _("단계목표의 번호")),
        Column("commitment_id", _("약속"), "integer", _("약속의 번호")),
        Column("number", _("차례"), "integer", _("약속 안에서의 차례")),
        Column("title", _("단계목표"), "text", _("하기로 한 일")),
        Column("owner", _("맡은 쪽"), "code", _("civil 민 · public 관")),
        Column("due_on", _("기한"), "date", _("하기로 한 날")),
        Column("done_at", _("한 때"), "time", _("했다고 알린 때(UTC)")),
        Column("words", _("한 일"), "text", _("무엇을 했나")),
    ],
    filters=("commitment",),
)
def milestones(person: Any, *, commitment: str = "", **filters: Any) -> QuerySet:
    found = numbered(of_matter(Milestone.objects.all(), through="commitment__matter"), "commitment", commitment)
    return found.order_by("-id").values("id", "commitment_id", "number", "title", "owner", "due_on", "done_at", "words")


@sheet(
    "changes",
    _("약속의 변경"),
    columns=[
        Column("id", _("번호"), "integer", _("변경의 번호")),
        Column("commitment_id", _("약속"), "integer", _("약속의 번호")),
        Column("field", _("바뀐 것"), "code", _("goal 목표 · target 대상 · budget 예산 · due 마치는 날")),
        Column("before", _("앞"), "text", _("바뀌기 전")),
        Column("after", _("뒤"), "text", _("바뀐 뒤")),
        Column("reason", _("까닭"), "text", _("바꾼 까닭")),
        Column("changed_at", _("바꾼 때"), "time", _("바꾼 때(UTC)")),
        Column(
            "answer",
            _("제안자의 답"),
            "code",
            _("agree 동의 · disagree 동의하지 않음 · silent 답이 없음 · 비어 있으면 묻지 않았거나 기다리는 중"),
        ),
        Column("answered_at", _("답한 때"), "time", _("답한 때(UTC)")),
    ],
    filters=("commitment",),
)
def changes(person: Any, *, commitment: str = "", **filters: Any) -> QuerySet:
    found = numbered(of_matter(Change.objects.all(), through="commitment__matter"), "commitment", commitment)
    return found.order_by("-id").values(
        "id", "commitment_id", "field", "before", "after", "reason", "changed_at", "answer", "answered_at"
    )
