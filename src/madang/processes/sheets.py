"""What anyone may take out about processes: which recipe runs where, and its windows."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access import Column, sheet
from madang.processes.models import Process, Window


@sheet(
    "processes",
    pgettext_lazy("list", "과정"),
    columns=[
        Column("id", _("번호"), "integer", _("과정의 번호")),
        Column("key", _("이름표"), "code", _("주소에 쓰는 이름표. 바뀌지 않습니다")),
        Column("name", _("이름"), "text", _("과정의 이름")),
        Column("name_en", _("영문 이름"), "text", _("없으면 빈칸")),
        Column("recipe_key", _("제도"), "code", _("어느 제도(레시피)인지")),
        Column("recipe_digest", _("제도의 지문"), "code", _("연 날의 제도 글을 SHA-256으로 줄인 것")),
        Column("place_code", _("장소"), "code", _("열린 곳의 행정 코드")),
        Column("opened_at", _("연 때"), "time", _("UTC")),
        Column("closed_at", _("끝낸 때"), "time", _("비어 있으면 진행 중(UTC)")),
        Column("archive", _("지난 기록"), "boolean", _("자료에서 옮긴 지난 회차면 참. 누구의 늦음도 아닙니다")),
        Column("matters_count", _("의제 수"), "integer", _("이 과정에 올라온 의제의 수")),
        Column("source", _("출처"), "text", _("과정이 적힌 자료")),
        Column("synthetic", _("지어낸 자료"), "boolean", _("시연을 위해 지어낸 과정이면 참")),
    ],
    filters=("recipe", "place"),
)
def processes(person: Any, recipe: str = "", place: str = "") -> QuerySet:
    """Every process, the newest first; of one recipe or one place if asked."""
    rows = Process.objects.filter(recipe_key=recipe) if recipe else Process.objects.all()
    rows = rows.filter(place__code=place) if place else rows
    return rows.order_by("-id").values(
        "id",
        "key",
        "name",
        "name_en",
        "recipe_key",
        "opened_at",
        "closed_at",
        "archive",
        "matters_count",
        "source",
        "synthetic",
        recipe_digest=F("recipe_id"),
        place_code=F("place__code"),
    )


@sheet(
    "windows",
    _("과정의 기간"),
    columns=[
        Column("id", _("번호"), "integer", _("기간의 번호")),
        Column("process_key", _("과정"), "code", _("과정의 이름표")),
        Column("key", _("기간"), "code", _("제도에 적힌 기간의 이름표(공모, 투표 따위)")),
        Column("opens_on", _("시작일"), "date", _("이날부터(그 도시의 시간)")),
        Column("closes_on", _("마감일"), "date", _("이날까지(그 도시의 시간)")),
    ],
    filters=("process",),
)
def windows(person: Any, process: str = "") -> QuerySet:
    """The dated windows of all editions."""
    rows = Window.objects.filter(process__key=process) if process else Window.objects.all()
    return rows.order_by("-id").values("id", "key", "opens_on", "closes_on", process_key=F("process__key"))
