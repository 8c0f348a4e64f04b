"""A ballot opens over the 의제 of a phase, or over the answers to one, and is cast in secret.

1. What is printed is frozen: rule, lines and costs as they stand at opening; nothing loosens them afterwards.
2. The roll and the box are written in one transaction and share nothing that names the other.
3. The record says that somebody cast; it holds no mark and no receipt.
"""

import secrets
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.roles import role_of
from madang.decisions.electorate import admit, narrowed
from madang.decisions.forms import CastForm, OpenBallotForm, new_receipt
from madang.decisions.models import Ballot, Option, Review, RollEntry, SealedVote
from madang.decisions.queries import open_paper, printed, text_digest
from madang.decisions.words import VOID
from madang.funds.models import Fund
from madang.funds.queries import worth
from madang.matters.models import Matter, Stage
from madang.methods.ballots import paper
from madang.methods.ballots.marks import Void
from madang.people.queries import living
from madang.places.models import Place
from madang.places.queries import ancestors
from madang.processes.models import Process
from madang.processes.queries import today, window
from madang.proposals.counting import first
from madang.recipes.words import NOBODY_SPECIAL

TIES = ("votes", "cheaper", "order")  # printed on the paper before the vote
ENGINE = "ballots@2"


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
    answers: list[str] | None = None,
    closes_on: date | None = None,
    only: dict[str, Any] | None = None,
    kind: str = "",
    synthetic: bool = False,
) -> Ballot:
    """Print the paper: every 의제 waiting in the ballot's phase (or those chosen), with its cost, in order of its
    number; or the `answers` to the question of one 의제.

    Refusals: no-ballot-phase, nothing-to-vote-on, not-in-phase, ballot-open (one of them is on an open paper), no-date,
    closes-past, needs-electorate (the recipe asks a turnout), other-pot, one-at-a-time (the recipe votes 의제 by 의제),
    needs-answers (a 의제 voted on alone, not by yes and no, needs answers to choose from), no-answers-here, other-kind
    (the recipe does not offer this kind of ballot).
    """
    phase = next((p for p in on.rules.phases if p.owes.act == "decisions.close_ballot" and p.ballot), None)
    if phase is None:
        raise Refused("no-ballot-phase")
    if kind and kind != phase.ballot.kind:
        if kind not in phase.ballot.kinds:
            raise Refused("other-kind")
        phase = replace(phase, ballot=replace(phase.ballot, kind=kind, counting=phase.ballot.kinds[kind]))
    if fund is not None and fund.process_id != on.pk:
        raise Refused("other-pot")
    stages = Stage.objects.filter(phase=phase.key, closed_at=None, matter__process=on, matter__hidden_at=None)
    waiting = [stage.matter for stage in stages.select_related("matter").order_by("matter_id")]
    listed = sorted(matters, key=lambda matter: matter.pk) if matters else waiting
    _fit(phase.ballot, listed, waiting, answers or [])
    lines = _lines(listed, answers or [], fund, phase.ballot)
    rule = frozen(on, phase, fund, lines)
    if rule.get("quorum"):
        if electorate is None:
            raise Refused("needs-electorate", percent=rule["quorum"]["percent"])
        rule["quorum"]["base"] = electorate
    opens_at, closes_at = _days(by, on, phase, stages, closes_on)
    rule |= narrowed(on, phase.ballot, by.at, opens_at, only or {})
    rule["paper"] = text_digest(paper.text_of({"rule": rule, "lines": [printed(line) for line in lines]}))
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
    for line in lines:
        line.ballot = ballot
    Option.objects.bulk_create(lines)
    by.note(
        ballot,
        options=[line.matter_id for line in lines],
        costs=[line.cost_krw for line in lines],
        words=text_digest(paper.text_of({"question": question, "use": use, "lines": [str(line) for line in lines]})),
        opens_at=opens_at.isoformat(),
        closes_at=closes_at.isoformat(),
        electorate=electorate,
        **rule,
    )
    for matter in listed:
        by.note(matter, ballot=ballot.pk, places=[line.place for line in lines if line.matter_id == matter.pk])
    return ballot


def _fit(asked: Any, listed: list[Matter], waiting: list[Matter], answers: list[str]) -> None:
    if not listed:
        raise Refused("nothing-to-vote-on")
    if {matter.pk for matter in listed} - {matter.pk for matter in waiting}:
        raise Refused("not-in-phase")
    if asked.over == "matter" and len(listed) > 1:
        raise Refused("one-at-a-time")
    if asked.over == "matter" and asked.kind != "yes-no" and not answers:
        raise Refused("needs-answers")
    if answers and (asked.over != "matter" or asked.kind == "yes-no"):
        raise Refused("no-answers-here")
    if Option.objects.filter(matter__in=listed, ballot__closed_at=None).exists():
        raise Refused("ballot-open")


