"""A city is killed a hundred times, in mid-act and in mid-seal, and nothing it acknowledged is lost."""

import os
import random
import signal
import time
from pathlib import Path

from madang.methods.transparency.verify import verify

KILLS = 100


def kill_one(nursery, after: float) -> tuple[set[str], bool, bool]:
    """Kill a worker `after` seconds: what it acknowledged, whether it died in mid-act, and in mid-seal."""
    nursery.say("go")
    heard = nursery.hear()
    early = []
    while heard[0] != "born":
        early.append(heard)
        heard = nursery.hear()
    time.sleep(after)
    os.kill(int(heard[1]), signal.SIGKILL)
    begun, acknowledged, sealing = set(), set(), False
    while (heard := early.pop(0) if early else nursery.hear())[0] != "dead":
        if heard[0] == "begin":
            begun.add(heard[1])
        elif heard[0] == "ack":
            acknowledged.add(heard[1])
        else:
            sealing = heard[0] == "seal"
    return acknowledged, bool(begun - acknowledged), sealing


def test_a_city_killed_a_hundred_times_keeps_every_acknowledged_act_and_a_log_that_verifies(nursery, tmp_path):
    chance = random.Random(20261123)
    acknowledged: set[str] = set()
    in_act = in_seal = 0
    kept = []
    for number in range(KILLS):
        acks, acting, sealing = kill_one(nursery, chance.uniform(0.0, 0.15))
        acknowledged |= acks
        in_act += acting
        in_seal += sealing
        if number % 20 == 10 and (note := nursery.ask("note")):
            kept.append(note)
    log = tmp_path / "madang.log"

    left = nursery.ask(f"check {log}")

    assert acknowledged <= set(left["entries"])
    assert left["rows"] == left["entries"]  # a row without its line, or a line without its row, is half an act
    reports = [verify(log, " ".join(left["keys"]), kept=note) for note in kept]
    assert [report.fault for report in reports] == [None] * len(kept)
    assert reports[0].size == len(left["entries"])
    texts = Path(log).read_text()
    assert all(f"scratch:{name}" in texts for name in acknowledged)
    assert len(kept) >= 3 and len(acknowledged) > KILLS
    assert in_act >= 20 and in_seal >= 20, (in_act, in_seal)  # otherwise the killing proved little


def test_writers_and_sealers_side_by_side_leave_a_gapless_log(nursery, tmp_path):
    log = tmp_path / "madang.log"
    finished = nursery.ask("crowd")
    left = nursery.ask(f"check {log}")
    assert len(left["entries"]) == finished
    assert left["rows"] == left["entries"]
    report = verify(log, left["keys"][0])
    assert report.fault is None
    assert report.size == finished


def test_an_act_is_sealed_within_a_second_or_so_and_after_a_fork_too(nursery):
    here, forked = nursery.ask("soon")
    assert 0 < here < 5
    assert 0 < forked < 5


def test_an_act_that_commits_late_is_sealed_by_the_next_sealing(nursery):
    import pytest
    from django.db import connection

    if connection.vendor == "sqlite":
        pytest.skip("SQLite writes one transaction after the other: nothing commits late")
    assert nursery.ask("late") == [1, 1, 2, 0]
