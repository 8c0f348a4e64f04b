"""Check a transcript of a public lottery with nothing but counting: no solver, no arrays, no trust in the maker.

1. Always: the table's digest, the draw from the seed, that the panel is that line of the table, no panel of another size.
2. With the pool and the quotas: that these are the very files, that every panel of the table keeps every quota and
   household, the reserve, and the fairness certificate in exact fractions.
3. What could not be checked is said; a transcript with any fault is not "mostly right".
"""

import argparse
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from madang.methods.sortition import lottery
from madang.methods.sortition.certificate import Prices, bound
from madang.methods.sortition.keeping import Rules
from madang.methods.sortition.reading import Pool, Quotas, Refused, Volunteer, read_pool, read_quotas

CLOSE = Fraction(1, 10**6)
SHARE = Fraction(97, 100)
DECIMAL = re.compile(r"[01]\.[0-9]{1,15}")


@dataclass
class Report:
    """`faults`: what is wrong. `checked`, `unchecked`: in words. `minimum`: the least probability in the table."""

    faults: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    minimum: Fraction | None = None
    bound: Fraction | None = None

    @property
    def ok(self) -> bool:
        return not self.faults


def verify(path: Path, pool: Path | None = None, quotas: Path | None = None, seated: Path | None = None) -> Report:
    """Check the transcript at `path`. Refused where it cannot be read as one, or where pool or quotas cannot be read."""
    given = _read(path)
    report = Report()
    table: list[list[str]] = given["table"]
    _draw(given, table, report)
    if pool is None or quotas is None:
        report.unchecked.append(
            "할당·가구·공정성 증명(지원자와 할당 파일이 없음) / quotas and fairness: no files given"
        )
        return report
    _files({"pool": pool, "quotas": quotas} | ({"seated": seated} if seated else {}), given["files"], report)
    if report.faults:
        return report
    rows = read_quotas(quotas)
    people = read_pool(pool, rows, id_column=given["id"], household=given["household"])
    there = read_pool(seated, rows, id_column=given["id"], household=given["household"]) if seated else None
    rules = Rules(people, rows, given["seats"], there)
    for number, panel in enumerate(table):
        if wrong := rules.faults(panel):
            report.faults.append(f"패널 {number}: {', '.join(wrong[:3])} / panel {number} breaks a rule")
            break
    else:
        report.checked.append(f"패널 {len(table):,}개 모두 할당과 가구 규칙을 지킴 / every panel keeps every quota")
    _reserve(given, rules, report)
    _chances(given, table, rules, people, rows, there, report)
    return report


def _read(path: Path) -> dict[str, Any]:
    wrong = Refused("추첨 기록이 아닙니다.", "this is not a transcript of a lottery", path.name)
    try:
        given = json.loads(path.read_text("utf-8-sig"))
        shape = {"table": list, "files": dict, "household": list, "certificate": list, "spares": list, "seats": int}
        fits = given["madang-sortition"] == 1 and all(isinstance(given[name], kind) for name, kind in shape.items())
        fits = fits and all(
            isinstance(panel, list) and all(isinstance(n, str) for n in panel) for panel in given["table"]
        )
        lists = (given["household"], given["spares"], given["unholdable"], *given["table"])
        fits = fits and all(isinstance(one, list) and all(isinstance(n, str) for n in one) for one in lists)
        fits = fits and isinstance(given["id"], str) and isinstance(given["seed"], str | None)
        names = ("rule", "id", "panels", "digest", "seed", "number", "panel", "unholdable", "bound")
        if not fits or not given["table"] or any(name not in given for name in names):
            raise wrong
    except OSError as fault:
        raise Refused("파일을 열 수 없습니다.", f"cannot open: {fault.strerror}", path.name) from fault
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise wrong from fault
    found: dict[str, Any] = given
    return found


def _draw(given: dict[str, Any], table: list[list[str]], report: Report) -> None:
    digest = lottery.digest(table)
    if digest != given["digest"] or given["panels"] != len(table):
        report.faults.append("표가 알려진 요약값과 다릅니다. / the table does not fit its digest")
        return
    report.checked.append(f"표의 요약값 {digest} / the digest of the table")
    if given["seed"] is None:
        if given["panel"] is not None or given["number"] is not None:
            report.faults.append("씨앗 없이 뽑힌 패널이 있습니다. / a panel without a seed")
        report.unchecked.append("아직 뽑지 않음 / not drawn yet")
        return
    number, _ = lottery.number(digest, str(given["seed"]), len(table))
    if number != given["number"] or given["panel"] != table[number]:
        report.faults.append(f"씨앗에서는 패널 {number}이(가) 나옵니다. / the seed draws panel {number}")
        return
    report.checked.append(f"씨앗에서 패널 {number}: 표의 그 줄 / the seed draws panel {number}")


def _files(paths: dict[str, Path], digests: dict[str, Any], report: Report) -> None:
    if missing := set(digests) - set(paths):
        report.faults.append(f"파일이 더 있어야 합니다: {', '.join(sorted(missing))} / files are missing")
    for name, path in paths.items():
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as fault:
            raise Refused("파일을 열 수 없습니다.", f"cannot open: {fault.strerror}", path.name) from fault
        if found != digests.get(name):
            report.faults.append(f"{path.name}: 추첨에 쓰인 파일이 아닙니다. / not the file of the lottery")


