"""Bounded overspending: buying with part of the price in hand, against a count that tries everything."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.budgeting.election import Election, election
from madang.methods.budgeting.overspending import overspending


def by_hand(vote: Election, utility: str) -> list[str]:
    """Every voter, every λ that could count, in fractions; nothing skipped, nothing remembered."""
    worth, _ = vote.utilities(utility)
    wants = {
        (group, int(vote.picks[at])): Fraction(int(worth[at]))
        for group in range(len(vote.voters)) for at in range(vote.starts[group], vote.starts[group + 1]) if worth[at] > 0
    }
    people = [group for group in range(len(vote.voters)) for _ in range(vote.voters[group])]
    money = [vote.budget / len(people)] * len(people)
    chosen: list[int] = []
    while True:
        left = vote.budget - sum(vote.costs[p] for p in chosen)
        offers = []
        for p, cost in enumerate(vote.costs):
            mine = [(one, wants[group, p]) for one, group in enumerate(people) if (group, p) in wants]
            if p in chosen or cost > left or not cost or not mine:
                continue
            ends = {money[one] / u for one, u in mine} | {whole for whole in [price(cost, mine, money)] if whole is not None}
            for share in ends - {Fraction(0)}:
                part = min(sum(min(money[one], share * u) for one, u in mine) / cost, Fraction(1))
                offers.append((share / part**2, vote.ids[p], -part, p, share / part))
        if not offers:
            return [vote.ids[p] for p in chosen]
        *_, p, rate = min(offers)
        for one, group in enumerate(people):
            if (group, p) in wants:
                money[one] = max(Fraction(0), money[one] - rate * wants[group, p])
        chosen.append(p)


def price(cost: Fraction, mine: list[tuple[int, Fraction]], money: list[Fraction]) -> Fraction | None:
    spent, utility = Fraction(0), sum(u for _, u in mine)
    for one, u in sorted(mine, key=lambda pair: money[pair[0]] / pair[1]):
        if (cost - spent) / utility * u <= money[one]:
            return (cost - spent) / utility
        spent, utility = spent + money[one], utility - u
    return None


def test_two_of_three_buy_a_project_that_equal_shares_leaves_unbought():
    # given a budget of 1,000 and three voters (333⅓ each); two want the hall (1,000), one the bench (100)
    vote = election({"hall": 1000, "bench": 100}, [["hall"], ["bench"], ["hall"]], 1000)
    # when the hall's supporters offer all they have: α = 2/3, λ = 1/3 per unit, λ ÷ α² = 3/4
    # and the bench's supporter pays it whole: λ = 1
    outcome = overspending(vote)
    # then the hall comes first, and nothing is left for the bench
    assert outcome.winners == ("hall",)
    assert outcome.certificate["parts"] == {"hall": "2/3"}
    assert outcome.rounds[0].price == Fraction(1, 2)
    assert outcome.losers["bench"].why == "budget"


def test_a_tie_falls_to_the_rule_of_ties():
    vote = election({"a": 60, "b": 60}, [["a"], ["b"]], 100)
    assert overspending(vote).winners == ("a",)
    assert overspending(vote, ties=("-id",)).winners == ("b",)


def test_the_budget_is_never_overspent_and_nothing_that_fits_keeps_supporters_with_money():
    vote = election({"a": 7, "b": 5, "c": 4}, [["a", "b"], ["b", "c"], ["c"]], 10)
    outcome = overspending(vote)
    assert outcome.cost <= outcome.budget


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.data())
def test_any_small_election_is_counted_as_by_hand(data):
    names = "abcde"[: data.draw(st.integers(1, 5))]
    costs = {name: data.draw(st.integers(1, 12)) for name in names}
    ballots = data.draw(st.lists(st.lists(st.sampled_from(names), unique=True), min_size=1, max_size=6))
    vote = election(costs, ballots, data.draw(st.integers(1, 30)))
    for utility in ("cost", "cardinality"):
        assert list(overspending(vote, utility=utility).winners) == by_hand(vote, utility)


@settings(max_examples=30, derandomize=True, deadline=None)
@given(st.data())
def test_points_count_as_by_hand(data):
    costs = {name: data.draw(st.integers(1, 12)) for name in "abc"}
    ballots = data.draw(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(1, 4), min_size=1), min_size=1, max_size=5))
    vote = election(costs, ballots, data.draw(st.integers(1, 30)), "cumulative")
    assert list(overspending(vote, utility="scores").winners) == by_hand(vote, "scores")


def test_an_unknown_utility_is_an_error():
    with pytest.raises(ValueError, match="unknown utility"):
        overspending(election({"a": 1}, [["a"]], 1), utility="joy")
