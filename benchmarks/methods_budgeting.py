"""Budgeting: reading, Equal Shares, Add1, greedy and Phragmén beside pabutools' exact mode, on the same files in one run.

Seconds of processor time. Ours: medians; the peer (up to half a minute a file) is run once. Each file is read in the order of
its size. The peer counts with equal ballots merged, and up to 400 kB also without (beyond, merged is its faster profile or within
a third of it): the faster is compared. Ours is the rule on ballots grouped and turned round by project + that turning.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from madang.methods.budgeting import verify
from madang.methods.budgeting.completions import Added, add1
from madang.methods.budgeting.counting import Count
from madang.methods.budgeting.election import Election, election
from madang.methods.budgeting.equal_shares import equal_shares, rolled
from madang.methods.budgeting.exact import roll
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.margins import margins
from madang.methods.budgeting.outcome import sheet
from madang.methods.budgeting.pabulib import read
from madang.methods.budgeting.phragmen import phragmen
from methods import Line

LODZ, BUDAPEST = "Poland_Lodz_2022.pb", "Hungary_Budapest_2024.pb"
OTHER_RULES = ("Netherlands_Amsterdam_252.pb", "Poland_Warszawa_2023_Mokotow.pb", "France_Toulouse_2024.pb")
QUICK = ("France_Toulouse_2024.pb", "Poland_Wieliczka_2023_Green_Budget.pb")
WON, IN_WON = 1000, (
    LODZ, "Poland_Warszawa_2023_Mokotow.pb", "France_Toulouse_2024.pb", "Poland_Wieliczka_2023_Green_Budget.pb",
)


def lines(shared: Path, quick: bool) -> Iterator[Line]:
    """The tables of the issue; `quick` takes two files."""
    folder = shared / "data" / "pb"
    if not folder.exists():
        yield Line("budgeting", "", "", f"{folder} is not here (MADANG_SHARED)", "")
        return
    paths = sorted(folder.glob("*.pb"), key=lambda path: path.stat().st_size)
    if quick:
        paths = [path for path in paths if path.name in QUICK]
    yield warmed(paths[0])
    yield from reading(paths)
    large = [path for path in paths if read(path).people >= 5000]
    floor = least_call()
    for path in large:
        yield beside(path, floor)
    yield from other_rules([path for path in large if path.name in OTHER_RULES])
    yield from memory([path for path in large if path.name in (LODZ, QUICK[0])])
    yield from steps(paths)
    yield from told(paths)
    yield everything(paths)
    yield million(100_000 if quick else 1_000_000)


def timed(work: Callable[[], object], times: int = 5) -> float:
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return median(spent)


def finely(work: Callable[[], object]) -> float:
    """For what takes microseconds: the median of five batches."""
    once = max(timed(work, 3), 1e-6)
    batch = max(1, int(0.02 / once))
    return timed(lambda: [work() for _ in range(batch)]) / batch


def shown(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"


def ratio(wanted: float, got: float) -> tuple[str, str, bool]:
    return f"≥ {wanted:g}×", f"{got:,.3g}×" if got < 1000 else f"{got:,.0f}×", got >= wanted


def short(path: Path) -> str:
    return path.stem if len(path.stem) <= 40 else path.stem[:37] + "…"


def warmed(path: Path) -> Line:
    """Compile, or load what was compiled, before anything is measured."""
    start = time.process_time()
    vote = read(path)
    equal_shares(vote, utility=vote.default_utility, completion="add1")
    phragmen(vote)
    return Line("kernels compiled or loaded, once", shown(time.process_time() - start), "", "", "")


def parsed(path: Path) -> tuple[Any, Any]:
    from pabutools.election import parse_pabulib

    return parse_pabulib(str(path))


def reading(paths: list[Path]) -> Iterator[Line]:
    found = []
    for path in paths:
        ours = timed(lambda path=path: read(path), 3)
        found.append((timed(lambda path=path: parsed(path), 1) / ours, ours, path))
    ratios = sorted(found)
    least, ours, path = ratios[0]
    yield Line(f"read and group, least of {len(paths)} files ({short(path)})", shown(ours), shown(ours * least), *ratio(3, least))
    middle, ours, path = ratios[len(ratios) // 2]
    yield Line(f"— the middle one ({short(path)})", shown(ours), shown(ours * middle), "", f"{middle:.3g}×")
    below = sum(one < 3 for one, _, _ in found)
    yield Line("— files below 3×", str(below), "", "0", str(below), below == 0)
    for one, ours, path in found:
        if path.name == LODZ:
            yield Line("— Łódź 2022", shown(ours), shown(ours * one), *ratio(10, one))


def least_call() -> float:
    """A count with nothing to count: one project nobody can pay. No count by this engine takes less."""
    turned = rolled(election({"a": 2}, [["a"]], 1))
    count = Count(turned)
    return finely(lambda: count.run(turned.start))


def beside(path: Path, floor: float) -> Line:
    """Equal Shares, cost utility: the count, and with turning the ballots round; where the peer itself is too fast, the bound."""
    from pabutools.election import Cost_Sat
    from pabutools.rules import method_of_equal_shares

    vote = read(path)
    turned = rolled(vote)
    count = Count(turned)
    ours = finely(lambda: count.run(turned.start))
    turning = timed(lambda: rolled(vote), 3)
    instance, profile = parsed(path)
    peer, theirs = np.inf, []
    small = path.stat().st_size < 400_000
    for one in (profile.as_multiprofile(), profile) if small else (profile.as_multiprofile(),):
        start = time.process_time()
        theirs = [project.name for project in method_of_equal_shares(instance, one, sat_class=Cost_Sat)]
        peer = min(peer, time.process_time() - start)
    same = theirs == [vote.ids[p] for p in (*turned.free, *(turned.places[p] for p in count.run(turned.start)))]
    wanted, got, held = ratio(500, peer / ours)
    says = f"{got} (with turning {peer / (ours + turning):,.0f}×)" + ("" if same else " OTHER WINNERS")
    if peer < 500 * floor:
        says += f"; bound: a count of nothing takes {floor * 1e6:.1f} µs, so at most {peer / floor:,.0f}×"
    return Line(
        f"Equal Shares, {short(path)}, {vote.people:,} × {len(vote.ids)}", f"{shown(ours)} + {shown(turning)}", shown(peer), wanted, says,
        held and same,
    )


def other_rules(paths: list[Path]) -> Iterator[Line]:
    from pabutools.election import Cost_Sat
    from pabutools.rules import greedy_utilitarian_welfare, sequential_phragmen

    for path in paths:
        vote = read(path)
        instance, profile = parsed(path)
        merged = profile.as_multiprofile()
        peer = timed(lambda p=merged, i=instance: sequential_phragmen(i, p), 1)
        ours = timed(lambda vote=vote: phragmen(vote), 3)
        yield Line(f"Phragmén, {short(path)}", shown(ours), shown(peer), *ratio(200, peer / ours))
        peer = timed(lambda p=merged, i=instance: greedy_utilitarian_welfare(i, p, sat_class=Cost_Sat), 1)
        ours = timed(lambda vote=vote: greedy(vote), 3)
        yield Line(f"greedy, {short(path)}", shown(ours), shown(peer), *ratio(100, peer / ours))


OURS = """
import sys; from pathlib import Path
from madang.methods.budgeting.outcome import sheet
from madang.methods.budgeting.pabulib import read
from madang.methods.budgeting.equal_shares import rolled, winners
vote = read(Path(sys.argv[1])); winners(vote, rolled(vote))
"""
PEERS = """
import sys
from pabutools.election import parse_pabulib, Cost_Sat
from pabutools.rules import method_of_equal_shares
instance, profile = parse_pabulib(sys.argv[1])
profile = profile.as_multiprofile() if sys.argv[2] == "merged" else profile
method_of_equal_shares(instance, profile, sat_class=Cost_Sat)
"""
BARE = """
import numpy as np
from madang.methods.budgeting.phragmen import move
none, table = np.zeros(0, np.int64), np.zeros((1, 1))
move(none, none, np.zeros(0, np.int32), none, none, 0, table)
"""
# not getrusage: its peak begins with that of the process that started this one
PEAK = "\nprint(next(row.split()[1] for row in open('/proc/self/status') if row.startswith('VmHWM')))"


def peak(script: str, *words: str, numba: bool = True) -> float:
    """Peak memory of a process of its own, in MB."""
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script + PEAK, *words], capture_output=True, text=True, check=True,
        env=os.environ | ({} if numba else {"MADANG_NUMBA": "0"}),
    )
    return int(ended.stdout.split()[-1]) / 1024


def memory(paths: list[Path]) -> Iterator[Line]:
    for path in paths:
        ours = peak(OURS, str(path))
        theirs = peak(PEERS, str(path), "merged")
        yield Line(
            f"peak memory, read + Equal Shares, {short(path)} (whole process)", f"{ours:.0f} MB", f"{theirs:.0f} MB", "≤ 1/4",
            f"{ours / theirs:.2f}", ours <= theirs / 4,
        )
        ours = peak(OURS, str(path), numba=False)
        yield Line("— the same without numba", f"{ours:.0f} MB", f"{theirs:.0f} MB", "≤ 1/4", f"{ours / theirs:.2f}", ours <= theirs / 4)
    if paths:
        yield Line("— of which Python with NumPy and one compiled function loaded, nothing read", f"{peak(BARE):.0f} MB", "", "", "")


def scaled(vote: Election, times: int) -> Election:
    projects = tuple(replace(project, cost=project.cost * times) for project in vote.projects)
    return replace(vote, projects=projects, budget=vote.budget * times)


def stepped(path: Path, times: int) -> tuple[float, Added]:
    vote = scaled(read(path), times)
    turned = rolled(vote, vote.default_utility)
    start = time.process_time()
    done = add1(turned)
    return time.process_time() - start, done


def steps(paths: list[Path]) -> Iterator[Line]:
    """Add1, as the files stand and with every amount a thousand times as large."""
    for times, coin, some in ((1, "", paths), (WON, f", amounts × {WON:,}", [path for path in paths if path.name in IN_WON])):
        found = [(*stepped(path, times), path) for path in some]
        named = [one for one in found if times > 1 or one[2].name == BUDAPEST]
        rest = [one for one in found if one not in named]
        for spent, done, path in named:
            yield stepping(f"Add1{coin}, {short(path)}", spent, done, 30 if path.name == BUDAPEST else 10)
        if rest:
            spent, done, path = max(rest, key=lambda one: one[0])
            yield stepping(f"Add1{coin}, the slowest of the other {len(rest)} ({short(path)})", spent, done, 10)


def stepping(what: str, spent: float, done: Added, bound: float) -> Line:
    return Line(
        f"{what}: {done.step:,} steps, {done.counts:,} counted, {done.proofs:,} proofs", shown(spent), "", f"≤ {bound:g} s", shown(spent),
        spent <= bound,
    )


def certified(path: Path) -> list[str]:
    """Read, count both ways, check by the verifier as the command does; the checks that failed."""
    vote = read(path)
    failed = []
    for completion in ("none", "add1"):
        outcome = equal_shares(vote, utility=vote.default_utility, completion=completion)
        utility = outcome.variant["utility"]
        verdict = verify.judged(vote, [vote.position[name] for name in outcome.winners], utility, outcome.cost)
        result = json.loads(json.dumps(sheet(outcome) | {"certificate": {**outcome.certificate, **verdict}}))
        failed += [f"{path.stem} {completion}: {one.check}" for one in verify.verify(vote, result) if not one.ok]
    return failed


def told(paths: list[Path]) -> Iterator[Line]:
    """What a result page asks for beside the count: every round with who stood next, and each loser's margin."""
    for path in paths:
        if path.name in (BUDAPEST, LODZ):
            vote = read(path)
            outcome = equal_shares(vote)
            spent = timed(lambda vote=vote: equal_shares(vote), 3)
            yield Line(f"Equal Shares told, with who stood next in each round, {short(path)}", shown(spent), "", "", "")
            for rule in (outcome, greedy(vote)):
                spent = timed(lambda vote=vote, rule=rule: margins(vote, rule), 1)
                what = f"{rule.rule}: the largest winning cost of each of {len(rule.losers)} losers, {short(path)}"
                yield Line(what, shown(spent), "", "≤ 10 s", shown(spent), spent <= 10)
    vote = last_won(1200)
    turned = rolled(vote)
    count = Count(turned)
    spent = timed(lambda: count.run(turned.start), 1)
    told_in = timed(lambda: equal_shares(vote), 1)
    what = "1,200 projects payable only with all their supporters have, each settled in fractions: counted; told"
    yield Line(what, f"{shown(spent)}; {shown(told_in)}", "", "≤ 30 s", shown(told_in), told_in <= 30)


