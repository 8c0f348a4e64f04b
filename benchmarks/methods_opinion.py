"""Maps of opinion beside red-dwarf: whole maps of published conversations, a vote at a time in large made-up ones, stability.

    make bench-methods ARGS="--only opinion"                  # all but the million (some minutes)
    MADANG_FULL=1 make bench-methods ARGS="--only opinion"    # with 1,000,000 people and 50 million votes
    python benchmarks/methods_opinion.py scale 33422 783 66   # one shape by itself: a JSON line

The made-up conversations: four camps, log-normal activity, 15 % passes. Each shape runs in a process of its own (peak memory).
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

try:
    from methods import Line
except ImportError:  # by itself, for one shape
    Line = tuple  # type: ignore[misc,assignment]

from madang.methods.opinion import Conversation, Live, Votes, opinion_map, read_statements, read_votes
from madang.methods.opinion.kernels import CHUNK, flat

LARGEST = ("austria-climate.2vkxcncppn.2022-07-07", "scoop-hivemind.biodiversity", "scoop-hivemind.taxes")
PUBLISHED = (
    "15-per-hour-seattle", "austria-climate.2vkxcncppn.2022-07-07", "bg2050-volunteers", "canadian-electoral-reform",
    "london.youth.policing", "scoop-hivemind.affordable-housing", "scoop-hivemind.biodiversity", "scoop-hivemind.freshwater",
    "scoop-hivemind.taxes",
)  # fmt: skip
SHAPES = {(33_422, 783, 66): (10, 0.5, None), (100_000, 1_000, 53): (10, 0.5, None), (1_000_000, 2_000, 53): (100, 2.5, 2.0)}


def lines(shared: Path, quick: bool) -> Iterator[Line]:
    """Every figure the issue names for opinion."""
    home = shared / "data" / "opinion"
    if not home.is_dir():
        yield Line("published conversations", "", "", "", f"not here: {home}")
    else:
        for name in LARGEST[1:] if quick else LARGEST:
            yield beside(home, name)
        yield from steadiness(home, PUBLISHED[:1] if quick else PUBLISHED)
        yield flicker(home, quick)
    for shape, wanted in SHAPES.items():
        if shape[0] < 1_000_000 if quick is False else shape[0] < 50_000:
            yield from at_scale(shape, wanted)
    if os.environ.get("MADANG_FULL"):
        yield from at_scale((1_000_000, 2_000, 53), SHAPES[1_000_000, 2_000, 53])


def read(home: Path, name: str) -> tuple[Votes, Any]:
    votes = home / name / "votes.csv"
    log = read_votes(votes if votes.exists() else home / name / "participants-votes.csv")
    return log, read_statements(home / name / "comments.csv")


def beside(home: Path, name: str) -> Line:
    """A whole map, votes in memory on both sides; medians of five and of three."""
    from reddwarf.implementations.base import run_pipeline

    log, statements = read(home, name)
    standing = alone(Conversation.recount(log))
    votes = [
        {"participant_id": int(log.participants[p]), "statement_id": int(log.statements[s]), "vote": int(v)}
        for p, s, v in zip(standing.participant, standing.statement, standing.vote, strict=True)
    ]
    out = [int(one.key) for one in statements if one.moderated < 0]
    ours = median(lambda: opinion_map(Conversation.recount(log), statements), 7)
    peer = median(lambda: run_pipeline(votes=votes, mod_out_statement_ids=out, random_state=0), 3)
    ratio = peer / ours
    what = f"whole map, {name.split('.2022')[0]}, {len(standing):,} votes"
    return Line(what, f"{1e3 * ours:.0f} ms CPU", f"{peer:.2f} s CPU", "≥ 20×", f"{ratio:.0f}×", ratio >= 20)


def median(run: Callable[[], object], times: int) -> float:
    """Median CPU seconds of this process, after one run to warm up."""
    run()
    took = []
    for _ in range(times):
        start = time.process_time()
        run()
        took.append(time.process_time() - start)
    return statistics.median(took)


def alone(conversation: Conversation) -> Votes:
    """The standing votes as a log, numbered as in the conversation's people sorted as they came."""
    rows = conversation.rows
    person, place = flat(*rows.spans())
    return Votes(
        tuple(conversation.people), tuple(conversation.statements), person.astype(np.int32),
        rows.col[place].astype(np.int32), rows.val[place], rows.at[place],
    )  # fmt: skip


