"""Hands inside the journeys' city: what would take a browser hundreds of clicks (a crowd), or what happens outside it.

A process of its own on the city's database: reads one JSON line ({"do": name, …}), answers with one. Everything is done
by acts, as the house demands; only people and their attestations are made the way the desk and the mail would.
"""

import json
import sys
from datetime import date, timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402 — the house first
from django.utils import timezone  # noqa: E402

from madang.access import ACTS, By  # noqa: E402
from madang.bodies.models import Body, Seat  # noqa: E402
from madang.deliberation.models import Forum  # noqa: E402
from madang.doors import clock, founding  # noqa: E402
from madang.matters.models import Matter  # noqa: E402
from madang.people.models import Attestation, Person  # noqa: E402
from madang.people.queries import recount  # noqa: E402
from madang.places.models import Place  # noqa: E402
from madang.processes.models import Process  # noqa: E402
from madang.record.board import moved_all  # noqa: E402
from madang.record.seal import seal  # noqa: E402
from madang.record.sealer import seal_all  # noqa: E402


def days(by: int) -> str:
    """Turn the calendar; the clock does what is due, and every page is built anew as after midnight."""
    turned = settings.HOME / "days-ahead"
    turned.write_text(str(int(turned.read_text() if turned.exists() else "0") + by))
    clock.tick(timezone.now())
    moved_all()
    return timezone.localdate().isoformat()


def today(plus: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=plus)).isoformat()


def person(email: str, name: str = "", level: int = 2, place: str = "") -> str:
    """Somebody who joined by mail and, from level 2 on, was made sure of at a desk."""
    now = timezone.now()
    who = founding.enrol(email, now, name or email.split("@")[0])
    if level > 1:
        where = Place.objects.filter(code=place).first()
        Attestation.objects.create(
            person=who, level=level, adapter="desk", place=where, tie="lives" if where else "", attested_at=now
        )
        recount(who, now)
    return email


def body(key: str, name: str, side: str) -> str:
    city = founding.top()
    ACTS["bodies.found"](By(_steward(), timezone.now(), "desk"), city, key=key, name=name, side=side, synthetic=True)
    return key


def seat(email: str, body: str, post: str, side: str = "") -> str:
    """A steward appoints."""
    where = Body.objects.get(key=body)
    who = Person.objects.get(email=email)
    ACTS["bodies.appoint"](
        By(_steward(), timezone.now(), "desk"),
        where,
        person=who,
        post=post,
        side=side or where.side,
        route="ex-officio",
        since_date=date(2020, 1, 1),
    )
    return post


def open_process(
    recipe: str,
    key: str,
    name: str,
    parts: dict[str, str],
    windows: dict[str, list[int]] | None = None,
    archive: bool = False,
    place: str = "",
) -> int:
    """A steward opens an institution; windows in days from today."""
    castings = {part: Body.objects.get(key=cast) for part, cast in parts.items()}
    dated = {k: (_on(a), _on(b)) for k, (a, b) in (windows or {}).items()}
    ACTS["processes.open"](
        By(_steward(), timezone.now(), "desk"),
        Place.objects.get(code=place, valid_to=None) if place else founding.top(),
        recipe=recipe,
        key=key,
        name=name,
        castings=castings,
        windows=dated,
        archive=archive,
        source="자료 12쪽" if archive else "",
        synthetic=not archive,
    )
    return Process.objects.get(key=key).pk


def past(process: str, title: str, idea: str, source: str) -> str:
    """The loader enters a proposal of a past edition."""
    on = Process.objects.get(key=process)
    return str(
        ACTS["proposals.record_past"](
            By(None, timezone.now(), "clock"), on, title=title, idea=idea, source=source
        ).number
    )


