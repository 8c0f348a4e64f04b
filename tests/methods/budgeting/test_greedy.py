"""Greedy: from the most wanted down."""

import json
import os
from fractions import Fraction
from pathlib import Path

import pytest

from madang.methods.budgeting.election import Project, election, gather
from madang.methods.budgeting.greedy import greedy, support
from madang.methods.budgeting.limits import Limit
from madang.methods.budgeting.pabulib import read

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "pb"
KINDS = {"Cost_Sat": "cost", "Cardinality_Sat": "cardinality", "Additive_Cardinal_Sat": "scores", "Additive_Borda_Sat": "borda"}


def village(budget=100):
    """길 60 (4표), 숲 50 (3표), 등 40 (2표), 문 10 (0표)."""
    return election({"road": 60, "wood": 50, "lamp": 40, "gate": 10}, [["road", "wood"]] * 3 + [["road", "lamp"], ["lamp"]], budget)


def test_what_does_not_fit_is_passed_over():
    outcome = greedy(village())
    assert outcome.winners == ("road", "lamp")
    assert (outcome.losers["wood"].why, outcome.losers["wood"].had, outcome.losers["wood"].short) == ("budget", 40, 10)
    assert outcome.losers["wood"].outbid == ("road",)
    assert outcome.losers["gate"].why == "budget"


def test_it_can_end_at_the_first_that_does_not_fit():
    outcome = greedy(village(), skip=False)
    assert outcome.winners == ("road",)
    assert (outcome.losers["lamp"].why, outcome.losers["lamp"].detail) == ("stopped", "wood")


def test_below_the_threshold_nothing_is_bought():
    outcome = greedy(village(150), least=Fraction(3))
    assert outcome.winners == ("road", "wood")
    assert (outcome.losers["lamp"].why, outcome.losers["lamp"].short) == ("threshold", 1)


def test_votes_per_cost_is_another_order():
    assert greedy(election({"big": 10, "small": 1}, [["big"]] * 9 + [["small"]], 10)).winners == ("big",)
    assert greedy(election({"big": 10, "small": 1}, [["big"]] * 9 + [["small"]], 10), by="votes/cost").winners == ("small",)
    assert greedy(village(), utility="cardinality").rounds[0].price == Fraction(4, 60)


def test_a_limit_binds_as_the_budget_does():
    projects = [Project(name, Fraction(10), categories=("green",)) for name in "abc"]
    one = gather(projects, _votes([[0, 1, 2]] * 2), Fraction(30), "approval")
    outcome = greedy(one, limits=(Limit("category", "green", Fraction(2), counts=True),))
    assert outcome.winners == ("a", "b")
    assert (outcome.losers["c"].why, outcome.losers["c"].detail, outcome.losers["c"].had) == ("limit", "category=green", 0)


def _votes(ballots):
    from madang.methods.budgeting.election import Ballots

    return Ballots([1] * len(ballots), [len(one) for one in ballots], [pick for one in ballots for pick in one])


def test_ties_fall_to_the_rule_of_ties():
    one = election({"9": 6, "10": 5}, [["9", "10"]], 6)
    assert greedy(one).winners == ("10",)
    assert greedy(one, ties=("number",)).winners == ("9",)
    assert greedy(one, ties=("-cost",)).winners == ("9",)


def test_points_and_places_count_as_support():
    points = election({"a": 1, "b": 1}, [{"a": Fraction(1, 2), "b": 2}], 2, "scoring")
    assert support(points, "scores") == (Fraction(1, 2), 2)
    assert support(election({"a": 1, "b": 1}, [["b", "a"]], 2, "ordinal"), "borda") == (0, 1)


def test_unknown_words_are_refused():
    with pytest.raises(ValueError, match="order"):
        greedy(village(), by="luck")
    with pytest.raises(ValueError, match="utility"):
        greedy(village(), utility="joy", by="votes")


@pytest.mark.skipif(not SHARED.exists(), reason="no shared elections here")
def test_the_reference_library_chooses_the_same_in_the_same_order():
    compared = 0
    for path in sorted((SHARED / "oracles").glob("[!_]*.json")):
        page = json.loads(path.read_text())
        one = read(SHARED / page["file"])
        for row in page["results"]:
            if row["rule"] == "greedy_utilitarian_welfare":
                assert list(greedy(one, utility=KINDS[row["params"]["sat_class"]]).winners) == row["selection_order"], path.name
                compared += 1
    assert compared == 102
