"""The looks: what is counted, what would be expected, and how often chance would do it. Each takes `Known`, none knows a name.

1. A *fact* needs no chance: more ballots than rights, the same telephone on two entries. It has no p-value.
2. A *test* compares each cell with what the other cells lead one to expect, and with how uneven they are themselves.
3. A look that lacks what it needs says so (`needs`); it never counts as "nothing found".
4. What is found is a reason to look, never a reason to leave out a vote: nothing here can discount anything.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import sqrt
from statistics import median

import numpy as np

from madang.methods.integrity.chance import (
    above,
    dice,
    holm,
    permuted,
    share_above,
    share_unevenness,
    table,
    unevenness,
)
from madang.methods.integrity.reading import Entry, Known, People

WINDOW = 3  # neighbours on each side of a day, or of an age
LONG = 4  # marks from which on a pattern says something
SPLITS = 7
DIGITS = 50  # batches from which on last digits are looked at
TOLD = 5  # nothing that fewer share is told
LARGE = 100  # counts from which on a last digit is free


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing looked at: labels saying where, how many, how many expected (None: a fact), and p within its look."""

    where: Mapping[str, str]
    number: int
    expected: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """`cells`: facts, and of tests those worth telling, the least likely first. `p`: of the whole look (None: facts only).

    `needs`: what was missing, where it could not be done. `tested`: how many cells were compared. `uneven`: the unevenness assumed.
    """

    name: str
    cells: tuple[Cell, ...] = ()
    p: float | None = None
    tested: int = 0
    uneven: float = 0.0
    needs: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


def all_looks(known: Known) -> list[Look]:
    """Every look, in a fixed order."""
    return [
        overfull(known),
        duplicates(known),
        bursts(known),
        accounts(known),
        *sharing(known),
        sequences(known),
        population(known),
        ages(known),
        patterns(known),
        turnout(known),
        spoiled(known),
        digits(known),
    ]


def tested(name: str, cells: Sequence[tuple[Mapping[str, str], int, float]], **more: str) -> Look:
    """Cells that stand above the expected ones, by the unevenness of all of them; p-values Holm's within the look."""
    uneven = unevenness([number for _, number, _ in cells], [expected for _, _, expected in cells])
    raw = [above(number, expected, uneven) for _, number, expected in cells]
    return _judged(name, cells, raw, uneven, more)


def _judged(
    name: str,
    cells: Sequence[tuple[Mapping[str, str], int, float]],
    raw: Sequence[float],
    uneven: float,
    more: Mapping[str, str],
) -> Look:
    """The cells with Holm's p-values, those worth telling first."""
    chances = holm(dict(enumerate(raw)))
    told = sorted((p, at) for at, p in chances.items() if p < 1 and cells[at][1] >= TOLD)[:200]
    found = tuple(Cell(cells[at][0], cells[at][1], round(cells[at][2], 2), p) for p, at in told)
    return Look(
        name,
        found,
        min(chances.values(), default=1.0),
        len(cells),
        round(uneven, 4),
        more=more,
    )


def overfull(known: Known) -> Look:
    """Facts: more on the roll than live there, more counted at a booth than were handed out (or stand on its roll)."""
    rolled = Counter((entry.place, entry.sex, entry.age) for entry in known.roll)
    sexes = sorted({entry.sex for entry in known.roll})
    cells = []
    for people in known.population:
        own = [people.sex] if people.sex else sexes
        there = sum(rolled[people.place, sex, age] for sex in own for age in range(people.low, people.high + 1))
        if there > people.count:
            band = {"place": people.place, "sex": people.sex, "ages": f"{people.low}–{people.high}", "of": "people"}
            cells.append(Cell(band, there, float(people.count)))
    for booth in known.booths:
        for most, named in ((booth.issued, "issued"), (booth.rolled, "rolled")):
            if 0 <= most < booth.counted:
                cells.append(
                    Cell({"booth": booth.booth, "batch": booth.batch, "of": named}, booth.counted, float(most))
                )
                break
    needs = "" if (known.roll and known.population) or known.booths else "roll and population, or booths"
    return Look("overfull", tuple(sorted(cells, key=lambda cell: sorted(cell.where.items()))), needs=needs)


def duplicates(known: Known) -> Look:
    """Facts: one telephone, or one mail address, on several entries of the roll: how many entries share with another."""
    cells = []
    for kind in ("phone", "mail"):
        carried = Counter(entry.marks[kind] for entry in known.roll if kind in entry.marks)
        again = [count for count in carried.values() if count > 1]
        if again:
            more = {"groups": str(len(again)), "largest": str(max(again))} if sum(again) >= TOLD else {}
            cells.append(Cell({"kind": kind} | more, sum(again), 0.0))
    has = any("phone" in entry.marks or "mail" in entry.marks for entry in known.roll)
    return Look("duplicates", tuple(cells), needs="" if has else "roll: phone, mail")


