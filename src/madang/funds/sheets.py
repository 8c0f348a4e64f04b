"""What anyone may take out about money."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access import Column, sheet
from madang.funds.models import Amount, Fund
from madang.matters.sheets import MATTER, of_matter


@sheet(
    "funds",
    pgettext_lazy("list", "재원"),
    columns=[
        Column("id", _("번호"), "integer", _("재원의 번호")),
        Column("key", _("이름표"), "code", _("주소에 쓰는 이름표")),
        Column("name", _("이름"), "text", _("재원의 이름")),
        Column("process_key", _("과정"), "code", _("재원을 쓰는 과정의 이름표")),
        Column("body_key", _("관리 기구"), "code", _("재원을 관리하는 기구의 이름표")),
        Column("year", _("회계연도"), "integer", _("회계연도")),
        Column("total_krw", _("총액"), "krw", _("쓸 수 있는 전체 금액(원)")),
        Column("source", _("출처"), "text", _("총액이 적힌 공고나 문서")),
        Column("synthetic", _("지어낸 자료"), "boolean", _("시연을 위해 지어낸 재원이면 참")),
    ],
)
def funds(person: Any, **filters: Any) -> QuerySet:
    return Fund.objects.order_by("-id").values(
        "id",
        "key",
        "name",
        "year",
        "total_krw",
        "source",
        "synthetic",
        process_key=F("process__key"),
        body_key=F("held_by__key"),
    )


@sheet(
    "amounts",
    _("예산줄의 금액"),
    columns=[
        Column("id", _("번호"), "integer", _("적힌 차례")),
        Column("fund_key", _("재원"), "code", _("재원의 이름표")),
        MATTER,
        Column(
            "stage",
            _("단계"),
            "code",
            _("asked 요구 · adjusted 조정 · voted 투표 · proposed 예산안 · enacted 의결 · spent 집행 · settled 정산"),
        ),
        Column("amount_krw", _("금액"), "krw", _("그 단계의 금액(원). 같은 단계가 여러 번이면 마지막 것이 맞습니다")),
        Column("reason", _("까닭"), "text", _("앞 단계와 달라진 까닭")),
        Column("entered_at", _("적은 때"), "time", _("금액을 적은 때(UTC)")),
    ],
    filters=("fund", "matter"),
)
def amounts(person: Any, *, fund: str = "", matter: str = "", **filters: Any) -> QuerySet:
    found = of_matter(Amount.objects.all(), matter, "line__matter")
    if fund:
        found = found.filter(line__fund__key=fund)
    return found.order_by("-id").values(
        "id",
        "stage",
        "amount_krw",
        "reason",
        "entered_at",
        fund_key=F("line__fund__key"),
        matter_number=F("line__matter__number"),
    )
