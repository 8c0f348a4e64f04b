import json
import os
import secrets
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from madang import record

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """The record knows no pages: these tests run in a city that has no other room, too (--ds=scratch_settings)."""


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    """A city of its own for each test: its key and its locks."""
    settings.HOME = tmp_path
    settings.SITE = "https://seoul.example:8443"
    return tmp_path


@pytest.fixture
def minute():
    return lambda count: START + timedelta(minutes=count)


@pytest.fixture
def happen(minute):
    """Let `count` acts happen, each in a transaction of its own."""

    def happen(count: int = 1, matter_id: int | None = 7) -> list[int]:
        ids = []
        for number in range(count):
            note = record.Note(f"proposals.proposal:{number}", matter_id, 3, {"count": number})
            with transaction.atomic():
                ids += record.write([note], actors=["a" * 32], act="proposals.support", at=minute(0), door="web")
        return ids

    return happen


class Nursery:
    """A child process that forks workers quickly and answers one line for each line (see nursery.py)."""

    def __init__(self, environment: dict[str, str]) -> None:
        program = Path(__file__).with_name("nursery.py")
        self.process = subprocess.Popen(
            [sys.executable, program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def say(self, words: str) -> None:
        self.process.stdin.write(words.encode() + b"\n")
        self.process.stdin.flush()

    def hear(self) -> list[str]:
        line = self.process.stdout.readline()
        assert line.endswith(b"\n"), "the nursery died"
        return line.decode().rstrip("\n").split(" ", 1)

    def ask(self, words: str) -> object:
        """Say it and wait for the JSON answer."""
        self.say(words)
        heard = self.hear()
        while heard[0] != "answer":
            heard = self.hear()
        return json.loads(heard[1])

    def close(self) -> None:
        self.process.stdin.close()
        assert self.process.wait(timeout=30) == 0
        self.process.stdout.close()


@pytest.fixture
def nursery(tmp_path):
    """A nursery with an empty database of the kind under test."""
    environment = {
        **os.environ,
        "MADANG_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "scratch_settings",
        "PYTHONPATH": str(Path(__file__).parent),
    }
    with scratch_database(environment):
        child = Nursery(environment)
        try:
            yield child
            child.close()
        finally:
            child.process.kill()
            child.process.wait()


class scratch_database:
    """On PostgreSQL a database of its own, dropped afterwards; on SQLite the file in the scratch MADANG_HOME."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def __enter__(self) -> None:
        if connection.vendor == "postgresql":
            self.url = os.environ["DATABASE_URL"]
            self.name = f"madang_scratch_{secrets.token_hex(6)}"
            self.run(f"CREATE DATABASE {self.name}")
            self.environment["DATABASE_URL"] = urlsplit(self.url)._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *_: object) -> None:
        if connection.vendor == "postgresql":
            self.run(f"DROP DATABASE {self.name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as server:
            server.execute(statement)
