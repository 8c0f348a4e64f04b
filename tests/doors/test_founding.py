"""Founding: a fresh house gets places, bodies and a charter, once."""

import pytest

from madang.access import Refused
from madang.bodies.models import Body, Seat
from madang.doors import founding
from madang.places.models import Place
from madang.processes.queries import cast, charter
from madang.record.models import Entry

pytestmark = pytest.mark.django_db


def test_a_fresh_house_gets_seoul_the_stewards_and_the_charter(day):
    assert founding.found(day(0), "seoul-2018") == ["places", "bodies", "charter"]
    assert Place.objects.filter(level="gu", valid_to=None).count() == 25
    assert charter().rules.key == "charter"
    assert [cast(charter(), part).key for part in charter().rules.bodies] == list(charter().rules.bodies)
    assert set(Entry.objects.values_list("act", flat=True)) == {"places.load", "bodies.found", "processes.adopt"}


def test_founding_again_changes_nothing(day):
    founding.found(day(0), "seoul-2018")
    before = (Entry.objects.count(), Body.objects.count(), Place.objects.count())
    assert founding.found(day(1), "seoul-2018") == []
    assert (Entry.objects.count(), Body.objects.count(), Place.objects.count()) == before


def test_a_founding_that_was_cut_short_is_finished(day):
    """A body already there is taken, not founded again."""
    from madang.access import By
    from madang.bodies.acts import found
    from madang.places.acts import load
    from madang.places.load import SEOUL

    clock = By(None, day(0), "clock")
    load(clock, Place(), content=SEOUL.read_bytes())
    found(clock, founding.top(), key="stewards", name="마당지기 모임", side="joint")
    assert founding.found(day(0), "seoul-2018") == ["bodies", "charter"]
    assert Body.objects.filter(key="stewards").count() == 1


def test_the_first_steward_is_seated_once(city, day):
    seat = founding.first_steward("kim@example.org", day(0))
    assert (seat.body, seat.person.email) == (city.stewards, "kim@example.org")
    with pytest.raises(Refused) as no:
        founding.first_steward("lee@example.org", day(0))
    assert no.value.code == "already-done"
    assert Seat.objects.count() == 1


def test_the_first_steward_may_appoint_others(city, day, by, person):
    from madang.bodies.acts import appoint

    steward = founding.first_steward("kim@example.org", day(0)).person
    appoint(
        by(steward, day(1)),
        city.desk,
        person=person("이영희"),
        post="담당",
        side="public",
        route="ex-officio",
        since_date=day(0).date(),
    )
    assert Seat.objects.count() == 2


def test_nobody_is_seated_in_a_house_without_a_charter(db, day):
    with pytest.raises(LookupError):
        founding.first_steward("kim@example.org", day(0))


def test_an_enrolled_person_can_sign_in_by_code(city, day):
    person = founding.enrol("kim@example.org", day(0))
    address = person.emailaddress_set.get()
    assert (address.email, address.verified, address.primary) == ("kim@example.org", True, True)
    assert (person.level, founding.enrol("KIM@example.org", day(1))) == (1, person)
