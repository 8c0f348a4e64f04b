"""Preparing a machine: keys, tables, words, static files. Each step first looks whether there is anything to do."""

import hashlib
import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from madang.record.board import moved_all
from madang.record.key import signing_key
from madang.settings import own_secret


def prepare() -> list[str]:
    """Do what is missing; names of the steps that did something."""
    steps = {"keys": keys, "database": tables, "words": words, "static": static}
    return [name for name, step in steps.items() if step()]


def keys() -> bool:
    """The keys of this house, made once."""
    fresh = not (settings.HOME / "log.key").exists()
    signing_key()
    own_secret("roll.key")
    return fresh


def tables() -> bool:
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    moved_all()
    return True


def words() -> bool:
    """Compile translations that are newer than what was compiled from them."""
    stale = [
        po
        for po in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po"))
        if _older(po.with_suffix(".mo"), po)
    ]
    for po in stale:
        with po.open("rb") as source:
            catalog = read_po(source)
        fresh = po.with_suffix(f".{os.getpid()}.mo")  # two may compile at once
        with fresh.open("wb") as out:
            write_mo(out, catalog)
        fresh.replace(po.with_suffix(".mo"))
    return bool(stale)


def _older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime_ns < source.stat().st_mtime_ns


def static() -> bool:
    """Collect static files when any of them changed since the last time."""
    stamp = settings.HOME / "static.stamp"
    found = _stamp()
    if stamp.exists() and stamp.read_text() == found and Path(settings.STATIC_ROOT).exists():
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(found)
    return True


def _stamp() -> str:
    lines = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            real = Path(storage.path(path)).stat()
            lines.append(f"{path} {real.st_size} {real.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
