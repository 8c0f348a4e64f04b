"""Ballots: a hundred thousand rankings of ten, every method, the command as it is started; and a peer's pairwise table.

The peer is preflibtools (installed with pabutools for tests): it reads PrefLib files and counts pairs.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from madang.methods.ballots import Terms, recount, tally
from madang.methods.ballots.reading import read
from methods import Line

NAMES = "ABCDEFGHIJ"


def lines(shared: Path, quick: bool) -> Iterator[Line]:
    """Seconds of processor time, medians of three (one for the command)."""
    voters = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        few, many = written(Path(folder), voters)
        yield from counted(few, "as people vote (3,000 different)", voters)
        yield from counted(many, "all at random (nearly all different)", voters)
        yield beside_the_peer(many, voters)
        yield command(many, voters)


def written(folder: Path, voters: int) -> tuple[Path, Path]:
    """Two files of strict orders of ten: few different ones, and as many as there are voters."""
    chance = random.Random(20260901)
    orders = [chance.sample(range(1, 11), 10) for _ in range(3_000)]
    few = [orders[min(int(chance.expovariate(1 / 500)), 2_999)] for _ in range(voters)]
    many = [chance.sample(range(1, 11), 10) for _ in range(voters)]
    return preflib(folder / "few.soc", few), preflib(folder / "many.soc", many)


def preflib(path: Path, orders: list[list[int]]) -> Path:
    counted: dict[tuple[int, ...], int] = {}
    for order in orders:
        counted[tuple(order)] = counted.get(tuple(order), 0) + 1
    head = [f"# FILE NAME: {path.name}", "# TITLE: made up", "# DATA TYPE: soc", "# NUMBER ALTERNATIVES: 10",
            f"# NUMBER VOTERS: {len(orders)}", f"# NUMBER UNIQUE ORDERS: {len(counted)}"]
    head += [f"# ALTERNATIVE NAME {place}: {name}" for place, name in enumerate(NAMES, start=1)]
    rows = [f"{times}: {','.join(map(str, order))}" for order, times in sorted(counted.items(), key=lambda each: -each[1])]
    path.write_text("\n".join([*head, *rows]) + "\n", "utf-8")
    return path


def counted(path: Path, what: str, voters: int) -> Iterator[Line]:
    profile = read(path, "rank")
    reading = timed(lambda: read(path, "rank"))
    yield Line(f"{voters:,} rankings × 10, {what}: reading", f"{reading:.2f} s", "", "≤ 1 s", f"{reading:.2f} s", reading <= 1)
    for method in ("plurality", "schulze", "ranked-pairs", "irv"):
        outcome = tally(profile, Terms(method))
        count = timed(lambda method=method: tally(profile, Terms(method)))
        again = timed(lambda outcome=outcome: recount(profile, outcome))
        yield Line(f"— {method}; recount", f"{count:.3f} s; {again:.3f} s", "", "≤ 1 s", f"{count:.3f} s", count <= 1)


def beside_the_peer(path: Path, voters: int) -> Line:
    from preflibtools.instances import OrdinalInstance
    from preflibtools.properties import pairwise_scores

    def theirs() -> None:
        instance = OrdinalInstance()
        instance.parse_file(str(path))
        pairwise_scores(instance)

    ours = timed(lambda: tally(read(path, "rank"), Terms("condorcet")))
    peer = timed(theirs, once=True)
    return Line(f"{voters:,} different rankings: file → pairwise table", f"{ours:.2f} s", f"preflibtools {peer:.2f} s", "faster",
                f"{peer / ours:.1f}×", peer > ours)


def command(path: Path, voters: int) -> Line:
    code = """
import resource, sys
from madang.methods.ballots.__main__ import main
done = main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=sys.stderr)
sys.exit(done)
"""
    words = [sys.executable, "-c", code, str(path), "--method", "schulze", "--json"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    took, memory = map(float, done.stderr.split())
    what = f"`madang ballots` on {voters:,} different rankings, cold, with its recount; peak memory"
    return Line(what, f"{took:.2f} s; {memory:.0f} MB", "", "≤ 2 s", f"{took:.2f} s", took <= 2)


def timed(run: Callable[[], object], *, once: bool = False) -> float:
    took = []
    for _ in range(1 if once else 3):
        started = time.process_time()
        run()
        took.append(time.process_time() - started)
    return median(took)
