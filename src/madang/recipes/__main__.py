"""`python -m madang.recipes check [PATH…]` and `explain [PATH…]`; without a path, the whole shelf."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path as File

from madang.recipes.explain import explain, table
from madang.recipes.faults import Fault, RecipeError
from madang.recipes.institution import Recipe
from madang.recipes.reader import load
from madang.recipes.shelf import files, load_body, load_set, recipes


def main(argv: Sequence[str] | None = None) -> int:
    """0: every recipe is in order; 1: faults were printed, one a line as file:line: sentence."""
    parser = argparse.ArgumentParser(prog="python -m madang.recipes", description="제도 파일을 살피고 풀어 읽습니다.")
    parser.add_argument("command", choices=("check", "explain"), help="check: 살피고 표를 보임 / explain: 말로 풀기")
    parser.add_argument("paths", nargs="*", help="TOML 파일 (없으면 서가의 모든 제도)")
    parser.add_argument("--lang", choices=("ko", "en"), default="ko", help="잘못을 알리는 말")
    given = parser.parse_args(argv)
    tell = table if given.command == "check" else explain
    faults: list[Fault] = []
    for path in given.paths:
        try:
            print(tell(load(File(path))), end="\n\n")
        except RecipeError as error:
            faults += error.faults
    if not given.paths:
        faults += _whole_shelf(tell)
    for fault in faults:
        print(f"{fault.origin}:{fault.line}: {fault.en if given.lang == 'en' else fault.ko}", file=sys.stderr)
    return 1 if faults else 0


def _whole_shelf(tell: Callable[[Recipe], str]) -> list[Fault]:
    faults: list[Fault] = []
    try:
        for recipe in recipes().values():
            print(tell(recipe), end="\n\n")
    except RecipeError as error:
        return list(error.faults)
    readers: dict[str, Callable[[File], object]] = {"bodies": load_body, "sets": load_set}
    for folder, read in readers.items():
        for file in files(folder):
            try:
                read(file)
            except RecipeError as error:
                faults += error.faults
    return faults


if __name__ == "__main__":
    sys.exit(main())
