"""Published marks counted again by the browser's modules: whatever the paper and however hostile the lines, as the house counts."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counting_again import NODE, CountingAgain
from madang.methods.ballots.paper import count, paper_of

pytestmark = pytest.mark.skipif(NODE is None, reason="there is no Node here to run the browser's modules")
PICKS = ["approval", "knapsack", "sheets", "choose-one"]
COUNTED = {
    "yes-no": ["yes-no"], "choose-one": ["plurality", "greedy", "equal-shares", "phragmen"], "scores": ["greedy", "equal-shares"],
    "approval": ["approval", "greedy", "equal-shares", "phragmen"], "knapsack": ["greedy", "equal-shares", "phragmen", "approval"],
    "sheets": ["approval", "greedy", "equal-shares", "phragmen"], "dots": ["greedy", "equal-shares"], "ranking": ["equal-shares"],
}
SCRAWL = ["", "1", "2 1", "1 1", "01", "1:1", "7", "1>2", "1:0 2:1", " 1", "1,2", "1:99999999999", "가", "1:2 3", "=1", '"', "3:1\n"]


@pytest.fixture(scope="module")
def node():
    with CountingAgain() as counting:
        yield counting


def published(votes) -> str:
    told = io.StringIO()
    rows = csv.writer(told)
    rows.writerow(["receipt", "voter_class", "marks"])
    rows.writerows((f"R{number}", group, marks) for number, (group, marks) in enumerate(votes))
    return told.getvalue()


@st.composite
def papers(draw):
    kind = draw(st.sampled_from(sorted(COUNTED)))
    size = draw(st.integers(1, 5))
    weights = draw(st.sampled_from([{}, {"시민": 50, "위원": 30, "b": 20}, {"시민": 1, "위원": 3}]))
    counting = draw(st.sampled_from([one for one in COUNTED[kind] if not (weights and one == "phragmen")]))
    sheets = [{"key": "dong", "title": "동", "least": 0, "most": 2, "pot": 12, "classes": ["시민", "b"]},
              {"key": "gu", "title": "구", "least": 0, "most": 1, "pot": 9, "classes": []}] if kind == "sheets" else []
    ties = draw(st.permutations(["votes", "cheaper", "lot", "order"]))[: draw(st.integers(1, 4))]
    rule = {
        "kind": kind, "counting": counting, "least": draw(st.integers(0, 1)), "most": draw(st.integers(1, 3)),
        "points": 5 if kind in ("scores", "dots") else 0, "weights": weights, "sheets": sheets, "ties": ties, "seed": "2026-11-23",
        "seats": draw(st.sampled_from([None, 1, 2])), "completion": draw(st.sampled_from(["", "none", "add1", "utilitarian"])),
        "utility": draw(st.sampled_from(["", "cardinality"])) if kind not in ("ranking", "scores", "dots") else "",
        "pot": draw(st.sampled_from([None, 0, 7, 15])),
        "bar": draw(st.sampled_from([{}, {"percent": 50, "of": "votes", "more": True}, {"percent": 30, "of": "ballots", "more": False}])),
        "quorum": draw(st.sampled_from([{}, {"percent": 50, "of": "roll", "base": 9}])),
    }
    options = [
        {"place": place, "title": f"{place}번", "cost": draw(st.sampled_from([1, 3, 4, 8])),
         "sheet": draw(st.sampled_from(["dong", "gu"])) if sheets else "", "where": "",
         "withdrawn": draw(st.sampled_from([False, False, False, True]))}
        for place in range(1, size + 1)
    ]
    marks = st.one_of(_marks(kind, size), st.sampled_from(SCRAWL))
    votes = draw(st.lists(st.tuples(st.sampled_from(["시민", "위원", "b", "nobody"]), marks), max_size=12))
    return {"rule": {key: value for key, value in rule.items() if value not in (None, "", {}, [])}, "options": options}, votes


def _marks(kind, size):
    places = st.lists(st.integers(1, size), unique=True, max_size=4)
    if kind == "ranking":
        return places.map(lambda some: ">".join(map(str, some)))
    if kind in ("yes-no", "scores", "dots"):
        top = 1 if kind == "yes-no" else 3
        pairs = st.dictionaries(st.integers(1, size), st.integers(0 if kind == "yes-no" else 1, top), max_size=4)
        return pairs.map(lambda some: " ".join(f"{place}:{value}" for place, value in sorted(some.items())))
    return places.map(lambda some: " ".join(map(str, sorted(some))))


@settings(max_examples=400, derandomize=True, deadline=None)
@given(vote=papers())
def test_any_paper_comes_out_the_same(node, vote):
    printed, votes = vote
    result = json.loads(json.dumps(count(paper_of(printed), votes)))
    answer = node.ask(marks=published(votes), paper=printed, published=result)
    assert answer.get("done", answer).get("same") is True, (answer, printed, votes, result)


PRINTED = {
    "rule": {"kind": "approval", "counting": "approval", "most": 2, "pot": 100, "weights": {"시민": 60, "위원": 40}},
    "options": [{"place": place, "title": "", "cost": 40, "sheet": "", "where": ""} for place in (1, 2, 3)],
}
VOTES = [("시민", "1 2"), ("시민", "1"), ("위원", "2 3"), ("위원", "1 2 3")]


def test_a_vote_less_a_void_one_mended_and_another_winner_are_each_said(node):
    result = count(paper_of(PRINTED), VOTES)
    for votes, told in (
        (VOTES[1:], result), ([*VOTES[:3], ("위원", "1 2")], result), (VOTES, {**result, "winners": [1, 3]}),
        (VOTES, {**result, "winners": list(reversed(result["winners"]))}),
        (VOTES, {**result, "rounds": [{**step, "score": "1/3"} for step in result["rounds"]]}),
    ):
        assert node.ask(marks=published(votes), paper=PRINTED, published=told)["done"]["same"] is False
    assert node.ask(marks=published(VOTES), paper=PRINTED, published=result)["done"]["same"] is True


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", 'class,marks\n"시민,1\n', "class,marks\n시민\n"])
def test_a_file_that_is_no_list_of_votes_is_refused_in_words(node, text):
    assert " / " in node.ask(marks=text, paper=PRINTED, published=count(paper_of(PRINTED), VOTES))["fault"]


def test_a_counting_this_page_does_not_know_is_said(node):
    printed = {**PRINTED, "rule": {"kind": "ranking", "counting": "schulze"}}
    result = count(paper_of(printed), [("", "1>2")])
    assert "schulze" in node.ask(marks=published([("", "1>2")]), paper=printed, published=result)["fault"]
