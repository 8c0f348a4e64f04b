"""A ballot in words: how to mark it, and why marks are no valid vote; the same at the screen, at the desk and in the count."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.methods.ballots.marks import Void

VOID = {
    "form": _("투표지를 읽을 수 없습니다. 다시 표시해 주세요."),
    "twice": _("같은 것을 두 번 표시했습니다."),
    "not-on-paper": _("투표지에 없는 번호를 표시했습니다."),
    "other-sheet": _("다른 곳의 투표지에 표시했습니다. 내 장소의 장에만 표시할 수 있습니다."),
    "too-many": _("%(most)d개까지 고를 수 있는데 %(now)d개를 골랐습니다."),
    "too-few": _("적어도 %(least)d개를 골라야 하는데 %(now)d개를 골랐습니다."),
    "too-many-points": _("점은 모두 %(most)d개인데 %(now)d개를 붙였습니다."),
    "out-of-range": _("%(low)d에서 %(high)d 사이의 수만 적을 수 있습니다."),
    "too-much-money": _("고른 것의 비용이 %(now)d원으로, %(pot)d원을 넘습니다."),
    "same-rank": _("같은 순위를 두 번 적었습니다. 순위마다 하나씩 적어 주세요."),
    "unknown-class": _("이 투표의 선거인이 아닙니다."),
}


KINDS = {
    "yes-no": _("찬성과 반대"),
    "choose-one": _("하나 고르기"),
    "approval": _("여럿 고르기"),
    "ranking": _("순위 매기기"),
    "scores": _("점수 주기"),
    "dots": _("점 나누어 붙이기"),
    "knapsack": _("돈 안에서 고르기"),
    "sheets": _("장소별로 고르기"),
}


def void_words(fault: Void) -> Any:
    """The sentence for a void vote."""
    words = VOID[fault.code]
    try:
        return words % fault.detail
    except KeyError:
        return VOID["form"]


def how_to_mark(rule: dict[str, Any]) -> Any:
    """One sentence over the paper: how many, how much."""
    kind, least, most = rule["kind"], rule.get("least") or 0, rule.get("most")
    if kind == "yes-no":
        return _("물음마다 찬성이나 반대를 고릅니다. 고르지 않으면 기권입니다.")
    if kind == "choose-one":
        return _("하나를 고릅니다.")
    if kind == "ranking":
        return _("가장 좋은 것에 1, 그다음에 2를 적습니다. 적지 않은 것은 모두 그 아래입니다.")
    if kind == "scores":
        return _("마음에 드는 만큼 0점에서 %(n)d점까지 줍니다.") % {"n": rule["points"]}
    if kind == "dots":
        return _("점 %(n)d개를 나누어 붙입니다. 남겨도 됩니다.") % {"n": rule["points"]}
    if kind == "knapsack":
        return _("고른 사업의 비용을 더해 %(n)s원을 넘지 않게 고릅니다.") % {"n": f"{rule['pot']:,}"}
    if most is None:
        return _("마음에 드는 것을 모두 고릅니다.")
    if kind == "sheets":
        return _("장마다 %(n)d개까지 고를 수 있습니다.") % {"n": most}
    return (_("정확히 %(n)d개를 고릅니다.") if least == most else _("%(n)d개까지 고를 수 있습니다.")) % {"n": most}
