"""Channels: the ways a letter reaches a person. One file, one channel; a new one is a new file here.

A channel module has KEY, `reaches(person) -> bool` and `deliver(letter, notices) -> None`, which raises OSError when
the letter did not go out (it is tried again with the same content). In-app keeps the notices and sends no letter.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def letter_channels() -> list[ModuleType]:
    """Every channel that sends letters, by name."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return [module for module in modules if hasattr(module, "deliver")]
