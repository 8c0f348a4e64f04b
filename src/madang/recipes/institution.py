"""An institution as the reader understood it: phases, who may what, who owes what by when, what opens next.

1. Everything here is frozen; a process keeps the Recipe it opened with, whatever happens to the file.
2. Two readings of the same text are equal; the place of the file is not part of what an institution is.
3. Sentences already carry the numbers: the blank {support_days} was filled from the values when the file was read.
4. There is no expression to evaluate: `after`, `gates_passed` and `opened_by` look up and compare, nothing more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from madang.recipes.words import NOBODY_SPECIAL, REACHED


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Korean and English."""

    ko: str
    en: str

    def __str__(self) -> str:
        return self.ko

    def said(self, lang: str) -> str:
        """The words in `lang` ("ko" or "en"; anything else reads Korean)."""
        return self.en if lang.startswith("en") else self.ko


@dataclass(frozen=True, slots=True)
class Law:
    """Where the institution's authority is written."""

    title: str
    article: str
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Value:
    """One number of an ordinance: how much of what, since when, says who; `assumed` where no source was found."""

    key: str
    value: int
    unit: str
    since: date
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class Body:
    """A body the institution needs, by the part it plays; `matter` = another one for each matter, set by `set_by`."""

    key: str
    name: Text
    side: str
    matter: bool
    set_by: str
    level: str
    rules: str


@dataclass(frozen=True, slots=True)
class Owes:
    """Who must do which act by when. Lengths are names of values; `promised` = the date given in the promise, and
    `within` is then the latest it may be. `every` marks a duty that comes back until the phase ends."""

    act: str
    by: str
    within: str
    after: str
    promised: bool
    every: bool
    extends: str
    post: str
    escalates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """A threshold: a count that reaches a value, or an act somebody does. At once it opens `opens` beside the running
    phase (`ends` = and ends that phase); at the end it opens `opens` in place of what the outcome would open."""

    counts: str
    reaches: str
    act: str
    opens: tuple[str, ...]
    at: str
    ends: bool


@dataclass(frozen=True, slots=True)
class Ballot:
    """How a phase votes; all numbers are names of values, `weights` gives a role its share of 100.

    kind, counting  names of `methods.ballots.kinds` and of what may count them · points  to give (scores, dots)
    kinds  other kinds the asker may choose at opening → what counts them
    sheets  a level of places → the pot of each of its sheets (장소별로 고르기) · bar  the share that adopts
    roll  only who stands on a roll of the ballot votes · notice  days between printing the paper and opening it
    online  the window after which no vote comes online
    secrecy  "signed-in" or "sealed" · revote  whether a sealed vote may be cast again until closing
    """

    kind: str
    counting: str
    over: str
    picks_min: str
    picks_max: str
    points: str
    seats: str
    weights: Mapping[str, str] = field(hash=False)
    quorum: str
    bar: str
    channels: tuple[str, ...]
    interim: str
    pot: str
    sheets: Mapping[str, str] = field(hash=False)
    utility: str
    completion: str
    secrecy: str
    revote: bool
    roll: bool
    notice: str
    online: str
    least_age: str
    kinds: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a body resolves: shares in percent by value name, and the sides whose signature it needs."""

    quorum: str
    majority: str
    co_sign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a panel judges, and with how many points at most (a value name)."""

    points: str
    name: Text


@dataclass(frozen=True, slots=True)
class Scoring:
    """How a panel scores: criteria, the points that pass (a value name), and the body whose members count as trained."""

    criteria: Mapping[str, Criterion] = field(hash=False)
    passes: str
    trained: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A public lottery for the seats of a body; `seats` is the name of a value."""

    body: str
    method: str
    seats: str


@dataclass(frozen=True, slots=True)
class Course:
    """What one learns in a phase, by hours (a value name); who finishes has the role "trained"."""

    hours: str


@dataclass(frozen=True, slots=True)
class Window:
    """A named stretch of an edition's calendar; its dates are given when the process opens."""

    key: str
    name: Text
    least: str