def bursts(known: Known) -> Look:
    """Casts of a class and channel in an hour or a day, beside what that class and that moment usually see."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in known.casts:
        moment = one.day if one.hour < 0 else f"{one.day} {one.hour:02}"
        counts[one.group, one.channel][moment] += one.count
    moments = sorted({moment for row in counts.values() for moment in row})
    if len(counts) < 2 or len(moments) < 3:
        if len(moments) < 2 * WINDOW + 1:
            return Look("bursts", needs="casts: two classes, or seven days")
        (group, channel), row = next(iter(counts.items()))
        return series(
            "bursts", {m: row[m] for m in moments}, lambda m: {"class": group, "channel": channel, "moment": m}
        )
    names = sorted(counts)
    seen = np.array([[counts[name][moment] for moment in moments] for name in names], np.float64)
    expected = table(seen)
    cells = [
        ({"class": name[0], "channel": name[1], "moment": moment}, int(seen[i, j]), float(expected[i, j]))
        for i, name in enumerate(names)
        for j, moment in enumerate(moments)
    ]
    return tested("bursts", cells)


def series(name: str, counts: Mapping[str, int], where: Callable[[str], Mapping[str, str]]) -> Look:
    """Each moment beside its neighbours, by the higher of the medians of those before and those after.

    The first and the last are not judged: opening and deadline draw people.
    """
    moments = sorted(counts)
    cells = []
    for at in range(1, len(moments) - 1):
        sides = (moments[max(0, at - WINDOW) : at], moments[at + 1 : at + 1 + WINDOW])
        usual = max(
            median(counts[near] for near in side) for side in sides
        )  # the higher: a step between the two is no peak
        cells.append((where(moments[at]), counts[moments[at]], float(usual)))
    return tested(name, cells)


def accounts(known: Known) -> Look:
    """Accounts made in a day and place, beside what the place and the day usually see."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for day, place, count in known.accounts:
        counts[place][day] += count
    days = sorted({day for row in counts.values() for day in row})
    if len(days) < 2 * WINDOW + 1:
        return Look("accounts", needs="accounts: seven days")
    if len(counts) == 1:
        ((place, row),) = counts.items()
        return series("accounts", {day: row[day] for day in days}, lambda day: {"place": place, "day": day})
    places = sorted(counts)
    seen = np.array([[counts[place][day] for day in days] for place in places], np.float64)
    expected = table(seen)
    return tested(
        "accounts",
        [
            ({"place": place, "day": day}, int(seen[i, j]), float(expected[i, j]))
            for i, place in enumerate(places)
            for j, day in enumerate(days)
        ],
    )


def sharing(known: Known) -> list[Look]:
    """Groups that share a device, a telephone or an address: sizes beyond what the small groups lead one to expect."""
    sizes: dict[str, Counter[int]] = {kind: Counter(given) for kind, given in (known.sharing or {}).items()}
    here = Counter(entry.marks["address"] for entry in known.roll if "address" in entry.marks)
    if here and "address" not in sizes:
        sizes["address"] = Counter(here.values())
    if not sizes:
        return [Look("sharing", needs="sharing, roll: address")]
    return [_tail(kind, sizes[kind]) for kind in sorted(sizes)]


def _tail(kind: str, sizes: Counter[int]) -> Look:
    """Sizes fall by about the same factor from one to the next; the factor is the largest the small groups allow.

    Numbers told are people, in groups of that size or more.
    """

    def at_least(size: int) -> int:
        return sum(groups for one, groups in sizes.items() if one >= size)

    base = 3 if at_least(3) >= 20 else 2
    start, factor = max(at_least(base), 1), 0.5
    if start >= 20:
        steps = [(at_least(k + 1), at_least(k)) for k in (base - 1, base, base + 1) if at_least(k) >= 20]
        factor = min(0.95, max((up + 2 * sqrt(up) + 1) / down for up, down in steps))
    above_base = sorted(size for size, groups in sizes.items() if size > base and groups)
    expected = {size: start * factor ** (size - base) for size in above_base}
    chances = holm({size: above(at_least(size), expected[size]) for size in above_base})
    found = []
    for p, size in sorted((p, size) for size, p in chances.items() if p < 1)[:50]:
        members = sum(one * groups for one, groups in sizes.items() if one >= size)
        usual = expected[size] * (size + factor / (1 - factor))
        found.append(Cell({"kind": kind, "size": str(size)}, members, round(usual, 4), p))
    more = {"kind": kind, "groups": str(sum(sizes.values()))}
    return Look(f"sharing-{kind}", tuple(found), min(chances.values(), default=1.0), len(above_base), more=more)


