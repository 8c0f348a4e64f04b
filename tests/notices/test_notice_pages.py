"""One's own page of notices: what is new, what was read, what is followed."""

import pytest

from madang.notices import acts, queries
from madang.notices.models import CalendarKey, Follow, Notice
from madang.people.models import Person
from madang.record.models import Entry

pytestmark = pytest.mark.urls("madang.urls")


@pytest.fixture
def told(assigned, proposer, run):
    run(3)
    return proposer


@pytest.fixture
def signed_in(client, told):
    client.force_login(told)
    return client


def test_a_visitor_is_led_to_the_login(client, db):
    answer = client.get("/notices/")
    assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]


def test_notices_stand_under_their_matter_newest_first(signed_in):
    text = signed_in.get("/notices/").content.decode()
    assert text.index("답할 부서가 정해졌습니다") < text.index("다음 단계가 열렸습니다")
    assert text.count("<h2") == 1


def test_reading_is_a_preference_and_leaves_no_trace_in_the_record(signed_in, told):
    before = Entry.objects.count()
    assert queries.unread(told) == 2
    signed_in.post("/notices/read/", {"until": str(Notice.objects.filter(person=told).latest("pk").pk)})
    assert queries.unread(told) == 0
    assert Entry.objects.count() == before


def test_what_came_while_the_page_was_open_stays_unread(signed_in, told):
    first = Notice.objects.filter(person=told).earliest("pk")
    signed_in.post("/notices/read/", {"until": str(first.pk)})
    assert queries.unread(told) == 1


@pytest.mark.parametrize("until", ["", "x", "99999999999999999999999", "-1"])
def test_a_nonsense_mark_reads_nothing(signed_in, told, until):
    assert signed_in.post("/notices/read/", {"until": until}).status_code == 302
    assert queries.unread(told) == 2


def test_nobody_reads_anothers_notices(signed_in, told, person):
    other = person("남")
    Notice.objects.filter(person=told).update(person=other)
    assert "답할 부서가 정해졌습니다" not in signed_in.get("/notices/").content.decode()
    signed_in.post("/notices/read/", {"until": "999"})
    assert queries.unread(other) == 2


def test_following_and_leaving_by_a_button(signed_in, told, city):
    answer = signed_in.post(f"/notices/follow/place/{city.gu.pk}/", {"back": "/matters/"})
    assert (answer.status_code, answer["Location"]) == (302, "/matters/")
    assert queries.follows(told, city.gu)
    signed_in.post(f"/notices/follow/place/{city.gu.pk}/", {"leave": "1"})
    assert not queries.follows(told, city.gu)


def test_a_follow_needs_its_token(told, city):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(told)
    assert strict.post(f"/notices/follow/place/{city.gu.pk}/").status_code == 403
    assert not queries.follows(told, city.gu)


@pytest.mark.parametrize("path", ["person/1", "place/99999", "matter/0"])
def test_only_things_that_are_there_can_be_followed(signed_in, path):
    assert signed_in.post(f"/notices/follow/{path}/").status_code == 404


def test_the_way_back_never_leads_out_of_the_house(signed_in, city):
    answer = signed_in.post(f"/notices/follow/place/{city.gu.pk}/", {"back": "https://evil.example/"})
    assert answer["Location"] == "/notices/"


def test_choosing_letters_and_their_language(signed_in, told):
    assert signed_in.get("/notices/settings/").status_code == 200
    signed_in.post("/notices/settings/", {"digest": "weekly", "language": "en"})
    person = Person.objects.get(pk=told.pk)
    assert (person.digest, person.language) == ("weekly", "en")
    answer = signed_in.post("/notices/settings/", {"digest": "hourly", "language": "en"})
    assert answer.status_code == 200
    assert Person.objects.get(pk=told.pk).digest == "weekly"


def test_a_new_calendar_address_replaces_the_old(signed_in, told):
    signed_in.post("/notices/calendar/")
    old = CalendarKey.objects.get(person=told).secret
    assert old in signed_in.get("/notices/settings/").content.decode()
    signed_in.post("/notices/calendar/")
    assert CalendarKey.objects.get(person=told).secret != old


def test_a_thing_is_followed_once_and_only_one_thing_at_a_time(told, assigned, city, day):
    acts.follow(told, assigned, day(5))
    assert Follow.objects.filter(person=told, matter=assigned).count() == 1
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="a_follow_is_of_one_thing"):
        Follow.objects.create(person=told, matter=assigned, place=city.gu, since_at=day(1))


def test_pages_of_thirty_follow_each_other_without_gap(signed_in, told, assigned, day):
    Notice.objects.filter(person=told).delete()
    Notice.objects.bulk_create(
        Notice(person=told, position=1000 + n, kind="duties.assign", matter=assigned, made_at=day(3)) for n in range(65)
    )
    seen, address = 0, "/notices/"
    while address:
        text = signed_in.get(address).content.decode()
        seen += text.count("답할 부서가 정해졌습니다")
        after = text.split('rel="next" href="')
        address = f"/notices/{after[1].split(chr(34))[0]}" if len(after) > 1 else ""
    assert seen == 65


def test_the_list_costs_the_same_for_one_and_many(signed_in, told, assigned, day, django_assert_max_num_queries):
    Notice.objects.bulk_create(
        Notice(person=told, position=1000 + n, kind="duties.assign", matter=assigned, made_at=day(3)) for n in range(25)
    )
    with django_assert_max_num_queries(8):
        assert signed_in.get("/notices/").status_code == 200
