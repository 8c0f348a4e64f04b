"""Looks up the words of a recipe: those of the rooms in the vocabulary, those of its own in what was read so far.

1. Every look-up of a vocabulary word is remembered, so that a frozen recipe carries the words it needs and no more.
2. A planned word is a fault unless the recipe is on paper.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TypeVar

from madang.recipes import words
from madang.recipes.cursor import At, hints
from madang.recipes.institution import Body, Text, Value, Window
from madang.recipes.words import Vocabulary

T = TypeVar("T")
BLANK = re.compile(r"\{([a-z][a-z0-9_-]*)\}")


def frozen(entries: Mapping[str, T]) -> Mapping[str, T]:
    """A copy that nobody can change."""
    return MappingProxyType(dict(entries))


class Lookup:
    """The words known while one recipe is read."""

    def __init__(self, vocabulary: Vocabulary, *, paper: bool) -> None:
        planned = vocabulary.planned
        self.vocabulary = vocabulary
        self.paper = paper
        self.outcomes = (dict(planned.acts) if planned else {}) | dict(vocabulary.acts)
        self.used: dict[str, set[str]] = {
            name: set() for name in ("acts", "roles", "counters", "methods", "indicators", "features")
        }
        self.values: dict[str, Value] = {}
        self.bodies: dict[str, Body] = {}
        self.windows: dict[str, Window] = {}
        self.phases: tuple[str, ...] = ()

    # -- words of the rooms -------------------------------------------------------------------------------------

    def word(self, at: At, group: str, word: str, what: str, what_en: str) -> str:
        """A word of the vocabulary; a planned one only on paper."""
        built: Collection[str] = getattr(self.vocabulary, group)
        planned: Collection[str] = getattr(self.vocabulary.planned, group) if self.vocabulary.planned else ()
        self.used[group].add(word)
        if word in built:
            return word
        if word not in planned:
            at.unknown(word, [*built, *planned] if self.paper else built, what, what_en)
        elif not self.paper:
            at.note("planned-word", word=word, what=what, what_en=what_en)
        return word

    def act(self, at: At) -> str:
        word = at.text()
        return self.word(at, "acts", word, "행위", "act") if word else ""

    def role(self, at: At) -> str:
        """A role of the vocabulary, or a body of this recipe (whoever holds a seat or post in it)."""
        word = at.text()
        if not word or word in self.bodies:
            return word
        known = {*self.vocabulary.roles, *(self.vocabulary.planned.roles if self.vocabulary.planned else ())}
        if word not in known:
            at.unknown(word, known | set(self.bodies), "역할", "role")
            return word
        return self.word(at, "roles", word, "역할", "role")

    def feature(self, at: At, name: str) -> None:
        self.word(at, "features", name, "장치", "feature")

    def chosen_feature(
        self, fields: Mapping[str, At], key: str, allowed: Collection[str], what: str, what_en: str, default: str
    ) -> str:
        if key not in fields:
            return default
        word = fields[key].choice(allowed, what, what_en)
        if word != default:
            self.feature(fields[key], key)
        return word

    def indicators(self, at: At) -> tuple[str, ...]:
        for each in at.each():
            self.word(each, "indicators", each.text(), "지표", "indicator")
        return at.words()

    # -- words of this recipe -----------------------------------------------------------------------------------

    def body(self, at: At) -> str:
        return at.choice(self.bodies, "기구", "body")

    def amount(self, at: At, units: Collection[str]) -> str:
        """The name of a value in one of these units."""
        word = at.choice(self.values, "값", "value")
        unit = self.values[word].unit if word in self.values else ""
        if unit and unit not in units:
            at.note("wrong-unit", word=word, unit=unit, allowed=", ".join(units))
        return word

    def by_level(self, at: At) -> dict[str, str]:
        """A level of places → the name of a sum of won."""
        found: dict[str, str] = {}
        for level, each in at.members():
            At(each.page, each.path, level).choice(words.LEVELS, "장소의 층", "level of places")
            found[level] = self.amount(each, ("won",))
        return found

    def time(self, at: At) -> str:
        return self.amount(at, words.TIME_UNITS)

    def percent(self, at: At) -> str:
        return self.amount(at, ("percent",))

    def said(self, at: At) -> Text:
        """A sentence whose blanks, like {support_days}, are filled with the numbers of this recipe."""
        text = at.both()
        for word in set(BLANK.findall(text.ko + text.en)) - self.values.keys():
            allowed = sorted(self.values)
            at.note("unknown-blank", word=word, allowed=", ".join(allowed), **hints(word, allowed))
        return Text(self._filled(text.ko), self._filled(text.en))

    def _filled(self, sentence: str) -> str:
        known = self.values
        return BLANK.sub(lambda blank: f"{known[blank[1]].value:,}" if blank[1] in known else blank[0], sentence)

    def opened(self, at: At) -> tuple[str, ...]:
        return at.chosen(self.phases, "단계", "phase")

    def may(self, at: At) -> Mapping[str, tuple[str, ...]]:
        table: dict[str, tuple[str, ...]] = {}
        for act, each in at.members():
            self.act(At(each.page, each.path, act))
            table[act] = tuple(self.role(role) for role in each.each())
            each.words()
            if not table[act]:
                each.note("empty", key=act)
        return frozen(table)
