"""System checks of the house: what would break later is said at the start, with file and line where there is one.

E001  a recipe cannot be read                 E002  a running recipe names an act or outcome no room has
E003  a refusal code has no words             W001  PostgreSQL's letters are "C": Korean search would find nothing
E004  SQLite is too old
"""

import ast
import inspect
import sqlite3
import sys
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.db import connections
from django.utils.translation import gettext as _

from madang.access import ACTS
from madang.access.refusals import WORDS
from madang.processes import library
from madang.recipes import RecipeError
from madang.recipes.institution import Recipe

SQLITE_LEAST = (3, 35, 0)


@register
def recipes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every recipe of the house reads without fault, and what runs names acts and outcomes that exist."""
    try:
        known = library.editions()
    except RecipeError as error:
        return [Error(str(fault), hint=fault.en, id="madang.E001") for fault in error.faults]
    return [fault for recipe in known.values() if recipe.status == "runs" for fault in _strange(recipe)]


def _strange(recipe: Recipe) -> Iterator[CheckMessage]:
    for act in recipe.acts():
        if act not in ACTS:
            yield Error(_("%(where)s: 없는 행위 '%(act)s'") % {"where": recipe.origin, "act": act}, id="madang.E002")
    for phase in recipe.phases:
        ends = ACTS.get(phase.owes.act)
        missing = set(ends.outcomes) - set(phase.next) if ends else set()
        if missing:
            words = {"where": recipe.origin, "phase": phase.key, "outcomes": ", ".join(sorted(missing))}
            yield Error(_("%(where)s: '%(phase)s' 단계에 다음이 없는 결과: %(outcomes)s") % words, id="madang.E002")


@register
def refusals(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every code that a room's code refuses with has words and a next step."""
    rooms = {
        name for name in sys.modules if name.startswith("madang.") and name.endswith((".acts", ".walk", ".moderation"))
    }
    codes = {code: module for module in sorted(rooms) for code in _codes(sys.modules[module])}
    return [
        Error(_("거절 '%(code)s'에 할 말이 없습니다 (%(module)s)") % {"code": code, "module": module}, id="madang.E003")
        for code, module in codes.items()
        if code not in WORDS
    ]


def _codes(module: Any) -> Iterator[str]:
    """The codes written out in `Refused("…")` and `once(…, "…")` of a module."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        place = {"Refused": 0, "once": 1}.get(node.func.id)
        said = node.args[place] if place is not None and len(node.args) > place else None
        if isinstance(said, ast.Constant):
            yield str(said.value)


@register("database")
def letters(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Only with `check --database default`: asks the database itself."""
    return [said for alias in databases or [] for said in _letters(alias)]


def _letters(alias: str) -> list[CheckMessage]:
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT datctype FROM pg_database WHERE datname = current_database()")
        kind = cursor.fetchone()[0]
    if kind not in {"C", "POSIX"}:
        return []
    hint = _(
        "C.UTF-8이나 ko_KR.UTF-8로 데이터베이스를 만들어 주세요: CREATE DATABASE … LC_CTYPE 'C.UTF-8' TEMPLATE template0"
    )
    return [Warning(_("PostgreSQL의 lc_ctype이 %(kind)s입니다.") % {"kind": kind}, hint=hint, id="madang.W001")]


@register
def sqlite(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    used = any(config["ENGINE"].endswith("sqlite3") for config in connections.settings.values())
    if not used or sqlite3.sqlite_version_info >= SQLITE_LEAST:
        return []
    return [
        Error(
            _("SQLite %(v)s는 너무 오래되었습니다. 3.35 이상이어야 합니다.") % {"v": sqlite3.sqlite_version},
            id="madang.E004",
        )
    ]
