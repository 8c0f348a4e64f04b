"""`madang sortition POOL.csv QUOTAS.csv --seats N …`: see docs/methods/sortition.md.

1. Nothing is written until everything is computed; a refusal leaves no file behind.
2. A table that exists is read, checked and drawn from, never overwritten: what was published is what is drawn.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from madang.methods.sortition.reading import Pool, Quotas, Refused, read_pool, read_quotas

RULES = ("leximin", "maximin", "nash", "legacy")


def main(argv: Sequence[str]) -> int:
    """Run the command; 0 done · 1 refused · 2 wrongly called."""
    words = list(argv)
    try:
        if any(word == "--verify" or word.startswith("--verify=") for word in words):
            from madang.methods.sortition.verify import main as check  # noqa: PLC0415 — needs no solver

            return check(words)
        return _run(_asked(words))
    except Refused as refused:
        print(refused, file=sys.stderr)
        if "--json" in words:
            print(json.dumps(_refusal(refused), ensure_ascii=False))
        return 1
    except BrokenPipeError:
        return 0
    except OSError as fault:
        print(f"{fault.filename}: 파일을 쓸 수 없습니다. / cannot write: {fault.strerror}", file=sys.stderr)
        return 1


def _asked(words: list[str]) -> argparse.Namespace:
    ask = argparse.ArgumentParser(prog="madang sortition", description="층화 추첨 / a fair stratified lottery")
    ask.add_argument("pool", type=Path, help="지원자 CSV / volunteers")
    ask.add_argument("quotas", type=Path, help="할당 CSV: feature,value,min,max[,min_flex,max_flex]")
    ask.add_argument("--seats", type=_count, required=True, help="자리 수 / seats of the whole panel")
    ask.add_argument("--rule", choices=RULES, default="leximin")
    ask.add_argument(
        "--household", action="append", default=[], metavar="COL", help="한 집에 한 사람 / one a household"
    )
    ask.add_argument("--id", default="", metavar="COL", help="번호 열 / id column")
    ask.add_argument("--panels", type=_count, help="표의 패널 수 (기본 1000부터) / panels in the table")
    ask.add_argument("--seed", help="알려진 씨앗 / the public seed: draws a panel")
    ask.add_argument(
        "--seed-source", default="", metavar="TEXT", help="씨앗이 어디서 오는지 / where the seed comes from"
    )
    ask.add_argument("--spares", type=_count, default=0, metavar="N", help="예비 순번 / ordered reserve")
    ask.add_argument("--seated", type=Path, metavar="CSV", help="이미 앉은 사람들 / people already seated")
    ask.add_argument(
        "--table", type=Path, metavar="FILE", help="패널 표를 쓰거나, 있으면 읽음 / write, or read if it exists"
    )
    ask.add_argument("--transcript", type=Path, metavar="FILE", help="추첨 기록 / write the transcript")
    ask.add_argument("--exact", action="store_true", help="큰 명단도 정확한 추첨을 만들어 증명 / prove it attained")
    ask.add_argument("--json", action="store_true")
    asked = ask.parse_args(words)
    if asked.spares and asked.seed is None:
        ask.error("--spares에는 --seed가 필요합니다 / --spares needs --seed")
    return asked


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError("1 이상의 정수 / a whole number of 1 or more")
    return int(text)


def _run(asked: argparse.Namespace) -> int:
    quotas = read_quotas(asked.quotas)
    pool = read_pool(asked.pool, quotas, id_column=asked.id, household=asked.household)
    seated = None
    if asked.seated:
        seated = read_pool(asked.seated, quotas, id_column=asked.id or pool.id_column, household=asked.household)
    for note in (*quotas.notes, *pool.notes, *(seated.notes if seated else ())):
        print(note, file=sys.stderr)
    shown = _selected(asked, pool, quotas, seated)
    if asked.json:
        print(json.dumps(shown, ensure_ascii=False))
    else:
        _say(shown)
    return 0


def _selected(asked: argparse.Namespace, pool: Pool, quotas: Quotas, seated: Pool | None) -> dict[str, Any]:
    _one_thread()
    try:
        from madang.methods.sortition.problem import problem  # noqa: PLC0415 — arrays and solver only here
        from madang.methods.sortition.selection import select  # noqa: PLC0415
    except ImportError as missing:
        raise Refused("추첨에는 methods 추가 설치가 필요합니다: pip install 'madang[methods]'",
                      f"{missing.name} is not installed") from missing  # fmt: skip
    stated = problem(pool, quotas, asked.seats, seated)
    found = select(stated, asked.rule, exact=asked.exact or None, panels=asked.panels or 1000)
    exact = found.probabilities
    shown: dict[str, Any] = {
        "rule": found.rule,
        "seats": stated.seats,
        "people": stated.people,
        "kinds": stated.kinds,
        "probabilities": exact,
        "panel": None,
        "minimum": min(exact.values()),
        "bound": found.bound,
        "attained": found.attained,
        "unholdable": [{"ids": list(k.ids), "reason": k.korean, "reason_en": k.english} for k in found.unholdable],
        "counts": [
            {"feature": row.feature, "value": row.value, "min": row.min, "max": row.max, "volunteers": int(there)}
            for row, there in zip(quotas.rows, stated.available, strict=True)
        ],
    }
    if asked.seed is not None or asked.table or asked.transcript or asked.panels:
        shown |= _drawn(asked, found, pool, quotas, seated)
    return shown


def _drawn(asked: argparse.Namespace, found: Any, pool: Pool, quotas: Quotas, seated: Pool | None) -> dict[str, Any]:
    from madang.methods.sortition import lottery  # noqa: PLC0415
    from madang.methods.sortition.keeping import Rules  # noqa: PLC0415
    from madang.methods.sortition.transcript import transcript  # noqa: PLC0415

    rules = Rules(pool, quotas, asked.seats, seated)
    published = asked.table is not None and asked.table.exists()
    table = _published(asked.table, rules) if published else found.table(asked.panels or found.panels_wanted())
    for number, panel in enumerate(table):
        if wrong := rules.faults(panel):
            raise Refused(f"표의 {number + 1}번째 줄: {', '.join(wrong[:3])}", "a panel breaks a rule")
    copies = dict.fromkeys(found.probabilities, 0)
    for panel in table:
        for name in panel:
            copies[name] += 1
    out = {name for kind in found.unholdable for name in kind.ids}
    digest = lottery.digest(table)
    panel, spares = None, []
    if asked.seed is not None:
        panel = table[lottery.number(digest, asked.seed, len(table))[0]]
        spares = lottery.reserve(
            panel, sorted(set(rules.people) - set(panel)), asked.spares, asked.seed, rules.covers(panel)
        )
    files = {"pool": asked.pool, "quotas": asked.quotas} | ({"seated": asked.seated} if asked.seated else {})
    record = transcript(found, table, files, seats=asked.seats, household=asked.household, id_column=pool.id_column,
                        seed=asked.seed, source=asked.seed_source, spares=spares)  # fmt: skip
    if asked.table and not published:
        asked.table.write_text(lottery.text(table), "utf-8", newline="")
    if asked.transcript:
        asked.transcript.write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
    realised = {name: count / len(table) for name, count in copies.items()}
    return {
        "marginals": found.probabilities,
        "probabilities": realised,
        "minimum": min(realised.values()),
        "minimum_of_holdable": min((p for name, p in realised.items() if name not in out), default=0.0),
        "panels": len(table),
        "digest": digest,
        "number": record["number"],
        "panel": panel,
        "spares": spares,
    }


def _published(path: Path, rules: Any) -> list[list[str]]:
    """The table as it was published."""
    try:
        lines = path.read_bytes().decode().split("\n")
    except UnicodeDecodeError as fault:
        raise Refused(
            "패널 표를 읽을 수 없습니다.", "the table is not UTF-8", f"{path.name}:1:{fault.start + 1}"
        ) from fault
    if len(lines) < 2 or lines[-1]:
        raise Refused(
            "패널 표가 비었거나 끊겼습니다.", "the table is empty or cut short", f"{path.name}:{len(lines)}:1"
        )
    table = [line.split("\t") for line in lines[:-1]]
    for number, panel in enumerate(table, 1):
        if panel != sorted(panel) or rules.faults(panel):
            raise Refused("패널 표의 이 줄은 이 명단과 할당에 맞지 않습니다: " + ", ".join(rules.faults(panel)[:2]),
                          "this line is no panel of this pool", f"{path.name}:{number}:1")  # fmt: skip
    return table


def _one_thread() -> None:
    """Pin the linear algebra to one thread: on a busy machine more of them are slower, and order of sums may change."""
    import os  # noqa: PLC0415

    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _refusal(refused: Refused) -> dict[str, Any]:
    changes = getattr(refused, "relaxations", [])
    return {
        "refused": refused.korean,
        "refused_en": refused.english,
        "place": refused.place,
        "relaxations": [
            {
                "units": one.units,
                "cost": str(one.cost),
                "changes": [
                    {
                        "feature": c.feature,
                        "value": c.value,
                        "min": c.min,
                        "max": c.max,
                        "new_min": c.new_min,
                        "new_max": c.new_max,
                        "volunteers": c.available,
                    }
                    for c in one.changes
                ],
            }
            for one in changes
        ],
        "panel": None,
    }


def _say(shown: dict[str, Any]) -> None:
    print(f"규칙 {shown['rule']} · 지원자 {shown['people']:,}명 · 자리 {shown['seats']} / rule, volunteers, seats")
    for row in shown["counts"]:
        print(f"  {row['feature']}={row['value']}: 최소 {row['min']} 최대 {row['max']} · 지원 {row['volunteers']}")
    for kind in shown["unholdable"]:
        print(f"앉을 수 없음 / fits no panel: {', '.join(kind['ids'][:10])} — {kind['reason']} / {kind['reason_en']}")
    if shown["bound"] is not None:
        reached = {
            True: "실현됨 / reached",
            False: "온전한 패널로 닿는 최적 / best of whole panels",
            None: "선형계획의 상한 / bound",
        }
        print(
            f"가장 낮은 확률의 상한 {shown['bound']:.6f} ({reached[shown['attained']]}) / bound of the least probability"
        )
    print(f"가장 낮은 확률 {shown['minimum']:.6f} / the least probability")
    if "digest" in shown:
        print(f"패널 {shown['panels']:,}개, 표의 sha256 {shown['digest']} / panels and digest of the table")
        if shown["panel"] is None:
            print("요약값과 씨앗의 출처를 먼저 알리세요. / publish the digest and the seed's source first")
    if shown["panel"] is not None:
        print(f"뽑힌 패널 {shown['number']}: {', '.join(shown['panel'])} / the panel drawn")
        if shown["spares"]:
            print(f"예비 순서: {', '.join(shown['spares'])} / the reserve in order")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
