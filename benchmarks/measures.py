"""What is measured, and the line each figure becomes."""

import argparse
import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import machines
from machines import HERE, PORTS, best, press

PAGE_RATIO, SIGNED_RATIO, ACT_RATIO = 0.5, 1.0, 0.5
SECONDS, MILLISECONDS = 5.0, 20.0
MOST_QUERIES = {"list p.1": 8, "list p.500": 8, "의제 (forum)": 15, "의제 (gathering)": 15}
ACTS_A_SECOND = 50
LOOKS = 20  # supports of a shown 의제, each followed by one look at the page
ANONYMOUS = ("home", "list p.1", "list p.500", "의제 (forum)", "의제 (gathering)", "process")
SIGNED = (*ANONYMOUS, "desk", "me")


def line(database: str, what: str, peer: str, ours: str, figure: str, wanted: str, held: bool) -> str:
    return f"| {database} | {what} | {peer} | {ours} | {figure} | {wanted} | {'held' if held else 'missed'} |"


def inside(environ: Mapping[str, str], *words: str) -> Any:
    run = subprocess.run(
        [sys.executable, HERE / "inside.py", *words], env={**os.environ, **environ}, capture_output=True, text=True
    )
    if run.returncode:
        raise RuntimeError(run.stderr)
    return json.loads(run.stdout.splitlines()[-1])


# ── inside ───────────────────────────────────────────────────────────────────
def queries(database: str, big: Mapping[str, str], small: Mapping[str, str]) -> Iterator[str]:
    many, few = inside(big, "queries"), inside(small, "queries")
    for name, counted in many.items():
        most = MOST_QUERIES.get(name)
        held = counted["visitor"] <= (most or 99) and counted["visitor"] <= few[name]["visitor"] + 1
        told = f"built {few[name]['visitor']}, signed in {few[name]['signed']}"
        yield line(
            database,
            f"queries: {name}",
            f"small city: {told}",
            f"built {counted['visitor']}, signed in {counted['signed']}",
            str(counted["visitor"]),
            f"≤ {most}" if most else "same",
            held,
        )


def search(database: str, big: Mapping[str, str]) -> Iterator[str]:
    told = inside(big, "search")
    yield line(
        database,
        f"search, {told['asked']} questions",
        "",
        f"p50 {told['p50_ms']:.2f} ms",
        f"p99 {told['p99_ms']:.1f} ms",
        f"≤ {MILLISECONDS:g} ms",
        told["p99_ms"] <= MILLISECONDS,
    )


def seal(database: str, empty: Mapping[str, str]) -> Iterator[str]:
    told = inside(empty, "seal")
    for key, what in (("seal_s", "sealing"), ("verify_s", "verifying a download of")):
        yield line(
            database,
            f"{what} {told['lines']:,} entries",
            "",
            "",
            f"{told[key]:.1f} s",
            f"≤ {SECONDS:g} s",
            told[key] <= SECONDS,
        )


# ── over HTTP ────────────────────────────────────────────────────────────────
def pages(database: str, big: Mapping[str, str], given: argparse.Namespace, _bare: Mapping[str, str]) -> Iterator[str]:
    """Visitors' pages beside a static file of the same size, quiet and while acts go on elsewhere."""
    paths, known = inside(big, "paths"), known_of(big)
    folder = Path(big["MADANG_HOME"])
    log = folder / "bench.log"
    with machines.product(big, log) as ours, machines.nginx(folder) as static:
        for name in ANONYMOUS:
            body = get(PORTS["product"], paths[name])[1]
            size = len(body)
            (folder / "static-peer" / f"{size}.html").write_bytes(body)
            runs = {
                "nginx": lambda size=size: press(f"{static}/{size}.html", seconds=given.seconds),
                "ours": lambda name=name: press(ours + paths[name], seconds=given.seconds),
            }
            quiet = best(runs, given.times)
            ratio = quiet["ours"].rate / quiet["nginx"].rate
            yield line(
                database,
                f"visitor: {name}, {size / 1000:.0f} kB",
                f"nginx {quiet['nginx'].rate:,.0f}/s",
                f"{quiet['ours'].rate:,.0f}/s",
                f"{ratio:.2f}",
                f"≥ {PAGE_RATIO}",
                ratio >= PAGE_RATIO and not quiet["ours"].wrong,
            )
            with Acts(known, fresh_number(folder)) as acts:
                busy = best({"ours": runs["ours"]}, given.times)
                late = acts.stale(paths[name])
            ratio = busy["ours"].rate / quiet["nginx"].rate
            held = ratio >= PAGE_RATIO and not late and acts.rate() > ACTS_A_SECOND * 0.8
            looked = f"stale {late} of {acts.looked}" if acts.looked else "shows none that may be supported"
            told = f"{busy['ours'].rate:,.0f}/s, {acts.rate():.0f} acts/s, {looked}"
            yield line(
                database,
                f"visitor: {name}, during acts",
                f"nginx {quiet['nginx'].rate:,.0f}/s",
                told,
                f"{ratio:.2f}",
                f"≥ {PAGE_RATIO}",
                held,
            )


