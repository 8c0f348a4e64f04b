"""Roles: "are you one of …". A role is a question with a name; recipes name it, rooms answer it (roles.py)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """`holds(person, on, at)`; `short_of` is the refusal code when the person lacks it."""

    key: str
    title: Any
    holds: Callable[[Any, Any, datetime], bool]
    short_of: str


ROLES: dict[str, Role] = {}
_plays: list[Callable[[Any, Any, datetime, str], str]] = []
_posts: list[Callable[[Any, Any, datetime, str], str]] = []


def role(key: str, title: Any, short_of: str = "needs-role") -> Callable[[Callable], Callable]:
    """Register a role. The function gets a signed-in person; visitors hold only "anyone"."""

    def register(holds: Callable[[Any, Any, datetime], bool]) -> Callable:
        if key in ROLES:
            raise RuntimeError(f"Role {key!r} is answered twice.")
        ROLES[key] = Role(key, title, holds, short_of)
        return holds

    return register


def plays(question: Callable[[Any, Any, datetime, str], str]) -> Callable[[Any, Any, datetime, str], str]:
    """Register who knows bodies: `(person, on, at, role)` → "body/post" of the seat that plays the role here, or ""."""
    _plays.append(question)
    return question


def posts(question: Callable[[Any, Any, datetime, str], str]) -> Callable[[Any, Any, datetime, str], str]:
    """Register who says for which body and post somebody acts: same arguments, "" for nobody's."""
    _posts.append(question)
    return question


def role_of(key: str) -> Role:
    """The role called `key`: a registered one, or a seat in the body that plays the part of that name."""
    return ROLES.get(key) or Role(key, key, lambda person, on, at: bool(_plays[0](person, on, at, key)), "needs-role")


def post_of(person: Any, on: Any, at: datetime, key: str) -> str:
    """For which body and post somebody acts when the role `key` let them; "" when they act for themselves."""
    return "" if person is None or key in PERSONAL else _posts[0](person, on, at, key)


PERSONAL = {
    "anyone",
    "clock",
    "member",
    "verified",
    "resident",
    "oneself",
    "proposer",
    "supporter",
    "writer",
    "participant",
}


@role("anyone", _("누구나"))
def anyone(person: Any, on: Any, at: datetime) -> bool:
    return True


@role("clock", _("시계"))
def clock(person: Any, on: Any, at: datetime) -> bool:
    """The clock is no person: only `By(None, at, "clock")` holds this, see may()."""
    return False
