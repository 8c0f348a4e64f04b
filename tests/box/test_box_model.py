"""The box beside a model of a few lines: whatever people send, in whatever order, with crashes and a database that comes and goes."""

import json
import random
from datetime import timedelta

import pytest

import sealed_yard
from madang.methods.sealed import b64
from sealed_yard import CLOSES, DURING, leaf_of


class Model:
    """What a box owes: the highest number of each voter, and every leaf it has given a receipt for."""

    def __init__(self, revote: bool) -> None:
        self.revote = revote
        self.taken: dict[int, dict[int, bytes]] = {}  # voter → number → body
        self.leaves: set[str] = set()

    def expects(self, voter: int, seq: int, body: bytes) -> str:
        mine = self.taken.get(voter, {})
        if not self.revote and seq != 1:
            return "no-revote"
        if mine.get(seq) == body:
            return ""
        if mine and not self.revote:
            return "no-revote"
        if seq in mine:
            return "seq-used"
        if mine and seq < max(mine):
            return "seq-lower"
        return ""

    def takes(self, voter: int, seq: int, body: bytes) -> None:
        self.taken.setdefault(voter, {})[seq] = body
        self.leaves.add(b64(leaf_of(body)))


@pytest.mark.parametrize(("seed", "revote"), [(1, True), (2, True), (3, False)])
def test_the_box_does_what_a_model_of_it_does(running, go, box_database, seed, revote):
    chance = random.Random(seed)
    model = Model(revote)

    async def some_steps(box, made: dict, count: int) -> None:
        for _ in range(count):
            if chance.random() < 0.04:
                database = box.server._store._link._db
                word = chance.choice(["on", "off"])
                database.execute(
                    f"SET default_transaction_read_only = {word}" if box_database else f"PRAGMA query_only = {word}"
                )
            voter, seq, marks = chance.randrange(12), chance.choice([1, 1, 2, 3, 5, 9]), chance.choice(["1:1", "1:0"])
            if (voter, seq, marks) not in made:
                made[voter, seq, marks] = box.yard.body(marks, seq, box.yard.voters[voter])
            body = made[voter, seq, marks]
            said = await box.cast(body)
            assert said.json.get("refused", "") == model.expects(voter, seq, body)
            if said.status == 200:
                model.takes(voter, seq, body)
                assert said.json["leaf"] == b64(leaf_of(body))

    async def story():
        made: dict = {}
        async with running(batch=7, revote=revote) as box:
            home, yard = box.home, box.yard
            [yard.voter() for _ in range(12)]
            await some_steps(box, made, 60)
        for _ in range(4):
            async with running(home, yard) as box:  # started anew: the same box
                await some_steps(box, made, 40)
        async with running(home, yard) as box:
            assert box.clock["now"] == DURING
            await box.at(CLOSES + timedelta(hours=1))
            leaves = (await box.get("leaves")).body.decode().split()
            assert sorted(leaves) == sorted(model.leaves)
            box.home.reveal(box.box.poll, sealed_yard.SEAL.seed)
            rows = [json.loads(line) for line in (await box.get("board.jsonl")).body.splitlines()]
            counted = {json.loads(body)["header"] for body in (numbers[max(numbers)] for numbers in model.taken.values())}
            assert {row["header"] for row in rows if "sealed" in row} == counted

    go(story())
