"""`madang audit POLL.zip`: check and recount a sealed poll offline; Korean and English.

Exit codes: 0 everything holds · 1 a fault, named · 2 wrongly called.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from madang.methods.sealed import telling
from madang.methods.sealed.audit import Report, audited
from madang.methods.sealed.pabulib import text_of


def main(argv: Sequence[str] | None = None) -> int:
    """Audit one file; the exit code."""
    says = "봉인 투표를 파일만으로 확인하고 다시 셉니다. / Check and recount a sealed poll from its file alone."
    parser = argparse.ArgumentParser(prog="madang audit", description=says)
    parser.add_argument("path", type=Path, metavar="POLL.zip")
    parser.add_argument("--receipt", default="", metavar="CODE|FILE", help="내 표가 있는지 / is my ballot on the board (XXXX-XXXX-XXXX)")
    parser.add_argument("--key", default="", help="시가 공개한 열쇠 / the key the city publishes: name+hash+base64")
    parser.add_argument("--kept", type=Path, help="전에 받아 둔 도장 / a signed checkpoint you saved earlier")
    parser.add_argument("--workers", type=int, default=0, help="함께 확인할 프로세스 / processes that check together")
    parser.add_argument("--json", action="store_true", help="결과를 JSON으로 / print the report as JSON")
    parser.add_argument("--pb", type=Path, metavar="OUT.pb", help="열린 표를 Pabulib 파일로 / write the opened votes as a Pabulib file")
    try:
        wish = parser.parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        kept = wish.kept.read_text("utf-8") if wish.kept else ""
        file = Path(wish.receipt)
        receipt = file.read_text("utf-8") if wish.receipt and file.is_file() else wish.receipt
        report, poll, votes = audited(wish.path, key=wish.key, receipt=receipt, kept=kept, workers=wish.workers or _worth(wish.path))
        if wish.pb and report.ok and poll:
            wish.pb.write_text(text_of(poll, votes), "utf-8")
    except (ValueError, OSError) as fault:
        print(fault, file=sys.stderr)
        return 2
    except ModuleNotFoundError as absent:
        print(f'{absent.name}: pip install "madang[methods]"', file=sys.stderr)
        return 2
    print(json.dumps(asdict(report), ensure_ascii=False) if wish.json else told(report))
    return 0 if report.ok else 1


def _worth(path: Path) -> int:
    """One process more for each 20 MB, up to the cores of the machine: small polls are done before helpers are there."""
    size = path.stat().st_size if path.is_file() else 0
    return min(os.cpu_count() or 1, 1 + size // 20_000_000)


def told(report: Report) -> str:
    """The report as people read it."""
    if report.fault:
        return f"✗ {report.fault.words('ko')}\n  {report.fault.words('en')}"
    counted = report.ballots - report.superseded
    lines = [
        f"✓ {report.poll}: 봉인 표 {counted:,}장을 모두 확인하고 다시 세었습니다. 발표한 결과와 같습니다.",
        f"  {report.poll}: all {counted:,} sealed ballots checked and recounted; the result is the published one.",
        f"  다시 투표하여 밀려난 표 / superseded {report.superseded:,} · 도장 / checkpoints {report.checkpoints:,}"
        f" · 증인 / witnesses {', '.join(report.cosigned) or '–'}",
    ]
    for key, tally in report.classes.items():
        issued = ", ".join(f"{name} {number:,}" for name, number in tally.issued.items())
        lines.append(f"  {key}: 명부 / roll {tally.roll:,} · 발급 / issued {issued}")
        lines.append(f"  {key}: 봉인 표 / sealed {tally.sealed:,} · 종이 표 / paper {tally.paper:,}")
    result = report.result
    void = ", ".join(f"{reason} {number:,}" for reason, number in result["void"].items()) or "0"
    lines.append(f"  투표 / turnout {result['turnout']:,} · 유효 / valid {result['valid']:,} · 무효 / void {void}")
    lines.append(f"  뽑힌 번호 / winners {', '.join(map(str, result.get('winners', []))) or '–'}")
    lines.append(f"  root {report.root}")
    if report.receipt:
        marks = "—" if report.receipt["marks"] is None else repr(report.receipt["marks"])
        lines.append(f"  {report.receipt['code']}: 게시판 {report.receipt['line']:,}번째 줄 / board, that line: {marks}")
    for code, detail in report.notes:
        lines += [f"! {telling.words(code, 'ko')}", f"  {telling.words(code, 'en')}", *([f"  {detail}"] if detail else [])]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
