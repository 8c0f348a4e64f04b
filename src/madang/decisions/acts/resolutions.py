"""A body resolves by public roll call; the system counts, two sides sign where the recipe asks."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.access.forms import Nothing
from madang.bodies.models import Seat
from madang.bodies.queries import in_office
from madang.decisions.forms import ExcludeForm, OpenResolutionForm, RecuseForm, VoteForm
from madang.decisions.models import Aside, Resolution, Signature, Vote
from madang.decisions.queries import count_now, electors
from madang.duties import walk
from madang.duties.models import Duty
from madang.matters.models import Matter, Stage
from madang.people.models import new_salt
from madang.processes.queries import today
from madang.record import digest


@act("decisions.open_resolution", _("의결에 부치기"), on="matters.matter", form=OpenResolutionForm)
def open_resolution(by: By, on: Matter, *, question: str, closes_on: date) -> Resolution:
    """Put a question to the body that owes the resolution; its bars are frozen from the recipe.

    Where the recipe lets a body take a 의제 up by itself, this opens the phase as well.
    Refusals: already-done (no phase waits, or one is open), closes-past, no-seats (nobody sits in the body).
    """
    if closes_on < today(by.at):
        raise Refused("closes-past")
    stage = walk.waiting(on, "decisions.close_resolution", by)
    if stage is None:
        walk.acted(by, on, "decisions.open_resolution")
        stage = walk.waiting(on, "decisions.close_resolution", by)
    if stage is None:
        raise Refused("already-done")
    body = (
        Duty.objects.select_related("body").filter(stage=stage, act="decisions.close_resolution").order_by("id")[0].body
    )
    seats = Seat.objects.filter(in_office(by.at), body=body).exclude(person=None).count()
    if not seats:
        raise Refused("no-seats")
    salt = new_salt()
    rule = frozen(on, stage)
    opened = once(
        lambda: Resolution.objects.create(
            matter=on,
            stage=stage,
            body=body,
            question=question,
            rule=rule,
            opened_at=by.at,
            closes_on=closes_on,
            salt=salt,
        ),
        "already-done",
    )
    by.note(
        opened, body=body.key, question=digest(salt, question), closes_on=closes_on.isoformat(), seats=seats, **rule
    )
    return opened


def frozen(matter: Matter, stage: Stage) -> dict[str, Any]:
    """The bars of the phase in percent of seats and of those present; 50 reads "more than half" (과반), others "at
    least"."""
    rules = matter.process.rules
    asked = rules.phase(stage.phase).resolution
    return {
        "quorum": rules.value(asked.quorum) if asked.quorum else 0,
        "majority": rules.value(asked.majority) if asked.majority else 50,
        "co_sign": list(asked.co_sign),
        "aside_leaves_base": True,
    }


def my_seat(by: By, resolution: Resolution) -> Seat:
    """The seat `by` speaks from in the resolving body. Refusals: no-seat, stands-aside."""
    seat = Seat.objects.filter(in_office(by.at), person=by.person, body=resolution.body_id).order_by("id").first()
    if seat is None:
        raise Refused("no-seat")
    if Aside.objects.filter(resolution=resolution, seat=seat).exists():
        raise Refused("stands-aside")
    return seat


def _still_open(resolution: Resolution) -> Resolution:
    """The resolution, held until the act is over. Refusal: already-done."""
    held = Resolution.objects.select_for_update().select_related("matter__process", "body").get(pk=resolution.pk)
    if held.closed_at is not None:
        raise Refused("already-done")
    return held


@act("decisions.vote", _("표결하기"), on="decisions.resolution", form=VoteForm)
def vote(by: By, on: Resolution, *, answer: str) -> Vote:
    """A seat votes in public. Refusals: no-seat, stands-aside, already-voted, already-done, voting-over."""
    resolution = _still_open(on)
    if today(by.at) > resolution.closes_on:
        raise Refused("voting-over")
    seat = my_seat(by, resolution)
    given = once(
        lambda: Vote.objects.create(resolution=resolution, seat=seat, answer=answer, voted_at=by.at), "already-voted"
    )
    by.note(resolution, seat=seat.pk, answer=answer)
    return given


@act("decisions.recuse", _("회피 신고하기"), on="decisions.resolution", form=RecuseForm)
def recuse(by: By, on: Resolution, *, reason: str) -> Aside:
    """A seat declares a conflict and stands aside; it leaves the base of the count. Refusals: as vote;
    reason-missing."""
    resolution = _still_open(on)
    return _stand_aside(by, resolution, my_seat(by, resolution), "recused", reason)


@act("decisions.exclude", _("제척·기피 정하기"), on="decisions.resolution", form=ExcludeForm)
def exclude(by: By, on: Resolution, *, seat: Seat, kind: str, reason: str) -> Aside:
    """Whoever closes the resolution sets a seat aside (제척, 기피). Refusals: no-seat, already-voted, stands-aside,
    reason-missing."""
    resolution = _still_open(on)
    if seat.body_id != resolution.body_id or not Seat.objects.filter(in_office(by.at), pk=seat.pk).exists():
        raise Refused("no-seat")
    return _stand_aside(by, resolution, seat, kind, reason)


