"""The attacker: has every file, both databases, dumps and write-ahead files of box and issuers, and knows the order of arrival.

She looks at each place where something lies in an order, and correlates that order with arrival (Spearman). Three rounds of 2,000 casts
each; the mean has to stay below 0.05. One plain table and one folder of files beside them show that she would see it.
"""

import random
import re
import sqlite3
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest

import sealed_yard
from madang.issuers.ledger import Ledger
from sealed_yard import CLOSES, leaf_of

CASTS = 2000
ROUNDS = 3
BOUND = 0.05


def spearman(stored: Sequence[int], arrival: Sequence[int]) -> float:
    """Rank correlation of two orders of the same things."""
    ranks = [{value: rank for rank, value in enumerate(sorted(order))} for order in (stored, arrival)]
    pairs = [(ranks[0][one], ranks[1][other]) for one, other in zip(stored, arrival, strict=True)]
    middle = (len(pairs) - 1) / 2
    spread = sum((rank - middle) ** 2 for rank in range(len(pairs)))
    return sum((one - middle) * (other - middle) for one, other in pairs) / spread


def seen_at(places: Iterable[int], arrivals: Sequence[int]) -> float:
    """Correlation for all that were found (an attacker takes what she finds); nothing found says nothing."""
    found = [(place, arrival) for place, arrival in zip(places, arrivals, strict=True) if place >= 0]
    return spearman([place for place, _ in found], [arrival for _, arrival in found]) if len(found) > 50 else 0.0


