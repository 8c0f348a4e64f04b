"""The kinds of ballot, found by their name: one module here and one fragment `decisions/papers/<name>.html` each.

A module says NAME (Korean, English), COUNTINGS (what may count it), `read(paper, group, text) -> Given` (raises Void) and
`write(given) -> text`. Its file name with "-" for "_" is the kind's name in recipes, papers and files.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from madang.methods.ballots.marks import Given
    from madang.methods.ballots.paper import Paper


class Kind(Protocol):
    """What a module of this package says."""

    NAME: tuple[str, str]
    COUNTINGS: tuple[str, ...]

    def read(self, paper: "Paper", group: str, text: str) -> "Given":
        """The vote as (place, value) in printed order. Raises Void where it breaks the paper's rule."""

    def write(self, given: "Given") -> str:
        """The one written form of what was marked. Raises Void where there is none."""


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name."""
    names = sorted(found.name for found in iter_modules(__path__))
    return MappingProxyType({name.replace("_", "-"): cast(Kind, import_module(f"{__name__}.{name}")) for name in names})
