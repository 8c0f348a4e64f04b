"""Lists hold every 의제 once, page by page, in two queries whatever their length."""

from itertools import chain

import pytest

from madang.matters.models import Matter
from madang.proposals import acts
from madang.proposals.models import Support
from madang.proposals.queries import Filters, Page, listing, panel, similar, threshold
from madang.proposals.sheets import proposals
from small_city import LAMP


@pytest.fixture
def many(channel, person, by):
    """Seven proposals with 0, 2, 1, 2, 0, 1, 2 supports."""
    kim = person("김")
    made = [acts.submit(by(kim), channel, **{**LAMP, "title": f"{n}번째 제안"}) for n in range(7)]
    for matter, supports in zip(made, (0, 2, 1, 2, 0, 1, 2), strict=True):
        Matter.objects.filter(pk=matter.pk).update(supports=supports)
    return made


def walk(filters: Filters, limit: int = 3) -> list[list[int]]:
    """Every page of a list, forwards."""
    pages, cursor = [], ""
    while True:
        page = listing(filters, cursor, limit)
        pages.append([row.pk for row in page.rows])
        if not page.older:
            return pages
        cursor = page.older


@pytest.mark.parametrize("sort", ["new", "supports"])
def test_the_pages_together_are_the_list_and_going_back_shows_the_same(many, sort):
    key = (lambda m: (-m.supports, -m.pk)) if sort == "supports" else (lambda m: -m.pk)
    wanted = [m.pk for m in sorted(Matter.objects.all(), key=key)]
    pages = walk(Filters(sort=sort))
    assert list(chain(*pages)) == wanted
    assert [len(page) for page in pages] == [3, 3, 1]
    second = listing(Filters(sort=sort), listing(Filters(sort=sort), "", 3).older, 3)
    first = listing(Filters(sort=sort), second.newer, 3)
    assert [row.pk for row in first.rows] == pages[0]
    assert first.newer == ""


def test_a_new_proposal_does_not_move_the_next_page(many, channel, person, by):
    older = listing(Filters(), "", 3).older
    before = [row.pk for row in listing(Filters(), older, 3).rows]
    acts.submit(by(person("새")), channel, **{**LAMP, "title": "새 제안"})
    assert [row.pk for row in listing(Filters(), older, 3).rows] == before


@pytest.mark.parametrize(
    "cursor", ["", "x", "!!!", "W10", "WyJuIiwwLCJhIl0", "W1tbW1tb", "가", "bnVsbA", "MQ", "W251bGxd" * 50]
)
def test_a_cursor_that_was_tampered_with_reads_as_the_first_page(many, cursor):
    assert [row.pk for row in listing(Filters(), cursor, 3).rows] == [m.pk for m in reversed(many)][:3]


def test_an_empty_list_is_an_empty_page(channel):
    assert listing(Filters(process=channel)) == Page([], "", "")


def test_lists_are_narrowed_by_place_topic_station_author_and_supporter(many, channel, siheung, person, by):
    lee = person("이")
    here = acts.submit(by(lee), channel, **{**LAMP, "title": "우리 동네", "topic": "culture", "place": siheung})
    acts.support(by(lee), here)
    for filters in (
        Filters(place=siheung.parent),
        Filters(topic="culture"),
        Filters(author=lee),
        Filters(supporter=lee),
        Filters(station="propose", topic="culture"),
    ):
        assert [row.pk for row in listing(filters).rows] == [here.pk]
    assert listing(Filters(station="decide")).rows == []
    assert len(listing(Filters(process=channel, station="nowhere")).rows) == 8
    assert listing(Filters(waiting=True)).rows == []


def test_hidden_ones_are_not_listed(many, by):
    Matter.objects.filter(pk=many[0].pk).update(hidden_at=by(None).at)
    assert many[0].pk not in chain(*walk(Filters()))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_two_queries_whatever_its_length(channel, person, by, rows, django_assert_num_queries):
    for n in range(rows):
        acts.submit(by(person(f"사람{n}")), channel, **{**LAMP, "title": f"{n}번째"})
    with django_assert_num_queries(2):
        for row in listing(Filters()).rows:
            assert (row.process.key, row.place.name, row.excerpt, row.topic, len(row.stages_open)) == (
                "channel",
                "서울특별시",
                LAMP["idea"],
                "safety",
                1,
            )


def test_a_panel_takes_one_query_and_two_when_the_words_were_edited(lamp, by, django_assert_num_queries):
    matter = Matter.objects.select_related("process").get(pk=lamp.pk)
    assert threshold(matter) == 3
    with django_assert_num_queries(1):
        assert panel(matter)["revisions"] == []
    acts.edit(by(lamp.author, 1), lamp, **{**LAMP, "idea": "셋"})
    with django_assert_num_queries(2):
        assert [v.edition for v in panel(matter)["revisions"]] == [1]


def test_a_near_copy_is_suggested_and_a_stranger_is_not(lamp):
    assert [m.pk for m in similar("골목에 가로등을 놓아주세요")] == [lamp.pk]
    assert similar("도서관 여는 시간을 늘려 주세요") == []


def test_the_sheet_holds_no_author(many):
    row = proposals.rows(None).first()
    assert set(row) - {"matter_id"} == {column.key for column in proposals.columns}
    assert "김" not in str(row.values())


def test_the_counter_equals_the_rows_after_many_supports_and_steps_back(lamp, person, by):
    people = [person(f"사람{n}") for n in range(6)]
    for one in people:
        acts.support(by(one, 1), Matter.objects.get(pk=lamp.pk))
    for one in people[:2]:
        acts.unsupport(by(one, 2), Matter.objects.get(pk=lamp.pk))
    assert Matter.objects.get(pk=lamp.pk).supports == Support.objects.filter(matter=lamp).count() == 4
