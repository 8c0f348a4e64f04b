"""The Korean working-day calendar: from a day and a promise ("30 days", "10 working days") to the date it is due.

1. A period begins on the day after the day it is counted from (초일불산입, 민법 §157); a promise of 0 days is due that
   day.
2. Calendar days and months end with their last day (민법 §159). A month ends on the day of the same number, or on the
   last day of a shorter month (§160). If that day is a Saturday, a Sunday or a public holiday, the period ends on the
   next working day (§161).
3. Working days leave out Saturdays, Sundays and public holidays (민원 처리에 관한 법률 §19, 관공서의 공휴일에 관한
   규정), substitute and temporary holidays included. §19② counts the first day of a civil petition; we do not, in the
   debtor's favour, so that every promise of the house is counted in one way.
4. Working hours are §19①: eight a day, 09–12 and 13–18 in Seoul, counted from the moment of receipt.
5. Public holidays come from the `holidays` library; what it does not know yet (a temporary holiday announced last
   week) is a table the caller passes: date → True if people work that day, False if they do not.
"""

import calendar
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

SEOUL = ZoneInfo("Asia/Seoul")
UNITS = ("days", "working-days", "months", "hours")
SHIFTS = ((time(9), time(12)), (time(13), time(18)))
FARTHEST = 3_700
"""Days or working days a promise may reach: ten years."""

Overrides = Mapping[date, bool]
NONE: Overrides = MappingProxyType({})


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year (관공서의 공휴일, Sundays themselves not listed)."""
    return frozenset(holidays.country_holidays("KR", years=year))


def is_working_day(day: date, overrides: Overrides = NONE) -> bool:
    """Whether public offices work that day."""
    if day in overrides:
        return overrides[day]
    return day.weekday() < 5 and day not in public_holidays(day.year)


def next_working_day(day: date, overrides: Overrides = NONE) -> date:
    """The day itself if it is a working day, else the first one after it."""
    while not is_working_day(day, overrides):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, n: int, overrides: Overrides = NONE) -> date:
    """The n-th working day after `day` (before it, if n is negative); `day` itself for 0, whatever day it is."""
    _bounded(abs(n))
    step = timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day, overrides)
    return day


def working_days_between(start: date, end: date, overrides: Overrides = NONE) -> int:
    """Working days after `start` up to and including `end`; negative if `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start, overrides)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, overrides) for day in days)


def due(start: date | datetime, amount: int, unit: str, overrides: Overrides = NONE) -> date:
    """The last day on which a promise counted from `start` is kept; a moment counts as its day in Seoul.

    `unit` is one of UNITS. Raises ValueError for another unit, a negative amount, or one beyond FARTHEST.
    """
    if unit not in UNITS:
        raise ValueError(f"unit is one of {', '.join(UNITS)}, not {unit!r}")
    if amount < 0:
        raise ValueError("a promise cannot be due before it is made")
    if unit == "hours":
        return due_at(_moment(start), amount, overrides).date()
    day = _day(start)
    if unit == "working-days":
        return add_working_days(day, amount, overrides)
    if not amount:
        return day
    return next_working_day(_months_later(day, amount) if unit == "months" else _days_later(day, amount), overrides)


def due_at(start: datetime, hours: int, overrides: Overrides = NONE) -> datetime:
    """The moment at which that many working hours have passed since `start` (aware; the answer is in Seoul time)."""
    _bounded(hours)
    moment = start.astimezone(SEOUL)
    left = timedelta(hours=hours)
    day = moment.date()
    while True:
        for begins, ends in SHIFTS if is_working_day(day, overrides) else ():
            opening = max(moment, datetime.combine(day, begins, SEOUL))
            closing = datetime.combine(day, ends, SEOUL)
            if opening + left <= closing:
                return opening + left
            left -= max(closing - opening, timedelta())
        day += timedelta(days=1)


def _day(start: date | datetime) -> date:
    return start.astimezone(SEOUL).date() if isinstance(start, datetime) else start


def _moment(start: date | datetime) -> datetime:
    return start if isinstance(start, datetime) else datetime.combine(start, time(), SEOUL)


def _days_later(day: date, amount: int) -> date:
    _bounded(amount)
    return day + timedelta(days=amount)


def _months_later(day: date, months: int) -> date:
    _bounded(months * 31)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _bounded(amount: int) -> None:
    if amount > FARTHEST:
        raise ValueError(f"a promise reaches at most {FARTHEST} days ahead, not {amount}")
