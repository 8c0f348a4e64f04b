"""A ballot: opened over the 의제 of a phase, cast in secret, closed with a tally anyone can do again.

1. The roll and the box are written in one transaction and share nothing that names the other.
2. The record says that somebody cast; it holds no choice and no receipt.
3. Closing publishes every paper in the order of its receipt, then the tally, proved by a second count.
"""

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.access.forms import Nothing
from madang.access.roles import role_of
from madang.decisions.forms import CastForm, OpenBallotForm, new_receipt
from madang.decisions.models import Ballot, Option, Review, RollEntry, SealedVote
from madang.decisions.queries import choices_of, papers_digest_of, published, rule_of, votes_of
from madang.duties import walk
from madang.funds.acts import put
from madang.funds.models import Fund, MoneyStage
from madang.funds.queries import worth
from madang.matters.models import Matter, Stage
from madang.methods.ballots import Round, Shares, decide, proves, shares
from madang.processes.models import Process
from madang.processes.queries import today, window
from madang.recipes.words import NOBODY_SPECIAL

TIES = ("votes", "cheaper", "order")  # printed on the paper before the vote
METHOD = "approval@1"


@act("decisions.open_ballot", _("투표 열기"), on="processes.process", form=OpenBallotForm, shows=("ballots", "news"))
def open_ballot(
    by: By,
    on: Process,
    *,
    question: str,
    use: str,
    matters: list[Matter] | None = None,
    fund: Fund | None = None,
    electorate: int | None = None,
    closes_on: date | None = None,
    synthetic: bool = False,
) -> Ballot:
    """Print the paper: every 의제 waiting in the ballot's phase (or those chosen), with its cost, in order of its
    number.

    Refusals: no-ballot-phase, nothing-to-vote-on, not-in-phase, ballot-open (one of them is on an open paper), no-date,
    closes-past, needs-electorate (the recipe asks a turnout), other-pot, one-at-a-time (the recipe votes 의제 by 의제).
    """
    phase = next((p for p in on.rules.phases if p.owes.act == "decisions.close_ballot" and p.ballot), None)
    if phase is None:
        raise Refused("no-ballot-phase")
    if fund is not None and fund.process_id != on.pk:
        raise Refused("other-pot")
    stages = Stage.objects.filter(phase=phase.key, closed_at=None, matter__process=on, matter__hidden_at=None)
    waiting = [stage.matter for stage in stages.select_related("matter").order_by("matter_id")]
    listed = sorted(matters, key=lambda matter: matter.pk) if matters else waiting
    _fit(phase.ballot.over, listed, waiting)
    rule = frozen(on, phase, fund, len(listed))
    if rule["quorum"] and electorate is None:
        raise Refused("needs-electorate", percent=rule["quorum"])
    opens_at, closes_at = _days(by, on, phase, stages, closes_on)
    ballot = Ballot.objects.create(
        process=on,
        phase=phase.key,
        question=question,
        use=use,
        rule=rule,
        fund=fund,
        electorate=electorate,
        opens_at=opens_at,
        closes_at=closes_at,
        synthetic=synthetic,
    )
    options = [
        Option(ballot=ballot, matter=matter, place=place, cost_krw=_cost(matter, fund))
        for place, matter in enumerate(listed, start=1)
    ]
    Option.objects.bulk_create(options)
    by.note(
        ballot,
        options=[option.matter_id for option in options],
        costs=[option.cost_krw for option in options],
        opens_at=opens_at.isoformat(),
        closes_at=closes_at.isoformat(),
        electorate=electorate,
        **rule,
    )
    for option in options:
        by.note(option.matter, ballot=ballot.pk, place=option.place)
    return ballot


def _fit(over: str, listed: list[Matter], waiting: list[Matter]) -> None:
    if not listed:
        raise Refused("nothing-to-vote-on")
    if {matter.pk for matter in listed} - {matter.pk for matter in waiting}:
        raise Refused("not-in-phase")
    if over == "matter" and len(listed) > 1:
        raise Refused("one-at-a-time")
    if Option.objects.filter(matter__in=listed, ballot__closed_at=None).exists():
        raise Refused("ballot-open")


def frozen(process: Process, phase: Any, fund: Fund | None, listed: int) -> dict[str, Any]:
    """The rule as it stands today, in plain numbers; nobody is asked for more picks than the paper lists."""
    rules, asked = process.rules, phase.ballot
    weights = {role: rules.value(name) for role, name in asked.weights.items()}
    return {
        "method": METHOD,
        "weights": {role: weight for role, weight in weights.items() if weight} or {"verified": 100},
        "picks_min": min(rules.value(asked.picks_min), listed) if asked.picks_min else 0,
        "picks_max": min(rules.value(asked.picks_max), listed) if asked.picks_max else 1,
        "quorum": rules.value(asked.quorum) if asked.quorum else 0,
        "pot": fund.total_krw if fund else rules.value(asked.pot) if asked.pot else None,
        "most": None,
        "ties": list(TIES),
    }


