"""/patterns/: each component in each state, for those who build pages and for the checks that read them.

Everything shown here is invented and marked so; the day is fixed, so the page is the same on every visit.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.decisions.words import how_to_mark
from madang.doors.web.draw import Bar, Stop, Tile
from madang.methods.ballots.kinds import kinds

TODAY = date(2026, 11, 23)
SEOUL = ZoneInfo("Asia/Seoul")
HOSTILE = "<script>alert(1)</script> \u202e거꾸로 보이는 글\u202c =HYPERLINK() Z\u0351\u0352\u0353\u0354\u0355a"
PLACES = [
    (3, 0, "도봉구", 31),
    (4, 0, "노원구", 44),
    (2, 1, "강북구", 12),
    (3, 1, "성북구", 27),
    (4, 1, "중랑구", 18),
    (0, 2, "강서구", 22),
    (1, 2, "은평구", 39),
    (2, 2, "종로구", 41),
    (3, 2, "동대문구", 9),
    (4, 2, "광진구", None),
]


class Sample(forms.Form):
    """One field of each kind a house form uses."""

    title = forms.CharField(label=_("제목"), max_length=60, help_text=_("무엇을 바꾸고 싶은지 한 줄로 쓰십시오."))
    email = forms.EmailField(label=_("이메일"), required=False)
    place = forms.ChoiceField(
        label=_("어느 동의 일입니까"), choices=[("", _("고르십시오")), ("a", "시흥4동"), ("b", "독산1동")]
    )
    text = forms.CharField(
        label=_("왜 필요합니까"), max_length=2000, widget=forms.Textarea(attrs={"maxlength": 2000}), required=False
    )
    side = forms.ChoiceField(
        label=_("생각"),
        choices=[("for", _("찬성")), ("against", _("반대")), ("other", _("기타"))],
        widget=forms.RadioSelect,
    )
    areas = forms.MultipleChoiceField(
        label=_("분야"),
        choices=[("a", "안전"), ("b", "돌봄"), ("c", "주거")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("여럿을 고를 수 있습니다."),
    )
    day = forms.DateField(label=_("언제까지"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    file = forms.FileField(label=_("근거 자료"), required=False, help_text="PDF, 10 MB")
    agree = forms.BooleanField(label=_("제안이 이름과 함께 공개되는 것에 동의합니다."))


def _at(days: int, hour: int = 10) -> datetime:
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, 5, tzinfo=SEOUL) + timedelta(days=days)


STOPS = [
    Stop(
        "민주주의 서울",
        "propose",
        "공감 모으기",
        "done",
        on=date(2026, 8, 3),
        outcome="30일에 공감 61명",
        url="#journey",
    ),
    Stop("민주주의 서울", "decide", "부서 답변", "done", on=date(2026, 9, 11), outcome="부분수용", owes="보행정책과"),
    Stop("민주주의 서울", "deliberate", "시민 공론장", "done", on=date(2026, 10, 14), outcome="찬성 512 · 반대 201"),
    Stop(
        "시민참여예산",
        "decide",
        "민관심의단",
        "late",
        due_on=date(2026, 11, 19),
        owes="시민참여예산 민관심의단",
        transfer="넘김",
    ),
    Stop("시민참여예산", "execute", "예산 집행", "ahead", due_on=date(2027, 3, 2)),
    Stop("시민참여예산", "evaluate", "시민 확인", "ahead", due_on=date(2027, 9, 1)),
]


def _voice(number: int, side: str, who: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "side": side,
        "who": who,
        "at": _at(-number),
        "text": text,
        "reply_url": "#",
        "report_url": "#",
        **more,
    }


COMMENTS = [
    _voice(
        1,
        "for",
        "김마을",
        "밤 9시가 넘으면 어린이집 앞 골목이 아주 어둡습니다.\n\n조사표: https://example.org/lamp-survey.",
        replies=[
            _voice(
                2,
                "other",
                "이동네",
                "가로등보다 반사경이 먼저라고 생각합니다.",
                replies=[
                    _voice(
                        3,
                        "",
                        "김마을",
                        "둘을 견주어 본 자료가 있을까요?",
                        replies=[_voice(4, "", "박구청", "다음 주까지 올리겠습니다.")],
                    ),
                ],
            ),
        ],
        synthetic=True,
    ),
    _voice(
        5,
        "against",
        HOSTILE,
        HOSTILE,
        evidence=[{"url": "https://example.org/a.pdf", "name": "밝기 조사.pdf", "kind": "PDF", "size": "1.2 MB"}],
    ),
    _voice(6, "", "탈퇴한 참여자", "", hidden="까닭: 다른 사람의 전화번호가 있었습니다. 2026년 11월 20일"),
]


def _paper(kind: str, marked: dict[int, int], **rule: Any) -> dict[str, Any]:
    """A ballot paper of a kind, marked as `marked` says, as its fragment reads it."""
    titles = ("골목 가로등", "버스 정류장 의자", "어린이 놀이터 그늘막", HOSTILE)
    sheets: list[dict[str, Any]] = [
        {"key": "dong", "title": "시흥4동", "most": 1, "pot": 30_000_000},
        {"key": "gu", "title": "금천구", "most": 2, "pot": 250_000_000},
    ]
    lines: list[dict[str, Any]] = [
        {
            "option": {"place": place, "title": title, "cost_krw": 9_000_000 * place if rule.get("pot") or kind == "sheets" else 0},
            "value": marked.get(place, ""),
            "id": f"id_{kind}-{place}",
        }
        for place, title in enumerate(titles, start=1)
    ]
    held = {"dong": lines[:2], "gu": lines[2:]}
    return {
        "kind": kind, "name": kind, "template": f"decisions/papers/{kind}.html", "rule": {"kind": kind, **rule}, "lines": lines,
        "sheets": [sheet | {"lines": held[sheet["key"]]} for sheet in sheets], "how": how_to_mark({"kind": kind, **rule}),
        "called": kinds()[kind].NAME[get_language() == "en"],
    }  # fmt: skip


PAPERS: tuple[tuple[str, dict[int, int], dict[str, int]], ...] = (
    ("yes-no", {1: 1, 2: 0}, {}),
    ("choose-one", {2: 1}, {}),
    ("approval", {1: 1, 3: 1}, {"most": 2}),
    ("ranking", {3: 1, 1: 2}, {}),
    ("scores", {1: 5}, {"points": 5}),
    ("dots", {1: 3, 2: 2}, {"points": 7}),
    ("knapsack", {1: 1}, {"pot": 45_000_000}),
    ("sheets", {1: 1, 3: 1}, {"most": 2}),
)


def context() -> dict[str, Any]:
    """All that patterns.html shows."""
    wrong = str(Sample({"title": "", "email": "아님", "text": "쓰던 글은 그대로 있습니다.", "areas": ["b"]}))
    still = mark_safe(wrong.replace(" autofocus", ""))  # noqa: S308 a rendered form; without the jump to its errors
    stages = [
        {"name": "요구", "amount_krw": 120_000_000, "on": date(2026, 3, 2)},
        {
            "name": "조정",
            "amount_krw": 90_000_000,
            "on": date(2026, 5, 8),
            "change_krw": -30_000_000,
            "reason": "가로등 수를 줄임",
        },
        {"name": "투표", "amount_krw": 90_000_000, "on": date(2026, 7, 1), "change_krw": 0},
        {
            "name": "예산안",
            "amount_krw": 95_000_000,
            "on": date(2026, 11, 1),
            "change_krw": 5_000_000,
            "source": "예산안 412쪽",
        },
        {"name": "의결", "amount_krw": None},
        {"name": "집행", "amount_krw": None},
        {"name": "정산", "amount_krw": None},
    ]
    return {
        "today": TODAY,
        "hostile": HOSTILE,
        "stops": STOPS,
        "comments": COMMENTS,
        "stages": stages,
        "form": Sample(auto_id="ok_%s"),
        "wrong": still,
        "due": {
            "far": TODAY + timedelta(days=28),
            "soon": TODAY + timedelta(days=2),
            "today": TODAY,
            "late": TODAY - timedelta(days=4),
            "kept": TODAY - timedelta(days=9),
        },
        "entries": [
            {
                "at": _at(-1),
                "words": "보행정책과가 기한을 한 번 늘렸습니다.",
                "who": "보행정책과",
                "post": "과장",
                "position": 10482,
                "url": "#",
            },
            {"at": _at(-3, 15), "words": "공감이 50명을 넘어 답변 기한이 생겼습니다.", "position": 10377},
            {"at": _at(-20), "words": "제안이 올라왔습니다.", "who": "김마을", "position": 9120, "synthetic": True},
        ],
        "filters": [
            {
                "name": "station",
                "label": "단계",
                "chosen": "숙의",
                "options": [("", "모두"), ("제안", "제안"), ("숙의", "숙의")],
            },
            {"name": "place", "label": "장소", "chosen": "", "options": [("", "서울 전체"), ("gc", "금천구")]},
            {"name": "due", "label": "기한", "chosen": "", "options": [("", "모두"), ("late", "지난 것")]},
        ],
        "tabs": [
            {"url": "#tabs", "label": "이야기", "count": 3, "current": True},
            {"url": "#tabs", "label": "약속과 돈", "count": 2},
            {"url": "#tabs", "label": "기록", "count": 1204},
        ],
        "crumbs": [("서울특별시", "#"), ("금천구", "#"), ("시흥4동", "#")],
        "columns": [
            {"label": "부서"},
            {"label": "맡은 일", "kind": "num"},
            {"label": "기한 안", "kind": "num"},
            {"label": "늦음", "kind": "num"},
        ],
        "rows": [
            ["보행정책과", "41", "38", "3"],
            ["청년정책담당관", "19", "19", "0"],
            ["시흥4동 주민자치회", "12", "10", "2"],
        ],
        "facts": [("제안한 사람", "김마을"), ("장소", "금천구 시흥4동"), ("규칙", "민주주의 서울 2018년판")],
        "steps": [
            {"label": "쓰기", "state": "done"},
            {"label": "비슷한 제안 보기", "state": "now", "words": "3건 있습니다"},
            {"label": "확인", "state": "ahead"},
            {"label": "올리기", "state": "ahead"},
        ],
        "files": [
            {
                "url": "/files/1/",
                "name": "현장 사진.jpg",
                "kind": "사진",
                "size": "2.1 MB",
                "at": _at(-5),
                "who": "김마을",
            },
            {"url": "https://example.org/law", "name": "보행안전 조례", "kind": "주소", "words": "제7조 제2항"},
            {"name": "협상 검토서", "clause": "정보공개법 제9조 제1항 제5호. 2027년 3월 1일에 공개합니다."},
        ],
        "steps_next": ["같은 뜻의 의제에 공감하기", "2027년 3월에 열리는 다음 과정에 다시 내기"],
        "bars": [
            Bar("보행정책과", 38, 41, "#figures"),
            Bar("청년정책담당관", 19, 19),
            Bar("시흥4동 주민자치회", 10, 12),
        ],
        "tiles": [Tile(*place) for place in PLACES],
        "papers": [_paper(kind, marked, **rule) for kind, marked, rule in PAPERS],
        "badges": ["", "info", "good", "warn", "bad"],
    }


def patterns(request: HttpRequest) -> HttpResponse:
    """The page of all components."""
    return render(request, "patterns.html", context())
