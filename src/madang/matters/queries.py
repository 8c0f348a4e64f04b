"""Questions about 의제."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from madang.access.fetch import Ask
from madang.bodies.models import Body
from madang.matters.models import Assignment, Link, Matter, Stage


def visible_to(person: Any) -> QuerySet[Matter]:
    """Everything is public but what moderation hid; its author still reads it."""
    shown = Q(hidden_at=None)
    if person is not None and person.pk:
        shown |= Q(author=person)
    return Matter.objects.filter(shown)


def by_number(number: str) -> Matter:
    """The 의제 with this public number, with its process and place. Raises Matter.DoesNotExist."""
    return Matter.objects.select_related("process", "place", "author", "author_body").get(number=number)


def lead(matter: Matter, at: datetime | None = None) -> Body | None:
    """The body that answers for the matter (at a moment, or now)."""
    if at is None:
        now = _leading(matter.pk)
        return now[0].body if now else None
    rows = Assignment.objects.filter(matter=matter, lead=True, since_at__lte=at).select_related("body")
    row = rows.filter(Q(until_at=None) | Q(until_at__gt=at)).first()
    return row.body if row else None


def body_for(matter: Matter, part: str) -> Body | None:
    """The body that plays `part` for this matter alone: the department in charge, or one set by another act of the recipe."""
    known = matter.process.rules.bodies[part]
    if known.set_by == "duties.assign":
        return lead(matter)
    row = Assignment.objects.filter(matter=matter, lead=False, part=part, until_at=None).select_related("body").first()
    return row.body if row else None


_leading = Ask(lambda key: Assignment.objects.filter(matter=key, lead=True, until_at=None).select_related("body"))


def stages(matter: Matter) -> list[Stage]:
    """Where it has stood, in order."""
    return list(Stage.objects.filter(matter=matter).order_by("opened_at", "id"))


def ended_lately(limit: int) -> list[Stage]:
    """The steps that ended last, with their matters: what changed in the city."""
    return list(
        Stage.objects.filter(closed_at__isnull=False, matter__hidden_at=None)
        .select_related("matter__process", "matter__place")
        .order_by("-closed_at", "-id")[:limit]
    )


def links(matter: Matter) -> list[Link]:
    """Everything tied to it, both directions, in one query."""
    return list(
        Link.objects.filter(Q(source=matter) | Q(target=matter))
        .select_related("source__process", "target__process")
        .order_by("made_at", "id")
    )


def lineage(matter: Matter, clicks: int = 5) -> list[Link]:
    """All links within `clicks` steps of the matter: one sentence followed as far as it went. One query a step."""
    seen: dict[int, Link] = {}
    front = {matter.pk}
    for _step in range(clicks):
        found = Link.objects.filter(Q(source__in=front) | Q(target__in=front)).select_related(
            "source__process", "target__process"
        )
        fresh = [link for link in found if link.pk not in seen]
        if not fresh:
            break
        seen.update({link.pk: link for link in fresh})
        front = {end for link in fresh for end in (link.source_id, link.target_id)}
    return sorted(seen.values(), key=lambda link: (link.made_at, link.pk))


def with_stages(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Rows for cards: process, place and open stages, a constant number of queries."""
    return rows.select_related("process", "place").prefetch_related(
        Prefetch("stages", Stage.objects.filter(closed_at=None), to_attr="stages_open")
    )
