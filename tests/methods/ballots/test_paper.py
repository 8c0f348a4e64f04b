"""A ballot paper as data: what may be marked on each kind, and what comes of it, for the web, paper and the box alike."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.ballots.kinds import kinds
from madang.methods.ballots.marks import Void
from madang.methods.ballots.paper import count, paper_of, read, write

COSTS = (300, 500, 400)


def paper(kind, counting, costs=COSTS, **rule):
    lines = [{"place": at, "cost": cost} for at, cost in enumerate(costs, 1)]
    return paper_of({"rule": {"kind": kind, "counting": counting, **rule}, "options": lines})


def void(on, text, group="all"):
    with pytest.raises(Void) as caught:
        read(on, group, text)
    return caught.value.code, caught.value.detail


def test_every_kind_of_the_house_is_found_by_its_name():
    assert list(kinds()) == ["approval", "choose-one", "dots", "knapsack", "ranking", "scores", "sheets", "yes-no"]


@pytest.mark.parametrize(
    ("kind", "counting", "rule", "good", "marked"),
    [
        ("yes-no", "yes-no", {}, "1:1 3:0", [(3, 0), (1, 1)]),
        ("choose-one", "plurality", {}, "2", [(2, 1)]),
        ("approval", "approval", {"most": 2}, "1 3", [(3, 1), (1, 1)]),
        ("ranking", "schulze", {}, "3>1", [(1, 2), (3, 1)]),
        ("scores", "score", {"points": 5}, "1:5 3:2", [(3, 2), (1, 5), (2, 0)]),
        ("dots", "cumulative", {"points": 7}, "1:5 3:2", [(3, 2), (1, 5)]),
        ("knapsack", "greedy", {"pot": 700}, "1 3", [(3, 1), (1, 1)]),
    ],
)
def test_what_a_screen_sends_has_one_written_form_that_reads_back(kind, counting, rule, good, marked):
    on = paper(kind, counting, **rule)
    assert write(on, marked) == good
    assert write(on, read(on, "all", good)) == good


@pytest.mark.parametrize(
    "text", ["1  2", " 1", "1 ", "01", "2 1", "+1", "1,2", "１", "1.0", "-1", "a", "1:1", "1>2", "1\n2", "0x1", "9" * 30]
)
def test_any_other_writing_is_void_and_never_mended(text):
    assert void(paper("approval", "approval", most=2), text)[0] in ("form", "not-on-paper")


def test_each_kind_says_what_is_wrong_with_a_vote():
    assert void(paper("approval", "approval", least=1, most=2), "1 2 3") == ("too-many", {"most": 2, "now": 3})
    assert void(paper("approval", "approval", least=1), "") == ("too-few", {"least": 1, "now": 0})
    assert void(paper("approval", "approval"), "1 1") == ("twice", {})
    assert void(paper("approval", "approval"), "4") == ("not-on-paper", {"place": 4})
    assert void(paper("approval", "approval"), "0") == ("not-on-paper", {"place": 0})
    assert void(paper("choose-one", "plurality"), "1 2") == ("too-many", {"most": 1, "now": 2})
    assert void(paper("yes-no", "yes-no"), "1:2") == ("out-of-range", {"low": 0, "high": 1})
    assert void(paper("ranking", "irv"), "1>2>1") == ("twice", {})
    assert void(paper("scores", "score", points=5), "1:6") == ("out-of-range", {"low": 1, "high": 5})
    assert void(paper("scores", "score", points=5), "1:0") == ("out-of-range", {"low": 1, "high": 5})
    assert void(paper("dots", "cumulative", points=5), "1:3 2:3") == ("too-many-points", {"most": 5, "now": 6})
    assert void(paper("dots", "cumulative", points=5, most=2), "1:3") == ("out-of-range", {"low": 1, "high": 2})
    assert void(paper("knapsack", "greedy", pot=700), "1 2") == ("too-much-money", {"pot": 700, "now": 800})
    assert void(paper("approval", "greedy", weights={"citizens": 100}), "1", "strangers") == ("unknown-class", {"group": "strangers"})
    with pytest.raises(Void, match="same-rank"):
        write(paper("ranking", "irv"), [(1, 1), (2, 1)])




def sitting(counting="greedy"):
    """One sheet for 시흥4동, one for the whole gu, in one sitting."""
    rows = [
        {"key": "d", "title": "시흥4동", "most": 1, "pot": 400, "classes": ["siheung4"]},
        {"key": "g", "title": "금천구", "least": 1, "most": 2, "pot": 500},
    ]
    lines = [{"place": 1, "cost": 300, "sheet": "d"}, {"place": 2, "cost": 500, "sheet": "g"}, {"place": 3, "cost": 400, "sheet": "g"}]
    return paper_of({"rule": {"kind": "sheets", "counting": counting, "sheets": rows}, "options": lines})


def test_one_marks_the_sheet_of_ones_own_dong_and_not_the_next_ones():
    assert read(sitting(), "siheung4", "1 2") == ((1, 1), (2, 1))
    assert void(sitting(), "1 2", "doksan1") == ("other-sheet", {"place": 1})
    assert void(sitting(), "1", "siheung4") == ("too-few", {"least": 1, "now": 0})


@pytest.mark.parametrize("counting", ["greedy", "equal-shares", "phragmen"])
def test_each_sheet_spends_its_own_pot_by_its_own_voters(counting):
    result = count(sitting(counting), [("siheung4", "1 2"), ("doksan1", "3"), ("doksan1", "3"), ("doksan1", "1 3")])
    assert (result["turnout"], result["valid"], result["void"]) == (4, 3, {"other-sheet": 1})
    assert result["winners"] == [1, 3]
    assert result["sheets"]["g"]["spent"] == 400


def test_classes_weigh_their_share_and_the_pot_is_spent_from_the_top():
    on = paper("approval", "greedy", most=2, pot=800, weights={"citizens": 60, "council": 40})
    result = count(on, [("citizens", "1 2"), ("citizens", "2"), ("council", "3"), ("council", "1 2 3"), ("strangers", "1")])
    # citizens: 의자 2/2, 가로등 1/2 · council: 텃밭 1/1 → 의자 3/5, 텃밭 2/5, 가로등 3/10
    rows = [(r["place"], r["score"], r["left"], r["chosen"], r["lacked"], r["short"]) for r in result["rounds"]]
    assert rows == [(2, "3/5", 800, True, "", "0"), (3, "2/5", 300, False, "money", "100"), (1, "3/10", 300, True, "", "0")]
    assert result["void"] == {"too-many": 1, "unknown-class": 1}


def test_equal_shares_give_each_class_its_part_of_the_pot():
    on = paper("approval", "equal-shares", pot=900, completion="none", weights={"youth": 50, "citizens": 50})
    votes = [("youth", "1")] + [("citizens", "2 3")] * 9
    # youth hold 450 and buy 가로등 (300); citizens hold 450 and buy 텃밭 (400), 의자 (500) is more than they have
    result = count(on, votes)
    assert result["winners"] == [3, 1] and result["endowment"] == {"citizens": 50, "youth": 450}
    lost = result["rounds"][-1]
    assert (lost["place"], lost["lacked"], lost["outbid"]) == (2, "money", [3])
    assert {"price-system", "start"} & set(result["checked"]) or len(result["checked"]) >= 3


def test_yes_and_no_are_weighed_against_the_bar_and_nothing_passes_below_the_quorum():
    on = paper("yes-no", "yes-no", quorum={"percent": 50, "base": 6, "of": "residents"})
    votes = [("all", "1:1 2:0"), ("all", "1:1 2:1"), ("all", "1:0 3:1")]
    result = count(on, votes)
    assert [(r["place"], r["yes"], r["no"], r["abstain"], r["score"], r["chosen"]) for r in result["rounds"]] == [
        (1, 2, 1, 0, "2/3", True), (2, 1, 1, 1, "1/2", False), (3, 1, 0, 2, "1", True),
    ]
    assert result["quorum"] == {"percent": 50, "base": 6, "of": "residents", "need": 3, "have": 3, "reached": True}
    few = count(on, votes[:2])
    assert (few["decided"], few["winners"], {r["lacked"] for r in few["rounds"]}) == (False, [], {"quorum"})


def test_a_ranking_is_counted_and_the_loser_knows_against_whom():
    result = count(paper("ranking", "schulze"), [("all", "1>2"), ("all", "2>1>3"), ("all", "3>2")])
    assert (result["winners"], result["state"]) == ([2], "elected")
    assert result["rounds"][1] | {"place": 1, "against": 2, "have": "0", "need": "2"} == result["rounds"][1]


def test_a_result_is_plain_json_that_the_record_can_keep_apart_from_the_approximations():
    for kind, counting in (("approval", "greedy"), ("ranking", "irv"), ("yes-no", "yes-no"), ("approval", "phragmen")):
        result = count(paper(kind, counting, pot=800), [("all", ""), ("all", "")])
        assert json.loads(json.dumps(result))["winners"] == []


def test_a_paper_that_cannot_be_counted_is_refused_in_words():
    with pytest.raises(ValueError, match="no such ballot"):
        paper("approval", "schulze")
    with pytest.raises(ValueError, match="do not run from 1"):
        paper_of({"rule": {"kind": "approval", "counting": "approval"}, "options": [{"place": 2}]})
    with pytest.raises(ValueError, match="sheet"):
        paper_of({"rule": {"kind": "sheets", "counting": "greedy"}, "options": [{"place": 1, "sheet": "x"}]})


MARKED = st.sets(st.integers(1, 3)).map(lambda places: " ".join(map(str, sorted(places))))
VOTES = st.lists(st.tuples(st.sampled_from(["a", "b"]), MARKED), max_size=12)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(votes=VOTES, counting=st.sampled_from(["approval", "greedy", "equal-shares", "phragmen"]), data=st.data())
def test_the_order_of_votes_and_the_pile_they_lie_in_change_nothing(votes, counting, data):
    on = paper("approval", counting, pot=800)
    shuffled = data.draw(st.permutations(votes))
    assert count(on, votes) == count(on, shuffled)


@settings(max_examples=30, derandomize=True, deadline=None)
@given(votes=VOTES, counting=st.sampled_from(["greedy", "equal-shares", "phragmen"]))
def test_no_more_than_the_pot_is_ever_spent(votes, counting):
    result = count(paper("approval", counting, pot=800), votes)
    assert sum(COSTS[place - 1] for place in result["winners"]) <= 800
