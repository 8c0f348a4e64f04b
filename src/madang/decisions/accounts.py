"""What a closed ballot gives out beside its tally: what its votes bought, its paper, its result, and its votes as Pabulib files.

1. All of it follows from the published votes and the printed paper; nothing here decides.
2. A `.pb` holds the valid votes of one sheet, equal ones together: projects under their printed numbers, marked as chosen or not.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.timezone import localdate

from madang.decisions.models import Ballot, Option
from madang.decisions.queries import paper_of, printed, votes_of
from madang.methods.ballots.account import account, elections
from madang.methods.ballots.paper import gather

RULES = {"greedy": "greedy", "approval": "greedy", "equal-shares": "equalshares"}  # as Pabulib names them; others are "unknown"
ADDED = {"add1": "equalshares/add1", "add1u": "unknown", "utilitarian": "unknown", "none": "equalshares"}


def account_of(ballot: Ballot, options: Iterable[Option]) -> dict[str, Any]:
    """By sheet, what the votes bought; {} for a ballot that spends no money, or whose tally says it already."""
    on = paper_of(ballot, options)
    return account(on, gather(votes_of(ballot)), ballot.result) if on.pot is not None or on.sheets else {}


def paper_printed(ballot: Ballot) -> dict[str, Any]:
    """The paper as it was printed: its rule, and its lines with their words (ADR 0008)."""
    lines = ballot.options.select_related("matter", "where").order_by("place")
    words = [{"title": line.title, "where": line.where.code if line.where else ""} for line in lines]
    return {"rule": ballot.rule, "options": [{**printed(line), **more} for line, more in zip(lines, words, strict=True)]}


def as_pabulib(ballot: Ballot, sheet: str = "") -> str:
    """The votes of one sheet as the text of a `.pb` file. Raises KeyError for a sheet that is not there or has no money. O(votes)."""
    from madang.methods.budgeting import pabulib_write  # noqa: PLC0415 — numpy only where it is asked for

    options = list(ballot.options.select_related("matter", "where").order_by("place"))
    election = elections(paper_of(ballot, options), gather(votes_of(ballot)))[sheet]
    tables = pabulib_write.of(election)
    by_place = {str(option.place): option for option in options}
    projects = [["project_id", "cost", "votes", "name", "selected", "district"]]
    for number, name in enumerate(election.ids):
        option = by_place[name]
        chosen = str(int(option.place in ballot.result["winners"]))
        where = option.where.called if option.where else ""
        projects.append([name, str(option.cost_krw), str(election.counts[number]), _line(option.title), chosen, where])
    if not any(row[-1] for row in projects[1:]):
        projects = [row[:-1] for row in projects]
    lengths = [vote[1].count(",") + 1 for vote in tables.votes[1:] if vote[1]]
    width = 2 + election.has_points  # without the class: the specification has no such column
    votes = [row[:width] for row in tables.votes]
    return pabulib_write.text(pabulib_write.Sheets(_meta(ballot, sheet, tables.meta, lengths), projects, votes))


def _line(text: str) -> str:
    """A title as one line: the file has a line a row, and readers that know no quotes."""
    return " ".join(text.replace(";", ",").replace('"', "'").split())


def _meta(ballot: Ballot, sheet: str, written: Sequence[Sequence[str]], lengths: Sequence[int]) -> list[list[str]]:
    """META in the order of the specification: what was asked, where, when, how much, and by which rule."""
    counted: Mapping[str, str] = {row[0]: row[1] for row in written[1:]}
    rule = ballot.rule
    shares = ADDED[rule.get("completion") or "add1u"]
    said = {
        "description": _line(ballot.question), "country": "South Korea", "unit": ballot.process.place.name, "subunit": sheet,
        "instance": str(localdate(ballot.closes_at).year),
        **{name: counted[name] for name in ("num_projects", "num_votes", "budget", "vote_type")},
        "rule": shares if rule["counting"] == "equal-shares" else RULES.get(rule["counting"], "unknown"),
        "date_begin": f"{localdate(ballot.opens_at):%d.%m.%Y}", "date_end": f"{localdate(ballot.closes_at):%d.%m.%Y}",
        "max_length": str(rule.get("most") or max(lengths, default=1)), "edition": str(ballot.pk), "language": "ko", "currency": "KRW",
    }
    return [["key", "value"], *([key, value] for key, value in said.items() if value)]
