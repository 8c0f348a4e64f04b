"""The same ballots under each rule: what is told is what each rule, counted alone, comes to."""

import json
import os
from fractions import Fraction
from pathlib import Path

import pytest

from madang.methods.budgeting.compare import NAMES, compared, counted, main, preview, table
from madang.methods.budgeting.election import election
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.pabulib import read

CITIES = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "pb"
# 100 won; six want the road (100) and the wood, four want the lamp (40): most votes first gives the six everything
TOWN = election({"road": 100, "wood": 60, "lamp": 40}, [["road", "wood"]] * 6 + [["lamp"]] * 4, 100)
HEAD = "META\nkey;value\nbudget;100\nvote_type;approval\nPROJECTS\nproject_id;cost\nroad;100\nlamp;40\nVOTES\nvoter_id;vote\n"


def rule(report, name):
    return next(one for one in report["rules"] if one["rule"] == name)


def test_the_six_take_it_all_by_votes_and_each_side_its_share_by_equal_shares():
    report = preview(TOWN)
    assert [one["rule"] for one in report["rules"]] == list(NAMES)
    most, equal = rule(report, "greedy"), rule(report, "equal-shares")
    assert (most["winners"], most["cost"], most["left"], most["excluded"]) == (["road"], 100, 0, 4)
    assert (equal["winners"], equal["cost"], equal["left"], equal["excluded"]) == (["wood", "lamp"], 100, 0, 0)
    assert equal["voters"] == {"more": 4, "less": 6, "same": 0}  # 40 for 0; 60 for 100
    assert most["voters"] == {"more": 0, "less": 0, "same": 10}
    assert most["short_changed"] == ["lamp"] and equal["short_changed"] == []
    assert most["gini_power"] == 0.4 and equal["gini_power"] == 0.0


def test_a_project_says_by_which_rules_it_wins():
    report = compared(TOWN, {"greedy": ["road"], "equal-shares": ["wood", "lamp"], "third": ["road", "lamp"]})
    assert {name: one["wins_by"] for name, one in report["projects"].items()} == {
        "road": ["greedy", "third"], "wood": ["equal-shares"], "lamp": ["equal-shares", "third"],
    }
    assert (report["always"], report["sometimes"], report["never"]) == ([], ["lamp", "road", "wood"], [])


def test_each_rule_is_counted_with_the_ties_and_the_funds_asked_for():
    even = election({"a": 60, "b": 60}, [["a"], ["b"]], 60)
    assert counted(even, ties=("-id",))["greedy"].winners == ("b",)
    assert counted(even, rules=["phragmen"])["phragmen"].winners == ("a",)
    rich = counted(even, funds={"": Fraction(60)}, rules=["equal-shares"])["equal-shares"]
    assert rich.winners == equal_shares(even, funds={"": Fraction(60)}).winners == ("a", "b")


def test_half_a_won_is_never_rounded_away():
    fine = election({"a": Fraction(1, 2), "b": Fraction(1, 3)}, [["a"], ["b"]], 1)
    report = compared(fine, {"one": ["a"], "other": ["b"]})
    assert rule(report, "one")["cost"] == "1/2"
    assert rule(report, "other")["voters"] == {"more": 1, "less": 1, "same": 0}


def test_nobody_voted_and_nothing_is_on_the_list_are_told_too():
    assert rule(preview(election({"a": 1}, [], 5)), "equal-shares")["winners"] == []
    assert preview(election({}, [[]], 5))["never"] == []


@pytest.mark.parametrize("winners", [{}, {"greedy": ["nowhere"]}])
def test_nothing_to_compare_is_refused(winners):
    with pytest.raises(ValueError, match=r"견줄 규칙|없는 사업"):
        compared(TOWN, winners)
    with pytest.raises(ValueError, match="telepathy"):
        counted(TOWN, rules=["telepathy"])


def test_lodz_by_votes_leaves_two_in_five_with_nothing_and_equal_shares_one_in_five():
    path = CITIES / "Poland_Lodz_2022.pb"
    if not path.exists():
        pytest.skip(f"{path} is not here (MADANG_SHARED)")
    vote = read(path)
    report = preview(vote)
    assert rule(report, "greedy")["winners"] == list(greedy(vote, by="votes").winners)
    assert rule(report, "greedy")["exclusion_ratio"] > 0.38
    assert rule(report, "equal-shares-add1u")["exclusion_ratio"] < 0.2
    assert len(rule(report, "greedy")["short_changed"]) == 17
    assert json.loads(json.dumps(report)) == report


def test_the_command_prints_a_table_or_json_and_refuses_with_a_place(tmp_path, capsys):
    path = tmp_path / "town.pb"
    path.write_text(HEAD + "1;road\n2;road\n3;lamp\n")
    assert main([str(path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("규칙 | 뽑힘 | 쓴 돈") and told[1] == "많은 표 순 | 1 | 100 | 0 | 33.3 % | 0.333 | 0 | 0 | 0"
    assert "- [lamp]  (40, 1표): 돈에 견준 표 순" in "\n".join(told)
    assert main([str(path), "--json", "--lang", "en"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert table(report, "en").splitlines()[1].startswith("Most votes first | 1 | 100 | 0")
    path.write_text(HEAD + "1;nowhere\n")
    assert main([str(path)]) == 1
    assert "town.pb:11:3:" in capsys.readouterr().err
    assert main([]) == 2
