"""PrefLib's files of orders: .soc (strict, complete), .soi (strict), .toc (complete, equal ranks), .toi (any).

1. The header's own numbers must agree with what follows: alternatives, voters, unique orders.
2. The kind of the file (DATA TYPE, else its ending) is held: an equal rank in a strict file is a fault.
3. Candidates are in the file's order and bear its names; a name that stands twice gets its number behind it.

Source: https://preflib.github.io/PrefLib-Jekyll/format
"""

import re
from collections import Counter
from pathlib import Path

from madang.methods.ballots.profile import Profile, Ranking
from madang.methods.ballots.reading import CANDIDATES_MAX, DISTINCT_MAX, Names, cleaned
from madang.methods.korean.textfile import BadFile, lines

KINDS = ("soc", "soi", "toc", "toi")
_META = re.compile(r"#\s*([A-Z][A-Z ]*?(?:\s\d+)?)\s*:\s*(.*)$")
_TOKEN = re.compile(r"\s*(\d{1,9}|[{},])\s*", re.ASCII)
_ORDER = re.compile(r"\s*(\d{1,12})\s*:", re.ASCII)


def read_preflib(path: Path) -> Profile:
    """Read a PrefLib file of orders. Raises BadFile with line and column. O(bytes)."""
    meta: dict[str, tuple[str, int]] = {}
    orders: Counter[Ranking] = Counter()
    number, kind = 0, ""
    plain: dict[str, tuple[int]] = {}  # the tier of each candidate alone, shared by all ballots
    for line, text in lines(path):
        if text.startswith("#"):
            if found := _META.match(text):
                meta[found[1]] = (found[2].strip(), line)
            continue
        if not text.strip():
            continue
        if not orders:
            number, kind = _alternatives(path, meta, line), _kind(path, meta)
            plain = {str(each): (each - 1,) for each in range(1, number + 1)}
        times, ranking = _strict(text, plain, kind) or _order(path, line, text, number, kind)
        if ranking in orders:
            raise BadFile(path, line, 1, "같은 순위가 두 줄에 나옵니다.", "the same order stands on two lines")
        orders[ranking] = times
        if len(orders) > DISTINCT_MAX:
            raise BadFile(path, line, 1, "서로 다른 표가 너무 많습니다.", f"more than {DISTINCT_MAX:,} different orders")
    if not orders:
        raise BadFile(path, 0, 0, "표가 없습니다.", "there is no order in the file")
    _agrees(path, meta, "NUMBER VOTERS", sum(orders.values()))
    _agrees(path, meta, "NUMBER UNIQUE ORDERS", len(orders))
    return Profile(_names(path, meta, number), ("all",), {(0, ranking): times for ranking, times in orders.items()}, {})


def _kind(path: Path, meta: dict[str, tuple[str, int]]) -> str:
    said, line = meta.get("DATA TYPE", (path.suffix[1:], 1))
    if said.lower() not in KINDS:
        raise BadFile(path, line, 1, f"다룰 수 없는 종류입니다: {said!r}", f"the kind is one of {', '.join(KINDS)}")
    return said.lower()


def _whole(path: Path, meta: dict[str, tuple[str, int]], key: str, line: int) -> int:
    text, at = meta.get(key, ("", line))
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise BadFile(path, at, 1, f"머리말에 {key}가 없거나 수가 아닙니다.", f"the header lacks a number {key}")
    return int(text)


def _alternatives(path: Path, meta: dict[str, tuple[str, int]], line: int) -> int:
    number = _whole(path, meta, "NUMBER ALTERNATIVES", line)
    if not 1 <= number <= CANDIDATES_MAX:
        raise BadFile(path, meta["NUMBER ALTERNATIVES"][1], 1, f"후보는 1…{CANDIDATES_MAX:,}명입니다.", "too few or too many alternatives")
    return number


