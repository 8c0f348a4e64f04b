"""A letter in the morning: only when there is something, gathered, in one's language, with a way out."""

from datetime import timedelta

import pytest
from django.core import mail

from madang.notices import acts, digest
from madang.notices.channels import email
from madang.notices.models import Letter, Notice
from madang.people.models import Person

pytestmark = pytest.mark.urls("madang.urls")


@pytest.fixture
def told(assigned, proposer, run):
    """The proposer has two notices on the lamps."""
    run(3)
    return proposer


def letters_to(who) -> list:
    return [letter for letter in mail.outbox if letter.to == [who.email]]


def test_a_morning_brings_one_letter_and_the_next_none(told, day):
    digest.run(day(3))
    digest.run(day(3))
    digest.run(day(4))
    [letter] = letters_to(told)
    assert "2" in letter.subject
    assert "■ 골목에 가로등을 놓아 주세요" in letter.body and letter.body.count("■") == 1
    assert letter.body.index("답할 부서가 정해졌습니다") < letter.body.index("다음 단계가 열렸습니다")


def test_before_the_morning_nothing_is_sent(told, day):
    digest.run(day(3).replace(hour=5))
    assert mail.outbox == [] and not Letter.objects.exists()


def test_an_empty_letter_is_never_made(city, person, day):
    person("조용한 사람")
    digest.run(day(3))
    assert mail.outbox == [] and not Letter.objects.exists()


def test_what_was_read_on_the_page_is_not_sent(told, day):
    acts.read(told, day(3), until=Notice.objects.latest("pk").pk)
    digest.run(day(3))
    assert letters_to(told) == []


def test_a_week_is_counted_from_the_last_letter(told, assigned, chief, reply, run, day):
    Person.objects.filter(pk=told.pk).update(digest="weekly")
    digest.run(day(3))
    reply(chief, assigned)
    run(5)
    for n in (5, 9):
        digest.run(day(n))
    assert len(letters_to(told)) == 1
    digest.run(day(10))
    assert len(letters_to(told)) == 2


def test_who_wants_no_letters_gets_none(told, day):
    Person.objects.filter(pk=told.pk).update(digest="never")
    digest.run(day(3))
    assert letters_to(told) == []


def test_the_letter_speaks_the_readers_language(told, day):
    Person.objects.filter(pk=told.pk).update(language="en")
    digest.run(day(3))
    [letter] = letters_to(told)
    assert "/en/m/2026-" in letter.body and "/en/notices/stop/" in letter.body
    [(html, kind)] = letter.alternatives
    assert kind == "text/html" and '<html lang="en">' in html


def test_a_hostile_title_stays_text(told, assigned, day):
    type(assigned).objects.filter(pk=assigned.pk).update(title="<script>x</script>\u202e등불")
    digest.run(day(3))
    [letter] = letters_to(told)
    assert "<script>" not in letter.alternatives[0][0] and "\u202e" not in letter.alternatives[0][0]
    assert "\u202e" not in letter.body


def test_a_letter_that_did_not_go_out_goes_out_again_as_the_same_letter(told, day, monkeypatch):
    def broken(letter, notices):
        raise OSError("no connection")

    deliver = email.deliver
    monkeypatch.setattr(email, "deliver", broken)
    failed = digest.run(day(3)).failed
    assert failed and letters_to(told) == [] and Letter.objects.get(person=told).done_at is None
    monkeypatch.setattr(email, "deliver", deliver)
    digest.run(day(3) + timedelta(minutes=11))
    [letter] = letters_to(told)
    again = email.message(Letter.objects.get(person=told), list(Notice.objects.filter(person=told)))
    assert letter.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]


def test_a_letter_that_never_goes_out_is_given_up_after_five_tries(told, day, monkeypatch):
    def broken(letter, notices):
        raise OSError("no connection")

    monkeypatch.setattr(email, "deliver", broken)
    for hours in range(9):
        digest.run(day(3) + timedelta(hours=hours))
    assert Letter.objects.get(person=told).tries == digest.MOST_TRIES


def test_a_letter_written_but_not_sent_by_a_killed_program_is_sent_later(told, day):
    letter = digest.write(told, day(3))
    assert letter is not None and letters_to(told) == []
    digest.run(day(3) + timedelta(minutes=11))
    assert len(letters_to(told)) == 1


def test_one_click_stops_letters_without_logging_in(told, day, client):
    digest.run(day(3))
    [letter] = letters_to(told)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in letter.body
    path = address.split("//", 1)[1].split("/", 1)[1]
    client.handler.enforce_csrf_checks = True
    assert client.get(f"/{path}").status_code == 200
    assert Person.objects.get(pk=told.pk).digest == "daily"
    assert client.post(f"/{path}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Person.objects.get(pk=told.pk).digest == "never"


def test_a_forged_way_out_changes_nothing(told, client):
    assert client.post("/notices/stop/not-a-token/").status_code == 404
    assert Person.objects.get(pk=told.pk).digest == "daily"


def test_writing_costs_the_same_whatever_the_number_of_notices(
    told, assigned, chief, reply, run, day, django_assert_num_queries
):
    letter = digest.write(told, day(3))
    counts = digest.Counts()
    with django_assert_num_queries(4):
        digest._send(letter, day(3), counts)
    assert counts.sent == 1
