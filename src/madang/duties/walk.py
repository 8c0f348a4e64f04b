"""The walk: how a 의제 goes from phase to phase, and who owes what on the way.

Called by acts of later rooms inside their transaction; every step is noted by the act that took it.
"""

from datetime import date, datetime, time

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, refusals
from madang.bodies.models import Body
from madang.bodies.queries import sits
from madang.duties.calendar import due
from madang.duties.models import Duty
from madang.matters.models import Matter, Stage, Station
from madang.matters.queries import body_for
from madang.processes.library import part_name
from madang.processes.queries import cast, today, window
from madang.recipes import CLOSED, WAITS, Gate, Phase

STATIONS = {"제안": "propose", "숙의": "deliberate", "결정": "decide", "집행": "execute", "평가": "evaluate"}
ORDER = [station.value for station in Station]
LOCKED = ("open_phases", "gates_passed", "station", "closed_at", "supports", "participants")


def begin(by: By, matter: Matter) -> None:
    """Open the first phases of a fresh matter."""
    rules = matter.process.rules
    for key in rules.first_phases():
        _enter(by, matter, rules.phase(key), "submit")
    _keep(matter)


def end(
    by: By, matter: Matter, act: str, outcome: str, stage: Stage | None = None, promised: date | None = None
) -> Stage:
    """End the open stage that waits for `act`: its duty is kept, what `outcome` opens next is opened.

    `promised` is the date a promise gives itself, for phases whose duty is due on the promised day.
    Refusals: already-done when no stage waits for the act (any more); which-stage when two do and `by` sits in neither;
    promised-too-late when the date lies beyond what the recipe allows.
    """
    _lock(matter)
    stage = stage or waiting(matter, act, by)
    if stage is None:
        raise Refused("already-done")
    closed = Stage.objects.filter(pk=stage.pk, closed_at=None).update(closed_at=by.at, outcome=outcome)
    if not closed:
        raise Refused("already-done")
    stage.closed_at, stage.outcome = by.at, outcome
    Duty.objects.filter(stage=stage, kept_at=None, released_at=None).update(kept_at=by.at)
    matter.open_phases.pop(stage.phase, None)
    by.note(stage, phase=stage.phase, outcome=outcome)
    rules = matter.process.rules
    _open(by, matter, rules.after(stage.phase, outcome, _counts(matter)), f"{stage.phase}:{outcome}", promised)
    if not matter.open_phases:
        _close(by, matter, outcome)
    _keep(matter)
    return stage


def counted(by: By, matter: Matter, counter: str) -> None:
    """A counter of the matter moved: open what its gates now reach. No query unless one is reached."""
    if not _reached(matter, counter):
        return
    _lock(matter)
    for phase_key, gate in _reached(matter, counter):
        matter.gates_passed.append(_name(phase_key, gate))
        _pass(by, matter, phase_key, gate)
    _keep(matter)


def acted(by: By, matter: Matter, act: str) -> None:
    """Somebody did `act`: pass the gates of the open phases that wait for it (a review asked for, an objection made)."""
    rules = matter.process.rules
    gates = [(key, gate) for key in matter.open_phases for gate in rules.opened_by(key, act)]
    if not gates:
        return
    _lock(matter)
    for phase_key, gate in gates:
        _pass(by, matter, phase_key, gate)
    _keep(matter)


def reenter(by: By, matter: Matter, key: str, because: str) -> Stage:
    """Open a phase again, of a closed matter too: what was not done is owed once more."""
    _lock(matter)
    if key in matter.open_phases:
        raise Refused("already-done")
    matter.closed_at, matter.outcome = None, ""
    stage = _enter(by, matter, matter.process.rules.phase(key), because)
    _keep(matter)
    return stage


def leave(by: By, matter: Matter, outcome: str) -> None:
    """The matter goes no further here (withdrawn, merged): stages close, open duties are released."""
    _lock(matter)
    if matter.closed_at is not None:
        raise Refused("already-done")
    Stage.objects.filter(matter=matter, closed_at=None).update(closed_at=by.at, outcome=outcome)
    Duty.objects.filter(matter=matter, kept_at=None, released_at=None).update(released_at=by.at)
    matter.open_phases.clear()
    _close(by, matter, outcome)
    _keep(matter)


