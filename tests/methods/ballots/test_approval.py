"""Marks on a ballot: weights, ties, the pot, and the proof."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.methods.ballots import Choice, Rule, decide, proves, shares

LAMPS, BENCH, GARDEN = Choice("lamps", 300), Choice("bench", 500), Choice("garden", 400)
CITY = Rule({"citizens": 50, "committee": 50}, picks_max=2, pot=1000)


def test_the_example_of_the_manual_comes_out_as_by_hand():
    votes = [("citizens", ["lamps"]), ("citizens", ["lamps", "bench"]), ("citizens", ["bench"]),
             ("citizens", ["lamps"]), ("committee", ["garden", "bench"]), ("committee", ["garden"])]
    tally = shares([LAMPS, BENCH, GARDEN], votes, CITY)
    assert tally.scores == {"lamps": Fraction(3, 8), "bench": Fraction(1, 2), "garden": Fraction(1, 2)}
    rounds = decide([LAMPS, BENCH, GARDEN], tally, CITY)
    # bench and garden tie on score; bench has 3 votes, garden 2
    assert [(r.key, r.left_before, r.chosen, r.lacked, r.short) for r in rounds] == [
        ("bench", 1000, True, "", 0), ("garden", 500, True, "", 0), ("lamps", 100, False, "money", 200)]
    assert proves([LAMPS, BENCH, GARDEN], votes, CITY, rounds) == ""


def test_a_class_nobody_voted_in_gives_its_weight_to_those_who_did():
    tally = shares([LAMPS], [("citizens", ["lamps"])], CITY)
    assert tally.scores["lamps"] == 1


def test_a_cheaper_one_may_pass_where_a_dearer_did_not_fit_unless_the_rule_stops():
    votes = [("citizens", ["bench", "garden"]), ("citizens", ["bench", "garden"]), ("citizens", ["bench", "lamps"])]
    rule = replace(CITY, pot=850)
    rounds = decide([LAMPS, BENCH, GARDEN], shares([LAMPS, BENCH, GARDEN], votes, rule), rule)
    assert [(r.key, r.lacked, r.short) for r in rounds] == [("bench", "", 0), ("garden", "money", 50), ("lamps", "", 0)]
    strict = replace(rule, stops=True)
    rounds = decide([LAMPS, BENCH, GARDEN], shares([LAMPS, BENCH, GARDEN], votes, strict), strict)
    assert [r.lacked for r in rounds] == ["", "money", "stopped"]


def test_what_nobody_picked_is_not_chosen_even_with_money_left():
    rounds = decide([LAMPS], shares([LAMPS], [("citizens", [])], CITY), CITY)
    assert [(r.chosen, r.lacked) for r in rounds] == [(False, "score")]


def test_a_tie_falls_to_the_lot_that_anyone_can_draw_again():
    rule = Rule({"all": 1}, picks_max=2, most=1, ties=("lot",), seed="2026-09-01 로또 3 11 15")
    votes = [("all", ["lamps", "bench"])]
    first = decide([LAMPS, BENCH], shares([LAMPS, BENCH], votes, rule), rule)
    again = decide([BENCH, LAMPS], shares([BENCH, LAMPS], votes, rule), rule)
    assert [r.key for r in first] == [r.key for r in again]
    assert [r.lacked for r in first] == ["", "places"]


@pytest.mark.parametrize(
    ("vote", "says"),
    [(("citizens", ["lamps", "bench", "garden"]), "3 picks"), (("citizens", ["lamps", "lamps"]), "picked twice"),
     (("citizens", ["moon"]), "not on the ballot"), (("ghosts", ["lamps"]), "unknown class")],
)
def test_a_ballot_that_breaks_the_rule_is_an_error(vote, says):
    with pytest.raises(ValueError, match=says):
        shares([LAMPS, BENCH, GARDEN], [vote], CITY)


def test_exactly_n_means_not_fewer():
    with pytest.raises(ValueError, match="exactly 2"):
        shares([LAMPS, BENCH, GARDEN], [("citizens", ["lamps"])], replace(CITY, picks_exact=True))


def test_a_lot_without_a_seed_is_an_error():
    with pytest.raises(ValueError, match="public seed"):
        Rule({"all": 1}, picks_max=1, ties=("lot",))


def test_the_proof_finds_a_swapped_winner():
    votes = [("citizens", ["lamps"]), ("citizens", ["lamps"]), ("citizens", ["bench"])]
    rule = replace(CITY, most=1)
    rounds = decide([LAMPS, BENCH], shares([LAMPS, BENCH], votes, rule), rule)
    forged = [replace(rounds[0], chosen=False), replace(rounds[1], chosen=True)]
    assert "chosen against the rule" in proves([LAMPS, BENCH], votes, rule, forged)
    upside_down = [replace(rounds[1], chosen=True), replace(rounds[0], chosen=False)]
    assert "below a lower score" in proves([LAMPS, BENCH], votes, rule, upside_down)
    assert "not every choice" in proves([LAMPS, BENCH], votes, rule, rounds[:1])
    inflated = [replace(rounds[0], votes=9), rounds[1]]
    assert "is not what the ballots give" in proves([LAMPS, BENCH], votes, rule, inflated)


CHOICES = st.lists(st.integers(0, 60), min_size=1, max_size=6).map(
    lambda costs: [Choice(f"c{number}", cost) for number, cost in enumerate(costs)]
)


@given(CHOICES, st.data())
def test_any_result_is_proved_by_the_other_way_and_never_overspends(choices, data):
    keys = [c.key for c in choices]
    ballot = st.tuples(st.sampled_from(["a", "b"]), st.lists(st.sampled_from(keys), unique=True, max_size=3))
    votes = data.draw(st.lists(ballot, max_size=12))
    rule = Rule({"a": 60, "b": 40}, picks_max=3, pot=data.draw(st.integers(0, 120)),
                most=data.draw(st.none() | st.integers(0, 4)), stops=data.draw(st.booleans()))
    rounds = decide(choices, shares(choices, votes, rule), rule)
    assert proves(choices, votes, rule, rounds) == ""
    assert sum(r.cost for r in rounds if r.chosen) <= rule.pot
    assert all(bool(r.lacked) != r.chosen for r in rounds)
