"""One sentence through 민주주의 서울, both editions, by people who click only what they see."""

import re
import time

import pytest
from seoul import IDEA, PROBLEM, SAYS, STEP, TITLE, peopled

EDITIONS = [
    ("ds-2019", "democracy-seoul@2019-03-26", 500, "5,000"),
    ("ds-2020", "democracy-seoul@2020-03-01", 100, "1,000"),
]


@pytest.mark.parametrize(("key", "recipe", "many", "mayor"), EDITIONS)
def test_a_sentence_goes_from_a_search_to_an_evaluation(house, visitor, comes, key, recipe, many, mayor):
    name = f"민주주의 서울 {key}"
    peopled(house, key, recipe, name)
    home = {
        "sunja": f"sunja@{key}.example.org",
        "clerk": f"operator0@{key}.example.org",
        "officer": f"safety0@{key}.example.org",
    }
    number = _proposes_before_logging_in(house, visitor(), home["sunja"], name, mayor)

    # 공감 50명: 담당 부서를 정하고, 부서가 답한다
    house.do("support", number=number, count=49)
    house.do("person", email=f"fifty@{key}.example.org", name="쉰째 이웃")
    comes(f"fifty@{key}.example.org").goes(f"/m/{number}/").clicks("공감하기").sees("담당 부서 정하기", "운영팀")
    clerk = comes(home["clerk"])
    clerk.desk().sees(TITLE).shot(f"{key}-desk").clicks("담당 부서 지정하기")
    clerk.chooses("담당 부서", f"안전총괄과({key})").sends().sees("부서 답변")
    officer = comes(home["officer"])
    officer.desk().clicks("답변하기").marks("수용").writes("까닭", SAYS).sends().sees("고칠 점").shot(
        f"{key}-reply-refused"
    )
    assert officer.page.get_by_label("까닭").first.input_value() == SAYS
    officer.writes("다음 할 일", STEP)
    officer.page.locator("input[type=date]").first.fill(house.do("today", plus=10))
    officer.sends().goes(f"/m/{number}/").sees("수용", SAYS, STEP, "약속")

    # 공감이 문턱에 닿으면 선정단이 정한다
    house.do("support", number=number, count=many - 51)
    assert "panel" not in house.do("look", number=number)["open"]
    house.do("support", number=number, count=1)
    assert "panel" in house.do("look", number=number)["open"]
    _panel_adopts(house, comes, key, number)
    clerk.desk().clicks("담당 부서 지정하기").chooses("담당 부서", f"안전총괄과({key})").sends()
    clerk.desk().clicks("공론장 열기").writes("공론장의 물음", "골목 조명을 밝게 해야 할까요?").sends()
    _talks(house, comes, key, number)

    # 공론장이 끝나고, 부서가 결과에 답하고, 약속하고, 해내고, 시민이 확인한다
    house.do("days", by=31)
    clerk = comes(home["clerk"])
    clerk.desk().clicks("공론장 닫기").writes("정리", "밝아야 한다는 데 뜻이 모였고 빛 공해는 갈렸습니다.")
    clerk.writes("함께한 것", "밤길이 밝아야 한다").writes("갈린 것", "빛 공해").sends().sees("쟁점")
    officer = comes(home["officer"])
    officer.desk().clicks("답변하기").marks("수용").writes("까닭", SAYS).writes("다음 할 일", STEP)
    officer.page.locator("input[type=date]").first.fill(house.do("today", plus=10))
    officer.sends()
    _promises(house, officer, key, number)
    _carries_out(officer, number)
    witness = f"witness@{key}.example.org"
    house.do("person", email=witness, name="확인하는 이웃")
    comes(witness).goes(f"/m/{number}/").clicks("이루어졌는지 답하기").marks("이루어졌다").sends().sees("이루어졌다")
    house.do("days", by=31)
    clerk = comes(home["clerk"])
    clerk.desk().clicks("평가 맺기").marks("이루어짐을 확인").writes("평가 내용", "약속한 열두 곳이 모두 밝아졌습니다.")
    clerk.writes("활용", "다른 골목에도 같은 기준을 씁니다.").sends()
    assert house.do("look", number=number) | {"participants": 0} == {
        "open": [],
        "outcome": "confirmed",
        "supports": many,
        "participants": 0,
        "station": "evaluate",
        "duties": [],
    }

    # 누구나 한 화면에서 처음부터 끝까지 읽는다
    house.do("sealed")
    reader = visitor().goes(f"/m/{number}/")
    reader.sees(
        TITLE,
        PROBLEM,
        IDEA,
        SAYS,
        STEP,
        "골목 조명을 밝게 해야 할까요?",
        "밤길이 밝아야 한다",
        "열두 곳에 등을 단다",
        "맺음",
    ).shot(f"{key}-done")
    assert not re.search(r"\{\{|\{%|None\b", reader.shows())


