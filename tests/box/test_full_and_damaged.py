"""Disks that are full, databases that are away, crashes at every step, and files somebody has touched."""

import os
import shutil
from datetime import timedelta

import pytest

import sealed_yard
from madang.box.home import Home, HomeFault
from madang.box.store import Store
from madang.methods.sealed import b64, poll
from sealed_yard import CLOSES, HOUSE, leaf_of


def on_board(said) -> list[str]:
    return said.body.decode().split()


def test_killed_after_the_batch_is_written_and_before_the_slots_are_blanked(running, go, tmp_path):
    """Put the pool back as it was before the batch: exactly what such a crash leaves behind."""

    async def story():
        async with running(batch=6) as box:
            bodies = [box.yard.body() for _ in range(6)]
            receipts = [(await box.cast(body)).body for body in bodies[:5]]
            shutil.copy(box.home.polls / "yard-2026" / "pool", tmp_path / "pool")
            receipts.append((await box.cast(bodies[5])).body)
            assert len(on_board(await box.get("leaves"))) == 6
            home, yard = box.home, box.yard
        shutil.copy(tmp_path / "pool", home.polls / "yard-2026" / "pool")
        async with running(home, yard) as box:
            assert box.box.waiting == 0
            assert len(on_board(await box.get("leaves"))) == 6
            assert [(await box.cast(body)).body for body in bodies] == receipts
            assert (box.home.polls / "yard-2026" / "pool").read_bytes().count(0) == (tmp_path / "pool").stat().st_size

    go(story())


def test_a_slot_half_written_is_an_empty_one(running, go):
    async def story():
        async with running() as box:
            kept = box.yard.body()
            assert (await box.cast(kept)).status == 200
            home, yard, width = box.home, box.yard, box.box._pool.width
            free = box.box._pool._free[0]
        pool = home.polls / "yard-2026" / "pool"
        written = pool.read_bytes()
        slot = next(at for at in range(0, len(written), width) if written[at] == 1)
        with pool.open("r+b") as file:
            file.seek(free * width)
            file.write(written[slot : slot + 700])
        async with running(home, yard) as box:
            assert box.box.waiting == 1
            assert (await box.cast(kept)).status == 200

    go(story())


def test_ballots_of_another_poll_in_the_pool_stop_that_poll_and_no_other(running, go, caplog):
    async def story():
        async with running() as box:
            assert (await box.cast(box.yard.body())).status == 200
            home = box.home
        other = sealed_yard.poll_of(home.public, slug="other")
        home.bring(other.raw, poll.house_signature(other.raw, HOUSE), HOUSE.verifier)
        shutil.copy(home.polls / "yard-2026" / "pool", home.polls / "other" / "pool")
        async with running(home, box.yard) as box:
            assert (await box.ask("GET", "/polls")).json == ["yard-2026"]
            assert "holds a ballot that is not of this poll" in caplog.text

    go(story())


def test_a_full_disk_gives_a_code_and_no_receipt_and_loses_nothing(running, go):
    async def story():
        async with running() as box:
            first = box.yard.body()
            assert (await box.cast(first)).status == 200
            pool = box.box._pool
            good, pool._file = pool._file, os.open("/dev/full", os.O_RDWR)
            refused = await box.cast(box.yard.body())
            assert (refused.status, refused.json["refused"]) == (507, "box-full")
            os.close(pool._file)
            pool._file = good
            assert pool.free == pool.slots - 1
            later = box.yard.body()
            assert (await box.cast(later)).status == 200
            await box.at(CLOSES + timedelta(hours=1))
            assert set(on_board(await box.get("leaves"))) == {b64(leaf_of(first)), b64(leaf_of(later))}

    go(story())


def full(store: Store, url: str) -> None:
    """Nothing more is written into this database: full, or read-only."""
    store._link._db.execute("SET default_transaction_read_only = on" if url else "PRAGMA query_only = 1")


def empty_again(store: Store, url: str) -> None:
    store._link._db.execute("SET default_transaction_read_only = off" if url else "PRAGMA query_only = 0")


