import enum
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.methods.transparency.canonical import canonical, digest

SALT = b"0123456789abcdef"
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(TEXT.map(_nfc), part),
    max_leaves=12,
)


def test_equal_meanings_have_one_text():
    assert canonical({"나": [1, True, None], "a": {"y": "", "x": -3}}) == '{"a":{"x":-3,"y":""},"나":[1,true,null]}'
    assert canonical({"b": 1, "a": 2}) == canonical({"a": 2, "b": 1})


def test_keys_are_sorted_by_code_point_even_beyond_the_basic_plane():
    assert canonical({"😀": 1, "\uffee": 2}) == '{"\uffee":2,"😀":1}'


def test_a_text_typed_on_a_mac_is_the_same_text():
    given_in_nfd = unicodedata.normalize("NFD", "도서관")
    assert given_in_nfd != "도서관"
    assert canonical([given_in_nfd]) == canonical(["도서관"])
    assert digest(SALT, given_in_nfd) == digest(SALT, "도서관")


def test_a_text_of_many_lines_stays_on_one_line():
    assert canonical("가\n나\t다\r\x00") == '"가\\n나\\t다\\r\\u0000"'


def test_an_enumeration_is_written_as_its_value():
    class Station(enum.StrEnum):
        DECIDE = "결정"

    assert canonical([Station.DECIDE]) == '["결정"]'


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": [1, 0.5]}, r"^\$\.a\[1\]: float has no canonical text"),
        (float("nan"), r"^\$: float"),
        ({"a": {1: 2}}, r"^\$\.a: the key 1 is int, not text"),
        ({"a": "\ud800"}, r"^\$\.a: a lone surrogate at character 0"),
        ({"\udfff": 1}, r"^\$: a lone surrogate"),
        ([2**53], r"^\$\[0\]: a whole number beyond"),
        ([b"x"], r"^\$\[0\]: bytes"),
        ([(1, 2)], r"^\$\[0\]: tuple"),
        ({"각": 1, unicodedata.normalize("NFD", "각"): 2}, r"^\$: two keys are both '각' in NFC"),
    ],
)
def test_what_has_no_exact_text_is_refused_with_its_path(value, words):
    with pytest.raises(ValueError, match=words):
        canonical(value)


def test_bottomless_nesting_is_refused():
    value: list = []
    for _ in range(40):
        value = [value]
    with pytest.raises(ValueError, match="nested deeper than 32"):
        canonical(value)


@given(VALUES)
def test_the_text_says_what_was_given_and_is_its_own_canonical_text(value):
    text = canonical(value)
    assert canonical(json.loads(text)) == text
    assert "\n" not in text


def test_a_digest_depends_on_the_salt_and_hides_where_salt_ends():
    assert digest(SALT, "찬성") == "sha256:" + digest(SALT, "찬성")[7:]
    assert len({digest(SALT, "찬성"), digest(SALT, "반대"), digest(SALT[::-1], "찬성"), digest(SALT + b"a", "b")}) == 4
    assert digest(SALT + b"a", "b") != digest(SALT, "ab")


def test_a_digest_is_what_the_page_on_transparency_says():
    from hashlib import sha256

    by_hand = sha256(b"madang/text/v1\x00" + (16).to_bytes(8, "big") + SALT + "찬성".encode()).hexdigest()
    assert digest(SALT, "찬성") == f"sha256:{by_hand}"


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match="at least 16 bytes"):
        digest(b"short", "찬성")
