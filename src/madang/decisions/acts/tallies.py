"""A ballot closes: counted twice, published, every 의제 sent on its way; and later a word on how the result was used.

1. Closing publishes every vote in the order of its receipt, then the tally, proved by a second count.
2. The record keeps the digests of votes and result, and the winners.
3. Whoever asked the question owes a report of what became of the answer, by a date.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from madang.access import By, Refused, act, refusals
from madang.access.forms import Nothing
from madang.decisions.accounts import account_of
from madang.decisions.forms import ReportUseForm
from madang.decisions.models import Ballot, Option, RollEntry, SealedVote
from madang.decisions.models.sealed import SealedPoll
from madang.decisions.queries import count_ballot, text_digest
from madang.decisions.reconciling import all_read
from madang.duties import walk
from madang.duties.calendar import due
from madang.duties.models import Duty
from madang.funds.acts import put
from madang.funds.models import MoneyStage
from madang.matters.models import Matter, Stage
from madang.methods.ballots import paper
from madang.processes.library import term
from madang.processes.queries import cast as playing
from madang.processes.queries import today


@act(
    "decisions.close_ballot",
    _("개표하기"),
    on="decisions.ballot",
    form=Nothing,
    outcomes=("chosen", "not-chosen"),
    shows=("matters", "duties", "ballots", "news"),
)
def close_ballot(by: By, on: Ballot) -> Ballot:
    """Count, prove, publish, and send each 의제 on its way: chosen or not-chosen. Refusals: ballot-running,
    already-done."""
    if by.at <= on.closes_at:
        raise Refused("ballot-running", closes_on=today(on.closes_at).isoformat())
    if SealedPoll.objects.filter(ballot=on, taken=None).exists():
        raise Refused("board-missing")
    if not Ballot.objects.filter(pk=on.pk, closed_at=None).update(closed_at=by.at):
        raise Refused("already-done")
    ballot = Ballot.objects.select_related("process", "fund").get(pk=on.pk)
    all_read(ballot)
    _shuffle_box(ballot)
    options = _with_withdrawn(ballot)
    ballot.result = count_ballot(ballot, options)
    ballot.account = account_of(ballot, options)
    ballot.save(update_fields=["result", "account"])
    result = ballot.result
    by.note(
        ballot,
        result=text_digest(paper.text_of(result)),
        papers=result["papers"],
        **{key: result[key] for key in ("turnout", "valid", "void", "ballots", "winners", "decided")},
    )
    for matter_id in dict.fromkeys(option.matter_id for option in options if option.outcome != "withdrawn"):
        _send_on(by, ballot, [option for option in options if option.matter_id == matter_id], result)
    _owe_use(by, ballot, options)
    return ballot


def _with_withdrawn(ballot: Ballot) -> list[Option]:
    """The options in printed order; those whose 의제 left the phase since are marked so."""
    options = list(Option.objects.filter(ballot=ballot).select_related("matter__process").order_by("place"))
    waiting = set(
        Stage.objects.filter(
            phase=ballot.phase, closed_at=None, matter__in=[option.matter_id for option in options]
        ).values_list("matter", flat=True)
    )
    for option in options:
        if option.matter_id not in waiting:
            option.outcome = "withdrawn"
            option.save(update_fields=["outcome"])
    return options


def _shuffle_box(ballot: Ballot) -> None:
    """On PostgreSQL: write box and roll anew in the order of their random keys, so that no row keeps the transaction it
    came in."""
    if connection.vendor != "postgresql":
        return
    roll = list(RollEntry.objects.filter(ballot=ballot).order_by("pk"))
    RollEntry.objects.filter(ballot=ballot).delete()
    RollEntry.objects.bulk_create(roll, batch_size=2000)
    papers = list(SealedVote.objects.filter(ballot=ballot).order_by("receipt"))
    SealedVote.objects.filter(ballot=ballot).delete()
    SealedVote.objects.bulk_create(papers, batch_size=2000)


def _send_on(by: By, ballot: Ballot, lines: list[Option], result: dict[str, Any]) -> None:
    """One 의제 with its lines goes where the outcome sends it; money is written down as voted."""
    won = False
    for line in lines:
        chosen = line.place in result["winners"]
        won = won or chosen
        line.outcome = "chosen" if chosen else "not-chosen"
        line.save(update_fields=["outcome"])
        if chosen and ballot.fund is not None:
            put(by, ballot.fund, line.matter, MoneyStage.VOTED, line.cost_krw, gettext_noop("투표 결과"))
    stage = Stage.objects.get(matter=lines[0].matter, phase=ballot.phase, closed_at=None)
    walk.end(by, lines[0].matter, "decisions.close_ballot", "chosen" if won else "not-chosen", stage=stage)


def _owe_use(by: By, ballot: Ballot, options: Iterable[Option]) -> None:
    """Whoever asked owes a word on what became of the answer, on the first 의제 of the paper."""
    body = playing(ballot.process, ballot.process.rules.held_by)
    first = next(iter(options), None)
    if body is None or first is None or walk.waiting(first.matter, "decisions.report_use"):
        return  # the recipe has a phase for it
    amount, unit = term(ballot.process, "use_report_days")
    walk.owe(
        by,
        first.matter,
        act="decisions.report_use",
        body=body,
        title=gettext_noop("투표 결과를 어떻게 썼는지 알리기"),
        due_on=due(by.at, amount, unit),
        rule="use_report_days",
    )


@act(
    "decisions.report_use",
    _("결과의 쓰임 알리기"),
    on="decisions.ballot",
    form=ReportUseForm,
    outcomes=("used",),
    shows=("ballots", "duties", "news"),
)
def report_use(by: By, on: Ballot, *, used: str) -> Ballot:
    """Say how the result was used, against what the paper promised. Refusals: not-counted-yet, already-done."""
    if on.closed_at is None:
        raise Refused("not-counted-yet")
    ballot = Ballot.objects.get(pk=on.pk)
    if not Ballot.objects.filter(pk=on.pk, used_at=None).update(used=used, used_at=by.at):
        raise Refused("already-done")
    ballot.used, ballot.used_at = used, by.at
    by.note(ballot, used=text_digest(used))
    listed = Matter.objects.filter(options__ballot=ballot).select_related("process").distinct().order_by("id")
    for matter in listed:
        if walk.waiting(matter, "decisions.report_use"):
            walk.end(by, matter, "decisions.report_use", "used")
    waiting = Duty.objects.filter(matter__in=[matter.pk for matter in listed], act="decisions.report_use", kept_at=None, released_at=None)
    owed = waiting.order_by("id").first()
    if owed is not None:
        walk.keep(by, owed)
    return ballot


refusals(
    {"not-counted-yet": (_("아직 개표하지 않았습니다."), _("개표한 다음 결과를 어떻게 썼는지 알려 주세요."))},
)
