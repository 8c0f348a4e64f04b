"""Files that are none: each refused with its place; and marks that are the same however a number was written."""

import json
from pathlib import Path
from typing import Any

import pytest

from madang.methods.integrity import Refused, mark, normalised, parsed
from madang.methods.integrity.__main__ import main

HEAD = {"format": "madang-integrity@1", "poll": "p", "seed": "s"}
CAST = {"day": "2026-09-01", "class": "a", "channel": "web", "count": 3}


@pytest.mark.parametrize(("given", "place", "says"), [
    (b"\xff{}", "input:0", "not UTF-8"),
    (b"{\n 1", "input:2:2", "not JSON"),
    (b"[" * 100_000, "input", "nested too deeply"),
    (b'{"format": "a", "format": "b"}', "'format'", "a name twice"),
    (b'{"format": NaN}', "NaN", "not a number"),
    (b"[]", "input", "not an object"),
    ({"format": "madang-poll@1"}, "input: format", "not madang-integrity@1"),
    (HEAD | {"names": []}, "input: names", "an unknown part"),
    (HEAD | {"casts": {}}, "input: casts", "no list"),
    (HEAD | {"casts": [3]}, "input: casts[0]", "not an object"),
    (HEAD | {"casts": [CAST, CAST | {"count": -1}]}, "input: casts[1].count", "not a whole number"),
    (HEAD | {"casts": [CAST | {"count": True}]}, "input: casts[0].count", "not a whole number"),
    (HEAD | {"casts": [CAST | {"count": 1.5}]}, "input: casts[0].count", "not a whole number"),
    (HEAD | {"casts": [CAST | {"hour": 24}]}, "input: casts[0].hour", "not an hour"),
    (HEAD | {"casts": [CAST | {"day": "2026-9-1"}]}, "input: casts[0].day", "not a date"),
    (HEAD | {"casts": [CAST | {"day": "20260901"}]}, "input: casts[0].day", "not a date"),
    (HEAD | {"casts": [CAST | {"class": ""}]}, "input: casts[0].class", "not a text"),
    (HEAD | {"roll": [{"day": "2026-09-01", "phone": 3}]}, "input: roll[0].phone", "not a text"),
    (HEAD | {"population": [{"place": "a", "low": 30, "high": 20, "people": 1}]}, "input: population[0].high", "no band of ages"),
    (HEAD | {"sharing": {"name": {}}}, "input: sharing.name", "one of phone"),
    (HEAD | {"sharing": {"phone": {"0": 3}}}, "input: sharing.phone.0", "not a size"),
    (HEAD | {"sharing": {"phone": {"99999999999": 3}}}, "input: sharing.phone.99999999999", "not a size"),
    (HEAD | {"marks": [{"marks": 7, "count": 1}]}, "input: marks[0].marks", "not a text"),
    (HEAD | {"booths": [{"booth": "a", "batch": "1"}]}, "input: booths[0].counted", "not a whole number"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(given: Any, place: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        parsed(given if isinstance(given, bytes) else json.dumps(given).encode())
    assert refused.value.place == place
    assert says in refused.value.english


def test_the_command_refuses_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "cut.json"
    file.write_text('{"format": ', "utf-8")
    assert main([str(file)]) == 1
    assert capsys.readouterr().err.startswith("cut.json:1:12: JSON이 아닙니다 / not JSON")
    assert main([str(tmp_path / "absent.json")]) == 1


@pytest.mark.parametrize(("kind", "one", "other"), [
    ("phone", "010-1234-5678", "+82 10 1234 5678"),
    ("phone", "010.1234.5678", "０１０ １２３４ ５６７８"),
    ("mail", "Kim+vote@Example.org ", "kim@example.org"),
    ("address", "시흥대로 12 , 3층", "시흥대로  12,3층"),
])  # fmt: skip
def test_the_same_telephone_is_the_same_mark_however_it_was_written(kind: str, one: str, other: str) -> None:
    assert normalised(kind, one) == normalised(kind, other)
    assert mark(b"key of the poll", kind, one) == mark(b"key of the poll", kind, other)
    assert mark(b"another key", kind, one) != mark(b"key of the poll", kind, one)
    assert mark(b"key", "phone", "3") != mark(b"key", "mail", "3")