def _agrees(path: Path, meta: dict[str, tuple[str, int]], key: str, found: int) -> None:
    if key in meta and _whole(path, meta, key, 1) != found:
        raise BadFile(path, meta[key][1], 1, f"머리말은 {key} {meta[key][0]}이라 하는데 {found}입니다. 파일이 끊겼습니까?",
                      f"the header says {meta[key][0]}, the file has {found}: is it cut off?")


def _names(path: Path, meta: dict[str, tuple[str, int]], number: int) -> tuple[str, ...]:
    given = [cleaned(meta.get(f"ALTERNATIVE NAME {each}", (str(each), 0))[0]) or str(each) for each in range(1, number + 1)]
    twice = {name for name, times in Counter(given).items() if times > 1}
    return tuple(Names([f"{name} ({each})" if name in twice else name for each, name in enumerate(given, start=1)]).number)


def _strict(text: str, plain: dict[str, tuple[int]], kind: str) -> tuple[int, Ranking] | None:
    """The usual line, `12: 3,1,2` without equal ranks and without a fault; None if it has to be read with care."""
    times, _, order = text.partition(": ")
    pieces = order.split(",")
    if not (times.isascii() and times.isdigit() and len(times) <= 12 and times != "0" * len(times)):
        return None
    if len(set(pieces)) < len(pieces) or (kind[2] == "c" and len(pieces) != len(plain)):
        return None
    try:
        return int(times), tuple([plain[piece] for piece in pieces])
    except KeyError:
        return None


def _order(path: Path, line: int, text: str, number: int, kind: str) -> tuple[int, Ranking]:
    """The count and the ranking of a line such as `12: 3,{1,2},4`."""
    head = _ORDER.match(text)
    if not head or not int(head[1]):
        raise BadFile(path, line, 1, "`매수: 순위` 꼴이 아닙니다.", "not of the form `count: order`")
    tiers: list[list[int]] = []
    seen: set[int] = set()
    inside, wants, at = False, True, head.end()
    while at < len(text):
        token = _TOKEN.match(text, at)
        column = at + 1 + len(text[at:]) - len(text[at:].lstrip())
        sign = token[1] if token else ""
        if sign == "{" and not inside and wants:
            inside = True
            tiers.append([])
        elif sign == "}" and inside and not wants:
            inside = False
        elif sign == "," and not wants:
            wants = True
        elif sign.isdigit() and wants and 1 <= int(sign) <= number and int(sign) not in seen:
            seen.add(int(sign))
            if inside:
                tiers[-1].append(int(sign) - 1)
            else:
                tiers.append([int(sign) - 1])
            wants = False
        else:
            raise BadFile(path, line, column, _why(sign, number, seen), "not part of an order, unknown, or twice")
        at = token.end() if token else len(text)
    if inside or wants:
        raise BadFile(path, line, len(text) + 1, "순위가 끝나지 않았습니다.", "the order breaks off")
    _held(path, line, tiers, len(seen) == number, kind)
    return int(head[1]), tuple(tuple(sorted(tier)) for tier in tiers)


def _why(sign: str, number: int, seen: set[int]) -> str:
    if sign.isdigit() and int(sign) in seen:
        return f"후보 {sign}번이 두 번 나옵니다."
    if sign.isdigit() and not 1 <= int(sign) <= number:
        return f"후보 {sign}번은 없습니다."
    return "순위가 아닌 글자입니다."


def _held(path: Path, line: int, tiers: list[list[int]], whole: bool, kind: str) -> None:
    if kind[0] == "s" and any(len(tier) > 1 for tier in tiers):
        raise BadFile(path, line, 1, f".{kind} 파일에는 같은 순위가 없어야 합니다.", f"equal ranks in a .{kind} file")
    if kind[2] == "c" and not whole:
        raise BadFile(path, line, 1, f".{kind} 파일의 표는 모든 후보를 담아야 합니다.", f"an incomplete order in a .{kind} file")
