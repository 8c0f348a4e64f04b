"""Proportional spending of a pot: votes on a paper as an election of `madang.methods.budgeting`, counted and checked there.

1. Project ids are printed numbers, so a tie by "order" is a tie by number.
2. With weights each class starts with its part of the pot, split evenly over its own ballots (Equal Shares only).
3. The checker of `budgeting.verify`, which knows no rule, must find nothing; otherwise RuntimeError.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from madang.methods.ballots.paper import Line, Paper

TIES = {"votes": "-votes", "cheaper": "cost", "order": "number"}


def election_of(paper: Paper, lines: tuple[Line, ...], votes: Mapping[tuple[str, Any], int], pot: int | None) -> Any:
    """The votes on `lines` as a `budgeting` Election. Costs of 0 stay 0. O(marks)."""
    from madang.methods.budgeting.election import Ballots, Project, gather  # noqa: PLC0415 — numpy only where asked for

    vote_type = {"ranking": "ordinal", "scores": "scoring", "dots": "cumulative", "choose-one": "choose-1"}.get(paper.kind, "approval")
    pointed = vote_type in ("scoring", "cumulative")
    at = {line.place: number for number, line in enumerate(lines)}
    projects = [Project(str(line.place), Fraction(line.cost), line.title, (line.sheet,) if line.sheet else ()) for line in lines]
    many: list[int] = []
    lengths: list[int] = []
    picks: list[int] = []
    points: list[int | Fraction] = []
    fund: list[str] = []
    for (group, given), number in votes.items():  # in whatever order: equal ballots are put together, and sorted, by `gather`
        ordered = sorted(given, key=lambda mark: mark[1]) if vote_type == "ordinal" else given
        many.append(number)
        lengths.append(len(ordered))
        picks += [at[place] for place, _ in ordered]
        if pointed:
            points += [value for _, value in ordered]
        fund.append(group)
    budget = sum(line.cost for line in lines) if pot is None else pot
    counted = Ballots(many, lengths, picks, points if pointed else None, None, fund if paper.weights and fund else None)
    return gather(projects, counted, Fraction(budget), vote_type, meta={"vote_type": vote_type})


def proportional(
    paper: Paper, lines: tuple[Line, ...], votes: Mapping[tuple[str, Any], int], pot: int | None, weights: Mapping[str, int]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(rounds and losers in one list, what else is told): Equal Shares or Phragmén over these lines."""
    from madang.methods.budgeting import verify  # noqa: PLC0415 — numpy only where asked for
    from madang.methods.budgeting.ballot import spread  # noqa: PLC0415
    from madang.methods.budgeting.measures import measures  # noqa: PLC0415
    from madang.methods.budgeting.outcome import sheet  # noqa: PLC0415

    election = election_of(paper, lines, votes, pot)
    outcome = _outcome(paper, election, weights)
    utility = outcome.variant.get("utility") or "cardinality"
    told = sheet(outcome)
    findings = verify.verify(election, told)
    if faults := [finding for finding in findings if not finding.ok]:
        raise RuntimeError(f"the count does not stand: {faults[0].check}: {faults[0].says}")
    verdict = verify.judged(election, [election.position[name] for name in outcome.winners], utility, outcome.cost)
    rounds = _rounds(election, told)
    return rounds, {
        "terms": {"pot": pot, "rule": outcome.rule, "variant": told["variant"]},
        "endowment": told["endowment"],
        "spent": told["cost"],
        "certificate": {**outcome.certificate, **verdict},
        "checked": [finding.check for finding in findings],
        "measures": measures(election, outcome.winners) if election.people else {},
        "spread": spread(election, outcome.winners) if election.people else {},
    }


def _outcome(paper: Paper, election: Any, weights: Mapping[str, int]) -> Any:
    from madang.methods.budgeting.equal_shares import equal_shares  # noqa: PLC0415 — numpy only where asked for
    from madang.methods.budgeting.phragmen import phragmen  # noqa: PLC0415

    ties = tuple(f"lot:{paper.seed}" if tie == "lot" else TIES[tie] for tie in paper.ties)
    ties = (*(tie for tie in ties if not tie.startswith("lot:")), *(tie for tie in ties if tie.startswith("lot:")))
    if paper.counting == "phragmen":
        if weights:
            raise ValueError("Phragmén에는 무게를 둘 수 없습니다 / Phragmén takes no weights")
        return phragmen(election, ties=ties)
    funds = None
    if weights and election.people:
        cast = dict.fromkeys(weights, 0)
        for fund, many in zip(election.funds_group.tolist(), election.voters.tolist(), strict=True):
            cast[election.funds[fund]] += many
        whole = sum(weights[group] for group, many in cast.items() if many)
        funds = {
            group: election.budget * weights[group] / (whole * many) if many else Fraction(0) for group, many in cast.items()
        }
    utility = paper.utility or ("cost" if election.vote_type in ("approval", "choose-1") else election.default_utility)
    return equal_shares(election, utility=utility, completion=paper.completion or "add1u", ties=ties, funds=funds)


def _rounds(election: Any, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Winners in the order they were bought, then the others by their votes, each with what it lacked."""
    votes = dict(zip(election.ids, election.counts, strict=True))
    rounds = []
    for rank, step in enumerate(told["rounds"], start=1):
        more = {key: value for key, value in step.items() if key not in ("project", "cost")}
        rounds.append({
            "rank": rank, "place": int(step["project"]), "votes": votes[step["project"]], "cost": step["cost"],
            "chosen": True, "lacked": "", **more,
        })
    losers = sorted(told["losers"], key=lambda name: (-votes[name], int(name)))
    for rank, name in enumerate(losers, start=len(rounds) + 1):
        lack = told["losers"][name]
        rounds.append({
            "rank": rank, "place": int(name), "votes": votes[name], "cost": lack["cost"], "chosen": False,
            "lacked": lack["why"], "had": lack["had"], "short": str(lack["short"]),
            "outbid": [int(one) for one in lack["outbid"]], "taken": lack.get("taken", []), "detail": lack.get("detail", ""),
        })
    return rounds