def test_while_the_database_is_full_ballots_wait_on_the_disk_and_then_all_of_them_are_there(running, go, box_database):
    async def story():
        async with running(batch=4) as box:
            store = box.server._store
            bodies = [box.yard.body() for _ in range(10)]
            assert (await box.cast(bodies[0])).status == 200
            full(store, box_database)
            for body in bodies[1:]:
                assert (await box.cast(body)).status == 200
            assert (await box.get("status")).json["on_board"] == 0
            await box.at(CLOSES + timedelta(hours=1))
            assert not box.box.closed  # nothing is closed that is not written
            empty_again(store, box_database)
            await box.at(CLOSES + timedelta(hours=2))
            assert box.box.closed
            assert set(on_board(await box.get("leaves"))) == {b64(leaf_of(body)) for body in bodies}

    go(story())


def test_when_no_slot_is_left_the_box_says_so(running, go, box_database, monkeypatch):
    monkeypatch.setattr("madang.box.home.SPARE_SLOTS", 3)

    async def story():
        async with running(batch=2) as box:
            full(box.server._store, box_database)
            said = [await box.cast(box.yard.body()) for _ in range(7)]
            assert [answer.status for answer in said] == [200] * 5 + [507] * 2
            empty_again(box.server._store, box_database)
            await box.server._tick()
            assert (await box.cast(box.yard.body())).status == 200
            assert box.box.tree.size == 5

    go(story())


def test_a_board_that_lost_a_ballot_is_not_opened(running, go, box_database, caplog):
    async def story():
        async with running(batch=3) as box:
            for _ in range(3):
                await box.cast(box.yard.body())
            home, yard = box.home, box.yard
            box.server._store._link._db.execute("DELETE FROM ballot WHERE leaf = (SELECT leaf FROM ballot ORDER BY leaf LIMIT 1)")
        async with running(home, yard) as box:
            assert (await box.ask("GET", "/polls")).json == []
            assert "do not have the root of the checkpoint" in caplog.text

    go(story())


def test_a_second_box_on_the_same_folder_is_turned_away(running, go):
    async def story():
        async with running() as box:
            with pytest.raises(HomeFault, match="another box serves this folder"):
                Home(box.home.folder).lock()
            with pytest.raises(HomeFault):
                async with running(box.home.__class__(box.home.folder), box.yard):
                    pass
        async with running(box.home, box.yard) as again:  # and once the first has gone it may
            assert (await again.cast(again.yard.body())).status == 200

    go(story())


@pytest.mark.parametrize("what", ["unsigned", "another house", "another box", "twice", "clock", "not canonical"])
def test_a_poll_comes_in_only_signed_for_this_box_and_once(tmp_path, what):
    home = Home(tmp_path / "box").make()
    of = sealed_yard.poll_of(home.public if what != "another box" else bytes(31) + b"\x01")
    signature = poll.house_signature(of.raw, HOUSE)
    house, raw, skew = HOUSE.verifier, of.raw, 60
    if what == "unsigned":
        raw = raw.replace(b'"batch":100', b'"batch":101')
    if what == "another house":
        house = sealed_yard.WITNESS.verifier
    if what == "twice":
        home.bring(raw, signature, house)
    if what == "clock":
        skew = 86_400
    if what == "not canonical":
        raw += b"\n"
    with pytest.raises(HomeFault):
        home.bring(raw, signature, house, skew)
    assert len([path for path in home.polls.iterdir() if not path.name.startswith(".")]) == (what == "twice")


def test_nothing_of_a_killed_start_stays(tmp_path):
    home, _ = sealed_yard.bring(tmp_path / "box")
    (home.polls / ".other.ab12").mkdir()
    (home.polls / "yard-2026" / "pool.part").write_bytes(b"half")
    assert home.slugs() == ["yard-2026"]
    assert home.poll("yard-2026").batch == 100
    with pytest.raises(HomeFault, match="no such poll"):
        home.poll("../box")


def test_an_empty_poll_closes_with_a_checkpoint_over_nothing(running, go):
    async def story():
        async with running() as box:
            await box.at(CLOSES + timedelta(hours=1))
            assert box.box.closed
            assert (await box.get("checkpoint")).body.decode().split("\n")[1] == "0"
            home, yard = box.home, box.yard
        async with running(home, yard) as box:
            assert box.box.closed
            assert (await box.cast(box.yard.body())).json["refused"] == "closed"

    go(story())
