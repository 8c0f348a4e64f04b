"""Questions about processes: which rules, which bodies, which windows."""

from datetime import date, datetime
from functools import lru_cache

from django.db.models import QuerySet
from django.utils.timezone import localtime

from madang.bodies.models import Body
from madang.processes.models import Casting, Process, RecipeText
from madang.recipes import Recipe, thaw
from madang.record.board import board

CHARTER = "charter"


@lru_cache(maxsize=256)
def rules(digest: str) -> Recipe:
    """The recipe frozen under `digest`; parsed once per program."""
    return thaw(RecipeText.objects.get(pk=digest).text)


_kept: dict[int, Process | None] = {}


def charter() -> Process | None:
    """The house rules of this place; None before they are adopted. Asked again only after a process changed."""
    mark = board().words[board().slot("processes.process")]
    if mark not in _kept:
        _kept.clear()
        _kept[mark] = Process.objects.filter(key=CHARTER).first()
    return _kept[mark]


def forget() -> None:
    """Ask for the charter anew (tests, whose databases are rolled back)."""
    _kept.clear()


def cast(process: Process, part: str) -> Body | None:
    """The body that plays `part` in this process, or in the charter when the recipe leaves the part to the house."""
    parts = castings(process)
    if part in parts:
        return parts[part]
    house = charter() if process.key != CHARTER else None
    return castings(house).get(part) if house else None


def castings(process: Process) -> dict[str, Body]:
    """Part → body; asked once for each `process` object, since parts are cast when a process opens and never again."""
    known: dict[str, Body] | None = process.__dict__.get("castings_memo")
    if known is None:
        known = {c.part: c.body for c in Casting.objects.filter(process=process).select_related("body")}
        process.__dict__["castings_memo"] = known
    return known


def window(process: Process, key: str) -> tuple[date, date] | None:
    found = process.windows.filter(key=key).first()
    return (found.opens_on, found.closes_on) if found else None


def running(at: datetime) -> QuerySet[Process]:
    """Processes open to the public at `at`, the charter left out."""
    return (
        Process.objects.filter(opened_at__lte=at, closed_at=None, archive=False)
        .exclude(key=CHARTER)
        .select_related("place")
        .order_by("name")
    )


def today(at: datetime) -> date:
    """The day of `at` in the city's time."""
    return localtime(at).date()