def part(log: Votes, keep: np.ndarray) -> Votes:
    return Votes(log.participants, log.statements, log.participant[keep], log.statement[keep], log.vote[keep], log.at[keep])


def steadiness(home: Path, names: tuple[str, ...]) -> Iterator[Line]:
    """Groups when people are renamed, when a tenth of the votes is lost, and what groups tell about the lost votes."""
    found: dict[str, dict[str, list[float]]] = {m: {"renamed": [], "lost": [], "told": [], "votes": []} for m in ("stable", "polis")}
    for name in names:
        log, statements = read(home, name)
        standing = alone(Conversation.recount(log))
        for method, kept in found.items():
            whole = opinion_map(Conversation.recount(standing), statements, method=method)  # type: ignore[arg-type]
            for seed in range(3):
                chance = np.random.default_rng(seed)
                keep = chance.random(len(standing)) >= 0.1
                less = opinion_map(Conversation.recount(part(standing, keep)), statements, method=method)  # type: ignore[arg-type]
                kept["lost"].append(alike(whole, less, {}))
                gain, votes = told_of(less, part(standing, ~keep))
                kept["told"].append(gain)
                kept["votes"].append(votes)
                new = {old: str(at) for at, old in enumerate(chance.permutation(np.array(standing.participants)).tolist())}
                mixed = Votes(tuple(new[old] for old in standing.participants), *(getattr(standing, f) for f in FIELDS))
                other = opinion_map(Conversation.recount(part(mixed, chance.permutation(len(mixed)))), statements, method=method)  # type: ignore[arg-type]
                kept["renamed"].append(alike(whole, other, new))
    number = f"{len(names)} conversations × 3"
    for key, what, wanted in (
        ("renamed", "ARI of the groups, people renamed", 1.0),
        ("lost", "ARI of the groups, 10 % of the votes lost", 0.80),
        ("told", "held-out votes told by the group, nats a vote", 0.046),
    ):
        ours, peer = (averaged(found[method], key) for method in ("stable", "polis"))
        yield Line(f"{what} ({number})", f"{ours:.4f}", f"{peer:.4f} (polis)", f"≥ {wanted}", f"{ours:.4f}", ours >= wanted)


def averaged(kept: dict[str, list[float]], key: str) -> float:
    """The mean over conversations; of what is told, over votes."""
    return statistics.fmean(kept[key], kept["votes"] if key == "told" else None)


FIELDS = ("statements", "participant", "statement", "vote", "at")


def alike(one: Any, other: Any, new: dict[str, str]) -> float:
    """Adjusted Rand index over those who have a group in both."""
    first, second = one.membership(), other.membership()
    both = [(g, second[new.get(who, who)]) for who, g in first.items() if new.get(who, who) in second]
    table = np.zeros((32, 32))
    np.add.at(table, tuple(np.array(both).T), 1)

    def pairs(counts: Any) -> float:
        return float((counts * (counts - 1) / 2).sum())

    same, a, b = pairs(table), pairs(table.sum(1)), pairs(table.sum(0))
    chance, most = a * b / pairs(table.sum()), (a + b) / 2
    return 1.0 if most == chance else (same - chance) / (most - chance)


