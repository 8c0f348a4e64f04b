"""Open data: every sheet has its page with a dictionary, and nobody's name in it."""

import pytest
from django.test import Client

from madang.access import SHEETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Client()


def test_the_list_names_every_sheet(visitor, city):
    page = visitor.get("/open/").content.decode()
    assert [key for key in SHEETS if f"/open/{key}/" not in page] == []


def test_every_sheet_has_a_page_that_explains_every_column(visitor, city):
    for key, sheet in SHEETS.items():
        answer = visitor.get(f"/open/{key}/")
        assert answer.status_code == 200, key
        page = answer.content.decode()
        assert [c.key for c in sheet.columns if str(c.key) not in page] == [], key


def test_a_sheet_nobody_has_is_a_page_not_found(visitor, city):
    assert visitor.get("/open/nothing/").status_code == 404


def test_a_cursor_that_is_none_shows_the_first_page_and_says_so(visitor, city):
    answer = visitor.get("/open/bodies/?after=forged")
    assert answer.status_code == 400
    assert "마당지기 모임" in answer.content.decode()


def test_every_column_of_every_sheet_has_words(visitor, city):
    empty = [
        (s.key, c.key) for s in SHEETS.values() for c in s.columns if not (str(c.title).strip() and str(c.says).strip())
    ]
    assert empty == []


def test_pages_of_sheets_read_in_english_too(visitor, city):
    assert visitor.get("/en/open/bodies/").status_code == 200