def act(name: str, on: int | str, email: str, given: dict[str, object] | None = None) -> str:
    """One act by one person, as over the API; `on` is a number of a 의제, a key or an id."""
    from madang.doors.web.do import thing

    known = {"matters.matter": ("number", Matter), "processes.process": ("key", Process), "bodies.body": ("key", Body)}
    kind, model = known.get(ACTS[name].on, ("pk", None))
    pk = model.objects.get(**{kind: on}).pk if model else on
    form = ACTS[name].form
    about = thing(ACTS[name], str(pk))
    who = Person.objects.get(email=email)
    values = given or {}
    if form is not None:
        bound = form(values, on=about, person=who)
        if not bound.is_valid():
            raise ValueError(str(bound.errors.as_json(escape_html=False)))
        values = bound.cleaned_data
    result = ACTS[name](By(who, timezone.now(), "api"), about, **values)
    return str(getattr(result, "number", None) or getattr(result, "pk", ""))


def support(number: str, count: int) -> int:
    """`count` fresh people stand behind the 의제."""
    for who in _crowd(count):
        ACTS["proposals.support"](By(who, timezone.now(), "api"), _matter(number))
    return _matter(number).supports


def participate(number: str, count: int, side: str = "for") -> int:
    """`count` fresh people take a side in its forum."""
    forum = Forum.objects.select_related("matter__process").get(matter__number=number, closed_at=None)
    for who in _crowd(count):
        ACTS["deliberation.take_position"](By(who, timezone.now(), "api"), forum, side=side)
    forum.refresh_from_db()
    return forum.participants


def look(number: str) -> dict[str, object]:
    """Where a 의제 stands."""
    matter = _matter(number)
    return {
        "open": sorted(matter.open_phases),
        "outcome": matter.outcome,
        "supports": matter.supports,
        "participants": matter.participants,
        "station": matter.station,
        "duties": sorted(f"{d.body.key}:{d.act}" for d in matter.duties.filter(kept_at=None, released_at=None)),
    }


def numbers(process: str) -> list[str]:
    return list(Matter.objects.filter(process__key=process).order_by("id").values_list("number", flat=True))


def body_id(key: str) -> str:
    return str(Body.objects.get(key=key).pk)


def matter_id(number: str) -> int:
    return _matter(number).pk


def sealed() -> bool:
    """Everything so far stands in the log."""
    return seal_all() and seal(timezone.now()) is None


def seats(body: str) -> int:
    return Seat.objects.filter(body__key=body, released_at=None).count()


def _crowd(count: int) -> list[Person]:
    now, begin = timezone.now(), Person.objects.count()
    made = []
    for n in range(count):
        who = Person.objects.create_user(
            email=f"crowd{begin + n}@example.org", name=f"시민{begin + n}", joined_at=now, synthetic=True
        )
        Attestation.objects.create(person=who, level=2, adapter="desk", attested_at=now)
        recount(who, now)
        made.append(who)
    return made


def _steward() -> Person:
    found = Seat.objects.filter(body__key="stewards", released_at=None).select_related("person").first()
    if found is None:
        return founding.first_steward("steward@example.org", timezone.now()).person
    return found.person


def _matter(number: str) -> Matter:
    return Matter.objects.select_related("process").get(number=number)


def _on(days_: int) -> date:
    return timezone.localdate() + timedelta(days=days_)


def main() -> None:
    """Answer until the journey is over."""
    doors = {
        f.__name__: f
        for f in (
            days,
            today,
            person,
            body,
            seat,
            seats,
            open_process,
            past,
            act,
            support,
            participate,
            look,
            numbers,
            body_id,
            matter_id,
            sealed,
        )
    }
    for line in sys.stdin:
        asked = json.loads(line)
        name = asked.pop("do")
        try:
            said = {"is": doors[name](**asked)}
        except Exception as fault:  # noqa: BLE001 — told to the journey, which fails with it
            said = {"fault": f"{type(fault).__name__}: {getattr(fault, 'code', '')} {fault}"}
        print(json.dumps(said, ensure_ascii=False), flush=True)


main()
