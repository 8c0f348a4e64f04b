"""Feeds other programs can read: Atom by its rules, iCalendar by its own, and nothing that is nobody's business."""

import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar

from madang.access import By
from madang.bodies.models import Body
from madang.duties import acts as duties
from madang.duties.models import Duty
from madang.matters.models import Matter
from madang.notices import acts as notices
from madang.processes.models import Process, Window
from madang.proposals import acts as proposals
from madang.record.models import Entry
from small_city import opened, recipe, support

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def team(city) -> Body:
    return Body.objects.create(key="team", name="운영팀", side="public")


@pytest.fixture
def channel(city, team, day) -> Process:
    text = recipe("fed-channel", ("소식 마당", "Fed yard"), [support()])
    return opened(text, city.seoul, {"operator": team}, key="fed", at=day(-10), name="소식 마당")


@pytest.fixture
def propose(channel, city, person, day):
    def make(title: str, n: int = 0, place=None) -> Matter:
        return proposals.submit(
            By(person("김제안"), day(n)),
            channel,
            title=title,
            problem="밤에 어두워서 무섭습니다.",
            idea=f"{title}: 두 개를 놓습니다.",
            topic="safety",
            place=place or city.dong,
        )

    return make


def entries(client, address: str) -> list[ET.Element]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(answer.content).findall(f"{ATOM}entry")


def titles(client, address: str) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(client, address)]


def events(client, address: str) -> list:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_a_feed_keeps_the_rules_of_atom(client, propose):
    propose("가로등")
    feed = ET.fromstring(client.get("/feeds/all.atom").content)
    assert feed.findtext(f"{ATOM}id").startswith("tag:")
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated")).tzinfo
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith("/feeds/all.atom")
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "가로등: 새 제안이 올라왔습니다."
    assert entry.find(f"{ATOM}link").get("href").endswith(f"/m/{Matter.objects.get().number}/")
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) == Entry.objects.order_by("pk").last().at


def test_ids_are_the_lines_of_the_record_and_stay(client, propose):
    propose("가로등")
    first = [entry.findtext(f"{ATOM}id") for entry in entries(client, "/feeds/all.atom")]
    propose("쉼터", 1)
    second = [entry.findtext(f"{ATOM}id") for entry in entries(client, "/feeds/all.atom")]
    assert len(second) == len(set(second)) == 2
    assert second[1:] == first


def test_each_feed_tells_only_its_own(client, propose, channel, city, day):
    gangnam = type(city.gu).objects.create(
        code="1168000000", name="강남구", level="gu", parent=city.seoul, valid_from=date(1975, 10, 1)
    )
    lamp = propose("가로등")
    bench = propose("쉼터", 1, gangnam)
    both = ["쉼터: 새 제안이 올라왔습니다.", "가로등: 새 제안이 올라왔습니다."]
    assert titles(client, "/feeds/processes/fed.atom") == both
    assert titles(client, f"/feeds/places/{city.seoul.code}.atom")[:2] == both
    assert titles(client, f"/feeds/places/{city.gu.code}.atom") == both[1:]
    assert titles(client, f"/feeds/matters/{lamp.number}.atom") == both[1:]
    assert titles(client, f"/feeds/matters/{bench.number}.atom") == both[:1]
    assert titles(client, "/feeds/bodies/team.atom") == both


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/places/x.atom",
        "/feeds/processes/x.atom",
        "/feeds/matters/x.atom",
        "/feeds/bodies/x.atom",
        "/calendars/places/x.ics",
        "/calendars/processes/x.ics",
        "/calendars/matters/x.ics",
        "/calendars/bodies/x.ics",
        "/calendars/mine/x.ics",
    ],
)
def test_a_feed_of_nothing_is_not_found(client, city, address):
    assert client.get(address).status_code == 404


def test_a_hidden_matter_leaves_the_feed_and_the_calendar(client, propose, day):
    lamp = propose("가로등")
    Matter.objects.filter(pk=lamp.pk).update(hidden_at=day(1))
    assert titles(client, "/feeds/all.atom") == []
    assert events(client, "/calendars/all.ics") == []
    assert client.get(f"/feeds/matters/{lamp.number}.atom").status_code == 404


