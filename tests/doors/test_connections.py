"""When a connection is asked whether it lives."""

import pytest
from django.core.signals import request_started
from django.db import connection

from madang.doors.web import connections as ours

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_begins(monkeypatch):
    """A request begins so many seconds after the house was opened; whether its connection may be used unasked."""

    def at(seconds: float) -> bool:
        connection.ensure_connection()
        connection.health_check_done = False  # as Django's own receiver leaves it
        monkeypatch.setattr(ours.time, "monotonic", lambda: 1_000.0 + seconds)
        ours.trust_what_answered()
        return connection.health_check_done

    ours._answered.clear()
    return at


def test_a_connection_that_served_moments_ago_is_used_unasked(request_begins):
    assert [request_begins(second) for second in (0, 1, 5.5, 20)] == [False, True, True, False]


def test_after_an_error_it_is_asked_however_lately_it_served(request_begins):
    request_begins(0)
    connection.errors_occurred = True
    try:
        assert not request_begins(1)
    finally:
        connection.errors_occurred = False


def test_the_house_listens():
    assert ours.trust_what_answered in [ref() for _key, ref, *_rest in request_started.receivers]
