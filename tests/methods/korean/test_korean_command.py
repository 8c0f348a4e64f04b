"""`madang korean …` on files as people have them, good and bad."""

import json
import os
import subprocess
import sys

import pytest

from madang.methods.korean.__main__ import main

CSV = """번호,제목,분과
1,시흥4동 보행로에 조명을,안전
2,보행로 조명 설치 시흥4동,안전
3,청년 주거비 지원,복지
4,청년의 주거비를 지원,복지
"""


@pytest.fixture
def file(tmp_path):
    def written(text: str | bytes, name: str = "wishes.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return written


def told(capsys) -> dict:
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_alike_pairs_are_suggested_whatever_the_encoding(file, capsys, encoding):
    assert main(["like", file(CSV.encode(encoding)), "--json"]) == 0
    answer = told(capsys)
    assert answer["suggestions_only"] is True
    assert {frozenset((pair["one"], pair["id"])) for pair in answer["pairs"]} == {frozenset("12"), frozenset("34")}


def test_like_topics_terms_and_find_answer(file, capsys):
    path = file(CSV)
    assert main(["like", path, "--query", "주거비", "--json"]) == 0
    assert told(capsys)["like"][0]["id"] in "34"
    assert main(["topics", path, "--number", "2", "--json"]) == 0
    assert told(capsys)["of"] == {"1": 0, "2": 0, "3": 1, "4": 1}
    assert main(["terms", path, "--by", "분과", "--json"]) == 0
    assert set(told(capsys)["terms"]) == {"안전", "복지"}
    assert main(["find", path, "ㅂㅎㄹ", "--json"]) == 0
    assert [each["id"] for each in told(capsys)["found"]] == ["1", "2"]
    for command in (["like"], ["topics"], ["terms"]):
        assert main([*command, path]) == 0
        assert capsys.readouterr().out


def test_json_lines_and_plain_lines_are_read_too(file, capsys):
    assert main(["find", file('{"id": 7, "title": "보행로"}\n', "a.jsonl"), "보해", "--json"]) == 0
    assert told(capsys)["found"] == [{"id": "7", "title": "보행로"}]
    assert main(["find", file("가로등\n보행로\n", "a.txt"), "보해", "--json"]) == 0
    assert told(capsys)["found"] == [{"id": "2", "title": "보행로"}]


@pytest.mark.parametrize(
    ("name", "text", "place", "says"),
    [
        ("a.csv", "", "a.csv:", "empty"),
        ("a.csv", "제목\n", "a.csv:", "no text"),
        ("a.csv", "번호\n1\n", "a.csv:1:1", "no such column"),
        ("a.csv", "id,제목\n1,가\n1,나\n", "a.csv:3:1", "stands twice"),
        ("a.csv", "id,제목\n1,가\n2\n", "a.csv:3:2", "2 fields expected, 1 found"),
        ("a.csv", "제목,제목\n1,2\n", "a.csv:1:4", "stands twice"),
        ("a.csv", '제목\n"가\n', "a.csv:2:1", "broken quotes"),
        ("a.csv", "제목\n".encode() + b"\xff\xff\n", "a.csv:2:1", "neither UTF-8 nor CP949"),
        ("a.jsonl", '{"title": "가"}\n{"title": \n', "a.jsonl:2:", "not JSON"),
        ("a.jsonl", "[1]\n", "a.jsonl:1:1", "not a JSON object"),
        ("a.jsonl", '{"title": 1.5}\n', "a.jsonl:1:1", "not text"),
        ("a.jsonl", '{"name2": "가"}\n', "a.jsonl:1:1", "no such column"),
        ("a.jsonl", "{}\n", "a.jsonl:1:1", "empty object"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_column(file, capsys, name, text, place, says):
    assert main(["terms", file(text, name)]) == 1
    err = capsys.readouterr().err
    assert place in err
    assert says in err


def test_the_seed_of_hashing_changes_nothing(file):
    path = file(CSV)
    for command in (["like", path, "--floor", "0"], ["topics", path, "--number", "2"], ["terms", path]):
        said = {
            subprocess.run([sys.executable, "-m", "madang.methods.korean", *command, "--json"], capture_output=True, check=True,
                           env={**os.environ, "PYTHONHASHSEED": seed}).stdout
            for seed in ("1", "2", "3")
        }
        assert len(said) == 1


def test_a_wrong_call_is_2(file, capsys):
    assert main(["like"]) == main(["dance", "x"]) == main([]) == 2
    assert main(["topics", file(CSV), "--number", "99"]) == 2
    assert main(["like", file(CSV), "--title", "없는 열"]) == 1
    capsys.readouterr()
