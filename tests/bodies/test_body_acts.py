"""Bodies and seats: found, appoint within the rules, release; duties stay with the post."""

from datetime import date

import pytest

from madang.access import Refused
from madang.bodies import acts
from madang.bodies.models import Body, Seat
from madang.bodies.queries import sits
from madang.record.models import Entry

TERM = {"post": "위원", "side": "civil", "route": "open", "since_date": date(2026, 1, 1)}


@pytest.fixture
def steward(person, seat, city):
    made = person("마당지기")
    seat(made, city.stewards)
    return made


@pytest.fixture
def council(steward, by, day, city):
    return acts.found(by(steward, day(0)), city.gu, key="geumcheon-council", name="금천 협치회의", side="joint")


def test_a_steward_founds_a_body_and_the_record_says_for_whom(council):
    assert Body.objects.get(key="geumcheon-council").called == "금천 협치회의"
    assert Entry.objects.get(act="bodies.found", door="web").post == "stewards/위원"


def test_nobody_else_founds_bodies(person, by, day, city):
    before = Entry.objects.count()
    with pytest.raises(Refused, match="needs-role"):
        acts.found(by(person("지나가던 이"), day(0)), city.gu, key="mine", name="내 기구", side="civil")
    assert Entry.objects.count() == before
    with pytest.raises(Refused, match="needs-login"):
        acts.found(by(None, day(0)), city.gu, key="mine", name="내 기구", side="civil")


def test_a_term_begins_and_ends(council, steward, person, by, day):
    member = person("위원")
    acts.appoint(by(steward, day(0)), council, person=member, **TERM, until_date=date(2026, 3, 31))
    assert sits(member, council, day(29))
    assert not sits(member, council, day(30))


def test_the_fourth_committee_needs_a_published_reason(council, steward, person, by, day, city):
    member = person("바쁜 위원")
    for n in range(3):
        body = acts.found(by(steward, day(0)), city.gu, key=f"committee-{n}", name=f"위원회 {n}", side="joint")
        acts.appoint(by(steward, day(0)), body, person=member, **TERM)
    with pytest.raises(Refused) as refused:
        acts.appoint(by(steward, day(1)), council, person=member, **TERM)
    assert (refused.value.code, refused.value.detail) == ("too-many-seats", {"held": 3, "most": 3})
    acts.appoint(by(steward, day(1)), council, person=member, **TERM, override_reason="다른 후보가 없어 한 해만 맡습니다.")
    assert sits(member, council, day(2))


def test_the_same_post_is_not_given_twice_and_a_release_is_said_once(council, steward, person, by, day):
    member = person("위원")
    given = acts.appoint(by(steward, day(0)), council, person=member, **TERM)
    with pytest.raises(Refused, match="seat-taken"):
        acts.appoint(by(steward, day(0)), council, person=member, **TERM)
    acts.release(by(steward, day(1)), given, reason="사임")
    assert not sits(member, council, day(2))
    with pytest.raises(Refused, match="already-done"):
        acts.release(by(steward, day(2)), Seat.objects.get(pk=given.pk), reason="사임")
