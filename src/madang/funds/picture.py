"""The picture of money on its way: promised ≠ voted ≠ enacted ≠ spent, step by step, with why.

1. A step is a stage that has come; its bar is drawn against the largest of all, beside the one before.
2. What lies between two steps of a pot is told whole: amounts that changed, lines that went no further, lines that came
   in at this step; the three add up to the difference, to the won.
3. Pure: amounts in, geometry and figures out. The drawing and the table stand on the same steps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

WIDTH, ROW, TOP = 320, 58, 26  # of the drawing: its width, the height of a step, where its first bar begins


@dataclass(frozen=True, slots=True)
class Why:
    """Why one line of the pot is worth more or less than at the step before (`title` with an address for the page)."""

    title: str
    number: str
    change_krw: int
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One stage that has come. In the drawing: `y`, `wide` now, `before` the bar of the step before (both in pixels).

    `lines`: how many lines stand behind it (None: not told) · `changed_krw` of lines worth another amount now ·
    `ended_krw` of lines that are closed without coming here, `waiting_krw` of those not here yet · `joined_krw` of lines
    that begin here. The four add up to `change_krw`.
    """

    name: str
    krw: int
    lines: int | None = None
    on: date | None = None
    source: str = ""
    reason: str = ""
    change_krw: int | None = None
    changed_krw: int = 0
    ended_krw: int = 0
    ended: int = 0
    waiting_krw: int = 0
    waiting: int = 0
    joined_krw: int = 0
    joined: int = 0
    whys: tuple[Why, ...] = ()
    y: int = 0
    wide: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """Steps in order, and the size of the drawing."""

    steps: tuple[Step, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Walked:
    """One line's way through the stages: stage → amount, stage → reason; whether its 의제 is closed."""

    title: str
    number: str
    closed: bool
    krw: dict[str, int]
    reasons: dict[str, str]


def drawn(steps: Sequence[Step]) -> Picture:
    """Give each step its place: bars to scale, the largest as wide as the drawing."""
    largest = max((step.krw for step in steps), default=0) or 1
    placed, before = [], 0
    for index, step in enumerate(steps):
        wide = step.krw * WIDTH // largest
        change = step.change_krw if step.change_krw is not None or not index else step.krw - steps[index - 1].krw
        placed.append(replace(step, y=TOP + ROW * index, wide=wide, before=before, change_krw=change))
        before = wide
    return Picture(tuple(placed), WIDTH, TOP + ROW * len(placed))


def stepped(stages: Iterable[tuple[str, str]], walks: Sequence[Walked]) -> list[Step]:
    """The steps of a pot from its lines: `stages` in order as (key, name). A stage nobody has come to is left out.

    A line that skipped a stage stands there with what it was worth before.
    """
    stages = list(stages)
    order = [stage for stage, _name in stages]
    walks = [replace(walk, krw=_through(walk.krw, order)) for walk in walks]
    steps: list[Step] = []
    before = ""
    for stage, name in stages:
        here = [walk for walk in walks if stage in walk.krw]
        if not here:
            continue
        krw = sum(walk.krw[stage] for walk in here)
        steps.append(_between(name, krw, stage, before, walks) if before else Step(name, krw, len(here)))
        before = stage
    return steps


def _through(krw: dict[str, int], order: Sequence[str]) -> dict[str, int]:
    """The amounts with every gap between the first and the last filled by the one before."""
    came = [index for index, stage in enumerate(order) if stage in krw]
    whole: dict[str, int] = {}
    for stage in order[came[0] : came[-1] + 1] if came else ():
        whole[stage] = krw.get(stage, next(reversed(whole.values()), 0))
    return whole


def _between(name: str, krw: int, stage: str, before: str, walks: Sequence[Walked]) -> Step:
    both = [walk for walk in walks if stage in walk.krw and before in walk.krw]
    gone = [walk for walk in walks if stage not in walk.krw and before in walk.krw]
    came = [walk for walk in walks if stage in walk.krw and before not in walk.krw]
    ended, waiting = [walk for walk in gone if walk.closed], [walk for walk in gone if not walk.closed]
    moved = [walk for walk in both if walk.krw[stage] != walk.krw[before]]
    changed = sum(walk.krw[stage] - walk.krw[before] for walk in moved)
    lost, late = sum(walk.krw[before] for walk in ended), sum(walk.krw[before] for walk in waiting)
    new = sum(walk.krw[stage] for walk in came)
    return Step(
        name,
        krw,
        len(both) + len(came),
        change_krw=changed - lost - late + new,
        changed_krw=changed,
        ended_krw=-lost,
        waiting_krw=-late,
        joined_krw=new,
        ended=len(ended),
        waiting=len(waiting),
        joined=len(came),
        whys=tuple(Why(w.title, w.number, w.krw[stage] - w.krw[before], w.reasons.get(stage, "")) for w in moved),
    )
