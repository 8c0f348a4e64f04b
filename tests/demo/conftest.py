"""The demo city, loaded once for each module of this folder, as of a fixed day.

Those tests carry `django_db`: without a marked test there is no test database to load it into.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """A founded house with the small demo city; taken back at the end."""
    from madang.doors.demo import load
    from madang.doors.founding import found
    from madang.processes import queries

    queries.forget()  # the charter of the test before, whose database was taken back
    with django_db_blocker.unblock(), transaction.atomic():
        found(datetime(2026, 2, 1, 9, tzinfo=ZoneInfo("Asia/Seoul")), "seoul-2018")
        assert load(TODAY, small=True)
        yield TODAY
        transaction.set_rollback(True)
    queries.forget()
