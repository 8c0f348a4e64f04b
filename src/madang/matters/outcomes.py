"""The words of outcomes: what a code at the end of a phase means to a person."""

from django.utils.translation import gettext_lazy as _

OUTCOMES = {
    "accepted": _("수용"),
    "partial": _("부분 수용"),
    "long-term": _("장기 검토"),
    "declined": _("불수용"),
    "already-done": _("이미 시행"),
    "assigned": _("부서 지정"),
    "expired": _("기간 안에 뜻이 모이지 않음"),
    "merged": _("다른 의제와 합침"),
    "passed-on": _("다른 과정으로 넘김"),
    "answered-elsewhere": _("다른 곳에서 답함"),
    "reached": _("기준에 닿아 다음 단계로"),
    "opened": _("열림"),
    "closed": _("닫힘"),
    "fit": _("적격"),
    "unfit": _("부적격"),
    "adopted": _("가결"),
    "rejected": _("부결"),
    "no-quorum": _("정족수 모자람"),
    "chosen": _("뽑힘"),
    "not-chosen": _("뽑히지 않음"),
    "promised": _("약속함"),
    "finished": _("마침"),
    "stopped": _("멈춤"),
    "entered": _("금액 적음"), "cut": _("금액이 모두 깎임"),
    "confirmed": _("이루어졌음을 확인"),
    "not-confirmed": _("이루어지지 않음"),
    "reopened": _("다시 엶"),
    "withdrawn": _("제안자가 거둠"),
    "archived": _("이행 정보 없음"),
    "revived": _("되살림"),
}


def outcome_words(code: str) -> str:
    """The word for an outcome; a gate passed by an act or a count reads as having gone on."""
    if code.startswith("gate:"):
        return str(_("다음 단계로"))
    return str(OUTCOMES.get(code, code))
