"""What anyone may take out about decisions."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.access import Column, sheet
from madang.decisions.models import Ballot, Option, Reply, Resolution, SealedVote, Vote
from madang.matters.sheets import MATTER, numbered, of_matter


@sheet(
    "replies",
    pgettext_lazy("list", "답변"),
    columns=[
        Column("id", _("번호"), "integer", _("답변의 번호")),
        MATTER,
        Column("body_key", _("기구"), "code", _("답한 기구의 이름표")),
        Column("post", _("직위"), "text", _("답한 직위")),
        Column(
            "conclusion",
            _("결론"),
            "code",
            _("accepted 수용 · partial 부분수용 · long-term 장기검토 · declined 불수용 · already-done 이미시행"),
        ),
        Column("reason", _("까닭"), "text", _("그렇게 정한 까닭")),
        Column("next_step", _("다음 할 일"), "text", _("누가 무엇을 하나")),
        Column("next_on", _("다음 할 일의 날짜"), "date", _("그 일을 하는 날")),
        Column("basis", _("근거"), "text", _("법령이나 예산")),
        Column("due_on", _("기한"), "date", _("답해야 했던 날")),
        Column("answered_at", _("답한 때"), "time", _("답한 때(UTC)")),
        Column("rated_yes", _("답이 됨"), "integer", _("‘답이 되었다’고 한 사람 수")),
        Column("rated_partly", _("일부만"), "integer", _("‘일부만’이라고 한 사람 수")),
        Column("rated_no", _("답이 안 됨"), "integer", _("‘아니요’라고 한 사람 수")),
    ],
    filters=("matter", "body"),
)
def replies(person: Any, *, matter: str = "", body: str = "", **filters: Any) -> QuerySet:
    found = of_matter(Reply.objects.all(), matter)
    if body:
        found = found.filter(body__key=body)
    return found.order_by("-id").values(
        "id",
        "post",
        "conclusion",
        "reason",
        "next_step",
        "next_on",
        "basis",
        "due_on",
        "answered_at",
        "rated_yes",
        "rated_partly",
        "rated_no",
        matter_number=F("matter__number"),
        body_key=F("body__key"),
    )


@sheet(
    "resolutions",
    pgettext_lazy("list", "의결"),
    columns=[
        Column("id", _("번호"), "integer", _("의결의 번호")),
        MATTER,
        Column("body_key", _("기구"), "code", _("의결한 기구의 이름표")),
        Column("question", _("물음"), "text", _("찬성과 반대로 답한 물음")),
        Column("opened_at", _("연 때"), "time", _("의결에 부친 때(UTC)")),
        Column("closes_on", _("표결 마감일"), "date", _("표를 낼 수 있는 마지막 날")),
        Column("closed_at", _("마친 때"), "time", _("의결을 마친 때(UTC)")),
        Column("outcome", _("결과"), "code", _("adopted 가결 · rejected 부결 · no-quorum 정족수 미달")),
        Column("yes", _("찬성"), "integer", _("찬성한 자리")),
        Column("no", _("반대"), "integer", _("반대한 자리")),
        Column("abstain", _("기권"), "integer", _("기권한 자리")),
        Column("seats", _("재적"), "integer", _("맡은 사람이 있는 자리")),
    ],
    filters=("matter",),
)
def resolutions(person: Any, *, matter: str = "", **filters: Any) -> QuerySet:
    return (
        of_matter(Resolution.objects.all(), matter)
        .order_by("-id")
        .values(
            "id",
            "question",
            "opened_at",
            "closes_on",
            "closed_at",
            "outcome",
            matter_number=F("matter__number"),
            body_key=F("body__key"),
            yes=F("result__yes"),
            no=F("result__no"),
            abstain=F("result__abstain"),
            seats=F("result__seats"),
        )
    )


@sheet(
    "roll-calls",
    _("공개 표결"),
    columns=[
        Column("id", _("번호"), "integer", _("표의 번호")),
        Column("resolution_id", _("의결"), "integer", _("의결의 번호")),
        Column("seat_post", _("자리"), "text", _("표를 낸 자리의 직위")),
        Column("seat_side", _("쪽"), "code", _("civil 민 · public 관 · council 의회 · joint 민관")),
        Column("answer", _("표"), "code", _("yes 찬성 · no 반대 · abstain 기권")),
        Column("voted_at", _("때"), "time", _("표를 낸 때(UTC)")),
    ],
    filters=("resolution",),
)
def roll_calls(person: Any, *, resolution: str = "", **filters: Any) -> QuerySet:
    found = numbered(of_matter(Vote.objects.all(), through="resolution__matter"), "resolution", resolution)
    return found.order_by("-id").values(
        "id", "resolution_id", "answer", "voted_at", seat_post=F("seat__post"), seat_side=F("seat__side")
    )


@sheet(
    "ballots",
    pgettext_lazy("list", "투표"),
    columns=[
        Column("id", _("번호"), "integer", _("투표의 번호")),
        Column("process_key", _("과정"), "code", _("과정의 이름표")),
        Column("question", _("물음"), "text", _("투표지의 물음")),
        Column("use", _("쓰임"), "text", _("결과를 어떻게 쓰나")),
        Column("opens_at", _("여는 때"), "time", _("투표를 시작하는 때(UTC)")),
        Column("closes_at", _("마감"), "time", _("투표를 마감하는 때(UTC)")),
        Column("cast", _("투표한 사람"), "integer", _("투표함에 든 표의 수")),
        Column("electorate", _("선거인"), "integer", _("투표할 수 있는 사람 수(알 때만)")),
        Column("closed_at", _("개표한 때"), "time", _("개표한 때(UTC)")),
    ],
)
def ballots(person: Any, **filters: Any) -> QuerySet:
    return Ballot.objects.order_by("-id").values(
        "id",
        "question",
        "use",
        "opens_at",
        "closes_at",
        "cast",
        "electorate",
        "closed_at",
        process_key=F("process__key"),
    )


@sheet(
    "ballot-options",
    _("투표지의 의제"),
    columns=[
        Column("id", _("번호"), "integer", _("줄의 번호")),
        Column("ballot_id", _("투표"), "integer", _("투표의 번호")),
        Column("place", _("차례"), "integer", _("투표지에 실린 차례")),
        MATTER,
        Column("cost_krw", _("비용"), "krw", _("선정되면 드는 돈(원)")),
        Column("outcome", _("결과"), "code", _("chosen 선정 · not-chosen 선정되지 않음 · withdrawn 물러남")),
    ],
    filters=("ballot",),
)
def ballot_options(person: Any, *, ballot: str = "", **filters: Any) -> QuerySet:
    found = numbered(of_matter(Option.objects.all()), "ballot", ballot)
    return found.order_by("-id").values(
        "id", "ballot_id", "place", "cost_krw", "outcome", matter_number=F("matter__number")
    )


@sheet(
    "ballot-papers",
    _("개표한 표"),
    keyset="receipt",
    columns=[
        Column("receipt", _("영수증"), "code", _("투표한 사람만 아는 번호")),
        Column("ballot_id", _("투표"), "integer", _("투표의 번호")),
        Column("voter_class", _("선거인"), "code", _("어느 선거인의 표인가")),
        Column("marks", _("표시"), "text", _("투표지에 표시한 것: 3 7, 7>3>1, 3:5 7:2")),
    ],
    filters=("ballot",),
)
def ballot_papers(person: Any, *, ballot: str = "", **filters: Any) -> QuerySet:
    """Only of closed ballots: an open box shows nothing."""
    found = numbered(SealedVote.objects.exclude(ballot__closed_at=None), "ballot", ballot)
    return found.order_by("-receipt").values("receipt", "ballot_id", "voter_class", "marks")
