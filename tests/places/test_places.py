"""Places: Seoul as it was on any day, and other cities by CSV."""

import csv
from datetime import date
from io import BytesIO

import pytest

from madang.methods.korean import place_name
from madang.places.load import SEOUL, BadFile, load_csv, read
from madang.places.models import Place
from madang.places.queries import alive, ancestors, find, named, path_name, regions_of, within
from madang.places.tiles import COLUMNS, ROWS, TILES

pytestmark = pytest.mark.django_db
YEAR_END = date(2018, 12, 31)


@pytest.fixture
def seoul():
    return load_csv(SEOUL)


def csv_of(*lines: str, heading: str = "code,name,level,parent,valid_from,valid_to") -> bytes:
    return "\n".join([heading, *lines]).encode()


CITY = "41,수원시,city,,2000-01-01,"
GU = "41A,팔달구,gu,41,2000-01-01,"


def refusal(content: bytes) -> list[tuple[int, str]]:
    before = Place.objects.count()
    with pytest.raises(BadFile) as bad:
        load_csv(content)
    assert Place.objects.count() == before
    assert all(wrong.words() for wrong in bad.value.wrongs)
    return [(wrong.line, wrong.code) for wrong in bad.value.wrongs]


def test_424_dong_were_alive_on_the_last_day_of_2018(seoul):
    assert alive("dong", YEAR_END).count() == 424
    assert alive("gu", YEAR_END).count() == 25
    assert alive("city", YEAR_END).count() == 1


@pytest.mark.parametrize(
    ("day", "count"),
    [("2013-12-31", 423), ("2019-01-01", 424), ("2020-01-01", 425), ("2021-07-01", 426), ("2023-05-01", 426)],
)
def test_each_day_has_its_own_dong(seoul, day, count):
    assert alive("dong", date.fromisoformat(day)).count() == count


def test_every_dong_of_2018_lies_in_a_gu_of_the_same_code(seoul):
    for dong in alive("dong", YEAR_END).select_related("parent"):
        assert dong.parent.level == "gu"
        assert dong.code[:5] == dong.parent.code[:5]


def test_a_dong_that_ended_on_new_years_day_was_alive_the_day_before(seoul):
    assert find("1130559000", YEAR_END).official_name == "번제1동"
    with pytest.raises(Place.DoesNotExist):
        find("1130559000", date(2019, 1, 1))
    assert find("1130559500", date(2019, 1, 1)).name == "번1동"


def test_a_dong_is_called_by_its_whole_path(seoul, settings):
    dong = find("1154570000", YEAR_END)
    assert dong.official_name == "시흥제4동"
    assert path_name(dong) == "서울특별시 금천구 시흥4동"
    assert [place.name for place in ancestors(dong)] == ["서울특별시", "금천구"]
    from django.utils.translation import override

    with override("en"):
        assert path_name(dong) == "Siheung4-dong, Geumcheon-gu, Seoul"


def test_two_dong_of_one_name_are_told_apart_by_their_gu(seoul):
    assert [place.parent.name for place in named("신사동", YEAR_END)] == ["관악구", "강남구"]
    assert [place.code for place in named("강남구 신사동", YEAR_END)] == ["1168051000"]
    assert named("", YEAR_END) == []


def test_within_a_gu_are_its_dong_and_within_a_region_its_gu_and_their_dong(seoul, django_assert_max_num_queries):
    geumcheon = find("1154500000", YEAR_END)
    with django_assert_max_num_queries(2):
        inside = within(geumcheon)
    assert len([dong for dong in alive("dong", YEAR_END) if dong.pk in set(inside)]) == 10
    west = find("11-gender-2", YEAR_END)
    with django_assert_max_num_queries(2):
        assert set(inside) < set(within(west))
    city = find("1100000000", YEAR_END)
    assert len(within(city)) == Place.objects.count()


def test_every_gu_is_in_one_gender_region_and_one_living_region_of_2018(seoul):
    schemes = {gu.name: [region.scheme for region in regions_of(gu, YEAR_END)] for gu in alive("gu", YEAR_END)}
    assert all(found.count("젠더거버넌스 5권역") == 1 for found in schemes.values())
    assert all(found.count("생활권 5권역") == 1 for found in schemes.values())
    assert [name for name, found in schemes.items() if "NPO지원센터 권역" in found] == [
        "중랑구", "성북구", "강북구", "도봉구", "노원구",
    ]  # fmt: skip
    dong = find("1135056000", YEAR_END)
    assert [region.name for region in regions_of(dong, YEAR_END)] == ["북부", "동북권", "동북권"]


