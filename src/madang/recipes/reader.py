"""From TOML to a Recipe: every word looked up, every number dated and sourced, or a RecipeError with file and line.

1. Structure first, then `check` walks the graph; a file with a wrong word is not walked.
2. What is written is what is kept: the canonical text holds the file's content without comments or layout, and the
   outcomes of the acts it names, so that it reads the same when the rooms have moved on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path as File
from types import MappingProxyType
from typing import Any, TypeVar

from madang.recipes import words
from madang.recipes.check import check
from madang.recipes.cursor import At, Page, hints, open_page, read_bytes
from madang.recipes.institution import (
    Ballot,
    Body,
    Draw,
    Gate,
    Law,
    Owes,
    Phase,
    Recipe,
    Resolution,
    Scoring,
    Text,
    Value,
    Window,
)
from madang.recipes.words import Vocabulary

T = TypeVar("T")
FORMAT = 1
BLANK = re.compile(r"\{([a-z][a-z0-9_-]*)\}")
NO_TEXT = Text("", "")
NO_OWES = Owes("", "", "", "opened", False, False, "", "", ())

RECIPE_REQUIRED = ("key", "version", "name", "summary", "kind", "law", "standing", "place_level", "held_by", "bodies")
RECIPE_OPTIONAL = (
    "status",
    "one_per",
    "visibility",
    "values",
    "standing_may",
    "phases",
    "windows",
    "passes_to",
    "indicators",
)
PHASE_REQUIRED = ("key", "station", "name", "says", "may", "owes", "next")
PHASE_OPTIONAL = (
    "opens",
    "for",
    "window",
    "gates",
    "joins",
    "also_owes",
    "ballot",
    "resolution",
    "scoring",
    "draw",
)


def load(file: File | str, vocabulary: Vocabulary | None = None) -> Recipe:
    """Read one recipe file. RecipeError says every fault with its line."""
    file = File(file)
    return loads(read_bytes(file, str(file)), vocabulary, origin=str(file))


def loads(content: str | bytes, vocabulary: Vocabulary | None = None, *, origin: str = "recipe.toml") -> Recipe:
    """Read a recipe from text; `origin` is the name faults carry."""
    raw = content.encode() if isinstance(content, str) else content
    return _recipe(open_page(raw, origin), vocabulary or words.house_vocabulary())


def thaw(frozen: str) -> Recipe:
    """Read back what `freeze` gave, with the words of its own time; equal to the recipe that was frozen."""
    kept = json.loads(frozen)
    known: dict[str, Any] = kept["words"]
    sets = (frozenset(known[name]) for name in ("roles", "counters", "methods", "indicators", "features"))
    vocabulary = Vocabulary({act: tuple(outcomes) for act, outcomes in known["acts"].items()}, *sets)
    recipe = _recipe(At(Page(f"{kept['recipe']['key']} (frozen)", None), (), kept["recipe"]), vocabulary)
    return replace(recipe, text=frozen)


def _recipe(at: At, vocabulary: Vocabulary) -> Recipe:
    top = at.fields(RECIPE_REQUIRED, RECIPE_OPTIONAL)
    status = _choice(top, "status", words.STATUSES, "상태", "status", "runs")
    reader = _Reader(vocabulary, paper=status == "paper")
    recipe = reader.recipe(top, status, at.page)
    at.page.stop_if_faulty()
    check(recipe, reader.outcomes, at.page)
    at.page.stop_if_faulty()
    return replace(recipe, text=_canonical(at.value, reader))


def _canonical(table: Mapping[str, Any], reader: _Reader) -> str:
    used = {name: sorted(names) for name, names in reader.used.items()}
    known = {**used, "acts": {act: list(reader.outcomes.get(act, ())) for act in used["acts"]}}
    kept = {"format": FORMAT, "recipe": table, "words": known}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=date.isoformat)


def _get(fields: Mapping[str, At], key: str, read: Callable[[At], T], default: T) -> T:
    return read(fields[key]) if key in fields else default


def _choice(
    fields: Mapping[str, At], key: str, allowed: Collection[str], what: str, what_en: str, default: str = ""
) -> str:
    return fields[key].choice(allowed, what, what_en) if key in fields else default


def _frozen(entries: Mapping[str, T]) -> Mapping[str, T]:
    return MappingProxyType(dict(entries))


class _Reader:
    """Reads the parts of one recipe and remembers which words of the vocabulary it used."""

    def __init__(self, vocabulary: Vocabulary, *, paper: bool) -> None:
        planned = vocabulary.planned
        self.vocabulary = vocabulary
        self.paper = paper
        self.outcomes = dict(vocabulary.acts) | (dict(planned.acts) if planned else {})
        self.used: dict[str, set[str]] = {
            name: set() for name in ("acts", "roles", "counters", "methods", "indicators", "features")
        }
        self.values: dict[str, Value] = {}
        self.bodies: dict[str, Body] = {}
        self.windows: dict[str, Window] = {}
        self.phases: tuple[str, ...] = ()

    def recipe(self, top: Mapping[str, At], status: str, page: Page) -> Recipe:
        self.values = _get(top, "values", self._values, {})
        self.bodies = _get(top, "bodies", self._bodies, {})
        self.windows = _get(top, "windows", self._windows, {})
        self.phases = _get(top, "phases", self._phase_keys, ())
        return Recipe(
            key=_get(top, "key", At.key, ""),
            version=_get(top, "version", At.day, date.min).isoformat(),
            status=status,
            name=_get(top, "name", At.both, NO_TEXT),
            summary=_get(top, "summary", self.said, NO_TEXT),
            kind=_choice(top, "kind", words.KINDS, "종류", "kind"),
            law=_get(top, "law", lambda at: tuple(_law(law) for law in at.each()), ()),
            standing=_get(top, "standing", At.flag, True),
            place_level=_choice(top, "place_level", words.LEVELS, "장소의 층", "place level"),
            one_per=self._feature(top, "one_per", words.LEVELS, "장소의 층", "place level", ""),
            visibility=self._feature(top, "visibility", words.VISIBILITY, "공개 범위", "visibility", "public"),
            held_by=_get(top, "held_by", self.body, ""),
            bodies=_frozen(self.bodies),
            values=_frozen(self.values),
            standing_may=_get(top, "standing_may", self.may, _frozen({})),
            phases=_get(top, "phases", lambda at: tuple(self._phase(phase) for phase in at.each()), ()),
            windows=tuple(self.windows.values()),
            passes_to=_get(top, "passes_to", At.words, ()),
            indicators=_get(top, "indicators", self._indicators, ()),
            text="",
            origin=page.origin,
        )

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

    def _feature(
        self, fields: Mapping[str, At], key: str, allowed: Collection[str], what: str, what_en: str, default: str
    ) -> str:
        if key not in fields:
            return default
        word = fields[key].choice(allowed, what, what_en)
        if word != default:
            self.feature(fields[key], key)
        return word

    def _indicators(self, at: At) -> tuple[str, ...]:
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

    def time(self, at: At) -> str:
        return self.amount(at, words.TIME_UNITS)

    def count(self, at: At) -> str:
        return self.amount(at, words.COUNT_UNITS)

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

    def _values(self, at: At) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key, each in at.members():
            fields = each.fields(("value", "unit", "since", "source"), ("assumed",))
            values[key] = Value(
                key,
                _get(fields, "value", At.number, 0),
                _choice(fields, "unit", words.UNITS, "단위", "unit"),
                _get(fields, "since", At.day, date.min),
                _get(fields, "source", At.text, ""),
                _get(fields, "assumed", At.flag, False),
            )
            if values[key].unit == "percent" and values[key].value > 100:
                each.note("over-100", word=key)
        return values

    def _bodies(self, at: At) -> dict[str, Body]:
        for key, _ in at.members():
            self.bodies[key] = Body(key, NO_TEXT, "", False, "", "", "")
        return {key: self._body(key, each) for key, each in at.members()}

    def _body(self, key: str, at: At) -> Body:
        At(at.page, at.path, key).key()
        fields = at.fields(("name", "side"), ("matter", "set_by", "level", "rules"))
        matter = _get(fields, "matter", At.flag, False)
        for feature in ("level", "set_by"):
            if feature in fields:
                self.feature(fields[feature], feature)
        return Body(
            key,
            _get(fields, "name", At.both, NO_TEXT),
            _choice(fields, "side", words.SIDES, "쪽", "side"),
            matter,
            _get(fields, "set_by", self.act, "matters.assign" if matter else ""),
            _choice(fields, "level", words.LEVELS, "장소의 층", "place level"),
            _get(fields, "rules", At.key, ""),
        )

    def _windows(self, at: At) -> dict[str, Window]:
        windows: dict[str, Window] = {}
        for each in at.each():
            fields = each.fields(("key", "name"), ("least",))
            key = _get(fields, "key", At.key, "")
            if key in windows:
                each.note("twice", word=key)
            windows[key] = Window(key, _get(fields, "name", At.both, NO_TEXT), _get(fields, "least", self.time, ""))
        return windows

    def _phase_keys(self, at: At) -> tuple[str, ...]:
        keys: list[str] = []
        for each in at.each():
            key = each.value.get("key") if isinstance(each.value, dict) else None
            if isinstance(key, str) and (key in keys or key in words.ENDS):
                At(each.page, (*each.path, "key"), key).note("twice", word=key)
            keys += [key] if isinstance(key, str) else []
        return tuple(keys)

    # -- phases -------------------------------------------------------------------------------------------------

    def _phase(self, at: At) -> Phase:
        fields = at.fields(PHASE_REQUIRED, PHASE_OPTIONAL)
        if "for" in fields and "window" in fields:
            fields["window"].note("for-and-window")
        opens = _choice(fields, "opens", words.OPENS, "여는 때", "opening")
        if opens == "on-open":
            self.feature(fields["opens"], "on-open")
        for feature in ("joins", "also_owes", "scoring", "draw"):
            if feature in fields:
                self.feature(fields[feature], feature)
        return Phase(
            key=_get(fields, "key", At.key, ""),
            station=_choice(fields, "station", words.STATIONS, "정거장", "station"),
            name=_get(fields, "name", At.both, NO_TEXT),
            says=_get(fields, "says", self.said, NO_TEXT),
            opens=opens,
            lasts=_get(fields, "for", self.time, ""),
            window=_choice(fields, "window", self.windows, "기간", "window"),
            may=_get(fields, "may", self.may, _frozen({})),
            owes=_get(fields, "owes", self._owes, NO_OWES),
            next=_get(fields, "next", self._next, _frozen({})),
            gates=_get(fields, "gates", lambda gates: tuple(self._gate(gate) for gate in gates.each()), ()),
            joins=_get(fields, "joins", self.opened, ()),
            also_owes=_get(fields, "also_owes", lambda owed: tuple(self._owes(owes) for owes in owed.each()), ()),
            ballot=_get(fields, "ballot", self._ballot, None),
            resolution=_get(fields, "resolution", self._resolution, None),
            scoring=_get(fields, "scoring", self._scoring, None),
            draw=_get(fields, "draw", self._draw, None),
        )

    def may(self, at: At) -> Mapping[str, tuple[str, ...]]:
        table: dict[str, tuple[str, ...]] = {}
        for act, each in at.members():
            self.act(At(each.page, each.path, act))
            table[act] = tuple(self.role(role) for role in each.each())
            each.words()
            if not table[act]:
                each.note("empty", key=act)
        return _frozen(table)

    def _owes(self, at: At) -> Owes:
        fields = at.fields(("act", "by", "within"), ("after", "promised", "every", "extends", "post", "escalates"))
        return Owes(
            act=_get(fields, "act", self.act, ""),
            by=_get(fields, "by", self.body, ""),
            within=_get(fields, "within", self.time, ""),
            after=_choice(fields, "after", words.AFTER, "세는 때", "start of counting", "opened"),
            promised=_get(fields, "promised", At.flag, False),
            every=_get(fields, "every", At.flag, False),
            extends=_get(fields, "extends", self.time, ""),
            post=_get(fields, "post", At.text, ""),
            escalates=_get(fields, "escalates", At.words, ()),
        )

    def _next(self, at: At) -> Mapping[str, tuple[str, ...]]:
        table: dict[str, tuple[str, ...]] = {}
        for outcome, each in at.members():
            table[outcome] = each.chosen([*self.phases, *words.ENDS], "단계", "phase")
            if not table[outcome]:
                each.note("empty", key=outcome)
            for end in words.ENDS:
                if end in table[outcome] and len(table[outcome]) > 1:
                    each.note("end-with-more", word=end)
        return _frozen(table)

    def _gate(self, at: At) -> Gate:
        fields = at.fields(("opens",), ("counts", "reaches", "act", "at", "ends"))
        counted, acted = {"counts", "reaches"} & fields.keys(), "act" in fields
        if acted == bool(counted) or len(counted) == 1:
            at.note("gate-kind")
        if "counts" in fields:
            self.word(fields["counts"], "counters", fields["counts"].text(), "세는 것", "counter")
        opens = _get(fields, "opens", self.opened, ())
        if "opens" in fields and not opens:
            fields["opens"].note("empty", key="opens")
        return Gate(
            counts=_get(fields, "counts", At.text, ""),
            reaches=_get(fields, "reaches", self.count, ""),
            act=_get(fields, "act", self.act, ""),
            opens=opens,
            at=_choice(fields, "at", words.AT, "문턱을 보는 때", "gate time", "once"),
            ends=_get(fields, "ends", At.flag, False),
        )

    def _ballot(self, at: At) -> Ballot:
        fields = at.fields(
            ("method", "over"), ("picks_min", "picks_max", "weights", "quorum", "channels", "interim", "pot")
        )
        method = fields["method"].text() if "method" in fields else ""
        if method:
            self.word(fields["method"], "methods", method, "투표 방법", "ballot method")
        weights = _get(fields, "weights", self._weights, {})
        return Ballot(
            method=method,
            over=_choice(fields, "over", words.BALLOT_OVER, "투표 묶음", "ballot scope"),
            picks_min=_get(fields, "picks_min", self.count, ""),
            picks_max=_get(fields, "picks_max", self.count, ""),
            weights=_frozen(weights),
            quorum=_get(fields, "quorum", self.percent, ""),
            channels=_get(fields, "channels", self._channels, ("online",)),
            interim=_choice(fields, "interim", words.INTERIM, "중간 결과", "interim", "hidden"),
            pot=_get(fields, "pot", self.count, ""),
        )

    def _channels(self, at: At) -> tuple[str, ...]:
        return at.chosen(words.CHANNELS, "투표 길", "channel")

    def _weights(self, at: At) -> dict[str, str]:
        weights: dict[str, str] = {}
        for role, each in at.members():
            self.role(At(each.page, each.path, role))
            weights[role] = self.percent(each)
        total = sum(self.values[name].value for name in weights.values() if name in self.values)
        if total != 100:
            at.note("weights-not-100", sum=total)
        return weights

    def _resolution(self, at: At) -> Resolution:
        fields = at.fields(("quorum", "majority"), ("co_sign", "rounds"))
        if "rounds" in fields:
            self.feature(fields["rounds"], "rounds")
        return Resolution(
            quorum=_get(fields, "quorum", self.percent, ""),
            majority=_get(fields, "majority", self.percent, ""),
            co_sign=_get(fields, "co_sign", lambda each: each.chosen(words.SIDES, "쪽", "side"), ()),
            rounds=_get(fields, "rounds", self.count, ""),
        )

    def _scoring(self, at: At) -> Scoring:
        fields = at.fields(("criteria", "passes"))
        criteria: dict[str, str] = {}
        for key, each in fields["criteria"].members() if "criteria" in fields else ():
            criteria[key] = self.amount(each, ("points",))
        return Scoring(_frozen(criteria), _get(fields, "passes", lambda each: self.amount(each, ("points",)), ""))

    def _draw(self, at: At) -> Draw:
        fields = at.fields(("body", "method"))
        method = fields["method"].text() if "method" in fields else ""
        if method:
            self.word(fields["method"], "methods", method, "추첨 방법", "lottery")
        return Draw(_get(fields, "body", self.body, ""), method)


def _law(at: At) -> Law:
    fields = at.fields(("title", "article", "since", "source"))
    return Law(
        _get(fields, "title", At.text, ""),
        _get(fields, "article", At.text, ""),
        _get(fields, "since", At.day, date.min),
        _get(fields, "source", At.text, ""),
    )
