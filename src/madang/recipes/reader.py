"""From TOML to a Recipe: every word looked up, every number dated and sourced, or a RecipeError with file and line.

1. Structure first, then `check` walks the graph; a file with a wrong word is not walked.
2. What is written is what is kept: the canonical text holds the file's content without comments or layout, and the
   outcomes of the acts it names, so that it reads the same when the rooms have moved on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path as File
from typing import Any

from madang.recipes import words
from madang.recipes.check import check
from madang.recipes.cursor import At, Page, choice, get, open_page, read_bytes
from madang.recipes.institution import Body, Law, Recipe, Text, Value, Window
from madang.recipes.lookup import Lookup, frozen
from madang.recipes.phases import phase
from madang.recipes.words import Vocabulary

FORMAT = 1
NO_TEXT = Text("", "")

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
    "ceilings",
)


def load(file: File | str, vocabulary: Vocabulary | None = None) -> Recipe:
    """Read one recipe file. RecipeError says every fault with its line."""
    file = File(file)
    return loads(read_bytes(file, str(file)), vocabulary, origin=str(file))


def loads(content: str | bytes, vocabulary: Vocabulary | None = None, *, origin: str = "recipe.toml") -> Recipe:
    """Read a recipe from text; `origin` is the name faults carry."""
    raw = content.encode() if isinstance(content, str) else content
    return _recipe(open_page(raw, origin), vocabulary or words.house_vocabulary())


def thaw(text: str) -> Recipe:
    """Read back what `freeze` gave, with the words of its own time; equal to the recipe that was frozen.

    What was fit to open is not judged again: a later rule of the house does not reach a process already under way.
    """
    kept = json.loads(text)
    known: dict[str, Any] = kept["words"]
    vocabulary = Vocabulary(
        acts={act: tuple(outcomes) for act, outcomes in known["acts"].items()},
        roles=frozenset(known["roles"]),
        counters=frozenset(known["counters"]),
        methods=frozenset(known["methods"]),
        indicators=frozenset(known["indicators"]),
        features=frozenset(known["features"]),
    )
    at = At(Page(f"{kept['recipe']['key']}@{kept['recipe']['version']}", ""), (), kept["recipe"])
    return replace(_read(at, vocabulary)[0], text=text)


def under(recipe: Recipe, charter: Recipe) -> Recipe:
    """The institution with every number it leaves to the house filled in from the charter, as a process keeps it."""
    kept = json.loads(recipe.text)
    house: dict[str, Any] = json.loads(charter.text)["recipe"].get("values", {})
    own = kept["recipe"].setdefault("values", {})
    left = sorted((words.asked_of(recipe.acts()) & house.keys()) - own.keys())
    own.update({name: house[name] for name in left})
    return thaw(_written(kept)) if left else recipe


def _recipe(at: At, vocabulary: Vocabulary) -> Recipe:
    recipe, look = _read(at, vocabulary)
    check(recipe, look.outcomes, at.page)
    at.page.stop_if_faulty()
    return replace(recipe, text=_canonical(at.value, look))


def _read(at: At, vocabulary: Vocabulary) -> tuple[Recipe, Lookup]:
    top = at.fields(RECIPE_REQUIRED, RECIPE_OPTIONAL)
    status = choice(top, "status", words.STATUSES, "상태", "status", "runs")
    look = Lookup(vocabulary, paper=status == "paper")
    recipe = _whole(look, top, status, at.page)
    at.page.stop_if_faulty()
    return recipe, look


def _canonical(table: Mapping[str, Any], look: Lookup) -> str:
    used: dict[str, Any] = {name: sorted(names) for name, names in look.used.items()}
    used["acts"] = {act: list(look.outcomes.get(act, ())) for act in used["acts"]}
    return _written({"format": FORMAT, "recipe": table, "words": used})


def _written(kept: Mapping[str, Any]) -> str:
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=date.isoformat)


def _whole(look: Lookup, top: Mapping[str, At], status: str, page: Page) -> Recipe:
    look.values = get(top, "values", read_values, {})
    look.bodies = get(top, "bodies", partial(_bodies, look), {})
    look.windows = get(top, "windows", partial(_windows, look), {})
    look.phases = get(top, "phases", partial(_phase_keys, look), ())
    return Recipe(
        key=get(top, "key", At.key, ""),
        version=get(top, "version", At.day, date.min).isoformat(),
        status=status,
        name=get(top, "name", At.both, NO_TEXT),
        summary=get(top, "summary", look.said, NO_TEXT),
        kind=choice(top, "kind", words.KINDS, "종류", "kind"),
        law=get(top, "law", read_laws, ()),
        standing=get(top, "standing", At.flag, True),
        place_level=choice(top, "place_level", words.LEVELS, "장소의 층", "place level"),
        one_per=look.chosen_feature(top, "one_per", words.LEVELS, "장소의 층", "place level", ""),
        visibility=look.chosen_feature(top, "visibility", words.VISIBILITY, "공개 범위", "visibility", "public"),
        held_by=get(top, "held_by", look.body, ""),
        bodies=frozen(look.bodies),
        values=frozen(look.values),
        standing_may=get(top, "standing_may", look.may, frozen({})),
        phases=get(top, "phases", lambda at: tuple(phase(look, each) for each in at.each()), ()),
        windows=tuple(look.windows.values()),
        passes_to=get(top, "passes_to", At.words, ()),
        indicators=get(top, "indicators", look.indicators, ()),
        ceilings=frozen(get(top, "ceilings", look.by_level, {})),
        text="",
        origin=page.origin,
    )


def read_values(at: At) -> dict[str, Value]:
    """Read `[values]`: every number with unit, date and source."""
    values: dict[str, Value] = {}
    for key, each in at.members():
        fields = each.fields(("value", "unit", "since", "source"), ("assumed",))
        values[key] = Value(
            key,
            get(fields, "value", At.number, 0),
            choice(fields, "unit", words.UNITS, "단위", "unit"),
            get(fields, "since", At.day, date.min),
            get(fields, "source", At.text, ""),
            get(fields, "assumed", At.flag, False),
        )
        if values[key].unit == "percent" and values[key].value > 100:
            each.note("over-100", word=key)
    return values


def _bodies(look: Lookup, at: At) -> dict[str, Body]:
    for key, _ in at.members():
        look.bodies[key] = Body(key, NO_TEXT, "", False, "", "", "")
    return {key: _body(look, key, each) for key, each in at.members()}


def _body(look: Lookup, key: str, at: At) -> Body:
    At(at.page, at.path, key).key()
    fields = at.fields(("name", "side"), ("matter", "set_by", "level", "rules"))
    matter = get(fields, "matter", At.flag, False)
    for feature in ("level", "set_by"):
        if feature in fields:
            look.feature(fields[feature], feature)
    return Body(
        key,
        get(fields, "name", At.both, NO_TEXT),
        choice(fields, "side", words.SIDES, "쪽", "side"),
        matter,
        get(fields, "set_by", look.act, "duties.assign" if matter else ""),
        choice(fields, "level", words.LEVELS, "장소의 층", "place level"),
        get(fields, "rules", At.key, ""),
    )


def _windows(look: Lookup, at: At) -> dict[str, Window]:
    windows: dict[str, Window] = {}
    for each in at.each():
        fields = each.fields(("key", "name"), ("least",))
        key = get(fields, "key", At.key, "")
        if key in windows:
            each.note("twice", word=key)
        windows[key] = Window(key, get(fields, "name", At.both, NO_TEXT), get(fields, "least", look.time, ""))
    return windows


def _phase_keys(look: Lookup, at: At) -> tuple[str, ...]:
    keys: list[str] = []
    for each in at.each():
        key = each.value.get("key") if isinstance(each.value, dict) else None
        if isinstance(key, str) and (key in keys or key in words.ENDS):
            At(each.page, (*each.path, "key"), key).note("twice", word=key)
        keys += [key] if isinstance(key, str) else []
    return tuple(keys)


def read_laws(at: At) -> tuple[Law, ...]:
    """Read `law`: where the authority is written."""
    return tuple(_law(law) for law in at.each())


def _law(at: At) -> Law:
    fields = at.fields(("title", "article", "since", "source"))
    return Law(
        get(fields, "title", At.text, ""),
        get(fields, "article", At.text, ""),
        get(fields, "since", At.day, date.min),
        get(fields, "source", At.text, ""),
    )
