"""Questions about proposals: the list of 의제, one's words and their earlier versions, those like mine."""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse

from madang.duties.models import Duty
from madang.matters import search
from madang.matters.models import Matter, Station
from madang.matters.queries import with_stages
from madang.places.models import Place
from madang.places.queries import within
from madang.processes.models import Process
from madang.proposals.models import Proposal, Revision, Support, Topic

SORTS = ("new", "supports")
EXCERPT = 140  # characters of the idea a card shows
NEEDS_AN_ANSWER = "decisions."  # duties whose act is a decision: a reply, a resolution, a ballot


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; every field is optional, all of them hold together."""

    process: Process | None = None
    place: Place | None = None
    station: str = ""
    topic: str = ""
    waiting: bool = False  # somebody owes it an answer
    closed: bool | None = None
    author: Any = None
    supporter: Any = None
    sort: str = "new"


@dataclass(frozen=True)
class Page:
    """Up to `limit` rows; `newer` and `older` are opaque cursors, "" where the list ends."""

    rows: list[Matter]
    newer: str
    older: str


def listing(filters: Filters, cursor: str = "", limit: int = 20) -> Page:
    """One page of public 의제, with process, place, open stages and an excerpt. Two queries, whatever the table's size.

    A cursor stays good while rows are added; one that was tampered with reads as the first page.
    """
    sort = filters.sort if filters.sort in SORTS else "new"
    back, edge = _read(cursor, sort)
    rows = _narrowed(replace(filters, sort=sort))
    if edge:
        rows = rows.filter(_beyond(sort, edge, back))
    found = list(with_stages(_ordered(rows, sort, back))[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    if back:
        found.reverse()
    if not found:
        return Page([], "", "")
    newer = _write(sort, found[0], back=True) if (more if back else edge) else ""
    older = _write(sort, found[-1], back=False) if (more if not back else True) else ""
    return Page(found, newer, older)


def _narrowed(filters: Filters) -> QuerySet[Matter]:
    rows = Matter.objects.filter(hidden_at=None).annotate(
        excerpt=Substr("proposal__idea", 1, EXCERPT), topic=F("proposal__topic")
    )
    if filters.process is not None:
        rows = rows.filter(process=filters.process)
    if filters.place is not None:
        rows = rows.filter(place__in=within(filters.place))
    if filters.station in Station.values:
        rows = rows.filter(station=filters.station)
    if filters.topic in Topic.values:
        rows = rows.filter(proposal__topic=filters.topic)
    if filters.closed is not None:
        rows = rows.filter(closed_at__isnull=not filters.closed)
    if filters.author is not None:
        rows = rows.filter(author=filters.author)
    if filters.supporter is not None:
        rows = rows.filter(Exists(Support.objects.filter(matter=OuterRef("pk"), person=filters.supporter)))
    if filters.waiting:
        owed = Duty.objects.filter(
            matter=OuterRef("pk"), kept_at=None, released_at=None, act__startswith=NEEDS_AN_ANSWER
        )
        rows = rows.filter(Exists(owed))
    return rows


def _ordered(rows: QuerySet[Matter], sort: str, back: bool) -> QuerySet[Matter]:
    keys = ("supports", "id") if sort == "supports" else ("id",)
    return rows.order_by(*keys) if back else rows.order_by(*(f"-{key}" for key in keys))


def _beyond(sort: str, edge: list[int], back: bool) -> Q:
    """Rows past the edge; the first condition alone bounds the index, the second settles equal counts."""
    side = "gt" if back else "lt"
    if sort == "new":
        return Q(**{f"id__{side}": edge[-1]})
    supports, pk = edge
    return Q(**{f"supports__{side}e": supports}) & (Q(**{f"supports__{side}": supports}) | Q(**{f"id__{side}": pk}))


def _write(sort: str, row: Matter, *, back: bool) -> str:
    edge = [row.supports, row.pk] if sort == "supports" else [row.pk]
    return base64.urlsafe_b64encode(json.dumps([sort[0], int(back), *edge]).encode()).decode().rstrip("=")


def _read(cursor: str, sort: str) -> tuple[bool, list[int]]:
    """(backwards?, edge) of a cursor; (False, []) for none, a foreign one or one of another order."""
    try:
        kind, back, *edge = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return False, []
    sound = all(type(part) is int and 0 <= part < 2**62 for part in edge) and len(edge) == 1 + (sort == "supports")
    return (bool(back), edge) if kind == sort[0] and sound else (False, [])


def similar(title: str, idea: str = "", limit: int = 5) -> list[Matter]:
    """의제 much like this text, the likest first."""
    scores = dict(search.suggest(title, idea, limit=limit))
    return sorted(_by_id(scores), key=lambda matter: -scores[matter.pk])


def _by_id(ids: Iterable[int]) -> QuerySet[Matter]:
    return Matter.objects.filter(pk__in=list(ids), hidden_at=None).select_related("process", "place")


def versions(matter: Matter) -> list[Proposal | Revision]:
    """Every version that was public, the newest first; the current one is the Proposal itself."""
    proposal = Proposal.objects.select_related("matter").get(matter=matter)
    return [proposal, *proposal.revisions.order_by("-edition")]


def supports(matter: Matter, person: Any) -> bool:
    """Whether the person stands behind it."""
    return bool(person and person.pk) and Support.objects.filter(matter=matter, person=person).exists()


class Supported(NamedTuple):
    """A line of one's own list: what a link to the 의제 needs."""

    number: str
    title: str
    hidden_at: Any


SUPPORTED = """
SELECT m.number, m.title, m.hidden_at FROM proposals_support s JOIN matters_matter m ON m.id = s.matter_id
WHERE s.person_id = %s ORDER BY s.id DESC LIMIT 30
"""


def supported(person: Any) -> list[Supported]:
    """The 의제 the person stands behind, newest support first, thirty at most. One plain query."""
    with connection.cursor() as cursor:
        cursor.execute(SUPPORTED, [person.pk])
        return [Supported(*row) for row in cursor.fetchall()]


def panel(matter: Matter) -> dict[str, Any]:
    """The words of the 의제 for its page: one query, two when it was ever edited."""
    proposal = Proposal.objects.filter(matter=matter).first()
    if proposal is None:
        return {}
    return {
        "proposal": proposal,
        "revisions": list(proposal.revisions.order_by("-edition")) if proposal.edition > 1 else [],
        "threshold": threshold(matter),
    }


def threshold(matter: Matter) -> int | None:
    """The next number of supports that opens something, or None when no open phase counts them. No query."""
    rules = matter.process.rules
    ahead = (
        rules.value(gate.reaches)
        for key in matter.open_phases
        for gate in rules.phase(key).gates
        if gate.counts == "supports"
    )
    return min((count for count in ahead if count > matter.supports), default=None)


def address(matter: Matter) -> str:
    """Where the 의제 is read."""
    return reverse("matter", args=[matter.number or matter.pk])
