"""What the cities announced: reproduced wherever their rule is one of ours, and the rest named with the reason."""

import os
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.pabulib import read

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "pb"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="no shared elections here")

OTHER = {  # announced, and not what the file's rule gives: see docs/methods/budgeting.md
    "Hungary_Budapest_2024.pb": "a tenth of the votes, on paper, is not in the file; rule unknown",
    "Poland_Warszawa_2018_Las.pb": "one project that fits and has its votes was not chosen; the file does not say why",
}
TIES = {"Poland_Warszawa_2020_Rembertow.pb": ("cost",)}  # two projects with equal votes: the city took the cheaper


def counted(election, path):
    rule = election.meta["rule"]
    if rule.startswith("equalshares"):
        return equal_shares(election, completion="add1", stop="infeasible")
    points = "scores" if election.vote_type in ("cumulative", "ordinal") else "cardinality"
    least = election.meta.get("min_project_score_threshold")
    skip = rule not in ("greedy-no-skip", "greedy-custom")
    ties = TIES.get(path.name, ("id",))
    return greedy(election, utility=points, by="votes", skip=skip, least=Fraction(least) if least else None, ties=ties)


def test_the_announced_winners_are_ours():
    announced = reproduced = 0
    kinds = Counter()
    for path in sorted(SHARED.glob("*.pb")):
        election = read(path)
        chosen = {project.id for project in election.projects if project.selected == "1"}
        if not chosen:
            continue
        announced += 1
        same = set(counted(election, path).winners) == chosen
        assert same == (path.name not in OTHER), path.name
        reproduced += same
        kinds[election.meta["rule"]] += same
    assert (announced, reproduced) == (64, 62)
    assert kinds == {
        "greedy": 17, "greedy-no-skip": 21, "greedy-threshold": 19, "greedy-custom": 4, "equalshares/add1-comparison": 1, "unknown": 0,
    }


def test_the_announced_votes_are_those_in_the_ballots():
    for path in sorted(SHARED.glob("*.pb")):
        election = read(path)
        if path.name == "Switzerland_Zurich_S5D10.pb":
            continue  # it counts a pick with 0 points as a vote; here a pick worth nothing is no pick
        told = [project.votes for project in election.projects]
        assert all(not votes or votes == str(count) for votes, count in zip(told, election.counts, strict=True)), path.name
