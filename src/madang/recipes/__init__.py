"""Institutions as data: a closed vocabulary, a reader that refuses with file and line, and every recipe of the city.

1. Pure: no Django, no database, no clock; the standard library alone.
2. No expressions. Where a recipe wants an `if`, name a role or a method and use the name.
3. A process keeps `freeze()` of the recipe it opened with; `thaw()` reads it back after the vocabulary has grown.
"""

from madang.recipes.faults import Fault, RecipeError
from madang.recipes.institution import (
    Ballot,
    Body,
    Gate,
    Owes,
    Phase,
    Recipe,
    Resolution,
    Text,
    Value,
    Window,
)
from madang.recipes.reader import load, loads, thaw, under
from madang.recipes.rules import BodyRules, Quota, Seat
from madang.recipes.shelf import PlaceSet, load_body, load_set, recipes
from madang.recipes.words import CLOSED, REACHED, WAITS, Vocabulary, house_vocabulary

__all__ = [
    "CLOSED",
    "REACHED",
    "WAITS",
    "Ballot",
    "Body",
    "BodyRules",
    "Fault",
    "Gate",
    "Owes",
    "Phase",
    "PlaceSet",
    "Quota",
    "Recipe",
    "RecipeError",
    "Resolution",
    "Seat",
    "Text",
    "Value",
    "Vocabulary",
    "Window",
    "house_vocabulary",
    "load",
    "load_body",
    "load_set",
    "loads",
    "recipes",
    "thaw",
    "under",
]
