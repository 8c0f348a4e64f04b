"""`madang opinion`: files in, maps out; refusals in words; the same numbers without a compiler."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conversations import SHARED, camps

from madang.methods.opinion.__main__ import main

HERE = Path(__file__).resolve().parents[3]


@pytest.fixture
def votes(tmp_path):
    log = camps(60, 12)
    path = tmp_path / "votes.csv"
    lines = [
        f"{log.participants[p]},{log.statements[s]},{v}"
        for p, s, v in zip(log.participant, log.statement, log.vote, strict=True)
    ]
    path.write_text("\n".join(["participant,statement,vote", *lines]) + "\n", "utf-8")
    return path


def test_numbers_have_what_was_promised(votes, capsys):
    assert main([str(votes), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["participants"] == 60 and len(made["membership"]) >= 55
    assert [group["size"] for group in made["groups"]] == sorted((g["size"] for g in made["groups"]), reverse=True)
    assert {"id", "size", "representative"} <= set(made["groups"][0])
    assert {"statement", "score"} <= set(made["consensus"][0])
    assert made["consensus"][0]["statement"] in {"0", "1"}


def test_words_are_korean_unless_asked_otherwise(votes, capsys):
    assert main([str(votes)]) == 0
    assert capsys.readouterr().out.startswith("참여자 60명")
    assert main([str(votes), "--language", "en", "--method", "polis", "--k", "3"]) == 0
    assert "3 groups" in capsys.readouterr().out


def test_removed_accounts_have_never_voted(votes, tmp_path, capsys):
    (tmp_path / "gone.txt").write_text("p1\np2\nnobody\n")
    assert main([str(votes), "--remove", str(tmp_path / "gone.txt"), "--json"]) == 0
    printed = capsys.readouterr()
    assert "nobody" in printed.err
    rest = tmp_path / "rest.csv"
    rest.write_text("".join(line for line in votes.read_text().splitlines(True) if line.split(",")[0] not in {"p1", "p2"}))
    assert main([str(rest), "--json"]) == 0
    assert capsys.readouterr().out == printed.out


@pytest.mark.parametrize("words", [["--k", "1"], ["--k", "x"], ["--method", "best"], ["--anonymity", "-1"], ["--what"]])
def test_a_wrong_call_is_two(votes, words, capsys):
    assert main([str(votes), *words]) == 2
    assert main([]) == 2
    capsys.readouterr()


def test_a_bad_file_is_one_with_its_line(votes, capsys):
    votes.write_text(votes.read_text() + "김,1,nan\n")
    lines = votes.read_text().count("\n")
    assert main([str(votes)]) == 1
    assert f"votes.csv:{lines}:5: " in capsys.readouterr().err
    assert main([str(votes.parent)]) == 1
    assert main([str(votes.with_name("none.csv"))]) == 1
    capsys.readouterr()


PROBE = """
import sys
from madang.methods.opinion import Conversation, kernels, opinion_map, read_statements, read_votes
from pathlib import Path
home = Path(sys.argv[1])
conversation = Conversation.recount(read_votes(home / "votes.csv"))
conversation.remove(["3", "5"])
made = opinion_map(conversation, read_statements(home / "comments.csv"))
import hashlib
parts = (conversation.state(), made.axes.comps.tobytes(), made.xy.tobytes(), made.covariance.tobytes(), made.counts.tobytes(),
         made.grouping.label.tobytes())
print(kernels.COMPILED, *(hashlib.sha256(part).hexdigest() for part in parts))
"""


def test_without_a_compiler_the_same_bytes():
    home = SHARED / "data" / "opinion" / "scoop-hivemind.biodiversity"
    if not home.is_dir():
        pytest.skip(f"published conversations are not here: {home}")
    printed = []
    for switch in ("0", "1"):
        env = {**os.environ, "MADANG_NUMBA": switch, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(HERE / "src")}
        ran = subprocess.run([sys.executable, "-c", PROBE, str(home)], env=env, check=True, capture_output=True, text=True)
        printed.append(ran.stdout.split())
    assert printed[0][0] == "False"
    assert printed[0][1:] == printed[1][1:]


def test_reading_and_refusing_need_no_arrays_of_maps():
    code = "import sys, madang.methods, madang.doors.cli; print('numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "False"


def test_when_all_are_removed_the_map_is_empty_and_nobody_is_named_in_public(votes, tmp_path, capsys):
    (tmp_path / "all.txt").write_text("".join(f"p{n}\n" for n in range(60)))
    assert main([str(votes), "--remove", str(tmp_path / "all.txt"), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["participants"], made["groups"], made["membership"]) == (0, [], {})
    assert main([str(votes), "--public", "--json", "--method", "polis"]) == 0
    printed = capsys.readouterr().out
    assert "membership" not in printed and '"p1"' not in printed
