import json

import pytest
from django.db import transaction

from madang import record
from madang.methods.transparency.canonical import canonical
from madang.record import queries
from madang.record.models import Entry

pytestmark = pytest.mark.django_db
KIM = "a" * 32


def support(minute, *notes: record.Note, actors: list[str] | None = None) -> list[int]:
    actors = actors if actors is not None else [KIM] * len(notes)
    return record.write(notes, actors=actors, act="proposals.support", at=minute(0), door="web", post="gu/과장")


def test_an_act_leaves_its_line_in_canonical_text(minute):
    (entry_id,) = support(minute, record.Note("proposals.proposal:12", 7, 3, {"count": 51, "choice": "찬성"}))
    entry = Entry.objects.get()
    assert entry.id == entry_id
    told = json.loads(entry.text)
    assert canonical(told) == entry.text
    assert len(told.pop("uid")) == 32
    assert told == {
        "v": 1,
        "at": "2026-11-23T00:00:00.000000Z",
        "act": "proposals.support",
        "door": "web",
        "actor": KIM,
        "post": "gu/과장",
        "subject": "proposals.proposal:12",
        "matter": 7,
        "process": 3,
        "is": {"count": 51, "choice": "찬성"},
    }
    assert (entry.at, entry.act, entry.door, entry.actor, entry.post, entry.subject) == (
        minute(0), "proposals.support", "web", KIM, "gu/과장", "proposals.proposal:12",
    )  # fmt: skip
    assert (entry.matter_id, entry.process_id) == (7, 3)


def test_two_equal_acts_are_two_different_lines(minute):
    note = record.Note("proposals.proposal:12")
    support(minute, note)
    support(minute, note)
    one, other = Entry.objects.values_list("text", flat=True)
    assert one != other


def test_the_lines_of_one_act_are_one_insert_and_no_query(minute, django_assert_num_queries):
    with django_assert_num_queries(1):
        ids = support(minute, *(record.Note(f"matters.matter:{number}", number) for number in range(3)))
    assert list(Entry.objects.order_by("id").values_list("id", "matter_id")) == list(zip(ids, range(3), strict=True))


def test_thousands_of_lines_of_one_act_keep_their_order(minute):
    ids = support(minute, *(record.Note("matters.matter:1", number) for number in range(2_500)))
    assert list(Entry.objects.order_by("id").values_list("id", "matter_id")) == list(
        zip(ids, range(2_500), strict=True)
    )


def test_a_value_without_exact_text_is_refused_and_leaves_no_trace(minute):
    with pytest.raises(ValueError, match=r"^\$\.is\.share: float has no canonical text"):
        support(minute, record.Note("matters.matter:1", values={"share": 0.5}))
    assert not Entry.objects.exists()


def test_each_line_needs_its_actor(minute):
    with pytest.raises(ValueError, match="zip"):
        support(minute, record.Note("matters.matter:1"), actors=[])
    assert not Entry.objects.exists()


def test_an_act_that_is_taken_back_leaves_no_line(minute):
    with transaction.atomic():
        support(minute, record.Note("matters.matter:1"))
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written(minute):
    with pytest.raises(RuntimeError, match="inside the act's transaction"):
        support(minute, record.Note("matters.matter:1"))
    assert not Entry.objects.exists()


def test_a_matter_tells_its_story_in_order(happen):
    told = happen(3, matter_id=7)
    happen(2, matter_id=8)
    told += happen(1, matter_id=7)
    assert [entry.id for entry in queries.story(7)] == told


def test_the_record_is_browsed_newest_first_without_offsets(happen):
    ids = happen(5)
    page = queries.browse(limit=2)
    assert [entry.id for entry in page] == [ids[4], ids[3]]
    assert [entry.id for entry in queries.browse(before=page[-1].id, limit=2)] == [ids[2], ids[1]]
