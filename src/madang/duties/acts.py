"""Verbs of duties: hand over, extend once, transfer with the date, conclude with words; and the clock's two."""

from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.bodies.models import Body, Seat
from madang.bodies.queries import in_office
from madang.duties import walk
from madang.duties.calendar import due
from madang.duties.forms import AssignForm, ConcludeForm, ExtendForm, FoundForForm, TransferForm
from madang.duties.models import Conclusion, Duty
from madang.matters.models import Assignment, Link, Matter, Stage
from madang.people.models import new_salt
from madang.processes.library import number, term
from madang.processes.queries import today
from madang.record import digest


@act(
    "duties.assign",
    _("담당 부서 지정하기"),
    on="matters.matter",
    form=AssignForm,
    outcomes=("assigned",),
    shows=("duties",),
)
def assign(by: By, on: Matter, *, body: Body, reason: str = "") -> Assignment:
    """Name the body that answers for the matter. Refusals: already-done (no assignment is waited for), citizens-body."""
    if body.side not in {"public", "council"}:
        raise Refused("citizens-body")
    if on.process.synthetic and not body.synthetic:
        raise Refused("real-body")
    Assignment.objects.filter(matter=on, lead=True, until_at=None).update(until_at=by.at)
    row = Assignment.objects.create(matter=on, body=body, since_at=by.at)
    by.note(row, body=body.key)
    _hand_over(by, on, body)
    walk.end(by, on, "duties.assign", "assigned")
    return row


@act(
    "duties.found_for",
    _("민관협의체 꾸리기"),
    on="matters.matter",
    form=FoundForForm,
    outcomes=("founded",),
    shows=("duties",),
)
def found_for(by: By, on: Matter, *, body: Body) -> Assignment:
    """Give the 의제 its own joint body; what the recipe puts behind it cannot begin without.

    Refusals: already-done, not-joint, one-sided (no civil or no public seat is filled), body-taken (it serves another open
    의제), real-body.
    """
    stage = walk.waiting(on, "duties.found_for", by)
    part = next((key for key, known in on.process.rules.bodies.items() if known.set_by == "duties.found_for"), "")
    if stage is None or not part:
        raise Refused("already-done")
    if body.side != "joint":
        raise Refused("not-joint")
    if on.process.synthetic and not body.synthetic:
        raise Refused("real-body")
    sides = set(Seat.objects.filter(in_office(by.at), body=body).exclude(person=None).values_list("side", flat=True))
    if not {"civil", "public"} <= sides:
        raise Refused("one-sided")
    Body.objects.select_for_update().get(pk=body.pk)  # two 의제, one body: the second waits here
    if Assignment.objects.filter(body=body, until_at=None, matter__closed_at=None).exclude(part="").exists():
        raise Refused("body-taken")
    row = Assignment.objects.create(matter=on, body=body, lead=False, part=part, since_at=by.at)
    by.note(row, body=body.key, part=part)
    walk.end(by, on, "duties.found_for", "founded", stage=stage)
    return row


@act(
    "duties.conclude",
    _("맺고 까닭 알리기"),
    on="matters.matter",
    form=ConcludeForm,
    outcomes=("expired", "merged", "passed-on", "answered-elsewhere"),
    shows=("duties", "matters"),
)
def conclude(by: By, on: Matter, *, outcome: str, reason: str, into: Matter | None = None) -> Conclusion:
    """The operator says why a matter goes no further here, and where it goes on. Refusals: already-done, no-reason, into-itself."""
    if len(reason.strip()) < 10:
        raise Refused("no-reason")
    if into is not None and into.pk == on.pk:
        raise Refused("into-itself")
    salt = new_salt()
    row = Conclusion.objects.create(
        matter=on, outcome=outcome, reason=reason, post=by.post, salt=salt, concluded_at=by.at
    )
    by.note(row, outcome=outcome, reason=digest(salt, reason))
    if into is not None:
        kind = "merge" if outcome == "merged" else "transfer"
        link = once(lambda: Link.objects.create(source=on, target=into, kind=kind, made_at=by.at), "already-linked")
        by.note(link, kind=kind, target=into.pk)
    if outcome == "merged":
        walk.leave(by, on, "merged")
    else:
        walk.end(by, on, "duties.conclude", outcome)
    return row


