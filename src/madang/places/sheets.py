"""What anyone may take out of places: the tree, every version of every place."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access.sheets import Column, sheet
from madang.places.models import Place


@sheet(
    "places",
    pgettext_lazy("list", "장소"),
    columns=[
        Column("id", _("번호"), "integer", _("이 마당에서 장소를 가리키는 번호")),
        Column("code", _("코드"), "code", _("행정표준코드. 권역은 우리가 붙인 코드")),
        Column("name", _("이름"), "text", _("흔히 쓰는 이름 (시흥4동)")),
        Column("name_en", _("영문 이름"), "text", _("국어의 로마자 표기법에 따른 이름")),
        Column("official_name", _("법정 표기"), "text", _("조례의 표기가 다를 때만 (시흥제4동)")),
        Column("level", _("단위"), "code", _("city 시, region 권역, gu 자치구, dong 행정동")),
        Column("parent_code", _("상위 코드"), "code", _("바로 위 장소의 코드")),
        Column("scheme", _("권역 구분"), "text", _("권역일 때 어느 구분에 드는지")),
        Column("valid_from", _("시작일"), "date", _("있게 된 첫날. 1988-04-23은 코드 체계가 시작한 날")),
        Column("valid_to", _("종료일"), "date", _("없어진 첫날. 비어 있으면 지금도 있음")),
        Column("population", _("인구"), "integer", _("불러온 파일에 있을 때만")),
    ],
    filters=("level", "code"),
)
def places(person: Any, level: str = "", code: str = "") -> Any:
    """Every version of every place, newest rows first; of one level or one code if asked."""
    rows = Place.objects.annotate(parent_code=F("parent__code"))
    rows = rows.filter(level=level) if level else rows
    rows = rows.filter(code=code) if code else rows
    return rows.order_by("-id").values(
        "id", "code", "name", "name_en", "official_name", "level", "parent_code", "scheme", "valid_from", "valid_to",
        "population",
    )  # fmt: skip
