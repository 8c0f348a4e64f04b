"""Syllable tokens: the same words found everywhere, whatever is sent."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.methods.korean import GAP, phrases, tokens
from madang.methods.korean.syllables import MAX_CHARS, MAX_REPEATS, MAX_WORDS


def finds(query: str, text: str) -> bool:
    """What a database does with our tokens: every phrase of the query stands in the tokens of the text."""
    line = f" {tokens(text)} "
    return all(f" {' '.join(phrase)} " in line for phrase in phrases(query))


def test_a_run_of_hangul_becomes_its_triples_its_pairs_and_its_syllables():
    assert tokens("보행로등 조명").replace(GAP, "|") == "보행로 행로등 | | 로등 보행 조명 행로 보 행 로 등 조 명"
    assert phrases("보행로등 조명 로") == [["보행로", "행로등"], ["조명"], ["로"]]


def test_a_two_syllable_word_is_found_inside_a_longer_one():
    assert finds("주차", "불법주차장을 없애 주세요")
    assert finds("청년", "서울청년의회")
    assert not finds("주정", "불법주차 정류장")


def test_one_syllable_is_found():
    assert finds("물", "빗물저금통")
    assert not finds("물", "빗자루")


def test_a_phrase_does_not_cross_a_space():
    assert not finds("로조", "보행로 조명")
    assert not finds("보행로조명", "보행로 조명")


def test_a_dong_with_its_number_is_one_word():
    assert finds("시흥4동", "금천구 시흥4동 주민총회")
    assert not finds("시흥4동", "시흥5동 4월 동네회의")
    assert finds("4동", "시흥4동")
    assert finds("2018", "2018년 서울")
    assert not finds("2018", "20180년")


def test_latin_words_are_whole_and_case_and_width_do_not_matter():
    assert finds("cctv", "골목에 ＣＣＴＶ설치")
    assert finds("CCTV설치", "cctv설치")
    assert not finds("cc", "cctv")


def test_hangul_written_in_pieces_is_put_together():
    import unicodedata

    assert finds("청년", unicodedata.normalize("NFD", "청년 수당"))
    assert phrases(unicodedata.normalize("NFD", "청년")) == [["청년"]]


def test_other_scripts_are_kept_as_bytes():
    assert tokens("が") == f"{GAP} {GAP} xe3818c"
    assert finds("école", "une École")


@pytest.mark.parametrize("empty", ["", " ", "?!", "😀", "\u202e", "\0", "___", "\ud800"])
def test_a_text_without_letters_has_no_tokens(empty):
    assert tokens(empty) == ""
    assert phrases(empty) == []


def test_words_are_joined_by_and_and_asked_once():
    assert phrases("청년 청년 주거") == [["청년"], ["주거"]]
    assert len(phrases(" ".join(f"낱말{n}" for n in range(50)))) == MAX_WORDS


def test_a_word_is_read_up_to_its_24th_unit():
    assert [len(phrase) for phrase in phrases("가나" * 50)] == [22]
    assert finds("가나" * 50, "가나" * 12)


def test_a_token_repeated_without_end_is_bounded():
    line = tokens("가" * 5_000).split()
    assert line.count("가가가") == MAX_REPEATS


@pytest.mark.parametrize(
    "hostile",
    [
        "😀" * 1_000_000,
        "a" + "\u0301\u0316" * 500_000,
        "\u202e가" * 300_000,
        "ㅋ" * 1_000_000,
        "가" * 1_000_000,
        "ﷺ" * 1_000_000,
        "가a1" * 300_000,
        "ก็" * 500_000,
        "가 " * 500_000,
        "\u1112\u1161\u11ab" * 300_000,
    ],
)
def test_hostile_text_costs_little_and_stays_small(hostile):
    start = time.process_time()
    line = tokens(hostile)
    assert time.process_time() - start < 0.5
    assert len(line) < 40 * MAX_CHARS


HANGUL = st.text(alphabet="가나다라 마4a", max_size=40)


@given(HANGUL, st.text(alphabet="가나다라마", min_size=2, max_size=4))
def test_a_word_is_found_exactly_when_it_stands_inside_a_run(text, word):
    assert finds(word, text) == (word in text)


@given(st.text(max_size=300))
def test_tokens_hold_nothing_a_tokenizer_would_cut(text):
    for token in tokens(text).split(" "):
        assert token in ("", GAP) or all(
            "0" <= char <= "9" or "a" <= char <= "z" or "가" <= char <= "힣" or "一" <= char <= "鿌" for char in token
        )


@given(st.text(max_size=60))
def test_every_text_finds_itself(text):
    assert finds(text, text)
