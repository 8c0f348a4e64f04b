"""`make bench-methods`: every method beside its peer, one run, one machine; medians, ratios and peaks of memory.

    make bench-methods                       # all
    make bench-methods ARGS="--only opinion" # one
    make bench-methods ARGS="--write"        # and write the tables into benchmarks/METHODS.md

Each method brings `benchmarks/methods_<name>.py` with `def lines(shared: Path, quick: bool) -> Iterator[Line]`. Real files come from
the folder MADANG_SHARED (beside the clone by default); where it is absent the line says so.
"""

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("MADANG_SHARED", HERE.parents[1] / "shared"))
METHODS = ("budgeting", "sortition", "opinion", "korean", "ballots", "transparency")


class Line(NamedTuple):
    """One figure: what, ours, the peer's ("" without one), their ratio or our bound, and whether it was reached."""

    what: str
    ours: str
    peer: str
    wanted: str
    got: str
    held: bool | None = None

    def __str__(self) -> str:
        mark = {True: "held", False: "missed", None: ""}[self.held]
        return f"| {self.what} | {self.ours} | {self.peer} | {self.wanted} | {self.got} | {mark} |"


HEAD = "| what | ours | peer | wanted | got | |\n|---|---|---|---|---|---|"


def main() -> int:
    """Print every table; 1 when a wanted figure was missed."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", default="", help="names, with commas")
    ask.add_argument("--quick", action="store_true", help="small files only")
    ask.add_argument("--write", action="store_true", help="into benchmarks/METHODS.md")
    asked = ask.parse_args()
    names = [name for name in METHODS if not asked.only or name in asked.only.split(",")]
    sys.path.insert(0, str(HERE))
    pages, missed = [], 0
    for name in names:
        table = [f"## {name}", "", HEAD]
        print("\n".join(table), flush=True)
        for line in measured(name, asked.quick):
            table.append(str(line))
            missed += line.held is False
            print(line, flush=True)
        print(flush=True)
        pages.append("\n".join(table))
    if asked.write:
        write(names, pages)
    return int(missed > 0)


def measured(name: str, quick: bool) -> Iterator[Line]:
    """The lines of one method's own benchmark."""
    yield from importlib.import_module(f"methods_{name}").lines(SHARED, quick)


def write(names: list[str], pages: list[str]) -> None:
    """Replace the tables of `names` in benchmarks/METHODS.md; the other tables and every other word stay."""
    path = HERE / "METHODS.md"
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}"
    text = path.read_text("utf-8") if path.exists() else f"# The methods beside their peers\n\nMachine: {machine}.\n"
    for name, page in zip(names, pages, strict=True):
        start, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->\n"
        if start in text:
            before, rest = text.split(start, 1)
            text = before + start + page + end + rest.split(end, 1)[1]
        else:
            text += f"\n{start}{page}{end}"
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
