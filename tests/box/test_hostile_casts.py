"""Whatever is thrown at the box has a code, gets no receipt and leaves nothing behind."""

import asyncio
import json
from datetime import timedelta
from hashlib import sha256

import pytest

import sealed_yard
from madang.box.door import Door, said
from madang.methods.sealed import b64, ballot, unb64
from madang.methods.sealed.ballot import Cast
from sealed_yard import CLOSES


async def refused(box, body: bytes) -> str:
    """The code a body is refused with; nothing of it stays."""
    before = box.box.waiting
    answer = await box.cast(body)
    assert "receipt" not in answer.json
    assert box.box.waiting == before
    return answer.json["refused"]


def remade(body: bytes, **changed: object) -> bytes:
    """The body with other fields, as long as it was."""
    given = {**json.loads(body), **changed}
    return json.dumps(given, separators=(",", ":")).encode().ljust(len(body))[: len(body)]


def test_other_lengths_are_refused_before_they_are_read(running, go):
    async def story():
        async with running() as box:
            body = box.yard.body()
            for wrong in (b"", body[:-1], body + b" ", b"[" * 100_000):
                assert await refused(box, wrong) == "wrong-size"
            assert (await box.cast(b" " * 200_000)).json["refused"] == "too-large"

    go(story())


def test_what_is_no_cast_is_malformed(running, go):
    async def story():
        async with running() as box:
            body = box.yard.body()
            size = len(body)
            shapes = [
                b"", b"null", b"[" * size, b'{"header":"' + b"A" * 40, b"\xff" * size, b'{"a":1e400}', b"[]",
                b'{"header":"x","header":"y","sealed":"","sig":""}', b'{"header":1,"sealed":[],"sig":{}}', b"9" * size,
            ]  # fmt: skip
            for shape in shapes:
                assert await refused(box, shape.ljust(size)) == "malformed"
            for field in ("header", "sig", "sealed"):
                for value in ("", "é", "A===", "A" * 5, "%", "AB"):
                    assert await refused(box, remade(body, **{field: value})) in ("malformed", "wrong-size")

    go(story())