def sequences(known: Known) -> Look:
    """Neighbours on the roll of one place and one age, beside the same day in another order; people of one address count once."""
    if sum("address" in entry.marks for entry in known.roll) < len(known.roll) / 2 or len(known.roll) < 50:
        return Look("sequences", needs="roll: address, fifty entries")
    heads = [
        next(group) for _, group in groupby(enumerate(known.roll), lambda pair: pair[1].marks.get("address") or pair[0])
    ]
    entries = [entry for _, entry in heads]
    days = _codes([entry.day for entry in entries])
    cells, chances = {}, {}
    for name, codes in (
        ("place", _codes([entry.place for entry in entries])),
        ("place, age", _codes([_alike(entry) for entry in entries])),
    ):
        if codes.max(initial=0) == 0:
            continue
        chance = dice(known.seed, f"sequences {name}")

        def draw(
            codes: "np.ndarray[tuple[int], np.dtype[np.int64]]" = codes, chance: np.random.RandomState = chance
        ) -> float:
            order = np.lexsort((chance.random_sample(len(codes)), days))
            return _runs(codes[order], days)

        seen = _runs(codes, days)
        chances[name], mean = permuted(seen, draw)
        cells[name] = (int(seen), mean)
    adjusted = holm(chances)
    found = tuple(Cell({"alike": name}, cells[name][0], round(cells[name][1], 2), p) for name, p in adjusted.items())
    return Look("sequences", found, min(adjusted.values(), default=1.0), len(cells))


def _alike(entry: Entry) -> tuple[str, int]:
    return entry.place, entry.age