def _lines(listed: list[Matter], answers: list[str], fund: Fund | None, asked: Any) -> list[Option]:
    """What is printed, in its places; by sheets, from the smallest place to the largest."""
    if answers:
        return [Option(matter=listed[0], answer=answer, place=place) for place, answer in enumerate(answers, start=1)]
    if asked.sheets:
        levels = {matter.pk: _sheet(matter.place, asked.sheets) for matter in listed}
        listed = sorted(listed, key=lambda matter: (list(asked.sheets).index(levels[matter.pk].level), levels[matter.pk].code, matter.pk))
    return [
        Option(
            matter=matter,
            place=place,
            cost_krw=_cost(matter, fund),
            sheet=_sheet(matter.place, asked.sheets).code if asked.sheets else "",
            where=matter.place,
        )
        for place, matter in enumerate(listed, start=1)
    ]


def _sheet(place: Place, sheets: Any) -> Place:
    """The place whose sheet this place stands on: itself, or the smallest above it that has one."""
    for each in [place, *reversed(ancestors(place))]:
        if each.level in sheets:
            return each
    raise Refused("no-sheet-for-it", place=place.name)


def frozen(process: Process, phase: Any, fund: Fund | None, lines: list[Option]) -> dict[str, Any]:
    """The rule as it stands today, in plain numbers (ADR 0008); nobody is asked for more picks than the paper lists."""
    rules, asked = process.rules, phase.ballot

    def value(name: str) -> int | None:
        return rules.value(name) if name else None

    weights = {role: rules.value(name) for role, name in asked.weights.items()}
    sheets = _sheets(rules, asked, lines)
    fewest = min([len(lines), *(sum(line.sheet == sheet["key"] for line in lines) for sheet in sheets)])
    least, most = value(asked.picks_min) or 0, value(asked.picks_max)
    money = asked.counting in ("greedy", "equal-shares", "phragmen") or asked.kind == "knapsack"
    rule = {
        "engine": ENGINE,
        "kind": asked.kind,
        "counting": asked.counting,
        "secrecy": asked.secrecy,
        "revote": asked.revote,
        "interim": asked.interim,
        "channels": list(asked.channels),
        "weights": {role: weight for role, weight in weights.items() if weight},
        "least": min(least, fewest),
        "most": most if not most or asked.kind == "dots" else min(most, len(lines)),  # dots: how many on one line
        "points": value(asked.points),
        "seats": value(asked.seats),
        "pot": fund.total_krw if fund else value(asked.pot),
        "sheets": sheets,
        "quorum": {"percent": value(asked.quorum), "of": "electorate"} if asked.quorum else None,
        "bar": {"percent": value(asked.bar), "of": "votes", "more": value(asked.bar) == 50} if asked.bar else None,
        "utility": asked.utility,
        "completion": asked.completion if asked.counting == "equal-shares" else "",
        "least_age": value(asked.least_age),
        "ties": list(TIES),
        "look": secrets.token_hex(8),  # the seed of the integrity report, printed before anybody votes
    }
    if not money and asked.counting != "approval":
        rule["pot"] = None
    return {key: given for key, given in rule.items() if given not in (None, "", [], {})} | {"ties": list(TIES)}


def _sheets(rules: Any, asked: Any, lines: list[Option]) -> list[dict[str, Any]]:
    """The sheets of the paper in printed order. A sheet smaller than the largest place is for those who belong there."""
    found: dict[str, Place] = {}
    for line in lines:
        if line.sheet and line.where is not None:
            found.setdefault(line.sheet, _sheet(line.where, asked.sheets))
    widest = list(asked.sheets)[-1] if asked.sheets else ""
    dongs = {place.code: sorted({place.code, *place.children.values_list("code", flat=True)}) for place in found.values()}
    return [
        {
            "key": place.code,
            "title": place.name,
            "least": 0,
            "most": rules.value(asked.picks_max) if asked.picks_max else None,
            "pot": rules.value(asked.sheets[place.level]),
            "classes": [] if place.level == widest else dongs[place.code],
        }
        for place in found.values()
    ]


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
    """The class `by` votes in: of those held, the narrowest first (a seat before "any verified citizen").

    On a paper of sheets by place the class is the code of the smallest place that somebody made sure of, else "". Refusal:
    no-class.
    """
    if ballot.rule.get("sheets"):
        return _own_place(by, ballot)
    weights = list(ballot.rule.get("weights", ()))
    if not weights:
        return ""
    narrow = [key for key in weights if key not in NOBODY_SPECIAL or key == "proposer"]
    for key in [*narrow, *(key for key in weights if key not in narrow)]:
        role = role_of("option-proposer" if key == "proposer" else key)
        if role.holds(by.person, ballot, by.at):
            return key
    raise Refused("no-class")


