"""The demo town: its people, bodies and processes, and a way to let many stories happen in the order of time.

1. Everything that happens is an act at its true past moment, through the door "demo"; the clock acts as the clock.
2. A story is a generator: it yields the moment it waits for and goes on when all earlier moments of others are over.
3. What would happen after now does not happen: a story simply stops where the present is.
"""

import heapq
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.utils.timezone import get_default_timezone

from madang.access import By
from madang.bodies.models import Body
from madang.people.models import Person
from madang.places.models import Place
from madang.places.queries import named
from madang.processes.models import Process

Story = Generator[datetime, None, None]


@dataclass
class Town:
    """What the stories share. `people` by the key of their account, `crowd` the many, `authors` those who propose."""

    today: date
    city: Place
    people: dict[str, Person] = field(default_factory=dict)
    crowd: list[Person] = field(default_factory=list)
    authors: list[Person] = field(default_factory=list)
    bodies: dict[str, Body] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    seated: dict[str, list[Person]] = field(default_factory=dict)

    def day(self, ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """That many days before today, in the city's time."""
        return datetime.combine(self.today - timedelta(days=ago), time(hour, minute), tzinfo=get_default_timezone())

    @cached_property
    def now(self) -> datetime:
        """The present of the town: the first moment of today; nothing is entered later."""
        return self.day(0, 0)

    def place(self, words: str) -> Place:
        """'금천구 시흥4동' or '서울특별시'."""
        return self.city if words == self.city.name else named(words, self.today)[0]

    def do(self, act: Callable[..., Any], who: Person | None, at: datetime, on: Any, **given: Any) -> Any:
        """One act by somebody of the town (None: the clock)."""
        return act(By(who, at, "demo" if who else "clock"), on, **given)


def happen(stories: Iterable[Story], until: datetime) -> None:
    """Let the stories happen together, each step at its moment, up to `until`. ValueError if one steps back in time."""
    waiting: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        _wait(waiting, number, story)
    last = None
    while waiting:
        at, number, story = heapq.heappop(waiting)
        if last is not None and at < last:
            raise ValueError(f"A story steps back in time, from {last} to {at}.")
        last = at
        if at >= until:
            story.close()
            continue
        _wait(waiting, number, story)


def _wait(waiting: list[tuple[datetime, int, Story]], number: int, story: Story) -> None:
    at = next(story, None)
    if at is not None:
        heapq.heappush(waiting, (at, number, story))
