"""Fill an empty house with a big city: rows written in bulk, but such as acts would have left them.

1. Counters equal rows, open phases equal stages, every open 의제 has somebody who owes its next step:
   `madang check` finds no fault in what this leaves.
2. The same scale gives the same city on both databases, but for salts and the day it is made on.
3. Everything is synthetic and dated relative to now; nothing is overdue, so that the clock stays quiet.

Run as `python benchmarks/seed.py --scale 1` with MADANG_HOME and DATABASE_URL set.
"""

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import django

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils.timezone import localtime  # noqa: E402

from bulk import Table, quietly, whole  # noqa: E402
from madang.access import By  # noqa: E402
from madang.bodies.acts import appoint_first, found  # noqa: E402
from madang.bodies.models import Body  # noqa: E402
from madang.deliberation.models import Forum, Opinion, Position, mark_of  # noqa: E402
from madang.doors import founding, preparing  # noqa: E402
from madang.duties.models import Conclusion, Duty  # noqa: E402
from madang.matters import search  # noqa: E402
from madang.matters.models import Assignment, Matter, Stage  # noqa: E402
from madang.methods.korean import fingerprint, keys, tokens  # noqa: E402
from madang.notices.models import Cursor  # noqa: E402
from madang.people.models import Attestation, Person  # noqa: E402
from madang.places.models import Place  # noqa: E402
from madang.processes.acts import open_  # noqa: E402
from madang.processes.models import Process  # noqa: E402
from madang.proposals.models import Proposal, Support, Topic  # noqa: E402
from madang.record import Note, write  # noqa: E402
from madang.record.board import moved_all  # noqa: E402
from madang.record.models import Leaf  # noqa: E402
from madang.record.sealer import seal_all  # noqa: E402
from words import Words  # noqa: E402

MATTERS, SUPPORTS, OPINIONS, PEOPLE, FORUMS, TESTERS, DEPARTMENTS = (
    100_000,
    2_000_000,
    500_000,
    20_011,
    1_000,
    1_000,
    20,
)
FORUM_SUPPORTS, REPLY_SUPPORTS, SUPPORT_DAYS = 600, 50, 30
PROCESS = "democracy-bench"


