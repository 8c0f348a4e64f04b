"""What a happening is called: act and codes → a sentence, in the language of whoever reads it.

1. Only acts in KINDS are news; all others stay in the record without a bell.
2. `wide` kinds also reach those who follow the place, the process or the body; the others only the 의제's followers;
   `direct` ones only the person whose words they are about.
3. No sentence quotes anybody: the page behind it does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """A sentence, and the sentences for outcomes that deserve their own."""

    words: Any
    wide: bool = False
    direct: bool = False
    outcomes: Mapping[str, Any] = field(default_factory=dict)


KINDS: dict[str, Kind] = {
    "proposals.submit": Kind(_("새 제안이 올라왔습니다."), wide=True),
    "proposals.edit": Kind(_("제안 글이 고쳐졌습니다.")),
    "proposals.withdraw": Kind(_("제안자가 제안을 거두었습니다.")),
    "proposals.receive": Kind(_("다른 과정이 의제를 이어받았습니다."), wide=True),
    "proposals.revive": Kind(_("지난 의제가 다시 살아났습니다."), wide=True),
    "gate": Kind(_("정해진 수에 이르러 다음 단계가 열렸습니다."), wide=True),
    "duties.assign": Kind(_("답할 부서가 정해졌습니다.")),
    "duties.extend": Kind(_("기한이 한 번 연장되었습니다.")),
    "duties.transfer": Kind(_("맡은 부서가 바뀌었습니다. 기한은 그대로입니다.")),
    "duties.escalate": Kind(_("기한이 지나 윗자리에 알렸습니다."), wide=True),
    "duties.conclude": Kind(
        _("의제가 매듭지어졌습니다."),
        wide=True,
        outcomes={
            "expired": _("공감이 정해진 수에 이르지 못한 채 기간이 끝나 매듭지어졌습니다."),
            "merged": _("다른 의제와 합쳐졌습니다."),
            "passed-on": _("다른 과정으로 넘겨졌습니다."),
            "answered-elsewhere": _("다른 곳에서 답한 의제로 매듭지어졌습니다."),
        },
    ),
    "matters.link": Kind(_("다른 의제와 이어졌습니다.")),
    "deliberation.open_forum": Kind(_("공론장이 열렸습니다."), wide=True),
    "deliberation.close_forum": Kind(_("공론장이 끝나고 요약이 나왔습니다."), wide=True),
    "deliberation.reply": Kind(_("내 의견에 답글이 달렸습니다."), direct=True),
    "deliberation.hide": Kind(_("내 글이 규칙에 따라 가려졌습니다. 이의를 제기할 수 있습니다."), direct=True),
    "deliberation.settle_appeal": Kind(_("내 이의 제기의 결과가 나왔습니다."), direct=True),
    "decisions.reply": Kind(
        _("답변이 나왔습니다."),
        wide=True,
        outcomes={
            "accepted": _("답변이 나왔습니다: 수용"),
            "partial": _("답변이 나왔습니다: 일부 수용"),
            "long-term": _("답변이 나왔습니다: 장기 검토"),
            "declined": _("답변이 나왔습니다: 수용하지 않음"),
            "already-done": _("답변이 나왔습니다: 이미 하고 있음"),
        },
    ),
    "decisions.request_review": Kind(_("제안자가 다시 살펴 달라고 했습니다.")),
    "decisions.review": Kind(
        _("부서의 검토 결과가 나왔습니다."), outcomes={"fit": _("부서 검토: 적합"), "unfit": _("부서 검토: 부적합")}
    ),
    "decisions.open_resolution": Kind(_("의결이 시작되었습니다.")),
    "decisions.close_resolution": Kind(
        _("의결이 끝났습니다."),
        outcomes={
            "adopted": _("의결: 가결"),
            "rejected": _("의결: 부결"),
            "no-quorum": _("의결: 정족수에 이르지 못함"),
        },
    ),
    "decisions.open_ballot": Kind(_("투표가 열렸습니다."), wide=True),
    "decisions.close_ballot": Kind(
        _("투표 결과가 나왔습니다."),
        wide=True,
        outcomes={"chosen": _("투표 결과: 선정"), "not-chosen": _("투표 결과: 선정되지 않음")},
    ),
    "deliberation.sign_round": Kind(_("숙의 회차에 서명이 있었습니다.")),
    "deliberation.close_rounds": Kind(
        _("회차 숙의가 끝났습니다."),
        outcomes={"agreed": _("회차 숙의: 뜻을 모음"), "not-agreed": _("회차 숙의: 뜻을 모으지 못함")},
    ),
    "decisions.close_scoring": Kind(
        _("심사가 끝났습니다."), outcomes={"passed": _("심사: 통과"), "failed": _("심사: 통과하지 못함")}
    ),
    "duties.found_for": Kind(_("사업의 민관협의체가 꾸려졌습니다.")),
    "funds.offer_line": Kind(_("예산줄에 조정안이 나왔습니다.")),
    "funds.close_talk": Kind(
        _("예산줄의 협의가 끝났습니다."), outcomes={"agreed": _("예산 협의: 합의"), "dissent": _("예산 협의: 이견으로 남음")}
    ),
    "funds.enter_amount": Kind(_("예산 금액이 적혔습니다.")),
    "execution.promise": Kind(_("이행 약속이 적혔습니다."), wide=True),
    "execution.report_milestone": Kind(_("이행 소식이 올라왔습니다.")),
    "execution.attach_evidence": Kind(_("이행 근거가 올라왔습니다.")),
    "execution.change": Kind(_("약속이 바뀌었습니다. 처음 취지와 견주어 보세요.")),
    "execution.finish": Kind(
        _("약속한 일이 끝났습니다."),
        wide=True,
        outcomes={
            "finished": _("약속한 일이 끝났습니다. 정말 이루어졌는지 알려 주세요."),
            "stopped": _("약속한 일이 까닭과 함께 멈추었습니다."),
        },
    ),
    "evaluation.close": Kind(
        _("평가가 나왔습니다."),
        wide=True,
        outcomes={"confirmed": _("평가: 이루어짐을 확인"), "not-confirmed": _("평가: 이루어지지 않음")},
    ),
    "evaluation.reopen": Kind(_("다시 열기 요청이 있었습니다."), outcomes={"reopened": _("의제가 다시 열렸습니다.")}),
    "processes.open": Kind(_("새 과정이 열렸습니다."), wide=True),
    "processes.close": Kind(_("과정이 끝났습니다."), wide=True),
    # for the posts that owe something
    "duty-new": Kind(_("새로 할 일이 생겼습니다.")),
    "duty-up": Kind(_("아랫자리에서 기한을 지키지 못한 일입니다.")),
    "duty-soon": Kind(_("기한이 사흘 안으로 다가왔습니다.")),
    "duty-today": Kind(_("오늘이 기한입니다.")),
    "duty-late": Kind(_("기한이 지났습니다.")),
}
NEWS = frozenset(kind for kind in KINDS if "." in kind)  # kinds that are acts
CODES = ("outcome", "closed", "because", "to", "rule")  # what a notice keeps of the record line; codes, never words


def said(kind: str, codes: Mapping[str, Any]) -> str:
    """The sentence for a kind and its codes; a kind no longer known reads "기록된 일이 있습니다."."""
    known = KINDS.get(kind)
    if known is None:
        return str(_("기록된 일이 있습니다."))
    return str(known.outcomes.get(codes.get("outcome", ""), known.words))
