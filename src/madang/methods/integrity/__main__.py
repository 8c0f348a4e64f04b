"""`madang integrity FILE.json`: look for anomalies and tell them.

Exit: 0 nothing stands out · 1 something does, or the file was refused · 2 wrongly called.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code."""
    ask = argparse.ArgumentParser(
        prog="madang integrity", description="투표의 이상 징후를 드러내어 봄 / look for anomalies in the open"
    )
    ask.add_argument(
        "file", type=Path, metavar="FILE.json", help="투표가 합법적으로 아는 것 / what the poll may lawfully know"
    )
    ask.add_argument("--seed", help="알려진 씨앗 (파일의 것 대신) / the public seed, in place of the file's")
    ask.add_argument(
        "--level", type=float, default=0.01, help="눈에 띈다고 하는 수준 / level of what stands out (0.01)"
    )
    ask.add_argument("--json", action="store_true", help="JSON으로 / print JSON")
    ask.add_argument("--lang", choices=("ko", "en"), default="ko", help="말 / language")
    try:
        asked = ask.parse_args(list(argv))
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        from madang.methods.integrity import read, report, told  # noqa: PLC0415 — needs NumPy only now

        known = read(asked.file)
        found = report(known if asked.seed is None else replace(known, seed=asked.seed), asked.level)
    except (ValueError, OSError) as fault:  # Refused is a ValueError
        print(fault, file=sys.stderr)
        return 1
    print(json.dumps(found, ensure_ascii=False) if asked.json else told(found, asked.lang))
    return int(bool(found["findings"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
