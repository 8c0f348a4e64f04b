"""What anyone may take out of the record: every line, with its place in the log. It holds no words of a person.

It stands here because the record lies below the room that knows what a sheet is.
"""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from madang.access import Column, sheet
from madang.record.models import Entry


@sheet(
    "entries",
    _("기록"),
    columns=[
        Column("id", _("번호"), "integer", _("적힌 차례. 사이가 빌 수 있습니다")),
        Column("position", _("봉인된 자리"), "integer", _("로그에서의 자리. 비어 있으면 곧 봉인됩니다")),
        Column("at", _("때"), "time", _("UTC")),
        Column("act", _("행위"), "code", _("행위의 이름")),
        Column("door", _("문"), "code", _("web 화면 · api · cli 명령 · desk 창구 · clock 시계 · demo 시연 자료")),
        Column("actor", _("가명"), "code", _("한 의제 안에서만 같은 사람임을 알 수 있는 가명. 시계는 빈칸")),
        Column("post", _("직위"), "text", _("기구와 직위로 한 일이면 그 이름")),
        Column("subject", _("대상"), "code", _("무엇에 한 일인지")),
        Column("matter_id", _("의제의 속번호"), "integer", _("같은 수는 같은 의제")),
        Column("process_id", _("과정의 속번호"), "integer", _("같은 수는 같은 과정")),
        Column("text", _("원문"), "text", _("로그에 봉인되는 글 그대로(JSON)")),
    ],
    filters=("matter_id", "act"),
)
def entries(person: Any, matter_id: str = "", act: str = "") -> QuerySet:
    """Every line of the record, the newest first; of one 의제 (its inner number) or one act if asked."""
    rows = Entry.objects.all()
    if matter_id:
        rows = rows.filter(matter_id=int(matter_id)) if matter_id.isdecimal() and len(matter_id) < 19 else rows.none()
    rows = rows.filter(act=act) if act else rows
    return rows.order_by("-id").values(
        "id",
        "at",
        "act",
        "door",
        "actor",
        "post",
        "subject",
        "matter_id",
        "process_id",
        "text",
        position=F("leaf__position"),
    )
