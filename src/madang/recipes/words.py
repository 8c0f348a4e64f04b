"""The closed vocabulary of recipes: every word a recipe may use, and which of them are already built.

1. A word that is not here, or not in the Vocabulary given to the reader, stops the load.
2. Acts, roles, counters, methods and indicators belong to the rooms: the doors hand them in as a Vocabulary. The copy
   in `vocabulary.toml` serves whoever has no rooms at hand: tests, the `check` command, an official with an editor.
3. A recipe that runs uses built words only; a recipe on paper may also use planned ones. The house's planned words
   include its built ones, so that a recipe on paper reads the same however many rooms are loaded.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

CLOSED = "closed"  # this branch of the matter ends; the matter ends with its last branch
WAITS = "waits"  # this branch ends and the matter goes on along another that is certain to be open
REACHED = "reached"  # the outcome of a phase whose time ran out after a gate was passed
ENDS = (CLOSED, WAITS)

KINDS = {
    "channel": "참여 창구",
    "assembly": "의회·총회",
    "budget": "참여예산",
    "plan": "계획",
    "committee": "위원회",
    "compact": "협약",
    "evaluation": "평가",
    "contract": "민간위탁",
    "disclosure": "정보공개",
    "governance": "민관 거버넌스",
    "charter": "살림 규칙",
}
BODY_KINDS = {
    "advisory": "자문",
    "reviewing": "심의",
    "deciding": "의결",
    "self-governing": "자치",
    "consultative": "협의",
    "judging": "심사",
    "panel": "평가단·선정단",
}
STATIONS = ("제안", "숙의", "결정", "집행", "평가")
SIDES = {"civil": "민", "public": "관", "council": "의회", "joint": "민관 공동"}
LEVELS = {"city": "시", "region": "권역", "gu": "자치구", "dong": "행정동", "any": "어디나"}
STATUSES = ("runs", "paper")
AFTER = {"opened": "단계가 열린 날부터", "phase-end": "단계 기간이 끝난 날부터", "before-window": "기간이 시작하기 전"}
AT = {"once": "넘는 즉시", "end": "단계가 끝날 때"}
OPENS = {"on-submit": "의제가 제안되면", "on-open": "과정이 열리면"}
BALLOT_OVER = {"edition": "회차의 의제를 한 투표지에", "matter": "의제마다 한 투표"}
CHANNELS = {"online": "온라인", "booth": "사전투표소", "onsite": "현장"}
INTERIM = {"hidden": "마감까지 숨김", "open": "공개"}
SECRECY = {"signed-in": "로그인하고 내는 표", "sealed": "봉한 표"}
UTILITIES = {"cost": "뽑힌 사업에 드는 돈", "cardinality": "뽑힌 사업의 수", "scores": "준 점수", "borda": "매긴 순위"}
COMPLETIONS = {
    "none": "남은 돈은 남김",
    "add1": "1원씩 더해 다시 셈",
    "add1u": "1원씩 더한 뒤 표가 많은 차례로",
    "utilitarian": "남은 돈은 표가 많은 차례로",
}
VISIBILITY = {"public": "공개", "private": "당사자만"}
ROUTES = ("당연직", "추천", "공모", "추첨", "선출")
TIME_UNITS = {"hours": "시간", "days": "일", "working-days": "근무일", "months": "개월", "years": "년"}
COUNT_UNITS = {
    "people": "명",
    "percent": "%",
    "points": "점",
    "votes": "표",
    "seats": "자리",
    "times": "번",
    "rounds": "회차",
    "won": "원",
    "bodies": "개 기구",
    "characters": "자",
    "age": "살",
}
UNITS = TIME_UNITS | COUNT_UNITS
TERMS = ("days", "working-days", "months")
HOUSE_VALUES: dict[str, tuple[str, ...]] = {
    "most_transfers": ("times",),
    "extension_days": TERMS,
    "escalation_days": ("days", "working-days"),
    "appeal_days": TERMS,
    "edits_until": ("people",),
    "reply_reason_least": ("characters",),
    "reply_step_least": ("characters",),
    "reply_step_years": ("years",),
    "change_answer_days": TERMS,
    "change_budget_percent": ("percent",),
    "use_report_days": TERMS,
}
"""Numbers the charter must give, in these units; a recipe may give its own, which then counts in its processes."""
VALUES_OF_ACTS = {
    "evaluation.reopen": ("reopen_supports",),
    "duties.transfer": ("most_transfers",),
    "duties.extend": ("extension_days",),
    "duties.escalate": ("escalation_days",),
    "deliberation.appeal": ("appeal_days",),
    "proposals.edit": ("edits_until",),
    "decisions.reply": ("reply_reason_least", "reply_step_least", "reply_step_years"),
    "decisions.close_ballot": ("use_report_days",),
    "execution.change": ("change_answer_days", "change_budget_percent"),
}
"""Values a room asks for by name when somebody may do the act; what HOUSE_VALUES lists is the recipe's to give or leave."""
ACTS_OF_THE_HOUSE = ("duties.escalate", "deliberation.appeal")
"""Acts the charter lets happen in every process, whether or not its own recipe names them."""


def asked_of(acts: Iterable[str]) -> set[str]:
    """The names of the values that rooms ask of an institution with these acts."""
    return {name for act in (*acts, *ACTS_OF_THE_HOUSE) for name in VALUES_OF_ACTS.get(act, ())}


NOBODY_SPECIAL = frozenset(
    {"anyone", "member", "verified", "resident", "proposer", "supporter", "clock", "oneself", "writer", "participant"}
)
"""Roles a person has for being who they are; none of them answers for a body's duty."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the rooms can do. `acts` gives each act the outcomes with which it may end a phase (none: it ends nothing).

    `features` are the parts of the recipe grammar that need machinery beyond phases, gates and duties; `planned` holds
    the words that only a recipe on paper may use.
    """

    acts: Mapping[str, tuple[str, ...]] = field(hash=False)
    roles: frozenset[str]
    counters: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()
    planned: Vocabulary | None = None

    def ending_acts(self) -> dict[str, tuple[str, ...]]:
        """The acts that end a phase, with their outcomes."""
        return {act: outcomes for act, outcomes in self.acts.items() if outcomes}


@cache
def house_vocabulary() -> Vocabulary:
    """The vocabulary written in `vocabulary.toml`, for use where no rooms are loaded."""
    text = resources.files("madang.recipes").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    built, planned = tables["runs"], tables["planned"]
    return _vocabulary(built, _vocabulary({group: built[group] | planned[group] for group in built}, None))


def _vocabulary(table: Mapping[str, Mapping[str, object]], planned: Vocabulary | None) -> Vocabulary:
    return Vocabulary(
        acts={str(act): tuple(_strings(outcomes)) for act, outcomes in table["acts"].items()},
        roles=frozenset(table["roles"]),
        counters=frozenset(table["counters"]),
        methods=frozenset(table["methods"]),
        indicators=frozenset(table["indicators"]),
        features=frozenset(table["features"]),
        planned=planned,
    )


def _strings(values: object) -> list[str]:
    return [str(value) for value in values] if isinstance(values, list) else []
