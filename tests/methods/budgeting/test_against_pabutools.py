"""Side by side with pabutools' exact mode; where we differ, the test says why."""

import os
import warnings
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.budgeting.election import election
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.pabulib import read

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pabutools = pytest.importorskip("pabutools")
    from pabutools.election import (
        Additive_Borda_Sat,
        Additive_Cardinal_Sat,
        ApprovalBallot,
        ApprovalProfile,
        Cardinality_Sat,
        Cost_Sat,
        Instance,
        parse_pabulib,
    )
    from pabutools.election import Project as PeersProject
    from pabutools.fractions import FRACTION
    from pabutools.rules import method_of_equal_shares

CITIES = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "pb"
SATISFACTION = {"cost": Cost_Sat, "cardinality": Cardinality_Sat, "scores": Additive_Cardinal_Sat, "borda": Additive_Borda_Sat}
SMALL = (
    "Switzerland_Zurich_S5", "Switzerland_Zurich_S5D10", "Worldwide_Mechanical_Turk_Ranking_value_money_8",
    "Netherlands_Amsterdam_643", "Poland_Zabrze_2020_Zaborze_Polnoc", "US_Stanford_Dataset_PB_Chicago_33rd_Ward_2020_vote_knapsacks",
)


def test_the_peer_counts_exactly_here():
    assert FRACTION == "gmpy2", "the comparison is with its exact mode"


@pytest.mark.parametrize("name", SMALL)
def test_a_real_file_comes_out_the_same_in_every_utility(name):
    path = CITIES / f"{name}.pb"
    if not path.exists():
        pytest.skip(f"{path} is not here (MADANG_SHARED)")
    vote = read(path)
    instance, profile = parse_pabulib(str(path))
    kinds = ("cost", "cardinality") if vote.vote_type in ("approval", "choose-1") else (vote.default_utility,)
    for kind in kinds:
        for completion in ("none", "add1"):
            step = 1 if completion == "add1" else None
            theirs = method_of_equal_shares(
                instance, profile.as_multiprofile(), sat_class=SATISFACTION[kind], voter_budget_increment=step
            )
            assert list(equal_shares(vote, utility=kind, completion=completion).winners) == [project.name for project in theirs]


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.data())
def test_an_election_made_up_comes_out_the_same(data):
    names = "abcdef"[: data.draw(st.integers(1, 6))]
    costs = {name: data.draw(st.integers(1, 15)) for name in names}
    ballots = data.draw(st.lists(st.lists(st.sampled_from(names), unique=True), min_size=1, max_size=8))
    budget = data.draw(st.integers(1, 40))
    projects = {name: PeersProject(name, cost) for name, cost in costs.items()}
    instance = Instance(projects.values(), budget_limit=budget)
    profile = ApprovalProfile([ApprovalBallot({projects[one] for one in ballot}) for ballot in ballots], instance=instance)
    for kind in ("cost", "cardinality"):
        for completion in ("none", "add1"):
            theirs = method_of_equal_shares(
                instance, profile, sat_class=SATISFACTION[kind], voter_budget_increment=1 if completion == "add1" else None
            )
            ours = equal_shares(election(costs, ballots, budget), utility=kind, completion=completion)
            assert list(ours.winners) == [project.name for project in theirs]


def test_a_float_count_refuses_what_everybody_can_pay_exactly_and_we_do_not():
    # pabutools in float mode refuses a unanimous project that costs the whole budget for some numbers of voters: Σ B/n < B
    refused = [people for people in range(1, 400) if sum([1000 / people] * people) < 1000]
    assert refused
    for people in refused[:20]:
        assert equal_shares(election({"all": 1000}, [["all"]] * people, 1000)).winners == ("all",)


def test_more_winners_than_the_peers_recursion_bears_are_no_matter_here():
    # pabutools recurses once a winner and ends in RecursionError near a thousand of them
    costs = {f"p{number:04}": 1 for number in range(1200)}
    outcome = equal_shares(election(costs, [[name] for name in costs], 1800))
    assert len(outcome.winners) == 1200
    assert outcome.rounds[-1].left == Fraction(600)
