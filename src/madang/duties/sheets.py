"""What anyone may take out about duties: each with its dates, and each body's account."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access import Column, sheet
from madang.duties.models import Duty
from madang.duties.queries import kept_and_missed
from madang.matters.sheets import MATTER, of_matter


@sheet(
    "duties",
    pgettext_lazy("list", "기한"),
    columns=[
        Column("id", _("번호"), "integer", _("기한의 번호")),
        MATTER,
        Column("process_key", _("과정"), "code", _("과정의 이름표")),
        Column("body_key", _("맡은 기구"), "code", _("기구의 이름표")),
        Column("post", _("직위"), "text", _("정해진 때만")),
        Column("act", _("해야 할 일"), "code", _("이 행위를 하면 지킨 것입니다")),
        Column("title", _("이름"), "text", _("무엇을 해야 하는지")),
        Column("owed_since", _("생긴 때"), "time", _("UTC")),
        Column("first_due_on", _("처음 기한"), "date", _("연장 전의 마지막 날")),
        Column("due_on", _("기한"), "date", _("이날까지")),
        Column("rule", _("근거 값"), "code", _("날짜를 정한 제도의 값 이름")),
        Column("extended_at", _("연장한 때"), "time", _("한 번만 연장할 수 있습니다(UTC)")),
        Column("extension_reason", _("연장 사유"), "text", _("적은 그대로")),
        Column("transfers", _("넘긴 횟수"), "integer", _("다른 부서로 넘긴 횟수")),
        Column("escalated", _("알린 단계"), "integer", _("늦어서 위로 알린 횟수")),
        Column("kept_at", _("지킨 때"), "time", _("비어 있으면 지키지 않음(UTC)")),
        Column("released_at", _("없어진 때"), "time", _("거두거나 합쳐져 더는 해야 할 일이 아닌 때(UTC)")),
    ],
    filters=("matter", "process", "body", "state"),
)
def duties(person: Any, matter: str = "", process: str = "", body: str = "", state: str = "") -> QuerySet:
    """Every duty; `state` is open, late, kept or released."""
    rows = of_matter(Duty.objects.all(), matter)
    rows = rows.filter(process__key=process) if process else rows
    rows = rows.filter(body__key=body) if body else rows
    rows = rows.filter(_state(state)) if state else rows
    return rows.order_by("-id").values(
        "id",
        "post",
        "act",
        "title",
        "owed_since",
        "first_due_on",
        "due_on",
        "rule",
        "extended_at",
        "extension_reason",
        "transfers",
        "escalated",
        "kept_at",
        "released_at",
        matter_number=F("matter__number"),
        process_key=F("process__key"),
        body_key=F("body__key"),
    )


def _state(state: str) -> Q:
    is_open = Q(kept_at=None, released_at=None)
    known = {
        "open": is_open,
        "late": is_open & Q(due_on__lt=localdate()),
        "kept": Q(kept_at__isnull=False),
        "released": Q(released_at__isnull=False),
    }
    return known.get(state, Q(pk__in=[]))


@sheet(
    "duties-by-body",
    _("기구별 기한"),
    columns=[
        Column("id", _("번호"), "integer", _("기구의 번호")),
        Column("key", _("기구"), "code", _("기구의 이름표")),
        Column("name", _("이름"), "text", _("기구의 이름")),
        Column("side", _("쪽"), "code", _("civil 민 · public 관 · council 의회 · joint 민관")),
        Column("kept_in_time", _("제때 지킴"), "integer", _("기한 안에 지킨 것")),
        Column("kept_late", _("늦게 지킴"), "integer", _("기한을 넘겨 지킨 것")),
        Column("open_now", _("남은 것"), "integer", _("아직 해야 할 것")),
        Column("late_now", _("지금 늦은 것"), "integer", _("남은 것 가운데 기한이 지난 것. 오늘(그 도시의 시간) 기준")),
    ],
    filters=("side",),
)
def duties_by_body(person: Any, side: str = "") -> QuerySet:
    """Each body that ever owed something, with what became of it."""
    rows = kept_and_missed(localdate(), side)
    counted = ("kept_in_time", "kept_late", "open_now", "late_now")  # annotations the type checker does not see
    return rows.order_by("-id").values("id", "key", "name", "side", *counted)