def _days(by: By, process: Process, phase: Any, stages: Any, closes_on: date | None) -> tuple[datetime, datetime]:
    """From now, or from the first day of the phase's window, to the end of the last day."""
    opens_at, last = by.at, closes_on
    span = window(process, phase.window) if phase.window else None
    if span is not None:
        opens_at = max(by.at, _midnight(span[0]))
        last = last or span[1]
    ends = [stage.acts_until for stage in stages if stage.acts_until]
    if last is None and ends:
        last = today(min(ends))
    if last is None:
        raise Refused("no-date")
    closes_at = _midnight(last + timedelta(days=1)) - timedelta(seconds=1)
    if closes_at <= opens_at:
        raise Refused("closes-past")
    return opens_at, closes_at


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=get_default_timezone())


def _cost(matter: Matter, fund: Fund | None) -> int:
    """What the 의제 would cost: its last amount in the pot, or the department's estimate, or nothing known (0)."""
    amount = worth(matter, fund)
    if amount is None:
        judged = Review.objects.filter(matter=matter, result="fit").order_by("-id").first()
        amount = judged.estimate_krw if judged else None
    return amount or 0


def voter_class(by: By, ballot: Ballot) -> str:
    """The class `by` votes in: of those held, the narrowest first (a seat before "any verified citizen"). Refusal:
    no-class."""
    weights = list(ballot.rule["weights"])
    narrow = [key for key in weights if key not in NOBODY_SPECIAL or key == "proposer"]
    for key in [*narrow, *(key for key in weights if key not in narrow)]:
        role = role_of("option-proposer" if key == "proposer" else key)
        if role.holds(by.person, ballot, by.at):
            return key
    raise Refused("no-class")


@act("decisions.cast", _("투표하기"), on="decisions.ballot", form=CastForm)
def cast(by: By, on: Ballot, *, picks: list[int], receipt: str = "") -> str:
    """Put one paper into the box and the voter's name on the roll; returns the receipt.

    Refusals: too-many-picks, too-few-picks, not-on-paper, already-voted, receipt-taken, no-class, ballot-over.
    """
    ballot = Ballot.objects.select_related("process").get(pk=on.pk)
    if ballot.closed_at is not None or not ballot.opens_at <= by.at <= ballot.closes_at:
        raise Refused("ballot-over")
    _accept(ballot, picks)
    group = voter_class(by, ballot)
    once(
        lambda: RollEntry.objects.create(ballot=ballot, person=by.person, voter_class=group, voted_on=today(by.at)),
        "already-voted",
    )
    code = receipt or new_receipt()
    once(
        lambda: SealedVote.objects.create(ballot=ballot, voter_class=group, picks=sorted(picks), receipt=code),
        "receipt-taken",
    )
    moved = Ballot.objects.filter(pk=ballot.pk, closed_at=None).update(cast=F("cast") + 1)
    if not moved:  # closed between our reading and our writing
        raise Refused("ballot-over")
    by.note(ballot, cast=1)
    return code


def _accept(ballot: Ballot, picks: list[int]) -> None:
    rule = ballot.rule
    if len(picks) > rule["picks_max"]:
        raise Refused("too-many-picks", most=rule["picks_max"], now=len(picks))
    if len(picks) < rule["picks_min"]:
        raise Refused("too-few-picks", least=rule["picks_min"], now=len(picks))
    printed = set(Option.objects.filter(ballot=ballot).values_list("place", flat=True))
    if len(set(picks)) != len(picks) or not set(picks) <= printed:
        raise Refused("not-on-paper")


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
    if not Ballot.objects.filter(pk=on.pk, closed_at=None).update(closed_at=by.at):
        raise Refused("already-done")
    ballot = Ballot.objects.select_related("process", "fund").get(pk=on.pk)
    _shuffle_box(ballot)
    options = _with_withdrawn(ballot)
    ballot.result = _tally(ballot, options)
    ballot.save(update_fields=["result"])
    by.note(ballot, **ballot.result)
    chosen = {step["place"] for step in ballot.result["rounds"] if step["chosen"]}
    for option in options:
        if option.outcome != "withdrawn":
            _send_on(by, ballot, option, option.place in chosen)
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


