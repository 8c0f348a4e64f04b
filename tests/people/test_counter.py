"""The counter: who works at the desk sees whom offices made sure of, and takes a mistake back; nobody else sees anybody."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from madang.people.models import Attestation
from madang.people.queries import recount
from madang.record.models import Entry

WHERE = "/desk/people/"


@pytest.fixture
def clerk(person, seat, city):
    made = person("창구 담당")
    seat(made, city.desk, "주무관", side="public")
    return made


@pytest.fixture
def sure(person, city):
    """sure("김순자", adapter="desk") — somebody made sure of yesterday."""

    def make(name, adapter="desk", level=3):
        who = person(name, level=0)
        at = timezone.now() - timedelta(days=1)
        row = Attestation.objects.create(person=who, level=level, adapter=adapter, place=city.dong, attested_at=at)
        recount(who, timezone.now())
        return row

    return make


def test_the_desk_leads_its_officer_to_the_counter_and_nobody_else(client, clerk, person, seat, city):
    client.force_login(clerk)
    assert WHERE in client.get("/desk/").content.decode()
    moderator = person("중재자")
    seat(moderator, city.moderators)
    client.force_login(moderator)
    assert WHERE not in client.get("/desk/").content.decode()


def test_the_counter_shows_whom_offices_made_sure_of_and_nobody_a_machine_did(client, clerk, sure):
    sure("김순자")
    sure("박명부", "roll")
    sure("이코드", "console", level=2)
    client.force_login(clerk)

    answer = client.get(WHERE)

    page = answer.content.decode()
    assert "김순자" in page and "박명부" in page and "이코드" not in page
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("who", ["visitor", "neighbour", "moderator"])
def test_the_counter_is_shut_for_everybody_else(client, sure, person, seat, city, who):
    sure("김순자")
    if who != "visitor":
        other = person("지나가는 이웃")
        if who == "moderator":
            seat(other, city.moderators)
        client.force_login(other)

    answer = client.get(WHERE)

    assert answer.status_code == (302 if who == "visitor" else 403)
    assert "김순자" not in answer.content.decode()


def test_a_confirmation_is_taken_back_from_the_counter_with_a_reason(client, clerk, sure):
    wrong = sure("김순자")
    client.force_login(clerk)
    page = client.get(WHERE).content.decode()
    assert f'action="/do/people.revoke/{wrong.pk}/"' in page

    answer = client.post(f"/do/people.revoke/{wrong.pk}/", {"reason": "다른 사람의 서류였습니다.", "next": WHERE})

    assert (answer.status_code, answer.url) == (302, WHERE)
    wrong.refresh_from_db()
    assert wrong.revoked_at is not None
    assert Entry.objects.get(act="people.revoke").post == f"{clerk.seats.get().body.key}/주무관"
    assert f"/do/people.revoke/{wrong.pk}/" not in client.get(WHERE).content.decode()


def test_an_english_counter_speaks_english(client, clerk, sure):
    sure("김순자")
    client.force_login(clerk)

    page = client.get(f"/en{WHERE}").content.decode()

    assert "People confirmed" in page and 'action="/en/do/people.revoke/' in page


def test_the_counter_goes_on_page_by_page_at_the_same_cost(client, clerk, sure, django_assert_max_num_queries):
    rows = [sure(f"이웃{n}") for n in range(35)]
    client.force_login(clerk)
    with django_assert_max_num_queries(12):
        first = client.get(WHERE).content.decode()
    [cursor] = re.findall(r'href="\?cursor=(\d+)"', first)

    second = client.get(f"{WHERE}?cursor={cursor}").content.decode()

    shown = [{int(pk) for pk in re.findall(r"/do/people.revoke/(\d+)/", page)} for page in (first, second)]
    assert (len(shown[0]), len(shown[1])) == (30, 6)  # the clerk was made sure of at a desk too
    assert shown[0] | shown[1] >= {row.pk for row in rows} and not shown[0] & shown[1]
    assert "/do/people.revoke/" not in client.get(f"{WHERE}?cursor=x").content.decode()
