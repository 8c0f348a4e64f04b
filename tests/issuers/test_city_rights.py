"""The city's issuer in the house: one right for one roll entry, together with the switch of that entry or not at all."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction

import sealed_yard
from madang.box.refusals import TurnedAway
from madang.issuers.models import Issuance
from madang.issuers.rights import entry_hash, issue, issued, ring
from madang.methods.sealed import blind, right
from madang.methods.sealed.poll import Poll
from madang.methods.sealed.right import Voter

DAY = date(2026, 3, 4)


@pytest.fixture
def poll(tmp_path, settings) -> Poll:
    """A sealed poll whose city key is in the house's ring."""
    settings.HOME = tmp_path
    of = sealed_yard.poll_of(bytes(32))
    ring().make(of.slug, ["시민"])
    next((ring().folder / of.slug).glob("*.pem")).write_bytes(sealed_yard.issuer_key("시민/city").pem())
    return of


def wish(poll: Poll, entry: str, blinded: bytes) -> bytes:
    return issue(poll=poll.slug, voter_class="시민", entry=entry, blinded=blinded, on=DAY)


@pytest.mark.django_db
def test_the_answer_makes_the_first_half_of_a_right(poll):
    voter = Voter(poll, "시민")
    signature = wish(poll, "17", voter.blinded[0].message)
    key = poll.classes["시민"].issuers[0].key
    blind.finalize(key, right.message(poll.digest, "시민", voter.pk), signature, voter.blinded[0].inverse)


@pytest.mark.django_db
def test_once_for_each_entry(poll):
    first, second = Voter(poll, "시민").blinded[0].message, Voter(poll, "시민").blinded[0].message
    signature = wish(poll, "17", first)
    assert wish(poll, "17", first) == signature
    with pytest.raises(TurnedAway, match="already-issued"):
        wish(poll, "17", second)
    assert wish(poll, "18", second) != signature
    assert issued(poll.slug, "city") == [{"class": "시민", "issuer": "city", "day": "2026-03-04", "issued": 2}]
    assert issued(poll.slug, "city", before=DAY) == []


@pytest.mark.django_db
def test_a_switch_that_does_not_turn_takes_the_right_with_it(poll):
    with pytest.raises(RuntimeError), transaction.atomic():
        wish(poll, "17", Voter(poll, "시민").blinded[0].message)
        raise RuntimeError("the entry took a paper ballot meanwhile")
    assert not Issuance.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("bad", [b"", b"\xff" * 256, bytes(255), bytes(300)])
def test_a_value_out_of_range_uses_nothing_up(poll, bad):
    with pytest.raises(TurnedAway, match="bad-blinded"):
        wish(poll, "17", bad)
    assert not Issuance.objects.exists()


@pytest.mark.django_db
def test_without_its_key_nothing_is_issued(poll):
    ring().destroy(poll.slug, "2026-03-10")
    with pytest.raises(TurnedAway, match="no-key"):
        wish(poll, "17", Voter(poll, "시민").blinded[0].message)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time (IMMEDIATE); there is no same moment")
def test_two_at_the_same_moment_get_one_right(poll):
    blinded = [Voter(poll, "시민").blinded[0].message for _ in range(4)]
    ready, answers = Barrier(4), []

    def ask(mine: bytes) -> None:
        ready.wait()
        try:
            with transaction.atomic():
                answers.append(wish(poll, "17", mine))
        except TurnedAway as refusal:
            answers.append(refusal.code)
        finally:
            connections.close_all()

    threads = [Thread(target=ask, args=(mine,)) for mine in blinded]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert answers.count("already-issued") == 3
    assert Issuance.objects.count() == 1


@pytest.mark.django_db
def test_the_table_keeps_no_order_of_arrival(poll):
    kept = Issuance(poll=poll.slug, roll_entry=entry_hash(poll.slug, "1"), voter_class="시민", issued_on=DAY)
    assert {field.name for field in kept._meta.fields} == {
        "id", "poll", "roll_entry", "voter_class", "blinded", "signature", "issued_on",
    }  # fmt: skip
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'issuers_issuance'")
            assert cursor.fetchone()[0].endswith("WITHOUT ROWID")
