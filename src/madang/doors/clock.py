"""The clock: what happens because time passed. Late duties are told, periods that were reached end, post goes out.

1. The clock does acts like everybody else, as By(None, at, "clock"); the record shows them.
2. One clock at a time, however many processes ask: a lock of the database, or of a file beside SQLite's.
3. Each step may be repeated: what was done is not done again, what was missed is caught up.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.utils.timezone import localtime

from madang.access import By, Refused
from madang.doors.web.models import Draft, Once
from madang.duties import acts, queries
from madang.duties.calendar import due
from madang.duties.models import Duty
from madang.matters.models import Stage
from madang.notices import digest, post
from madang.notices.models import Cursor
from madang.processes.library import term

EVERY = 60.0  # seconds
DRAFTS_KEPT = timedelta(days=30)
TOKENS_KEPT = timedelta(days=7)
LOCK = 0x636C6F636B  # "clock": the advisory lock of the clock
log = logging.getLogger(__name__)


@dataclass
class Ticked:
    """What one tick did."""

    escalated: int = 0
    closed: int = 0
    told: int = 0
    sent: int = 0
    swept: bool = False
    refused: list[str] = field(default_factory=list)


def tick(at: datetime) -> Ticked | None:
    """Do what is due at `at`; None when another clock is ticking just now."""
    with _alone() as alone:
        if not alone:
            return None
        ticked = Ticked()
        _escalate(at, ticked)
        _close_reached(at, ticked)
        ticked.told = post.run(at).told
        ticked.sent = digest.run(at).sent
        ticked.swept = _sweep(at)
        return ticked


def run_forever() -> None:
    """Tick once a minute until the server beside us is gone. A tick that fails is printed and the next one comes."""
    parent = os.getppid()
    while os.getppid() == parent:
        ticking = threading.Thread(
            target=_tick_now, name="clock"
        )  # its own thread: a fault ends this tick, not the clock
        ticking.start()
        ticking.join()
        _sleep(EVERY, parent)


def _tick_now() -> None:
    try:
        tick(datetime.now(UTC))
    finally:
        connections.close_all()


def _sleep(seconds: float, parent: int) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and os.getppid() == parent:
        time.sleep(0.5)


# ── steps ────────────────────────────────────────────────────────────────────


def _escalate(at: datetime, ticked: Ticked) -> None:
    today = localtime(at).date()
    late = queries.to_escalate(today).filter(matter__closed_at=None, process__archive=False)
    for duty in late.select_related("matter__process", "process", "stage", "body").iterator(chunk_size=500):
        if step_reached(duty, today):
            ticked.escalated += _do(ticked, acts.escalate, By(None, at, "clock"), duty)


def step_reached(duty: Duty, today: date) -> bool:
    """Whether the next post is to be told: the first on day one of lateness, each further one `escalation_days` on.

    After the posts of the recipe comes the public list, and after it nothing.
    """
    posts = duty.process.rules.phase(duty.stage.phase).owes.escalates if duty.stage else ()
    if duty.escalated > len(posts):
        return False
    every, unit = term(duty.process, "escalation_days")
    return today > due(duty.due_on, every * duty.escalated, unit)


def _close_reached(at: datetime, ticked: Ticked) -> None:
    for stage in queries.over_and_reached(at).iterator(chunk_size=500):
        if ends_by_itself(stage):
            ticked.closed += _do(ticked, acts.close_reached, By(None, at, "clock"), stage)


def ends_by_itself(stage: Stage) -> bool:
    """Whether the recipe ends this phase with "reached" and one of its own thresholds was passed."""
    matter = stage.matter
    passed = any(name.startswith(f"{stage.phase}:") for name in matter.gates_passed)
    return passed and matter.process.rules.closes_itself(stage.phase)


def _do(ticked: Ticked, act: object, by: By, on: object) -> int:
    try:
        act(by, on)  # type: ignore[operator]
    except Refused as refusal:  # somebody did it between our question and our act
        ticked.refused.append(refusal.code)
        return 0
    return 1


def _sweep(at: datetime) -> bool:
    """Once a day: sessions that ended, drafts nobody came back for, tokens of forms long sent."""
    day = localtime(at).date().toordinal()
    cursor, _made = Cursor.objects.get_or_create(name="sweeping")
    if not Cursor.objects.filter(pk=cursor.pk, position__lt=day).update(position=day):
        return False
    Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    Draft.objects.filter(saved_at__lt=at - DRAFTS_KEPT).delete()
    Once.objects.filter(made_at__lt=at - TOKENS_KEPT).delete()
    return True


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether ours is the only clock ticking; never waits. A killed process gives its lock back."""
    if connection.vendor != "postgresql":
        with _locked_file() as locked:
            yield locked
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        locked = cursor.fetchone()[0]
    try:
        yield locked
    finally:
        if locked:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def _locked_file() -> Iterator[bool]:
    name = sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:8]
    with (settings.HOME / f"clock-{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
