"""A box in a folder of its own, on SQLite or on a PostgreSQL database of its own, spoken to without a network."""

import asyncio
import os
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

import sealed_yard
from door_asking import Said, ask
from madang.box.serving import BoxServer
from madang.box.store import Store


@pytest.fixture
def box_database() -> str:
    """The address of an empty PostgreSQL database where DATABASE_URL is one; else nothing, and the box keeps a SQLite file."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        yield ""
        return
    import psycopg

    name = f"box_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        yield psycopg.conninfo.make_conninfo(url, dbname=name)
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Running:
    """A box while it serves: `await running.post(body)`, `await running.get("/…")`, and a clock one turns by hand."""

    def __init__(self, home, yard, server: BoxServer, clock: dict) -> None:
        self.home, self.yard, self.server, self.clock = home, yard, server, clock

    async def cast(self, body: bytes) -> Said:
        return await ask(self.server.door, "POST", "/cast", body)

    async def get(self, page: str) -> Said:
        return await ask(self.server.door, "GET", f"/{self.yard.poll.slug}/{page}")

    async def ask(self, *words, **more) -> Said:
        return await ask(self.server.door, *words, **more)

    async def at(self, moment: datetime) -> None:
        """Turn the clock and let the box look at it."""
        self.clock["now"] = moment
        await self.server._tick()

    @property
    def box(self):
        return self.server._boxes[self.yard.poll.slug]


@pytest.fixture
def running(tmp_path: Path, box_database: str):
    """`async with running(batch=5) as box:` — a box with one poll, open on a day of the vote."""

    @asynccontextmanager
    async def run(home=None, yard=None, store=None, **changed):
        if home is None:
            home, yard = sealed_yard.bring(tmp_path / "box", **changed)
        clock = {"now": sealed_yard.DURING}
        opened = store or (lambda: Store.at(home.folder, box_database))
        server = BoxServer(home, opened, lambda: clock["now"], origin="https://madang.example", tick_seconds=3600)
        await server.begin()
        try:
            yield Running(home, yard, server, clock)
        finally:
            await server.end()

    return run


@pytest.fixture
def go():
    """go(coroutine) — run it to its end."""
    return asyncio.run