def in_bytes(raw: bytes, marks: Sequence[bytes]) -> list[int]:
    """Where each mark (8 bytes or more) first stands; −1 where it does not. All marks at once, at each of the eight alignments."""
    first = np.array([int.from_bytes(mark[:8], "little") for mark in marks], np.uint64)
    order = np.argsort(first)
    places = [-1] * len(marks)
    for shift in range(8):
        words = np.frombuffer(raw, "<u8", max(0, len(raw) - shift) // 8, shift) if len(raw) > shift + 8 else np.empty(0, np.uint64)
        near = np.minimum(np.searchsorted(first[order], words), len(marks) - 1)
        for hit in np.flatnonzero(first[order][near] == words):
            at, mark = int(hit) * 8 + shift, int(order[near[hit]])
            if raw.startswith(marks[mark], at) and (places[mark] < 0 or at < places[mark]):
                places[mark] = at
    return places


def in_file(path: Path, marks: Sequence[bytes]) -> list[int]:
    return in_bytes(path.read_bytes(), marks) if path.exists() else [-1] * len(marks)


def listed(found: Sequence[bytes], marks: Sequence[bytes]) -> list[int]:
    places = {bytes(mark): place for place, mark in enumerate(found)}
    return [places[mark] for mark in marks]


def within(size: int, places: Sequence[int], arrivals: Sequence[int]) -> float:
    """The order inside each group of `size` (batch or page), all groups taken together."""
    groups: dict[int, list[tuple[int, int]]] = {}
    for place, arrival in zip(places, arrivals, strict=True):
        groups.setdefault(place // size, []).append((place, arrival))
    told = []
    for group in groups.values():
        if len(group) > 1:
            rho = spearman([place for place, _ in group], [arrival for _, arrival in group])
            told.append((rho, len(group)))
    return sum(rho * weight for rho, weight in told) / max(1, sum(weight for _, weight in told))


@pytest.fixture(scope="module")
def crowd():
    """2,000 ballots for a poll of one box key, each with its leaf; they are cast in another order each round."""
    seed = bytes(range(3, 35))
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    of = sealed_yard.poll_of(public, batch=5000)
    yard = sealed_yard.Yard(of)
    return seed, {5000: yard, 100: sealed_yard.Yard(sealed_yard.poll_of(public, batch=100))}, {}


def bodies_of(crowd, batch: int) -> list[bytes]:
    _, yards, made = crowd
    if batch not in made:
        made[batch] = [yards[batch].body() for _ in range(CASTS)]
    return made[batch]


def a_box(folder: Path, crowd, batch: int):
    from madang.box.home import Home
    from madang.methods.sealed import b64, poll

    seed, yards, _ = crowd
    home = Home(folder)
    home.polls.mkdir(parents=True)
    (folder / "box.key").write_text(b64(seed))
    of = yards[batch].poll
    home.bring(of.raw, poll.house_signature(of.raw, sealed_yard.HOUSE), sealed_yard.HOUSE.verifier)
    return home, yards[batch]


def look_at_box(box, leaves: list[bytes], marks: list[bytes], arrivals: list[int], url: str) -> dict[str, float]:
    """Every order in the box's files and database; `marks` are bytes that are stored with each ballot."""
    folder = box.home.folder
    seen = {"pool": seen_at(in_file(box.home.polls / "yard-2026" / "pool", marks), arrivals)}
    for name in ("box.sqlite3", "box.sqlite3-wal", "box.sqlite3-shm", "box.sqlite3-journal"):
        seen[name] = seen_at(in_file(folder / name, marks), arrivals)
    if not box.box.tree.size:
        return seen
    link = box.server._store._link
    if url:
        link._db.execute("CHECKPOINT")
        rows = [bytes(row[0]) for row in link.rows("SELECT leaf FROM ballot ORDER BY ctid")]
        heap = bytes(link.rows("SELECT pg_read_binary_file(pg_relation_filepath('ballot'))")[0][0])
        seen["heap"] = seen_at(in_bytes(heap, marks), arrivals)
    else:
        rows = [bytes(row[0]) for row in link.rows("SELECT leaf FROM ballot")]
        link.rows("PRAGMA wal_checkpoint(FULL)")
        seen["folded"] = seen_at(in_file(folder / "box.sqlite3", marks), arrivals)
        with sqlite3.connect(folder / "box.sqlite3") as copy:
            dump = "\n".join(copy.iterdump()).encode()
        seen["dump"] = seen_at(in_bytes(dump, [mark.hex().upper().encode() for mark in leaves]), arrivals)
    seen["table"] = seen_at(listed(rows, leaves), arrivals)
    return seen


def mean_of(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: abs(fmean(each[name] for each in rounds)) for name in rounds[0]}


def marks_of(bodies: list[bytes]) -> list[bytes]:
    """The sealed part's first bytes: they stand in the clear wherever a ballot is stored."""
    import json

    from madang.methods.sealed import unb64

    return [unb64(json.loads(body)["sealed"])[:24] for body in bodies]


@pytest.mark.slow
def test_nothing_that_is_stored_tells_the_order_of_arrival(tmp_path, running, go, crowd, box_database):
    bodies = bodies_of(crowd, 5000)
    leaves, marks = [leaf_of(body) for body in bodies], marks_of(bodies)
    before, after = [], []

    async def one(turn: int) -> None:
        order = random.Random(turn).sample(range(CASTS), CASTS)
        arrivals = [0] * CASTS
        async with running(*a_box(tmp_path / f"box{turn}", crowd, 5000)) as box:
            for arrival, place in enumerate(order):
                assert (await box.cast(bodies[place])).status == 200
                arrivals[place] = arrival
            files = sorted(str(path.relative_to(box.home.folder)) for path in box.home.folder.rglob("*"))
            assert len(files) < 15  # no file for each ballot
            before.append(look_at_box(box, leaves, marks, arrivals, box_database))
            await box.at(CLOSES + timedelta(hours=1))
            after.append(look_at_box(box, leaves, marks, arrivals, box_database))
            if box_database:
                assert len(box.server._store._link.rows("SELECT DISTINCT xmin::text FROM ballot")) == 1
                box.server._store._link._db.execute("DROP TABLE ballot, checkpoint, cosignature, closing")

    for turn in range(ROUNDS):
        go(one(turn))
    assert all(rho < BOUND for rho in mean_of(before).values()), mean_of(before)
    assert all(rho < BOUND for rho in mean_of(after).values()), mean_of(after)
    assert before[0]["pool"] != 0.0
    assert all(after[0][name] != 0.0 for name in ("table", "heap" if box_database else "folded"))


@pytest.mark.slow
def test_with_small_batches_the_order_inside_each_is_chance_and_the_roll_has_none_to_join_it_with(
    tmp_path, running, go, crowd, box_database
):
    """Batches come one after another, so the board tells the batch. What the attacker lacks is the other half: when a right was issued."""
    bodies = bodies_of(crowd, 100)
    inside, joined, rolled = [], [], []

    async def one(turn: int) -> None:
        chance = random.Random(100 + turn)
        order = chance.sample(range(CASTS), CASTS)
        arrivals = [0] * CASTS
        home = tmp_path / f"issuer{turn}"
        home.mkdir()
        ledger = Ledger.at(home, box_database)
        sooner = "SET synchronous_commit = off" if box_database else "PRAGMA synchronous = OFF"  # the bytes are the same
        ledger._link._db.execute(sooner)
        codes = [chance.randbytes(32) for _ in range(CASTS)]
        blinded = [b"\0" + chance.randbytes(255) for _ in range(CASTS)]
        ledger.load("yard-2026", [(code, "시민") for code in codes])
        async with running(*a_box(tmp_path / f"box{turn}", crowd, 100)) as box:
            for arrival, place in enumerate(order):  # everybody casts as soon as the right is there: the worst case
                ledger.keep("2026-03-04", [("yard-2026", codes[place], blinded[place], b"\0" + chance.randbytes(255))])
                assert (await box.cast(bodies[place])).status == 200
                arrivals[place] = arrival
            await box.at(CLOSES + timedelta(hours=1))
            board = [bytes(leaf) for leaf in box.box.tree.leaves(0, CASTS)]
            places = listed(board, [leaf_of(body) for body in bodies])
            inside.append({"batch": within(100, places, arrivals)})
            if box_database:
                ledger.settle()
                link = ledger._link
                assert len(link.rows("SELECT DISTINCT xmin::text FROM entry")) == 1
                link._db.execute("CHECKPOINT")
                raw = bytes(link.rows("SELECT pg_read_binary_file(pg_relation_filepath('entry'))")[0][0])
                box.server._store._link._db.execute("DROP TABLE ballot, checkpoint, cosignature, closing, entry")
            else:
                assert (home / "issuer.sqlite3-journal").stat().st_size == 0
                assert not (home / "issuer.sqlite3-wal").exists()
                raw = (home / "issuer.sqlite3").read_bytes()
            stored = in_bytes(raw, [mark[1:25] for mark in blinded])
            assert min(stored) > 0
            rolled.append({"entries": spearman(stored, arrivals), "pages": within(4096, stored, arrivals)})
            joined.append({"joined": spearman(stored, places)})
            ledger.close()

    for turn in range(ROUNDS):
        go(one(turn))
    for rounds in (inside, rolled, joined):
        assert all(rho < BOUND for rho in mean_of(rounds).values()), mean_of(rounds)


def test_the_attacker_would_see_an_order_that_is_there(tmp_path):
    """A table with row numbers, and a file for each ballot: what this box does not do."""
    order = random.Random(7).sample(range(CASTS), CASTS)
    marks = [random.Random(n).randbytes(24) for n in range(CASTS)]
    database = sqlite3.connect(tmp_path / "plain.sqlite3")
    database.execute("CREATE TABLE ballot (leaf BLOB PRIMARY KEY, sealed BLOB)")
    arrivals = [0] * CASTS
    folder = tmp_path / "pending"
    folder.mkdir()
    for arrival, place in enumerate(order):
        arrivals[place] = arrival
        database.execute("INSERT INTO ballot VALUES (?, ?)", (marks[place], marks[place] * 40))
        (folder / marks[place].hex()).write_bytes(b"x")
    database.commit()
    rows = [bytes(row[0]) for row in database.execute("SELECT leaf FROM ballot ORDER BY rowid")]
    assert spearman(listed(rows, marks), arrivals) > 0.99
    assert seen_at(in_file(tmp_path / "plain.sqlite3", marks), arrivals) > 0.4  # some pages are the index, in order of the key
    times = [(folder / mark.hex()).stat().st_ctime_ns for mark in marks]
    assert len(set(times)) < 50 or spearman([time * CASTS + place for place, time in enumerate(times)], arrivals) > 0.9
    database.close()


def test_no_file_of_the_box_knows_a_time_or_an_address(tmp_path, running, go, crowd, box_database):
    bodies = bodies_of(crowd, 100)[:150]

    async def story():
        async with running(*a_box(tmp_path / "box", crowd, 100)) as box:
            for body in bodies:
                spoken = {"user-agent": "SpyBrowser/1.0", "x-forwarded-for": "203.0.113.77"}
                assert (await box.ask("POST", "/cast", body, spoken)).status == 200
            now = time.time()
            raw = b"".join(path.read_bytes() for path in box.home.folder.rglob("*") if path.is_file())
            rows = [] if not box_database else box.server._store._link.rows("SELECT ballot::text FROM ballot")
            raw += repr(rows).encode()
            for trace in (b"SpyBrowser", b"203.0.113.77", b"127.0.0.1", b"user-agent", b"Mozilla"):
                assert trace not in raw
            texts = [int(number) for number in re.findall(rb"(?<!\d)1[0-9]{9}(?!\d)", raw)]
            assert [number for number in texts if abs(number - now) < 86_400] == []
            today = time.strftime("%Y-%m-%d", time.gmtime(now)).encode()
            assert today not in raw
            assert (box.home.polls / "yard-2026" / "pool").stat().st_mtime == 0
            pool = (box.home.polls / "yard-2026" / "pool").read_bytes()
            assert len(pool) == box.box._pool.slots * box.box._pool.width

    go(story())
