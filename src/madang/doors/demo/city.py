"""The invented bodies and processes of the demo city, and its clock. All synthetic, none of them like a real one."""

from datetime import date, timedelta

from madang.access import By
from madang.bodies.acts import found
from madang.doors.clock import ends_by_itself, step_reached
from madang.doors.demo.town import Story, Town
from madang.duties import acts, queries
from madang.processes.acts import open_

FOUNDED = 263  # days ago, after the first steward sat down
BODIES = (  # key, name, English name, side, rules
    ("demo-team", "시연 민주주의 서울 운영팀", "Democracy Seoul team (demo)", "public", ""),
    ("demo-panel", "시연 시민 의제선정단", "Citizens' selection panel (demo)", "civil", "agenda-panel"),
    ("demo-mayor", "시연 시장실", "Mayor's office (demo)", "public", ""),
    ("demo-walking", "시연 보행안전과", "Pedestrian Safety Division (demo)", "public", ""),
    ("demo-transit", "시연 대중교통과", "Public Transport Division (demo)", "public", ""),
    ("demo-library", "시연 도서관과", "Libraries Division (demo)", "public", ""),
    ("demo-recycling", "시연 자원순환과", "Resource Recycling Division (demo)", "public", ""),
    ("demo-elders", "시연 어르신돌봄과", "Elder Care Division (demo)", "public", ""),
    ("demo-park", "시연 공원나무과", "Parks and Trees Division (demo)", "public", ""),
    ("demo-housing", "시연 집걱정없는과", "Carefree Housing Division (demo)", "public", ""),
    ("demo-youth-policy", "시연 청년살림과", "Youth Livelihoods Division (demo)", "public", ""),
    ("demo-citizens", "시연 시민이행모임", "Citizens' implementation group (demo)", "civil", ""),
    ("demo-youth-office", "시연 청년정책 담당", "Youth policy office (demo)", "public", ""),
    ("demo-youth-assembly", "시연 청년의회", "Youth assembly (demo)", "civil", "youth-assembly"),
    ("demo-budget-team", "시연 시민참여예산 담당", "Participatory budget team (demo)", "public", ""),
    (
        "demo-budget-committee",
        "시연 시민참여예산위원회",
        "Participatory budget committee (demo)",
        "civil",
        "participatory-budget-committee",
    ),
    ("demo-budget-talks", "시연 민관예산협의회", "Civil-public budget council (demo)", "joint", ""),
    ("demo-budget-school", "시연 예산학교 수료자", "Budget school graduates (demo)", "civil", "budget-school"),
    ("demo-budget-office", "시연 예산담당관", "Budget office (demo)", "public", ""),
)
CHANNEL = {"operator": "demo-team", "panel": "demo-panel", "mayor": "demo-mayor"}
BUDGET = {
    "operator": "demo-budget-team",
    "committee": "demo-budget-committee",
    "talks": "demo-budget-talks",
    "school": "demo-budget-school",
    "budget-office": "demo-budget-office",
}
YOUTH = {"operator": "demo-youth-office", "assembly": "demo-youth-assembly"}
# key → recipe, opened days ago, name, English name, parts, windows (days ago, from and to; negative: still to come)
PROCESSES: dict[str, tuple[str, int, str, str, dict[str, str], dict[str, tuple[int, int]]]] = {
    "democracy-seoul-2019": (
        "democracy-seoul@2019-03-26",
        245,
        "민주주의 서울 (시연)",
        "Democracy Seoul (demo)",
        CHANNEL,
        {},
    ),
    "democracy-seoul-2020": (
        "democracy-seoul@2020-03-01",
        92,
        "민주주의 서울, 고친 판 (시연)",
        "Democracy Seoul, revised (demo)",
        CHANNEL,
        {},
    ),
    "budget-past": (
        "participatory-budget-city",
        242,
        "시민참여예산, 지난 회차 (시연)",
        "Participatory budget, last round (demo)",
        BUDGET,
        {"call": (240, 200), "vote": (165, 145)},
    ),
    "budget-now": (
        "participatory-budget-city",
        125,
        "시민참여예산, 이번 회차 (시연)",
        "Participatory budget, this round (demo)",
        BUDGET,
        {"call": (122, 80), "vote": (8, -13)},
    ),
    "budget-next": (
        "participatory-budget-city",
        12,
        "시민참여예산, 다음 회차 (시연)",
        "Participatory budget, next round (demo)",
        BUDGET,
        {"call": (10, -35), "vote": (-170, -192)},
    ),
    "youth-season": (
        "seoul-youth-assembly",
        105,
        "청년의회, 이번 회차 (시연)",
        "Youth assembly, this session (demo)",
        YOUTH,
        {"prepare": (100, 38), "session": (12, 10)},
    ),
}


def bodies(town: Town) -> None:
    for key, name, name_en, side, rules in BODIES:
        town.bodies[key] = town.do(
            found,
            town.people["steward"],
            town.day(FOUNDED),
            town.city,
            key=key,
            name=name,
            name_en=name_en,
            side=side,
            rules=rules,
            synthetic=True,
        )


def opening(town: Town, key: str) -> Story:
    """The process opens on its day."""
    recipe, ago, name, name_en, parts, windows = PROCESSES[key]
    at = town.day(ago, 8)
    yield at

    def day(before: int) -> date:
        return town.today - timedelta(days=before)

    town.processes[key] = town.do(
        open_,
        town.people["steward"],
        at,
        town.city,
        recipe=recipe,
        key=f"demo-{key}",
        name=name,
        name_en=name_en,
        castings={part: town.bodies[body] for part, body in parts.items()},
        windows={window: (day(opens), day(closes)) for window, (opens, closes) in windows.items()},
        synthetic=True,
    )


def clock(town: Town) -> Story:
    """Each morning what the clock of a running house does: late duties are told, periods that were reached end."""
    for ago in range(245, 0, -1):
        at = town.day(ago, 6)
        yield at
        for duty in list(queries.to_escalate(at.date())):
            if step_reached(duty, at.date()):
                acts.escalate(By(None, at, "clock"), duty)
        for stage in list(queries.over_and_reached(at)):
            if ends_by_itself(stage):
                acts.close_reached(By(None, at, "clock"), stage)