def signed(database: str, big: Mapping[str, str], given: argparse.Namespace, bare: Mapping[str, str]) -> Iterator[str]:
    """Signed-in pages beside a bare Django view with one query and a template of the same size."""
    paths, known = inside(big, "paths"), known_of(big)
    cookie = {"Cookie": f"madang={known['testers'][0]['session']}"}
    log = Path(big["MADANG_HOME"]) / "bench.log"
    with machines.product(big, log) as ours, machines.bare(bare, log) as peer:
        for name in SIGNED:
            size = len(get(PORTS["product"], paths[name], cookie)[1])
            runs = {
                "bare": lambda size=size: press(f"{peer}/page?size={size}", seconds=given.seconds),
                "ours": lambda name=name: press(ours + paths[name], seconds=given.seconds, headers=cookie),
            }
            told = best(runs, given.times)
            ratio = told["ours"].rate / told["bare"].rate
            yield line(
                database,
                f"signed in: {name}, {size / 1000:.0f} kB",
                f"bare view {told['bare'].rate:,.0f}/s",
                f"{told['ours'].rate:,.0f}/s",
                f"{ratio:.2f}",
                f"≥ {SIGNED_RATIO:g}",
                ratio >= SIGNED_RATIO and not told["ours"].wrong,
            )


def acts(database: str, big: Mapping[str, str], given: argparse.Namespace, bare: Mapping[str, str]) -> Iterator[str]:
    """Acts of many people at once beside one durable insert and one counter update."""
    home = Path(big["MADANG_HOME"])
    people, things, talks = lists(home, known_of(big))
    with machines.product(big, home / "bench.log") as ours, machines.bare(bare, home / "bench.log") as peer:

        def lua(url: str, kind: str, ids: Path) -> machines.Pressed:
            return press(
                url,
                seconds=given.seconds,
                script="acts.lua",
                words=[kind, str(people), str(ids), str(fresh_number(home))],
            )

        papers = home / "papers.txt"
        papers.write_text("".join(f"{pk}\n" for pk in inside(big, "ballots")["ballots"]))
        for kind, ids in (("support", things), ("opinion", talks), ("vote", papers)):
            before = inside(big, "counts")
            told = best(
                {"bare": lambda: lua(peer, "bare", things), "ours": lambda kind=kind, ids=ids: lua(ours, kind, ids)},
                given.times,
            )
            after = inside(big, "counts")
            written = after[f"{kind}s"] - before[f"{kind}s"]
            entries = after["entries"] - before["entries"]
            ratio = told["ours"].rate / told["bare"].rate
            whole = entries >= written > 0 and not told["ours"].wrong and not told["bare"].wrong
            yield line(
                database,
                f"act: {kind}, p99 {told['ours'].p99_ms:.0f} ms, {written:,} rows, {entries:,} entries",
                f"bare view {told['bare'].rate:,.0f}/s",
                f"{told['ours'].rate:,.0f}/s",
                f"{ratio:.2f}",
                f"≥ {ACT_RATIO}",
                ratio >= ACT_RATIO and whole,
            )


