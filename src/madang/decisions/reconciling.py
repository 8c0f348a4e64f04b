"""Paper in the one count: which sheets count, what each booth's account says, and who took part.

1. handed = counted + spoiled + unreturned + difference, for each booth and class; the difference is published, never mended.
2. Sheets of a bundle with clashes count only where counting them or not gives the same winners; either way it is said.
3. Turnout by sex and age comes from the roll alone; a cell with fewer than five voters is not published.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from madang.access import Refused
from madang.decisions.models import Ballot, RollEntry
from madang.decisions.models.paper import Bundle, Clash, Elector, Fate, PaperVote, Sex
from madang.methods.ballots import paper
from madang.methods.ballots.marks import Void

FEWEST = 5


def paper_votes(ballot: Ballot, *, aside: bool = False) -> Iterator[tuple[str, str]]:
    """(class, marks) of every sheet that counts; with `aside`, of those set aside too."""
    yield from _counting(ballot, aside).values_list("voter_class", "marks").iterator(5000)


def paper_published(ballot: Ballot) -> Iterator[tuple[str, str, str]]:
    """(serial, class, marks) of every sheet that counts, in the order of the serials."""
    yield from _counting(ballot, False).order_by("serial").values_list("serial", "voter_class", "marks").iterator(5000)


def _counting(ballot: Ballot, aside: bool) -> Any:
    found = PaperVote.objects.filter(ballot=ballot, fate=Fate.COUNTED)
    return found if aside else found.filter(bundle__aside=False)


def bundles_of(ballot: Ballot) -> list[Bundle]:
    """Every bundle of every booth, in order."""
    found = Bundle.objects.filter(booth__ballot=ballot).select_related("booth__body", "booth__ballot")
    return list(found.order_by("booth__number", "number"))


def all_read(ballot: Ballot) -> None:
    """Whether the count may begin. A bundle nobody opened is all unused. Refusal: paper-not-counted."""
    for bundle in bundles_of(ballot):
        if bundle.handed == 0 and bundle.turn == 1 and not bundle.readings.exists():
            Bundle.objects.filter(pk=bundle.pk).update(unused=bundle.size)
        elif not bundle.settled:
            raise Refused("paper-not-counted", booth=bundle.booth.name, bundle=bundle.number)


def settle_clashes(ballot: Ballot, printed: paper.Paper, votes: list[tuple[str, str]]) -> None:
    """Set bundles with clashes aside unless the winners are the same with and without them. `votes`: all the others."""
    clashing = Clash.objects.filter(booth__ballot=ballot).exclude(bundle=None).values("bundle")
    if not clashing.exists():
        return
    Bundle.objects.filter(pk__in=clashing).update(aside=True)
    without = paper.count(printed, [*votes, *paper_votes(ballot)])
    whole = paper.count(printed, [*votes, *paper_votes(ballot, aside=True)])
    if (without["winners"], without["decided"]) == (whole["winners"], whole["decided"]):
        Bundle.objects.filter(pk__in=clashing).update(aside=False)


def subtotals(printed: paper.Paper, ways: dict[str, list[tuple[str, str]]]) -> dict[str, dict[str, Any]]:
    """Each way by itself: papers, valid ones, and how many marked each line; together they are the count."""
    found = {}
    for way, votes in ways.items():
        marked: Counter[int] = Counter()
        valid = 0
        for (group, text), many in Counter(votes).items():
            try:
                given = paper.read(printed, group, text)
            except Void:
                continue
            valid += many
            for place, value in given:
                marked[place] += many if printed.kind != "yes-no" or value else 0
        found[way] = {"papers": len(votes), "valid": valid, "marked": {str(place): marked[place] for place in sorted(marked)}}
    return found


def account(bundle: Bundle) -> dict[str, Any]:
    """The sums of one bundle. `unreturned`: printed, neither unused, nor spoiled, nor in a box."""
    fates = Counter(bundle.votes.values_list("fate", flat=True))
    counted, spoiled = fates[Fate.COUNTED], fates[Fate.SPOILED]
    if bundle.unused is None:
        return {"handed": bundle.handed, "size": bundle.size, "open": True}
    unreturned = bundle.size - bundle.unused - counted - spoiled
    return {
        "size": bundle.size,
        "unused": bundle.unused,
        "handed": bundle.handed,
        "counted": counted,
        "spoiled": spoiled,
        "unreturned": unreturned,
        "difference": bundle.handed - counted - spoiled - unreturned,
        "stray": fates[Fate.STRAY],
        "open": False,
    }


def sheet(ballot: Ballot) -> list[dict[str, Any]]:
    """The reconciliation sheet, a line a bundle: its sums, what the officers differed in, and what changed by recounts."""
    return [
        {"bundle": bundle, **account(bundle), "differed": _differed(bundle), "recounts": recounts(bundle)}
        for bundle in bundles_of(ballot)
    ]


def _differed(bundle: Bundle) -> int:
    return sum(len(found["differed"]) for found in bundle.rounds)


def recounts(bundle: Bundle) -> list[dict[str, Any]]:
    """What each further count found otherwise: serial, before, after."""
    changes = []
    for turn, (before, after) in enumerate(zip(bundle.rounds, bundle.rounds[1:], strict=False), start=2):
        one, other = before["lines"], after["lines"]
        changed = [
            {"serial": serial, "before": one.get(serial, "-"), "after": other.get(serial, "-")}
            for serial in sorted({*one, *other})
            if one.get(serial, "-") != other.get(serial, "-")
        ]
        changes.append({"turn": turn, "changed": changed, "unused": (before["unused"], after["unused"])})
    return changes


def not_counted(ballot: Ballot) -> list[PaperVote]:
    """Every sheet that is no vote: spoiled or stray, with its reason."""
    found = PaperVote.objects.filter(ballot=ballot).exclude(fate=Fate.COUNTED).select_related("bundle__booth")
    return list(found.order_by("bundle__booth__number", "bundle__number", "serial"))


def clashes_of(ballot: Ballot) -> list[Clash]:
    """Hand-outs without a network to somebody who had a right, by desk and their place in its list."""
    return list(Clash.objects.filter(booth__ballot=ballot).select_related("booth", "bundle").order_by("booth__number", "seq"))


def turnout(ballot: Ballot) -> dict[str, Any] | None:
    """Who took part against who could, by sex and age. None without a roll; `unknown`: lines that do not say."""
    lines = list(Elector.objects.filter(ballot=ballot).values_list("sex", "band", "voter", "person"))
    if not lines:
        return None
    entries = RollEntry.objects.filter(ballot=ballot).values_list("voter", "person")
    voters = {voter for voter, _person in entries if voter} | {person for voter, person in entries if not voter}
    on_roll, took = Counter[tuple[str, int | None]](), Counter[tuple[str, int | None]]()
    for sex, band, voter, person in lines:
        on_roll[sex, band] += 1
        took[sex, band] += voter in voters or (person is not None and person in voters)
    bands = sorted({band for _sex, band in on_roll if band is not None})
    sexes = [sex for sex in (*Sex.values, "") if any(key[0] == sex for key in on_roll)]
    rows: list[dict[str, Any]] = [
        {"band": band, "cells": [_cell(on_roll[sex, band], took[sex, band]) for sex in sexes]}
        for band in [*bands, *([None] if any(key[1] is None for key in on_roll) else [])]
    ]
    _close_one_more([cell for row in rows for cell in row["cells"]])
    place = ballot.process.place
    return {
        "sexes": [Sex(sex).label if sex else "" for sex in sexes],
        "rows": rows,
        "electors": len(lines),
        "voters": sum(took.values()),
        "population": place.population,
        "place": place,
    }


def _cell(could: int, did: int) -> dict[str, Any]:
    """One cell; small ones are closed, so that nobody is told from the others."""
    return {"could": could, "did": did, "closed": 0 < could < FEWEST or 0 < did < FEWEST}


def _close_one_more(cells: list[dict[str, Any]]) -> None:
    """A single closed cell could be worked out from the sums: the smallest open one is closed with it."""
    if sum(cell["closed"] for cell in cells) == 1:
        others = [cell for cell in cells if not cell["closed"] and cell["could"]]
        if others:
            min(others, key=lambda cell: cell["did"])["closed"] = True


def has_paper(ballot: Ballot) -> bool:
    """Whether it has any booth."""
    return ballot.booths.exists()


def entry_of(ballot: Ballot, person: Any) -> RollEntry | None:
    """How this account took part, on whichever side of the roll it is known."""
    line = Elector.objects.filter(ballot=ballot, person=person).values("voter")
    return RollEntry.objects.filter(Q(person=person) | Q(voter__in=line), ballot=ballot).first()