@dataclass(frozen=True)
class Scale:
    """How many of each."""

    matters: int
    supports: int
    opinions: int
    people: int
    forums: int
    testers: int

    @classmethod
    def of(cls, share: float) -> "Scale":
        def part(whole_: int, least: int) -> int:
            return max(int(whole_ * share), least)

        matters = part(MATTERS, 200)
        return cls(
            matters,
            part(SUPPORTS, matters * 20),
            part(OPINIONS, matters * 5),
            PEOPLE if share > 0.1 else 2_003,
            part(FORUMS, 5),
            part(TESTERS, 128),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """One 의제 to be: how many supports it has, how old it is, and where it therefore stands."""

    pk: int
    supports: int
    at: datetime
    kind: str  # gathering · expired · answering · declined · forum

    @property
    def number(self) -> str:
        return f"{localtime(self.at).year}-{self.pk:06d}"


class City:
    """What every row stands on: the process, its bodies, the places, the people."""

    def __init__(self, scale: Scale, now: datetime) -> None:
        self.scale, self.now = scale, now
        self.today = localtime(now).date()
        self.words = Words(1)
        clock = By(None, now - timedelta(days=800), "clock")
        preparing.prepare()
        founding.found(clock.at, "seoul-2018")
        place = founding.top()
        steward = By(founding.first_steward("steward@bench.example", clock.at).person, clock.at, "demo")
        names = {"operator": ("운영팀", "public"), "panel": ("의제선정단", "civil"), "mayor": ("시장", "public")}
        cast = {
            k: found(steward, place, key=f"bench-{k}", name=n, side=s, synthetic=True) for k, (n, s) in names.items()
        }
        self.departments = [
            found(steward, place, key=f"bench-dept-{n}", name=f"가상 {n}과", side="public", synthetic=True)
            for n in range(DEPARTMENTS)
        ]
        self.operator: Body = cast["operator"]
        self.process: Process = open_(
            steward,
            place,
            recipe="democracy-seoul@2019-03-26",
            key=PROCESS,
            name="민주주의 서울 (가상)",
            castings=cast,
            synthetic=True,
        )
        self.gu = list(Place.objects.filter(level="gu", valid_to=None).order_by("code"))

    def person(self, start: int, step: int, k: int) -> int:
        """The k-th person of a walk through everybody: all different while k < people, whose number is a prime."""
        return (start + k * step) % self.scale.people + 1

    def plans(self) -> list[Plan]:
        """Every 의제, oldest first; supports add up exactly."""
        n, forums = self.scale.matters, self.scale.forums
        left = self.scale.supports - forums * FORUM_SUPPORTS
        chance = Random(2)
        in_forum = set(chance.sample(range(int(n * 0.6), n), forums))
        weights = [0 if i in in_forum else 1 / (1 + chance.random() * 60) for i in range(n)]
        share = left / sum(weights)
        counts = [FORUM_SUPPORTS if i in in_forum else min(int(w * share), 480) for i, w in enumerate(weights)]
        missing, free = self.scale.supports - sum(counts), [i for i in range(n) if i not in in_forum]
        while missing > 0:
            for i in free:
                if counts[i] < 480 and missing:
                    counts[i], missing = counts[i] + 1, missing - 1
        return [self._plan(i, counts[i], i in in_forum, n) for i in range(n)]

    def _plan(self, i: int, supports: int, forum: bool, n: int) -> Plan:
        young = i >= int(n * 0.6)  # the last four tenths came within 25 days
        ago = timedelta(days=25) * (n - i) / (n - int(n * 0.6)) if young else timedelta(days=70 + 660 * (1 - i / n))
        at = self.now - ago - timedelta(minutes=5)
        many = supports >= REPLY_SUPPORTS
        kind = "forum" if forum else "gathering" if young else "declined" if many else "expired"
        return Plan(i + 1, supports, at, "answering" if many and young and not forum else kind)


# ── people ───────────────────────────────────────────────────────────────────
def people(city: City) -> None:
    """The city's people, and the testers after them: they have supported nothing yet."""
    fixed = {
        "level": 2,
        "synthetic": True,
        "is_active": True,
        "language": "ko",
        "digest": "never",
        "password": "!bench",
    }
    table = Table(Person, ("id", "email", "name", "salt", "joined_at"), fixed)
    last, joined = city.scale.people + city.scale.testers, city.now - timedelta(days=790)
    pks = range(FIRST, FIRST + last)
    table.write((pk, f"p{pk}@bench.example", f"가상{pk}", secrets.token_bytes(32), joined) for pk in pks)
    Table(Attestation, ("person_id",), {"level": 2, "adapter": "desk", "attested_at": joined}).write(
        (pk,) for pk in pks
    )


FIRST = 1_000  # the id of the first synthetic person; founders come before


def sessions(city: City) -> list[dict[str, str | int]]:
    """A signed-in browser for each tester: what `run.py` gives its clients. The first one sits at the operator's desk."""
    first = FIRST + city.scale.people
    store, found_, rows = SessionStore(), [], []
    for pk in range(first, first + city.scale.testers):
        person = Person(pk=pk, password="!bench")
        key = f"bench{pk:027d}"
        given = {
            SESSION_KEY: str(pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        rows.append((key, store.encode(given), city.now + timedelta(days=60)))
        found_.append({"person": pk, "session": key, "csrf": sha256(key.encode()).hexdigest()[:32]})
    Table(SessionStore.get_model_class(), ("session_key", "session_data", "expire_date"), {}).write(rows)
    clerk = Person.objects.get(pk=first)
    appoint_first(By(None, city.now, "clock"), city.operator, person=clerk, post="담당", since_date=city.today)
    return found_


# ── 의제 ─────────────────────────────────────────────────────────────────────
def matters(city: City, plans: list[Plan]) -> None:
    table = Table(
        Matter,
        (
            "id",
            "place_id",
            "number",
            "title",
            "author_id",
            "created_at",
            "station",
            "open_phases",
            "gates_passed",
            "supports",
            "participants",
            "opinions",
            "closed_at",
            "outcome",
        ),
        {"process_id": city.process.pk, "synthetic": True},
    )
    words = Table(Proposal, ("matter_id", "problem", "idea", "topic", "salt"), {"edition": 1, "effect": ""})
    spoken: list[tuple[int, str, str, datetime]] = []
    each = city.scale.opinions // city.scale.forums

    def rows() -> Iterator[tuple]:
        for plan in plans:
            place = city.gu[plan.pk % len(city.gu)]
            title = city.words.title(place.name)
            spoken.append((plan.pk, title, f"{city.words.problem(place.name)}\n{city.words.idea()}", plan.at))
            station, phases, gates, closed, outcome = standing(plan)
            talk = plan.kind == "forum"
            yield (
                plan.pk,
                place.pk,
                plan.number,
                title,
                FIRST + plan.pk % city.scale.people,
                plan.at,
                station,
                phases,
                gates,
                plan.supports,
                each * 4 // 5 if talk else 0,
                each if talk else 0,
                closed,
                outcome,
            )

    table.write(rows())
    topics = list(Topic.values)
    words.write(
        (pk, *text.split("\n"), topics[pk % len(topics)], secrets.token_bytes(32)) for pk, _t, text, _at in spoken
    )
    Process.objects.filter(pk=city.process.pk).update(matters_count=len(plans))
    findable(spoken)


def standing(plan: Plan) -> tuple[str, dict[str, str], list[str], datetime | None, str]:
    """station, open phases, gates passed, closed at and outcome of a plan."""
    until = last_moment(plan.at, SUPPORT_DAYS).isoformat()
    gate50, gate500 = "support:supports:reply_supports", "support:supports:forum_supports"
    if plan.kind == "gathering":
        return "propose", {"support": until}, [], None, ""
    if plan.kind == "expired":
        return "propose", {}, [], plan.at + timedelta(days=33), "expired"
    if plan.kind == "answering":
        return "decide", {"support": until, "reply": ""}, [gate50], None, ""
    if plan.kind == "declined":
        return "decide", {}, [gate50], plan.at + timedelta(days=60), "expired"
    forum = last_moment(plan.at + timedelta(days=1), SUPPORT_DAYS).isoformat()
    return "decide", {"support": until, "reply": "", "forum": forum}, [gate50, gate500], None, ""


def last_moment(at: datetime, days: int) -> datetime:
    day = localtime(at + timedelta(days=days))
    return day.replace(hour=23, minute=59, second=59, microsecond=0)


def walked(city: City, plan: Plan) -> Iterator[tuple[str, str, datetime, datetime | None, str, str, str, str, date]]:
    """(phase, station, opened, closed, outcome, because, act owed, owing part, due) of each stage of a plan."""
    at, day = plan.at, timedelta(days=1)

    def due(days: int) -> date:
        return localtime(city.now + days * day).date()

    if plan.kind in {"expired", "declined"}:
        outcome = "expired" if plan.kind == "expired" else "reached"
        yield (
            "support",
            "propose",
            at,
            at + 33 * day,
            outcome,
            "submit",
            "duties.conclude",
            "operator",
            (at + 40 * day).date(),
        )
    else:
        yield (
            "support",
            "propose",
            at,
            None,
            "",
            "submit",
            "duties.conclude",
            "operator",
            localtime(at + 40 * day).date(),
        )
    if plan.kind in {"gathering", "expired"}:
        return
    hour, gate = timedelta(hours=1), "gate:supports:reply_supports"
    yield (
        "assign",
        "decide",
        at + hour,
        at + 2 * hour,
        "assigned",
        gate,
        "duties.assign",
        "operator",
        (at + 5 * day).date(),
    )
    if plan.kind == "declined":
        yield (
            "reply",
            "decide",
            at + 2 * hour,
            at + 20 * day,
            "declined",
            "assign:assigned",
            "decisions.reply",
            "department",
            (at + 30 * day).date(),
        )
        yield (
            "review-window",
            "decide",
            at + 20 * day,
            at + 60 * day,
            "expired",
            "reply:declined",
            "duties.conclude",
            "operator",
            (at + 62 * day).date(),
        )
        return
    yield (
        "reply",
        "decide",
        at + 2 * hour,
        None,
        "",
        "assign:assigned",
        "decisions.reply",
        "department",
        due(20 + plan.pk % 30),
    )
    if plan.kind == "forum":
        gate = "gate:supports:forum_supports"
        steps = (
            ("panel", "decisions.close_resolution", "adopted", gate),
            ("forum-assign", "duties.assign", "assigned", "panel:adopted"),
            ("forum-prepare", "deliberation.open_forum", "opened", "forum-assign:assigned"),
        )
        for n, (phase, act, outcome, because) in enumerate(steps, 3):
            yield (
                phase,
                "deliberate",
                at + n * hour,
                at + (n + 1) * hour,
                outcome,
                because,
                act,
                "operator",
                (at + 30 * day).date(),
            )
        yield (
            "forum",
            "deliberate",
            at + 6 * hour,
            None,
            "",
            "forum-prepare:opened",
            "deliberation.close_forum",
            "operator",
            due(45),
        )


def stages(city: City, plans: list[Plan]) -> None:
    """Stages with their duties, who answers for what, and the words that closed 의제."""
    stage_rows, duty_rows, assigned, concluded = [], [], [], []
    pk = 0
    for plan in plans:
        lead = city.departments[plan.pk % len(city.departments)]
        for phase, station, opened, closed, outcome, because, act, part, due in walked(city, plan):
            pk += 1
            days = {"support": SUPPORT_DAYS, "review-window": 15, "forum": 30}.get(phase)
            until = last_moment(plan.at if phase == "support" else opened, days) if days else None
            stage_rows.append((pk, plan.pk, phase, station, opened, until, closed, outcome, because))
            body = lead if part == "department" else city.operator
            duty_rows.append((plan.pk, pk, body.pk, act, phase, opened, due, due, closed))
            if phase == "assign":
                assigned.append((plan.pk, lead.pk, opened))
        if plan.kind in {"expired", "declined"}:
            concluded.append(
                (
                    plan.pk,
                    "expired",
                    "기간 안에 더 나아가지 않았습니다.",
                    secrets.token_bytes(32),
                    plan.at + timedelta(days=60),
                )
            )
    Table(
        Stage, ("id", "matter_id", "phase", "station", "opened_at", "acts_until", "closed_at", "outcome", "because"), {}
    ).write(stage_rows)
    Table(
        Duty,
        ("matter_id", "stage_id", "body_id", "act", "title", "owed_since", "due_on", "first_due_on", "kept_at"),
        {"process_id": city.process.pk, "post": "", "rule": ""},
    ).write(duty_rows)
    Table(Assignment, ("matter_id", "body_id", "since_at"), {"lead": True}).write(assigned)
    Table(Conclusion, ("matter_id", "outcome", "reason", "salt", "concluded_at"), {"post": ""}).write(concluded)


def findable(spoken: Iterable[tuple[int, str, str, datetime]]) -> None:
    """What search.index writes for each, in bulk."""
    sqlite = connection.vendor == "sqlite"
    texts, likeness, sought = [], [], []
    for pk, title, body, at in spoken:
        mark = fingerprint(title, body)
        cut = tokens(title), tokens(body)
        if sqlite:
            texts.append((pk, *cut))
        else:
            texts.append((pk, search._vector([cut[0]]), search._vector(list(cut), search._windows(pk))))
        likeness.append(
            (pk, mark.letters, mark.stems, search.pack(f">{len(mark.sketch)}I", *mark.sketch), int(at.timestamp()))
        )
        sought.extend((key, pk) for key in keys(mark))
    whole("matters_search", ("rowid", "title", "body") if sqlite else ("matter_id", "title", "terms"), texts)
    whole("matters_likeness", ("matter_id", "letters", "stems", "sketch", "created_at"), likeness)
    whole("matters_likeness_key", ("key", "matter_id"), sorted(set(sought)))


# ── 공감, 의견 ────────────────────────────────────────────────────────────────
def supports(city: City, plans: list[Plan]) -> None:
    def rows() -> Iterator[tuple]:
        for plan in plans:
            start, step = plan.pk * 7919, 1 + plan.pk % 1_900
            for k in range(plan.supports):
                yield plan.pk, FIRST - 1 + city.person(start, step, k), plan.at

    Table(Support, ("matter_id", "person_id", "supported_at"), {}).write(rows())


SIDES = ("for", "for", "against", "other")


def forums(city: City, plans: list[Plan]) -> None:
    """A forum on each 의제 that has one: four fifths opinions, one fifth replies, one position a participant."""
    talks = [plan for plan in plans if plan.kind == "forum"]
    each = city.scale.opinions // city.scale.forums
    members = each * 4 // 5
    stage_of = dict(Stage.objects.filter(phase="forum").values_list("matter_id", "pk"))
    forum_rows, position_rows = [], []
    for pk, plan in enumerate(talks, 1):
        sides = ["" if k % 5 == 4 else SIDES[k % 4] for k in range(members)]
        opened = plan.at + timedelta(hours=6)
        forum_rows.append(
            (
                pk,
                plan.pk,
                stage_of[plan.pk],
                f"{plan.number} 이대로 할까요?",
                opened,
                localtime(opened + timedelta(days=30)).date(),
                sides.count("for"),
                sides.count("against"),
                sides.count("other"),
                members,
                each,
            )
        )
        position_rows.extend((pk, speaker(city, pk, k), side, opened) for k, side in enumerate(sides))
    Table(
        Forum,
        (
            "id",
            "matter_id",
            "stage_id",
            "question",
            "opened_at",
            "closes_on",
            "for_count",
            "against_count",
            "other_count",
            "participants",
            "opinions_count",
        ),
        {},
    ).write(forum_rows)
    Table(Position, ("forum_id", "person_id", "side", "taken_at"), {}).write(position_rows)
    _opinions(city, talks, each, members)


def _opinions(city: City, talks: list[Plan], each: int, members: int) -> None:
    def rows() -> Iterator[tuple]:
        pk = 0
        for forum, plan in enumerate(talks, 1):
            at = plan.at + timedelta(hours=7)
            for n in range(each):
                pk += 1
                text = city.words.opinion(pk)
                answers = n % 5 == 4
                above = pk - 1 if answers else None
                yield (
                    pk,
                    forum,
                    speaker(city, forum, n % members),
                    "" if answers else SIDES[n % members % 4],
                    text,
                    above,
                    above,
                    "000001." if answers else "",
                    int(answers),
                    int(n % 5 == 3 and n + 1 < each),
                    at,
                    mark_of(text, above),
                    secrets.token_bytes(32),
                )

    Table(
        Opinion,
        (
            "id",
            "forum_id",
            "person_id",
            "side",
            "text",
            "root_id",
            "parent_id",
            "path",
            "depth",
            "replies",
            "stated_at",
            "mark",
            "salt",
        ),
        {"evidence_url": "", "evidence_note": ""},
    ).write(rows())


def speaker(city: City, forum: int, k: int) -> int:
    return FIRST - 1 + city.person(forum * 104_729, 1 + forum % 1_900, k)


# ── record ───────────────────────────────────────────────────────────────────
def record(city: City, plans: list[Plan]) -> None:
    """One line for each 의제, as submitting it would have written; sealed, and told to nobody."""
    with transaction.atomic():
        for start in range(0, len(plans), 1_000):
            some = plans[start : start + 1_000]
            notes = [
                Note(
                    f"matters.matter:{p.pk}",
                    p.pk,
                    city.process.pk,
                    {"title": f"sha256:{sha256(p.number.encode()).hexdigest()}"},
                )
                for p in some
            ]
            actors = [sha256(f"{p.pk}".encode()).hexdigest()[:32] for p in some]
            write(notes, actors=actors, act="proposals.submit", at=city.now - timedelta(minutes=4), door="web")
    seal_all()
    last = Leaf.objects.count() - 1
    for name, position in (("post", last), ("reminders", city.today.toordinal()), ("sweeping", city.today.toordinal())):
        Cursor.objects.update_or_create(name=name, defaults={"position": position})


def build(share: float, say=print) -> dict:
    """The whole city; returns what the runner needs to know about it."""
    scale = Scale.of(share)
    city = City(scale, datetime.now(UTC))
    plans = city.plans()
    known: dict = {}
    steps = {
        "people": lambda: people(city),
        "sessions": lambda: known.update(testers=sessions(city)),
        "의제": lambda: matters(city, plans),
        "stages": lambda: stages(city, plans),
        "공감": lambda: supports(city, plans),
        "의견": lambda: forums(city, plans),
    }
    with quietly():
        for name, step in steps.items():
            began = time.monotonic()
            step()
            say(f"  {name}: {time.monotonic() - began:.0f} s", flush=True)
    record(city, plans)
    moved_all()
    known["matters"] = [plan.pk for plan in plans if plan.kind == "gathering" and plan.supports < 30]
    known["numbers"] = {
        kind: [p.number for p in plans if p.kind == kind][-3:]
        for kind in ("gathering", "answering", "forum", "declined")
    }
    known["forums"] = list(Forum.objects.values_list("pk", flat=True))
    known["process"] = PROCESS
    return known


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--scale", type=float, default=1.0)
    known = build(given.parse_args().scale)
    out = Path(os.environ["MADANG_HOME"]) / "bench.json"
    out.write_text(json.dumps(known))


if __name__ == "__main__":
    main()
