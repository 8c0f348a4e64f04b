"""Finding while typing: first consonants, the unfinished syllable, jamo however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.methods.korean import find, first_letters
from madang.methods.korean.jamo import letters, pattern, plain

TEXTS = {"보행": "어두운 보행로", "보호": "보호수를 지켜요", "값": "값이 비싸요", "과학": "과학관을 열자", "닭": "닭이 운다"}


def keys(query: str) -> list[str]:
    return [each.key for each in find(query, TEXTS)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ㅂㅎㄹ", ["보행"]), ("ㅂㅎ", ["보행", "보호"]), ("보해", ["보행"]), ("봏", ["보행", "보호"]), ("보ㅎ", ["보행", "보호"]),
        ("고하", []), ("고", ["과학"]), ("과하", ["과학"]), ("갑", ["값"]), ("값", ["값"]), ("가", ["값"]), ("달", ["닭"]), ("닭", ["닭"]),
        ("ㅂㅗ행", ["보행"]), ("ㅇㄷㅇ ㅂㅎ", ["보행"]), ("보행 ㅇㄷ", ["보행"]), ("행보", []), ("없다", []), ("", []), ("!?", []),
    ],
)
def test_what_is_typed_so_far_finds_what_is_meant(typed, found):
    assert keys(typed) == found


def test_half_width_and_conjoining_jamo_are_the_same_letters():
    assert keys("ﾲﾾﾩ") == keys("ㅂㅎㄹ") == ["보행"]
    assert keys("\u1107\u1169\u1112\u1162") == ["보행"]
    assert plain("\u1107") == "ㅂ"


def test_letters_and_first_letters():
    assert letters("보행 A") == "ㅂㅗㅎㅐㅇ a"
    assert first_letters("보행로 조명 3") == "ㅂㅎㄹ ㅈㅁ 3"


def test_a_word_at_the_beginning_comes_before_one_inside():
    assert [each.key for each in find("행로", {"안": "보행로", "앞": "긴 길 행로"})] == ["앞", "안"]


@given(st.text(alphabet="가각보행로조명닭값ㅂㅎ a1", min_size=1, max_size=8), st.data())
def test_every_beginning_of_a_word_finds_the_word(word, data):
    if not plain(word).split():
        return
    first = plain(word).split()[0]
    typed = first[: data.draw(st.integers(1, len(first)))]
    if any(char.isalnum() for char in typed) and "ㅂ" not in first[:-1] and "ㅎ" not in first[:-1]:
        assert pattern(typed).search(first)


@given(st.text(max_size=60), st.text(max_size=200))
def test_no_query_is_a_fault(query, text):
    find(query, {"하나": text})