def _proposes_before_logging_in(house, new, email, process, mayor):
    """Searches, finds nothing, writes first, joins, is made sure of, and finds the words again."""
    new.arrives().menu("찾기").writes("찾는 말", "보행로 조명").clicks("찾기")
    new.goes("/").clicks("제안하기").sees(mayor).clicks(process)
    new.writes("제목", TITLE).writes("무엇이 문제인가요", PROBLEM).writes("어떻게 하면 좋을까요", IDEA).chooses(
        "분야", "안전"
    )
    new.writes("어느 곳", "시흥4동").sends()
    if "비슷한 의제가 있습니다" in new.shows():
        new.marks("비슷한 제안을 살펴보았고").sends()
    new.sees("쓰신 내용은 그대로 두었습니다").clicks("가입하기", exact=True)
    since = time.time()
    new.writes("이메일", email)
    new.page.locator("main form button").first.click()
    new.page.wait_for_load_state("domcontentloaded")
    new.types_code(house.code_for(email, since)).sees("본인확인이 필요합니다").shot("needs-level")
    since = time.time()
    new.clicks("본인확인 하러 가기").clicks("코드 받기").sends()
    new.writes("확인 코드", house.code_for(email, since)).sends()
    assert new.page.get_by_label("제목").first.input_value() == TITLE
    assert new.page.get_by_label("어떻게 하면 좋을까요").first.input_value() == IDEA
    new.sends()
    if "비슷한 의제가 있습니다" in new.shows():
        new.marks("비슷한 제안을 살펴보았고").sends()
    new.sees(TITLE, "공감", "운영팀").shot("fresh-matter")
    return new.number()


def _panel_adopts(house, comes, key, number):
    member = comes(f"panel0@{key}.example.org")
    member.desk().clicks("의결에 부치기").writes("의결할 물음", "이 의제로 공론장을 열까요?")
    member.page.locator("input[type=date]").first.fill(house.do("today"))
    member.sends()
    resolution = member.page.url
    member.clicks("표결하기").marks("찬성").sends().goes(resolution).clicks("의결 마치기").sees("아직 표결 중입니다")
    for n in (1, 2):
        other = (
            comes(f"panel{n}@{key}.example.org")
            .goes(resolution)
            .clicks("표결하기")
            .marks("찬성" if n == 1 else "반대")
            .sends()
        )
    other.goes(resolution).clicks("의결 마치기").sees("가결").shot(f"{key}-resolution")
    assert "forum-assign" in house.do("look", number=number)["open"]


def _talks(house, comes, key, number):
    email = f"talker@{key}.example.org"
    house.do("person", email=email, name="말하는 이웃")
    talker = comes(email).goes(f"/m/{number}/").clicks("골목 조명을 밝게 해야 할까요?")
    talker.clicks("의견 쓰기").marks("찬성").writes("의견과 까닭", "늦게 일하고 돌아올 때 안심이 됩니다.").writes(
        "근거 주소", "https://example.org/light"
    ).sends()
    assert house.do("look", number=number)["participants"] == 1
    talker.goes(f"/m/{number}/").clicks("골목 조명을 밝게 해야 할까요?").clicks("내 생각 정하기").marks("반대").sends()
    assert house.do("look", number=number)["participants"] == 1
    assert house.do("participate", number=number, count=3) == 4
    talker.goes(f"/m/{number}/").sees("늦게 일하고 돌아올 때").shot(f"{key}-forum")


def _promises(house, officer, key, number):
    officer.desk().clicks("약속하기").writes("약속", "안전총괄과가 골목 열두 곳에 낮은 등을 답니다.").writes(
        "처음 뜻", IDEA
    )
    officer.writes("목표", "열두 곳에 등을 단다").writes("대상", "밤에 걷는 주민").writes("예산", "12,000,000원")
    officer.page.get_by_label("마치는 날").first.fill(house.do("today", plus=60))
    officer.chooses("민간 쪽 맡은이", f"골목 주민모임({key})").chooses("행정 쪽 맡은이", f"안전총괄과({key})")
    officer.writes("단계목표", f"{house.do('today', plus=30)} | 관 | 자리를 정해 설계를 마친다").sends()
    officer.goes(f"/m/{number}/").sees("열두 곳에 등을 단다", "자리를 정해 설계를 마친다")


def _carries_out(officer, number):
    officer.goes(f"/m/{number}/").clicks("단계목표 알리기").writes("한 일", "열두 자리의 설계를 마쳤습니다.").sends()
    officer.goes(f"/m/{number}/").clicks("열두 곳에 등을 단다").clicks("증빙 붙이기").writes(
        "설명", "준공 사진입니다"
    ).writes("주소", "https://example.org/photo").sends()
    officer.goes(f"/m/{number}/").clicks("열두 곳에 등을 단다").clicks("약속 마치기").marks("완료").writes(
        "마치며", "열두 곳이 모두 밝아졌습니다."
    ).sends()
    officer.goes(f"/m/{number}/").sees("완료")