def told_of(made: Any, lost: Votes) -> tuple[float, int]:
    """How much likelier lost votes are by the group's shares (drawn to the whole's by ten votes) than by the whole's: the mean
    logarithm, and over how many votes."""
    people = {name: place for place, name in enumerate(made.conversation.people)}
    topics = {name: place for place, name in enumerate(made.conversation.statements)}
    who = np.array([people.get(name, -1) for name in lost.participants])[lost.participant]
    topic = np.array([topics.get(name, -1) for name in lost.statements])[lost.statement]
    g = np.where(who >= 0, made.grouping.label[np.maximum(who, 0)], -1)
    ok = (g >= 0) & (topic >= 0)
    ok[ok] = made.usable[topic[ok]]
    g, topic, vote = g[ok], topic[ok], lost.vote[ok]
    whole = np.stack(made.conversation.counts()).astype(float)

    def shares(counts: np.ndarray) -> np.ndarray:
        return np.stack([counts[1], counts[2] - counts[0] - counts[1], counts[0]])

    base = (shares(whole) + 1) / (whole[2] + 3)
    own = np.stack([(shares(c.astype(float)) + 10 * base) / (c[2] + 10) for c in made.counts])
    gain = np.log(own[g, vote + 1, topic]) - np.log(base[vote + 1, topic])
    return (float(gain.mean()), len(g)) if len(g) else (0.0, 0)


def flicker(home: Path, quick: bool) -> Line:
    """How often the number of groups changes while published streams are played again, a map every 100 votes."""
    names = [name for name in PUBLISHED if (home / name / "votes.csv").exists()][: 1 if quick else 8]
    switches = {"stable": 0, "cold": 0}
    for name in names:
        log, statements = read(home, name)
        order = np.argsort(log.at, kind="stable")
        conversation, before, numbers, cold = Conversation(), None, [], []
        for low in range(0, len(log), 100):
            conversation.extend(part(log, order[low : low + 100]))
            if len(conversation) < 15:
                continue
            before = opinion_map(conversation, statements, before=before)
            numbers.append(len(before.grouping))
            cold.append(len(opinion_map(conversation, statements, method="polis").grouping) if not low % 500 else 0)
        cold = [number for number in cold if number]
        switches["stable"] += sum(a != b for a, b in pairwise(numbers))
        switches["cold"] += sum(a != b for a, b in pairwise(cold))
    ours = switches["stable"]
    what = f"changes of the number of groups, {len(names)} streams"
    return Line(what, f"{ours} (every 100 votes)", f"{switches['cold']} (polis, every 500)", "≤ 14", str(ours), ours <= 14)


def at_scale(shape: tuple[int, int, int], wanted: tuple[float, float, float | None]) -> Iterator[Line]:
    """One shape in a process of its own."""
    command = [sys.executable, __file__, "scale", *map(str, shape)]
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    got = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout.splitlines()[-1])
    name = f"{got['people']:,} × {got['statements']:,} × {got['votes'] / 1e6:.1f} M"
    ms, everyone, memory = wanted
    vote = f"p50 {got['busy_p50']:.1f}, p99 {got['busy_p99']:.1f} ms CPU"
    clock = f"p50 {got['vote_p50']:.1f}, p99 {got['vote_p99']:.1f} ms by the clock, others working beside"
    yield Line(f"one vote → axes, own place, portraits: {name}", vote, "", f"p99 ≤ {ms:g} ms", clock, got["busy_p99"] <= ms)
    yield Line(f"everyone's place: {name}", f"{got['places']:.2f} s", "", f"≤ {everyone} s", f"{got['places']:.2f} s",
               got["places"] <= everyone)  # fmt: skip
    yield Line(f"places, groups, all lists: {name}", f"{got['refresh']:.2f} s", "", "", f"cold build {got['cold']:.1f} s CPU")
    yield Line(f"1,000 accounts × 60 votes taken out again: {name}", f"{got['removal']:.0f} ms", "", "same sums",
               "same" if got["same"] else "other", got["same"])  # fmt: skip
    held = None if memory is None else got["gigabytes"] <= memory
    yield Line(f"peak memory: {name}", f"{got['gigabytes']:.2f} GB", "", "" if memory is None else f"≤ {memory:g} GB",
               f"{got['gigabytes']:.2f} GB", held)  # fmt: skip


