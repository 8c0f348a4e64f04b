"""The browser's recount: the same winners at the same exact prices as the house's own count, and a no where they differ.

Run in Node with the modules the page uses; the page itself is driven in `test_recount_page.py`.
"""

import copy
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counting_again import NODE, CountingAgain
from madang.methods.budgeting import pabulib, pabulib_write
from madang.methods.budgeting.election import election as made
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.outcome import sheet
from madang.methods.budgeting.pabulib_rows import FormatError
from madang.methods.budgeting.phragmen import phragmen

CITIES = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data" / "pb"
pytestmark = pytest.mark.skipif(NODE is None, reason="there is no Node here to run the browser's modules")
RULES = {
    "greedy by votes": lambda election: greedy(election, by="votes"),
    "greedy by votes/cost, ending at the first that does not fit": lambda election: greedy(election, by="votes/cost", skip=False),
    "phragmen": phragmen,
    "phragmen, exhaustive": lambda election: phragmen(election, stop="exhaustive", ties=("votes", "-cost")),
    "equal shares": lambda election: equal_shares(election, utility=election.default_utility),
    "equal shares, cardinality, floor": lambda election: equal_shares(election, utility="cardinality", start="floor"),
    "add1": lambda election: equal_shares(election, completion="add1"),
    "add1 until infeasible, then the rest by votes": lambda election: equal_shares(
        election, completion="add1u", stop="infeasible", utility="cardinality", ties=("number",)
    ),
    "the rest by votes": lambda election: equal_shares(election, completion="utilitarian", ties=("cost", "lot:가을하늘")),
}
SMALL = (
    "Poland_Czestochowa_2020_Grabowka", "Netherlands_Amsterdam_643", "Switzerland_Zurich_S5D10",
    "Worldwide_Mechanical_Turk_Ranking_value_money_8", "Poland_Gdynia_2020_Srodmiescie__small", "Poland_Wroclaw_2016_Rejon_nr_12_250",
    "Poland_Wieliczka_2023_Green_Budget", "France_Toulouse_2024", "Poland_Krakow_2019_Bronowice",
)


@pytest.fixture(scope="module")
def node():
    with CountingAgain() as counting:
        yield counting


def text_of(election) -> str:
    return pabulib_write.text(pabulib_write.of(election))


def city(name: str) -> Path:
    path = CITIES / f"{name}.pb"
    if not path.exists():
        pytest.skip(f"{path} is not here (MADANG_SHARED)")
    return path


@pytest.mark.parametrize("name", SMALL)
def test_a_citys_vote_comes_out_the_same_by_every_rule(node, name):
    path = city(name)
    election = pabulib.read(path)
    for rule, count in RULES.items():
        answer = node.ask(path=str(path), published=sheet(count(election)))
        assert answer.get("done", answer).get("same") is True, (rule, answer)


def test_ninety_thousand_ballots_come_out_the_same(node):
    path = city("Poland_Lodz_2022")
    answer = node.ask(path=str(path), published=sheet(equal_shares(pabulib.read(path))))
    assert answer["done"]["same"] is True


@st.composite
def elections(draw):
    names = ["1", "2", "10", "가", "b,".strip(","), "ㄱ-7"][: draw(st.integers(1, 6))]
    costs = {name: draw(st.sampled_from([0, 1, 3, 5, 7, 12])) for name in names}
    kind = draw(st.sampled_from(["approval", "cumulative", "ordinal"]))
    picks = st.lists(st.sampled_from(names), unique=True, max_size=5)
    if kind == "cumulative":
        ballots = draw(st.lists(st.dictionaries(st.sampled_from(names), st.integers(1, 4), min_size=1), min_size=1, max_size=9))
    else:
        ballots = draw(st.lists(picks, min_size=1, max_size=9))
    return made(costs, ballots, draw(st.integers(1, 40)), kind)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(vote=elections())
def test_a_vote_made_up_comes_out_the_same_by_every_rule(node, vote):
    text = text_of(vote)
    for rule, count in RULES.items():
        answer = node.ask(text=text, published=sheet(count(vote)))
        assert answer.get("done", answer).get("same") is True, (rule, answer, text)


VOTE = made({"lamps": 300, "bench": 500, "garden": 400}, [["lamps", "bench"]] * 2 + [["lamps", "garden"], ["bench"], ["garden"]], 1000)


def test_another_winner_another_order_another_price_and_another_sum_are_each_said(node):
    published = sheet(equal_shares(VOTE))
    assert published["winners"] == ["bench", "garden"]
    changed = []
    for key, value in (
        ("winners", ["bench", "lamps"]), ("winners", ["garden", "bench"]), ("winners", ["bench"]),
        ("winners", ["bench", "garden", "lamps"]), ("cost", 901),
    ):
        changed.append({**published, key: value})
    priced = copy.deepcopy(published)
    priced["rounds"][1]["price"] = "1/3"
    for other in (*changed, priced):
        answer = node.ask(text=text_of(VOTE), published=other)["done"]
        assert answer["same"] is False
        assert [line for line in answer["lines"] if not line["ok"]]
    assert "2번째가 다릅니다: 다시 센 결과 garden, 공표된 결과 lamps." in [
        line["ko"] for line in node.ask(text=text_of(VOTE), published=changed[0])["done"]["lines"]
    ]