@act("duties.extend", _("기한 연장하기"), on="duties.duty", form=ExtendForm, shows=("duties",))
def extend(by: By, on: Duty, *, reason: str) -> Duty:
    """Once, with a reason, from the first due day. Refusals: already-extended, already-done, no-reason."""
    if len(reason.strip()) < 10:
        raise Refused("no-reason")
    if on.extended_at is not None:
        raise Refused("already-extended")
    until = due(on.due_on, *_extension(on))
    changed = Duty.objects.filter(pk=on.pk, extended_at=None, kept_at=None, released_at=None).update(
        extended_at=by.at, extension_reason=reason, due_on=until
    )
    if not changed:
        raise Refused("already-done")
    on.refresh_from_db()
    by.note(on, extended=True, first=on.first_due_on.isoformat(), due=until.isoformat())
    return on


@act("duties.transfer", _("다른 부서로 넘기기"), on="duties.duty", form=TransferForm, shows=("duties",))
def transfer(by: By, on: Duty, *, body: Body, reason: str) -> Duty:
    """To another department, with all it still owes on the 의제; the dates stay.

    Refusals: already-done, same-body, transfers-exhausted, citizens-body, not-the-departments (another body's duty).
    """
    if not _departments(on):
        raise Refused("not-the-departments")
    if body.pk == on.body_id:
        raise Refused("same-body")
    if body.side not in {"public", "council"}:
        raise Refused("citizens-body")
    if on.process.synthetic and not body.synthetic:
        raise Refused("real-body")
    most = number(on.process, "most_transfers")
    if on.transfers >= most:
        raise Refused("transfers-exhausted", most=most)
    changed = Duty.objects.filter(pk=on.pk, kept_at=None, released_at=None, transfers=on.transfers).update(
        body=body, transfers=on.transfers + 1
    )
    if not changed:
        raise Refused("already-done")
    was = on.body.key
    if Assignment.objects.filter(matter=on.matter, lead=True, until_at=None, body=on.body).update(until_at=by.at):
        Assignment.objects.create(matter=on.matter, body=body, since_at=by.at)
    on.refresh_from_db()
    by.note(on, body=body.key, was=was, due=on.due_on.isoformat(), transfers=on.transfers)
    _hand_over(by, on.matter, body)
    return on


def _hand_over(by: By, matter: Matter, to: Body) -> None:
    """What the department owes on the 의제 is owed by the one that is in charge now: whoever may act owes it."""
    owed = Duty.objects.filter(matter=matter, kept_at=None, released_at=None).exclude(stage=None).exclude(body=to)
    for duty in owed.select_related("stage", "body", "process"):
        if _departments(duty):
            by.note(duty, body=to.key, was=duty.body.key, due=duty.due_on.isoformat())
            Duty.objects.filter(pk=duty.pk).update(body=to)


def _departments(duty: Duty) -> bool:
    """Whether the recipe asks it of whichever department is in charge of the 의제."""
    if duty.stage is None:
        return False
    rules = duty.process.rules
    part = rules.bodies.get(rules.phase(duty.stage.phase).owes.by)
    return part is not None and part.matter and part.set_by == "duties.assign"


@act("duties.escalate", _("늦은 기한 알리기"), on="duties.duty", shows=("duties",), public=False)
def escalate(by: By, on: Duty) -> Duty:
    """The clock tells the next post of the recipe that a duty is late. Refusals: already-done, not-late."""
    if not on.is_open():
        raise Refused("already-done")
    if not on.late_on(today(by.at)):
        raise Refused("not-late")
    Duty.objects.filter(pk=on.pk).update(escalated=on.escalated + 1)
    on.escalated += 1
    posts = _escalates(on)
    to = posts[on.escalated - 1] if on.escalated <= len(posts) else "public-list"
    by.note(on, late=True, to=to, level=on.escalated)
    return on


