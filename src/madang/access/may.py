"""may(person, act, on, at) → Verdict: read from the frozen recipe, with a reason.

1. Roles come from the recipe's phases that are open for this thing at this time, and from its standing list.
2. What belongs to no process belongs to the charter of the place.
3. Rooms below processes do not know processes: they ask `on.access()` for a Ground.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from madang.access.roles import role_of


class Ground(Protocol):
    """Where an act would happen: what the recipe lets whom do there, then."""

    def roles_for(self, act: str, at: datetime) -> "Iterable[str] | Verdict": ...


_house: list[Callable[[], Ground]] = []


def keeps_house(ground: Callable[[], Ground]) -> Callable[[], Ground]:
    """Register where acts happen that belong to no process: the charter, known to a later room."""
    _house.append(ground)
    return ground


def house() -> Ground:
    """The ground of a person, a place, a body: the house rules."""
    return _house[0]()


@dataclass(frozen=True)
class Verdict:
    """An answer with a reason. `code` is "" when allowed, otherwise a refusal code with words; `role` is the one that opened."""

    allowed: bool
    code: str = ""
    role: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.allowed


def may(person: Any, act: str, on: Any, at: datetime, door: str = "web") -> Verdict:
    """May `person` (None: a visitor, or the clock at its own door) do `act` on `on` at `at`?

    Refusals: process-closed, phase-closed, not-yet-open, not-here (from the ground); needs-login, needs-level, needs-role.
    """
    roles = on.access().roles_for(act, at)
    if isinstance(roles, Verdict):
        return roles
    if person is None:
        for key in ("anyone", "clock"):
            if key in roles and (key == "anyone" or door == "clock"):
                return Verdict(True, role=key)
        return Verdict(False, "needs-login")
    missing = "needs-role"
    for key in roles:
        role = role_of(key)
        if role.holds(person, on, at):
            return Verdict(True, role=key)
        if role.short_of != "needs-role":
            missing = role.short_of
    return Verdict(False, missing, detail={"roles": ",".join(roles)})
