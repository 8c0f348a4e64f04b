"""Everything a page about one counted election shows, in one plain JSON: outcome, checks, measures, spread, and who could have won.

1. Nothing is told that does not follow from the ballots and the outcome; the checks are those of `verify`, which knows no rule.
2. Amounts are exact text where they are no whole numbers, as in `outcome.sheet`.
3. `against` is what the city announced, where the file says so: told beside the count, never mixed into it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from madang.methods.budgeting.ballot import spread
from madang.methods.budgeting.election import Election, Project
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.margins import margins
from madang.methods.budgeting.measures import measures
from madang.methods.budgeting.outcome import Outcome, amount, sheet
from madang.methods.budgeting.verify import judged, verify

PLACES = ("district", "neighborhood", "subunit")


def account(election: Election, outcome: Outcome, *, margin: bool = True) -> dict[str, Any]:
    """The outcome (as `outcome.sheet`) with `projects`, `voters`, `certificate`, `checks`, `measures`, `spread`, `margins`.

    margin  False leaves the margins out (they cost up to log₂(cost) counts a loser under greedy and Phragmén).
    Raises RuntimeError where a check fails: a result that does not follow from the ballots is not shown.
    """
    utility = outcome.variant.get("utility") or "cardinality"
    verdict = judged(election, [election.position[name] for name in outcome.winners], utility, outcome.cost)
    told = sheet(outcome) | {"certificate": {**outcome.certificate, **verdict}}
    findings = verify(election, told)
    if faults := [finding for finding in findings if not finding.ok]:
        raise RuntimeError(f"the count does not stand: {faults[0].check}: {faults[0].says}")
    shown = margin and outcome.rule != "bos"
    return told | {
        "voters": election.people,
        "projects": [_project(election, place, project) for place, project in enumerate(election.projects)],
        "checks": [asdict(finding) for finding in findings],
        "measures": measures(election, outcome.winners),
        "spread": spread(election, outcome.winners),
        "margins": margins(election, outcome) if shown else {},
        "against": announced(election, outcome),
    }


def _project(election: Election, place: int, project: Project) -> dict[str, Any]:
    where = [project.extra[name] for name in PLACES if project.extra.get(name)]
    return {
        "id": project.id, "name": project.name, "cost": amount(project.cost), "votes": election.counts[place],
        "category": list(project.categories), "where": where[0] if where else "",
    }


def announced(election: Election, outcome: Outcome) -> Mapping[str, Any]:
    """What the file says was chosen, against the outcome: `only_here`, `only_there`; {} where it says nothing."""
    theirs = {project.id for project in election.projects if project.selected == "1"}
    if not theirs:
        return {}
    ours = set(outcome.winners)
    return {"chosen": len(theirs), "same": ours == theirs, "only_here": sorted(ours - theirs), "only_there": sorted(theirs - ours)}


def as_announced(election: Election) -> Outcome:
    """The election counted by the rule its file names, as far as that is one of ours (see docs/methods/budgeting.md).

    equalshares/…: Equal Shares, Add1 until infeasible where the file says so · greedy…: by votes or points, with its threshold, ending
    at the first that does not fit where the file says so. A rule unknown to us is counted by votes.
    """
    rule = election.meta.get("rule", "").strip()
    if rule.startswith("equalshares"):
        adds = "add1" in rule
        return equal_shares(election, utility=election.default_utility, completion="add1" if adds else "none", stop="infeasible")
    points = "scores" if election.vote_type in ("cumulative", "scoring", "ordinal") else "cardinality"
    least = election.meta.get("min_project_score_threshold", "").strip()
    skip = rule not in ("greedy-no-skip", "greedy-custom")
    return greedy(election, utility=points, by="votes", skip=skip, least=Fraction(least) if least.isdecimal() else None)
