"""Is there one like mine? On invented titles, and on real petitions where they are at hand."""

import json
import os
import random
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.methods.korean import fingerprint, keys, similarity
from madang.methods.korean.similar import MAX_KEYS, stem

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared"))
PETITIONS = sorted((SHARED / "data" / "petitions").glob("*.jsonl"))


def alike(one: str, other: str) -> float:
    return similarity(fingerprint(one), fingerprint(other))


def shares_a_key(one: str, other: str) -> bool:
    return bool(set(keys(fingerprint(one))) & set(keys(fingerprint(other))))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("보행로에 조명이 필요합니다", "보행로 조명 필요"),
        ("어린이 놀이터에 그늘막을 설치해 주세요", "어린이 놀이터 그늘막 설치"),
        ("시흥4동 빗물저금통을 늘려주세요", "시흥4동에 빗물저금통 늘리기"),
        ("청년에게 주거비를", "청년 주거비"),
    ],
)
def test_particles_and_polite_endings_do_not_hide_a_likeness(one, other):
    assert shares_a_key(one, other)
    assert alike(one, other) >= 0.6


def test_spaces_do_not_matter():
    assert alike("보행로에 조명을 달아 주세요", "보행로에조명을달아주세요") == 1.0


def test_different_wishes_are_not_alike():
    assert alike("보행로에 조명을 달아 주세요", "청년 주거비를 지원해 주세요") < 0.3


def test_the_same_body_under_another_title_is_found():
    body = "골목이 어두워 밤마다 넘어지는 어르신이 많습니다. 가로등을 세 곳에 달아 주시면 모두가 편히 다닐 수 있습니다."
    first, second = fingerprint("가로등", body), fingerprint("밤길 안전", body + " 고맙습니다.")
    assert set(keys(first)) & set(keys(second))
    assert similarity(first, second) > 0.8


def test_stems_lose_particles_until_two_syllables_remain():
    assert stem("놀이터에서는") == "놀이터"
    assert stem("도로") == "도로"
    assert stem("우리") == "우리"


def test_nothing_is_like_nothing():
    assert keys(fingerprint("", "")) == []
    assert alike("", "") == 0.0
    assert alike("😀", "보행로") == 0.0


@given(st.text(max_size=200), st.text(max_size=500), st.text(max_size=200))
def test_likeness_is_symmetric_bounded_and_full_for_the_same_title(title, body, other):
    one, two = fingerprint(title, body), fingerprint(other)
    assert 0 <= similarity(one, two) == similarity(two, one) <= 1
    assert len(keys(one)) <= MAX_KEYS
    assert all(0 <= key < 2**32 for key in keys(one))
    assert not one.letters or similarity(one, one) == 1.0


def test_fingerprints_are_the_same_on_every_machine():
    assert keys(fingerprint("보행로 조명")) == KEYS_OF_THE_LAMP


KEYS_OF_THE_LAMP = [1023056317, 1135781521, 1710688871, 1907699463, 3534911508]


def near_copy(title: str, chance: random.Random) -> str:
    """One to three edits, or the spaces dropped."""
    if chance.random() < 0.25:
        return title.replace(" ", "")
    letters = list(title)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(letters))
        edit = chance.choice(("drop", "swap", "add"))
        if edit == "drop" and len(letters) > 5:
            letters.pop(at)
        elif edit == "swap":
            letters[at] = chance.choice("가나다라마바사아자")
        else:
            letters.insert(at, chance.choice("가나다 "))
    return "".join(letters)


@pytest.mark.skipif(not PETITIONS, reason="the real petitions are not at hand (MADANG_SHARED)")
def test_near_copies_of_real_titles_are_suggested_first():
    titles = {json.loads(line)["title"] for file in PETITIONS for line in file.read_text(encoding="utf-8").splitlines()}
    chance = random.Random(20181231)
    kept = sorted(title for title in titles if len(title) >= 6)
    marks = [fingerprint(title) for title in kept]
    table = defaultdict(list)
    for number, mark in enumerate(marks):
        for key in keys(mark):
            table[key].append(number)
    asked = chance.sample(range(len(kept)), 600)
    first = 0
    for number in asked:
        mine = fingerprint(near_copy(kept[number], chance))
        candidates = {found for key in keys(mine) for found in table[key]}
        best = max(candidates, key=lambda found: similarity(mine, marks[found]), default=-1)
        first += best >= 0 and similarity(mine, marks[best]) <= similarity(mine, marks[number])
    assert len(kept) > 1_500
    assert first / len(asked) >= 0.98
