"""The checker: it believes nothing, shares no code with the rules, and names what is wrong."""

import ast
import copy
import json
import os
from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.budgeting import verify
from madang.methods.budgeting.election import election
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.outcome import sheet
from madang.methods.budgeting.overspending import overspending
from madang.methods.budgeting.pabulib import read
from madang.methods.budgeting.phragmen import phragmen

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "pb"
RULES = {
    "greedy": greedy, "phragmen": phragmen, "phragmen-on": lambda one: phragmen(one, stop="exhaustive"), "shares": equal_shares,
    "add1u": lambda one: equal_shares(one, completion="add1u"), "cardinal": lambda one: equal_shares(one, utility="cardinality"),
    "bos": overspending,
}


def village():
    ballots = [["road", "wood"]] * 6 + [["lamp", "pond"]] * 3 + [["lamp"], ["road", "pond"]]
    return election({"road": 60, "wood": 50, "lamp": 30, "pond": 25}, ballots, 140)


def page(one, outcome):
    won = [one.position[name] for name in outcome.winners]
    verdict = verify.judged(one, won, outcome.variant.get("utility") or "cardinality", outcome.cost)
    return json.loads(json.dumps(sheet(outcome) | {"certificate": {**outcome.certificate, **verdict}}))


def failed(one, result):
    return {finding.check for finding in verify.verify(one, result) if not finding.ok}


@pytest.mark.parametrize("rule", RULES)
def test_a_true_result_passes(rule):
    assert failed(village(), page(village(), RULES[rule](village()))) == set()


def change(result, path, value):
    result = copy.deepcopy(result)
    place = result
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return result


@pytest.mark.parametrize(("rule", "path", "value", "check"), [
    ("shares", ("cost",), 1, "cost"), ("shares", ("budget",), 10**6, "budget"), ("shares", ("endowment", ""), 11, "endowment"),
    ("shares", ("losers", "wood", "had"), 3, "price-system"),
    ("bos", ("rounds", 0, "price"), "1/5", "price-system"),
    ("greedy", ("rounds", 0, "cost"), 3, "costs"), ("add1u", ("endowment", ""), "201/10", "endowment"),
    ("shares", ("rounds", 0, "price"), "1/5", "price-system"), ("shares", ("rounds", 0, "price"), -1, "price-system"),
    ("shares", ("endowment",), {}, "price-system"), ("phragmen", ("rounds", 0, "price"), 1, "moments"),
    ("shares", ("certificate", "exhaustive"), "maybe", "exhaustive"),
    ("shares", ("certificate", "ejr_plus_up_to_any", "holds"), False, "ejr_plus_up_to_any"),
    ("greedy", ("winners",), ["road"], "rounds-follow-winners"), ("greedy", ("losers",), {}, "everyone-has-an-answer"),
])
def test_a_forged_result_is_caught(rule, path, value, check):
    result = page(village(), RULES[rule](village()))
    assert check in failed(village(), change(result, path, value))


def test_a_greedy_result_with_a_friend_slipped_in_is_caught():
    one = election({"road": 60, "wood": 50}, [["road"]] * 3 + [["wood"]], 60)
    result = page(one, greedy(one))
    result |= {"winners": ["wood"], "cost": 50, "losers": {"road": {"why": "budget", "cost": 60}}}
    result["rounds"][0] |= {"project": "wood", "cost": 50}
    assert "order" in failed(one, result)


def test_more_than_the_budget_is_never_feasible():
    one = election({"a": 6, "b": 6}, [["a", "b"]], 10)
    result = page(one, greedy(one))
    result |= {"winners": ["a", "b"], "cost": 12, "losers": {}}
    result["rounds"] = [dict(result["rounds"][0], project=name) for name in "ab"]
    assert failed(one, result) == {"feasible"}


@pytest.mark.parametrize("value", [None, [], {}, 1.5, True, "1/0", "x", "1/2/3", "--1", {"a": 1}])
def test_a_result_of_another_shape_is_refuted_in_words(value):
    result = page(village(), equal_shares(village()))
    for path in (("winners",), ("rounds",), ("cost",), ("losers",), ("variant",), ("rounds", 0, "price")):
        changed = change(result, path, value)
        try:
            assert failed(village(), changed)
        except verify.Refuted as fault:
            assert str(fault)


def brute(one, winners, budget, people):
    """EJR+ up to any project (cost utility) by trying every group of voters."""
    voters = [one.picks[a:b].tolist() for a, b in zip(one.starts, one.starts[1:], strict=False)]
    every = list(chain.from_iterable([ballot] * int(many) for ballot, many in zip(voters, one.voters, strict=True)))
    costs, found = one.costs, set()
    for size in range(1, len(every) + 1):
        for group in combinations(every, size):
            for place in set(group[0]).intersection(*group) - set(winners):
                gains = [sum(costs[pick] for pick in ballot if pick in winners) + costs[place] for ballot in group]
                if costs[place] and max(gains) * people <= size * budget:
                    found.add(one.ids[place])
    return found


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.sets(st.sampled_from("abcd")), min_size=1, max_size=6), st.lists(st.integers(1, 6), min_size=4, max_size=4),
       st.integers(1, 16), st.sets(st.sampled_from("abcd")))
def test_ejr_plus_agrees_with_trying_every_group(ballots, costs, budget, won):
    one = election(dict(zip("abcd", costs, strict=True)), [sorted(ballot) for ballot in ballots], budget)
    places = [one.position[name] for name in won]
    verdict = verify.judged(one, places, "cost", 0)
    named = {witness["project"] for witness in verdict["ejr_plus_up_to_any"]["violations"]}
    assert named == brute(one, places, budget, len(ballots))
    weaker = {witness["project"] for witness in verdict["ejr_plus_up_to_one"]["violations"]}
    assert weaker <= named


def test_the_checker_is_short_and_imports_no_rule():
    source = Path(verify.__file__).read_text("utf-8")
    modules = {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
    assert len(source.splitlines()) <= 300
    assert {name for name in modules if name.startswith("madang")} == {"madang.methods.budgeting.election"}


@pytest.mark.skipif(not SHARED.exists(), reason="no shared elections here")
@pytest.mark.parametrize("name", ["Poland_Wieliczka_2023_Green_Budget", "Switzerland_Zurich_D10", "Poland_Krakow_2019_Bronowice"])
def test_real_results_pass_and_greedy_shows_named_witnesses(name):
    one = read(SHARED / f"{name}.pb")
    for utility in (one.default_utility, "cardinality"):
        outcome = equal_shares(one, utility=utility)
        assert failed(one, page(one, outcome)) == set()
        assert page(one, outcome)["certificate"]["ejr_plus_up_to_any"]["holds"]
    if "Wieliczka" in name:
        assert len(page(one, greedy(one))["certificate"]["ejr_plus_up_to_any"]["violations"]) == 3