@act("duties.close_reached", _("뜻이 모인 기간 닫기"), on="matters.stage", shows=("duties",), public=False)
def close_reached(by: By, on: Stage) -> Stage:
    """The clock ends a phase whose time is over and whose threshold was reached: the next phases already run. Refusal: not-over."""
    matter = on.matter
    if on.acts_until is None or by.at <= on.acts_until or not _reached(on):
        raise Refused("not-over")
    return walk.end(by, matter, walk.phase(on).owes.act, "reached", stage=on)


def _reached(stage: Stage) -> bool:
    """The recipe lets the clock end this phase, and one of its thresholds was passed."""
    matter = stage.matter
    passed = any(name.startswith(f"{stage.phase}:") for name in matter.gates_passed)
    return passed and matter.process.rules.closes_itself(stage.phase)


def _extension(duty: Duty) -> tuple[int, str]:
    """The length the phase names, else the house's."""
    named = duty.process.rules.phase(duty.stage.phase).owes.extends if duty.stage is not None else ""
    return term(duty.process, named or "extension_days")


def _escalates(duty: Duty) -> tuple[str, ...]:
    if duty.stage is None:
        return ()
    return duty.process.rules.phase(duty.stage.phase).owes.escalates


refusals(
    {
        "citizens-body": (_("담당은 행정 부서나 의회여야 합니다."), _("부서 목록에서 골라 주세요.")),
        "real-body": (
            _("지어낸 의제를 실제 기구에 맡길 수는 없습니다."),
            _("시연용으로 지어낸 기구 가운데 골라 주세요."),
        ),
        "not-joint": (_("민과 관이 함께 앉는 기구가 아닙니다."), _("공동 기구를 고르거나 새로 세워 주세요.")),
        "one-sided": (
            _("이 기구에는 한쪽의 자리만 채워져 있습니다."),
            _("민간 위원과 행정 위원을 적어도 한 사람씩 위촉한 다음 다시 해 주세요."),
        ),
        "body-taken": (
            _("이 기구는 다른 사업의 민관협의체입니다."),
            _("사업마다 따로 꾸립니다. 이 사업의 기구를 골라 주세요."),
        ),
        "no-reason": (_("까닭을 열 글자 이상 적어 주세요."), _("제안자가 읽을 말로, 무엇 때문인지 적어 주세요.")),
        "into-itself": (_("의제를 자기 자신과 합칠 수는 없습니다."), _("합칠 다른 의제의 번호를 적어 주세요.")),
        "already-linked": (_("두 의제는 이미 이어져 있습니다."), _("의제 화면의 이음에서 확인해 주세요.")),
        "already-extended": (
            _("이 기한은 이미 한 번 연장했습니다."),
            _("연장은 한 번뿐입니다. 지금 할 수 있는 답을 해 주세요."),
        ),
        "not-the-departments": (
        _("담당 부서가 맡은 일만 다른 부서로 넘깁니다."),
        _("운영팀과 위원회의 일은 그 기구가 합니다. 사람이 바뀌어도 일은 기구에 남습니다."),
    ),
    "same-body": (_("지금 맡고 있는 부서와 같습니다."), _("넘겨받을 다른 부서를 골라 주세요.")),
        "transfers-exhausted": (
            _("이미 %(most)d번 넘겼습니다."),
            _("더 넘기지 말고 관계 부서가 함께 조정회의를 열어 주세요."),
        ),
        "not-late": (_("아직 늦지 않았습니다."), _("기한이 지난 뒤에 알립니다.")),
        "not-over": (_("아직 닫을 때가 아닙니다."), _("기간이 끝나고 기준에 닿았을 때 닫힙니다.")),
    }
)
