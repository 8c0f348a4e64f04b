"""What anyone may take out: proposals with their words, without their authors; the taxonomy beside them."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access import Column, sheet
from madang.proposals.models import Proposal, Topic


@sheet(
    "proposals",
    pgettext_lazy("list", "제안"),
    [
        Column("number", _("번호"), "text", _("의제의 공개 번호")),
        Column("title", _("제목"), "text", _("지금 판의 제목")),
        Column("problem", _("문제"), "text", _("제안자가 쓴 그대로")),
        Column("idea", _("제안"), "text", _("제안자가 쓴 그대로")),
        Column("effect", _("바라는 효과"), "text", _("제안자가 쓴 그대로. 없으면 빈칸")),
        Column(
            "topic",
            _("분야"),
            "code",
            ", ".join(Topic.values),
        ),
        Column("edition", _("판"), "integer", _("공개된 판의 수. 1이면 고친 적 없음")),
        Column("process", _("과정"), "code", _("과정의 주소 이름")),
        Column("place", _("장소"), "code", _("행정 코드")),
        Column("created_at", _("올린 때"), "time", _("UTC")),
        Column("supports", _("공감"), "integer", _("지금 공감한 사람 수")),
        Column("withdrawn_at", _("거둔 때"), "time", _("거두지 않았으면 빈칸")),
        Column("source", _("출처"), "text", _("자료에서 옮긴 것이면 그 자료")),
        Column("synthetic", _("지어낸 자료"), "boolean", _("시연을 위해 지어낸 것이면 참")),
    ],
    keyset="matter_id",
    filters=("process", "place", "topic"),
)
def proposals(person: Any, process: str = "", place: str = "", topic: str = "") -> Any:
    """Every proposal that is not hidden, newest first."""
    rows = Proposal.objects.filter(matter__hidden_at=None)
    if process:
        rows = rows.filter(matter__process__key=process)
    if place:
        rows = rows.filter(matter__place__code=place)
    if topic:
        rows = rows.filter(topic=topic)
    return rows.order_by("-matter_id").values(
        "matter_id",
        "problem",
        "idea",
        "effect",
        "topic",
        "edition",
        "withdrawn_at",
        number=F("matter__number"),
        title=F("matter__title"),
        process=F("matter__process__key"),
        place=F("matter__place__code"),
        created_at=F("matter__created_at"),
        supports=F("matter__supports"),
        source=F("matter__source"),
        synthetic=F("matter__synthetic"),
    )
