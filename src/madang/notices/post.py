"""The post: reads the record after its cursor and tells those it concerns.

1. Notices and the cursor are written in one short transaction: a crash loses nothing and doubles nothing. Automatic
   follows are written just before it; writing them again changes nothing.
2. Of two clocks with the same batch, the one that moves the cursor tells it.
3. Nobody is told of their own act: whoever has the actor's pseudonym is left out.
4. Reminders (D-3, due, late) go out once a day and only once each, whatever the clock does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime

from madang.access import By
from madang.bodies.models import Seat
from madang.duties.models import Duty
from madang.matters.models import Matter
from madang.notices.channels import inapp
from madang.notices.happenings import Happening, batch, gathered
from madang.notices.models import Cursor, Follow, Notice, Why
from madang.notices.queries import holding, seats_of
from madang.notices.words import KINDS
from madang.people.models import Person
from madang.processes.models import Process
from madang.record import Note

OPINION, HIDING = "deliberation.opinion", "deliberation.hiding"
BATCH = 500
SOON = 3  # days before a due day
# whose act a line of the record is, for following what one took part in: model with a person → why
TAKING_PART = {
    "proposals.support": Why.SUPPORTED,
    "deliberation.opinion": Why.SPOKEN,
    "evaluation.confirmation": Why.SPOKEN,
}


@dataclass
class Counts:
    """What one run did."""

    read: int = 0
    told: int = 0
    follows: int = 0
    reminded: int = 0


def run(at: datetime) -> Counts:
    """Tell everything sealed since the last run, then remind of what comes due. Safe to run as often as one likes."""
    counts = Counts()
    while _batch(at, counts):
        pass
    remind(at, counts)
    return counts


def _batch(at: datetime, counts: Counts) -> bool:
    """One batch: what to tell is worked out without a lock, then told and ticked off together; whether there may
    be more.
    """
    cursor, _created = Cursor.objects.get_or_create(name="post")
    leaves = batch(cursor.position, BATCH)
    if not leaves:
        return False
    happenings = gathered(leaves)
    around = Around.of(happenings, at)
    follows = _follows(happenings, around)
    Follow.objects.bulk_create(follows, ignore_conflicts=True, batch_size=500)
    around.listen([happening for happening in happenings if happening.kind])
    rows = [row for happening in happenings for row in _told(happening, around)]
    with transaction.atomic():
        ours = Cursor.objects.filter(name="post", position=cursor.position).update(position=leaves[-1].position)
        if not ours:
            return True  # another clock told this batch meanwhile
        counts.told += inapp.keep(rows)
    counts.read += len(leaves)
    counts.follows += len(follows)
    return len(leaves) >= BATCH


# ── what a batch needs to know ───────────────────────────────────────────────
@dataclass
class Around:
    """The things a batch is about and who follows them, in a fixed number of queries."""

    matters: dict[int, Matter]
    processes: dict[int, Process]
    duties: dict[int, Duty]
    people: dict[str, dict[int, int]]  # model → id of the row → person
    authors: dict[tuple[str, int], Person]  # whose words an opinion or a hiding is about
    seats: list[Seat]
    followers: dict[tuple[str, int], list[Follow]] = field(default_factory=dict)

    @classmethod
    def of(cls, happenings: list[Happening], at: datetime) -> "Around":
        matters = Matter.objects.select_related("process", "author", "place__parent__parent").in_bulk(
            {h.matter_id for h in happenings if h.matter_id}
        )
        processes = Process.objects.select_related("place__parent__parent").in_bulk(
            {h.process_id for h in happenings if h.process_id}
        )
        duties = Duty.objects.select_related("body").in_bulk(
            {pk for h in happenings for pk, _values in h.subjects("duties.duty")}
        )
        seats = seats_of({duty.body_id for duty in duties.values()}, at)
        return cls(matters, processes, duties, _people(happenings), _authors(happenings), seats)

    def listen(self, news: list[Happening]) -> None:
        """Ask who follows what the news is about; one query, none without news."""
        if not news:
            return
        matters = [self.matters[h.matter_id] for h in news if h.matter_id in self.matters]
        alone = [self.processes[h.process_id] for h in news if h.process_id in self.processes]
        duties = [self.duties[pk] for h in news for pk, _values in h.subjects("duties.duty") if pk in self.duties]
        places = [*(matter.place for matter in matters), *(process.place for process in alone)]
        wanted = (
            Q(matter__in={matter.pk for matter in matters})
            | Q(place__in={pk for place in places for pk in path(place)})
            | Q(process__in={*(process.pk for process in alone), *(matter.process_id for matter in matters)})
            | Q(body__in={duty.body_id for duty in duties})
        )
        rows = Follow.objects.filter(wanted, ended_at=None, person__is_active=True).select_related("person")
        for row in rows:
            for name in ("matter", "place", "process", "body"):
                if pk := getattr(row, f"{name}_id"):
                    self.followers.setdefault((name, pk), []).append(row)


def path(place: Any) -> list[int]:
    """The place and those above it, as far as they were loaded."""
    found = []
    while place is not None:
        found.append(place.pk)
        place = place.parent
    return found


def _people(happenings: list[Happening]) -> dict[str, dict[int, int]]:
    found = {}
    for label in TAKING_PART:
        rows = {pk for happening in happenings for pk, _values in happening.subjects(label)}
        if rows:
            query = apps.get_model(label).objects.filter(pk__in=rows, person__is_active=True)
            found[label] = dict(query.values_list("pk", "person"))
    return found


def _authors(happenings: list[Happening]) -> dict[tuple[str, int], Person]:
    """Whose words were answered (an opinion by the id a reply is `to`) or hidden (a hiding). Two queries at most."""
    answered = {
        values["to"] for h in happenings for _pk, values in h.subjects(OPINION) if isinstance(values.get("to"), int)
    }
    hidden = {pk for h in happenings for pk, _values in h.subjects(HIDING)}
    found: dict[tuple[str, int], Person] = {}
    if answered:
        rows = apps.get_model(OPINION).objects.filter(pk__in=answered).select_related("person")
        found.update({(OPINION, row.pk): row.person for row in rows})
    if hidden:
        rows = apps.get_model(HIDING).objects.filter(pk__in=hidden).select_related("opinion__person", "whole__author")
        found.update({(HIDING, row.pk): row.opinion.person if row.opinion else row.whole.author for row in rows})
    return {key: person for key, person in found.items() if person is not None and person.is_active}


# ── following what one took part in ──────────────────────────────────────────
def _follows(happenings: list[Happening], around: Around) -> list[Follow]:
    """Proposers, supporters and speakers follow their 의제 from then on; who left it has a row that stands in the
    way.
    """
    rows: dict[tuple[int, int], Follow] = {}
    for happening in happenings:
        for person, matter, why in _took_part(happening, around):
            rows.setdefault(
                (person, matter), Follow(person_id=person, matter_id=matter, why=why, since_at=happening.at)
            )
    return list(rows.values())


def _took_part(happening: Happening, around: Around) -> Iterable[tuple[int, int, str]]:
    matter = around.matters.get(happening.matter_id or 0)
    if matter is None:
        return
    if happening.act in {"proposals.submit", "proposals.revive"} and matter.author and matter.author.is_active:
        yield matter.author.pk, matter.pk, Why.PROPOSED
    for label, why in TAKING_PART.items():
        for pk, _values in happening.subjects(label):
            if pk in around.people.get(label, {}):
                yield around.people[label][pk], matter.pk, why


# ── telling ──────────────────────────────────────────────────────────────────
def _told(happening: Happening, around: Around) -> Iterable[Notice]:
    """The notices of one happening: to followers of what it is about, and to the posts that now owe something."""
    yield from _to_posts(happening, around)
    kind = happening.kind
    if not kind:
        return
    note = Note(f"matters.matter:{happening.matter_id}", happening.matter_id, happening.process_id)
    for person in (
        _concerned(happening, around) if KINDS[kind].direct else _listeners(happening, around, KINDS[kind].wide)
    ):
        if happening.actor and By(person, happening.at).pseudonym(note) == happening.actor:
            continue
        yield Notice(
            person=person, position=happening.position, kind=kind, codes=happening.codes, made_at=happening.at,
            matter_id=happening.matter_id if happening.matter_id in around.matters else None,
            process_id=happening.process_id if happening.process_id in around.processes else None,
        )


def _listeners(happening: Happening, around: Around, wide: bool) -> list[Person]:
    """Who followed one of the things it is about when it happened."""
    matter = around.matters.get(happening.matter_id or 0)
    process = around.processes.get(happening.process_id or 0)
    things: list[tuple[str, int]] = []
    if matter:
        things.append(("matter", matter.pk))
    if wide and matter:
        things += [("process", matter.process_id), *(("place", pk) for pk in path(matter.place))]
    elif wide and process:
        things += [("process", process.pk), *(("place", pk) for pk in path(process.place))]
    if wide:
        duties = [around.duties[pk] for pk, _values in happening.subjects("duties.duty") if pk in around.duties]
        things += [("body", duty.body_id) for duty in duties]
    follows = (follow for thing in things for follow in around.followers.get(thing, ()))
    return list({follow.person_id: follow.person for follow in follows if follow.since_at <= happening.at}.values())


def _concerned(happening: Happening, around: Around) -> list[Person]:
    """Whose words it is about."""
    keys = [(OPINION, values["to"]) for _pk, values in happening.subjects(OPINION) if isinstance(values.get("to"), int)]
    keys += [(HIDING, pk) for pk, _values in happening.subjects(HIDING)]
    return list({around.authors[key].pk: around.authors[key] for key in keys if key in around.authors}.values())


def _to_posts(happening: Happening, around: Around) -> Iterable[Notice]:
    """A duty that begins goes to the post that owes it; one handed to another body, to that body; a late one, one
    post up.
    """
    up = happening.act == "duties.escalate"
    for pk, values in happening.subjects("duties.duty"):
        duty = around.duties.get(pk)
        if duty is None or not duty.is_open():
            continue
        if (values.get("to", "public-list") == "public-list") if up else not {"body", "due"} <= values.keys():
            continue
        for person in holding(around.seats, duty, values["to"] if up else duty.post):
            yield Notice(
                person=person,
                position=happening.position,
                kind="duty-up" if up else "duty-new",
                codes=happening.codes,
                made_at=happening.at,
                matter_id=duty.matter_id,
                process_id=duty.process_id,
                duty=duty,
                due_on=duty.due_on,
            )


# ── reminders ────────────────────────────────────────────────────────────────
def remind(at: datetime, counts: Counts) -> None:
    """Once a day: what comes due within three days, today, or is late, to whoever holds the post."""
    today = localtime(at).date()
    with transaction.atomic():
        Cursor.objects.get_or_create(name="reminders")
        cursor = Cursor.objects.select_for_update().get(name="reminders")
        if cursor.position >= today.toordinal():
            return
        duties = list(
            Duty.objects.filter(kept_at=None, released_at=None, due_on__lte=today + timedelta(days=SOON))
            .select_related("body", "matter")
        )
        seats = seats_of({duty.body_id for duty in duties}, at)
        rows = [
            Notice(
                person=person, kind=_due_kind(duty.due_on, today), made_at=at, duty=duty, due_on=duty.due_on,
                matter_id=duty.matter_id, process_id=duty.process_id,
            )
            for duty in duties for person in holding(seats, duty, duty.post)
        ]
        counts.reminded += inapp.keep(rows)
        cursor.position = today.toordinal()
        cursor.save(update_fields=["position"])


def _due_kind(due_on: date, today: date) -> str:
    if due_on < today:
        return "duty-late"
    return "duty-today" if due_on == today else "duty-soon"
