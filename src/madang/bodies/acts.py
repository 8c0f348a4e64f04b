"""Verbs of bodies: found, appoint, release."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.bodies.forms import AppointForm, FoundForm, ReleaseForm
from madang.bodies.models import Body, Seat
from madang.bodies.queries import in_office, most_seats
from madang.people.models import Person
from madang.places.models import Place


@act("bodies.found", _("기구 세우기"), on="places.place", form=FoundForm, shows=("bodies",))
def found(
    by: By,
    on: Place,
    *,
    key: str,
    name: str,
    side: str,
    name_en: str = "",
    parent: Body | None = None,
    founded_on: date | None = None,
    sunset_on: date | None = None,
    rules: str = "",
    source: str = "",
    synthetic: bool = False,
) -> Body:
    """Set up a body at a place. `source` says where a real body is documented; `synthetic` marks an invented one."""
    body = Body.objects.create(
        key=key,
        name=name,
        name_en=name_en,
        side=side,
        parent=parent,
        place=on,
        founded_on=founded_on,
        sunset_on=sunset_on,
        rules=rules,
        source=source,
        synthetic=synthetic,
    )
    by.note(body, key=key, side=side, parent=parent.key if parent else "")
    return body


@act("bodies.appoint", _("위촉하기"), on="bodies.body", form=AppointForm, shows=("bodies",))
def appoint(
    by: By,
    on: Body,
    *,
    person: Person,
    post: str,
    side: str,
    route: str,
    since_date: date,
    until_date: date | None = None,
    override_reason: str = "",
) -> Seat:
    """Give a person a seat.

    Refusals: seat-taken (the same post twice), too-many-seats (committee rule, unless overridden in public), body-closed.
    """
    if on.closed_on:
        raise Refused("body-closed")
    held = Seat.objects.filter(in_office(by.at), person=person)
    if held.filter(body=on, post=post).exists():
        raise Refused("seat-taken")
    committees = held.filter(route__in=("nominated", "open", "drawn")).values("body").distinct().count()
    most = most_seats(on)
    if route != "ex-officio" and most is not None and committees >= most and not override_reason:
        raise Refused("too-many-seats", held=committees, most=most)
    seat = Seat.objects.create(
        body=on,
        person=person,
        post=post,
        side=side,
        route=route,
        since_date=since_date,
        until_date=until_date,
        override_reason=override_reason,
    )
    by.note(seat, body=on.key, post=post, side=side, route=route, override=bool(override_reason))
    return seat


@act("bodies.appoint_first", _("첫 자리 맡기기"), on="bodies.body", shows=("bodies",), public=False)
def appoint_first(by: By, on: Body, *, person: Person, post: str, since_date: date) -> Seat:
    """The first seat of a body nobody sits in yet, so that a new house has somebody who may appoint others. Refusal: already-done."""
    if Seat.objects.filter(in_office(by.at), body=on).exists():
        raise Refused("already-done")
    side = "civil" if on.side == "joint" else on.side
    seat = Seat.objects.create(body=on, person=person, post=post, side=side, route="ex-officio", since_date=since_date)
    by.note(seat, body=on.key, post=post, first=True)
    return seat


@act("bodies.release", _("해촉하기"), on="bodies.seat", form=ReleaseForm, shows=("bodies",))
def release(by: By, on: Seat, *, reason: str) -> None:
    """End a seat; its duties stay with the body and post. Refusal: already-done."""
    if not Seat.objects.filter(pk=on.pk, released_at=None).update(released_at=by.at):
        raise Refused("already-done")
    by.note(on, body=on.body.key, post=on.post, released=True)


refusals(
    {
        "body-closed": (_("문을 닫은 기구입니다."), _("이어받은 기구가 있는지 기구 목록에서 확인해 주세요.")),
        "seat-taken": (
            _("이 사람은 이 기구에서 같은 직위를 이미 맡고 있습니다."),
            _("기구 화면에서 지금의 자리를 확인해 주세요."),
        ),
        "too-many-seats": (
            _("이 사람은 이미 위원회 %(held)d곳에 있습니다. 한 사람은 %(most)d곳까지 맡습니다."),
            _("꼭 필요하면 규칙 예외 사유를 적어 주세요. 그대로 공개됩니다."),
        ),
    }
)
