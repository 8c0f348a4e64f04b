"""What an outcome says to whom: exact JSON, measures, and words a loser can follow."""

import json
import runpy
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from madang.methods.budgeting import explain, measures, verify
from madang.methods.budgeting.election import Ballots, Project, election, gather
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.outcome import amount, digits, sheet
from madang.methods.budgeting.phragmen import phragmen


def village():
    return election({"road": 60, "wood": 50, "lamp": 40}, [["road", "wood"]] * 3 + [["road", "lamp"], ["lamp"]], 100)


def test_amounts_in_json_are_whole_or_exact_with_a_float_beside():
    page = json.loads(json.dumps(sheet(greedy(village(), by="votes/cost"))))
    assert page["winners"] == ["road", "lamp"]
    assert (page["cost"], page["budget"]) == (100, 100)
    assert (page["rounds"][0]["price"], page["rounds"][0]["price_approx"]) == ("1/15", 1 / 15)
    assert page["losers"]["wood"] == {"cost": 50, "why": "budget", "had": 40, "short": 10, "outbid": ["road"], "taken": [60]}


def test_numbers_of_any_length_are_printed():
    long = 7**30_000
    assert digits(-long).startswith("-")
    assert verify.number(digits(long)) == long
    assert amount(Fraction(1, 3)) == "1/3"


def test_effective_votes_are_the_cost_over_the_largest_payment():
    outcome = equal_shares(village())
    assert outcome.winners == ("road",)
    assert (outcome.rounds[0].most, outcome.rounds[0].effective_votes) == (15, 4)
    assert outcome.endowment == {"": 20}


def test_measures_count_people_not_groups():
    found = measures.measures(village(), ["road"])
    assert found["satisfaction"] == {"0": 1, "1": 4}
    assert (found["excluded"], found["exclusion_ratio"], found["mean_winners"], found["mean_cost"]) == (1, 0.2, 0.8, 48.0)
    assert found["gini_satisfaction"] == found["gini_power"] == 0.2


def test_gini_is_nothing_for_equals_and_nearly_one_for_one_rich():
    assert measures.gini(np.ones(3), np.array([1, 5, 2])) == 0
    assert measures.gini(np.array([0.0, 1.0]), np.array([999, 1])) == 0.999
    assert measures.gini(np.zeros(2), np.array([1, 1])) == 0


def test_money_by_category_and_district_is_exact():
    projects = [
        Project("a", Fraction(5, 2), categories=("green", "park"), extra={"district": "동"}),
        Project("b", Fraction(1), categories=("green",), extra={"district": "서"}),
    ]
    one = gather(projects, Ballots([2, 1], [2, 1], [0, 1, 1]), Fraction(3), "approval")
    by = measures.measures(one, ["a"])["by"]
    assert by["category"]["green"] == {"projects": 2, "winners": 1, "cost": "5/2", "votes": 5, "votes_share": 1.0}
    assert by["district"]["서"]["cost"] == 0


@pytest.mark.parametrize(("lang", "words"), [
    ("ko", ["투표자 5명", "예산 100 중 60", "지지자들에게 남은 돈이 15뿐이라 35 모자랐습니다", "먼저 쓰인 곳: [road] (45)"]),
    ("en", ["5 voters", "60 of 100", "its supporters had 15 left, 35 short of it", "went first: [road] (45)"]),
])
def test_a_loser_reads_what_it_lacked_and_who_outbid_it(lang, words):
    one = village()
    outcome = equal_shares(one)
    verdict = verify.judged(one, [one.position[name] for name in outcome.winners], "cost", outcome.cost)
    told = explain.explained(one, outcome, measures.measures(one, outcome.winners), verdict, lang)
    assert [word for word in words if word not in told] == []


def test_about_is_said_where_a_number_is_rounded():
    assert explain.money(Fraction(200_000, 3)) == "약 66,666.67"
    assert explain.money(Fraction(1, 3), english=True) == "about 0.33"
    assert explain.money(Fraction(1_234_567)) == "1,234,567"


def test_the_worked_example_of_the_page_is_what_the_rules_do():
    one = village()
    assert greedy(one).winners == phragmen(one).winners == ("road", "lamp")
    assert greedy(one).losers["wood"].short == 10
    assert [step.price for step in phragmen(one).rounds] == [15, Fraction(55, 2)]
    shares = equal_shares(one)
    assert {name: (lacked.had, lacked.short) for name, lacked in shares.losers.items()} == {"wood": (15, 35), "lamp": (25, 15)}
    verdict = verify.judged(one, [one.position["lamp"]], "cost", 40)["ejr_plus_up_to_any"]
    assert {witness["project"]: witness["voters"] for witness in verdict["violations"]} == {"road": 3, "wood": 3}


def test_the_notebook_runs_and_says_what_the_page_says(capsys):
    runpy.run_path(str(Path(__file__).resolve().parents[3] / "docs" / "methods" / "examples" / "budgeting.py"))
    said = capsys.readouterr().out
    assert "greedy 길 등" in said
    assert "equal-shares 길\n" in said
    assert "{'등': ('money', 25, 15), '숲': ('money', 15, 35)}" in said
    assert "True" in said