@dataclass(frozen=True, slots=True)
class Phase:
    """One stop of the journey. `may`: act → roles. `next`: outcome of the owed act → phases, "closed" or "waits"."""

    key: str
    station: str
    name: Text
    says: Text
    opens: str
    lasts: str
    window: str
    may: Mapping[str, tuple[str, ...]] = field(hash=False)
    owes: Owes
    next: Mapping[str, tuple[str, ...]] = field(hash=False)
    gates: tuple[Gate, ...]
    joins: tuple[str, ...]
    also_owes: tuple[Owes, ...]
    ballot: Ballot | None
    resolution: Resolution | None
    scoring: Scoring | None
    draw: Draw | None
    course: Course | None
    rounds: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """One edition of an institution; `text` is the canonical text a process keeps.

    `ceilings`: a level of places → the most that all budget lines of one such place may come to (a value name).
    """

    key: str
    version: str
    status: str
    name: Text
    summary: Text
    kind: str
    law: tuple[Law, ...]
    standing: bool
    place_level: str
    one_per: str
    visibility: str
    held_by: str
    bodies: Mapping[str, Body] = field(hash=False)
    values: Mapping[str, Value] = field(hash=False)
    standing_may: Mapping[str, tuple[str, ...]] = field(hash=False)
    phases: tuple[Phase, ...]
    windows: tuple[Window, ...]
    passes_to: tuple[str, ...]
    indicators: tuple[str, ...]
    ceilings: Mapping[str, str] = field(hash=False)
    text: str
    origin: str = field(compare=False)

    @property
    def edition(self) -> str:
        """The name of this edition, e.g. "democracy-seoul@2019-03-26"."""
        return f"{self.key}@{self.version}"

    def freeze(self) -> str:
        """The text a process keeps; `thaw` reads it back whatever has become of the vocabulary."""
        return self.text

    def digest(self) -> str:
        """sha256 of the canonical text, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def phase(self, key: str) -> Phase:
        """The phase called `key`; KeyError when there is none."""
        for phase in self.phases:
            if phase.key == key:
                return phase
        raise KeyError(key)

    def window(self, key: str) -> Window:
        """The window called `key`; KeyError when there is none."""
        for window in self.windows:
            if window.key == key:
                return window
        raise KeyError(key)

    def value(self, name: str) -> int:
        """The number called `name`; its unit is in `values[name].unit`."""
        return self.values[name].value

    def term(self, name: str) -> tuple[int, str]:
        """A length of time as (amount, unit): (30, "days")."""
        return self.values[name].value, self.values[name].unit

    def may(self, act: str, phase: str | None = None) -> tuple[str, ...]:
        """The roles that may do `act` in `phase`, those of `standing_may` included; without a phase, those alone."""
        standing = self.standing_may.get(act, ())
        if phase is None:
            return standing
        here = self.phase(phase).may.get(act, ())
        return (*here, *(role for role in standing if role not in here))

    def phases_with(self, act: str) -> tuple[str, ...]:
        """The phases in whose table `act` stands."""
        return tuple(phase.key for phase in self.phases if act in phase.may)

    def acts(self) -> tuple[str, ...]:
        """Every act of this institution, in order of first appearance."""
        tables = [*(phase.may for phase in self.phases), self.standing_may]
        return tuple(dict.fromkeys(act for table in tables for act in table))

    def first_phases(self) -> tuple[str, ...]:
        """The phases that open when a matter is submitted."""
        return tuple(phase.key for phase in self.phases if phase.opens == "on-submit")

    def opening_phases(self) -> tuple[str, ...]:
        """The phases of the process itself that open with it."""
        return tuple(phase.key for phase in self.phases if phase.opens == "on-open")

    def gates_passed(self, phase: str, counts: Mapping[str, int], at: str = "once") -> tuple[Gate, ...]:
        """The counted gates of `phase` that `counts` has reached; `at` = "once" (default) or "end"."""
        gates = (gate for gate in self.phase(phase).gates if gate.counts and gate.at == at)
        return tuple(gate for gate in gates if counts.get(gate.counts, 0) >= self.value(gate.reaches))

    def opened_by(self, phase: str, act: str) -> tuple[Gate, ...]:
        """The gates of `phase` that doing `act` passes."""
        return tuple(gate for gate in self.phase(phase).gates if gate.act == act)

    def after(self, phase: str, outcome: str, counts: Mapping[str, int] | None = None) -> tuple[str, ...]:
        """What follows when `phase` ends with `outcome`: phases to open, or ("closed",), or ("waits",).

        A gate `at = "end"` that `counts` has reached takes the place of the outcome's row; KeyError: unknown outcome.
        """
        row = self.phase(phase).next[outcome]
        passed = self.gates_passed(phase, counts or {}, at="end") if outcome != REACHED else ()
        return tuple(dict.fromkeys(key for gate in passed for key in gate.opens)) or row

    def closes_itself(self, phase: str) -> bool:
        """Whether the clock ends this phase with "reached" once its time is over and a gate was passed."""
        return REACHED in self.phase(phase).next

    def joined_by(self, phase: str) -> tuple[str, ...]:
        """The phases that open when `phase` and those beside it have all ended."""
        return tuple(other.key for other in self.phases if phase in other.joins)

    def body_of(self, role: str) -> str:
        """The key of the body a role acts for, or "" for a role of the person alone."""
        if role in self.bodies:
            return role
        per_matter = next((key for key, body in self.bodies.items() if body.matter and body.side == "public"), "")
        known = {"operator": self.held_by, "panelist": "panel", "officer": per_matter, "mayor": "mayor"}
        key = known.get(role, "")
        return key if key in self.bodies and role not in NOBODY_SPECIAL else ""
