"""`madang budgeting FILE.pb [PART.pb …]`: count, explain, or check a result. Exit: 0 done · 1 refused or refuted · 2 wrongly called."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

RULES = ("greedy", "phragmen", "equal-shares", "bos")


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code."""
    words = list(argv)
    if "--ties" in words[:-1]:  # its value may begin with a minus
        at = words.index("--ties")
        words[at : at + 2] = [f"--ties={words[at + 1]}"]
    try:
        asked = parser().parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return _run(asked)
    except BrokenPipeError:  # the reader of our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, OSError) as fault:  # FormatError is a ValueError
        print(fault, file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """All options, Korean and English."""
    ask = argparse.ArgumentParser(prog="madang budgeting", description="참여예산을 셈 / count a participatory budget")
    ask.add_argument("files", nargs="+", type=Path, metavar="FILE.pb", help="한 선거의 파일(들) / the file, or the parts, of one election")
    ask.add_argument("--rule", choices=RULES, default="equal-shares", help="규칙 / rule")
    ask.add_argument("--utility", choices=("cost", "cardinality", "scores", "borda"), help="만족 / utility (by vote type)")
    ask.add_argument("--completion", choices=("none", "add1", "add1u", "utilitarian"), default="none", help="남은 돈 / completion")
    ask.add_argument("--by", choices=("votes", "votes/cost"), help="greedy: 순서 / order")
    ask.add_argument("--start", choices=("fraction", "floor"), default="fraction", help="첫 몫 / share at the start")
    ask.add_argument("--stop", choices=("exhaustive", "infeasible"), help="멈춤 / when Add1 or Phragmén stops")
    ask.add_argument("--no-skip", action="store_true", help="greedy: 안 맞는 사업에서 끝냄 / end at the first that does not fit")
    ask.add_argument("--threshold", metavar="N|file", help="greedy: 최소 지지 / least support (file: min_project_score_threshold)")
    ask.add_argument("--ties", default="id", help="같을 때 / ties: id,-id,number,cost,-cost,votes,-votes,lot:SEED")
    ask.add_argument("--limit", action="append", default=[], metavar="COL=VALUE:MONEY|#N|file", help="한도 / limit of a category")
    ask.add_argument("--weight", default="", metavar="COL", help="투표자 무게 열 / column of voters' weights")
    ask.add_argument("--fund", default="", metavar="COL", help="투표자 무리 열 / column of voters' groups with money of their own")
    ask.add_argument("--money", action="append", default=[], metavar="GROUP=AMOUNT", help="한 사람 몫 / what each of a group starts with")
    ask.add_argument("--encoding", default="utf-8", help="글 부호화 / text encoding (utf-8, cp949, …)")
    ask.add_argument("--tolerant", action="store_true", help="작은 흠은 적어 두고 셈 / note small faults and go on")
    ask.add_argument("--json", action="store_true", help="JSON으로 / print JSON")
    ask.add_argument("--explain", action="store_true", help="말로 풀어 / tell it in words")
    ask.add_argument("--margins", action="store_true", help="낙선 사업이 뽑혔을 가장 큰 비용 / the cost at which each loser had won")
    ask.add_argument("--lang", choices=("ko", "en"), default="ko", help="말 / language of --explain")
    ask.add_argument("--verify", type=Path, metavar="RESULT.json", help="결과를 확인 / check a published result")
    return ask


def _run(asked: argparse.Namespace) -> int:
    # numpy is asked for only now: the command's help needs none
    from madang.methods.budgeting import limits, pabulib, ties  # noqa: PLC0415

    words = ties.parsed(asked.ties)
    stated = "file" in asked.limit
    bounds = [limits.parsed(one) for one in asked.limit if one != "file"]
    election = pabulib.read(
        *asked.files, tolerant=asked.tolerant, encoding=asked.encoding, weight=asked.weight, fund=asked.fund
    )
    for note in election.notes:
        print(f"! {note}", file=sys.stderr)
    if asked.verify:
        return _verified(election, asked.verify)
    bounds += limits.stated(election) if stated else ()
    outcome = _counted(election, asked, words, tuple(bounds))
    return _told(election, outcome, asked)


def _counted(election: Any, asked: argparse.Namespace, words: tuple[str, ...], bounds: tuple[Any, ...]) -> Any:
    utility = asked.utility or election.default_utility
    if asked.rule in ("greedy", "phragmen") and asked.money:
        raise ValueError("--money는 equal-shares와 bos에만 있습니다 / --money is for equal-shares and bos")
    if asked.rule == "greedy":
        from madang.methods.budgeting.greedy import greedy  # noqa: PLC0415

        least = _threshold(election, asked.threshold)
        return greedy(election, utility=utility, by=asked.by or "", skip=not asked.no_skip, least=least, ties=words, limits=bounds)
    if asked.rule == "phragmen":
        from madang.methods.budgeting.phragmen import phragmen  # noqa: PLC0415

        return phragmen(election, stop=asked.stop or "infeasible", ties=words, limits=bounds)
    more: dict[str, Any] = {"utility": utility, "ties": words, "limits": bounds, "funds": _funds(asked.money)}
    if asked.rule == "bos":
        from madang.methods.budgeting.overspending import overspending  # noqa: PLC0415

        return overspending(election, **more)
    from madang.methods.budgeting.equal_shares import equal_shares  # noqa: PLC0415

    return equal_shares(election, completion=asked.completion, start=asked.start, stop=asked.stop or "exhaustive", **more)


def _threshold(election: Any, text: str | None) -> Fraction | None:
    from madang.methods.budgeting.limits import exact  # noqa: PLC0415

    said = election.meta.get("min_project_score_threshold", "") if text == "file" else text
    return exact(said) if said else None


def _funds(pairs: Sequence[str]) -> dict[str, Fraction] | None:
    from madang.methods.budgeting.limits import exact  # noqa: PLC0415

    found = {}
    for pair in pairs:
        name, equals, text = pair.rpartition("=")
        if not equals:
            raise ValueError(f"GROUP=AMOUNT가 아닙니다 / not GROUP=AMOUNT: {pair!r}")
        found[name] = exact(text)
    return found or None


def _told(election: Any, outcome: Any, asked: argparse.Namespace) -> int:
    from madang.methods.budgeting import explain, measures, verify  # noqa: PLC0415
    from madang.methods.budgeting.outcome import sheet  # noqa: PLC0415

    utility = outcome.variant.get("utility") or "cardinality"
    verdict = verify.judged(election, [election.position[name] for name in outcome.winners], utility, outcome.cost)
    measured = measures.measures(election, outcome.winners)
    within: dict[str, int | None] = {}
    if asked.margins:
        from madang.methods.budgeting.margins import margins  # noqa: PLC0415

        within = margins(election, outcome)
    if asked.explain:
        print(explain.explained(election, outcome, measured, verdict, asked.lang, within))
    if asked.json or not asked.explain:
        page = sheet(outcome) | {"certificate": {**outcome.certificate, **verdict}, "measures": measured, "notes": list(election.notes)}
        page |= {"margins": within} if asked.margins else {}
        print(json.dumps(page, ensure_ascii=False, indent=None if asked.json else 1))
    return 0


def _verified(election: Any, path: Path) -> int:
    from madang.methods.budgeting import limits, verify  # noqa: PLC0415

    try:
        result = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise ValueError(f"{path}: JSON이 아닙니다 / not JSON: {str(fault)[:120]}")
    if not isinstance(result, dict):
        raise ValueError(f"{path}: 결과가 아닙니다 / not a result")
    findings = verify.verify(election, result)  # first: it makes sure that this is a result
    refused = [name for name, lacked in result["losers"].items() if lacked["why"] == "limit"]
    wrong = limits.broken(election, str(result["variant"].get("limits", "")), result["winners"], refused)
    findings.append(verify.Finding("limits", not wrong, wrong))
    for finding in findings:
        print(f"{'✓' if finding.ok else '✗'} {finding.check}{': ' + finding.says if finding.says else ''}")
    return 0 if all(finding.ok for finding in findings) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
