"""The pages of a sealed ballot: whom they may speak to, what they hand out to whom, and what they never take."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from sealed_paper import *  # noqa: F403 — its fixtures

from madang.decisions.models import Ballot, RightBackup, RollEntry
from madang.decisions.words_sealed import AUDITING, BOARD, VOTING
from madang.methods.sealed import b64, unb64
from madang.methods.sealed.right import Voter
from madang.methods.sealed.telling import WORDS as FAULTS
from madang.record.models import Entry

ENVELOPE = bytes([1]) * 77


@pytest.fixture
def at(monkeypatch, day):
    """The house's clock stands on the third day."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: day(2))


@pytest.fixture
def known(person, at):
    """known("김시민") — a browser in which somebody is logged in."""

    def enter(name, level=2):
        client = Client()
        client.force_login(person(name, level=level))
        return client

    return enter


def page_of(client, on, name="sealed-vote"):
    answer = client.get(reverse(name, args=[on.pk]))
    assert answer.status_code == 200
    text = answer.content.decode()
    start = text.index('<script id="sealed-page" type="application/json">')
    return answer, json.loads(text[text.index(">", start) + 1 : text.index("</script>", start)])


def wish(of):
    voter = Voter(of.poll, "verified")
    return {"blinded": b64(voter.blinded[0].message), "backup": b64(ENVELOPE)}


def test_the_voting_page_speaks_to_house_box_and_observers_and_to_nobody_else(of, on, known):
    answer, given = page_of(known("김시민"), on)
    policy = answer["Content-Security-Policy"]
    assert f"connect-src 'self' {of.box} {of.observers};" in policy
    assert "unsafe" not in policy and "script-src" not in policy and "default-src 'self'" in policy
    assert answer["Cache-Control"] == "no-store"
    assert (given["poll"], given["class"], given["box"]) == (of.text, "verified", of.box)
    text = answer.content.decode()
    assert 'name="marks-1"' in text and "<noscript>" in text and reverse("help-topic", args=["secret-vote"]) in text
    assert "onclick" not in text and "style=" not in text


def test_a_shared_phone_tells_its_people_apart_and_nobody_else_can(of, on, known):
    owners = [page_of(known(name), on)[1]["owner"] for name in ("김시민", "이시민")]
    assert len(set(owners)) == 2 and all(len(owner) == 16 for owner in owners)
    assert page_of(Client(), on)[1]["owner"] == ""


def test_who_may_not_vote_reads_why_and_what_to_do(of, on, known):
    answer, given = page_of(known("가입만", level=1), on)
    assert given["class"] == ""
    assert "본인확인" in answer.content.decode()


def test_a_right_is_given_to_its_voter_and_a_second_wish_is_refused_in_words(of, on, known):
    client = known("김시민")
    given = wish(of)
    address = reverse("sealed-right", args=[on.pk])
    first = client.post(address, given)
    assert (first.status_code, len(unb64(first.json()["signature"]))) == (200, 256)
    assert client.post(address, given).json() == first.json()
    refused = client.post(address, wish(of))
    assert (refused.status_code, refused.json()["refused"]) == (409, "already-issued")
    assert all(refused.json()["says"])
    assert Client().post(address, given).json()["refused"] == "needs-login"
    assert client.post(address, {**given, "blinded": "x"}).status_code == 422
    assert client.get(address).status_code == 405
    assert RollEntry.objects.count() == 1


def test_a_right_is_not_given_to_another_sites_form(of, on, known):
    client = known("김시민")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(reverse("sealed-right", args=[on.pk]), wish(of)).status_code == 403
    assert not RollEntry.objects.exists()


def test_a_backup_goes_back_to_its_own_voter_alone(of, on, known):
    client, other = known("김시민"), known("이시민")
    client.post(reverse("sealed-right", args=[on.pk]), wish(of))
    address = reverse("sealed-backup", args=[on.pk])
    assert client.post(address).json() == {"backup": b64(ENVELOPE)}
    assert (other.post(address).status_code, Client().post(address).status_code) == (404, 403)
    assert RightBackup.objects.count() == 1


def test_what_is_signed_is_there_for_everybody_and_the_rest_after_closing_alone(of, on, at):
    client = Client()
    assert client.get(reverse("sealed-poll", args=[on.pk])).content == of.poll.raw
    assert client.get(reverse("sealed-sig", args=[on.pk])).content == of.signature.encode()
    assert [client.get(reverse(name, args=[on.pk])).status_code for name in ("sealed-seal", "sealed-zip")] == [404, 404]
    assert client.get(reverse("sealed-vote", args=[10**12])).status_code == 404


def test_there_is_no_address_in_the_house_that_takes_marks(of, on, known):
    client = known("김시민")
    before = Entry.objects.count()
    answer = client.post(reverse("do", args=["decisions.cast", on.pk]), {"marks": "1", "receipt": "ABCD-EFGH-JKLM"})
    assert answer.status_code in (403, 409)
    assert client.post(reverse("sealed-vote", args=[on.pk]), {"marks": "1"}).status_code == 200  # shows the page; reads nothing
    assert Entry.objects.count() == before


def test_before_it_is_prepared_the_ballot_says_so_and_afterwards_where_to_vote(on, operator, by, keys, at):
    from madang.decisions.acts import seal_ballot

    client, address = Client(), reverse("ballot", args=[on.pk])
    assert "봉인 투표를 준비하고 있습니다" in client.get(address).content.decode()
    assert client.get(reverse("sealed-vote", args=[on.pk])).status_code == 404
    seal_ballot(by(operator, 1), on, **keys)
    assert reverse("sealed-vote", args=[on.pk]) in client.get(address).content.decode()


def test_the_pages_ask_the_database_little(of, on, known, django_assert_max_num_queries):
    client = known("김시민")
    for name, most in (("sealed-vote", 15), ("sealed-board", 6), ("sealed-audit", 6)):
        client.get(reverse(name, args=[on.pk]))
        with django_assert_max_num_queries(most):
            client.get(reverse(name, args=[on.pk]))
    assert Ballot.objects.count() == 1


def test_every_fault_and_refusal_of_the_scripts_has_words(of, on, at):
    from madang.box.refusals import SAID

    assert not set(AUDITING) & {""} and all(map(str, [*VOTING.values(), *BOARD.values(), *AUDITING.values()]))
    _, given = page_of(Client(), on, "sealed-audit")
    assert set(given["faults"]) == set(FAULTS)
    assert {"unreachable", "bad-recovery", "wrong-recovery", "invalid-signature", "bad-receipt"} <= set(VOTING)
    assert {"busy", "closed", "no-revote", "unknown-code", "already-issued"} <= set(SAID)
