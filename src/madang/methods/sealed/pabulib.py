"""The opened votes of a sealed poll as a Pabulib file, for anyone's own tools.

Voters are numbered in the order of their marks: the file says nothing about the board. Void ballots are left out; the report counts them.
"""

from collections import Counter

from madang.methods.ballots.marks import Given, Void
from madang.methods.ballots.paper import read
from madang.methods.sealed import counting
from madang.methods.sealed.poll import Poll


def text_of(poll: Poll, votes: counting.Votes) -> str:
    """The file's text. Needs the extra `methods`. Raises ValueError where a project costs nothing: such a vote has no Pabulib form."""
    from dataclasses import replace  # noqa: PLC0415

    from madang.methods.ballots.spending import election_of  # noqa: PLC0415 — numpy only where asked for
    from madang.methods.budgeting import pabulib_write  # noqa: PLC0415

    paper = counting.paper(poll)
    if any(line.cost <= 0 for line in paper.lines):
        raise ValueError("비용이 없는 항목이 있어 .pb로 쓸 수 없습니다 / an option without a cost: no .pb can say this")
    valid: Counter[tuple[str, Given]] = Counter()
    for (group, marks), many in votes.items():
        try:
            valid[group, read(paper, group, marks)] += many
        except Void:
            continue
    election = election_of(paper, paper.lines, valid, paper.pot)
    described = {"description": poll.slug, "country": "Korea", "unit": "madang", "instance": poll.slug, "rule": paper.counting}
    return pabulib_write.text(pabulib_write.of(replace(election, meta={**election.meta, **described})))