def made_up(people: int, topics: int, mean: int, seed: int = 7) -> Iterator[Votes]:
    """Votes of a large conversation, some people at a time."""
    chance = np.random.default_rng(seed)
    opinion = chance.normal(0, 1.0, (4, topics)) + chance.normal(0.3, 0.6, topics)
    names = tuple(str(topic) for topic in range(topics))
    step = max(1, CHUNK // mean // 2)
    for low in range(0, people, step):
        some = min(step, people - low)
        number = np.clip(chance.lognormal(np.log(mean) - 0.32, 0.8, some), 1, topics * 0.8).astype(np.int64)
        person = np.repeat(np.arange(some), number)
        topic = (chance.random(len(person)) ** 1.3 * topics).astype(np.int32)
        keep = np.unique(person * topics + topic)
        person, topic = (keep // topics).astype(np.int32), (keep % topics).astype(np.int32)
        camp = chance.choice(4, some, p=[0.4, 0.3, 0.2, 0.1])
        lean = opinion[camp[person], topic] + chance.normal(0, 0.8, len(person))
        vote = np.where(chance.random(len(person)) < 0.15, 0, np.where(lean > 0, 1, -1)).astype(np.int8)
        yield Votes(tuple(str(low + one) for one in range(some)), names, person, topic, vote, np.zeros(len(person), np.int64))


def scale(people: int, topics: int, mean: int) -> dict[str, Any]:
    """Build, vote one by one, place everyone, add and remove a flood."""
    start = time.process_time()
    conversation = Conversation(str(topic) for topic in range(topics))
    for log in made_up(people, topics, mean):
        conversation.extend(log)
    live = Live(conversation)
    cold = time.process_time() - start
    chance = np.random.default_rng(11)
    took = []
    for turn in range(330):
        who, what = str(chance.integers(people)), str(chance.integers(topics))
        value, start, busy = int(chance.integers(-1, 2)), time.perf_counter(), time.process_time()
        live.vote(who, what, value, 1 + turn)
        took.append((1e3 * (time.process_time() - busy), 1e3 * (time.perf_counter() - start)))
    busy, took = (sorted(each) for each in zip(*took[30:], strict=True))
    places, refresh = [], []
    for _ in range(5):
        start = time.perf_counter()
        live.everyone()
        places.append(time.perf_counter() - start)
        start = time.perf_counter()
        live.refresh()
        refresh.append(time.perf_counter() - start)
    before = conversation.covotes.sha256(np.arange(topics))
    bots = [f"bot{number}" for number in range(1000)]
    cells = np.tile(np.arange(60), 1000) + np.repeat(chance.integers(0, topics - 60, 1000), 60)
    conversation.extend(Votes(
        tuple(bots), tuple(str(topic) for topic in range(topics)), np.repeat(np.arange(1000), 60).astype(np.int32),
        cells.astype(np.int32), np.ones(60_000, np.int8), np.zeros(60_000, np.int64),
    ))  # fmt: skip
    start = time.perf_counter()
    conversation.remove(bots)
    removal = 1e3 * (time.perf_counter() - start)
    return {
        "people": people, "statements": topics, "votes": int(conversation.counts()[2].sum()), "cold": cold,
        "vote_p50": took[len(took) // 2], "vote_p99": took[int(len(took) * 0.99)],
        "busy_p50": busy[len(busy) // 2], "busy_p99": busy[int(len(busy) * 0.99)], "places": statistics.median(places),
        "refresh": statistics.median(refresh), "removal": removal,
        "same": conversation.covotes.sha256(np.arange(topics)) == before,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(scale(*map(int, sys.argv[2:5]))))
