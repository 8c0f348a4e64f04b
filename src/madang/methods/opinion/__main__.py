"""`madang opinion VOTES.csv [--statements comments.csv] [--method stable|polis] [--json]`: a map of opinion in words or numbers."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from madang.methods.opinion.reading import Statement, Unreadable, read_names, read_statements, read_votes


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the map of a file; 0 done, 1 the file was refused, 2 wrongly called."""
    try:
        asked = parser().parse_args(argv)
    except SystemExit as ended:
        return int(ended.code or 0)
    try:
        return draw(asked)
    except (Unreadable, ValueError) as refused:
        print(f"거절: {refused}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """The words of the command."""
    top = argparse.ArgumentParser(prog="madang opinion", description="의견 지도 / a map of opinion")
    top.add_argument("votes", type=Path, help="Polis의 votes.csv 또는 participants-votes.csv, 또는 participant,statement,vote")
    top.add_argument("--statements", type=Path, help="comments.csv: 글과 조정 / texts and moderation")
    top.add_argument("--method", choices=("stable", "polis"), default="stable", help="기본 stable / polis: 비교용")
    top.add_argument("--language", choices=("ko", "en"), default="ko", help="글의 언어 / language of the text")
    top.add_argument("--remove", type=Path, metavar="IDS.txt", help="뺄 계정, 한 줄에 하나 / accounts to leave out, one a line")
    top.add_argument("--k", type=number, metavar="N", help="모둠의 수를 정함 / this many groups (2–20)")
    top.add_argument("--anonymity", type=least, default=10, metavar="N", help="이보다 적은 사람은 밝히지 않음 (기본 10)")
    top.add_argument("--public", action="store_true", help="사람별 모둠을 빼고 / without anyone's membership")
    top.add_argument("--flip", action="store_true", help="찬성이 −1인 파일 (Polis 데이터베이스) / agree is −1")
    top.add_argument("--lenient", action="store_true", help="표가 아닌 표, 모르는 의견은 건너뜀 / skip what is no vote")
    top.add_argument("--json", action="store_true", help="JSON으로 / as JSON")
    return top


def draw(asked: argparse.Namespace) -> int:
    """Read, reckon, print."""
    statements: tuple[Statement, ...] = read_statements(asked.statements) if asked.statements else ()
    known = [one.key for one in statements] if asked.statements else None
    log = read_votes(asked.votes, known=known, flip=asked.flip, lenient=asked.lenient)
    without = read_names(asked.remove) if asked.remove else ()
    if strangers := sorted(set(without) - set(log.participants)):
        print(f"표가 없는 계정 / never voted: {', '.join(strangers[:5])}{' …' * (len(strangers) > 5)}", file=sys.stderr)

    from madang.methods.opinion.conversation import Conversation  # noqa: PLC0415 — a bad file is told before all is loaded
    from madang.methods.opinion.mapping import as_json, opinion_map  # noqa: PLC0415
    from madang.methods.opinion.wording import told  # noqa: PLC0415

    conversation = Conversation.recount(log, without=without)
    made = opinion_map(conversation, statements, method=asked.method, k=asked.k, anonymity=asked.anonymity)
    if asked.json:
        print(json.dumps(as_json(made, public=asked.public), ensure_ascii=False, allow_nan=False))
    else:
        print(told(made, asked.language), end="")
    return 0


def number(text: str) -> int:
    """2 … 20."""
    value = int(text) if text.isascii() and text.isdecimal() else 0
    if not 2 <= value <= 20:
        raise argparse.ArgumentTypeError("2–20")
    return value


def least(text: str) -> int:
    """0 … 10,000."""
    if not text.isascii() or not text.isdecimal() or int(text) > 10_000:
        raise argparse.ArgumentTypeError("0–10000")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
