"""An election by hand: groups, counts, utilities, ties and limits."""

from fractions import Fraction

import numpy as np
import pytest

from madang.methods.budgeting.election import Project, election, gather, sums
from madang.methods.budgeting.greedy import support
from madang.methods.budgeting.limits import Limit, caps, parsed
from madang.methods.budgeting.ties import parsed as ties_parsed
from madang.methods.budgeting.ties import ranks


def test_projects_stand_by_id_as_text_and_ballots_in_one_order():
    one = election({"9": 1, "10": 2}, [["9"], ["9", "10"], ["10", "9"]], 3)
    assert one.ids == ("10", "9")
    assert (one.picks.tolist(), one.starts.tolist(), one.voters.tolist()) == ([0, 1, 1], [0, 2, 3], [2, 1])
    assert one.counts == (2, 3)


def test_borda_gives_the_last_of_a_ballot_nothing_and_scores_count_it():
    one = election({"a": 1, "b": 1, "c": 1}, [["c", "a", "b"], ["b"]], 3, "ordinal")
    assert one.utilities("borda")[0].tolist() == [1, 0, 2, 0]
    assert one.utilities("scores")[0].tolist() == [2, 1, 3, 3]


def test_two_rankings_of_the_same_projects_are_two_groups():
    assert election({"a": 1, "b": 1}, [["a", "b"], ["b", "a"]], 3, "ordinal").voters.tolist() == [1, 1]


def test_utilities_larger_than_64_bits_stay_exact():
    one = election({"a": 10**25 + 1}, [["a"]], 10**26)
    assert one.utilities("cost")[0].tolist() == [10**25 + 1]
    assert sums(np.array([0, 0]), np.array([2**62, 2**62]), 1) == [2**63]


@pytest.mark.parametrize(("costs", "ballots", "budget", "kind", "words"), [
    ({"a": -1}, [], 1, "approval", "below 0"), ({"a": 1}, [["a", "a"]], 1, "approval", "twice"),
    ({"a": 1}, [["b"]], 1, "approval", "not on the list"), ({"a": 1}, [], -1, "approval", "below 0"),
    ({"a": 1}, [], 1, "guess", "vote type"), ({"a": 1}, [{"a": -1}], 1, "scoring", "below 0"),
])
def test_what_is_no_election_is_refused(costs, ballots, budget, kind, words):
    with pytest.raises(ValueError, match=words):
        election(costs, ballots, budget, kind)


def test_a_project_listed_twice_is_refused():
    twice = [Project("a", Fraction(1)), Project("a", Fraction(2))]
    with pytest.raises(ValueError, match="listed twice"):
        gather(twice, _none(), Fraction(1), "approval")


def _none():
    from madang.methods.budgeting.election import Ballots

    return Ballots([], [], [])


def test_ties_are_said_beforehand_and_all_different():
    one = election({"9": 2, "10": 2, "8": 1}, [["9"], ["9"]], 3)
    assert one.ids == ("10", "8", "9")
    assert ranks(one) == (0, 1, 2)
    assert ranks(one, ("number",)) == (2, 0, 1)
    assert ranks(one, ("-cost", "-votes")) == (1, 2, 0)
    assert ranks(one, ("lot:2026-11-23",)) == ranks(one, ("lot:2026-11-23", "-id"))
    assert sorted(ranks(one, ("lot:x",))) == [0, 1, 2]


@pytest.mark.parametrize("text", ["luck", "lot:", "id,size"])
def test_an_unknown_rule_of_ties_is_refused(text):
    with pytest.raises(ValueError, match=r"ties|seed"):
        ties_parsed(text)


def test_limits_name_money_or_numbers_and_somebody_must_carry_them():
    projects = [Project("a", Fraction(3), categories=("green", "park")), Project("b", Fraction(4), extra={"district": "north"})]
    one = gather(projects, _none(), Fraction(9), "approval")
    found = caps(one, (parsed("category=green:10"), parsed("district=north:#1")))
    assert [(cap.room, dict(cap.use)) for cap in found] == [(10, {0: 3}), (1, {1: 1})]
    with pytest.raises(ValueError, match="no project has"):
        caps(one, (Limit("category", "blue", Fraction(1)),))
    for text in ("category=green", "green:5", "category=green:-1", "category=green:1/0", "category=green:1e999999999"):
        with pytest.raises(ValueError, match=r"limit|amount"):
            parsed(text)


def test_points_too_large_to_be_counted_are_refused_and_large_ones_add_up_exactly():
    with pytest.raises(ValueError, match="too large"):
        election({"a": 1}, [{"a": 2**53}], 1, "scoring")
    one = election({"a": 1}, [{"a": 2**53 - 1}] * 3000, 1, "scoring")
    assert support(one, "scores") == (3000 * (2**53 - 1),)
