"""Who is there when a journey begins: bodies with clerks, a civic group, citizens."""

from typing import Any

SAYS = "현장을 두 번 살펴보았고 보행로 열두 곳이 기준 밝기에 못 미치는 것을 확인하여 받아들입니다."
STEP = "안전총괄과가 설치할 자리를 정해 주민에게 알립니다."
TITLE, PROBLEM, IDEA = (
    "보행로 조명을 밝게",
    "밤에 골목이 어두워 다니기 무섭습니다.",
    "골목마다 낮은 조명을 달아 주세요.",
)


def peopled(house: Any, key: str, recipe: str, name: str) -> None:
    """민주주의 서울 of an edition, with its own bodies and people (their addresses carry the key)."""
    bodies = {
        "operator": ("운영팀", "public", ["주무관"]),
        "panel": ("의제선정단", "civil", ["위원", "위원", "위원"]),
        "mayor": ("시장실", "public", ["시장"]),
        "safety": ("안전총괄과", "public", ["과장"]),
        "neighbours": ("골목 주민모임", "civil", ["대표"]),
    }
    staffed(house, key, bodies)
    house.do(
        "open_process",
        recipe=recipe,
        key=key,
        name=name,
        parts={part: f"{key}-{part}" for part in ("operator", "panel", "mayor")},
    )


def staffed(house: Any, key: str, bodies: dict[str, tuple[str, str, list[str]]]) -> None:
    for part, (called, side, posts) in bodies.items():
        house.do("body", key=f"{key}-{part}", name=f"{called}({key})", side=side)
        for n, post in enumerate(posts):
            email = f"{part}{n}@{key}.example.org"
            house.do("person", email=email, name=f"{called} {post} {n + 1}")
            house.do(
                "seat",
                email=email,
                body=f"{key}-{part}",
                post=post,
                side="public" if post == "공공위원" else "civil" if side == "joint" else side,
            )


def proposes(walker: Any, process: str, title: str = TITLE) -> Any:
    """From the front door to a published proposal, for somebody already known and made sure of."""
    walker.arrives().clicks("제안하기").clicks(process)
    walker.writes("제목", title).writes("무엇이 문제인가요", PROBLEM).writes("어떻게 하면 좋을까요", IDEA).chooses(
        "분야", "안전"
    )
    walker.sends()
    if "비슷한 의제가 있습니다" in walker.shows():
        walker.marks("비슷한 제안을 살펴보았고").sends()
    return walker