def waiting(matter: Matter, act: str, by: By | None = None) -> Stage | None:
    """The open stage whose phase waits for `act`; of two, the one owed by the body `by` sits in, the most urgent first."""
    rules = matter.process.rules
    keys = [key for key in matter.open_phases if rules.phase(key).owes.act == act]
    if not keys:
        return None
    found = list(Stage.objects.filter(matter=matter, closed_at=None, phase__in=keys).order_by("id"))
    if len(found) > 1 and by is not None and by.person is not None:
        owed = Duty.objects.filter(stage__in=found, kept_at=None, released_at=None).select_related("body", "stage")
        mine = [duty for duty in owed.order_by("due_on", "id") if sits(by.person, duty.body, by.at)]
        if len({duty.body_id for duty in mine}) != 1:
            raise Refused("which-stage")
        return mine[0].stage
    return found[0] if found else None


stage = waiting  # the name other rooms ask by


def phase(stage: Stage) -> Phase:
    return stage.matter.process.rules.phase(stage.phase)


def owe(
    by: By,
    matter: Matter,
    *,
    act: str,
    body: Body,
    title: str,
    due_on: date,
    post: str = "",
    stage: Stage | None = None,
    rule: str = "",
) -> Duty:
    """Somebody owes `act` on `matter` by `due_on`: a milestone, an appeal, a follow-up."""
    duty = Duty.objects.create(
        matter=matter,
        stage=stage,
        process=matter.process,
        body=body,
        post=post,
        act=act,
        title=title[:120],
        owed_since=by.at,
        due_on=due_on,
        first_due_on=due_on,
        rule=rule,
    )
    by.note(duty, act=act, body=body.key, post=post, due=due_on.isoformat())
    return duty


def keep(by: By, duty: Duty) -> None:
    """What was owed is done. Refusal: already-done."""
    if not Duty.objects.filter(pk=duty.pk, kept_at=None, released_at=None).update(kept_at=by.at):
        raise Refused("already-done")
    by.note(duty, kept=True, late_days=max((today(by.at) - duty.due_on).days, 0))


def release(by: By, duty: Duty, because: str) -> None:
    """It is owed no longer, for a reason the record keeps as a code. Refusal: already-done."""
    if not Duty.objects.filter(pk=duty.pk, kept_at=None, released_at=None).update(released_at=by.at):
        raise Refused("already-done")
    by.note(duty, released=because)


def owing_body(matter: Matter, part: str) -> Body:
    """The body that plays `part` for this matter. Refusal: no-department, no-body."""
    known = matter.process.rules.bodies.get(part)
    of_matter = known is not None and known.matter
    body = body_for(matter, part) if of_matter else cast(matter.process, part)
    if body is None and known is not None and known.set_by == "duties.assign":
        raise Refused("no-department")
    if body is None:
        raise Refused("no-body", part=part, called=part_name(matter.process.rules, part))
    return body


# ── steps ────────────────────────────────────────────────────────────────────


def _counts(matter: Matter) -> dict[str, int]:
    return {"supports": matter.supports, "participants": matter.participants}


def _name(phase_key: str, gate: Gate) -> str:
    return f"{phase_key}:{gate.counts}:{gate.reaches}"


def _reached(matter: Matter, counter: str) -> list[tuple[str, Gate]]:
    """Counted gates of the open phases that are reached now and were not before. No query."""
    rules, counts = matter.process.rules, _counts(matter)
    return [
        (key, gate)
        for key in matter.open_phases
        for gate in rules.gates_passed(key, counts)
        if gate.counts == counter and _name(key, gate) not in matter.gates_passed
    ]


