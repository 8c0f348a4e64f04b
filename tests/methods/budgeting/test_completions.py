"""Add1 step by step, leaps that are proven, and the rest by votes."""

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.budgeting.completions import Leap, add1, moved
from madang.methods.budgeting.counting import Count
from madang.methods.budgeting.election import Election, election
from madang.methods.budgeting.equal_shares import equal_shares, rolled
from madang.methods.budgeting.exact import Roll
from madang.methods.budgeting.pabulib import read

CITIES = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "pb"
SMALL = (
    "Poland_Warszawa_2019_Miedzylesie", "Switzerland_Zurich_D10", "Switzerland_Zurich_S5", "Poland_Warszawa_2018_Las",
    "Worldwide_Mechanical_Turk_Knapsack_3",
    "Worldwide_Mechanical_Turk_Ranking_value_money_8", "US_Stanford_Dataset_PB_Chicago_49th_Ward_2019_vote_approvals",
    "Poland_Warszawa_2019_Marysin_Wawerski_Polnocny", "Poland_Krakow_2020_Zwierzyniec", "Poland_Lodz_2025_Nad_Nerem",
    "France_Toulouse_2022_8_-_Minimes_Barriere_de_Paris_Ponts-Jumeaux_La_Vache_Raisins_Fondeyre",
)


def city(name: str, times: int = 1) -> tuple[Election, Roll]:
    path = CITIES / f"{name}.pb"
    if not path.exists():
        pytest.skip(f"{path} is not here (MADANG_SHARED)")
    vote = read(path)
    return vote, rolled(scaled(vote, times), vote.default_utility)


def scaled(vote: Election, times: int) -> Election:
    if times == 1:
        return vote
    projects = tuple(replace(project, cost=project.cost * times) for project in vote.projects)
    return replace(vote, projects=projects, budget=vote.budget * times)


def test_add1_gives_everybody_one_more_until_nothing_more_fits():
    # given two voters with 5 each; a (6) wants 3 more than one of them, b (4) is bought at once
    vote = election({"a": 6, "b": 4}, [["a"], ["b"]], 10)
    assert equal_shares(vote).winners == ("b",)
    # when everybody gets 1 more, a is affordable too, and all is spent
    outcome = equal_shares(vote, completion="add1")
    assert outcome.winners == ("b", "a") or outcome.winners == ("a", "b")
    assert (outcome.variant["steps"], outcome.variant["ended"], outcome.endowment[""]) == ("1", "exhaustive", 6)


def test_add1_takes_the_last_outcome_before_one_that_overspends():
    # given 10 for two voters; a and b cost 8 each: at 8 each voter buys its own and 16 > 10 is spent
    vote = election({"a": 8, "b": 8, "c": 2}, [["a", "c"], ["b"]], 10)
    outcome = equal_shares(vote, completion="add1")
    assert outcome.winners == ("c",)
    assert (outcome.variant["steps"], outcome.variant["ended"]) == ("2", "infeasible")
    # Add1U then spends the rest by votes, ties by id
    assert equal_shares(vote, completion="add1u").winners == ("c", "a")


def test_the_rest_by_votes_goes_by_votes_under_cost_utility_and_by_votes_per_cost_under_cardinality():
    vote = election({"a": 60, "b": 30}, [["a"], ["a"], ["b"], []], 60)
    assert equal_shares(vote, completion="utilitarian").winners == ("a",)
    assert equal_shares(vote, completion="utilitarian", utility="cardinality").winners[:1] == ("a",)
    vote = election({"a": 60, "b": 20}, [["a"], ["a"], ["b"], [], [], []], 60)
    assert equal_shares(vote, completion="utilitarian").winners == ("a",)
    assert equal_shares(vote, completion="utilitarian", utility="cardinality").winners == ("b",)


def test_a_start_rounded_down_is_another_rule():
    vote = election({"a": 10}, [["a"]] * 3, 10)
    assert equal_shares(vote).winners == ("a",)
    assert equal_shares(vote, start="floor").winners == ()
    assert equal_shares(vote, start="floor").variant["start"] == "floor"
    assert equal_shares(vote, start="floor").endowment[""] == 3


def test_wieliczka_announced_what_add1_chooses_when_it_runs_until_infeasible():
    vote, _ = city("Poland_Wieliczka_2023_Green_Budget")
    announced = {project.id for project in vote.projects if project.selected == "1"}
    assert set(equal_shares(vote, completion="add1", stop="infeasible").winners) == announced
    assert set(equal_shares(vote, completion="add1").winners) != announced


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("stop", ["exhaustive", "infeasible"])
def test_leaping_ends_where_walking_does(name, stop):
    _, turned = city(name)
    leapt, walked = add1(turned, stop), add1(turned, stop, leaping=False)
    assert (leapt.order, leapt.step, leapt.why) == (walked.order, walked.step, walked.why)
    assert walked.counts >= leapt.counts


@pytest.mark.parametrize("name", SMALL[:6])
def test_leaping_ends_where_walking_does_in_smaller_coin(name):
    _, turned = city(name, 10)
    leapt, walked = add1(turned), add1(turned, leaping=False)
    assert (leapt.order, leapt.step, leapt.why) == (walked.order, walked.step, walked.why)
    assert leapt.counts < walked.counts or walked.counts < 20


def test_what_a_proof_says_of_an_interval_holds_at_every_step_of_it():
    _, turned = city("Poland_Wieliczka_2023_Green_Budget", 5)
    count, leap, step, proven = Count(turned), Leap(Count(turned)), 0, 0
    while step < 300:
        order = count.run(moved(turned, step))
        last = leap.beyond(step, order)
        for between in range(step, min(last, step + 40) + 1):
            assert count.run(moved(turned, between)) == order
        proven += last - step
        step = last + 1
    assert proven > 100


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.data())
def test_small_elections_leap_to_where_they_walk(data):
    names = "abcdef"
    costs = {name: data.draw(st.integers(20, 400)) for name in names}
    ballots = data.draw(st.lists(st.lists(st.sampled_from(names), unique=True, min_size=1), min_size=3, max_size=10))
    turned = rolled(election(costs, ballots, data.draw(st.integers(200, 900))), data.draw(st.sampled_from(["cost", "cardinality"])))
    stop = data.draw(st.sampled_from(["exhaustive", "infeasible"]))
    leapt, walked = add1(turned, stop), add1(turned, stop, leaping=False)
    assert (leapt.order, leapt.step, leapt.why) == (walked.order, walked.step, walked.why)


def test_feasibility_is_not_monotone_so_add1_must_not_bisect():
    # given elections drawn at random: find one that overspends at one start and not at a higher one
    rng = np.random.default_rng(11)
    for _ in range(400):
        costs = {name: int(rng.integers(5, 60)) for name in "abcde"}
        ballots = [[name for name in costs if rng.random() < 0.5] for _ in range(5)]
        vote = election(costs, ballots, int(rng.integers(30, 90)))
        turned = rolled(vote)
        count = Count(turned)
        over = [sum(turned.costs[p] for p in count.run(moved(turned, step))) > turned.budget for step in range(40)]
        if True in over and False in over[over.index(True):]:
            # then Add1 ends before the first, as a scan does
            assert add1(turned, "infeasible").step == over.index(True) - 1
            return
    pytest.fail("no such election was drawn")


def test_an_unknown_stop_is_an_error():
    with pytest.raises(ValueError, match="stop is one of"):
        add1(rolled(election({"a": 1}, [["a"]], 1)), "never")


def test_funds_move_together():
    turned = rolled(election({"a": 3}, [["a"]], Fraction(3)))
    assert moved(turned, 2) == (5,)