@pytest.mark.parametrize("field", ["header", "sig", "sealed"])
def test_one_flipped_bit_anywhere_is_refused(running, go, field):
    async def story():
        async with running() as box:
            body = box.yard.body()
            raw = unb64(json.loads(body)[field])
            said_codes = set()
            for place in range(0, len(raw), max(1, len(raw) // 60)):
                flipped = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
                said_codes.add(await refused(box, remade(body, **{field: b64(flipped)})))
            of_header = {"malformed", "bad-right", "bad-signature", "sealed-differs", "no-such-class", "no-such-poll", "seq-overflow"}
            expected = {"header": of_header, "sig": {"bad-signature"}, "sealed": {"sealed-differs"}}
            assert said_codes <= expected[field]
            assert (await box.cast(body)).status == 200

    go(story())


def signed_anew(box, voter, header: bytes, sealed: bytes) -> bytes:
    """A cast whose header is somebody's own invention, well signed."""
    return Cast(header, voter.secret.sign(ballot.signed(header)), sealed).body(box.yard.poll)


def test_numbers_out_of_range_have_their_own_code(running, go):
    async def story():
        async with running() as box:
            voter = box.yard.voter()
            cast = box.yard.cast(voter=voter)
            for seq, code in [
                (b"9007199254740992", "seq-overflow"), (b"9999999999999999", "seq-overflow"), (b"0", "malformed"), (b"-1", "malformed"),
                (b"01", "malformed"), (b"1.0", "malformed"), (b"1e3", "malformed"), (b'"1"', "malformed"), (b"true", "malformed"),
            ]:  # fmt: skip
                header = cast.header.replace(b'"seq":1}', b'"seq":' + seq + b"}")
                assert await refused(box, signed_anew(box, voter, header, cast.sealed)) == code
            most = cast.header.replace(b'"seq":1}', b'"seq":9007199254740991}')
            assert (await box.cast(signed_anew(box, voter, most, cast.sealed))).status == 200

    go(story())


def test_a_right_serves_one_key_one_class_and_one_poll(running, go):
    async def story():
        async with running(classes=("시민", "위원")) as box:
            mine, other = box.yard.voter(), box.yard.voter()
            stolen = box.yard.voter()
            stolen.right = mine.right
            assert await refused(box, box.yard.body(voter=stolen)) == "bad-right"
            half = box.yard.voter()
            half.right = (half.right[0], other.right[1])
            assert await refused(box, box.yard.body(voter=half)) == "bad-right"
            swapped = box.yard.voter()
            swapped.right = (swapped.right[1], swapped.right[0])
            assert await refused(box, box.yard.body(voter=swapped)) == "bad-right"
            promoted = box.yard.voter()
            promoted.class_key = "위원"
            assert await refused(box, box.yard.body(voter=promoted)) == "bad-right"
            cast = box.yard.cast()
            unknown = cast.header.replace("시민".encode(), "구청".encode())
            assert await refused(box, Cast(unknown, cast.sig, cast.sealed).body(box.yard.poll)) == "no-such-class"

    go(story())


def test_a_ballot_signed_by_another_or_sealed_by_another_is_refused(running, go):
    async def story():
        async with running() as box:
            one, two = box.yard.cast(), box.yard.cast()
            assert await refused(box, Cast(one.header, two.sig, one.sealed).body(box.yard.poll)) == "bad-signature"
            assert await refused(box, Cast(one.header, one.sig, two.sealed).body(box.yard.poll)) == "sealed-differs"
            assert await refused(box, Cast(two.header, one.sig, one.sealed).body(box.yard.poll)) == "sealed-differs"

    go(story())


def test_a_key_of_small_order_signs_nothing_here(running, go):
    async def story():
        async with running() as box:
            cast = box.yard.cast()
            small = b64(bytes(32)).encode()
            pk = b64(box.yard.voters[-1].pk).encode()
            assert await refused(box, Cast(cast.header.replace(pk, small), cast.sig, cast.sealed).body(box.yard.poll)) == "bad-signature"

    go(story())


@pytest.mark.parametrize("name", ["cookie", "authorization", "proxy-authorization"])
def test_whoever_brings_a_name_is_sent_away(running, go, name):
    async def story():
        async with running() as box:
            body = box.yard.body()
            answer = await box.ask("POST", "/cast", body, {name: "x=1"})
            assert answer.json["refused"] == "no-cookies"
            assert (await box.ask("GET", "/polls", b"", {name: "x=1"})).json["refused"] == "no-cookies"
            assert box.box.waiting == 0

    go(story())


def test_the_house_alone_may_read_answers_in_a_browser_and_nothing_is_kept_there(running, go):
    async def story():
        async with running() as box:
            answer = await box.ask("OPTIONS", "/cast")
            assert answer.status == 204
            assert answer.headers["access-control-allow-origin"] == "https://madang.example"
            answer = await box.cast(box.yard.body())
            assert answer.headers["cache-control"] == "no-store"
            assert not {"set-cookie", "etag", "access-control-allow-credentials", "date", "server"} & set(answer.headers)

    go(story())


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/", "no-such-page"),
        ("GET", "/cast", "no-such-page"),
        ("PUT", "/cast", "no-such-page"),
        ("DELETE", "/yard-2026/leaves", "no-such-page"),
        ("GET", "/yard-2026/pool", "no-such-page"),
        ("GET", "/yard-2026/../box.key", "no-such-page"),
        ("GET", "/nowhere/checkpoint", "no-such-poll"),
        ("GET", "/..%2f/checkpoint", "no-such-poll"),
        ("GET", "/yard-2026/checkpoint", "no-checkpoint"),
        ("GET", "/yard-2026/board.jsonl", "still-sealed"),
        ("GET", "/yard-2026/proof", "malformed"),
        ("GET", "/yard-2026/proof?leaf=%00", "malformed"),
        ("GET", f"/yard-2026/proof?leaf={b64(bytes(32))}", "not-on-board"),
        ("GET", "/yard-2026/leaves?from=-1", "malformed"),
        ("GET", "/yard-2026/leaves?from=99999999999999", "malformed"),
        ("GET", "/yard-2026/leaves?" + "&".join("a=1" for _ in range(50)), "malformed"),
        ("GET", "/yard-2026/consistency?from=1&to=9", "malformed"),
        ("GET", "/yard-2026/leaves?from=%FF", "malformed"),
    ],
)
def test_every_wrong_address_has_its_answer(running, go, method, path, code):
    async def story():
        async with running() as box:
            assert (await box.ask(method, path)).json["refused"] == code

    go(story())


def test_a_body_without_a_length_is_not_read(running, go):
    async def story():
        async with running() as box:
            for length in ("", "-5", "1e3", "9" * 30, "٣"):
                answer = await box.ask("POST", "/cast", b"x", {"content-length": length})
                assert answer.json["refused"] in ("length-required", "too-large")
            more = await box.ask("POST", "/cast", b"x", {"content-length": "10"}, pieces=[b"12345", b"67890", b"more"])
            assert more.json["refused"] == "too-large"
            less = await box.ask("POST", "/cast", b"x", {"content-length": "10"}, pieces=[b"123"])
            assert less.json["refused"] == "malformed"

    go(story())


