"""What anyone may take out about 의제: what they are, where each has stood, how they hang together. Nobody is named."""

from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access import Column, sheet
from madang.matters.models import Link, Matter, Stage

M = TypeVar("M", bound=Model)
MATTER = Column("matter_number", _("의제"), "code", _("의제의 공개 번호"))
STATIONS = _("propose 제안 · deliberate 숙의 · decide 결정 · execute 집행 · evaluate 평가")


def of_matter(rows: QuerySet[M], number: str = "", through: str = "matter") -> QuerySet[M]:
    """The rows about 의제 that are not hidden, or about the one with this public number. `through` leads to the 의제."""
    rows = rows.filter(**{f"{through}__hidden_at": None})
    return rows.filter(**{f"{through}__number": number}) if number else rows


def numbered(rows: QuerySet[M], name: str, text: str) -> QuerySet[M]:
    """The rows whose `name` is this number; all of them for "", none for what is no number a row can have."""
    if not text:
        return rows
    fits = text.isascii() and text.isdigit() and len(text) < 19  # small enough for both databases
    return rows.filter(**{name: int(text)}) if fits else rows.none()


@sheet(
    "matters",
    pgettext_lazy("list", "의제"),
    columns=[
        Column("id", _("속번호"), "integer", _("기록(entries)에서 이 의제를 가리키는 수")),
        Column("number", _("번호"), "code", _("의제의 공개 번호")),
        Column("title", _("제목"), "text", _("지금의 제목")),
        Column("process_key", _("과정"), "code", _("과정의 이름표")),
        Column("place_code", _("장소"), "code", _("행정 코드")),
        Column("author_body_key", _("올린 기구"), "code", _("기구가 올렸으면 그 이름표. 사람의 이름은 싣지 않습니다")),
        Column("station", _("역"), "code", STATIONS),
        Column("supports", _("공감"), "integer", _("공감한 사람 수")),
        Column("participants", _("참여자"), "integer", _("숙의에 참여한 사람 수")),
        Column("opinions", _("의견"), "integer", _("올라온 의견 수")),
        Column("created_at", _("올린 때"), "time", _("UTC")),
        Column("closed_at", _("맺은 때"), "time", _("비어 있으면 진행 중(UTC)")),
        Column("outcome", _("맺음"), "code", _("어떻게 맺었는지. 진행 중이면 빈칸")),
        Column("source", _("출처"), "text", _("자료에서 옮긴 것이면 그 자료")),
        Column("synthetic", _("지어낸 자료"), "boolean", _("시연을 위해 지어낸 것이면 참")),
    ],
    filters=("matter", "process", "place", "station"),
)
def matters(person: Any, matter: str = "", process: str = "", place: str = "", station: str = "") -> QuerySet:
    """Every 의제 that is not hidden, the newest first."""
    rows = Matter.objects.filter(hidden_at=None)
    rows = rows.filter(number=matter) if matter else rows
    rows = rows.filter(process__key=process) if process else rows
    rows = rows.filter(place__code=place) if place else rows
    rows = rows.filter(station=station) if station else rows
    return rows.order_by("-id").values(
        "id",
        "number",
        "title",
        "station",
        "supports",
        "participants",
        "opinions",
        "created_at",
        "closed_at",
        "outcome",
        "source",
        "synthetic",
        process_key=F("process__key"),
        place_code=F("place__code"),
        author_body_key=F("author_body__key"),
    )


@sheet(
    "stages",
    _("의제가 거친 단계"),
    columns=[
        Column("id", _("번호"), "integer", _("일어난 차례")),
        MATTER,
        Column("phase", _("단계"), "code", _("제도에 적힌 단계의 이름표")),
        Column("station", _("역"), "code", STATIONS),
        Column("opened_at", _("열린 때"), "time", _("UTC")),
        Column("acts_until", _("참여 마감"), "time", _("이때까지 참여할 수 있음. 비어 있으면 단계가 끝날 때까지(UTC)")),
        Column("closed_at", _("닫힌 때"), "time", _("비어 있으면 열려 있음(UTC)")),
        Column("outcome", _("결과"), "code", _("단계를 끝낸 행위의 결과")),
        Column("because", _("열린 까닭"), "code", _("submit, '단계:결과', 'gate:문턱' 가운데 하나")),
    ],
    filters=("matter", "process", "station"),
)
def stages(person: Any, matter: str = "", process: str = "", station: str = "") -> QuerySet:
    """Where every 의제 has stood, as dated facts."""
    rows = of_matter(Stage.objects.all(), matter)
    rows = rows.filter(matter__process__key=process) if process else rows
    rows = rows.filter(station=station) if station else rows
    return rows.order_by("-id").values(
        "id",
        "phase",
        "station",
        "opened_at",
        "acts_until",
        "closed_at",
        "outcome",
        "because",
        matter_number=F("matter__number"),
    )


@sheet(
    "links",
    _("의제의 이음"),
    columns=[
        Column("id", _("번호"), "integer", _("이은 차례")),
        Column("source_number", _("떠난 의제"), "code", _("합쳐지고, 올려지고, 되살려진 쪽의 번호")),
        Column("target_number", _("닿은 의제"), "code", _("이어받은 쪽의 번호")),
        Column(
            "kind",
            _("이음"),
            "code",
            _("merge 합침 · split 나눔 · escalate 올림 · transfer 넘김 · revive 되살림 · implement 이행 · cite 근거"),
        ),
        Column("reason", _("까닭"), "text", _("적은 그대로. 없으면 빈칸")),
        Column("made_at", _("이은 때"), "time", _("UTC")),
    ],
    filters=("matter", "kind"),
)
def links(person: Any, matter: str = "", kind: str = "") -> QuerySet:
    """How 의제 hang together; `matter` finds both directions."""
    rows = Link.objects.filter(source__hidden_at=None, target__hidden_at=None)
    rows = rows.filter(source__number=matter) | rows.filter(target__number=matter) if matter else rows
    rows = rows.filter(kind=kind) if kind else rows
    return rows.order_by("-id").values(
        "id", "kind", "reason", "made_at", source_number=F("source__number"), target_number=F("target__number")
    )
