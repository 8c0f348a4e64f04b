"""Verification adapters: how a city makes sure. Each turns what a person shows into a level and a keyed hash.

To add one (a mobile-phone verification agency, an OIDC claim, a resident-card reader): write a class with the same
attributes and name it in ADAPTERS. What the person typed is never stored: `proof` is HMAC-SHA256 under MADANG_HOME/roll.key.
"""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from madang.people.models import Level
from madang.settings import own_secret


class Adapter(Protocol):
    """A way of making sure: its key, its title, the level it gives and for how many years."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> object: ...
    @property
    def level(self) -> Level: ...
    @property
    def years(self) -> int: ...


@dataclass(frozen=True)
class Console:
    """For development: a code is written to the operator's console and mail folder."""

    key = "console"
    title = _("확인 코드(개발용)")
    level = Level.REAL_NAME
    years = 1


@dataclass(frozen=True)
class Desk:
    """In person: a clerk at the desk looks at a document and enters what it proves, not the document."""

    key = "desk"
    title = _("대면 확인(주민센터 등)")
    level = Level.LOCAL
    years = 2


@dataclass(frozen=True)
class OnRoll:
    """On an uploaded roll: the person types what the roll's keyed hashes were made of."""

    key = "roll"
    title = _("명부 대조")
    level = Level.LOCAL
    years = 1


_ALL: tuple[Adapter, ...] = (Console(), Desk(), OnRoll())
ADAPTERS = {adapter.key: adapter for adapter in _ALL}


def proof(*parts: str) -> str:
    """A keyed hash of normalised parts: the same facts give the same proof, nobody without the key can try them out."""
    text = "\x1f".join("".join(unicodedata.normalize("NFKC", part).split()).casefold() for part in parts)
    return hmac.new(own_secret("roll.key").encode(), text.encode(), hashlib.sha256).hexdigest()


def until(adapter: Adapter, on: date) -> date:
    """The day an attestation made on `on` ends."""
    return on + timedelta(days=365 * adapter.years)


def new_code() -> str:
    return f"{secrets.randbelow(1_000_000):06d}"


def offered() -> list[Adapter]:
    """What this place offers people to do themselves; the console only in a demo or in development."""
    return [a for a in ADAPTERS.values() if a.key != "console" or settings.DEMO or settings.DEBUG]
