"""Real cities: the winners and their order, as two other implementations found them."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from madang.methods.budgeting.completions import add1
from madang.methods.budgeting.election import Election
from madang.methods.budgeting.equal_shares import equal_shares, rolled, winners
from madang.methods.budgeting.pabulib import read

CITIES = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "pb"
LONG = "Hungary_Budapest_2024.pb"  # 22,002 steps
UTILITY = {"Cost_Sat": "cost", "Cardinality_Sat": "cardinality", "Additive_Cardinal_Sat": "scores", "Additive_Borda_Sat": "borda"}


def second_opinions() -> list[dict[str, Any]]:
    path = CITIES / "oracles" / "_equal_shares_all.json"
    return json.loads(path.read_text("utf-8"))["results"] if path.exists() else []


def peers() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((CITIES / "oracles").glob("[!_]*.json")):
        told = json.loads(path.read_text("utf-8"))
        for result in told["results"]:
            if result["rule"] == "method_of_equal_shares":
                yield told["file"], result


@cache
def vote(name: str) -> Election:
    return read(CITIES / name)


def test_the_files_are_here():
    if not CITIES.exists():
        pytest.skip(f"{CITIES} is not here (MADANG_SHARED)")
    assert len(second_opinions()) == 91
    assert len({name for name, _ in peers()}) == 59


@pytest.mark.parametrize("told", second_opinions(), ids=lambda told: told["file"])
def test_equal_shares_chooses_the_same_in_the_same_order(told):
    city = vote(told["file"])
    assert list(winners(city, rolled(city, city.default_utility))) == told["mes"]


@pytest.mark.parametrize("told", [told for told in second_opinions() if told["file"] != LONG], ids=lambda told: told["file"])
def test_add1_ends_the_same(told):
    city = vote(told["file"])
    turned = rolled(city, city.default_utility)
    done = add1(turned)
    assert [city.ids[p] for p in (*turned.free, *(turned.places[p] for p in done.order))] == told["add1"]
    assert done.why == told["add1_stop"]


@pytest.mark.slow
def test_budapest_ends_the_same_after_its_22_002_steps():
    told = [told for told in second_opinions() if told["file"] == LONG]
    if not told:
        pytest.skip(f"{CITIES} is not here (MADANG_SHARED)")
    test_add1_ends_the_same(told[0])


@pytest.mark.parametrize(("name", "told"), list(peers()), ids=lambda one: one if isinstance(one, str) else str(one["params"]))
def test_the_peers_exact_result_is_ours(name, told):
    city = vote(name)
    completion = "add1" if "voter_budget_increment" in told["params"] else "none"
    outcome = equal_shares(city, utility=UTILITY[told["params"]["sat_class"]], completion=completion)
    assert list(outcome.winners) == told["selection_order"]
    assert outcome.cost == float(told["total_cost"])
