"""Verbs of moderation: report, hide, let stand, appeal, settle. Part of acts.py, apart for its length.

1. A text is hidden by a rule of the list and a reason; both stand where the text stood.
2. The author is told by the record and may appeal once; the appeal is owed an answer by a date.
3. What is restored comes back exactly as it was, the search included.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.bodies.models import Body
from madang.deliberation.forms import AppealForm, DismissForm, HideForm, ReportForm, SettleForm
from madang.deliberation.models import Hiding, Opinion, Report, Rule
from madang.duties import walk
from madang.duties.calendar import due
from madang.matters import search
from madang.matters.models import Matter
from madang.matters.roles import body_for
from madang.processes.library import term
from madang.processes.models import Process
from madang.processes.queries import charter, today
from madang.proposals import contacts
from madang.proposals.models import Proposal
from madang.record import digest

SETTLES = "deliberation.settle_appeal"


@act("deliberation.report", _("신고하기"), on="deliberation.opinion", form=ReportForm)
def report(by: By, on: Opinion, *, rule: str, words: str = "") -> Report:
    """Ask the moderators to look at an opinion. Refusals: unknown-rule, not-shown, reported-already."""
    if not on.shown:
        raise Refused("not-shown")
    return _report(by, on.matter, on, rule, words)


@act("deliberation.report_proposal", _("의제 신고하기"), on="matters.matter", form=ReportForm)
def report_proposal(by: By, on: Matter, *, rule: str, words: str = "") -> Report:
    """Ask the moderators to look at the words of a 의제. Refusals: unknown-rule, not-shown, reported-already."""
    if on.hidden_at is not None:
        raise Refused("not-shown")
    return _report(by, on, None, rule, words)


@act("deliberation.let_stand", _("신고된 글 그대로 두기"), on="deliberation.report", form=DismissForm)
def let_stand(by: By, on: Report, *, reason: str) -> Report:
    """No rule is broken: every report of this text is settled. Refusals: reason-missing, already-done."""
    _check_reason(reason)
    if not _settle_reports(by, on.matter, on.opinion):
        raise Refused("already-done")
    by.note(on, let_stand=True)
    return on


@act("deliberation.hide", _("의견 가리기"), on="deliberation.opinion", form=HideForm)
def hide(by: By, on: Opinion, *, rule: str, reason: str) -> Hiding:
    """Take an opinion from view; a stub shows the rule and the reason.

    Refusals: unknown-rule, reason-missing, already-done.
    """
    _check_rule(rule)
    _check_reason(reason)
    if not Opinion.objects.filter(pk=on.pk, hidden_at=None).update(hidden_at=by.at):
        raise Refused("already-done")
    on.hidden_at = by.at
    return _hide(by, rule, reason, opinion=on)


@act("deliberation.hide_proposal", _("의제의 글 가리기"), on="matters.matter", form=HideForm, shows=("matters", "news"))
def hide_proposal(by: By, on: Matter, *, rule: str, reason: str) -> Hiding:
    """Take the words of a 의제 from view, lists and search; its duties go on.

    Refusals: unknown-rule, reason-missing, already-done.
    """
    _check_rule(rule)
    _check_reason(reason)
    if not Matter.objects.filter(pk=on.pk, hidden_at=None).update(hidden_at=by.at):
        raise Refused("already-done")
    on.hidden_at = by.at
    search.remove(on.pk)
    return _hide(by, rule, reason, whole=on)


@act("deliberation.appeal", _("이의 내기"), on="deliberation.hiding", form=AppealForm, shows=("duties",))
def appeal(by: By, on: Hiding, *, text: str) -> Hiding:
    """The author says why the hiding is wrong; from now on somebody owes an answer by a date.

    Refusals: not-yours, text-missing, resident-number, already-done (appealed once), no-body (nobody judges here).
    """
    if on.author_id is None or on.author_id != by.person.pk:
        raise Refused("not-yours")
    if not text.strip():
        raise Refused("text-missing")
    contacts.refuse_resident_numbers(text)
    free = Hiding.objects.filter(pk=on.pk, appealed_at=None, lifted_at=None)
    if not free.update(appeal=text, appealed_at=by.at):
        raise Refused("already-done")
    on.duty = walk.owe(
        by,
        on.matter,
        act=SETTLES,
        body=judges(on.process),
        title=gettext_noop("가린 글에 대한 이의 판단"),
        due_on=due(today(by.at), *term(on.process, "appeal_days")),
        rule="appeal_days",
    )
    on.appeal, on.appealed_at = text, by.at
    on.save(update_fields=["duty"])
    by.note(on, appealed=True, words=digest(bytes(on.salt), text))
    return on


@act(SETTLES, _("이의 판단하기"), on="deliberation.hiding", form=SettleForm, shows=("duties", "matters"))
def settle_appeal(by: By, on: Hiding, *, upheld: bool, reason: str) -> Hiding:
    """Answer an appeal with a reason: it stays hidden (`upheld`), or comes back as it was.

    Refusals: no-appeal, own-words (nobody judges their own text), reason-missing, already-done.
    """
    if on.appealed_at is None:
        raise Refused("no-appeal")
    if by.person is not None and on.author_id == by.person.pk:
        raise Refused("own-words")
    _check_reason(reason)
    waiting = Hiding.objects.filter(pk=on.pk, settled_at=None)
    lifted_at = None if upheld else by.at
    if not waiting.update(settled_at=by.at, upheld=upheld, settlement=reason, lifted_at=lifted_at):
        raise Refused("already-done")
    on.settled_at, on.upheld, on.settlement, on.lifted_at = by.at, upheld, reason, lifted_at
    if on.duty is not None and on.duty.is_open():
        walk.keep(by, on.duty)
    if not upheld:
        _restore(on)
    by.note(on, upheld=upheld, reason=digest(bytes(on.salt), reason))
    return on


def judges(process: Process) -> Body:
    """Who answers an appeal: the body behind the role that the recipe or the charter names. Refusal: no-body."""
    house = charter()
    tables = [process.rules.standing_may, house.rules.standing_may if house else {}]
    for role in next((table[SETTLES] for table in tables if table.get(SETTLES)), ()):
        body = body_for(process, role)
        if body is not None:
            return body
    raise Refused("no-body", part=SETTLES, called=str(settle_appeal.title))


# ── steps ────────────────────────────────────────────────────────────────────


def _report(by: By, matter: Matter, opinion: Opinion | None, rule: str, words: str) -> Report:
    _check_rule(rule)
    row: Report = once(
        lambda: Report.objects.create(
            matter=matter, opinion=opinion, person=by.person, rule=rule, words=words, reported_at=by.at
        ),
        "reported-already",
    )
    by.note(row, rule=rule, opinion=opinion.pk if opinion else None)
    return row


def _hide(by: By, rule: str, reason: str, **what: Any) -> Hiding:
    hiding = Hiding.objects.create(rule=rule, reason=reason, post=by.post, hidden_at=by.at, **what)
    _settle_reports(by, hiding.matter, hiding.opinion)
    by.note(hiding, rule=rule, reason=digest(bytes(hiding.salt), reason), opinion=hiding.opinion_id)
    return hiding


def _restore(hiding: Hiding) -> None:
    if hiding.opinion is not None:
        Opinion.objects.filter(pk=hiding.opinion.pk).update(hidden_at=None)
        return
    matter = hiding.matter
    Matter.objects.filter(pk=matter.pk).update(hidden_at=None)
    proposal = Proposal.objects.filter(matter=matter).first()
    search.index(matter.pk, matter.title, proposal.words() if proposal else "", matter.created_at)


def _settle_reports(by: By, matter: Matter, opinion: Opinion | None) -> int:
    return Report.objects.filter(matter=matter, opinion=opinion, settled_at=None).update(settled_at=by.at)


def _check_rule(rule: str) -> None:
    if rule not in Rule.values:
        raise Refused("unknown-rule")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason-missing")
    contacts.refuse_resident_numbers(reason)


refusals(
    {
        "unknown-rule": (_("그런 규칙은 없습니다."), _("규칙 목록에서 골라 주세요.")),
        "reported-already": (_("이미 신고한 글입니다."), _("중재자가 살펴보고 까닭과 함께 처리합니다.")),
        "no-appeal": (_("이의가 없는 글입니다."), _("이의는 글쓴이가 냅니다.")),
        "own-words": (_("자기 글에 대한 이의는 다른 사람이 판단합니다."), _("같은 기구의 다른 위원에게 맡겨 주세요.")),
    }
)
