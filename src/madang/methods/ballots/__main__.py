"""`madang ballots FILE… --method schulze`: count ballots, explain the result, and recount it another way.

Exit codes: 0 counted (also where a tie stays open or the bar is not reached) · 1 a bad file, or ballots of the wrong kind ·
2 wrongly called.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from madang.methods.ballots.outcome import BREAKERS, METHODS, STRENGTHS, Outcome, Terms
from madang.methods.ballots.profile import WEIGHINGS, Profile, joined
from madang.methods.ballots.reading import read
from madang.methods.ballots.recount import recount
from madang.methods.ballots.resolution import Bar
from madang.methods.ballots.tally import tally
from madang.methods.ballots.telling import as_json, explained, summary
from madang.methods.korean.textfile import BadFile

MARKS = {"approval": "pick", "score": "points", "cumulative": "points"}
_SHARE = re.compile(r"(>=|>|≥)?\s*(\d{1,9}(?:\.\d{1,9})?|\d{1,9}/\d{1,9})\s*(%)?", re.ASCII)


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code."""
    asked = _parser()
    try:
        wish = asked.parse_args(argv)
        terms = _terms(wish)
    except SystemExit as stop:
        return int(stop.code or 0)
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    try:
        profile = _profile(wish)
        outcome = tally(profile, terms)
    except BadFile as fault:
        print(fault, file=sys.stderr)
        return 1
    except ValueError as fault:
        print(f"{', '.join(map(str, wish.files))}: {fault}", file=sys.stderr)
        return 1
    if differs := recount(profile, outcome):
        print(f"다시 센 결과가 다릅니다 / the recount differs: {differs}", file=sys.stderr)
        return 1
    _print(outcome, wish)
    return 0


def _print(outcome: Outcome, wish: argparse.Namespace) -> None:
    if wish.json:
        print(json.dumps(as_json(outcome) | {"recounted": True}, ensure_ascii=False, indent=None))
    else:
        print(explained(outcome) if wish.explain else summary(outcome))
        print("다른 방법으로 다시 세어 같습니다. / recounted by another way: the same.")


def _profile(wish: argparse.Namespace) -> Profile:
    marks = MARKS.get(wish.method, "rank")
    names = [name for name in wish.candidates.split(",") if name.strip()] if wish.candidates else ()
    return joined([read(path, marks, names, wish.form) for path in wish.files])


def _terms(wish: argparse.Namespace) -> Terms:
    return Terms(
        wish.method,
        weights=_weights(wish.weights) if wish.weights else None,
        weighing=wish.weighing,
        bar=_bar(wish.threshold) if wish.threshold else None,
        ties=() if wish.ties == "none" else tuple(tie.strip() for tie in wish.ties.split(",")),
        seed=wish.seed,
        seats=wish.seats,
        strength=wish.strength,
        most=_fraction(wish.most, "--most") if wish.most else None,
    )


def _weights(text: str) -> dict[str, Fraction]:
    weights: dict[str, Fraction] = {}
    for pair in text.split(","):
        group, sign, weight = pair.rpartition("=")
        group = " ".join(group.split())
        if not sign or not group or group in weights:
            raise ValueError(f"--weights 집단=수,집단=수 / --weights group=number,…: {pair!r}")
        weights[group] = _fraction(weight, "--weights")
    return weights


def _fraction(text: str, of: str) -> Fraction:
    found = _SHARE.fullmatch(text.strip())
    if not found or found[1] or found[3] or re.search(r"/0+$", text):
        raise ValueError(f"{of}: 수가 아닙니다 / not a number: {text!r}")
    return Fraction(found[2])


def _bar(text: str) -> Bar:
    """`>1/2` is more than half, `1/3`, `>=1/3` or `30%` at least that share of all ballots."""
    found = _SHARE.fullmatch(text.strip())
    if not found or re.search(r"/0+$", found[2]):
        raise ValueError(f"--threshold: `>1/2`, `1/3`, `30%` 꼴이어야 합니다 / like `>1/2`, `1/3`, `30%`: {text!r}")
    share = Fraction(found[2]) / (100 if found[3] else 1)
    if share > 1:
        raise ValueError(f"--threshold: 몫은 1을 넘지 않습니다 / a share is at most 1: {text!r}")
    return Bar("present", share, more=found[1] == ">")


def _parser() -> argparse.ArgumentParser:
    ask = argparse.ArgumentParser(prog="madang ballots", description="표를 세고 까닭을 말함 / count ballots and explain")
    ask.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, A>B=C, PrefLib; 여러 파일은 한 선거 / one election")
    ask.add_argument("--method", required=True, choices=METHODS)
    ask.add_argument("--candidates", default="", help="공고한 순서 / in the published order, with commas")
    ask.add_argument("--form", default="", choices=("csv", "plain", "preflib"), help="파일의 꼴 / form of the file")
    ask.add_argument("--weights", default="", help="집단=수,… / group=number,…")
    ask.add_argument("--weighing", default="shares", choices=WEIGHINGS, help="집단 전체의 몫인가 한 장의 무게인가")
    ask.add_argument("--threshold", default="", help=">1/2, 1/3, 30%%: 모든 표 가운데 / of all ballots")
    ask.add_argument("--ties", default="order", help=f"{','.join(BREAKERS)} 또는 none / in this order, or none")
    ask.add_argument("--seed", default="", help="추첨의 씨앗 / the public seed of a lot")
    ask.add_argument("--seats", type=int, default=1, help="자리 수 / seats")
    ask.add_argument("--strength", default="winning", choices=STRENGTHS)
    ask.add_argument("--most", default="", help="만점, 누적은 모두의 합 / highest score, or points in all (cumulative)")
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--explain", action="store_true", help="모든 합을 보임 / with every sum")
    return ask


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
