"""Casting: what comes in, what is turned away, and what one holds in one's hand afterwards."""

import asyncio
import json
from datetime import timedelta

import pytest

import sealed_yard
from madang.methods.sealed import b64, ballot, board, unb64
from madang.methods.transparency.merkle import verify_inclusion
from sealed_yard import CLOSES, OPENS, leaf_of


def test_a_good_ballot_gets_a_receipt_the_box_has_signed(running, go):
    async def story():
        async with running() as box:
            body = box.yard.body()
            said = await box.cast(body)
            assert said.status == 200
            assert said.json["leaf"] == b64(leaf_of(body))
            assert said.json["code"] == board.code(leaf_of(body))
            board.check_receipt(box.yard.poll, leaf_of(body), unb64(said.json["receipt"]))

    go(story())


def test_every_answer_to_a_good_ballot_has_one_length(running, go):
    async def story():
        async with running(classes=("시민", "위원회")) as box:
            lengths = set()
            for class_key in ("시민", "위원회"):
                voter = box.yard.voter(class_key)
                for seq in (1, 2, 4_000_000_000):
                    lengths.add(len((await box.cast(box.yard.body(seq=seq, voter=voter))).body))
            assert len(lengths) == 1

    go(story())


def test_the_same_ballot_again_has_the_same_receipt_and_stands_there_once(running, go):
    async def story():
        async with running(batch=3) as box:
            body = box.yard.body()
            answers = [await box.cast(body), *await asyncio.gather(*[box.cast(body) for _ in range(5)])]
            assert len({said.body for said in answers}) == 1
            assert box.box.waiting == 1
            await asyncio.gather(*[box.cast(box.yard.body()) for _ in range(4)])
            assert box.box.tree.size >= 3
            assert (await box.cast(body)).body == answers[0].body
            await box.at(CLOSES + timedelta(hours=1))
            assert box.box.tree.size == 5

    go(story())


def test_a_later_ballot_of_the_same_right_counts_and_the_earlier_stays_on_the_board_without_its_content(running, go):
    async def story():
        async with running() as box:
            voter = box.yard.voter()
            for seq, marks in [(1, "1:1"), (2, "1:0"), (7, "1:1")]:
                assert (await box.cast(box.yard.body(marks, seq, voter))).status == 200
            await box.at(CLOSES + timedelta(hours=1))
            box.home.reveal(box.box.poll, sealed_yard.SEAL.seed)
            rows = [json.loads(line) for line in (await box.get("board.jsonl")).body.splitlines()]
            counted = [row for row in rows if "sealed" in row]
            assert (len(rows), len(counted)) == (3, 1)
            header = ballot.read_header(box.yard.poll, unb64(counted[0]["header"]))
            assert header.seq == 7

    go(story())


@pytest.mark.parametrize(
    ("seq", "code", "before_batch"), [(2, "seq-used", True), (1, "seq-lower", True), (2, "seq-used", False), (1, "seq-lower", False)]
)
def test_a_lower_or_equal_number_with_another_content_is_refused(running, go, seq, code, before_batch):
    async def story():
        async with running(batch=50 if before_batch else 1) as box:
            voter = box.yard.voter()
            assert (await box.cast(box.yard.body("1:1", 2, voter))).status == 200
            said = await box.cast(box.yard.body("1:0", seq, voter))
            assert (said.status, said.json["refused"]) == (409, code)

    go(story())


def test_two_ballots_with_one_number_at_the_same_moment_are_never_both_taken(running, go):
    async def story():
        async with running() as box:
            voter = box.yard.voter()
            said = await asyncio.gather(*[box.cast(box.yard.body(marks, 1, voter)) for marks in ("1:1", "1:0", "")])
            assert sorted(answer.status for answer in said) == [200, 409, 409]
            assert box.box.waiting == 1

    go(story())


def test_where_the_poll_allows_one_ballot_a_second_is_refused(running, go):
    async def story():
        async with running(revote=False) as box:
            voter = box.yard.voter()
            first = box.yard.body("1:1", 1, voter)
            assert (await box.cast(first)).status == 200
            assert (await box.cast(first)).status == 200
            for again in (box.yard.body("1:0", 1, voter), box.yard.body("1:0", 2, voter)):
                assert (await box.cast(again)).json["refused"] == "no-revote"

    go(story())


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (OPENS - timedelta(seconds=61), "not-open-yet"),
        (OPENS - timedelta(seconds=59), ""),
        (CLOSES + timedelta(seconds=59), ""),
        (CLOSES + timedelta(seconds=60), "closed"),
    ],
)
def test_clocks_may_differ_by_a_minute_and_no_more(running, go, moment, code):
    async def story():
        async with running() as box:
            box.clock["now"] = moment
            said = await box.cast(box.yard.body())
            assert said.json.get("refused", "") == code

    go(story())


def test_a_late_ballot_is_refused_after_closing_too(running, go):
    async def story():
        async with running() as box:
            late = box.yard.body()
            await box.at(CLOSES + timedelta(hours=1))
            assert box.box.closed
            box.clock["now"] = sealed_yard.DURING  # a clock set back opens nothing
            assert (await box.cast(late)).json["refused"] == "closed"

    go(story())


def test_what_is_on_the_board_is_proved(running, go):
    async def story():
        async with running(batch=4) as box:
            bodies = [box.yard.body() for _ in range(11)]
            for body in bodies:
                assert (await box.cast(body)).status == 200
            assert (await box.get("status")).json["on_board"] == 8
            waiting = await box.get(f"proof?leaf={b64(leaf_of(bodies[-1]))}")
            assert waiting.json["refused"] == "not-on-board"
            await box.at(CLOSES + timedelta(hours=1))
            for body in bodies:
                proof = (await box.get(f"proof?leaf={b64(leaf_of(body))}")).json
                point = board.read_note(box.yard.poll, proof["checkpoint"]).checkpoint
                path = [unb64(part, 32) for part in proof["path"]]
                assert verify_inclusion(leaf_of(body), proof["index"], proof["size"], path, point.root)
            leaves = (await box.get("leaves")).body.decode().split()
            assert sorted(leaves) == sorted(b64(leaf_of(body)) for body in bodies)
            assert (await box.get("leaves?from=4&to=8")).body.decode().split() == leaves[4:8]

    go(story())


def test_several_polls_live_in_one_box_and_a_right_of_one_is_none_of_the_other(running, go):
    async def story():
        async with running() as box:
            other = sealed_yard.poll_of(box.home.public, slug="other", keys="other/")
            box.home.bring(other.raw, sealed_yard.poll.house_signature(other.raw, sealed_yard.HOUSE), sealed_yard.HOUSE.verifier)
            await box.at(sealed_yard.DURING)
            assert (await box.ask("GET", "/polls")).json == ["other", "yard-2026"]
            there = sealed_yard.Yard(other, [sealed_yard.voter_of(other, keys="other/")])
            assert (await box.cast(there.body(voter=there.voters[0]))).status == 200
            stranger = box.yard.voter()
            stranger.poll = other
            assert (await box.cast(ballot.make(stranger, "1:1").body(other))).json["refused"] == "bad-right"
            nowhere = sealed_yard.poll_of(box.home.public, slug="nowhere", keys="other/")
            stranger.poll = nowhere
            assert (await box.cast(ballot.make(stranger, "1:1").body(nowhere))).json["refused"] == "no-such-poll"

    go(story())
