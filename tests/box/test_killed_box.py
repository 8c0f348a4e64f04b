"""SIGKILL a hundred times in mid-cast: every receipt given is on the board at the end, and nothing is there twice."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

import sealed_yard
from madang.methods.sealed import b64, ballot, board
from madang.methods.transparency.merkle import EMPTY_ROOT, verify_consistency
from sealed_yard import CLOSES, leaf_of

KILLS = int(os.environ.get("MADANG_KILLS", "100"))
EACH = 12  # casts thrown at the box before each kill


class Victim:
    """A box in a process of its own; what it answers is read as it comes."""

    def __init__(self, folder: Path, database: str) -> None:
        self.answers: list[list] = []
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("killing.py"), folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "MADANG_BOX_DATABASE_URL": database},
        )
        assert self._process.stdout.readline() == b"open\n"
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            if line.endswith(b"\n"):
                self.answers.append(json.loads(line))

    def throw(self, numbered: list[tuple[int, bytes]]) -> None:
        text = b"".join(b"%d %s\n" % (place, body) for place, body in numbered)
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()
        self._process.stdin.close()


@pytest.mark.slow
def test_killed_a_hundred_times_in_mid_cast(tmp_path, box_database, running, go):
    chance = random.Random(20260302)
    home, yard = sealed_yard.bring(tmp_path / "box", batch=25, revote=False)
    bodies = [yard.body() for _ in range(KILLS * EACH // 2)]
    receipted: dict[str, int] = {}
    unanswered = 0
    notes = set()
    for turn in range(KILLS):
        victim = Victim(home.folder, box_database)
        places = chance.sample(range(len(bodies)), EACH)  # many are thrown again: some of them have a receipt already
        victim.throw([(place, bodies[place]) for place in places])
        time.sleep(chance.uniform(0.0, 0.05) if turn % 3 else 0.0)
        victim.kill()
        unanswered += EACH - len(victim.answers)
        for place, status, said in victim.answers:
            assert (status, said) == (200, b64(leaf_of(bodies[place])))
            receipted[said] = place
    assert unanswered > KILLS  # they were indeed killed in mid-cast
    assert len(receipted) > KILLS

    async def story():
        async with running(home, yard) as box:
            for place in sorted(receipted.values())[::7]:  # a receipt lost on the way is given again, the same
                assert (await box.cast(bodies[place])).json["leaf"] == b64(leaf_of(bodies[place]))
            await box.at(CLOSES + timedelta(hours=1))
            assert box.box.closed
            leaves = (await box.get("leaves")).body.decode().split()
            assert len(leaves) == len(set(leaves))
            assert set(receipted) <= set(leaves) <= {b64(leaf_of(body)) for body in bodies}
            box.home.reveal(box.box.poll, sealed_yard.SEAL.seed)
            rows = [json.loads(line) for line in (await box.get("board.jsonl")).body.splitlines()]
            assert len(rows) == len(leaves)
            keys = [json.loads(ballot.unb64(row["header"]))["pk"] for row in rows]
            assert len(keys) == len(set(keys))
            signed = box.box._store.checkpoints(yard.poll.digest)
            notes.update(each.note for each in signed)
            for older, newer in pairwise(signed):
                path = box.box.tree.consistency(older.size, newer.size)
                assert verify_consistency(older.size, newer.size, older.root, newer.root, path)
            for each in signed:
                assert board.read_note(yard.poll, each.note).checkpoint.root == box.box.tree.root(each.size) != EMPTY_ROOT
            assert all(newer.size - older.size >= 25 for older, newer in pairwise(signed[:-1]))

    go(story())
    assert len(notes) > KILLS // 10
