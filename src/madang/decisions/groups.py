"""The votes of each group apart, and together: who chose what, among citizens, members, graduates, each by their own papers.

1. It follows from the published votes alone, and adds up to the score the count used where picks are weighed by class.
2. Points are exact and shown cut to two places.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from madang.decisions.models import Ballot, Option
from madang.decisions.queries import classes, paper_of, votes_of
from madang.methods.ballots import paper
from madang.methods.ballots.marks import Void, picks
from madang.methods.ballots.paper import gather

PICKED = ("approval", "choose-one", "knapsack")  # kinds whose marks are picks
MOST_VOTES = 50_000


def apart(ballot: Ballot, options: Sequence[Option]) -> dict[str, Any]:
    """A row an option: votes of each class, and the weighted score; {} where one class votes, marks are no picks, or too many
    voted to count while somebody waits. O(different votes)."""
    weights = ballot.rule.get("weights", {})
    if ballot.closed_at is None or len(weights) < 2 or ballot.rule["kind"] not in PICKED or ballot.cast > MOST_VOTES:
        return {}
    on, votes, papers = paper_of(ballot, options), Counter[tuple[str, int]](), Counter[str]()
    for (group, marks), count in gather(votes_of(ballot)).items():
        try:
            paper.read(on, group, marks)
        except Void:
            continue
        papers[group] += count
        for place, _one in picks(marks):
            votes[group, place] += count
    rows = []
    for option in options:
        shares = [Fraction(weight * votes[key, option.place], papers[key]) for key, weight in weights.items() if papers[key]]
        score = sum(shares, Fraction())
        rows.append({"option": option, "votes": [votes[key, option.place] for key in weights], "score": score, "points": _cut(score)})
    return {"groups": classes(ballot), "rows": sorted(rows, key=lambda row: (-row["score"], row["option"].place))}


def _cut(score: Fraction) -> str:
    cents = int(score * 100)
    return f"{cents // 100}.{cents % 100:02d}"