def last_won(projects: int) -> Election:
    """Three supporters each, who together hold exactly its cost: floats can decide none of them."""
    costs = {f"p{place:04}": 3000 for place in range(projects)}
    return election(costs, [[name] for name in costs for _ in range(3)], 3000 * projects)


def everything(paths: list[Path]) -> Line:
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        failed = [one for found in pool.map(certified, reversed(paths)) for one in found]
    spent = time.perf_counter() - start
    says = shown(spent) + (f"; {len(failed)} checks failed, {failed[0]}" if failed else "; every check held")
    what = f"all {len(paths)} files read, counted by Equal Shares and Add1 with every round told, certified; 2 processes, wall"
    return Line(what, shown(spent), "", "≤ 120 s", says, spent <= 120 and not failed)


def million(people: int, projects: int = 500) -> Line:
    """25 districts and a citywide part; everybody picks seven, four of their own district. Costs in won."""
    rng = np.random.default_rng(2026)
    home = rng.integers(0, 25, people)
    liking = 1 / np.arange(1, 17) ** 0.7
    own = home[:, None] * 16 + rng.choice(16, (people, 4), p=liking / liking.sum())
    wide = 400 + rng.integers(0, 100, (people, 3))
    picks = np.sort(np.concatenate([own, wide], axis=1), axis=1)
    rows, voters = np.unique(picks, axis=0, return_counts=True)
    kept = np.concatenate([np.ones((len(rows), 1), bool), rows[:, 1:] != rows[:, :-1]], axis=1)
    costs = [Fraction(int(one) * 1_000_000) for one in rng.integers(20, 800, projects)]
    turned = roll(
        costs=costs, budget=Fraction(50_000_000_000), voters=voters.astype(np.int64),
        starts=np.concatenate(([0], np.cumsum(kept.sum(axis=1)))), picks=rows[kept], utility=None,
        start=[Fraction(50_000_000_000, people)], fund=np.zeros(len(rows), np.int64), rank=range(projects),
    )
    count = Count(turned)
    spent = timed(lambda: count.run(turned.start), 3)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    order = count.run(turned.start)
    what = f"{people:,} made-up voters × {projects}, {len(turned.rolls.who):,} picks, {len(rows):,} ballots, {len(order)} won"
    wanted = "≤ 1 s, ≤ 1.5 GB"
    return Line(what, f"{shown(spent)}; {most:.0f} MB (this whole benchmark)", "", wanted, shown(spent), spent <= 1)