def test_a_rule_it_cannot_count_is_said_and_never_guessed(node):
    published = sheet(equal_shares(VOTE))
    assert "bos" in node.ask(text=text_of(VOTE), published={**published, "rule": "bos"})["fault"]
    strange = {**published, "variant": {**published["variant"], "completion": "add7"}}
    assert "add7" in node.ask(text=text_of(VOTE), published=strange)["fault"]
    tied = {**published, "variant": {**published["variant"], "ties": "mood"}}
    assert "mood" in node.ask(text=text_of(VOTE), published=tied)["fault"]


def test_a_long_walk_of_add1_is_checked_at_its_end_and_says_so(node):
    vote = made({"a": 1_000_000, "b": 400_000, "c": 700_000}, [["a"], ["b", "c"]], 1_500_000)
    published = sheet(equal_shares(vote, completion="add1"))
    assert int(published["variant"]["steps"]) > 3000
    answer = node.ask(text=text_of(vote), published=published)["done"]
    assert answer["same"] is True
    assert "마지막 걸음만 다시 세었습니다" in answer["lines"][-1]["ko"]
    sooner = {**published, "variant": {**published["variant"], "steps": str(int(published["variant"]["steps"]) - 1)}}
    assert node.ask(text=text_of(vote), published=sooner)["done"]["same"] is False


HEAD = "META\nkey;value\nbudget;10\nvote_type;approval\nPROJECTS\nproject_id;cost\na;5\nb;6\nVOTES\nvoter_id;vote\n"
BROKEN = {
    "empty": "", "not a vote": "hello\n", "cut off": "META\nkey;value\nbudget;10\n", "no projects": "META\nkey;value\nVOTES\n",
    "a key twice": HEAD.replace("budget;10", "budget;10\nbudget;11"), "no budget": HEAD.replace("budget;10\n", ""),
    "a kind nobody knows": HEAD.replace("approval", "telepathy"), "a cost in words": HEAD.replace("a;5", "a;five"),
    "a cost with an exponent": HEAD.replace("a;5", "a;1e9"), "a cost below 0": HEAD.replace("a;5", "a;-5"),
    "a project twice": HEAD.replace("b;6", "a;6"), "an empty id": HEAD.replace("b;6", ";6"), "too few cells": HEAD.replace("b;6", "b"),
    "a column twice": HEAD.replace("project_id;cost", "project_id;cost;cost").replace("a;5", "a;5;5").replace("b;6", "b;6;6"),
    "an unknown project": HEAD + "1;c\n", "a voter twice": HEAD + "1;a\n1;b\n", "an open quote": HEAD + '1;"a\n', "a nul": HEAD + "1;a\0\n",
    "too many cells": HEAD + "1;a;b\n", "a section again": HEAD + "VOTES\n", "an empty pick": HEAD + "1;a,,b\n",
    "more votes promised": HEAD.replace("budget;10", "budget;10\nnum_votes;7") + "1;a\n",
    "more projects promised": HEAD.replace("budget;10", "budget;10\nnum_projects;7") + "1;a\n",
    "two picks of one": HEAD.replace("approval", "choose-1") + "1;a,b\n", "no points": HEAD.replace("approval", "cumulative") + "1;a\n",
    "points below 0": HEAD.replace("approval", "cumulative").replace("vote\n", "vote;points\n") + "1;a;-1\n",
    "points short": HEAD.replace("approval", "cumulative").replace("vote\n", "vote;points\n") + "1;a,b;1\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_on_the_line_where_the_house_refuses_it(node, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.pb"
        path.write_text(BROKEN[name], "utf-8")
        with pytest.raises(FormatError) as refused:
            pabulib.read(path)
    answer = node.ask(text=BROKEN[name], published=sheet(equal_shares(VOTE)))
    assert (answer["code"], answer["line"]) == (refused.value.code, refused.value.line)


def test_quotes_marks_and_line_ends_of_every_kind_are_read_as_the_house_reads_them(node):
    text = "\ufeff" + HEAD.replace("a;5", '"a";5').replace("b;6", '"b"" ""x";6') + '1;"a"\n2;"b"" ""x,a"\n\n3;\n'
    for ends in ("\n", "\r\n", "\r"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.pb"
            path.write_bytes(text.replace("\n", ends).encode())
            published = sheet(greedy(pabulib.read(path), by="votes"))
        assert node.ask(text=text.replace("\n", ends), published=published)["done"]["same"] is True
