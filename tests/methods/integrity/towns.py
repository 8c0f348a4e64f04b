"""Invented towns, by seed: a clean vote as uneven as real ones, and farms planted in it. Synthetic; no real place or person.

Uneven on purpose: days and hours have their own pull, each 동 its own readiness and its own crowded moments (gamma), families register
together and share an address, dormitories exist, most people who rank follow one of a few leanings.
"""

import hashlib
import json
from collections import Counter
from typing import Any

import numpy as np

PLACES = [f"{number}동" for number in range(1, 13)]
BANDS = [(15, 19), (20, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 89)]
DAYS = [f"2026-09-{day:02}" for day in range(1, 15)]
PLANTS = ("burst", "accounts", "device", "forged", "dormitory roll", "phones", "patterns", "booth")


def clean(seed: int, entries: int = 3000) -> dict[str, Any]:
    """A vote in which nobody cheats."""
    chance = np.random.RandomState(seed)
    people = {
        (place, sex, band): int(chance.gamma(20, 15)) + 60 for place in PLACES for sex in "여남" for band in BANDS
    }
    roll = _roll(chance, people, entries)
    return {
        "format": "madang-integrity@1",
        "poll": f"town-{seed}",
        "seed": f"announced-{seed}",
        "casts": _casts(chance, entries),
        "roll": roll,
        "population": [
            {"place": place, "sex": sex, "low": band[0], "high": band[1], "people": count}
            for (place, sex, band), count in people.items()
        ],
        "accounts": [
            {"day": day, "place": place, "count": int(chance.poisson(pull * chance.gamma(20, 1 / 20) * 12))}
            for day, pull in zip(DAYS, chance.gamma(6, 1 / 6, len(DAYS)), strict=True)
            for place in PLACES
        ],
        "sharing": {"device": _groups(chance, entries, 0.88)},
        "marks": _marks(chance, entries // 2),
        "booths": _booths(chance),
    }


def _roll(chance: np.random.RandomState, people: dict[Any, int], entries: int) -> list[dict[str, Any]]:
    ready = dict(zip(PLACES, chance.gamma(30, 1 / 30, len(PLACES)), strict=True))
    keen = dict(zip(BANDS, chance.gamma(12, 1 / 12, len(BANDS)), strict=True))
    cells = list(people)
    weight = np.array([people[cell] * ready[cell[0]] * keen[cell[2]] for cell in cells])
    day_pull = chance.gamma(6, 1 / 6, len(DAYS))
    rows: list[dict[str, Any]] = []
    for home, day in enumerate(np.sort(chance.choice(len(DAYS), entries, p=day_pull / day_pull.sum()))):
        if len(rows) >= entries:
            break
        place = cells[chance.choice(len(cells), p=weight / weight.sum())][0]
        inside = [cell for cell in cells if cell[0] == place]
        shares = np.array([people[cell] * keen[cell[2]] for cell in inside])
        for _ in range(1 + chance.binomial(3, 0.15)):
            sex, band = inside[chance.choice(len(inside), p=shares / shares.sum())][1:]
            age = int(chance.randint(band[0], band[1] + 1))
            row = {"day": DAYS[day], "place": place, "sex": sex, "age": age}
            rows.append(row | {"phone": mark("phone", len(rows)), "address": mark("home", home)})
    return rows[:entries]


def mark(kind: str, number: int) -> str:
    return hashlib.sha256(f"{kind}/{number}".encode()).hexdigest()[:32]


def _casts(chance: np.random.RandomState, entries: int) -> list[dict[str, Any]]:
    pull = chance.gamma(4, 1 / 4, len(DAYS))
    ready = chance.gamma(15, 1 / 15, len(PLACES))
    return [
        {"day": day, "class": place, "channel": channel, "count": int(chance.poisson(rate))}
        for day, of_day in zip(DAYS, pull, strict=True)
        for place, of_place in zip(PLACES, ready, strict=True)
        for channel, part in (("web", 0.8), ("booth", 0.2))
        for rate in [entries * 0.8 / 168 * of_day * of_place * part * chance.gamma(12, 1 / 12)]
    ]


def _groups(chance: np.random.RandomState, entries: int, alone: float) -> dict[str, int]:
    sizes = Counter(chance.geometric(alone, entries // 2).tolist())
    return {str(size): groups for size, groups in sizes.items()}


def _marks(chance: np.random.RandomState, ballots: int) -> list[dict[str, Any]]:
    leanings = [chance.gamma(0.5, 1.0, 20) + 0.05 for _ in range(6)]
    counted: Counter[str] = Counter()
    for _ in range(ballots):
        liking = leanings[chance.randint(6)]
        picks = chance.choice(20, chance.randint(1, 7), replace=False, p=liking / liking.sum())
        counted[" ".join(str(place + 1) for place in sorted(picks))] += 1
    return [{"marks": text, "count": count} for text, count in counted.items()]


def _booths(chance: np.random.RandomState) -> list[dict[str, Any]]:
    found = []
    for place in PLACES:
        for batch in range(1, 7):
            rolled = int(chance.randint(400, 900))
            issued = int(chance.binomial(rolled, np.clip(chance.normal(0.45, 0.05), 0.2, 0.8)))
            spoiled = int(chance.binomial(issued, np.clip(chance.gamma(9, 0.02 / 9), 0, 0.2)))
            found.append(
                {
                    "booth": place,
                    "batch": str(batch),
                    "rolled": rolled,
                    "issued": issued,
                    "counted": issued - spoiled,
                    "spoiled": spoiled,
                }
            )
    return found


def planted(seed: int, plant: str, entries: int = 3000) -> dict[str, Any]:
    """The town of `seed` with one farm."""
    town, chance = clean(seed, entries), np.random.RandomState(seed + 1_000_000)
    place, day = PLACES[chance.randint(len(PLACES))], DAYS[chance.randint(2, len(DAYS) - 2)]
    if plant == "burst":  # 120 casts of one 동 in one day
        row = next(one for one in town["casts"] if (one["day"], one["class"], one["channel"]) == (day, place, "web"))
        row["count"] += 120
    if plant == "accounts":  # 100 accounts of one 동 in one day
        next(one for one in town["accounts"] if (one["day"], one["place"]) == (day, place))["count"] += 100
    if plant == "device":  # 60 accounts from two devices
        sizes = town["sharing"]["device"]
        sizes["30"] = sizes.get("30", 0) + 2
    if plant in (
        "forged",
        "dormitory roll",
    ):  # 80 young people of one 동 who do not exist, in one go; or all at one address
        at = int(chance.randint(len(town["roll"])))
        day = town["roll"][at]["day"]
        home = mark("farm", 0)
        forged = [
            {"day": day, "place": place, "sex": "남", "age": int(chance.randint(20, 30)), "phone": mark("forged", number),
             "address": home if plant == "dormitory roll" else mark("false", number)}
            for number in range(80)
        ]  # fmt: skip
        town["roll"] = town["roll"][:at] + forged + town["roll"][at:]
    if plant == "phones":  # one telephone for twelve entries
        for number in chance.choice(len(town["roll"]), 12, replace=False):
            town["roll"][number]["phone"] = mark("farm phone", 0)
    if plant == "patterns":  # 40 ballots of one list
        town["marks"].append({"marks": "2 5 9 11 14 18", "count": 40})
    if plant == "booth":  # one batch stuffed: 150 more than its share
        row = town["booths"][int(chance.randint(len(town["booths"])))]
        more = min(row["rolled"] - row["issued"], 220)
        row["issued"] += more
        row["counted"] += more
    return town


def written(town: dict[str, Any]) -> bytes:
    """As the file it would be."""
    return json.dumps(town, ensure_ascii=False, sort_keys=True).encode()
