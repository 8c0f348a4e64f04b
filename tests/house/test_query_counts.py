"""A page costs the same whatever the tables hold: lists at most 8 queries, a 의제 at most 15, uncached, for a visitor."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madang.access import SHEETS
from madang.doors.web import donut
from madang.processes.queries import charter

MOST_LIST, MOST_MATTER = 8, 15
LISTS = [
    "/",
    "/matters/",
    "/matters/?sort=supports",
    "/matters/?process=ds",
    "/matters/?waiting=1",
    "/processes/",
    "/p/ds/",
    "/propose/",
    "/duties/",
    "/duties/?which=late",
    "/duties/bodies/",
    "/bodies/",
    "/b/operator/",
    "/places/",
    "/record/",
    "/open/",
    "/en/matters/",
]  # fmt: skip


COMPOSED = ["/figures/", "/places/1154570000/"]  # pages of several rooms, like that of a 의제


def cost(address: str, client: Client | None = None) -> int:
    """Queries of one uncached answer."""
    donut.forget()
    charter()  # asked once a program, not once a page
    with CaptureQueriesContext(connection) as asked:
        answer = (client or Client()).get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    assert body
    return len(
        [q for q in asked.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    )


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_with_one_three_and_thirty_rows(grown, address):
    grown(1)
    cost(address)  # what is parsed once per program
    costs = []
    for rows in (1, 3, 30):
        grown(rows)
        costs.append(cost(address))
    assert len(set(costs[1:])) == 1 and costs[0] <= costs[1], f"{address}: {costs}"
    assert max(costs) <= MOST_LIST, f"{address}: {costs}"


@pytest.mark.parametrize("address", COMPOSED)
def test_a_composed_page_costs_the_same_with_one_three_and_thirty_rows(grown, address):
    grown(1)
    cost(address)
    costs = [(grown(rows), cost(address))[1] for rows in (1, 3, 30)]
    assert len(set(costs)) == 1 and max(costs) <= MOST_MATTER, f"{address}: {costs}"


def test_search_costs_the_same_however_much_it_finds(grown):
    address = "/search/?q=골목+조명"
    grown(1)
    cost(address)
    costs = [(grown(rows), cost(address))[1] for rows in (1, 3, 30)]
    assert len(set(costs)) == 1 and max(costs) <= MOST_LIST, costs


def test_a_matter_costs_at_most_fifteen_queries(grown, by, person, day):
    from madang.proposals.acts import support

    matter = grown(1)
    address = f"/m/{matter.number}/"
    cost(address)
    few = cost(address)
    for n in range(30):
        support(by(person(f"뒷사람{n}"), day(1)), matter)
    assert cost(address) == few
    assert few <= MOST_MATTER


@pytest.mark.parametrize("key", sorted(SHEETS))
def test_a_sheet_costs_the_same_with_one_three_and_thirty_rows(grown, key):
    address = f"/api/v1/sheets/{key}.csv"
    grown(1)
    cost(address)
    costs = [(grown(rows), cost(address))[1] for rows in (1, 3, 30)]
    assert len(set(costs[1:])) == 1 and costs[0] <= costs[1], f"{key}: {costs}"
    assert max(costs) <= MOST_LIST, f"{key}: {costs}"
