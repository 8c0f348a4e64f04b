"""What anyone may take out: forums with their counts, opinions without their writers, hidings with their reasons."""

from typing import Any

from django.db.models import Case, F, Q, TextField, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access import Column, sheet
from madang.deliberation.models import Forum, Hiding, Opinion
from madang.matters.sheets import numbered


@sheet(
    "forums",
    pgettext_lazy("list", "공론장"),
    [
        Column("id", _("공론장 번호"), "integer", _("공론장 화면의 주소에 있는 번호")),
        Column("number", _("의제 번호"), "text", _("의제의 공개 번호")),
        Column("question", _("물음"), "text", _("공론장이 물은 것")),
        Column("opened_at", _("연 때"), "time", _("UTC")),
        Column("closes_on", _("마지막 날"), "date", _("참여할 수 있는 마지막 날")),
        Column("closed_at", _("닫은 때"), "time", _("열려 있으면 빈칸")),
        Column("participants", _("참여한 사람"), "integer", _("생각을 정했거나 글을 쓴 사람 수(한 사람 한 번)")),
        Column("for_count", _("찬성"), "integer", _("지금 찬성에 선 사람 수")),
        Column("against_count", _("반대"), "integer", _("지금 반대에 선 사람 수")),
        Column("other_count", _("기타"), "integer", _("지금 기타에 선 사람 수")),
        Column("opinions_count", _("의견과 답글"), "integer", _("거두거나 가린 것도 센 수")),
        Column("summary", _("정리"), "text", _("닫으며 쓴 정리")),
        Column("agreed", _("함께한 것"), "text", _("쟁점표: JSON 목록")),
        Column("differing", _("갈린 것"), "text", _("쟁점표: JSON 목록")),
        Column("unknown", _("아직 모르는 것"), "text", _("쟁점표: JSON 목록")),
    ],
)
def forums(person: Any) -> Any:
    """Every forum, the newest first."""
    return Forum.objects.order_by("-id").values(
        "id",
        "question",
        "opened_at",
        "closes_on",
        "closed_at",
        "participants",
        "for_count",
        "against_count",
        "other_count",
        "opinions_count",
        "summary",
        "agreed",
        "differing",
        "unknown",
        number=F("matter__number"),
    )


@sheet(
    "opinions",
    pgettext_lazy("list", "의견"),
    [
        Column("id", _("의견 번호"), "integer", _("의견 화면의 주소에 있는 번호")),
        Column("forum_id", _("공론장 번호"), "integer", _("공론장 표의 번호")),
        Column("parent_id", _("답한 글"), "integer", _("답글이면 답한 글의 번호")),
        Column("depth", _("깊이"), "integer", _("의견은 0, 답글은 1–3")),
        Column("side", _("쪽"), "code", _("for, against, other; 답글은 빈칸")),
        Column("words", _("글"), "text", _("거두거나 가린 글은 빈칸")),
        Column("evidence", _("근거 주소"), "text", _("없거나, 거두거나 가린 글은 빈칸")),
        Column("stated_at", _("쓴 때"), "time", _("UTC")),
        Column("retracted_at", _("거둔 때"), "time", _("거두지 않았으면 빈칸")),
        Column("hidden_at", _("가린 때"), "time", _("가리지 않았으면 빈칸. 까닭은 가린 글 표에")),
    ],
    filters=("forum",),
)
def opinions(person: Any, forum: str = "") -> Any:
    """Opinions and replies, the newest first; the words of hidden and retracted ones are left out."""
    rows = numbered(Opinion.objects.order_by("-id"), "forum", forum)
    gone = Q(hidden_at__isnull=False) | Q(retracted_at__isnull=False)
    return rows.values(
        "id",
        "forum_id",
        "parent_id",
        "depth",
        "side",
        "stated_at",
        "retracted_at",
        "hidden_at",
        words=Case(When(gone, then=Value("")), default=F("text"), output_field=TextField()),
        evidence=Case(When(gone, then=Value("")), default=F("evidence_url"), output_field=TextField()),
    )


@sheet(
    "hidings",
    _("가린 글"),
    [
        Column("id", _("번호"), "integer", _("가림 하나의 번호")),
        Column("opinion_id", _("의견 번호"), "integer", _("의견이면 그 번호, 의제의 글이면 빈칸")),
        Column("number", _("의제 번호"), "text", _("의제의 글이면 그 번호")),
        Column("rule", _("규칙"), "code", _("personal, insult, hate, threat, spam, false, off-topic, illegal")),
        Column("reason", _("까닭"), "text", _("가린 쪽이 쓴 그대로")),
        Column("post", _("가린 자리"), "text", _("기구/직위")),
        Column("hidden_at", _("가린 때"), "time", _("UTC")),
        Column("appealed_at", _("이의 낸 때"), "time", _("이의가 없으면 빈칸")),
        Column("settled_at", _("판단한 때"), "time", _("기다리는 중이면 빈칸")),
        Column("upheld", _("가린 채로 둠"), "boolean", _("참이면 가린 채로, 거짓이면 다시 보임")),
        Column("settlement", _("판단의 까닭"), "text", _("판단한 쪽이 쓴 그대로")),
    ],
)
def hidings(person: Any) -> Any:
    """Every hiding with its appeal's outcome; never the hidden words or the appeal's."""
    return Hiding.objects.order_by("-id").values(
        "id",
        "opinion_id",
        "rule",
        "reason",
        "post",
        "hidden_at",
        "appealed_at",
        "settled_at",
        "upheld",
        "settlement",
        number=F("whole__number"),
    )
