"""Search and likeness: the same promises on whichever database the suite runs."""

import random
import time
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from madang.matters import search
from madang.matters.models import Matter
from madang.matters.search import FLOOR, RANKED
from madang.places.models import Place
from madang.processes.models import Process, RecipeText

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def city() -> Place:
    return Place.objects.create(code="11", name="서울특별시", level="city", valid_from=date(1988, 4, 23))


@pytest.fixture
def process(city) -> Process:
    recipe = RecipeText.objects.create(digest="d", text="", first_used_at=AT)
    return Process.objects.create(key="p", recipe_key="p", recipe=recipe, name="과정", place=city, opened_at=AT)


@pytest.fixture
def post(process, city):
    """post("title", "body") — a 의제 that can be found; its id."""

    def make(title: str, body: str = "", **fields) -> int:
        matter = Matter(process=process, place=city, title=title, created_at=AT)
        for name, value in fields.items():
            setattr(matter, name, value)
        matter.save(force_insert=True)
        search.index(matter.pk, title, body, AT)
        return matter.pk

    return make


def test_a_two_syllable_word_is_found_in_title_and_body(post):
    lamp = post("보행로에 조명을", "밤길이 어둡습니다")
    school = post("청년 주거", "학교 앞 보행로가 좁습니다")
    post("어린이집", "놀이터")
    assert search.search("보행") == [lamp, school]
    assert search.search("놀이") != []
    assert search.search("없는말") == []


def test_every_word_must_stand_in_the_text(post):
    both = post("보행로 조명", "")
    apart = post("보행로", "조명")
    post("보행로", "")
    assert search.search("조명 보행로") == [both, apart]


def test_a_word_is_not_put_together_from_title_and_body_or_from_far_pairs(post):
    post("주민", "자치")
    post("주민자", "민자치")
    assert search.search("주민자치") == []


def test_words_in_the_title_come_first_then_the_newer(post):
    old_title = post("빗물저금통", "")
    body = post("물", "빗물저금통을 달자")
    new_title = post("빗물저금통 둘", "")
    assert search.search("빗물저금통") == [new_title, old_title, body]


def test_one_syllable_and_a_dong_with_its_number_are_found(post):
    rain = post("빗물", "시흥4동")
    assert search.search("물") == [rain]
    assert search.search("시흥4동") == [rain]
    assert search.search("시흥5동") == []


def test_a_hidden_matter_is_never_found_nor_suggested(post):
    hidden = post("보행로에 조명을", "밤길")
    Matter.objects.filter(pk=hidden).update(hidden_at=AT)
    assert search.search("보행로") == []
    assert search.suggest("보행로에 조명을") == []


def test_a_removed_matter_comes_back_when_it_is_indexed_again(post):
    lamp = post("보행로에 조명을", "밤길")
    search.remove(lamp)
    search.remove(lamp)
    assert (search.search("보행로"), search.suggest("보행로에 조명을")) == ([], [])
    search.index(lamp, "보행로에 조명을", "밤길", AT)
    assert (search.search("보행로"), search.suggest("보행로에 조명을")) == ([lamp], [(lamp, 1.0)])


def test_new_words_take_the_place_of_the_old(post):
    matter = post("보행로에 조명을", "밤길")
    search.index(matter, "놀이터에 그늘을", "한낮", AT)
    assert (search.search("보행로"), search.search("밤길"), search.search("그늘")) == ([], [], [matter])
    assert search.suggest("보행로에 조명을") == []
    search.remove(matter)
    assert search.suggest("놀이터에 그늘을") == []


def test_what_is_rolled_back_was_never_findable(post):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post("보행로에 조명을")
        1 / 0  # noqa: B018
    assert search.search("보행로") == []
    assert search.suggest("보행로에 조명을") == []


def test_filters_narrow_what_is_found(post, city, process):
    gu = Place.objects.create(code="11A", name="금천구", level="gu", parent=city, valid_from=date(1995, 3, 1))
    here = post("보행로", place=gu)
    decided = post("보행로", station="decide")
    assert search.search("보행로", places=[gu.pk]) == [here]
    assert search.search("보행로", station="decide") == [decided]
    assert search.search("보행로", process=process.pk) == [decided, here]
    assert search.search("보행로", process=process.pk + 1) == []
    assert search.search("보행로", places=[]) == []


def test_pages_follow_each_other_without_a_gap_when_few_are_found(post):
    ids = [post("보행로") for _ in range(5)]
    in_body = post("길", "보행로")
    first = search.search("보행로", limit=3)
    second = search.search("보행로", limit=3, before=first[-1])
    assert first + second == [*reversed(ids), in_body]