def _codes(values: Sequence[object]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    number: dict[object, int] = {}
    return np.array([number.setdefault(value, len(number)) for value in values], np.int64)


def _runs(
    codes: "np.ndarray[tuple[int], np.dtype[np.int64]]", days: "np.ndarray[tuple[int], np.dtype[np.int64]]"
) -> float:
    """Neighbours alike within a day whose next neighbour is alike too: runs of three and more weigh."""
    same = (codes[1:] == codes[:-1]) & (days[1:] == days[:-1])
    return float(np.count_nonzero(same[1:] & same[:-1]))


def population(known: Known) -> Look:
    """The roll by place, sex and age beside the people who live there: each place and each sex and age with its own readiness."""
    bands = sorted({(people.sex, people.low, people.high) for people in known.population})
    places = sorted({people.place for people in known.population})
    if len(bands) < 2 or len(places) < 3 or not any(entry.age >= 0 for entry in known.roll):
        return Look("population", needs="population: three places, two bands; roll: place, age")
    live = np.zeros((len(places), len(bands)))
    for people in known.population:
        live[places.index(people.place), bands.index((people.sex, people.low, people.high))] = people.count
    seen = _banded(known.roll, known.population, places, bands)
    expected = table(seen, live)
    return tested(
        "population",
        [
            ({"place": place, "sex": sex, "ages": f"{low}–{high}"}, int(seen[i, j]), float(expected[i, j]))
            for i, place in enumerate(places)
            for j, (sex, low, high) in enumerate(bands)
        ],
    )


def _banded(
    roll: Iterable[Entry], listed: Sequence[People], places: Sequence[str], bands: Sequence[tuple[str, int, int]]
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    row = {place: i for i, place in enumerate(places)}
    column = {(sex, age): j for j, (sex, low, high) in enumerate(bands) for age in range(low, high + 1)}
    seen = np.zeros((len(places), len(bands)))
    for entry in roll:
        j = column.get((entry.sex, entry.age), column.get(("", entry.age)))
        if j is not None and entry.place in row:
            seen[row[entry.place], j] += 1
    return seen


def ages(known: Known) -> Look:
    """Single years of age beside their neighbours: an invented roll likes round ages, or one age."""
    counts = Counter(entry.age for entry in known.roll if entry.age >= 0)
    if len(counts) < 2 * WINDOW + 1:
        return Look("ages", needs="roll: age")
    span = range(min(counts), max(counts) + 1)
    return series("ages", {f"{age:03}": counts[age] for age in span}, lambda age: {"age": str(int(age))})


def patterns(known: Known) -> Look:
    """The same long marks on many ballots, beside what the two halves of the marks lead one to expect when put together.

    At least 1 is expected of every pattern, and as many times more as a tenth of the frequent ones exceed it: people who agree
    on one half agree on the other. Each different pattern counts as one test.
    """
    long = {text: count for text, count in (known.marks or {}).items() if _marks(text) >= LONG and count}
    total = sum(long.values())
    if total < 50:
        return Look("patterns", needs="marks: fifty ballots of four marks or more")
    expected = _together(long, total, known.seed)
    usual = sorted(long[text] / e for text, e in expected.items() if e >= 1)
    factor = max(1.0, usual[len(usual) * 9 // 10]) if len(usual) >= 10 else 1.0
    cells = [({"marks": text}, long[text], max(expected[text], 1.0) * factor) for text in sorted(long)]
    raw = [above(number, e) for _, number, e in cells]
    return _judged("patterns", cells, raw, 0.0, {"factor": f"{factor:.2f}"})


def _marks(text: str) -> int:
    return len(text.replace(">", " ").split())


def _together(long: Mapping[str, int], total: int, seed: str) -> dict[str, float]:
    """The most that any split leads one to expect: (ballots with its first part) × (with its second) ÷ all.

    Orders are cut after each of the first SPLITS ranks; picks and numbers are split by SPLITS draws of half of the places.
    """
    found = dict.fromkeys(long, 0.0)
    places = sorted({word.partition(":")[0] for text in long for word in text.replace(">", " ").split()})
    chance = dice(seed, "patterns")
    for cut in range(SPLITS):
        left = {
            place for place, up in zip(places, chance.permutation(len(places)) * 2 < len(places), strict=True) if up
        }
        parts = {text: _parts(text, cut + 1, left) for text in long}
        first, second = Counter[str](), Counter[str]()
        for text, (one, other) in parts.items():
            first[one] += long[text]
            second[other] += long[text]
        for text, (one, other) in parts.items():
            if one and other:
                found[text] = max(found[text], first[one] * second[other] / total)
    return found


def _parts(text: str, cut: int, left: set[str]) -> tuple[str, str]:
    if ">" in text:
        words = text.split(">")
        return ">".join(words[:cut]), ">".join(words[cut:])
    words = text.split()
    inside = [word for word in words if word.partition(":")[0] in left]
    return " ".join(inside), " ".join(word for word in words if word.partition(":")[0] not in left)


def turnout(known: Known) -> Look:
    """Handed out of those on a booth's roll, far above or below the other batches."""
    rows = [
        (one.booth, one.batch, one.issued, one.rolled) for one in known.booths if one.issued >= 0 and one.rolled > 0
    ]
    return _shares("turnout", rows, "booths: issued, rolled of five batches")


def spoiled(known: Known) -> Look:
    """Spoiled of those counted and spoiled, far above or below the other batches."""
    rows = [
        (one.booth, one.batch, one.spoiled, one.counted + one.spoiled)
        for one in known.booths
        if one.spoiled >= 0 and one.counted + one.spoiled
    ]
    return _shares("spoiled", rows, "booths: spoiled of five batches")


def _shares(name: str, rows: Sequence[tuple[str, str, int, int]], needs: str) -> Look:
    if len(rows) < 5:
        return Look(name, needs=needs)
    part, whole = sum(row[2] for row in rows), sum(row[3] for row in rows)
    rates = [(part - some) / max(whole - many, 1) for _, _, some, many in rows]
    uneven = share_unevenness([row[2] for row in rows], [row[3] for row in rows], rates)
    cells: list[tuple[Mapping[str, str], int, float]] = []
    raw: list[float] = []
    for (booth, batch, some, many), rate in zip(rows, rates, strict=True):
        where = {"booth": booth, "batch": batch, "of": str(many)}
        for side, number, part_of in (("many", some, rate), ("few", many - some, 1 - rate)):
            cells.append((where | {"side": side}, number, many * part_of))
            raw.append(share_above(number, many, part_of, uneven))
    return _judged(name, cells, raw, uneven, {})


def digits(known: Known) -> Look:
    """Last digits of the counts of batches: invented numbers are not as even as counted ones. A weak test."""
    last = [one.counted % 10 for one in known.booths if one.counted >= LARGE]
    if len(last) < DIGITS:
        return Look("digits", needs=f"booths: {DIGITS} batches of {LARGE} or more")
    chance, mean = dice(known.seed, "digits"), len(last) / 10

    def far(counts: Sequence[int]) -> float:
        return float(sum((count - mean) ** 2 / mean for count in counts))

    seen = [last.count(digit) for digit in range(10)]
    p, _ = permuted(far(seen), lambda: far(np.bincount(chance.randint(0, 10, len(last)), minlength=10).tolist()))
    most = max(range(10), key=lambda digit: seen[digit])
    return Look("digits", (Cell({"digit": str(most)}, seen[most], round(mean, 2), p),), p, 1)
