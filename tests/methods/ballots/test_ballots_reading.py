"""Ballot files as people send them, good and bad; and the command line."""

import codecs
import json

import pytest

from madang.methods.ballots import Terms, tally
from madang.methods.ballots.__main__ import main
from madang.methods.ballots.reading import read
from madang.methods.korean.textfile import BadFile

SOC = """# FILE NAME: 1.soc
# DATA TYPE: soc
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 5
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: 보행로
# ALTERNATIVE NAME 2: 가로등
# ALTERNATIVE NAME 3: 텃밭
3: 1,2,3
2: 3,1,2
"""


@pytest.fixture
def file(tmp_path):
    def written(text: str | bytes, name: str = "votes.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def test_the_same_ballots_in_three_forms_are_the_same_profile(file):
    by_column = read(file("보행로,가로등,텃밭\n1,2,3\n1,2,\n,,1\n"), "rank")
    in_one = read(file('id,ballot\n1,보행로>가로등>텃밭\n2,보행로 > 가로등\n3,텃밭\n', "one.csv"), "rank", ("보행로", "가로등", "텃밭"))
    plain = read(file("보행로>가로등>텃밭\n# 참고\n\n1: 보행로>가로등\n1 * 텃밭\n", "plain.txt"), "rank", ("보행로", "가로등", "텃밭"))
    assert by_column == in_one == plain


def test_candidates_without_an_announced_order_stand_by_name_whatever_the_rows(file):
    one, other = read(file("나>가\n다\n", "a.txt"), "rank"), read(file("다\n나>가\n", "b.txt"), "rank")
    assert one == other
    assert one.candidates == ("가", "나", "다")


def test_preflib_is_read_with_its_names_and_counts(file):
    profile = read(file(SOC, "1.soc"), "rank")
    assert (profile.candidates, profile.ballots) == (("보행로", "가로등", "텃밭"), 5)
    ties = SOC.replace("soc", "toi").replace("3: 1,2,3", "3: {1,2}").replace("2: 3,1,2", "2: 3,{1,2}")
    assert read(file(ties, "1.toi"), "rank").rankings == {(0, ((0, 1),)): 3, (0, ((2,), (0, 1))): 2}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_the_usual_encodings_give_the_same_ballots(file, encoding):
    assert read(file("보행로,가로등\n1,2\n2,1\n".encode(encoding)), "rank").candidates == ("보행로", "가로등")


@pytest.mark.parametrize(
    ("text", "marks", "place", "says"),
    [
        ("", "rank", "", "empty"),
        ("A,B\n", "rank", "", "no ballot"),
        ("A,B\n1,2\n1\n", "rank", "3:2", "2 fields expected, 1 found"),
        ("A,B\n1,x2\n", "rank", "2:3", "not a rank"),
        ("A,B\n1,-2\n", "rank", "2:3", "not a rank"),
        ("A,B\n1,2\n", "pick", "2:3", "not a pick"),
        ("A,B\n1,nan\n", "points", "2:3", "not a number"),
        ("A,B\n1,inf\n", "points", "2:3", "not a number"),
        ("A,B\n1,-3\n", "points", "2:3", "not a number"),
        ("A,B\n1,1e9\n", "points", "2:3", "not a number"),
        ("A,A\n1,2\n", "rank", "1:3", "stands twice"),
        ("id,A\n7,1\n7,1\n", "rank", "3:1", "stands twice"),
        ("id,A\n7,1\n,1\n", "rank", "3:1", "empty"),
        ("count,A\n0,1\n", "rank", "2:1", "whole number from 1"),
        ("count,A\n-3,1\n", "rank", "2:1", "whole number from 1"),
        ("group,A\n,1\n", "rank", "2:1", "group is empty"),
        ("ballot,A\nA,1\n", "rank", "1:8", "beside a column"),
        ("ballot\nA>B>A\n", "rank", "2:5", "twice on one ballot"),
        ('ballot\n"A,B"\n', "rank", "2:2", "not the form"),
        ("ballot\nA>B\n", "pick", "2:2", "not the form"),
        ("ballot\nA>B:3\n", "points", "2:2", "not the form"),
        ("ballot\nA>>B\n", "rank", "2:3", "empty"),
        ("ballot\nA:3;B\n", "points", "2:5", "no points"),
        ('A,B\n1,"2\n', "rank", "2:3", "broken quotes"),
        (b"A,B\n1,\xff\xfe2\n", "rank", "2:3", "neither UTF-8 nor CP949"),
        (codecs.BOM_UTF16_LE + "A".encode("utf-16-le") + b"\x00", "rank", "1:", "not utf-16"),
        (b"A,B\n1,\x00\n", "rank", "1:7", "zero byte"),
    ],
)
def test_a_bad_csv_is_refused_with_line_and_column(file, text, marks, place, says):
    with pytest.raises(BadFile) as fault:
        read(file(text), marks)
    assert says in str(fault.value)
    assert f"votes.csv:{place}" in str(fault.value)


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("2: 3,1,2\n", "2: 3,1\n", "10:1", "incomplete"),
        ("2: 3,1,2\n", "2: 3,1,1\n", "10:8", "twice"),
        ("2: 3,1,2\n", "2: 3,1,4\n", "10:8", "unknown"),
        ("2: 3,1,2\n", "2: 3,{1,2}\n", "10:1", "equal ranks"),
        ("2: 3,1,2\n", "2: 3,1,\n", "10:8", "breaks off"),
        ("2: 3,1,2\n", "-2: 3,1,2\n", "10:1", "form"),
        ("2: 3,1,2\n", "", "4:1", "cut off"),
        ("2: 3,1,2\n", "2: 1,2,3\n", "10:1", "two lines"),
        ("DATA TYPE: soc", "DATA TYPE: cat", "2:1", "kind"),
        ("ALTERNATIVES: 3", "ALTERNATIVES: x", "3:1", "lacks a number"),
        ("ALTERNATIVES: 3", "ALTERNATIVES: 999999999", "3:1", "too many"),
        ("ALTERNATIVES: 3", "ALTERNATIVES: 0", "3:1", "too few"),
    ],
)
def test_a_bad_preflib_file_is_refused_with_line_and_column(file, old, new, place, says):
    with pytest.raises(BadFile) as fault:
        read(file(SOC.replace(old, new), "1.soc"), "rank")
    assert says in str(fault.value)
    assert f"1.soc:{place}" in str(fault.value)


