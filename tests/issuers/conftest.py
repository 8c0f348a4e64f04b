"""An observers' issuer in a folder of its own, spoken to without a network."""

import asyncio
import csv
import json
import os
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

import sealed_yard
from door_asking import ask
from madang.issuers.invitations import invite
from madang.issuers.keys import KeyRing
from madang.issuers.ledger import Ledger
from madang.issuers.roll import read_roll
from madang.issuers.serving import IssuerServer
from madang.issuers.signing import Signer
from madang.methods.sealed import b64
from madang.methods.sealed.right import Voter

KEY = b"a key of the observers, 32 bytes"


@pytest.fixture
def issuer_database() -> str:
    """The address of an empty PostgreSQL database where DATABASE_URL is one; else nothing: a SQLite file."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        yield ""
        return
    import psycopg

    name = f"issuer_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        yield psycopg.conninfo.make_conninfo(url, dbname=name)
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def roll_file(tmp_path: Path):
    """roll_file(n) — a CSV of n invented voters of the class 시민."""

    def write(count: int) -> Path:
        path = tmp_path / "roll.csv"
        with path.open("w", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["이름", "생년월일", "전화", "이메일", "구분"])
            rows.writerows([f"지어낸이{n}", "900101", f"010-{n // 10000:04}-{n % 10000:04}", "", "시민"] for n in range(count))
        return path

    return write


class Office:
    """The issuer while it serves, the codes its letters carried, and its poll."""

    def __init__(self, server, poll, codes, home, ledger, clock, ask) -> None:
        self.server, self.poll, self.codes, self.home, self.ledger, self.clock, self._ask = server, poll, codes, home, ledger, clock, ask

    def voter(self) -> Voter:
        return Voter(self.poll, "시민")

    async def wish(self, code: str, blinded: bytes, /, **changed):
        given = {"poll": self.poll.slug, "class": "시민", "code": code, "blinded": b64(blinded), **changed}
        return await self._ask(self.server.door, "POST", "/issue", json.dumps(given).encode())

    async def get(self, page: str):
        return await self._ask(self.server.door, "GET", f"/{self.poll.slug}/{page}")


@pytest.fixture
def office(tmp_path: Path, issuer_database: str, roll_file):
    """`async with office(3) as it:` — the observers' issuer of a poll with three voters."""

    @asynccontextmanager
    async def run(count: int = 3, signer=None):
        home = tmp_path / "issuer"
        home.mkdir(exist_ok=True)
        of = sealed_yard.poll_of(bytes(32))
        folder = home / "keys" / of.slug
        ring = KeyRing(home / "keys")
        if not folder.exists():
            ring.make(of.slug, ["시민"])
            next(folder.glob("*.pem")).write_bytes(sealed_yard.issuer_key("시민/observers").pem())  # the yard's poll names this one
        letters = tmp_path / "letters.csv"
        codes = []
        if not letters.exists():
            ledger = Ledger.at(home, issuer_database)
            ledger.load(of.slug, invite(read_roll(roll_file(count), KEY, of.classes), KEY, of.slug, letters))
            ledger.close()
        with letters.open(encoding="utf-8-sig") as file:
            codes = [row[-1] for row in list(csv.reader(file))[1:]]
        clock = {"now": sealed_yard.DURING}
        server = IssuerServer(
            "observers", lambda: {of.slug: of}, KEY, lambda: Ledger.at(home, issuer_database),
            signer or (lambda: Signer(home / "keys")), lambda: clock["now"],
        )  # fmt: skip
        await server.begin()
        try:
            yield Office(server, of, codes, home, issuer_database, clock, ask)
        finally:
            await server.end()

    return run


@pytest.fixture
def go():
    """go(coroutine) — run it to its end."""
    return asyncio.run