# ── people who act ───────────────────────────────────────────────────────────
class Acts:
    """Supports at a steady pace through the web door, in a thread of its own, on 의제 far from the measured page."""

    def __init__(self, known: Mapping[str, Any], first: int) -> None:
        self.testers, self.matters = known["testers"], known["matters"]
        self.number = first  # beyond every number pressed before: a refusal costs more than an act
        self.over = threading.Event()
        self.done, self.tried, self.looked, self.began = 0, 0, 0, time.monotonic()

    def __enter__(self) -> "Acts":
        self.began = time.monotonic()
        self.thread = threading.Thread(target=self._go_on)
        self.thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.over.set()
        self.thread.join()
        self.ended = time.monotonic()

    def rate(self) -> float:
        return self.done / (getattr(self, "ended", time.monotonic()) - self.began)

    def _go_on(self) -> None:
        port = http.client.HTTPConnection("127.0.0.1", PORTS["product"], timeout=30)
        half = len(self.matters) // 2
        while not self.over.is_set():
            self.number += 1
            self.tried += 1
            self.done += (
                support(port, self.testers[self.number % len(self.testers)], self.matters[self.number % half]) == 302
            )
            ahead = self.began + self.tried / ACTS_A_SECOND - time.monotonic()
            self.over.wait(max(ahead, 0))

    def stale(self, path: str) -> int:
        """How often a page was not yet true on the very next request after a support of what it shows."""
        port = http.client.HTTPConnection("127.0.0.1", PORTS["product"], timeout=30)
        shown = shown_matter(path, self.matters)
        late = 0
        if shown is None:
            return 0
        for tester in random.sample(self.testers, min(len(self.testers), 60)):
            before = get(PORTS["product"], path)[1]
            if support(port, tester, shown) != 302:  # has supported it in an earlier run
                continue
            self.looked += 1
            late += get(PORTS["product"], path)[1] == before
            if self.looked == LOOKS:
                break
        return late


def support(port: http.client.HTTPConnection, tester: Mapping[str, Any], matter: int) -> int:
    headers = {
        "Cookie": f"madang={tester['session']}; csrftoken={tester['csrf']}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    port.request(
        "POST",
        f"/do/proposals.support/{matter}/",
        urlencode({"csrfmiddlewaretoken": tester["csrf"], "next": "/help/"}),
        headers,
    )
    answer = port.getresponse()
    answer.read()
    return answer.status


def shown_matter(path: str, matters: list[int]) -> int | None:
    """One of the 의제 the page shows that may be supported now; None when it shows none."""
    body = get(PORTS["product"], path)[1].decode()
    numbers = {int(number) for number in re.findall(r"/m/\d{4}-(\d+)/", path + body)}
    return max(numbers & set(matters), default=None)  # the newest: shown as a card with its count, not only as a duty


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=dict(headers or {}))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return answer.status, body


def known_of(environ: Mapping[str, str]) -> dict[str, Any]:
    return json.loads((Path(environ["MADANG_HOME"]) / "bench.json").read_text())


def lists(home: Path, known: Mapping[str, Any]) -> tuple[Path, Path, Path]:
    """Files for wrk's script: who acts, and on what. The number of things has no common part with that of people."""
    people, things, talks = home / "people.txt", home / "things.txt", home / "talks.txt"
    count = len(known["testers"]) | 1
    count -= 2 if count > len(known["testers"]) else 0
    people.write_text("".join(f"{t['person']} {t['session']} {t['csrf']}\n" for t in known["testers"][:count]))
    ids = known["matters"]
    while len(ids) % 3 == 0 or any(count % p == 0 and len(ids) % p == 0 for p in range(2, count + 1)):
        ids = ids[:-1]
    things.write_text("".join(f"{pk}\n" for pk in ids))
    talks.write_text("".join(f"{pk}\n" for pk in known["forums"]))
    return people, things, talks


def fresh_number(home: Path) -> int:
    """A first number no earlier pressing has used: each takes at most two hundred thousand."""
    file = home / "next.txt"
    number = int(file.read_text()) if file.exists() else 0
    file.write_text(str(number + 200_000))
    return number