def test_an_unknown_candidate_is_refused_where_candidates_were_announced(file):
    with pytest.raises(BadFile, match=r"plain\.txt:2:3: 없는 후보"):
        read(file("A>B\nB>Z\n", "plain.txt"), "rank", ("A", "B"))


def test_a_folder_and_an_absent_file_are_said_to_be_so(tmp_path):
    with pytest.raises(BadFile, match="folder"):
        read(tmp_path, "rank")
    with pytest.raises(BadFile, match="cannot be opened"):
        read(tmp_path / "none.csv", "rank")


# ── the command line ─────────────────────────────────────────────────────────


def test_the_command_counts_and_tells_why_in_json(file, capsys):
    path = file("group,A,B\n시민,1,2\n시민,2,1\n위원,2,1\n")
    assert main([str(path), "--method", "schulze", "--weights", "시민=1,위원=1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["winners"], told["pairwise"]["B"]["A"], told["recounted"]) == (["B"], "3/4", True)


@pytest.mark.parametrize("method", ["plurality", "approval", "condorcet", "schulze", "ranked-pairs", "irv", "score", "cumulative"])
def test_every_method_explains_itself_on_the_command_line(file, capsys, method):
    path = file("A,B,C\n1,,\n1,,\n,1,\n")
    assert main([str(path), "--method", method, "--explain", "--most", "5"]) == 0
    out = capsys.readouterr().out
    assert "A — 뽑혔습니다" in out
    assert "모자란 것" in out or method == "approval"


def test_two_files_are_one_election(file, capsys):
    one, two = file("A>B\nB>A\n", "1.txt"), file("B>A\n", "2.txt")
    assert main([str(one), str(two), "--method", "irv", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["winners"] == ["B"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--method", "borda"], 2), ([], 2), (["--method", "irv", "--ties", "lot"], 2),
        (["--method", "irv", "--ties", "coin"], 2), (["--method", "irv", "--seats", "2"], 2),
        (["--method", "irv", "--weights", "a"], 2), (["--method", "irv", "--weights", "a=1/0"], 2),
        (["--method", "irv", "--threshold", "half"], 2), (["--method", "irv", "--threshold", "150%"], 2),
        (["--method", "irv", "--weights", "ghosts=1"], 1), (["--method", "score"], 1),
        (["--method", "plurality", "--threshold", ">1/2"], 0), (["--method", "schulze", "--ties", "none"], 0),
    ],
)
def test_the_exit_code_says_whether_the_call_or_the_file_was_wrong(file, capsys, words, code):
    assert main([str(file("A>B\nB>A\n", "v.txt")), *words]) == code
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert bool(err) == (code > 0)


def test_equal_lines_are_counted_together_so_a_long_file_stays_small(file):
    profile = read(file("A>B\n" * 20_000 + "1000000000 * B>A\n", "long.txt"), "rank")
    assert profile.rankings == {(0, ((0,), (1,))): 20_000, (0, ((1,), (0,))): 1_000_000_000}
    assert tally(profile, Terms("irv")).winners == ("B",)


def test_the_pairwise_table_is_the_one_preflibs_own_tools_count(file):
    instances = pytest.importorskip("preflibtools.instances")
    properties = pytest.importorskip("preflibtools.properties")
    path = file(SOC.replace("soc", "toc").replace("2: 3,1,2", "2: {3,1},2"), "1.toc")
    theirs = instances.OrdinalInstance()
    theirs.parse_file(str(path))
    scores = properties.pairwise_scores(theirs)
    table = tally(read(path, "rank"), Terms("condorcet")).table
    assert {a: {b: table[a - 1][b - 1] for b in (1, 2, 3) if b != a} for a in (1, 2, 3)} == {
        a: {b: scores[a].get(b, 0) for b in (1, 2, 3) if b != a} for a in (1, 2, 3)
    }
