"""Names of places in Latin letters, against the official names."""

import pytest

from madang.methods.korean import place_name, romanize

GU = """
종로구 Jongno-gu 중구 Jung-gu 용산구 Yongsan-gu 성동구 Seongdong-gu 광진구 Gwangjin-gu 동대문구 Dongdaemun-gu
중랑구 Jungnang-gu 성북구 Seongbuk-gu 강북구 Gangbuk-gu 도봉구 Dobong-gu 노원구 Nowon-gu 은평구 Eunpyeong-gu
서대문구 Seodaemun-gu 마포구 Mapo-gu 양천구 Yangcheon-gu 강서구 Gangseo-gu 구로구 Guro-gu 금천구 Geumcheon-gu
영등포구 Yeongdeungpo-gu 동작구 Dongjak-gu 관악구 Gwanak-gu 서초구 Seocho-gu 강남구 Gangnam-gu 송파구 Songpa-gu
강동구 Gangdong-gu
"""
DONG = """
시흥4동 Siheung4-dong 신림동 Sillim-dong 왕십리도선동 Wangsimnidoseon-dong 청량리동 Cheongnyangni-dong
길음1동 Gireum1-dong 압구정동 Apgujeong-dong 역삼1동 Yeoksam1-dong 답십리1동 Dapsimni1-dong 공릉2동 Gongneung2-dong
문래동 Mullae-dong 북아현동 Bugahyeon-dong 목1동 Mok1-dong 낙성대동 Nakseongdae-dong 명동 Myeong-dong
일원본동 Irwonbon-dong 불광1동 Bulgwang1-dong 한강로동 Hangangno-dong 월곡1동 Wolgok1-dong 여의동 Yeoui-dong
종로1·2·3·4가동 Jongno1.2.3.4ga-dong 정릉1동 Jeongneung1-dong 흑석동 Heukseok-dong
"""



def pairs(words: str) -> list[tuple[str, str]]:
    return list(zip(words.split()[::2], words.split()[1::2], strict=True))


@pytest.mark.parametrize(("korean", "english"), pairs(GU))
def test_the_25_gu_have_their_official_names(korean, english):
    assert place_name(korean) == english


@pytest.mark.parametrize(("korean", "english"), pairs(DONG))
def test_dong_are_written_by_sound(korean, english):
    assert place_name(korean) == english


@pytest.mark.parametrize(
    ("korean", "english"),
    [*pairs("서울특별시 Seoul 부산광역시 Busan 수원시 Suwon-si 가평군 Gapyeong-gun 구 Gu"), ("", "")],
)
def test_cities_and_edges(korean, english):
    assert place_name(korean) == english


@pytest.mark.parametrize(
    ("korean", "english"),
    [("독립문", "dongnimmun"), ("설날", "seollal"), ("백마", "baengma"), ("해돋이", "haedodi"), ("ABC 가", "ABC ga")],
)
def test_neighbouring_sounds_change_each_other(korean, english):
    assert romanize(korean) == english