def _stand_aside(by: By, resolution: Resolution, seat: Seat, kind: str, reason: str) -> Aside:
    if len(reason.strip()) < 10:
        raise Refused("reason-missing")
    if Vote.objects.filter(resolution=resolution, seat=seat).exists():
        raise Refused("already-voted")
    salt = new_salt()
    aside = once(
        lambda: Aside.objects.create(
            resolution=resolution, seat=seat, kind=kind, reason=reason, declared_at=by.at, salt=salt
        ),
        "stands-aside",
    )
    by.note(resolution, seat=seat.pk, aside=kind, reason=digest(salt, reason))
    return aside


@act("decisions.sign", _("서명하기"), on="decisions.resolution", form=Nothing)
def sign(by: By, on: Resolution) -> Signature:
    """Sign for one's side (민 or 관). Refusals: no-seat, stands-aside, not-asked (no signature of this side is
    asked), already-signed."""
    resolution = _still_open(on)
    seat = my_seat(by, resolution)
    if seat.side not in resolution.rule["co_sign"]:
        raise Refused("not-asked")
    signature = once(
        lambda: Signature.objects.create(resolution=resolution, seat=seat, side=seat.side, signed_at=by.at),
        "already-signed",
    )
    by.note(resolution, signed=seat.side, seat=seat.pk)
    return signature


@act(
    "decisions.close_resolution",
    _("의결 마치기"),
    on="decisions.resolution",
    form=Nothing,
    outcomes=("adopted", "rejected", "no-quorum"),
    shows=("matters", "duties", "news"),
)
def close_resolution(by: By, on: Resolution) -> Resolution:
    """Count the roll call and end the phase with what it came to.

    Refusals: resolution-running (before the last day while seats have not voted), needs-signatures, already-done.
    """
    resolution = _still_open(on)
    counted = count_now(resolution, by.at)
    spoke = Vote.objects.filter(resolution=resolution).count()
    if today(by.at) <= resolution.closes_on and spoke < electors(resolution, by.at).count():
        raise Refused("resolution-running", closes_on=resolution.closes_on.isoformat())
    missing = _unsigned(resolution) if counted["outcome"] == "adopted" else []
    if missing:
        raise Refused("needs-signatures", sides=", ".join(missing))
    resolution.closed_at, resolution.outcome, resolution.result = by.at, counted["outcome"], counted
    resolution.save(update_fields=["closed_at", "outcome", "result"])
    by.note(resolution, outcome=counted["outcome"], quorum=counted["quorum"], majority=counted["majority"])
    walk.end(by, resolution.matter, "decisions.close_resolution", counted["outcome"], stage=resolution.stage)
    return resolution


def _unsigned(resolution: Resolution) -> list[str]:
    signed = set(Signature.objects.filter(resolution=resolution).values_list("side", flat=True))
    names = {"civil": _("민"), "public": _("관"), "council": _("의회"), "joint": _("민관")}
    return [str(names[side]) for side in resolution.rule["co_sign"] if side not in signed]


refusals(
    {
        "closes-past": (_("마감일이 이미 지난 날입니다."), _("오늘이나 그 뒤의 날짜를 골라 주세요.")),
        "no-seats": (_("이 기구에 지금 자리를 맡은 사람이 없습니다."), _("먼저 위원을 위촉해 주세요.")),
        "no-seat": (_("이 기구의 위원이 아닙니다."), _("기구 화면에서 지금의 위원을 확인해 주세요.")),
        "stands-aside": (
            _("이 안건에서 물러난 자리입니다."),
            _("제척·기피·회피한 자리는 표결과 서명을 하지 않습니다."),
        ),
        "already-voted": (_("이미 투표했습니다."), _("한 번 낸 표는 바꿀 수 없습니다.")),
        "voting-over": (_("표결 기간이 끝났습니다."), _("개표 결과를 기다려 주세요.")),
        "already-signed": (_("이쪽의 서명은 이미 있습니다."), _("다른 쪽의 서명을 기다립니다.")),
        "not-asked": (_("이 의결은 그쪽의 서명을 받지 않습니다."), _("과정 화면에서 의결 규칙을 확인해 주세요.")),
        "resolution-running": (
            _("아직 표결 중입니다. %(closes_on)s까지 기다리거나 모든 자리가 표를 내야 마칠 수 있습니다."),
            _("그 뒤에 다시 마쳐 주세요."),
        ),
        "needs-signatures": (
            _("가결되었지만 서명이 아직 없습니다: %(sides)s."),
            _("민과 관이 한 사람씩 서명하면 마칠 수 있습니다."),
        ),
    }
)
