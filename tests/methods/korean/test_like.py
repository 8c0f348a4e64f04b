"""The index that answers "is there one like mine?": copies, the same wish in other words, places, coming and going."""

import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.korean import Index, differ, places
from madang.methods.korean.texts import Columns, read_texts
from methods.korean.test_similar import PETITIONS, near_copy

LABELS = Path(__file__).parents[3] / "benchmarks" / "korean_labels.toml"
WISHES = {
    "조명": "시흥4동 보행로에 조명을 달아 주세요", "그늘": "어린이 놀이터에 그늘막을 설치해 주세요", "주거": "청년 주거비를 지원해 주세요",
    "독산": "독산1동 보행로에 조명을 달아 주세요", "텃밭": "옥상에 텃밭을 가꾸게 해 주세요",
}


def index(wishes: dict[str, str]) -> Index:
    made = Index()
    for key, title in wishes.items():
        made.add(key, title)
    return made


def test_the_likest_comes_first_with_its_reason():
    best = index(WISHES).like("놀이터에 그늘막 설치")[0]
    assert (best.key, best.shared) == ("그늘", ("그늘막", "놀이터"))
    assert best.likeness > 0.5


def test_the_same_wording_is_1_and_spaces_do_not_matter():
    best = index(WISHES).like("어린이놀이터에그늘막을설치해주세요")[0]
    assert (best.key, best.likeness, best.copy) == ("그늘", 1.0, 1.0)


def test_the_same_wish_for_another_dong_is_said_to_be_elsewhere_and_stands_lower():
    here, there = index(WISHES).like("시흥4동 보행로 조명 설치")[:2]
    assert (here.key, here.elsewhere, here.places) == ("조명", False, ("시흥4동",))
    assert (there.key, there.elsewhere, there.places) == ("독산", True, ("독산1동",))


def test_a_removed_text_is_never_suggested_and_a_replaced_one_only_in_its_new_words():
    made = index(WISHES)
    made.remove("그늘")
    made.remove("없는 것")
    made.add("텃밭", "옥상에 태양광을 달게 해 주세요")
    assert len(made) == 4
    assert "그늘" not in made
    assert [each.key for each in made.like("놀이터 그늘막", floor=0.2)] == []
    assert made.like("옥상 태양광")[0].key == "텃밭"
    assert made.like("텃밭 가꾸기", floor=0.2) == []


def test_what_is_without_is_not_suggested_and_an_empty_question_finds_nothing():
    made = index(WISHES)
    assert "그늘" not in [each.key for each in made.like("놀이터 그늘막", without={"그늘"})]
    assert made.like("") == made.like("😀!") == []


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(list(WISHES.values())), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_coming_and_going_changes_nothing(titles, chance):
    wishes = {f"{number:02}": title for number, title in enumerate(titles)}
    keys = list(wishes)
    chance.shuffle(keys)
    other = Index()
    for key in keys:
        other.add(key, "다른 말")
        other.add(f"x{key}", wishes[key])
    for key in keys:
        other.add(key, wishes[key])
        other.remove(f"x{key}")
    assert other.like("보행로 조명") == index(wishes).like("보행로 조명")


def test_packing_after_many_removals_forgets_only_what_was_removed():
    made = Index()
    for number in range(3_000):
        made.add(str(number), f"{number}번 골목 가로등")
    for number in range(2_990):
        made.remove(str(number))
    assert len(made) == 10
    assert made.like("2995번 골목 가로등")[0].key == "2995"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("금천구 시흥4동과 독산제1동", ("금천구", "독산1동", "시흥4동")), ("중구에 공원을", ("중구",)),
        ("금천구 가산동의 길", ("가산동", "금천구")),
        ("운동과 활동을 요구합니다", ()), ("성동구치소 터", ()), ("중구난방", ()), ("친구에게", ()), ("아동 노동 반대", ()),
    ],
)
def test_only_names_of_places_are_places(text, found):
    assert places(text) == found


def test_known_names_are_found_and_a_dong_holds_its_numbered_parts():
    assert places("문래동 창작촌 골목", ["문래동"]) == ("문래동",)
    assert not differ(["시흥동"], ["시흥4동"])
    assert differ(["시흥1동"], ["시흥4동"])
    assert not differ(["금천구"], ["시흥4동"])
    assert not differ([], ["시흥4동"])


@pytest.mark.skipif(not PETITIONS, reason="the real petitions are not at hand (MADANG_SHARED)")
def test_copies_and_the_same_wish_in_other_words_are_found_among_real_petitions():
    texts = [text for file in PETITIONS for text in read_texts(file, Columns(key="petition_idx"))]
    made = Index()
    for text in texts:
        made.add(text.key, text.title, text.body)
    chance = random.Random(20260901)
    asked = [text for text in chance.sample(texts, 400) if sum(map(str.isalnum, text.title)) >= 6]
    first = sum(made.like(near_copy(text.title, chance), most=1)[0].key == text.key for text in asked)
    assert first / len(asked) >= 0.98
    same = tomllib.loads(LABELS.read_text("utf-8"))["same"]
    hits = [any(int(each.key) in wish["ids"] for each in made.like(wish["ask"])) for wish in same]
    assert sum(hits) / len(hits) >= 0.90
