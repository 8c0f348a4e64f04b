"""Verbs of execution: promise, report, show, change, answer, finish."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.bodies.models import Body, Side
from madang.bodies.queries import sits
from madang.duties import walk
from madang.duties.calendar import due
from madang.duties.models import Duty
from madang.execution.forms import (
    AnswerChangeForm,
    ChangeForm,
    EvidenceForm,
    FinishForm,
    MilestoneForm,
    PromiseForm,
    Step,
    written,
)
from madang.execution.models import Change, Commitment, Evidence, Field, Milestone, Owner
from madang.execution.queries import quoted_in
from madang.matters.models import Matter
from madang.people.models import new_salt
from madang.processes.library import number, term
from madang.processes.models import Process
from madang.processes.queries import cast, today
from madang.record import digest


@act(
    "execution.promise",
    _("약속하기"),
    on="matters.matter",
    form=PromiseForm,
    outcomes=("promised",),
    shows=("matters", "duties", "commitments", "news"),
)
def promise(
    by: By,
    on: Matter,
    *,
    promise: str,
    origin: str,
    goal: str,
    target: str,
    budget_krw: int,
    due_on: date,
    civil_owner: Body,
    public_owner: Body,
    milestones: list[Step],
) -> Commitment:
    """Write down the promise with its two owners and its milestones, each of which becomes a duty.

    Refusals: no-milestone, owner-side, date-past, milestone-after-end, not-a-quote (the origin does not stand in the
    proposal), promised-too-late, already-done.
    """
    if not milestones:
        raise Refused("no-milestone")
    if civil_owner.side not in {Side.CIVIL, Side.JOINT} or public_owner.side not in {Side.PUBLIC, Side.COUNCIL}:
        raise Refused("owner-side")
    if on.process.synthetic and not (civil_owner.synthetic and public_owner.synthetic):
        raise Refused("real-body")
    if min(due_on, *(step.due_on for step in milestones)) < today(by.at):
        raise Refused("date-past")
    if any(step.due_on > due_on for step in milestones):
        raise Refused("milestone-after-end")
    if not quoted_in(on, origin):
        raise Refused("not-a-quote")
    stage = walk.waiting(on, "execution.promise", by)
    if stage is None:
        raise Refused("already-done")
    salt = new_salt()
    made = once(
        lambda: Commitment.objects.create(
            matter=on,
            stage=stage,
            promise=promise,
            origin=origin,
            goal=goal,
            target=target,
            budget_krw=budget_krw,
            due_on=due_on,
            civil_owner=civil_owner,
            public_owner=public_owner,
            promised_at=by.at,
            salt=salt,
        ),
        "already-done",
    )
    by.note(
        made,
        promise=digest(salt, promise),
        origin=digest(salt, origin),
        goal=digest(salt, goal),
        target=digest(salt, target),
        budget_krw=budget_krw,
        due_on=due_on.isoformat(),
        civil=civil_owner.key,
        public=public_owner.key,
        milestones=len(milestones),
    )
    walk.end(by, on, "execution.promise", "promised", stage=stage, promised=due_on)
    for place, step in enumerate(sorted(milestones, key=lambda step: step.due_on), start=1):
        _set_milestone(by, made, place, step)
    return made


def _set_milestone(by: By, made: Commitment, number: int, step: Step) -> Milestone:
    body = made.civil_owner if step.owner == Owner.CIVIL else made.public_owner
    duty = walk.owe(by, made.matter, act="execution.report_milestone", body=body, title=step.title, due_on=step.due_on)
    return Milestone.objects.create(
        commitment=made, number=number, title=step.title, owner=step.owner, due_on=step.due_on, duty=duty
    )


def _held(commitment: Commitment) -> Commitment:
    """The commitment, held until the act is over. Refusal: already-done when it is finished."""
    held = (
        Commitment.objects.select_for_update()
        .select_related("matter__process", "civil_owner", "public_owner")
        .get(pk=commitment.pk)
    )
    if held.finished_at is not None:
        raise Refused("already-done")
    return held


@act(
    "execution.report_milestone",
    _("단계목표 알리기"),
    on="execution.milestone",
    form=MilestoneForm,
    shows=("duties", "commitments"),
)
def report_milestone(by: By, on: Milestone, *, words: str) -> Milestone:
    """Say that a milestone is done and how; its duty is kept. Refusals: reason-missing, already-done."""
    if len(words.strip()) < 5:
        raise Refused("say-what-was-done")
    _held(on.commitment)
    if not Milestone.objects.filter(pk=on.pk, done_at=None).update(done_at=by.at, words=words):
        raise Refused("already-done")
    on.refresh_from_db()
    by.note(on, number=on.number, owner=on.owner, words=digest(bytes(on.salt), words))
    walk.keep(by, on.duty)
    return on


@act(
    "execution.attach_evidence", _("증빙 붙이기"), on="execution.commitment", form=EvidenceForm, shows=("commitments",)
)
def attach_evidence(
    by: By, on: Commitment, *, note: str, link: str = "", milestone: Milestone | None = None
) -> Evidence:
    """Show that something happened. Refusals: other-promise (the milestone belongs elsewhere), bad-link,
    already-done."""
    commitment = _held(on)
    if milestone is not None and milestone.commitment_id != commitment.pk:
        raise Refused("other-promise")
    if link and not link.startswith(("https://", "http://")):
        raise Refused("bad-link")
    owner = Owner.CIVIL if sits(by.person, commitment.civil_owner, by.at) else Owner.PUBLIC
    salt = new_salt()
    shown = Evidence.objects.create(
        commitment=commitment, milestone=milestone, owner=owner, link=link, note=note, added_at=by.at, salt=salt
    )
    by.note(shown, owner=owner, note=digest(salt, note), link=digest(salt, link) if link else "")
    return shown


@act("execution.change", _("약속 바꾸기"), on="execution.commitment", form=ChangeForm, shows=("duties", "commitments"))
def change(by: By, on: Commitment, *, field: str, after: str, reason: str) -> Change:
    """Change one thing of the promise, in public; the note tells the proposer.

    A new goal or target, or a budget moved by more than a tenth, waits for the proposer's answer, and that answer is
    owed. Refusals: reason-missing, bad-value, same-value, change-waits (one of the same field waits),
    date-past, already-extended.
    """
    if len(reason.strip()) < 10:
        raise Refused("reason-missing")
    try:
        after = written(field, after)
    except ValueError:
        raise Refused("bad-value") from None
    commitment = _held(on)
    before = value_of(commitment, field)
    if before == after:
        raise Refused("same-value")
    if Change.objects.filter(commitment=commitment, field=field, answered_at=None).exclude(duty=None).exists():
        raise Refused("change-waits")
    if field == Field.DUE:
        _move_end(by, commitment, date.fromisoformat(after), reason)
    asks = asks_proposer(on.process, field, before, after)
    duty = _owe_answer(by, commitment) if asks else None
    salt = new_salt()
    row = Change.objects.create(
        commitment=commitment,
        field=field,
        before=before,
        after=after,
        reason=reason,
        changed_at=by.at,
        duty=duty,
        salt=salt,
    )
    _set(commitment, field, after)
    by.note(
        row,
        field=field,
        before=digest(salt, before),
        after=digest(salt, after),
        reason=digest(salt, reason),
        tells="proposer",
        asks=asks,
    )
    return row


def value_of(commitment: Commitment, field: str) -> str:
    """The field as it stands, in its one way of writing."""
    values = {
        Field.GOAL: commitment.goal,
        Field.TARGET: commitment.target,
        Field.BUDGET: str(commitment.budget_krw),
        Field.DUE: commitment.due_on.isoformat(),
    }
    return values[Field(field)]


def _set(commitment: Commitment, field: str, after: str) -> None:
    if field == Field.BUDGET:
        commitment.budget_krw = int(after)
    elif field == Field.DUE:
        commitment.due_on = date.fromisoformat(after)
    elif field == Field.GOAL:
        commitment.goal = after
    else:
        commitment.target = after
    commitment.save(update_fields=["goal", "target", "budget_krw", "due_on"])


def asks_proposer(process: Process, field: str, before: str, after: str) -> bool:
    """Whether the change needs the proposer's answer: goal, target, or a budget moved by more than the house's share."""
    if field == Field.DUE:
        return False
    if field == Field.BUDGET:
        return abs(int(after) - int(before)) * 100 > int(before) * number(process, "change_budget_percent")
    return True


def _move_end(by: By, commitment: Commitment, due_on: date, reason: str) -> None:
    """A later day extends the duty to finish, which may happen once; its first date stays. An earlier day is free."""
    if due_on < today(by.at):
        raise Refused("date-past")
    if Milestone.objects.filter(commitment=commitment, done_at=None, due_on__gt=due_on).exists():
        raise Refused("milestone-after-end")
    for duty in Duty.objects.filter(
        matter=commitment.matter_id, act="execution.finish", kept_at=None, released_at=None
    ):
        if due_on > duty.due_on:
            if duty.extended_at is not None:
                raise Refused("already-extended")
            duty.extended_at, duty.extension_reason = by.at, reason[:500]
        duty.due_on = due_on
        duty.save(update_fields=["due_on", "extended_at", "extension_reason"])


def _owe_answer(by: By, commitment: Commitment) -> Duty:
    """The one who may record the answer owes that it is there: the operator where the recipe lets it, else the
    civil owner."""
    rules = commitment.process.rules
    roles = {role for key in commitment.matter.open_phases for role in rules.may("execution.answer_change", key)}
    body = cast(commitment.process, rules.held_by) if "operator" in roles else commitment.civil_owner
    return walk.owe(
        by,
        commitment.matter,
        act="execution.answer_change",
        body=body or commitment.public_owner,
        title=gettext_noop("바뀐 약속에 대한 제안자의 답 듣기"),
        due_on=due(today(by.at), *term(commitment.process, "change_answer_days")),
        rule="change_answer_days",
    )


@act(
    "execution.answer_change",
    _("바뀐 약속에 답하기"),
    on="execution.change",
    form=AnswerChangeForm,
    shows=("duties", "commitments"),
)
def answer_change(by: By, on: Change, *, answer: str, words: str = "") -> Change:
    """The proposer agrees or not; whoever owes the answer may record silence, but only after the last day.

    Refusals: not-asked-of-proposer, proposer-answers, still-time, already-done.
    """
    if on.duty is None:
        raise Refused("not-asked-of-proposer")
    mine = by.person is not None and by.person.pk == on.matter.author_id
    if (answer == "silent") == mine:
        raise Refused("proposer-answers")
    if answer == "silent" and today(by.at) <= on.duty.due_on:
        raise Refused("still-time", until=on.duty.due_on.isoformat())
    if not Change.objects.filter(pk=on.pk, answered_at=None).update(
        answer=answer, answer_words=words, answered_at=by.at
    ):
        raise Refused("already-done")
    on.refresh_from_db()
    by.note(on, answer=answer, words=digest(bytes(on.salt), words) if words else "")
    walk.keep(by, on.duty)
    return on


@act(
    "execution.finish",
    _("약속 마치기"),
    on="execution.commitment",
    form=FinishForm,
    outcomes=("finished", "stopped"),
    shows=("matters", "duties", "commitments", "news"),
)
def finish(by: By, on: Commitment, *, outcome: str, words: str) -> Commitment:
    """Say it is done, with evidence and every milestone reported; or that it stops, and why.

    Refusals: reason-missing, no-evidence, milestones-open, change-waits, already-done.
    """
    if len(words.strip()) < 10:
        raise Refused("reason-missing")
    commitment = _held(on)
    if Change.objects.filter(commitment=commitment, answered_at=None).exclude(duty=None).exists():
        raise Refused("change-waits")
    undone = list(Milestone.objects.select_related("duty").filter(commitment=commitment, done_at=None))
    if outcome == "finished" and undone:
        raise Refused("milestones-open", number=len(undone))
    if outcome == "finished" and not Evidence.objects.filter(commitment=commitment).exists():
        raise Refused("no-evidence")
    commitment.finished_at, commitment.outcome, commitment.closing = by.at, outcome, words
    commitment.save(update_fields=["finished_at", "outcome", "closing"])
    by.note(
        commitment,
        outcome=outcome,
        words=digest(bytes(commitment.salt), words),
        late_days=max((today(by.at) - commitment.due_on).days, 0),
    )
    for milestone in undone:
        if milestone.duty.is_open():
            walk.release(by, milestone.duty, "stopped")
    walk.end(by, commitment.matter, "execution.finish", outcome)
    return commitment


refusals(
    {
        "no-milestone": (_("단계목표가 하나는 있어야 합니다."), _("언제까지 누가 무엇을 하는지 적어 주세요.")),
        "owner-side": (
            _("민과 관에서 맡은이가 하나씩 있어야 합니다."),
            _("민간 쪽과 행정 쪽의 기구를 각각 골라 주세요."),
        ),
        "date-past": (_("이미 지난 날짜가 있습니다."), _("오늘이나 그 뒤의 날짜를 적어 주세요.")),
        "milestone-after-end": (_("마치는 날보다 늦은 단계목표가 있습니다."), _("날짜를 맞추어 주세요.")),
        "not-a-quote": (
            _("처음 뜻으로 적은 문장이 제안에 없습니다."),
            _("제안의 글에서 한 문장을 그대로 옮겨 적어 주세요."),
        ),
        "say-what-was-done": (_("무엇을 했는지 적어야 합니다."), _("한 문장이라도 적어 주세요.")),
        "other-promise": (_("이 약속의 단계목표가 아닙니다."), _("이 약속의 단계목표를 골라 주세요.")),
        "bad-link": (
            _("누구나 열 수 있는 주소가 아닙니다."),
            _("http:// 또는 https://로 시작하는 주소를 적어 주세요."),
        ),
        "bad-value": (
            _("새 내용의 꼴이 맞지 않습니다."),
            _("예산은 원 단위 숫자로, 날짜는 2026-12-31처럼 적어 주세요."),
        ),
        "same-value": (_("지금과 같은 내용입니다."), _("바꿀 내용을 적어 주세요.")),
        "change-waits": (_("제안자의 답을 기다리는 변경이 있습니다."), _("답을 들은 뒤에 이어서 할 수 있습니다.")),
        "not-asked-of-proposer": (
            _("제안자의 답이 필요한 변경이 아닙니다."),
            _("약속 화면에서 변경 내역을 볼 수 있습니다."),
        ),
        "proposer-answers": (
            _("동의하는지는 제안자가 직접 답합니다. 답이 없었다는 것은 다른 쪽이 적습니다."),
            _("제안자로 로그인했는지 확인해 주세요."),
        ),
        "still-time": (_("제안자가 %(until)s까지 답할 수 있습니다."), _("그날이 지난 뒤에 적어 주세요.")),
        "no-evidence": (
            _("마쳤다고 하려면 증빙이 하나는 있어야 합니다."),
            _("문서나 사진의 주소와 설명을 붙여 주세요."),
        ),
        "milestones-open": (
            _("아직 알리지 않은 단계목표가 %(number)d개 있습니다."),
            _("단계목표를 알리거나, 못 하게 되었으면 ‘중단’으로 마쳐 주세요."),
        ),
    }
)
