"""The shelf: recipes, body rules and sets that come with the house, and a place's choice among them.

1. A file is named by what is in it: `key.toml`, or `key@version.toml` where editions stand side by side.
2. A set names editions exactly; what runs and what is on paper are kept apart.
3. What one file says of another (passes_to, rules) is looked up here, with the line of who said it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from importlib import resources
from pathlib import Path as File

from madang.recipes import words
from madang.recipes.cursor import At, Page, choice, get, hints, open_page, read_bytes
from madang.recipes.faults import Fault, RecipeError
from madang.recipes.institution import Recipe, Text
from madang.recipes.lookup import Lookup
from madang.recipes.reader import load, read_laws, read_values
from madang.recipes.rules import BodyRules, meeting, seats
from madang.recipes.words import Vocabulary, house_vocabulary

NO_TEXT = Text("", "")
RANK = {"city": 0, "region": 1, "gu": 2, "dong": 3}


@dataclass(frozen=True, slots=True)
class PlaceSet:
    """A place's choice: its charter, the institutions it opens, those it studies on paper, and its kinds of body."""

    key: str
    version: str
    name: Text
    summary: Text
    place_level: str
    charter: Recipe
    runs: tuple[Recipe, ...]
    paper: tuple[Recipe, ...]
    bodies: tuple[BodyRules, ...]
    origin: str = field(compare=False)

    def recipe(self, key: str) -> Recipe:
        """The edition of `key` this place runs; KeyError when it runs none."""
        for recipe in (*self.runs, self.charter):
            if key in (recipe.key, recipe.edition):
                return recipe
        raise KeyError(key)


def home() -> File:
    """The folder of the recipes that come with the house."""
    return File(str(resources.files("madang.recipes")))


def files(folder: str, root: File | None = None) -> tuple[File, ...]:
    """The TOML files of one folder ("processes", "bodies", "sets") in order of name."""
    return tuple(sorted(((root or home()) / folder).glob("*.toml")))


def recipes(vocabulary: Vocabulary | None = None, root: File | None = None) -> dict[str, Recipe]:
    """Every recipe of the shelf by edition ("key@version"), cross-references checked; RecipeError with all faults."""
    found: dict[str, Recipe] = {}
    faults: list[Fault] = []
    for file in files("processes", root):
        try:
            recipe = load(file, vocabulary)
        except RecipeError as error:
            faults += error.faults
            continue
        if file.stem not in (recipe.key, recipe.edition):
            page = _page(recipe)
            page.note(("key",), "file-name", wanted=f"{recipe.key}.toml 또는 {recipe.edition}.toml")
            faults += page.faults
        found[recipe.edition] = recipe
    faults += _loose_ends(found, root)
    if faults:
        raise RecipeError(tuple(sorted(faults)))
    return found


def _loose_ends(found: dict[str, Recipe], root: File | None) -> list[Fault]:
    keys = sorted({recipe.key for recipe in found.values()})
    rules = sorted(file.stem for file in files("bodies", root))
    faults: list[Fault] = []
    for recipe in found.values():
        page = _page(recipe)
        for position, key in enumerate(recipe.passes_to):
            _on_shelf(At(page, ("passes_to", position), key), keys)
        for body in recipe.bodies.values():
            if body.rules:
                _on_shelf(At(page, ("bodies", body.key, "rules"), body.rules), rules)
        faults += page.faults
    return faults


def _page(recipe: Recipe) -> Page:
    return Page(recipe.origin, File(recipe.origin).read_text(encoding="utf-8-sig"))


def _on_shelf(at: At, known: Collection[str]) -> str:
    word = at.text()
    if word and word not in known:
        at.note("not-on-shelf", word=word, allowed=", ".join(known), **hints(word, known))
    return word


def load_body(file: File | str, vocabulary: Vocabulary | None = None) -> BodyRules:
    """Read one kind of body. RecipeError says every fault with its line."""
    file = File(file)
    at = open_page(read_bytes(file, str(file)), str(file))
    look = Lookup(vocabulary or house_vocabulary(), paper=False)
    top = at.fields(("key", "version", "name", "summary", "kind", "side", "law", "seats", "meeting"), ("values",))
    look.values = get(top, "values", partial(read_values), {})
    rules = BodyRules(
        key=get(top, "key", At.key, ""),
        version=get(top, "version", At.day, date.min).isoformat(),
        name=get(top, "name", At.both, NO_TEXT),
        summary=get(top, "summary", look.said, NO_TEXT),
        kind=choice(top, "kind", words.BODY_KINDS, "기구 종류", "kind of body"),
        side=choice(top, "side", words.SIDES, "쪽", "side"),
        law=get(top, "law", read_laws, ()),
        values=look.values,
        seats=get(top, "seats", partial(seats, look), ()),
        meeting=get(top, "meeting", partial(meeting, look), {}),
        origin=str(file),
    )
    if rules.key != file.stem:
        at.page.note(("key",), "file-name", wanted=f"{rules.key}.toml")
    for name in look.values.keys() - rules.used_values():
        at.page.note(("values", name), "unused-value", word=name)
    at.page.stop_if_faulty()
    return rules


def load_set(name: File | str, vocabulary: Vocabulary | None = None, root: File | None = None) -> PlaceSet:
    """Read a set by its name ("seoul-2018") or path, with everything it names."""
    file = File(name) if str(name).endswith(".toml") else (root or home()) / "sets" / f"{name}.toml"
    at = open_page(read_bytes(file, str(file)), str(file))
    top = at.fields(("key", "version", "name", "summary", "place_level", "charter", "runs"), ("paper", "bodies"))
    shelf = recipes(vocabulary, root)
    level = choice(top, "place_level", words.LEVELS, "장소의 층", "place level")
    if "charter" in top:
        _chosen(top["charter"], shelf, level, "charter")
    kinds = {file.stem: file for file in files("bodies", root)}
    place_set = partial(
        PlaceSet,
        key=get(top, "key", At.key, ""),
        version=get(top, "version", At.day, date.min).isoformat(),
        name=get(top, "name", At.both, NO_TEXT),
        summary=get(top, "summary", At.both, NO_TEXT),
        place_level=level,
        runs=_each_chosen(top, "runs", shelf, level, "runs"),
        paper=_each_chosen(top, "paper", shelf, level, "paper"),
        origin=str(file),
    )
    names = [_on_shelf(each, sorted(kinds)) for each in top["bodies"].each()] if "bodies" in top else []
    if "key" in top and top["key"].value != file.stem:
        top["key"].note("file-name", wanted=f"{top['key'].value}.toml")
    at.page.stop_if_faulty()
    return place_set(
        charter=shelf[top["charter"].value], bodies=tuple(load_body(kinds[key], vocabulary) for key in names)
    )


def _each_chosen(top: dict[str, At], key: str, shelf: dict[str, Recipe], level: str, status: str) -> tuple[Recipe, ...]:
    found = [_chosen(each, shelf, level, status) for each in top[key].each()] if key in top else []
    return tuple(recipe for recipe in found if recipe)


def _chosen(at: At, shelf: dict[str, Recipe], level: str, status: str) -> Recipe | None:
    edition = _on_shelf(at, sorted(shelf))
    recipe = shelf.get(edition)
    if recipe is None:
        return None
    if (status == "charter") != (recipe.kind == "charter"):
        at.note("charter-place", word=edition)
    if status == "runs" and recipe.status == "paper":
        at.note("paper-in-set", word=edition)
    if RANK.get(recipe.place_level, 9) < RANK.get(level, 0):
        at.note("wrong-level", word=edition, level=recipe.place_level, place=level)
    return recipe
