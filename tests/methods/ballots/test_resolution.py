"""Hands in a room: quorum and majority as the ordinances say them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.methods.ballots import Bar, count

HALF = Bar("seats", Fraction(1, 2))
MOST = Bar("present", Fraction(1, 2))


def test_more_than_half_of_25_seats_is_13_and_of_24_is_13_too():
    assert HALF.least(25) == 13
    assert HALF.least(24) == 13


def test_at_least_two_thirds_of_25_is_17_and_of_24_is_16():
    bar = Bar("present", Fraction(2, 3), more=False)
    assert (bar.least(25), bar.least(24)) == (17, 16)


def test_twelve_of_25_have_no_quorum_however_united():
    result = count(seats=25, yes=12, no=0, abstain=0, quorum=HALF, majority=MOST)
    assert result.outcome == "no-quorum"
    assert (result.quorum.base, result.quorum.need, result.quorum.have) == (25, 13, 12)


def test_seven_of_thirteen_present_adopt_and_abstaining_counts_as_present():
    result = count(seats=25, yes=7, no=2, abstain=4, quorum=HALF, majority=MOST)
    assert result.outcome == "adopted"
    assert (result.majority.base, result.majority.need, result.majority.have) == (13, 7, 7)


def test_a_tie_is_rejected():
    assert count(seats=10, yes=3, no=3, abstain=0, quorum=HALF, majority=MOST).outcome == "rejected"


def test_a_seat_that_stands_aside_leaves_the_base_where_the_rule_says_so():
    votes = {"seats": 10, "aside": 2, "yes": 5, "no": 0, "abstain": 0, "quorum": HALF, "majority": MOST}
    assert count(**votes).outcome == "adopted"  # more than half of 8 is 5
    assert count(**votes, aside_leaves_base=False).outcome == "no-quorum"  # more than half of 10 is 6


def test_nobody_present_adopts_nothing_even_without_a_bar():
    none = Bar("seats", Fraction(0), more=False)
    assert count(seats=5, yes=0, no=0, abstain=0, quorum=none, majority=MOST).outcome == "no-quorum"


def test_more_votes_than_seats_is_an_error():
    with pytest.raises(ValueError, match="do not fit"):
        count(seats=2, yes=2, no=1, abstain=0, quorum=HALF, majority=MOST)


def test_an_unknown_base_is_an_error():
    with pytest.raises(ValueError, match="not 'chairs'"):
        Bar("chairs", Fraction(1, 2))


@given(st.integers(1, 300), st.data())
def test_whole_numbers_say_the_same_as_the_sentence_of_the_ordinance(seats, data):
    yes = data.draw(st.integers(0, seats))
    no = data.draw(st.integers(0, seats - yes))
    abstain = data.draw(st.integers(0, seats - yes - no))
    result = count(seats=seats, yes=yes, no=no, abstain=abstain, quorum=HALF, majority=MOST)
    present = yes + no + abstain
    quorate, carried = 2 * present > seats, 2 * yes > present
    assert result.outcome == ("no-quorum" if not quorate else "adopted" if carried else "rejected")
