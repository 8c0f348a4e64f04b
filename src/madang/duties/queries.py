"""Questions about duties: what is due, what is late, who kept what."""

from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from madang.bodies.models import Body
from madang.duties.models import Conclusion, Duty
from madang.matters.models import Matter, Stage

OPEN = Q(kept_at=None, released_at=None)


def open_duties() -> QuerySet[Duty]:
    """Everything owed now, the most urgent first."""
    return Duty.objects.filter(OPEN).select_related("body", "matter", "process", "stage").order_by("due_on", "id")


def desk(bodies: list[Body]) -> QuerySet[Duty]:
    """What these bodies owe, the most urgent first: a clerk's forty lines."""
    return open_duties().filter(body__in=bodies)


def of_matter(matter: Matter) -> list[Duty]:
    """All duties of a matter, open ones first."""
    rows = list(
        Duty.objects.filter(matter=matter)
        .select_related("body")
        .order_by(F("kept_at").asc(nulls_first=True), "due_on", "id")
    )
    for duty in rows:
        duty.matter, duty.process = matter, matter.process  # they are at hand: nobody need ask for them again
    return rows


def late(today: date) -> QuerySet[Duty]:
    return open_duties().filter(due_on__lt=today)


def conclusions(matter: Matter) -> list[Conclusion]:
    return list(Conclusion.objects.filter(matter=matter).order_by("concluded_at"))


def kept_and_missed(today: date, side: str = "") -> QuerySet[Body]:
    """Each body with its duties: kept in time, kept late, open, late now. The same columns for citizens and officials."""
    bodies = Body.objects.filter(duties__isnull=False)
    if side:
        bodies = bodies.filter(side=side)
    kept = Q(duties__kept_at__isnull=False)
    in_time = kept & Q(duties__kept_at__date__lte=F("duties__due_on"))
    is_open = Q(duties__kept_at=None, duties__released_at=None)
    return bodies.annotate(
        kept_in_time=Count("duties", filter=in_time),
        kept_late=Count("duties", filter=kept & ~Q(duties__kept_at__date__lte=F("duties__due_on"))),
        open_now=Count("duties", filter=is_open),
        late_now=Count("duties", filter=is_open & Q(duties__due_on__lt=today)),
    ).order_by("-late_now", "-kept_late", "name")


def orphans() -> QuerySet[Matter]:
    """Open matters nobody owes a next step on. Must be empty: nothing dies silently."""
    owed = Duty.objects.filter(OPEN).values("matter")
    return Matter.objects.filter(closed_at=None).exclude(pk__in=owed)


def to_escalate(today: date) -> QuerySet[Duty]:
    return late(today)


def over_and_reached(at: datetime) -> QuerySet[Stage]:
    """Stages whose time is over; the clock asks each whether its threshold was reached."""
    return (
        Stage.objects.filter(closed_at=None, acts_until__lt=at)
        .exclude(matter__gates_passed=[])
        .select_related("matter__process")
    )
