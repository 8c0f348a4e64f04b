"""Sequential Phragmén: everybody earns at the same pace."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from madang.methods.budgeting.election import election
from madang.methods.budgeting.pabulib import read
from madang.methods.budgeting.phragmen import phragmen

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "pb"


def test_the_moments_are_those_one_finds_by_hand():
    # three want a (6) and b (6), one wants c (4). a at 6/3 = 2; c at 4; b when 3 × (t − 2) = 6, at 4: b by id before c
    outcome = phragmen(election({"a": 6, "b": 6, "c": 4}, [["a", "b"]] * 3 + [["c"]], 16))
    assert [(step.project, step.price) for step in outcome.rounds] == [("a", 2), ("b", 4), ("c", 4)]
    assert [step.most for step in outcome.rounds] == [2, 2, 4]
    assert [step.paying for step in outcome.rounds] == [3, 3, 1]


def test_who_paid_late_pays_less_next_time():
    # x {a, b}, y {b}: a (1) at 1; b (2) when (t − 1) + t = 2: t = 3/2, y pays 3/2
    outcome = phragmen(election({"a": 1, "b": 2}, [["a", "b"], ["b"]], 3))
    assert [(step.project, step.price, step.most) for step in outcome.rounds] == [("a", 1, 1), ("b", Fraction(3, 2), Fraction(3, 2))]


def test_it_stops_when_the_next_no_longer_fits_or_goes_on_without_it():
    one = election({"a": 6, "b": 6, "c": 4}, [["a", "b"]] * 3 + [["c"]], 10)
    stops, goes = phragmen(one), phragmen(one, stop="exhaustive")
    assert (stops.winners, goes.winners) == (("a",), ("a", "c"))
    assert (stops.losers["b"].why, stops.losers["b"].short) == ("budget", 2)
    assert (stops.losers["c"].why, stops.losers["c"].detail) == ("stopped", "b")
    assert stops.variant["stop"] == "infeasible"


def test_a_tie_with_one_that_does_not_fit_ends_it_too():
    one = election({"a": 4, "b": 2}, [["a"], ["a"], ["b"]], 3)
    assert phragmen(one, stop="infeasible").winners == ("b",)  # a alone exceeds the budget and never counts
    tied = election({"a": 1, "b": 2, "c": 1}, [["a"], ["b"], ["b"], ["c"]], 2)
    assert phragmen(tied).winners == ("a",)
    assert phragmen(tied, stop="exhaustive").winners == ("a", "c")


def test_free_projects_come_first_and_unwanted_ones_never():
    outcome = phragmen(election({"a": 2, "free": 0, "no": 1}, [["a", "free"]], 5))
    assert outcome.winners == ("free", "a")
    assert outcome.losers["no"].why == "support"


def test_hundreds_of_winners_are_no_deeper_than_one():
    costs = {f"p{number}": 1 for number in range(300)}
    outcome = phragmen(election(costs, [list(costs)[start::3] for start in range(3)], 1200))
    assert len(outcome.winners) == 300


def test_without_compiled_kernels_the_result_is_the_same(tmp_path):
    code = (
        "import json, sys; from madang.methods.budgeting.election import election; from madang.methods.budgeting.outcome import sheet\n"
        "from madang.methods.budgeting.phragmen import phragmen\n"
        "ballots = [[f'p{n}' for n in range(20) if (n * v) % 5 < 2] for v in range(40)]\n"
        "one = election({f'p{n}': n % 7 + 1 for n in range(20)}, ballots, 30)\n"
        "print(json.dumps(sheet(phragmen(one))), 'numba' in sys.modules)"
    )
    outs = [
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "MADANG_NUMBA": on}, stdout=-1, check=True, text=True).stdout
        for on in ("0", "1")
    ]
    assert outs[0].endswith(" False\n")
    assert outs[0].split()[:-1] == outs[1].split()[:-1]


def test_an_unknown_stop_is_refused():
    with pytest.raises(ValueError, match="stop"):
        phragmen(election({"a": 1}, [["a"]], 1), stop="never")


@pytest.mark.skipif(not SHARED.exists(), reason="no shared elections here")
def test_the_reference_library_chooses_the_same():
    compared = 0
    for path in sorted((SHARED / "oracles").glob("[!_]*.json")):
        page = json.loads(path.read_text())
        for row in page["results"]:
            if row["rule"] == "sequential_phragmen":
                assert sorted(phragmen(read(SHARED / page["file"])).winners) == sorted(row["winners"]), path.name
                compared += 1
    assert compared == 43


def test_more_voters_than_floats_can_count_are_counted_all_the_same():
    few = election({"a": 6, "b": 6, "c": 4, "d": 5}, [["a", "b"]] * 3 + [["c"], ["c", "d"]], 21)
    many = replace(few, voters=few.voters * (2**52 + 1))
    assert many.people > 2**53
    once, often = phragmen(few), phragmen(many)
    assert often.winners == once.winners == ("a", "c", "b", "d")
    assert [step.price * (2**52 + 1) for step in often.rounds] == [step.price for step in once.rounds]
    assert [step.paying for step in often.rounds] == [step.paying * (2**52 + 1) for step in once.rounds]
