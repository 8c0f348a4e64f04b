"""Who is signed in: remembered between requests, and never a moment longer than it is true."""

import os
import subprocess
import sys

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from madang.people.models import Person
from madang.record.board import board

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(city, person, settings):
    """A browser of 김순자, whose page was looked at once, so that the house remembers her."""
    settings.PAGES = True
    board().memory[:] = bytes(len(board().memory))
    client = Client()
    client.force_login(person("김순자"))
    assert "김순자" in client.get("/me/").content.decode()
    return client


def test_the_next_request_asks_for_neither_session_nor_person(browser, django_assert_max_num_queries):
    with django_assert_max_num_queries(20) as asked:
        browser.get("/me/")
    assert not [q["sql"] for q in asked.captured_queries if "django_session" in q["sql"] or 'FROM "people_person"' in q["sql"]]


def test_a_new_name_is_read_on_the_very_next_request(browser):
    someone = Person.objects.get()
    someone.name = "박순자"
    someone.save()
    assert "박순자" in browser.get("/me/").content.decode()


def test_somebody_shut_out_is_out_on_the_very_next_request(browser):
    someone = Person.objects.get()
    someone.is_active = False
    someone.save()
    assert browser.get("/me/").status_code == 302


def test_a_session_ended_elsewhere_is_ended_here(browser):
    Session.objects.all().delete()
    assert browser.get("/me/").status_code == 302


def test_a_session_whose_time_is_over_lets_nobody_in(browser, monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    from madang.doors.web import sessions

    later = timezone.now() + timedelta(days=40)
    monkeypatch.setattr(sessions.timezone, "now", lambda: later)
    assert browser.get("/me/").status_code == 302


def test_another_process_that_ends_it_is_heard(browser, settings):
    """The mark stands in memory all processes of the machine share."""
    key = browser.session.session_key
    told = f"from madang.record.board import stale; stale(['session:{key}'])"
    subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {told}"],
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "madang.settings", "MADANG_HOME": str(settings.HOME)},
    )
    Session.objects.filter(pk=key)._raw_delete("default")  # the row goes without this process hearing of it
    assert browser.get("/me/").status_code == 302