def test_many_hits_come_newest_first_page_by_page(post):
    ids = [post("보행로 조명" if number % 2 else "길", "보행로 조명") for number in range(RANKED + 30)]
    pages, last = [], None
    while page := search.search("보행로 조명", limit=50, before=last):
        pages += page
        last = page[-1]
    assert pages == ids[::-1]


def test_matters_far_apart_are_found_whatever_lies_between(post):
    ids = [post("보행로에 조명을", pk=number) for number in (3, 1_000, 1_025, 9_000, 17_000, 40_000, 1_000_000)]
    assert search.search("보행로") == ids[::-1]
    assert search.search("보행로에", limit=2, before=9_000) == [1_025, 1_000]


HOSTILE = ["", " ", "😀" * 1_000_000, "\0\0", '" OR 1=1; --', "' & | ! <-> :*", "NEAR( AND OR NOT", "*", "%_",
           "가" * 500, "\u202e행보", "\ud800", "title : 보행로", "습니다" * 60, "a\u0301" * 10_000,
           "{title}"]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_query_or_text_breaks_nothing(post, query):
    lamp = post("보행로", "조명")
    assert search.search(query) in ([], [lamp])
    assert {found for found, _ in search.suggest(query, query)} <= {lamp}
    odd = post(query[:120].replace("\0", "").replace("\ud800", ""), query)
    assert search.search("보행로 조명") in ([lamp], [odd, lamp])
    search.remove(odd)


def test_a_syllable_repeated_without_end_is_indexed(post):
    long = post("가" * 120, "아" * 20_000)
    assert search.search("아아아") == [long]
    assert search.search("가가가가") == [long]


def test_the_answer_is_that_of_reading_every_text(post):
    chance = random.Random(47)
    syllables = "가나다라"

    def run() -> str:
        return "".join(chance.choice(syllables) for _ in range(chance.randint(1, 4)))

    texts = {}
    for _ in range(150):
        title, body = " ".join(run() for _ in range(2)), " ".join(run() for _ in range(5))
        texts[post(title, body)] = (title, body)
    for _ in range(80):
        words = [run() for _ in range(chance.randint(1, 3))]
        found = [
            (all(word in title for word in words), number)
            for number, (title, body) in texts.items()
            if all(word in title or word in body for word in words)
        ]
        few = sorted(found, reverse=True)
        many = sorted(found, key=lambda hit: hit[1], reverse=True)
        wanted = [number for _, number in (few if len(found) <= RANKED else many)]
        assert search.search(" ".join(words), limit=200) == wanted


@pytest.mark.parametrize(
    "typed",
    [
        "보행로에 조명이 필요합니다",
        "보행로 조명",
        "보행로에조명을달아주세요",
        "보행로에 조병을 달아 주세오",
        "어두운 보행로에 조명을",
    ],
)
def test_one_like_mine_is_suggested_while_i_type(post, typed):
    lamp = post("보행로에 조명을 달아 주세요", "밤길이 어둡습니다")
    for other in ("청년 주거비를 지원해 주세요", "놀이터에 그늘막을 달아 주세요", "빗물저금통을 늘려 주세요"):
        post(other)
    assert search.suggest(typed)[0][0] == lamp
    assert all(score >= FLOOR for _, score in search.suggest(typed))


def test_the_likest_comes_first_and_of_equals_the_newer(post):
    first = post("시흥4동 빗물저금통을 늘려 주세요")
    second = post("시흥4동 빗물저금통을 늘려 주세요")
    third = post("시흥4동 빗물저금통 그리고 텃밭")
    typed = "시흥4동 빗물저금통을 늘려 주세요"
    assert [found for found, _ in search.suggest(typed)] == [second, first, third]
    assert [found for found, _ in search.suggest(typed, apart_from=second, limit=1)] == [first]


def test_nothing_typed_suggests_nothing(post):
    post("보행로")
    assert search.suggest("") == []
    assert search.suggest("?!") == []


def test_a_question_costs_the_same_number_of_queries_at_any_size(post, django_assert_max_num_queries):
    for _ in range(3):
        post("보행로에 조명을", "밤길")
        with django_assert_max_num_queries(4):
            search.search("보행로에")
        with django_assert_max_num_queries(1):
            search.suggest("보행로에 조명을")


def test_a_phrase_in_a_thousand_texts_is_answered_quickly(post):
    ids = [post("보행로에 조명을 달아 주세요", "밤길이 어둡습니다 " * 10) for _ in range(1_000)]
    start = time.process_time()
    assert search.search("어둡습니다") == ids[: -21 : -1]
    assert time.process_time() - start < 0.2
    assert connection.vendor in ("sqlite", "postgresql")
