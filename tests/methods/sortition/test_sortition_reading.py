"""The two files: what is read, what is forgiven with a word, what is refused with its place."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from madang.methods.sortition import reading
from madang.methods.sortition.reading import Refused, read_pool, read_quotas

QUOTAS = "feature,value,min,max\n성별,여,1,2\n성별,남,1,2\n"
POOL = "id,성별,집\np1,여,가\np2,남,가\np3,여,\n"


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


Put = Callable[[str, str | bytes], Path]


def test_a_plain_pool_is_read_and_sorted(put: Put) -> None:
    quotas = read_quotas(put("q.csv", QUOTAS))
    pool = read_pool(put("p.csv", POOL), quotas, household=["집"])
    assert [(str(row), row.min, row.max) for row in quotas.rows] == [("성별=남", 1, 2), ("성별=여", 1, 2)]
    assert [(p.id, p.rows, p.household) for p in pool.people] == [
        ("p1", (1,), "가"),
        ("p2", (0,), "가"),
        ("p3", (1,), ""),
    ]


@pytest.mark.parametrize(
    "given",
    [
        "\ufeff" + POOL,
        POOL.replace("\n", "\r\n"),
        unicodedata.normalize("NFD", POOL),
        POOL.replace("여", " 여 ").replace("p2,남", "p2,\u200b남\u00a0"),
        POOL.replace("p3,여,\n", "\np3,여,\n,,\n"),
        POOL.encode("utf-16"),
    ],
    ids=["BOM", "CRLF", "NFD", "stray blanks", "blank lines", "UTF-16"],
)
def test_the_same_pool_written_otherwise_is_the_same_pool(put: Put, given: str | bytes) -> None:
    quotas = read_quotas(put("q.csv", QUOTAS))
    plain = read_pool(put("p.csv", POOL), quotas)
    other = read_pool(put("other.csv", given), quotas)
    assert [(p.id, p.rows) for p in other.people] == [(p.id, p.rows) for p in plain.people]
    assert other.notes == ()


def test_cp949_is_read_with_a_word(put: Put) -> None:
    quotas = read_quotas(put("q.csv", QUOTAS))
    pool = read_pool(put("p.csv", POOL.encode("cp949")), quotas)
    assert [person.id for person in pool.people] == ["p1", "p2", "p3"]
    assert "CP949" in pool.notes[0]


def test_letter_case_does_not_matter(put: Put) -> None:
    quotas = read_quotas(put("q.csv", "Feature,Value,Min,Max\nGender,Female,0,1\n"))
    pool = read_pool(put("p.csv", "ID,gender\n7,FEMALE\n"), quotas)
    assert (pool.people[0].id, pool.people[0].rows) == ("7", (0,))


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("", "p.csv:1:1", "empty"),
        ("\n\n", "p.csv:1:1", "empty"),
        ("id,성별\n", "p.csv:1:1", "no volunteers"),
        ("이름,성별\nA,여\n", "p.csv:1:1", "no id column"),
        ("id,나이\np1,3\n", "p.csv:1:1", "no column ‘성별’"),
        ("id,성별,성별\np1,여,남\n", "p.csv:1:2", "twice"),
        ("id,성별\np1,여\np1,남\n", "p.csv:3:1", "line 2"),
        ("id,성별\n ,여\n", "p.csv:2:1", "blank"),
        ("id,성별\np1,\n", "p.csv:2:2", "blank"),
        ("id,성별\np1,여자\n", "p.csv:2:2", "no quota"),
        ("id,성별\np1,여\np2\n", "p.csv:3:2", "1 found"),
        ("id,성별\np1,여,남\n", "p.csv:2:3", "3 found"),
        ('id,성별\np1,"여\n', "p.csv:2:1", "not CSV"),
        (b"id,\xec\x84\xb1\xeb\xb3\x84\np1,\xff\xff\n", "p.csv:2:4", "neither"),
        ("id,성별\np1,여\0\n", "p.csv:2:1", "NUL"),
    ],
)
def test_a_bad_pool_is_refused_where_it_is_bad(put: Put, text: str | bytes, place: str, word: str) -> None:
    quotas = read_quotas(put("q.csv", QUOTAS))
    with pytest.raises(Refused) as refused:
        read_pool(put("p.csv", text), quotas)
    assert refused.value.place == place
    assert word in refused.value.english


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("feature,value,min\n성별,여,1\n", "q.csv:1:1", "no column ‘max’"),
        ("feature,value,min,max\n", "q.csv:1:1", "no quotas"),
        ("feature,value,min,max\n성별,여,-1,2\n", "q.csv:2:3", "whole number"),
        ("feature,value,min,max\n성별,여,1,NaN\n", "q.csv:2:4", "whole number"),
        ("feature,value,min,max\n성별,여,1,inf\n", "q.csv:2:4", "whole number"),
        ("feature,value,min,max\n성별,여,1.5,2\n", "q.csv:2:3", "whole number"),
        ("feature,value,min,max\n성별,여,3,2\n", "q.csv:2:3", "above max"),
        ("feature,value,min,max\n성별,여,1,9999999\n", "q.csv:2:4", "too large"),
        ("feature,value,min,max\n성별,여,1,2\n 성별 ,여,0,1\n", "q.csv:3:2", "line 2"),
        ("feature,value,min,max\n,여,1,2\n", "q.csv:2:1", "blank"),
        ("feature,value,min,max,min_flex,max_flex\n성별,여,1,2,2,3\n", "q.csv:2:5", "min_flex"),
    ],
)
def test_bad_quotas_are_refused_where_they_are_bad(put: Put, text: str, place: str, word: str) -> None:
    with pytest.raises(Refused) as refused:
        read_quotas(put("q.csv", text))
    assert refused.value.place == place
    assert word in refused.value.english


def test_a_slip_of_the_pen_is_named(put: Put) -> None:
    quotas = read_quotas(put("q.csv", "feature,value,min,max\n구,동대문구,0,1\n구,서대문구,0,1\n"))
    with pytest.raises(Refused, match="‘동대문구’인가요"):
        read_pool(put("p.csv", "id,구\n1,동대문\n"), quotas)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(Refused, match="cannot open"):
            read_quotas(path)


def test_reading_stops_at_the_line_above_the_limit(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMIT", 2)
    quotas = read_quotas(put("q.csv", QUOTAS))
    with pytest.raises(Refused) as refused:
        read_pool(put("p.csv", POOL), quotas)
    assert refused.value.place == "p.csv:4:1"
