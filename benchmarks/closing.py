"""Closing a vote of a million: tally, Equal Shares with completion, certificate, and the page that tells it.

1. The votes are made up: 300 projects in 25 districts, up to ten picks a ballot, some for the whole city and some near home.
2. From opened marks (class and line of marks, as a box gives them) to the rendered page, in a process of its own: processor seconds,
   and the peak of its memory. Making the votes up is not counted.
3. Add1 at a won a step is timed apart, on fewer ballots: it walks as many steps as the money asks for, not as there are ballots.

python benchmarks/closing.py [--ballots 1000000]      (make bench runs it as its part `closing`)
"""

import argparse
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).parent
PROJECTS, DISTRICTS, MOST, SEED = 300, 25, 10, 20261124
BALLOTS, BOUND = 1_000_000, 60
ADD1_BALLOTS = 20_000
SHARE = 50_000  # won a voter


def lines(ballots: int) -> Iterator[Any]:
    """The table of benchmarks/methods.py: the closing, and Add1 apart."""
    from methods import Line

    told = measured(ballots, "utilitarian")
    bound = BOUND * max(ballots, 1) / BALLOTS if ballots > BALLOTS else BOUND
    parts = " · ".join(f"{name} {told[name]:.1f}" for name in ("tally", "page"))
    yield Line(
        f"closing {ballots:,} ballots, {PROJECTS} projects: tally, Equal Shares with completion, certificate, page",
        f"{told['tally'] + told['page']:.1f} s CPU", "", f"≤ {bound:g} s", f"{parts} s; {told['wall']:.0f} s wall, {told['memory']} MB",
        told["tally"] + told["page"] <= bound,
    )
    fewer = min(ADD1_BALLOTS, ballots)
    told = measured(fewer, "add1u")
    spent = f"{told['tally'] + told['page']:.1f} s CPU"
    yield Line(f"the same with Add1 at a won a step, {fewer:,} ballots", spent, "", "", f"{told['steps']:,} steps")


def measured(ballots: int, completion: str) -> dict[str, Any]:
    """One closing in a process of its own."""
    with tempfile.TemporaryDirectory() as home:
        child = subprocess.run(
            [sys.executable, __file__, "--child", str(ballots), completion], check=True, capture_output=True, text=True,
            env={**os.environ, "MADANG_HOME": home, "DJANGO_SETTINGS_MODULE": "madang.settings", "DATABASE_URL": ""},
        )
    found: dict[str, Any] = json.loads(child.stdout)
    return found


def paper(ballots: int, completion: str) -> dict[str, Any]:
    """What was printed."""
    chance = random.Random(SEED)
    costs = [chance.randrange(20, 900) * 1_000_000 for _ in range(PROJECTS)]
    options = [{"place": place, "title": f"사업 {place}", "cost": cost} for place, cost in enumerate(costs, start=1)]
    rule = {"kind": "approval", "counting": "equal-shares", "most": MOST, "pot": SHARE * ballots, "completion": completion}
    return {"rule": rule, "options": options}


def votes(ballots: int) -> list[tuple[str, str]]:
    """(class, marks): each voter picks some of the popular and some of its district."""
    chance = random.Random(SEED + 1)
    popular = list(itertools.accumulate(1 / (1 + place % 97) for place in range(PROJECTS)))
    near = [range(district, PROJECTS, DISTRICTS) for district in range(DISTRICTS)]
    found = []
    for voter in range(ballots):
        many = chance.randrange(1, MOST + 1)
        picks = set(chance.choices(range(PROJECTS), cum_weights=popular, k=(many + 1) // 2))
        picks |= set(chance.sample(near[voter % DISTRICTS], many // 2))
        found.append(("", " ".join(str(place + 1) for place in sorted(picks)[:MOST])))
    return found


def close(ballots: int, completion: str) -> dict[str, Any]:
    """Close it, in this process."""
    import django
    from django.template.loader import render_to_string

    django.setup()
    from madang.decisions import results
    from madang.methods.ballots.account import account
    from madang.methods.ballots.paper import count, gather, paper_of

    printed, cast = paper(ballots, completion), votes(ballots)
    begun, wall = time.process_time(), time.perf_counter()
    on = paper_of(printed)
    held = gather(cast)
    result = count(on, held)
    more = account(on, held, result)
    counted = time.process_time()
    options = [SimpleNamespace(**line, cost_krw=line["cost"], where=None, sheet="") for line in printed["options"]]
    told = results.story(results.of_sheet(result, options, printed["rule"]["pot"], result, more.get("", {})))
    page = render_to_string("decisions/_story.html", {"story": told, "round": told.at(1), "tiles": told.tiles({})})
    done = time.process_time()
    if len(told.chosen) != len(result["winners"]) or page.count('class="fold"') != len(told.losers):
        raise RuntimeError("the page does not show the tally")
    return {
        "tally": counted - begun, "page": done - counted, "wall": time.perf_counter() - wall,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "winners": len(result["winners"]),
        "steps": int(result["terms"]["variant"].get("steps", 0)),
    }


def main() -> int:
    """Print the table; 1 when the bound was missed."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--ballots", type=int, default=BALLOTS)
    ask.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.child:
        print(json.dumps(close(int(given.child[0]), given.child[1])))
        return 0
    sys.path.insert(0, str(HERE))
    from methods import HEAD

    print(HEAD, flush=True)
    missed = 0
    for line in lines(given.ballots):
        missed += line.held is False
        print(line, flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