def test_a_feed_that_has_not_changed_is_not_sent_again(client, propose):
    propose("가로등")
    first = client.get("/feeds/all.atom")
    same = client.get("/feeds/all.atom", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert same["ETag"] == first["ETag"]
    propose("쉼터", 1)
    assert client.get("/feeds/all.atom", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_unchanged_feed_costs_one_query(client, propose, django_assert_num_queries):
    propose("가로등")
    mark = client.get("/feeds/all.atom")["ETag"]
    with django_assert_num_queries(1):
        assert client.get("/feeds/all.atom", headers={"If-None-Match": mark}).status_code == 304


def test_a_feed_costs_the_same_with_one_and_many_entries(client, propose, django_assert_num_queries):
    propose("가로등")
    with django_assert_num_queries(4):
        client.get("/feeds/all.atom")
    for number in range(5):
        propose(f"의자 {number}", number)
    with django_assert_num_queries(4):
        client.get("/feeds/all.atom")


def test_english_at_the_same_address(client, propose):
    propose("가로등")
    answer = client.get("/feeds/all.atom?lang=en")
    feed = ET.fromstring(answer.content)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert "/en/m/" in feed.find(f"{ATOM}entry/{ATOM}link").get("href")
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith("/feeds/all.atom?lang=en")
    assert (
        ET.fromstring(client.get("/feeds/all.atom").content).get("{http://www.w3.org/XML/1998/namespace}lang") == "ko"
    )


def test_a_hostile_title_keeps_the_feed_well_formed(client, propose):
    propose("<b>&amp; ]]> 가로등")
    assert titles(client, "/feeds/all.atom") == ["<b>&amp; ]]> 가로등: 새 제안이 올라왔습니다."]


def test_a_due_day_is_a_whole_day_with_a_name_that_stays(client, propose):
    lamp = propose("가로등")
    duty = Duty.objects.get(matter=lamp)
    [due] = [event for event in events(client, "/calendars/bodies/team.ics") if event["UID"].startswith("duty-")]
    assert due["UID"] == f"duty-{duty.pk}@localhost"
    assert (due["DTSTART"].dt, due["DTEND"].dt) == (duty.due_on, duty.due_on + timedelta(days=1))
    assert "운영팀" in due["SUMMARY"]
    assert due["SEQUENCE"] == 0


def test_an_extended_date_moves_in_the_readers_calendar(client, propose, person, seat, team, day):
    lamp = propose("가로등")
    duty = Duty.objects.get(matter=lamp)
    Duty.objects.filter(pk=duty.pk).update(due_on=duty.due_on + timedelta(days=7), extended_at=day(3))
    [due] = [
        event for event in events(client, f"/calendars/matters/{lamp.number}.ics") if event["UID"].startswith("duty-")
    ]
    assert (due["UID"], due["SEQUENCE"], due["DTSTART"].dt) == (
        f"duty-{duty.pk}@localhost",
        1,
        duty.due_on + timedelta(days=7),
    )


def test_what_is_done_leaves_the_calendar(client, propose, person, seat, team, day):
    lamp = propose("가로등")
    who = person("이담당")
    seat(who, team)
    duties.conclude(
        By(who, day(40)), Matter.objects.get(pk=lamp.pk), outcome="expired", reason="공감이 모이지 않아 매듭짓습니다."
    )
    assert events(client, "/calendars/all.ics") == []


def test_the_last_day_of_a_phase_stands_in_the_calendar(client, propose, day):
    propose("가로등")
    [end] = [event for event in events(client, "/calendars/processes/fed.ics") if event["UID"].startswith("stage-")]
    assert end["SUMMARY"] == "공감 모으기 마지막 날: 가로등"
    assert end["DTSTART"].dt == day(30).date()


def test_windows_of_a_process_stand_in_its_calendar(client, channel, monkeypatch, day):
    from django.utils.timezone import localdate

    today = localdate()
    Window.objects.create(process=channel, key="call", opens_on=today, closes_on=today + timedelta(days=9))

    class Named:
        class name:
            said = staticmethod(lambda lang: "공모")

    monkeypatch.setattr("madang.recipes.Recipe.window", lambda self, key: Named)
    [window] = events(client, "/calendars/processes/fed.ics")
    assert window["SUMMARY"] == "소식 마당: 공모"
    assert (window["DTEND"].dt - window["DTSTART"].dt).days == 10


def test_ones_own_calendar_stands_at_a_secret_address(client, propose, person, seat, team, day):
    propose("가로등")
    who = person("이담당")
    seat(who, team)
    key = notices.new_calendar(who, day(1))
    answer = client.get(f"/calendars/mine/{key.secret}.ics")
    assert "private" in answer["Cache-Control"] and answer["X-Robots-Tag"] == "noindex"
    assert [event["UID"].split("-")[0] for event in Calendar.from_ical(answer.content).walk("VEVENT")] == ["duty"]
    notices.new_calendar(who, day(2))
    assert client.get(f"/calendars/mine/{key.secret}.ics").status_code == 404


def test_a_followed_matter_stands_in_ones_own_calendar(client, propose, person, day):
    lamp, _other = propose("가로등"), propose("쉼터", 1)
    who = person("박")
    notices.follow(who, lamp, day(1))
    key = notices.new_calendar(who, day(1))
    found = events(client, f"/calendars/mine/{key.secret}.ics")
    assert {event["UID"].split("@")[0] for event in found} == {
        f"duty-{Duty.objects.get(matter=lamp).pk}",
        f"stage-{lamp.stages.get().pk}",
    }


def test_a_calendar_costs_the_same_with_one_and_many_dates(client, propose, django_assert_max_num_queries):
    propose("가로등")
    client.get("/calendars/all.ics")
    with django_assert_max_num_queries(3):
        client.get("/calendars/all.ics")
    for number in range(4):
        propose(f"의자 {number}", number)
    with django_assert_max_num_queries(3):
        client.get("/calendars/all.ics")