def test_a_body_that_drips_is_cut_off(go):
    async def story():
        async def replies(asked):
            return said(len(asked.body))

        door = Door(replies, body_most=100, body_seconds=0.05)
        sent = []

        async def receive():
            await asyncio.sleep(0.02)
            return {"type": "http.request", "body": b"x", "more_body": True}

        async def send(event):
            sent.append(event)

        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [(b"content-length", b"50")]}
        await door(scope, receive, send)
        assert sent[0]["status"] == 408
        assert json.loads(sent[1]["body"])["refused"] == "too-slow"

    go(story())


def test_closing_while_two_thousand_are_casting_takes_each_whole_or_not_at_all(running, go):
    async def story():
        async with running(batch=40) as box:
            bodies = [box.yard.body() for _ in range(2000)]

            async def send(place: int, body: bytes):
                await asyncio.sleep(place / 4000)
                return await box.cast(body)

            async def close():
                await asyncio.sleep(0.2)
                await box.at(CLOSES + timedelta(minutes=5))

            *answers, _ = await asyncio.gather(*[send(place, body) for place, body in enumerate(bodies)], close())
            taken = {answer.json["leaf"] for answer in answers if answer.status == 200}
            assert {answer.json["refused"] for answer in answers if answer.status != 200} == {"closed"}
            leaves = (await box.get("leaves")).body.decode().split()
            assert set(leaves) == taken
            assert 0 < len(taken) < 2000
            assert box.box.closed

    go(story())


def test_a_witness_line_that_is_forged_strange_or_late_is_refused(running, go):
    async def story():
        async with running(batch=1) as box:
            path = f"/{box.yard.poll.slug}/cosign"
            assert (await box.ask("POST", path, b"x")).json["refused"] == "no-checkpoint"
            await box.cast(box.yard.body())
            note = (await box.get("checkpoint")).body.decode()
            from madang.methods.sealed import board

            line = board.cosign(box.yard.poll, note, sealed_yard.WITNESS, 1_772_000_000)
            forged = line[:-10] + ("A" if line[-10] != "A" else "B") + line[-9:]
            for bad in (b"", b"x", b"\xff", forged.encode(), (line + line).encode(), b"\xe2\x80\x94 a b\n" * 9, note.encode()):
                assert (await box.ask("POST", path, bad)).json["refused"] in ("bad-cosignature", "not-a-witness", "malformed")
            assert (await box.ask("POST", path, line.encode())).status == 200
            assert (await box.ask("POST", path, line.encode())).status == 200
            signed = board.read_note(box.yard.poll, (await box.get("checkpoint")).body.decode())
            assert signed.cosigned == {"witness.example": 1_772_000_000}
            await box.cast(box.yard.body())
            assert (await box.ask("POST", path, line.encode())).json["refused"] == "bad-cosignature"  # of an older checkpoint

    go(story())


def test_a_ballot_found_twice_in_a_body_hash_is_one_leaf(running, go):
    async def story():
        async with running() as box:
            body = box.yard.body()
            loose = remade(body, sig=json.loads(body)["sig"])  # the same fields in another order and with other spaces
            assert sha256(loose).digest() != sha256(body).digest() or loose == body
            one, two = await box.cast(body), await box.cast(loose)
            assert one.body == two.body
            assert box.box.waiting == 1

    go(story())


def test_when_too_many_wait_the_next_is_asked_to_come_again(go):
    async def story():
        import threading
        from concurrent.futures import ThreadPoolExecutor

        from madang.box.grouped import Grouped
        from madang.box.refusals import TurnedAway

        gate = threading.Event()

        def work(group):
            gate.wait()
            return [number * 2 for number in group]

        asks = Grouped(ThreadPoolExecutor(1), work, most=5, group=2)
        first = asyncio.create_task(asks.ask(0))
        await asyncio.sleep(0.01)
        waiting = [asyncio.create_task(asks.ask(number)) for number in range(1, 6)]
        await asyncio.sleep(0.01)
        with pytest.raises(TurnedAway, match="busy"):
            await asks.ask(99)
        gate.set()
        assert [await first, *await asyncio.gather(*waiting)] == [0, 2, 4, 6, 8, 10]

    go(story())


def test_a_fault_in_one_group_is_everybodys_there_and_nobodys_after(go):
    async def story():
        from concurrent.futures import ThreadPoolExecutor

        from madang.box.grouped import Grouped

        def work(group):
            return [10 // number for number in group]

        asks = Grouped(ThreadPoolExecutor(1), work)
        told = await asyncio.gather(*[asks.ask(number) for number in (5, 0, 2)], return_exceptions=True)
        assert [type(one) for one in told] == [ZeroDivisionError] * 3
        assert await asks.ask(5) == 2

    go(story())
