"""서울청년의회: a season revives a proposal of 2018 from the archive by link, and its department owes a dated reply."""

import pytest
from seoul import PROBLEM, SAYS, STEP, staffed

SEASON, ARCHIVE = "청년의회 올해", "서울청년의회 2018 기록"
OLD = "청년 마음건강 지원"


@pytest.fixture(scope="module")
def season(house):
    """The archive of 2018, a season that runs now, the assembly, the office and a department."""
    staffed(
        house,
        "y",
        {
            "operator": ("청년정책 담당", "public", ["주무관"]),
            "assembly": ("청년의회", "civil", ["의원", "의원", "의원"]),
            "mind": ("건강증진과", "public", ["과장"]),
        },
    )
    parts = {"operator": "y-operator", "assembly": "y-assembly"}
    house.do(
        "open_process", recipe="seoul-youth-assembly@2018-09-02", key="y-2018", name=ARCHIVE, parts=parts, archive=True
    )
    house.do(
        "open_process",
        recipe="seoul-youth-assembly@2018-09-02",
        key="y-now",
        name=SEASON,
        parts=parts,
        windows={"prepare": [0, 60], "session": [61, 75]},
    )
    return house


def test_an_archived_proposal_is_revived_and_answered_by_a_date(season, visitor, comes):
    house = season
    old = house.do(
        "past", process="y-2018", title=OLD, idea="청년에게 마음건강 상담을 지원한다", source="2018 청년의회 자료 5쪽"
    )
    reader = visitor().arrives().menu("찾기").writes("찾는 말", "마음건강").clicks("찾기").clicks(OLD)
    reader.sees("이행 정보 없음", "누구의 지각으로도 세지 않습니다", "2018 청년의회 자료 5쪽").shot("archived")
    reader.misses("지났습니다", "공감하기")

    # 되살리기
    member = comes("assembly0@y.example.org")
    member.arrives().menu("과정").clicks(SEASON, exact=True).clicks("지난 의제 되살리기").writes(
        "되살릴 의제의 번호", "없는 번호"
    ).writes("제목", "청년 마음건강 상담을 다시")
    member.writes("무엇이 문제인가요", PROBLEM).writes("어떻게 하면 좋을까요", "열 번의 상담을 지원해 주세요.").chooses(
        "분야", "청년"
    ).sends()
    member.sees("그 번호의 의제가 없습니다").writes("되살릴 의제의 번호", old).sends()
    if "비슷한 의제가 있습니다" in member.shows():
        member.marks("비슷한 제안을 살펴보았고").sends()
    number = member.number()
    member.sees("되살림", OLD).shot("revived")
    visitor().goes(f"/m/{old}/").sees("되살림", "청년 마음건강 상담을 다시")
    member.arrives().menu("과정").clicks(SEASON, exact=True).clicks("지난 의제 되살리기").writes(
        "되살릴 의제의 번호", old
    ).writes("제목", "또 되살리기")
    member.writes("무엇이 문제인가요", PROBLEM).writes(
        "어떻게 하면 좋을까요", "전혀 다른 말로 된 문장을 여기에 적습니다."
    ).chooses("분야", "청년").sends()
    if "비슷한 의제가 있습니다" in member.shows():
        member.marks("비슷한 제안을 살펴보았고").sends()
    member.sees("이 과정에서 이미 되살린 의제입니다")

    # 부서와 맞추고, 본회의를 지나, 날짜가 있는 답을 빚진다
    operator = comes("operator0@y.example.org")
    operator.desk().clicks("담당 부서 지정하기").chooses("담당 부서", "건강증진과(y)").sends()
    member.goes(f"/m/{number}/").clicks("의결에 부치기").writes("의결할 물음", "본회의에 올릴까요?")
    member.page.locator("input[type=date]").first.fill(house.do("today"))
    resolution = member.sends().page.url
    member.clicks("표결하기").marks("찬성").sends()
    comes("assembly1@y.example.org").goes(resolution).clicks("표결하기").marks("찬성").sends()
    comes("assembly2@y.example.org").goes(resolution).clicks("회피 신고하기").writes(
        "회피하는 까닭", "상담 기관에서 일하고 있습니다"
    ).sends()
    member.goes(resolution).clicks("의결 마치기")
    house.do("days", by=1)
    if house.do("look", number=number)["open"] != ["session"]:
        member.goes(resolution).clicks("의결 마치기").sees("가결")
    operator.goes(f"/m/{number}/").clicks("담당 부서 지정하기").chooses("담당 부서", "건강증진과(y)").sends()
    assert house.do("look", number=number)["duties"] == ["y-mind:decisions.reply"]
    visitor().goes(f"/m/{number}/").sees("건강증진과(y)", "D-")
    officer = comes("mind0@y.example.org")
    officer.desk().sees("청년 마음건강 상담을 다시").clicks("답변하기").marks("부분수용").writes("까닭", SAYS).writes(
        "다음 할 일", STEP
    )
    officer.page.locator("input[type=date]").first.fill(house.do("today", plus=20))
    officer.sends()
    visitor().goes(f"/m/{number}/").sees("부분수용", SAYS).shot("youth-answered")
    assert house.do("look", number=old) | {"station": ""} == {
        "open": [],
        "outcome": "archived",
        "supports": 0,
        "participants": 0,
        "station": "",
        "duties": [],
    }