def _own_place(by: By, ballot: Ballot) -> str:
    known = {code for sheet in ballot.rule["sheets"] for code in sheet.get("classes", ())}
    held = living(by.person, by.at).exclude(place=None).select_related("place").order_by("-place__level", "-id")
    codes = [one.place.code for one in held if one.place is not None and one.place.code in known]
    dongs = [one.place.code for one in held if one.place is not None and one.place.level == "dong" and one.place.code in known]
    return (dongs or codes or [""])[0]


@act("decisions.cast", _("투표하기"), on="decisions.ballot", form=CastForm)
def cast(by: By, on: Ballot, *, marks: str = "", receipt: str = "", room: str = "", position: str = "") -> str:
    """Put one vote, in its written form, into the box and the voter's name on the roll; returns the receipt.

    Refusals: void-* (one for each way a vote can be void), already-voted, receipt-taken, no-class, ballot-over, sealed-box.
    """
    ballot = on  # all but closed_at is frozen; that is asked last, in the same breath as the count
    if not ballot.opens_at <= by.at <= ballot.closes_at:
        raise Refused("ballot-over")
    if ballot.sealed:
        raise Refused("sealed-box")
    line = admit(ballot, by.person, by.at, room=room, position=position)
    group = line.voter_class if line is not None else voter_class(by, ballot)
    try:
        paper.read(open_paper(ballot), group, marks)
    except Void as fault:
        raise Refused(f"void-{fault.code}", **fault.detail) from None
    known = line.voter if line is not None else ""
    if not first(RollEntry(ballot=ballot, person=by.person, voter=known, voter_class=group, voted_on=today(by.at))):
        raise Refused("already-voted")
    code = receipt or new_receipt()
    if not first(SealedVote(ballot=ballot, voter_class=group, marks=marks, receipt=code)):
        raise Refused("receipt-taken")
    moved = Ballot.objects.filter(pk=ballot.pk, closed_at=None).update(cast=F("cast") + 1)
    if not moved:  # closed between our reading and our writing
        raise Refused("ballot-over")
    by.note(ballot, cast=1)
    return code


refusals(
    {
        "no-ballot-phase": (_("이 과정에는 투표가 없습니다."), _("과정 화면에서 단계를 확인해 주세요.")),
        "nothing-to-vote-on": (_("투표 단계에 있는 의제가 없습니다."), _("의제가 투표 단계에 온 뒤에 열어 주세요.")),
        "not-in-phase": (_("투표 단계에 있지 않은 의제가 들어 있습니다."), _("투표 단계의 의제만 골라 주세요.")),
        "one-at-a-time": (_("이 과정은 의제마다 따로 투표합니다."), _("의제를 하나만 골라 주세요.")),
        "ballot-open": (_("이미 열린 투표에 올라 있는 의제가 있습니다."), _("그 투표를 마친 뒤에 열어 주세요.")),
        "other-kind": (_("이 과정에서 쓰지 않는 투표 종류입니다."), _("과정이 허락한 종류를 골라 주세요.")),
        "no-date": (_("투표 마감일이 정해지지 않았습니다."), _("마감일을 골라 주세요.")),
        "needs-electorate": (
            _("이 투표는 투표율 %(percent)d%%를 넘어야 합니다. 투표할 수 있는 사람 수를 적어 주세요."),
            _("명부의 사람 수를 적으면 됩니다."),
        ),
        "ballot-running": (_("아직 투표 중입니다. %(closes_on)s까지 합니다."), _("마감한 다음 개표할 수 있습니다.")),
        "ballot-over": (_("지금은 투표 기간이 아닙니다."), _("투표 화면에서 날짜와 결과를 확인해 주세요.")),
        "sealed-box": (
            _("이 투표의 표는 봉해서 따로 있는 투표함에 넣습니다."),
            _("투표 화면에서 ‘비밀 투표 시작’을 눌러 주세요."),
        ),
        "needs-answers": (_("고를 수 있는 답이 없습니다."), _("답을 한 줄에 하나씩 두 개 이상 적어 주세요.")),
        "no-answers-here": (_("이 투표에는 답을 따로 적지 않습니다."), _("의제의 제목이 투표지에 그대로 실립니다.")),
        "no-sheet-for-it": (_("%(place)s의 의제를 실을 장이 없습니다."), _("과정이 정한 장소의 의제만 골라 주세요.")),
        "receipt-taken": (
            _("이 영수증 번호는 이미 쓰였습니다."),
            _("투표지를 새로 열어 다시 내 주세요. 아직 투표한 것으로 치지 않았습니다."),
        ),
        "no-class": (_("이 투표의 선거인이 아닙니다."), _("누가 투표할 수 있는지는 투표 화면에 있습니다.")),
    }
)
refusals(
    {
        f"void-{code}": (words, _("고쳐서 다시 내 주세요. 아직 투표한 것으로 치지 않았습니다."))
        for code, words in VOID.items()
    }
)
