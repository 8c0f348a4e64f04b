"""The child of the kill test: a small city that forks workers, which are killed, and counts what is left.

It forks because starting Python and Django a hundred times would take minutes; a fork takes milliseconds and dies by
SIGKILL just the same. Lines in: go, check PATH, note, crowd, soon, late. Lines out: born PID, begin ID, ack ID,
seal, sealed, dead, answer JSON. A worker acknowledges an act only after its commit.
"""

import itertools
import json
import os
import random
import secrets
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection, connections, transaction  # noqa: E402

from madang import record  # noqa: E402
from madang.record import queries, sealer  # noqa: E402
from madang.record.models import Entry  # noqa: E402
from madang.record.seal import pending, seal  # noqa: E402


def say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


def act(name: str, pause: float = 0.0) -> None:
    """A row of a room and its line in the record, in one transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO scratch (name) VALUES (%s)", [name])
        note = record.Note(f"scratch:{name}", 1, None, {"count": 1})
        record.write([note], actors=[""], act="scratch.add", at=datetime.now(UTC), door="cli")
        time.sleep(pause)
        transaction.on_commit(sealer.soon)


def act_for_ever() -> None:
    while True:
        name = secrets.token_hex(8)
        say(f"begin {name}")
        act(name)
        say(f"ack {name}")


def seal_for_ever() -> None:
    while True:
        say("seal")
        seal(datetime.now(UTC))
        say("sealed")


def go() -> None:
    """Fork a worker and stay until somebody kills it."""
    connections.close_all()
    worker = os.fork()
    if worker == 0:
        sealer.soon = lambda: None  # this worker seals all the time, by itself
        threading.Thread(target=act_for_ever, daemon=True).start()
        seal_for_ever()
    say(f"born {worker}")
    os.waitpid(worker, 0)
    say("dead")


def check(path: str) -> dict[str, object]:
    """Seal what is left, download the log, and tell what the database holds."""
    while seal(datetime.now(UTC)) or pending():
        pass
    with Path(path).open("wb") as file:
        queries.download(file)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM scratch")
        rows = [name for (name,) in cursor.fetchall()]
    entries = [subject.split(":")[1] for subject in Entry.objects.values_list("subject", flat=True)]
    return {"rows": sorted(rows), "entries": sorted(entries), "keys": queries.keys()}


def note() -> str | None:
    newest = queries.newest()
    return newest.note if newest else None


def crowd() -> int:
    """Four writers, one of them slow and one that often thinks better of it, while three others seal."""
    busy = threading.Event()
    done = itertools.count()

    def write(pause: float, doubt: float) -> None:
        chance = random.Random(pause + doubt)
        for _ in range(40):
            try:
                with transaction.atomic():
                    act(secrets.token_hex(8), pause)
                    if chance.random() < doubt:
                        raise DatabaseError
                next(done)
            except DatabaseError:
                pass
        connections.close_all()

    def sealing() -> None:
        while not busy.is_set():
            seal(datetime.now(UTC))
        connections.close_all()

    writers = [threading.Thread(target=write, args=args) for args in ((0, 0), (0, 0), (0.004, 0), (0, 0.4))]
    sealers = [threading.Thread(target=sealing) for _ in range(3)]
    for thread in (*writers, *sealers):
        thread.start()
    for thread in writers:
        thread.join()
    busy.set()
    for thread in sealers:
        thread.join()
    return next(done)


def soon() -> list[float]:
    """How long until an act is sealed with nobody asking: here, and in a child after a fork."""
    return [_until_sealed(), _in_a_fork(_until_sealed)]


def _until_sealed() -> float:
    start = time.monotonic()
    act(secrets.token_hex(8))
    while pending() and time.monotonic() - start < 20:
        time.sleep(0.02)
    return time.monotonic() - start


def _in_a_fork(measure) -> float:
    connections.close_all()
    time.sleep(0.5)  # SQLite may not be carried over a fork: let the sealer of this process close its own
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(measure()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return float(os.read(reading, 100))


def late() -> list[int]:
    """An act takes its id first and commits last; sealed and gaps before its commit, and after it."""
    began, finish = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            act("slow")
            began.set()
            finish.wait()
        connections.close_all()

    slow = threading.Thread(target=slowly)
    slow.start()
    began.wait()
    act("quick")
    before = seal(datetime.now(UTC))
    finish.set()
    slow.join()
    after = seal(datetime.now(UTC))
    return [before.size, len(before.gaps), after.size, len(after.gaps)]


def main() -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scratch (name text PRIMARY KEY)")
    for line in sys.stdin:
        word, *arguments = line.split()
        if word == "go":
            go()
        else:
            answer = {"check": check, "note": note, "crowd": crowd, "soon": soon, "late": late}[word](*arguments)
            say(f"answer {json.dumps(answer)}")


if __name__ == "__main__":
    main()