def _pass(by: By, matter: Matter, phase_key: str, gate: Gate) -> None:
    """Through a gate: what it opens is opened; a gate that ends its phase takes the place of the owed act."""
    name = gate.act or f"{gate.counts}:{gate.reaches}"
    if gate.ends:
        Stage.objects.filter(matter=matter, phase=phase_key, closed_at=None).update(
            closed_at=by.at, outcome=f"gate:{name}"[:30]
        )
        Duty.objects.filter(matter=matter, stage__phase=phase_key, kept_at=None, released_at=None).update(
            released_at=by.at
        )
        matter.open_phases.pop(phase_key, None)
    _open(by, matter, gate.opens, f"gate:{name}")


def _open(by: By, matter: Matter, keys: tuple[str, ...], because: str, promised: date | None = None) -> None:
    for key in keys:
        if key not in {CLOSED, WAITS} and key not in matter.open_phases:
            _enter(by, matter, matter.process.rules.phase(key), because, promised)


def _lock(matter: Matter) -> None:
    """Two acts on one matter take turns; what the other changed is read again."""
    fresh = Matter.objects.select_for_update().values(*LOCKED).get(pk=matter.pk)
    for name, value in fresh.items():
        setattr(matter, name, value)


def _enter(by: By, matter: Matter, phase: Phase, because: str, promised: date | None = None) -> Stage:
    until = acts_until(matter, phase, by.at)
    stage = Stage.objects.create(
        matter=matter,
        phase=phase.key,
        station=STATIONS[phase.station],
        opened_at=by.at,
        acts_until=until,
        because=because[:60],
    )
    matter.open_phases[phase.key] = until.isoformat() if until else ""
    by.note(stage, phase=phase.key, because=because)
    owes = phase.owes
    due_on = due_date(matter, phase, by.at, until)
    if owes.promised and promised:
        if promised > due_on:
            raise Refused("promised-too-late", latest=due_on.isoformat())
        due_on = promised
    owe(
        by,
        matter,
        stage=stage,
        act=owes.act,
        body=owing_body(matter, owes.by),
        post=owes.post,
        rule=owes.within,
        title=phase.name.ko,
        due_on=due_on,
    )
    return stage


def acts_until(matter: Matter, phase: Phase, at: datetime) -> datetime | None:
    """The last moment of the day on which the phase's acts end; None: until its owed act."""
    if phase.window:
        span = window(matter.process, phase.window)
        return _last_moment(span[1]) if span else None
    if phase.lasts:
        return _last_moment(due(today(at), *matter.process.rules.term(phase.lasts)))
    return None


def due_date(matter: Matter, phase: Phase, at: datetime, until: datetime | None) -> date:
    """By when the phase's act is owed, on the working-day calendar."""
    rules, owes = matter.process.rules, phase.owes
    start = today(until) if owes.after == "phase-end" and until else today(at)
    return due(max(start, today(at)), *rules.term(owes.within))


def _last_moment(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=get_default_timezone())


def _close(by: By, matter: Matter, outcome: str) -> None:
    matter.closed_at, matter.outcome = by.at, outcome
    Duty.objects.filter(matter=matter, kept_at=None, released_at=None).update(released_at=by.at)
    by.note(matter, closed=outcome)


def _keep(matter: Matter) -> None:
    """Write where the matter stands: the furthest station of its open phases, or the last it reached."""
    rules = matter.process.rules
    open_stations = [STATIONS[rules.phase(key).station] for key in matter.open_phases]
    if open_stations:
        matter.station = max(open_stations, key=ORDER.index)
    matter.save(update_fields=["open_phases", "gates_passed", "station", "closed_at", "outcome"])


refusals(
    {
        "which-stage": (
            _("같은 일을 두 기구가 기다리고 있어 어느 쪽인지 알 수 없습니다."),
            _("그 일을 맡은 기구의 자리로 로그인해 주세요."),
        ),
        "promised-too-late": (
            _("약속한 날이 너무 멉니다. 늦어도 %(latest)s까지입니다."),
            _("더 가까운 날로 나누어 약속해 주세요."),
        ),
        "no-department": (_("아직 담당 부서가 정해지지 않았습니다."), _("먼저 담당 부서를 지정해 주세요.")),
        "no-body": (
            _("이 일을 맡을 기구가 정해지지 않았습니다 (%(called)s)."),
            _("과정을 여는 곳에서 기구를 정해 주세요."),
        ),
    }
)
