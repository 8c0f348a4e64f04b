"""Pages of paper: sheets for officers only, a desk that stores nothing it is told, and rules that narrow a ballot."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from madang.access import By
from madang.decisions.acts import cast, close_ballot, hand_paper, load_roll, open_ballot, read_bundle
from madang.decisions.electorate import room_hash
from madang.decisions.forms import CastForm, OpenBallotForm
from madang.decisions.models import PaperVote, Reading
from madang.matters.models import Matter
from madang.places.models import Place
from madang.processes.models import Window
from paper_yard import *  # noqa: F403 — its fixtures
from paper_yard import WORDS, electors, facts, sheet

AFTER = 17


@pytest.fixture
def at(monkeypatch, day):
    """at(n): the door says it is day n."""
    from django.utils import timezone

    return lambda n: monkeypatch.setattr(timezone, "now", lambda: day(n))


@pytest.fixture
def officer(officers):
    client = Client()
    client.force_login(officers[0])
    return client


def test_sheets_with_serials_are_for_those_who_run_the_booth(booths, officer, person, at):
    at(2)
    address = f"/booths/{booths[0].pk}/print/1/"
    stranger = Client()
    stranger.force_login(person("구경꾼"))
    assert (Client().get(address).status_code, stranger.get(address).status_code) == (403, 403)
    page = officer.get(address).content.decode()
    serials = re.findall(r'class="serial">([^<]+)<', page)
    assert sorted(serials) == sorted(sheet(booths[0], n) for n in range(1, 21)) and serials != sorted(serials)
    assert page.count("data:image/svg+xml") == 20 and "가나다" not in page


def test_the_specimen_shows_no_serial_and_speaks_both_languages(ballot, at):
    at(2)
    korean, english = (Client().get(f"/ballots/{ballot.pk}/print/?lang={lang}&size=large") for lang in ("ko", "en"))
    assert 'class="serial"' not in korean.content.decode() and 'body class="large"' in korean.content.decode()
    assert 'lang="en"' in english.content.decode() and "Specimen" in english.content.decode()
    assert Client().get("/ballots/99999999999999999999/print/").status_code == 404


def test_a_desk_answers_and_stores_nothing_it_was_told(booths, officer, officers, by, at):
    at(2)
    address = f"/booths/{booths[0].pk}/"
    assert "명부에 있고 아직" in officer.post(address, facts(3)).content.decode()
    hand_paper(by(officers[1], 2), booths[1], **facts(3))
    twice = officer.post(address, facts(3)).content.decode()
    assert "이미 참여하셨습니다" in twice and "투표지 한 장을 드립니다</button>" not in twice
    assert "명부에 없습니다" in officer.post(address, {**facts(3), "name": "없는이"}).content.decode()
    assert "라마바" not in json.dumps(dict(officer.session.items()))
    assert "data-look" not in Client().get(address).content.decode()


def test_the_copy_of_the_roll_is_for_officers_and_names_nobody(booths, officer, officers, by, at):
    at(2)
    hand_paper(by(officers[0], 2), booths[0], **facts(0))
    assert Client().get(f"/booths/{booths[0].pk}/copy.json").status_code == 403
    one, other = (officer.get(f"/booths/{booth.pk}/copy.json").json() for booth in booths)
    assert len(one["lines"]) == 12 and sorted(used for _group, used in one["lines"].values()) == [0] * 11 + [1]
    assert not set(one["lines"]) & set(other["lines"]) and one["desk"] != other["desk"]


def test_the_pages_of_a_booth_ask_as_much_for_one_bundle_as_for_three(booths, officer, at, django_assert_max_num_queries):
    at(2)
    with django_assert_max_num_queries(30):
        officer.get(f"/booths/{booths[0].pk}/")
    with django_assert_max_num_queries(20):
        Client().get(f"/ballots/{booths[0].ballot_id}/paper/")


def test_before_the_count_the_account_shows_hand_outs_only(booths, ballot, officers, operator, by, at):
    hand_paper(by(officers[0], 2), booths[0], **facts(0))
    for officer in officers[:2]:
        read_bundle(by(officer, AFTER), booths[0].bundles.get(), lines={sheet(booths[0], 1): "3"}, unused=19)
    at(AFTER)
    assert "온라인과 종이" not in Client().get(f"/ballots/{ballot.pk}/paper/").content.decode()
    close_ballot(by(operator, AFTER), ballot)
    after = Client().get(f"/ballots/{ballot.pk}/paper/").content.decode()
    assert "온라인과 종이" in after and "모든 투표소가 맞습니다" in after


def test_an_entry_that_breaks_off_was_not_made(booths, officers, by):
    """What a killed process leaves: the transaction of the act, or nothing."""

    class Killed(BaseException):
        pass

    def breaks(_result):
        raise Killed

    bundle = booths[0].bundles.get()
    read_bundle(by(officers[0], AFTER), bundle, lines={sheet(booths[0], 1): "1"}, unused=19)
    hand = By(officers[1], by(officers[1], AFTER).at, "web", beside=breaks)
    with pytest.raises(Killed):
        read_bundle(hand, bundle, lines={sheet(booths[0], 1): "1"}, unused=19)
    assert (Reading.objects.count(), PaperVote.objects.count()) == (1, 0)
    read_bundle(by(officers[1], AFTER), bundle, lines={sheet(booths[0], 1): "1"}, unused=19)
    assert PaperVote.objects.count() == 1


# -- what narrows a ballot ------------------------------------------------------------------------------------------


@pytest.fixture
def narrow(process, operator, matter_in, by):
    """narrow(only_room=…) — a ballot opened through the form, with its roll."""

    def opened(**only):
        matter_in("vote", "골목에 의자")
        form = OpenBallotForm({**WORDS, **only}, on=process, person=operator)
        assert form.is_valid(), form.errors
        made = open_ballot(by(operator, 1), process, **form.cleaned_data)
        return load_roll(by(operator, 1), made, lines=electors(made))

    return opened


@pytest.fixture
def elector(person, by):
    """elector(ballot) — somebody found on its roll."""
    from madang.decisions.acts import find_on_roll

    def found(ballot):
        who = person("가나다")
        find_on_roll(by(who, 2), ballot, **facts(0))
        return who

    return found


def test_a_room_key_is_kept_as_a_hash_and_asked_on_the_paper(narrow, elector, by, refused):
    ballot = narrow(only_room="느티나무 그늘아래")
    assert ballot.rule["only"] == {"room": room_hash("느티나무그늘아래")}
    who = elector(ballot)
    assert "room" in CastForm(on=ballot, person=who).fields
    refused("wrong-room-key", cast, by(who, 2), ballot, marks="1", room="소나무")
    refused("wrong-room-key", cast, by(who, 2), ballot, marks="1")
    cast(by(who, 2), ballot, marks="1", room=" 느티나무  그늘 아래")


def test_a_short_room_key_is_no_key(process, operator):
    form = OpenBallotForm({**WORDS, "only_room": "나무"}, on=process, person=operator)
    assert not form.is_valid() and "only_room" in form.errors


def test_a_position_is_compared_and_never_kept(narrow, elector, by, refused):
    ballot = narrow(only_centre="37.4563,126.9001", only_metres="200")
    who = elector(ballot)
    refused("no-position", cast, by(who, 2), ballot, marks="1")
    refused("too-far", cast, by(who, 2), ballot, marks="1", position="37.4663,126.9001")
    cast(by(who, 2), ballot, marks="1", position="37.4570,126.9001")
    from madang.record.models import Entry

    assert not any("37.457" in entry.text for entry in Entry.objects.filter(act="decisions.cast"))


def test_only_members_of_a_body_or_residents_of_a_place(narrow, elector, seat, by, refused, process):
    from madang.bodies.models import Body

    gu = Place.objects.create(code="1154500000", name="금천구", level="gu", parent=process.place, valid_from=process.place.valid_from)
    ballot = narrow(only_body=str(Body.objects.get(key="council").pk), only_place=str(gu.pk))
    who = elector(ballot)
    refused("not-of-body", cast, by(who, 2), ballot, marks="1")
    seat(who, Body.objects.get(key="council"))
    refused("not-of-place", cast, by(who, 2), ballot, marks="1")


# -- the residents' assembly ----------------------------------------------------------------------------------------


@pytest.fixture
def assembly(seoul, body, person, seat, day):
    """주민총회 of the shelf, its vote from day 40 to 48, one 의제 that waits for it."""
    from madang.duties import walk
    from madang.processes.models import Process
    from madang.recipes import recipes
    from small_city import opened

    chosen = recipes()["residents-assembly@2018-12-06"]
    from madang.recipes.shelf import home

    text = (home() / "processes" / "residents-assembly.toml").read_text()
    council = body("dong-council", "주민자치회", "civil")
    member = person("자치위원")
    seat(member, council)
    process: Process = opened(text, seoul, {"council": council}, key="assembly", at=day(-10), name=chosen.name.ko)
    for key, (a, b) in {"collect": (0, 29), "early": (40, 44), "voting": (40, 48)}.items():
        Window.objects.create(process=process, key=key, opens_on=day(a).date(), closes_on=day(b).date())
    matter = Matter.objects.create(
        process=process, place=seoul, title="골목 조명", author=person("박제안"), created_at=day(0), number="2026-000777"
    )
    walk.reenter(By(None, day(0), "clock"), matter, "vote", "test")
    return process, member


def test_twenty_nine_days_are_too_short_a_notice_and_thirty_are_enough(assembly, by, refused):
    process, member = assembly
    fault = refused("notice-short", open_ballot, by(member, 11), process, **WORDS)
    assert fault.detail == {"need": 30, "now": 29}
    ballot = open_ballot(by(member, 10), process, **WORDS)
    assert (ballot.rule["notice_days"], ballot.rule["roll"], ballot.rule["bar"]["percent"]) == (30, True, 50)


def test_the_web_closes_before_the_assembly_and_paper_goes_on(assembly, by, person, refused, day):
    from madang.bodies.models import Body
    from madang.decisions.acts import find_on_roll, open_booth

    process, member = assembly
    ballot = open_ballot(by(member, 5), process, **WORDS)
    load_roll(by(member, 6), ballot, lines=electors(ballot))
    booth = open_booth(by(member, 6), ballot, name="총회 현장", body=Body.objects.get(key="dong-council"), sheets=5)
    voter = person("가나다")
    find_on_roll(by(voter, 39), ballot, **facts(0))
    refused("not-yet-open", cast, by(voter, 39), ballot, marks="1:1")
    refused("online-over", cast, by(voter, 45), ballot, marks="1:1")
    hand_paper(by(member, 45), booth, **facts(0))
    assert ballot.closes_at - day(48) < timedelta(days=1)


def test_the_page_of_a_counted_ballot_shows_paper_and_web(booths, ballot, officers, operator, by, at):
    hand_paper(by(officers[0], 2), booths[0], **facts(0))
    for officer in officers[:2]:
        read_bundle(by(officer, AFTER), booths[0].bundles.get(), lines={sheet(booths[0], 1): "3"}, unused=19)
    close_ballot(by(operator, AFTER), ballot)
    at(AFTER)
    page = Client().get(f"/ballots/{ballot.pk}/")
    assert page.status_code == 200 and "종이 투표지의 셈" in page.content.decode() and "<dd>1 / 12" in page.content.decode()
    votes = Client().get(f"/ballots/{ballot.pk}/votes.csv").content.decode()
    assert f"{sheet(booths[0], 1)},,3" in votes


def test_a_counted_vote_of_yes_and_no_has_its_page(assembly, by, person, at):
    from madang.decisions.acts import find_on_roll

    process, member = assembly
    ballot = open_ballot(by(member, 5), process, **WORDS)
    load_roll(by(member, 6), ballot, lines=electors(ballot))
    voter = person("가나다")
    find_on_roll(by(voter, 41), ballot, **facts(0))
    cast(by(voter, 41), ballot, marks="1:1")
    close_ballot(by(member, 50), ballot)
    at(50)
    assert Client().get(f"/ballots/{ballot.pk}/").status_code == 200
    assert Matter.objects.get(number="2026-000777").open_phases.keys() == {"submit"}
