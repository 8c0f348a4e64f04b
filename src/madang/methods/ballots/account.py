"""What a vote that spent money bought, and for whom: beside the tally, for the page people argue about.

1. It follows from the same votes as the tally and changes nothing in it; whoever has the votes can make it again.
2. By sheet: `measures` and `spread` (by class where classes have weights), and the verdict on groups short-changed (EJR+).
3. Nothing for a vote without a pot, and nothing where the tally (Equal Shares, Phragmén) holds all of it already.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from madang.methods.ballots.marks import Given, Void
from madang.methods.ballots.paper import Held, Paper, Sheet, read
from madang.methods.ballots.spending import election_of


def account(paper: Paper, votes: Held, result: Mapping[str, Any]) -> dict[str, Any]:
    """Sheet key ("" where there is one sheet) → {"voters", "measures", "spread", "certificate"}. O(marks), needs numpy.

    votes  (class, marks) → how many, as the tally counted them · result  the tally (`paper.count`)
    """
    if not result.get("rounds") or paper.counting in ("equal-shares", "phragmen"):
        return {}
    return {key: _account(election, result) for key, election in elections(paper, votes).items() if election.people}


def elections(paper: Paper, votes: Held) -> dict[str, Any]:
    """Sheet key → the valid votes on it as a `budgeting` Election, where the sheet has money. O(marks)."""
    wanted = [sheet for sheet in paper.sheets or (Sheet("", pot=paper.pot),) if pot_of(paper, sheet) is not None]
    valid = dict(_valid(paper, votes)) if wanted else {}
    return {sheet.key: _sheet(paper, sheet, valid) for sheet in wanted}


def pot_of(paper: Paper, sheet: Sheet) -> int | None:
    """The money of a sheet: its own, or the paper's."""
    return sheet.pot if sheet.pot is not None else paper.pot


def _valid(paper: Paper, votes: Held) -> Iterator[tuple[tuple[str, Given], int]]:
    for (group, text), many in votes.items():
        try:
            yield (group, read(paper, group, text)), many
        except Void:
            continue


def _sheet(paper: Paper, sheet: Sheet, valid: Mapping[tuple[str, Given], int]) -> Any:
    lines = tuple(line for line in paper.lines if not line.withdrawn and line.sheet == sheet.key)
    places = {line.place for line in lines}
    here: Counter[tuple[str, Given]] = Counter()
    for (group, given), many in valid.items():
        if sheet.open_to(group):
            here[group, tuple(mark for mark in given if mark[0] in places)] += many
    return election_of(paper, lines, here, pot_of(paper, sheet))


def _account(election: Any, result: Mapping[str, Any]) -> dict[str, Any]:
    from madang.methods.budgeting.ballot import spread  # noqa: PLC0415 — numpy only where it is asked for
    from madang.methods.budgeting.measures import measures  # noqa: PLC0415
    from madang.methods.budgeting.verify import judged  # noqa: PLC0415

    winners = [str(place) for place in result["winners"] if str(place) in election.position]
    at = [election.position[name] for name in winners]
    spent = sum((election.costs[place] for place in at), Fraction(0))
    return {
        "voters": election.people, "measures": measures(election, winners), "spread": spread(election, winners),
        "certificate": judged(election, at, election.default_utility, spent),
    }
