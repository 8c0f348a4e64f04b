"""The Korean working-day calendar, on real days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.duties.calendar import (
    SEOUL,
    add_working_days,
    due,
    due_at,
    is_working_day,
    next_working_day,
    public_holidays,
    working_days_between,
)

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("holiday", "why"),
    [
        ("2026-02-16", "설날 연휴"),
        ("2026-02-17", "설날"),
        ("2026-02-18", "설날 연휴"),
        ("2026-09-24", "추석 연휴"),
        ("2026-09-25", "추석"),
        ("2026-03-02", "삼일절 대체공휴일"),
        ("2026-05-25", "부처님오신날 대체공휴일"),
        ("2026-08-17", "광복절 대체공휴일"),
        ("2018-06-13", "지방선거일"),
        ("2018-05-07", "어린이날 대체공휴일"),
        ("2018-09-26", "추석 대체공휴일"),
        ("2025-01-27", "임시공휴일"),
        ("2017-10-02", "임시공휴일"),
    ],
)
def test_offices_are_closed_on(holiday, why):
    assert day(holiday).weekday() < 5, why
    assert not is_working_day(day(holiday)), why


def test_offices_are_open_on_an_ordinary_wednesday_and_closed_on_saturday():
    assert is_working_day(day("2026-11-25"))
    assert not is_working_day(day("2026-11-28"))


def test_the_day_of_counting_does_not_count():
    assert due(day("2026-11-23"), 1, "working-days") == day("2026-11-24")
    assert due(day("2026-11-23"), 1, "days") == day("2026-11-24")
    assert due(day("2026-11-23"), 0, "days") == day("2026-11-23")


def test_ten_working_days_step_over_seollal_of_2026():
    assert due(day("2026-02-10"), 10, "working-days") == day("2026-02-27")
    assert add_working_days(day("2026-02-13"), 1) == day("2026-02-19")


def test_five_working_days_step_over_chuseok_and_the_substitute_for_foundation_day():
    assert due(day("2026-09-22"), 5, "working-days") == day("2026-10-01")
    assert due(day("2026-10-02"), 1, "working-days") == day("2026-10-06")


def test_the_local_election_of_2018_is_no_working_day():
    assert due(day("2018-06-12"), 1, "working-days") == day("2018-06-14")


def test_thirty_days_that_end_on_a_saturday_end_on_monday():
    assert due(day("2026-10-29"), 30, "days") == day("2026-11-30")


def test_days_that_end_on_the_first_day_of_chuseok_end_after_the_weekend():
    assert due(day("2026-09-23"), 1, "days") == day("2026-09-28")


def test_a_month_ends_on_the_same_number_or_the_last_day_of_a_shorter_month():
    assert due(day("2026-10-23"), 1, "months") == day("2026-11-23")
    assert due(day("2027-12-31"), 2, "months") == day("2028-02-29")
    assert due(day("2026-11-30"), 3, "months") == day("2027-03-02")  # 28 February is a Sunday, 1 March a holiday
    assert due(day("2026-12-15"), 12, "months") == day("2027-12-15")


def test_the_year_may_change_while_counting():
    assert due(day("2026-12-30"), 2, "working-days") == day("2027-01-04")


def test_eight_working_hours_are_one_day_of_the_office():
    monday = datetime(2026, 11, 23, 10, 30, tzinfo=SEOUL)
    assert due_at(monday, 2) == datetime(2026, 11, 23, 13, 30, tzinfo=SEOUL)
    assert due_at(monday, 8) == datetime(2026, 11, 24, 10, 30, tzinfo=SEOUL)
    assert due_at(datetime(2026, 11, 27, 17, 30, tzinfo=SEOUL), 1) == datetime(2026, 11, 30, 9, 30, tzinfo=SEOUL)
    assert due(monday, 16, "hours") == day("2026-11-25")
    assert due_at(datetime(2026, 11, 28, 3, tzinfo=SEOUL), 0) == datetime(2026, 11, 30, 9, tzinfo=SEOUL)


def test_a_moment_counts_as_its_day_in_seoul():
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # already Monday morning in Seoul
    assert due(late, 1, "working-days") == day("2026-11-24")


def test_a_holiday_announced_last_week_and_a_working_saturday_are_given_by_a_table():
    table = {day("2026-11-24"): False, day("2026-11-28"): True}
    assert due(day("2026-11-23"), 1, "working-days", table) == day("2026-11-25")
    assert add_working_days(day("2026-11-27"), 1, table) == day("2026-11-28")
    assert working_days_between(day("2026-11-23"), day("2026-11-28"), table) == 4
    assert due(day("2026-11-23"), 1, "working-days") == day("2026-11-24")


@pytest.mark.parametrize(("amount", "unit"), [(-1, "days"), (1, "weeks"), (10**9, "days"), (10**9, "months"),
                                              (10**9, "working-days"), (10**9, "hours")])  # fmt: skip
def test_a_promise_nobody_could_make_is_refused(amount, unit):
    with pytest.raises(ValueError, match=r"promise|unit"):
        due(day("2026-11-23"), amount, unit)


@given(DAYS, st.integers(0, 60))
def test_adding_working_days_and_counting_them_agree(start, n):
    end = add_working_days(start, n)
    assert working_days_between(start, end) == n
    assert working_days_between(end, start) == -n
    assert n == 0 or is_working_day(end)


@given(DAYS, st.integers(1, 60))
def test_going_back_lands_on_the_nth_working_day_before(start, n):
    end = add_working_days(start, -n)
    assert is_working_day(end)
    assert sum(is_working_day(end + timedelta(days=k)) for k in range((start - end).days)) == n


@given(DAYS, st.integers(1, 200), st.sampled_from(["days", "months", "working-days"]))
def test_a_promise_is_due_on_a_working_day_after_it_was_made(start, amount, unit):
    end = due(start, amount % 36 + 1, unit)
    assert is_working_day(end)
    assert end > start


@given(DAYS)
def test_the_next_working_day_is_at_most_eleven_days_away(start):
    assert timedelta() <= next_working_day(start) - start <= timedelta(days=11)


def test_a_year_is_asked_once():
    public_holidays(2026)
    before = public_holidays.cache_info().misses
    due(day("2026-01-02"), 100, "working-days")
    assert public_holidays.cache_info().misses == before