def _reserve(given: dict[str, Any], rules: Rules, report: Report) -> None:
    panel = given["panel"] or []
    if not given["spares"] or report.faults:
        return
    others = sorted(set(rules.people) - set(panel))
    found = lottery.reserve(panel, others, len(given["spares"]), str(given["seed"]), rules.covers(panel))
    if found != given["spares"]:
        report.faults.append("예비 순서가 씨앗과 다릅니다. / the reserve is not the seed's")
    else:
        report.checked.append(f"예비 {len(found)}명의 순서 / the order of the reserve")


def _chances(
    given: dict[str, Any],
    table: list[list[str]],
    rules: Rules,
    pool: Pool,
    quotas: Quotas,
    seated: Pool | None,
    report: Report,
) -> None:
    copies = Counter(name for panel in table for name in panel)
    out = set(given["unholdable"])
    homes_taken = {p.household for p in seated.people if p.household} if seated else set()
    able = [p for p in pool.people if p.id in rules.people and p.household not in homes_taken and p.id not in out]
    if out & set(copies):
        report.faults.append("앉을 수 없다던 사람이 표에 있습니다. / somebody unholdable sits in the table")
    if not able:
        return
    report.minimum = Fraction(min(copies[person.id] for person in able), len(table))
    promised = given["bound"]
    if isinstance(promised, int | float) and given["rule"] != "nash":
        least = Fraction(promised).limit_denominator(10**9) * len(table)
        if min(copies[person.id] for person in able) < min(Fraction(int(least + CLOSE)), least * SHARE):
            report.faults.append("표가 공정한 확률에서 너무 멉니다. / the table is too far from the fair probabilities")
    if not given["certificate"]:
        report.unchecked.append("공정성 증명 없음(이 규칙이나 이 명단에는 없음) / there is no fairness certificate")
        return
    try:
        _levels(given, able, quotas, seated, report)
    except (KeyError, ValueError, TypeError, AttributeError, ZeroDivisionError) as fault:
        report.faults.append(f"공정성 증명을 읽을 수 없습니다. / the certificate cannot be read ({str(fault)[:80]})")
        return
    if out:
        report.unchecked.append(f"{len(out)}명은 어떤 패널에도 앉을 수 없다는 말 / that {len(out)} people fit no panel")


def _levels(given: dict[str, Any], able: list[Volunteer], quotas: Quotas, seated: Pool | None, report: Report) -> None:
    there = seated.people if seated else ()
    taken = Counter(row for person in there for row in person.rows)
    limits = [(max(row.min - taken[q], 0), row.max - taken[q]) for q, row in enumerate(quotas.rows)]
    first: dict[str, str] = {}
    for person in able:
        if person.household:
            first[person.household] = min(first.get(person.household, person.id), person.id)
    homes = {person.id: first[person.household] for person in able if person.household}
    kept: dict[str, Fraction] = {}
    worst = Fraction(0)
    for level in given["certificate"]:
        if not set(level["people"]) - kept.keys() - set(given["unholdable"]):
            continue
        if not DECIMAL.fullmatch(level["value"]):
            raise ValueError("a value is no decimal")
        value = Fraction(level["value"])
        most = bound(able, homes, limits, given["seats"] - len(there), Prices.of_json(level["prices"], quotas), kept)
        report.bound = most if report.bound is None else report.bound
        worst = max(worst, most - value)
        if most - value > CLOSE:
            report.faults.append(f"증명은 {float(most):.9f}까지만 보입니다: {level['value']} / a level is not proven")
            return
        kept |= dict.fromkeys(level["people"], value)
    if missing := {person.id for person in able} - kept.keys():
        report.faults.append(f"{len(missing)}명이 증명에 없습니다. / people missing in the certificate")
        return
    report.checked.append(
        f"{len(given['certificate'])}단계 모두 분수로 증명됨(틈 ≤ {float(worst):.1e}) / levels proven in fractions"
    )


def main(argv: list[str]) -> int:
    """`--verify TRANSCRIPT [POOL QUOTAS] [--seated CSV] [--json]`: 0 sound · 1 not."""
    ask = argparse.ArgumentParser(prog="madang sortition", description="추첨 기록을 확인 / check a transcript")
    ask.add_argument("--verify", type=Path, required=True, metavar="TRANSCRIPT")
    ask.add_argument("pool", type=Path, nargs="?")
    ask.add_argument("quotas", type=Path, nargs="?")
    ask.add_argument("--seated", type=Path)
    ask.add_argument("--json", action="store_true")
    asked = ask.parse_args(argv)
    if (asked.pool is None) != (asked.quotas is None):
        ask.error("지원자와 할당 파일을 함께 주세요 / give both POOL and QUOTAS")
    report = verify(asked.verify, asked.pool, asked.quotas, asked.seated)
    if asked.json:
        shown = {"ok": report.ok, "faults": report.faults, "checked": report.checked, "unchecked": report.unchecked}
        exact = {"minimum": report.minimum, "bound": report.bound}
        print(json.dumps(shown | {k: str(v) if v is not None else None for k, v in exact.items()}, ensure_ascii=False))
        return int(not report.ok)
    for mark, lines in (("맞음 ", report.checked), ("못 봄 ", report.unchecked), ("틀림 ", report.faults)):
        for line in lines:
            print(mark, line)
    if report.minimum is not None and report.bound:
        print(
            f"가장 낮은 확률 {report.minimum} (상한의 {float(report.minimum / report.bound):.1%}) / the least probability"
        )
    print("이상 없음 / sound" if report.ok else "문제가 있음 / NOT sound")
    return int(not report.ok)
