"""The recipes this place may open: the set named in settings, read with the words the rooms really know.

A city edits recipes, not code: files in MADANG_HOME/recipes are read beside those of the house and win by edition.
A number that binds a process is its own recipe's; what the recipe leaves to the house was written into it on opening.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

from madang import recipes
from madang.access import ACTS, ROLES
from madang.processes.models import Process
from madang.processes.queries import CHARTER, charter
from madang.recipes import Recipe, Value, Vocabulary, house_vocabulary, under

HOUSE = Path(recipes.__file__).parent / "processes"


def vocabulary() -> Vocabulary:
    """The built words as the rooms registered them; planned words from the house's list, for recipes on paper."""
    house = house_vocabulary()
    return Vocabulary(
        acts={name: act.outcomes for name, act in ACTS.items()},
        roles=frozenset(ROLES),
        counters=house.counters,
        methods=house.methods,
        indicators=house.indicators,
        features=house.features,
        planned=house.planned,
    )


def files() -> list[Path]:
    return [*sorted(HOUSE.glob("*.toml")), *sorted((settings.HOME / "recipes").glob("*.toml"))]


def editions() -> dict[str, Recipe]:
    """ "key@version" → recipe, of every readable file. RecipeError (file, line, sentence) on the first bad one."""
    stamp = tuple((str(file), file.stat().st_mtime_ns) for file in files())
    return _read(stamp, len(ACTS))


def edition(name: str) -> Recipe:
    """The recipe "key@version", or the newest version of "key". KeyError where there is none."""
    known = editions()
    if name in known:
        return known[name]
    versions = [recipe for recipe in known.values() if recipe.key == name]
    if not versions:
        raise KeyError(name)
    return max(versions, key=lambda recipe: str(recipe.version))


def to_open(name: str) -> Recipe:
    """The edition as a process would keep it: with the numbers it leaves to the house, as the charter has them today."""
    return under(edition(name), edition(CHARTER))


def number(process: Process, name: str) -> int:
    """A number that binds the process: of its own recipe, else of the charter."""
    return _value(process, name).value


def term(process: Process, name: str) -> tuple[int, str]:
    """A length of time that binds the process as (amount, unit)."""
    value = _value(process, name)
    return value.value, value.unit


def part_name(rules: Recipe, part: str) -> str:
    """What the recipe calls the body that plays `part`, in the reader's language."""
    return rules.bodies[part].name.said(get_language() or "ko")


def _value(process: Process, name: str) -> Value:
    """A process opened before the charter knew the number asks the charter adopted, at last the one on the shelf."""
    for rules in (process.rules, house.rules if (house := charter()) else None):
        if rules is not None and name in rules.values:
            return rules.values[name]
    return edition(CHARTER).values[name]


@lru_cache(maxsize=4)
def _read(stamp: tuple[tuple[str, int], ...], acts: int) -> dict[str, Recipe]:
    words = vocabulary()
    found = [recipes.load(Path(file), words) for file, _changed in stamp]
    return {recipe.edition: recipe for recipe in found}