def test_loading_seoul_again_changes_nothing(seoul):
    again = load_csv(SEOUL)
    assert (again.added, again.changed) == ([], [])


def test_english_names_are_those_the_romanizer_writes():
    with SEOUL.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["level"] != "region":
                assert row["name_en"] == place_name(row["name"])


def test_the_tile_map_holds_each_gu_once(seoul):
    assert sorted(TILES) == [gu.code for gu in alive("gu", YEAR_END)]
    assert len(set(TILES.values())) == 25
    assert all(0 <= column < COLUMNS and 0 <= row < ROWS for column, row in TILES.values())


def test_a_city_from_a_korean_spreadsheet_is_read_with_bom_and_in_cp949():
    text = "\r\n".join(["code,name,level,parent,valid_from", "41,수원시,city,,20000101", "41A,팔달구,gu,41,20000101"])
    assert [row.name for row in read(text.encode("utf-8-sig"))] == ["수원시", "팔달구"]
    load_csv(BytesIO(text.encode("cp949")))
    assert path_name(find("41A", YEAR_END)) == "수원시 팔달구"
    assert find("41A", YEAR_END).name_en == "Paldal-gu"


def test_children_may_stand_before_their_parents():
    load_csv(csv_of(GU, CITY))
    assert find("41A", YEAR_END).parent.code == "41"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([CITY, "41A,팔달구,gu,99,2000-01-01,"], (3, "parent")),
        ([CITY, "41A,팔달구,gu,41,1999-01-01,"], (3, "parent")),
        ([CITY, GU, "41B,가구,gu,41A,2000-01-01,"], (4, "parent")),
        ([CITY, GU, GU], (4, "duplicate")),
        ([CITY, GU, "41A,팔달구,gu,41,2010-01-01,"], (4, "overlap")),
        (["41,수원시,city,,2000-01-01,2010-01-01", GU], (3, "outlives")),
        (["41,수원시,city,,2000-13-01,"], (2, "date")),
        (["41,수원시,city,,2000-01-01,2000-01-01"], (2, "ends-before")),
        (["41,=1+1,city,,2000-01-01,"], (2, "formula")),
        (["@41,수원시,city,,2000-01-01,"], (2, "formula")),
        (["41,수원\u202e시,city,,2000-01-01,"], (2, "name")),
        (["41,<b>수원</b>,city,,2000-01-01,"], (2, "name")),
        (["41;,수원시,city,,2000-01-01,"], (2, "code")),
        (["41,수원시,town,,2000-01-01,"], (2, "level")),
        (["41,수원시,city,,2000-01-01"], (2, "cells")),
        (["41,동부,region,,2000-01-01,"], (2, "scheme")),
        ([], (0, "empty")),
    ],
)
def test_a_wrong_line_refuses_the_whole_file(lines, expected):
    assert refusal(csv_of(*lines)) == [expected]


def test_a_region_names_gu_that_exist():
    heading = "code,name,level,parent,valid_from,scheme,members"
    assert refusal(
        csv_of("41,수원시,city,,2000-01-01,,", "41-r,동부,region,41,2000-01-01,권역,41Z", heading=heading)
    ) == [(3, "member")]


def test_strange_columns_binary_and_huge_files_are_refused():
    assert refusal(b"code,name\n1,2\n") == [(1, "columns")]
    assert refusal(csv_of(CITY, heading="code,name,level,parent,valid_from,mayor")) == [(1, "columns")]
    assert refusal(b"\x00\x01\xff\xfe" * 100) == [(0, "encoding")]
    assert refusal(b"") == [(1, "columns")]
    assert refusal(b"x" * 5_000_001) == [(0, "too-large")]


def test_every_wrong_line_is_named_up_to_twenty():
    wrongs = refusal(csv_of(*[f"{n},수원시,town,,2000-01-01," for n in range(50)]))
    assert wrongs == [(line, "level") for line in range(2, 22)]


def test_a_known_place_may_end_but_not_become_another(seoul):
    heading = "code,name,level,parent,valid_from,valid_to,official_name"
    ended = csv_of("1154570000,시흥4동,dong,1154500000,1995-03-01,2030-01-01,시흥제4동", heading=heading)
    assert [place.name for place in load_csv(ended).changed] == ["시흥4동"]
    assert find("1154570000", date(2029, 12, 31)).valid_to == date(2030, 1, 1)
    renamed = csv_of("1154570000,새말동,dong,1154500000,1995-03-01,2030-01-01,시흥제4동", heading=heading)
    assert refusal(renamed) == [(2, "differs")]
