"""Topics and key terms: what they find, and that neither order nor chance has a say."""

import random

import pytest

from madang.methods.korean.topics import morphemes, terms, terms_by, topics, words

LIGHTS = [f"{place} 가로등이 어두워 가로등 조명을 밝게" for place in ("골목", "공원", "시장", "학교", "정류장", "하천")]
DOGS = [f"{place} 강아지 학대 처벌, 강아지 보호" for place in ("동네", "농장", "아파트", "마을")]
TEXTS = LIGHTS + DOGS + ["!!!"]


def test_two_matters_become_two_topics_with_their_words():
    found = topics(TEXTS, 2)
    assert found.of == (0,) * 6 + (1,) * 4 + (-1,)
    assert [each.size for each in found.topics] == [6, 4]
    assert {"가로등", "조명"} <= {term.word for term in found.topics[0].terms}
    assert {"강아지", "학대"} <= {term.word for term in found.topics[1].terms}


def test_the_order_of_the_texts_changes_nothing():
    first = topics(TEXTS, 3)
    for seed in range(5):
        order = list(range(len(TEXTS)))
        random.Random(seed).shuffle(order)
        again = topics([TEXTS[each] for each in order], 3)
        assert [first.of[each] for each in order] == list(again.of)
        assert [each.terms for each in again.topics] == [each.terms for each in first.topics]


def test_equal_texts_share_a_topic_and_few_texts_are_no_fault():
    assert topics(["가로등 조명"] * 5, 3).of == (0,) * 5
    assert topics([], 2).of == ()
    assert topics(["하나뿐"], 2).of == (-1,)
    assert topics(["가로등 조명", "가로등 조명 길"], 5).of[0] >= 0
    with pytest.raises(ValueError, match="1 to"):
        topics(TEXTS, 0)


def test_key_terms_are_what_many_say_but_not_all_and_empty_words_are_none():
    assert [(term.word, term.texts) for term in terms(LIGHTS)] == [("가로등", 6), ("밝게", 6), ("어두워", 6), ("조명", 6)]
    assert words("그래서 저희 3 골목에 가로등을 달아 주세요") == ["골목", "가로등", "달아"]


def test_terms_of_a_part_are_those_the_rest_does_not_say():
    found = terms_by(LIGHTS + DOGS, ["빛"] * 6 + ["개"] * 4)
    assert found["빛"][0].word == "가로등"
    assert found["개"][0].word in ("강아지", "학대", "처벌", "보호")
    with pytest.raises(ValueError, match="as many"):
        terms_by(LIGHTS, ["빛"])


def test_another_way_to_cut_may_be_brought_and_an_absent_analyser_says_what_to_install():
    assert topics(["a b", "a b", "c d", "c d"], 2, cut=str.split).of == (0, 0, 1, 1)
    try:
        import kiwipiepy  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(ModuleNotFoundError, match="pip install kiwipiepy"):
            morphemes()
