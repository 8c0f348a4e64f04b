"""`madang budgeting`: what it prints, and how it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from madang.methods.budgeting.__main__ import main

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "pb"
VILLAGE = """META
key;value
description;마을 예산
budget;100
vote_type;approval
PROJECTS
project_id;cost;name;category
road;60;길;도로
wood;50;숲;공원
lamp;40;등;도로
VOTES
voter_id;vote;dong
1;road,wood;동
2;road,wood;동
3;road,wood;서
4;road,lamp;서
5;lamp;서
"""


@pytest.fixture
def village(tmp_path):
    path = tmp_path / "village.pb"
    path.write_text(VILLAGE, "utf-8")
    return path


def run(capsys, *words):
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize(("rule", "winners"), [("greedy", ["road", "lamp"]), ("phragmen", ["road", "lamp"]), ("equal-shares", ["road"])])
def test_each_rule_prints_json_that_its_own_check_accepts(capsys, village, tmp_path, rule, winners):
    code, out, err = run(capsys, village, "--rule", rule, "--json")
    page = json.loads(out)
    assert (code, err, page["rule"], page["winners"]) == (0, "", rule, winners)
    assert {"rule", "winners", "cost", "budget", "rounds", "certificate", "losers", "measures", "variant"} <= set(page)
    (tmp_path / "result.json").write_text(out, "utf-8")
    assert run(capsys, village, "--verify", tmp_path / "result.json")[0] == 0
    (tmp_path / "result.json").write_text(out.replace('"cost": 60', '"cost": 61'), "utf-8")
    code, out, _ = run(capsys, village, "--verify", tmp_path / "result.json")
    assert (code, "✗" in out) == (1, True)


def test_every_choice_is_recorded_in_the_result(capsys, village):
    words = ("--completion", "add1", "--stop", "infeasible", "--start", "floor", "--ties", "-votes,lot:2026", "--limit", "category=도로:#1")
    page = json.loads(run(capsys, village, *words, "--json")[1])
    assert page["variant"]["stop"] == "infeasible"
    assert page["variant"]["start"] == "floor"
    assert page["variant"]["ties"] == "-votes,lot:2026"
    assert "category=도로" in page["variant"]["limits"]


def test_a_limit_in_a_result_is_checked(capsys, village, tmp_path):
    out = run(capsys, village, "--rule", "greedy", "--limit", "category=도로:#1", "--json")[1]
    assert (json.loads(out)["winners"], json.loads(out)["losers"]["lamp"]["why"]) == (["road"], "limit")
    path = tmp_path / "result.json"
    for limit, code in (("도로:#1", 0), ("도로:#0", 1), ("도로:#2", 1), ("#", 1)):
        path.write_text(out.replace("도로:#1", limit), "utf-8")
        assert run(capsys, village, "--verify", path)[0] == code


def test_it_tells_the_story_in_two_languages(capsys, village):
    assert "뽑히지 않은 사업" in run(capsys, village, "--explain")[1]
    assert "Not chosen" in run(capsys, village, "--explain", "--lang", "en")[1]


def test_groups_may_bring_their_own_money(capsys, village):
    code, out, _ = run(capsys, village, "--fund", "dong", "--money", "동=30", "--money", "서=40/3", "--json")
    assert (code, json.loads(out)["endowment"]) == (0, {"동": 30, "서": "40/3"})
    code, _, err = run(capsys, village, "--fund", "dong", "--money", "동=30")
    assert (code, "서" in err) == (1, True)


@pytest.mark.parametrize(("words", "code"), [
    (["--rule", "luck"], 2), (["--ties", "luck"], 1), (["--limit", "category=없음:5"], 1), (["--limit", "x"], 1), (["--money", "동"], 1),
    (["--threshold", "x", "--rule", "greedy"], 1), (["--rule", "greedy", "--money", "동=1"], 1), (["--weight", "no"], 1),
    (["--verify", "no.json"], 1), (["--encoding", "no"], 1),
])
def test_a_wrong_call_is_refused_in_a_sentence(capsys, village, words, code):
    got, out, err = run(capsys, village, *words)
    assert (got, out) == (code, "")
    assert err
    assert "Traceback" not in err


@pytest.mark.parametrize("text", ["", "{", "[]", "nothing", "{}", '{"winners": 3}', "[" * 100_000, b"\xed\xa0\x80"])
def test_a_result_that_is_none_is_refused(capsys, village, tmp_path, text):
    path = tmp_path / "r.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    code, _, err = run(capsys, village, "--verify", path)
    assert (code, bool(err), "Traceback" in err) == (1, True, False)


def test_a_fault_in_a_file_names_file_line_and_column(capsys, village):
    village.write_text(VILLAGE.replace("4;road,lamp", "4;road,moon"), "utf-8")
    code, out, err = run(capsys, village)
    assert (code, out) == (1, "")
    assert err.startswith(f"{village}:16:8: 목록에 없는 사업에 준 표입니다 (moon) / ")
    code, out, err = run(capsys, village, "--tolerant", "--json")
    assert (code, err.startswith("! ")) == (0, True)


def test_help_and_import_need_no_numpy():
    code = (
        "import sys, contextlib, io\nimport madang.methods.budgeting.__main__ as m\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n    assert m.main(['--help']) == 0\n"
        "assert 'numpy' not in sys.modules and 'numba' not in sys.modules and 'django' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_result_does_not_depend_on_the_hash_seed(village):
    outs = set()
    for seed in ("1", "2"):
        words = [sys.executable, "-m", "madang.methods.budgeting", str(village), "--rule", "greedy", "--json"]
        outs.add(subprocess.run(words, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout)
    assert len(outs) == 1
