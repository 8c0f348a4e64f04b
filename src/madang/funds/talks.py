"""Verbs of 민관예산협의회: line by line — asked, offered, agreed or a dissent with the words of either side.

1. An offer stands until it is replaced; what a side said to the earlier offer stays with that one.
2. A side speaks through a seat, once an offer; both must speak before the line is closed: that is both signatures.
3. Agreed writes 조정 on the line. A dissent writes no amount: it stays with the line and travels to the bill.
"""

from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.access.forms import Nothing
from madang.bodies.models import Seat
from madang.bodies.queries import in_office
from madang.duties import walk
from madang.funds.acts import ORDER, put
from madang.funds.forms import AnswerLineForm, OfferForm
from madang.funds.models import Fund, Line, MoneyStage, Talk
from madang.funds.queries import latest
from madang.matters.models import Matter


@act("funds.offer_line", _("조정안 내기"), on="matters.matter", form=OfferForm)
def offer_line(by: By, on: Matter, *, fund: Fund, offered_krw: int, reason: str) -> Talk:
    """Lay an amount for the line before both sides; a later offer takes its place.

    Refusals: other-pot, nothing-asked, amount-reason-missing.
    """
    if fund.process_id != on.process_id:
        raise Refused("other-pot")
    line = Line.objects.select_for_update().filter(fund=fund, matter=on).first()
    stands = latest(line) if line else None
    if line is None or stands is None:
        raise Refused("nothing-asked")
    if len(reason.strip()) < 5:
        raise Refused("amount-reason-missing")
    Talk.objects.filter(line=line, replaced_at=None, closed_at=None).update(replaced_at=by.at)
    talk = once(
        lambda: Talk.objects.create(
            matter=on, line=line, asked_krw=stands.amount_krw, offered_krw=offered_krw, reason=reason.strip(), offered_at=by.at
        ),
        "already-done",
    )
    by.note(talk, line=line.pk, asked_krw=talk.asked_krw, offered_krw=offered_krw)
    return talk


def _open(talk: Talk) -> Talk:
    held = Talk.objects.select_for_update().select_related("matter__process", "line__fund").get(pk=talk.pk)
    if held.closed_at is not None or held.replaced_at is not None:
        raise Refused("already-done")
    return held


@act("funds.answer_line", _("조정안에 답하기"), on="funds.talk", form=AnswerLineForm)
def answer_line(by: By, on: Talk, *, agrees: bool, words: str = "") -> Talk:
    """Say for one's side whether it agrees, and why where it does not. Refusals: already-done, no-seat, already-signed,
    reason-missing."""
    talk = _open(on)
    seat = Seat.objects.filter(in_office(by.at), person=by.person, body__key=by.post.partition("/")[0]).order_by("id").first()
    if seat is None or seat.side not in ("civil", "public"):
        raise Refused("no-seat")
    if getattr(talk, f"{seat.side}_at") is not None or by.person.pk in _spoke(talk):
        raise Refused("already-signed")
    if not agrees and len(words.strip()) < 10:
        raise Refused("reason-missing")
    said = {"agrees": agrees, "words": words.strip(), "seat": seat, "at": by.at}
    Talk.objects.filter(pk=talk.pk).update(**{f"{seat.side}_{name}": value for name, value in said.items()})
    talk.refresh_from_db()
    by.note(talk, side=seat.side, agrees=agrees, seat=seat.pk)
    return talk


def _spoke(talk: Talk) -> set[int | None]:
    return {seat.person_id for seat in (talk.civil_seat, talk.public_seat) if seat is not None}


@act(
    "funds.close_talk",
    _("줄의 협의 마치기"),
    on="funds.talk",
    form=Nothing,
    outcomes=("agreed", "dissent"),
    shows=("matters", "duties", "news"),
)
def close_talk(by: By, on: Talk) -> Talk:
    """Close the line: agreed where both sides agree, else a dissent. Refusals: already-done, needs-signatures."""
    talk = _open(on)
    missing = [str(name) for side, name in (("civil", _("민")), ("public", _("관"))) if getattr(talk, f"{side}_at") is None]
    if missing:
        raise Refused("needs-signatures", sides=", ".join(missing))
    talk.outcome = "agreed" if talk.civil_agrees and talk.public_agrees else "dissent"
    talk.closed_at = by.at
    talk.save(update_fields=["outcome", "closed_at"])
    by.note(talk, outcome=talk.outcome, offered_krw=talk.offered_krw)
    if talk.outcome == "agreed":
        put(by, talk.line.fund, talk.matter, _stage(talk.line), talk.offered_krw, talk.reason)
    if walk.waiting(talk.matter, "funds.close_talk"):
        walk.end(by, talk.matter, "funds.close_talk", talk.outcome)
    return talk


def _stage(line: Line) -> str:
    """조정; where somebody wrote a later stage already, that one is corrected."""
    stands = latest(line)
    return max(MoneyStage.ADJUSTED.value, stands.stage if stands else "", key=lambda stage: ORDER.index(stage) if stage else -1)


refusals(
    {
        "nothing-asked": (
            _("이 재원에 적힌 요구액이 없습니다."),
            _("부서가 먼저 요구액을 적으면 조정안을 낼 수 있습니다."),
        ),
    }
)
