"""What anyone may take out about bodies: the bodies, and who sits in them by what route until when."""

from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access import Column, sheet
from madang.bodies.models import Body, Seat


@sheet(
    "bodies",
    pgettext_lazy("list", "기구"),
    columns=[
        Column("id", _("번호"), "integer", _("기구의 번호")),
        Column("key", _("이름표"), "code", _("주소에 쓰는 이름표. 바뀌지 않습니다")),
        Column("name", _("이름"), "text", _("기구의 이름")),
        Column("name_en", _("영문 이름"), "text", _("없으면 빈칸")),
        Column("side", _("쪽"), "code", _("civil 민 · public 관 · council 의회 · joint 민관")),
        Column("rules", _("기구 규칙"), "code", _("따르는 기구 규칙의 이름표. 없으면 빈칸")),
        Column("parent_key", _("위 기구"), "code", _("바로 위 기구의 이름표")),
        Column("place_code", _("장소"), "code", _("일하는 곳의 행정 코드")),
        Column("founded_on", _("만든 날"), "date", _("알려진 때만")),
        Column("sunset_on", _("존속 기한"), "date", _("정해진 때만")),
        Column("closed_on", _("닫은 날"), "date", _("비어 있으면 지금도 있음")),
        Column("source", _("출처"), "text", _("기구가 적힌 자료")),
        Column("synthetic", _("지어낸 자료"), "boolean", _("시연을 위해 지어낸 기구면 참")),
    ],
    filters=("side", "place"),
)
def bodies(person: Any, side: str = "", place: str = "") -> QuerySet:
    """Every body, the newest first; of one side or one place if asked."""
    rows = Body.objects.filter(side=side) if side else Body.objects.all()
    rows = rows.filter(place__code=place) if place else rows
    return rows.order_by("-id").values(
        "id",
        "key",
        "name",
        "name_en",
        "side",
        "rules",
        "founded_on",
        "sunset_on",
        "closed_on",
        "source",
        "synthetic",
        parent_key=F("parent__key"),
        place_code=F("place__code"),
    )


@sheet(
    "seats",
    pgettext_lazy("list", "자리"),
    columns=[
        Column("id", _("번호"), "integer", _("자리의 번호")),
        Column("body_key", _("기구"), "code", _("기구의 이름표")),
        Column("post", _("직위"), "text", _("위원, 과장, 간사 따위")),
        Column("side", _("쪽"), "code", _("civil 민 · public 관 · council 의회 · joint 민관")),
        Column("route", _("위촉 경로"), "code", _("ex-officio 당연직 · nominated 추천 · open 공모 · drawn 추첨")),
        Column("holder", _("맡은 이"), "text", _("스스로 정한 이름. 자리를 맡은 동안에만 적습니다")),
        Column("since_date", _("시작일"), "date", _("임기의 첫날")),
        Column("until_date", _("끝나는 날"), "date", _("임기의 마지막 날. 비어 있으면 정해지지 않음")),
        Column("released_at", _("해촉한 때"), "time", _("비어 있으면 해촉하지 않음(UTC)")),
        Column("override_reason", _("규칙 예외 사유"), "text", _("규칙을 벗어나 위촉한 까닭. 없으면 빈칸")),
    ],
    filters=("body",),
)
def seats(person: Any, body: str = "") -> QuerySet:
    """Every seat ever held. A name stands here until its bearer is released: then they are private again."""
    rows = Seat.objects.filter(body__key=body) if body else Seat.objects.all()
    named = When(Q(released_at=None), then=F("person__name"))
    return rows.order_by("-id").values(
        "id",
        "post",
        "side",
        "route",
        "since_date",
        "until_date",
        "released_at",
        "override_reason",
        body_key=F("body__key"),
        holder=Case(named, default=Value(""), output_field=CharField()),
    )
