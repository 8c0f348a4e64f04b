"""Questions about deliberation: a matter's forum, its opinions page by page, a thread, what waits for moderators."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from madang.deliberation.models import Forum, Hiding, Opinion, Position, Report, Round, Side
from madang.matters.models import Matter, Station

ON_THE_PANEL = 20
A_PAGE = 20


@dataclass(frozen=True)
class Opinions:
    """A page of opinions; `older` and `newer` are ids to ask from, None where the list ends."""

    rows: list[Opinion]
    newer: int | None
    older: int | None


def panel(matter: Matter) -> dict[str, Any]:
    """The newest forum of a 의제 with its newest opinions: two queries; none while it has never left 제안.

    A hidden 의제 shows why it is hidden instead.
    """
    if matter.hidden_at is not None:
        return {"hiding": hiding_of(matter)}
    if matter.station == Station.PROPOSE and not matter.participants and not matter.opinions:
        return {}
    shown: dict[str, Any] = {}
    wanted = next((phase.rounds for phase in matter.process.rules.phases if phase.rounds), "")
    if wanted:
        shown = {"rounds": rounds(matter), "wanted": matter.process.rules.value(wanted)}
    forum = Forum.objects.filter(matter=matter).order_by("-id").first()
    if forum is None:
        return shown
    forum.matter = matter
    rows = Opinion.objects.filter(forum=forum, root=None).select_related("person").order_by("-pk")[:ON_THE_PANEL]
    return {**shown, "forum": forum, "opinions": list(rows)}


def rounds(matter: Matter) -> list[Round]:
    """Every round as it was written, those written anew included, in order. One query."""
    found = list(Round.objects.filter(matter=matter).select_related("public", "civil").order_by("stage_id", "number", "id"))
    for each in found:
        each.matter = matter
    return found


def forum(pk: int) -> Forum:
    """The forum with its matter and process. Raises Forum.DoesNotExist."""
    return Forum.objects.select_related("matter__process", "matter__place").get(pk=pk)


def opinions(on: Forum, side: str = "", before: int | None = None, after: int | None = None) -> Opinions:
    """A page of a forum's opinions, the newest first; with `side` those of one side. Two queries."""
    rows = _roots(on)
    if side in Side.values:
        rows = rows.filter(side=side)
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: A_PAGE + 1])
        page = found[:A_PAGE][::-1]
        newer, older = len(found) > A_PAGE, bool(page)
    else:
        rows = rows.filter(pk__lt=before) if before is not None else rows
        found = list(rows[: A_PAGE + 1])
        page = found[:A_PAGE]
        newer, older = before is not None and bool(page), len(found) > A_PAGE
    return Opinions(page, page[0].pk if newer else None, page[-1].pk if older else None)


def thread(pk: int, most: int = 500) -> Opinion:
    """An opinion or a reply with everything answered to it, nested in `below`. Four queries.

    Raises Opinion.DoesNotExist.
    """
    rows = _shaped(Opinion.objects.select_related("forum__matter__process"))
    head: Any = rows.get(pk=pk)
    below = _shaped(Opinion.objects.filter(root=head.root_id or head.pk, path__startswith=head.path))
    voices = {head.pk: head}
    head.below = []
    for reply in below.exclude(pk=head.pk).order_by("path")[:most]:
        reply.below = []  # type: ignore[attr-defined]
        voices[reply.pk] = reply
        voices[reply.parent_id].below.append(reply)
    return head


def position(on: Forum, person: Any) -> str:
    """Where the person stands in this forum; "" for nowhere yet."""
    if person is None or not person.pk:
        return ""
    return Position.objects.filter(forum=on, person=person).values_list("side", flat=True).first() or ""


def reported(limit: int = 20) -> QuerySet[Report]:
    """What waits for the moderators, the longest first."""
    rows = Report.objects.filter(settled_at=None).select_related("opinion__person", "matter__process")
    return rows.order_by("reported_at", "id")[:limit]


def appealed(limit: int = 20) -> QuerySet[Hiding]:
    """Appeals that wait for an answer, the longest first."""
    rows = Hiding.objects.filter(settled_at=None, appealed_at__isnull=False)
    return rows.select_related("opinion__forum__matter", "whole", "duty").order_by("appealed_at")[:limit]


def hiding_of(matter: Matter) -> Hiding | None:
    """Why the words of a hidden 의제 are hidden. No query for one that is not."""
    if matter.hidden_at is None:
        return None
    return Hiding.objects.filter(whole=matter, lifted_at=None).select_related("duty").first()


def _roots(on: Forum) -> QuerySet[Opinion]:
    return _shaped(Opinion.objects.filter(forum=on, root=None).order_by("-pk"))


def _shaped(rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
    """With the writer and, where hidden, the rule and reason in force."""
    in_force = Hiding.objects.filter(lifted_at=None).select_related("duty")
    return rows.select_related("person").prefetch_related(Prefetch("hidings", in_force, to_attr="hidden_by"))
