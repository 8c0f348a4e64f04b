"""Issuing: once for each entry, the same again for the same, and never a right nobody can use."""

import asyncio
from datetime import timedelta

import pytest

import sealed_yard
from madang.box.refusals import TurnedAway
from madang.issuers.keys import KeyFault, KeyRing
from madang.issuers.serving import TRIES, WRONG, Tries
from madang.issuers.signing import Signer
from madang.methods.sealed import b64, blind, right, unb64


def test_what_comes_back_makes_a_right(office, go):
    async def story():
        async with office() as it:
            voter = it.voter()
            said = await it.wish(it.codes[0], voter.blinded[1].message)
            assert said.status == 200
            issuer = it.poll.classes["시민"].issuers[1]
            message = right.message(it.poll.digest, "시민", voter.pk)
            blind.finalize(issuer.key, message, unb64(said.json["signature"]), voter.blinded[1].inverse)

    go(story())


def test_the_same_again_has_the_same_answer_and_another_value_is_refused(office, go):
    async def story():
        async with office() as it:
            first, second = it.voter().blinded[1].message, it.voter().blinded[1].message
            one = await it.wish(it.codes[0], first)
            assert (await it.wish(it.codes[0], first)).body == one.body
            again = await it.wish(it.codes[0], second)
            assert (again.status, again.json["refused"]) == (409, "already-issued")
        async with office() as it:  # and after a start too
            assert (await it.wish(it.codes[0], first)).body == one.body

    go(story())


def test_two_devices_at_the_same_moment_get_one_right(office, go):
    async def story():
        async with office() as it:
            blinded = [it.voter().blinded[1].message for _ in range(2)]
            wishes = [it.wish(it.codes[0].lower().replace("-", " "), blinded[n % 2]) for n in range(8)]
            said = await asyncio.gather(*wishes)
            assert sorted(answer.status for answer in said) == [200] * 4 + [409] * 4
            assert len({answer.body for answer in said if answer.status == 200}) == 1

    go(story())


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "2222-2222-2222-2222"}, "unknown-code"),
        ({"code": "short"}, "unknown-code"),
        ({"code": "2" * 3000}, "unknown-code"),
        ({"poll": "another"}, "no-such-poll"),
        ({"class": "위원"}, "no-such-class"),
        ({"blinded": b64(b"\xff" * 256)}, "bad-blinded"),
        ({"blinded": b64(bytes(255))}, "bad-blinded"),
        ({"blinded": "%%"}, "malformed"),
        ({"blinded": 5}, "malformed"),
        ({"more": "x"}, "malformed"),
        ({"code": "x" * 5000}, "too-large"),
    ],
)
def test_what_is_wrong_is_refused_by_name(office, go, changed, code):
    async def story():
        async with office() as it:
            said = await it.wish(it.codes[0], it.voter().blinded[1].message, **changed)
            assert said.json["refused"] == code
            assert (await it.wish(it.codes[0], it.voter().blinded[1].message)).status == 200  # and nothing was used up

    go(story())


def test_after_closing_nothing_is_issued(office, go):
    async def story():
        async with office() as it:
            it.clock["now"] = sealed_yard.CLOSES + timedelta(seconds=61)
            assert (await it.wish(it.codes[0], it.voter().blinded[1].message)).json["refused"] == "closed"

    go(story())


def test_a_destroyed_key_signs_nothing_more_even_in_a_server_that_runs(office, go):
    async def story():
        async with office() as it:
            blinded = it.voter().blinded[1].message
            given = await it.wish(it.codes[0], blinded)
            ring = KeyRing(it.home / "keys")
            assert ring.destroy(it.poll.slug, "2026-03-10") == 1
            assert (await it.wish(it.codes[1], it.voter().blinded[1].message)).json["refused"] == "no-key"
            assert (await it.wish(it.codes[0], blinded)).body == given.body
            with pytest.raises(KeyFault, match="폐기한"):
                ring.make(it.poll.slug, ["시민"])

    go(story())


def test_only_days_that_are_over_are_counted_in_public(office, go):
    async def story():
        async with office() as it:
            for code in it.codes[:2]:
                assert (await it.wish(code, it.voter().blinded[1].message)).status == 200
            assert (await it.get("issued.json")).json == []
            it.clock["now"] += timedelta(days=1)
            it.server.look()
            assert (await it.get("issued.json")).json == [{"class": "시민", "issuer": "observers", "day": "2026-03-04", "issued": 2}]
            assert (await it.get("keys.json")).json[0]["issuer"] == "observers"

    go(story())


def test_a_code_is_tried_twenty_times_an_hour_and_wrong_codes_keep_nobody_else_out():
    clock = [0.0]
    tries = Tries(lambda: clock[0])
    for _ in range(TRIES):
        tries.known(b"a")
    with pytest.raises(TurnedAway, match="slow-down"):
        tries.known(b"a")
    tries.known(b"b")
    codes = [tries.unknown().code for _ in range(WRONG + 1)]
    assert codes == ["unknown-code"] * WRONG + ["slow-down"]
    tries.known(b"c")
    clock[0] = 3600
    tries.known(b"a")
    assert tries.unknown().code == "unknown-code"


def test_a_signing_process_that_dies_is_replaced_and_nobody_loses_a_right(office, go):
    async def story():
        async with office() as it:
            blinded = it.voter().blinded[1].message
            assert (await it.wish(it.codes[1], it.voter().blinded[1].message)).status == 200
            for process in list(it.server._signer._pool._processes.values()):
                process.kill()
            first = await it.wish(it.codes[0], blinded)
            assert first.json.get("refused", "busy") == "busy"
            assert (await it.wish(it.codes[0], blinded)).status == 200

    go(story())


def test_what_could_not_be_written_down_is_not_given_out(office, go):
    async def story():
        async with office() as it:
            blinded = it.voter().blinded[1].message
            database = it.server._ledger._link._db
            on, off = ("PRAGMA query_only = 1", "PRAGMA query_only = 0")
            if it.ledger:
                on, off = (f"SET default_transaction_read_only = {word}" for word in ("on", "off"))
            database.execute(on)
            assert (await it.wish(it.codes[0], blinded)).json["refused"] == "busy"
            database.execute(off)
            assert (await it.wish(it.codes[0], it.voter().blinded[1].message)).status == 200

    go(story())


def test_several_signing_processes_answer_in_order(tmp_path):
    ring = KeyRing(tmp_path)
    ring.make("yard", ["a", "b"])
    signer = Signer(tmp_path, 2)
    blinded = [bytes([0, number]) * 128 for number in range(1, 8)]
    wanted = [("yard", "ab"[number % 2], one) for number, one in enumerate(blinded)] + [("yard", "c", blinded[0]), ("yard", "a", b"short")]
    answers = signer.sign(wanted)
    assert answers[:7] == [ring.sign(*one) for one in wanted[:7]]
    assert [answer.code for answer in answers[7:]] == ["no-key", "bad-blinded"]
    assert signer.sign([]) == []
    signer.close()
