"""Equal Shares: everybody holds the same share, and what is bought is paid by those who want it."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.budgeting.election import Ballots, Election, Project, election, gather
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.limits import Limit

LAMPS = {"lamps": 300, "bench": 500, "garden": 400}


def test_the_worked_example_of_the_page_comes_out_as_by_hand():
    # given five voters and 1,000: 200 each
    vote = election(LAMPS, [["lamps", "bench"], ["lamps", "bench"], ["lamps", "garden"], ["bench"], ["garden"]], 1000)
    # when counted with cost utility
    outcome = equal_shares(vote)
    # then bench (3 supporters, 166⅔ each) and lamps (3, 100 each) tie at 1/3, and the id decides: bench
    bench, garden = outcome.rounds
    assert (bench.project, bench.price, bench.most) == ("bench", Fraction(1, 3), Fraction(500, 3))
    # now the lamps' supporters hold 33⅓, 33⅓ and 200: 266⅔ of the 300 they need
    # the garden's two hold 200 each: exactly its cost, at 1/2
    assert (garden.project, garden.price, garden.most) == ("garden", Fraction(1, 2), 200)
    assert (outcome.cost, garden.left) == (900, 100)
    # so the lamps end with 66⅔ of 300; the bench took 333⅓ from their supporters, the garden 200
    lamps = outcome.losers["lamps"]
    assert (lamps.why, lamps.had, lamps.short) == ("money", Fraction(200, 3), Fraction(700, 3))
    assert (lamps.outbid, lamps.taken) == (("bench", "garden"), (Fraction(1000, 3), 200))


def test_a_project_that_costs_all_and_is_wanted_by_all_is_bought_for_every_number_of_voters():
    for people in range(1, 120):
        outcome = equal_shares(election({"all": 1000}, [["all"]] * people, 1000))
        assert outcome.winners == ("all",), people
        assert outcome.rounds[0].most == Fraction(1000, people)


def test_supporters_one_won_short_do_not_buy_it():
    assert equal_shares(election({"all": 1001}, [["all"]] * 7, 1000)).winners == ()


def test_those_with_less_give_all_and_the_others_share_the_rest():
    # given 3 each; b (7) comes first at 7/3 from each of its three, so one of a's two has 2/3 left
    vote = election({"a": 3, "b": 7}, [["a", "b"], ["a"], ["b"], ["b"]], 12)
    # when a (3) is bought: 2/3 from that one, the rest from the other
    first, second = equal_shares(vote).rounds
    # then
    assert (first.project, first.price, first.most) == ("b", Fraction(1, 3), Fraction(7, 3))
    assert (second.project, second.paying, second.most) == ("a", 2, Fraction(7, 3))
    assert (len(second.full), len(second.rest)) == (1, 1)
    assert second.price == Fraction(7, 9)
    assert second.effective_votes == Fraction(9, 7)


def test_every_round_is_paid_in_full_and_nobody_pays_more_than_a_share():
    vote = election({"a": 4, "b": 7, "c": 3}, [["a", "b"], ["a", "c"], ["b"], ["b", "c"]], 14)
    outcome = equal_shares(vote)
    money = [outcome.endowment[""]] * len(vote.voters)
    for step in outcome.rounds:
        paid = dict.fromkeys(step.full, step.price * step.cost) | {g: money[g] for g in step.rest}
        assert sum(vote.voters[g] * one for g, one in paid.items()) == step.cost
        for g, one in paid.items():
            money[g] -= one
            assert money[g] >= 0


def test_ties_are_data():
    vote = election({"10": 5, "9": 5}, [["10"], ["9"]], 5)
    assert equal_shares(election({"10": 5, "9": 5}, [["10", "9"]], 5)).winners == ("10",)
    assert equal_shares(election({"10": 5, "9": 5}, [["10", "9"]], 5), ties=("number",)).winners == ("9",)
    assert equal_shares(vote).winners == ()


def test_a_free_project_is_kept_under_cardinality_and_dropped_under_cost_utility():
    vote = election({"free": 0, "a": 3}, [["free", "a"]], 3)
    assert equal_shares(vote, utility="cardinality").winners == ("free", "a")
    assert equal_shares(vote).winners == ("a",)
    assert equal_shares(vote).losers["free"].why == "support"


def test_borda_gives_the_last_place_nothing_so_its_voter_does_not_pay_for_it():
    projects = [Project("a", Fraction(2)), Project("b", Fraction(2))]
    vote = gather(projects, Ballots([1], [2], [0, 1]), Fraction(4), "ordinal")
    outcome = equal_shares(vote, utility="borda")
    assert outcome.winners == ("a",)
    assert outcome.losers["b"].why == "support"


def test_nobody_or_nothing_is_an_empty_outcome():
    assert equal_shares(election({"a": 1}, [], 5)).winners == ()
    assert equal_shares(election({}, [[]], 5)).winners == ()
    assert equal_shares(election({"a": 1}, [[]], 5)).losers["a"].why == "support"


def test_a_fractional_budget_stays_exact():
    cost = Fraction("0.1")
    vote = gather([Project("a", cost * 3)], Ballots([3], [1], [0]), cost * 3, "approval")
    assert equal_shares(vote).winners == ("a",)


def test_a_limit_of_a_category_passes_the_project_over_and_says_so():
    green = {"categories": ("green",)}
    projects = [Project("a", Fraction(4), **green), Project("b", Fraction(4), **green), Project("c", Fraction(4))]
    vote = gather(projects, Ballots([6, 5, 5], [1, 1, 1], [0, 1, 2]), Fraction(16), "approval")
    assert equal_shares(vote).winners == ("a", "b", "c")
    outcome = equal_shares(vote, limits=(Limit("category", "green", Fraction(5)),))
    assert outcome.winners == ("a", "c")
    assert (outcome.losers["b"].why, outcome.losers["b"].detail, outcome.losers["b"].short) == ("limit", "category=green", 3)
    assert equal_shares(vote, limits=(Limit("category", "green", Fraction(1), counts=True),)).winners == ("a", "c")


def test_funds_give_groups_of_voters_shares_of_their_own():
    projects = [Project("a", Fraction(10)), Project("b", Fraction(10))]
    vote = gather(projects, Ballots([2, 2], [1, 1], [0, 1], fund=["north", "south"]), Fraction(20), "approval")
    assert equal_shares(vote).winners == ("a", "b")
    outcome = equal_shares(vote, funds={"north": Fraction(4), "south": Fraction(6)})
    assert outcome.winners == ("b",)
    assert outcome.endowment == {"north": 4, "south": 6}
    with pytest.raises(ValueError, match="south"):
        equal_shares(vote, funds={"north": Fraction(4)})


def test_a_voter_of_weight_three_counts_as_three():
    projects = [Project("a", Fraction(3)), Project("b", Fraction(1))]
    weighted = gather(projects, Ballots([1, 1], [1, 1], [0, 1], weight=[3, 1]), Fraction(4), "approval")
    plain = gather(projects, Ballots([3, 1], [1, 1], [0, 1]), Fraction(4), "approval")
    assert equal_shares(weighted).winners == equal_shares(plain).winners == ("a", "b")


@pytest.mark.parametrize("wrong", [{"completion": "more"}, {"start": "half"}, {"stop": "never"}, {"utility": "joy"}, {"ties": ("luck",)}])
def test_an_unknown_word_is_an_error(wrong):
    with pytest.raises(ValueError, match=r"unknown"):
        equal_shares(election({"a": 1}, [["a"]], 1), **wrong)


def drawn(data: st.DataObject) -> tuple[dict[str, int], list[list[str]], int]:
    names = "abcdef"[: data.draw(st.integers(1, 6))]
    costs = {name: data.draw(st.integers(1, 20)) for name in names}
    ballots = data.draw(st.lists(st.lists(st.sampled_from(names), unique=True), min_size=1, max_size=8))
    return costs, ballots, data.draw(st.integers(1, 50))


def told(vote: Election, **choices: str) -> list[tuple[str, Fraction]]:
    return [(step.project, step.price) for step in equal_shares(vote, **choices).rounds]


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.data())
def test_the_order_of_voters_does_not_matter(data):
    costs, ballots, budget = drawn(data)
    assert told(election(costs, ballots, budget)) == told(election(costs, data.draw(st.permutations(ballots)), budget))


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.data())
def test_names_matter_only_through_the_order_of_ties(data):
    costs, ballots, budget = drawn(data)
    other = {name: chr(ord(name) + 7) for name in costs}  # the same order of names
    renamed = election({other[name]: cost for name, cost in costs.items()}, [[other[one] for one in ballot] for ballot in ballots], budget)
    assert told(renamed) == [(other[name], price) for name, price in told(election(costs, ballots, budget))]


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.data())
def test_money_in_won_or_in_thousands_of_won_buys_the_same(data):
    costs, ballots, budget = drawn(data)
    small = equal_shares(election(costs, ballots, budget))
    large = equal_shares(election({name: 1000 * cost for name, cost in costs.items()}, ballots, 1000 * budget))
    assert small.winners == large.winners


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.data())
def test_it_is_feasible_prices_never_fall_and_no_losers_supporters_could_still_pay(data):
    costs, ballots, budget = drawn(data)
    outcome = equal_shares(election(costs, ballots, budget))
    prices = [step.price for step in outcome.rounds]
    assert outcome.cost <= budget
    assert prices == sorted(prices)
    assert all(lost.had < lost.cost for lost in outcome.losers.values())
