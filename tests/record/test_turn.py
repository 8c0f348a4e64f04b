"""Writers on SQLite take turns: the next begins when the lock is free, and a killed one gives it back."""

import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from madang.record.turn import turn

WAITS = """
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("mine", flush=True)
time.sleep(60)
"""


@pytest.fixture
def elsewhere(tmp_path, monkeypatch, settings):
    """A database that other processes can see, by name alone: nothing is asked of it."""
    settings.HOME = tmp_path
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "city.sqlite3"))
    return tmp_path


@pytest.mark.skipif("postgresql" in settings.DATABASES["default"]["ENGINE"], reason="PostgreSQL has many writers")
def test_a_writer_waits_for_the_one_who_writes_and_a_killed_one_gives_its_turn_back(elsewhere):
    with turn():
        lock = next(elsewhere.glob("write-*.lock"))
    other = subprocess.Popen([sys.executable, "-c", WAITS, str(lock)], stdout=subprocess.PIPE)
    assert other.stdout is not None and other.stdout.readline() == b"mine\n"

    killed = time.monotonic()
    subprocess.Popen(["sh", "-c", f"sleep 0.3; kill -9 {other.pid}"])
    with turn():
        waited = time.monotonic() - killed

    assert 0.2 < waited < 30
    other.wait()
    other.stdout.close()


def test_a_database_of_this_process_alone_needs_no_turn(db, tmp_path, settings):
    settings.HOME = tmp_path
    with turn():
        assert list(tmp_path.iterdir()) == []
