"""What a process remembers of rows, and when it asks again."""

import pytest
from django.db import transaction

from madang.record.board import board, stale
from madang.record.known import Known

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(settings):
    """A row's value, and how often it was asked for."""
    settings.PAGES = True
    board().memory[:] = bytes(len(board().memory))
    known, rows, questions = Known(lambda key: (f"row:{key}",)), {7: "first"}, []

    def ask(key=7):
        return known(key, lambda: (questions.append(key), rows.get(key))[1])

    return ask, rows, questions


def test_a_row_is_asked_for_once_until_its_mark_moves(asked):
    ask, rows, questions = asked
    assert [ask(), ask(), ask()] == ["first"] * 3
    assert questions == [7]

    rows[7] = "second"
    stale(["row:7"])

    assert [ask(), ask()] == ["second", "second"]
    assert questions == [7, 7]


def test_the_mark_of_another_row_changes_nothing(asked):
    ask, _rows, questions = asked
    ask()
    stale(["row:8"])
    ask()
    assert questions == [7]


def test_what_is_read_while_an_act_is_under_way_is_not_remembered(asked):
    ask, rows, _questions = asked
    with transaction.atomic():
        stale(["row:7"])
        assert ask() == "first"
        rows[7] = "second"
        assert ask() == "second"
    assert ask() == "second"


def test_what_changed_while_it_was_read_is_not_remembered(asked):
    _ask, _rows, _questions = asked
    known = Known(lambda key: (f"row:{key}",))

    def read_and_meanwhile_changed():
        stale(["row:7"])
        return "old"

    assert known(7, read_and_meanwhile_changed) == "old"
    assert known(7, lambda: "new") == "new"


def test_nothing_is_no_memory(asked):
    ask, rows, questions = asked
    rows.clear()
    assert [ask(), ask()] == [None, None]
    assert questions == [7, 7]


def test_a_house_on_several_machines_remembers_nothing(asked, settings):
    ask, _rows, questions = asked
    settings.PAGES = False
    ask()
    ask()
    assert questions == [7, 7]
