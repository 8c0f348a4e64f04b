"""Indicators: numbers from dated facts, each in a file of its own under indicators/.

1. An indicator reads only facts with a date that anyone can take out as a sheet: so an outsider gets the same number.
2. numerator and denominator are whole numbers and are shown together; nothing to count is "—", never 0.
3. A change of definition raises the version; figures frozen with the old one stay as they were.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True)
class Scope:
    """What a figure is about; every part narrows it, none means the whole house. `places` are ids of a subtree."""

    matter: int | None = None
    process: int | None = None
    body: int | None = None
    places: tuple[int, ...] = ()

    def where(self, *, matter: str = "matter", body: str = "") -> Q:
        """A condition on rows that reach their 의제 by `matter` ("" when they are 의제) and their body by `body`.

        Hidden 의제 are left out, as in the sheets. Raises ValueError when the scope asks for a body and rows have none.
        """
        step = f"{matter}__" if matter else ""
        found = Q(**{f"{step}hidden_at": None})
        if self.matter:
            found &= Q(**{f"{step}pk": self.matter})
        if self.process:
            found &= Q(**{f"{step}process": self.process})
        if self.places:
            found &= Q(**{f"{step}place__in": self.places})
        if self.body:
            if not body:
                raise ValueError("these rows belong to no body")
            found &= Q(**{body: self.body})
        return found


@dataclass(frozen=True)
class Span:
    """From the first moment up to, not including, the last; both aware. Days are days of the city."""

    since: datetime
    until: datetime

    @property
    def first_day(self) -> date:
        return self.since.astimezone(SEOUL).date()

    @property
    def last_day(self) -> date:
        """The last day that is wholly over at `until`."""
        return self.until.astimezone(SEOUL).date() - timedelta(days=1)


@dataclass(frozen=True)
class Figure:
    """numerator out of denominator; `value` in the indicator's unit, None when there is nothing to count."""

    numerator: int
    denominator: int
    value: Fraction | None
    says: Any = ""

    @property
    def text(self) -> str:
        """The value with one decimal at most, halves away from zero; "—" for nothing."""
        if self.value is None:
            return "—"
        tenths = (abs(self.value) * 10 + Fraction(1, 2)) // 1
        whole, rest = divmod(int(tenths), 10)
        return f"{'-' if self.value < 0 else ''}{whole:,}{f'.{rest}' if rest else ''}"


def share(numerator: int, denominator: int, says: Any = "") -> Figure:
    """A percentage."""
    return Figure(numerator, denominator, Fraction(100 * numerator, denominator) if denominator else None, says)


def each(numerator: int, denominator: int, says: Any = "") -> Figure:
    """A mean."""
    return Figure(numerator, denominator, Fraction(numerator, denominator) if denominator else None, says)


@dataclass(frozen=True)
class Indicator:
    """A number with a name. `compute(scope, span) -> Figure`; `by_body` when a body can be asked about."""

    key: str
    title: Any
    unit: Any
    version: str
    counts: Any  # the numerator in words
    of: Any  # the denominator in words
    recompute: Any  # which sheets, which rows, which sum
    compute: Callable[[Scope, Span], Figure]
    by_body: bool


INDICATORS: dict[str, Indicator] = {}


def indicator(
    key: str, title: Any, *, unit: Any, counts: Any, of: Any, recompute: Any, version: str = "1", by_body: bool = False
) -> Callable[[Callable[[Scope, Span], Figure]], Indicator]:
    """Register `compute(scope, span)` under `key`; a recipe names it in `indicators`."""

    def register(compute: Callable[[Scope, Span], Figure]) -> Indicator:
        if key in INDICATORS:
            raise RuntimeError(f"Indicator {key!r} is defined twice.")
        INDICATORS[key] = Indicator(key, title, unit, version, counts, of, recompute, compute, by_body)
        return INDICATORS[key]

    return register


def load() -> dict[str, Indicator]:
    """All indicators: every file of indicators/ is one."""
    package = import_module("madang.evaluation.indicators")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return INDICATORS
