"""A server killed a hundred times while people vote: every receipt given is in the box, nobody's vote counts twice."""

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from madang.methods.transparency.verify import verify

KILLS = 100


@pytest.fixture
def place(tmp_path, db):
    environment = {**os.environ, "MADANG_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "madang.settings"}
    name = ""
    if connection.vendor == "postgresql":
        name = f"madang_scratch_{secrets.token_hex(6)}"
        environment["DATABASE_URL"] = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        _outside(f"CREATE DATABASE {name}")
    program = Path(__file__).with_name("polling_place.py")
    child = subprocess.Popen([sys.executable, program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert _hear(child) == ["ready"]
        yield child
    finally:
        child.kill()
        child.wait()
        if name:
            _outside(f"DROP DATABASE {name} WITH (FORCE)")


def _outside(statement: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(statement)


def _say(child, words: str) -> None:
    child.stdin.write(words.encode() + b"\n")
    child.stdin.flush()


def _hear(child) -> list[str]:
    line = child.stdout.readline()
    assert line.endswith(b"\n"), "the polling place died"
    return line.decode().split()


def _ask(child, words: str):
    _say(child, words)
    line = child.stdout.readline().decode()
    assert line.startswith("answer ")
    return json.loads(line.removeprefix("answer "))


def _kill_one(child, first: int, votes: int, after: float) -> set[str]:
    """Wait for some receipts and a moment more, kill the worker, and return all receipts that were given."""
    _say(child, f"go {first}")
    heard, pid, given = _hear(child), 0, set()
    while heard[0] == "ack" or not pid:
        if heard[0] == "born":
            pid = int(heard[1])
        else:
            given.add(heard[1])
        if pid and len(given) >= votes:
            break
        heard = _hear(child)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    while (heard := _hear(child))[0] != "dead":
        given.add(heard[1])
    return given


def test_a_hundred_kills_in_mid_cast_lose_no_receipt_and_count_nobody_twice(place, tmp_path):
    chance = random.Random(20261124)
    receipts: set[str] = set()
    for number in range(KILLS):
        receipts |= _kill_one(place, number * 20, chance.randrange(4), chance.uniform(0, 0.03))

    log = tmp_path / "madang.log"
    left = _ask(place, f"check {log}")

    assert len(receipts) > KILLS
    assert receipts <= set(left["box"])
    assert len(left["box"]) == left["roll"] == left["voters"] == left["cast"] == left["entries"]
    assert verify(log, None).fault is None
    counted = _ask(place, "count")
    assert counted["turnout"] == counted["valid"] == len(left["box"])
    assert counted["winners"][:2] == [1, 3]