def _tally(ballot: Ballot, options: list[Option]) -> dict[str, Any]:
    choices = choices_of(options)
    rule = rule_of(ballot)
    votes = votes_of(ballot, {choice.key for choice in choices})
    counted = shares(choices, votes, rule)
    steps = decide(choices, counted, rule)
    fault = proves(choices, votes, rule, steps)
    if fault:
        raise RuntimeError(f"Ballot {ballot.pk}: the two counts disagree: {fault}")
    turnout = len(votes)
    quorate = not ballot.rule["quorum"] or 100 * turnout >= ballot.rule["quorum"] * (ballot.electorate or 0)
    return {
        "method": METHOD,
        "turnout": turnout,
        "quorate": quorate,
        "ballots": dict(counted.ballots),
        "papers": papers_digest_of(published(ballot)),
        "rounds": [_plain(step, counted, quorate) for step in steps],
    }


def _plain(step: Round, counted: Shares, quorate: bool) -> dict[str, Any]:
    """A round as the record keeps it: shares as "3/8", money in won."""
    return {
        "rank": step.rank,
        "place": int(step.key),
        "score": str(step.score),
        "votes": step.votes,
        "marks": dict(counted.marks[step.key]),
        "cost": step.cost,
        "left": step.left_before,
        "chosen": step.chosen and quorate,
        "lacked": step.lacked if quorate else "quorum",
        "short": str(Fraction(step.short)),
    }


def _shuffle_box(ballot: Ballot) -> None:
    """On PostgreSQL: write the box anew in the order of the receipts, so that no row keeps the transaction it came
    in."""
    if connection.vendor != "postgresql":
        return
    papers = list(SealedVote.objects.filter(ballot=ballot).order_by("receipt"))
    SealedVote.objects.filter(ballot=ballot).delete()
    SealedVote.objects.bulk_create(papers, batch_size=2000)


def _send_on(by: By, ballot: Ballot, option: Option, chosen: bool) -> None:
    option.outcome = "chosen" if chosen else "not-chosen"
    option.save(update_fields=["outcome"])
    if chosen and ballot.fund is not None:
        put(by, ballot.fund, option.matter, MoneyStage.VOTED, option.cost_krw, gettext_noop("투표 결과"))
    stage = Stage.objects.get(matter=option.matter, phase=ballot.phase, closed_at=None)
    walk.end(by, option.matter, "decisions.close_ballot", option.outcome, stage=stage)


refusals(
    {
        "no-ballot-phase": (_("이 과정에는 투표가 없습니다."), _("과정 화면에서 단계를 확인해 주세요.")),
        "nothing-to-vote-on": (_("투표 단계에 있는 의제가 없습니다."), _("의제가 투표 단계에 온 뒤에 열어 주세요.")),
        "not-in-phase": (_("투표 단계에 있지 않은 의제가 들어 있습니다."), _("투표 단계의 의제만 골라 주세요.")),
        "one-at-a-time": (_("이 과정은 의제마다 따로 투표합니다."), _("의제를 하나만 골라 주세요.")),
        "ballot-open": (_("이미 열린 투표에 올라 있는 의제가 있습니다."), _("그 투표를 마친 뒤에 열어 주세요.")),
        "no-date": (_("투표 마감일이 정해지지 않았습니다."), _("마감일을 골라 주세요.")),
        "needs-electorate": (
            _("이 투표는 투표율 %(percent)d%%를 넘어야 합니다. 투표할 수 있는 사람 수를 적어 주세요."),
            _("명부의 사람 수를 적으면 됩니다."),
        ),
        "ballot-running": (_("아직 투표 중입니다. %(closes_on)s까지 합니다."), _("마감한 다음 개표할 수 있습니다.")),
        "ballot-over": (_("지금은 투표 기간이 아닙니다."), _("투표 화면에서 날짜와 결과를 확인해 주세요.")),
        "too-many-picks": (
            _("%(most)d개까지 고를 수 있는데 %(now)d개를 골랐습니다."),
            _("고른 것을 줄이고 다시 내 주세요. 아직 투표한 것으로 치지 않았습니다."),
        ),
        "too-few-picks": (
            _("적어도 %(least)d개를 골라야 하는데 %(now)d개를 골랐습니다."),
            _("더 고르고 다시 내 주세요. 아직 투표한 것으로 치지 않았습니다."),
        ),
        "not-on-paper": (
            _("투표지에 없는 것을 골랐거나 하나를 두 번 골랐습니다."),
            _("투표지를 다시 열어 골라 주세요."),
        ),
        "receipt-taken": (
            _("이 영수증 번호는 이미 쓰였습니다."),
            _("투표지를 새로 열어 다시 내 주세요. 아직 투표한 것으로 치지 않았습니다."),
        ),
        "no-class": (_("이 투표의 선거인이 아닙니다."), _("누가 투표할 수 있는지는 투표 화면에 있습니다.")),
    }
)
