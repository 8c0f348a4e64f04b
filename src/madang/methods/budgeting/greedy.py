"""Greedy: from the most wanted down, whatever still fits. What most cities do; not proportional.

1. The score is support (`by="votes"`) or support ÷ cost (`by="votes/cost"`); support counts voters, or adds up points
   (utility scores) or Borda points (utility borda). Scores are compared as fractions.
2. A project that does not fit is passed over (`skip`), or ends it all; one below `least` support is never bought.
3. A limit of a category binds like the budget: the project is passed over, whatever `skip` says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from madang.methods.budgeting import ties as equals
from madang.methods.budgeting.election import Election, sums
from madang.methods.budgeting.limits import Cap, Limit, caps
from madang.methods.budgeting.outcome import Lacked, Outcome, Round

BY = ("votes", "votes/cost")


def support(election: Election, utility: str) -> tuple[Fraction, ...]:
    """How much each project is wanted: voters (utility cost, cardinality), points (scores) or Borda points. O(picks)."""
    if utility in ("cost", "cardinality"):
        return tuple(map(Fraction, election.counts))
    worth, scale = election.utilities(utility)
    if len(worth) and int(worth.max()) * int(election.voters.max()) >= 2**62:
        worth = worth.astype(object)
    totals = sums(election.picks, worth * election.voters[election.groups], len(election.projects))
    return tuple(Fraction(total, scale) for total in totals)


def by_default(utility: str) -> str:
    """Most satisfaction per won spent: with utility cost that is the number of votes."""
    return "votes" if utility == "cost" else "votes/cost"


def scores(election: Election, wanted: Sequence[Fraction], by: str) -> tuple[tuple[bool, Fraction], ...]:
    """Sorted downwards: (free and wanted, score)."""
    if by not in BY:
        raise ValueError(f"unknown order {by!r}: one of {', '.join(BY)}")
    if by == "votes":
        return tuple((False, one) for one in wanted)
    return tuple((not cost and one > 0, one / cost if cost else Fraction(0)) for cost, one in zip(election.costs, wanted, strict=True))


@dataclass
class Room:
    """What is left of the budget and of each limit."""

    left: Fraction
    caps: Sequence[Cap]
    rooms: list[Fraction]

    def hindrance(self, place: int, cost: Fraction) -> tuple[str, Fraction, Fraction, str]:
        """("", …) where the project fits; else why not, what was had, what was short, and which limit."""
        for cap, room in zip(self.caps, self.rooms, strict=True):
            if place in cap.use and cap.use[place] > room:
                return "limit", room, cap.use[place] - room, cap.name
        return ("budget", self.left, cost - self.left, "") if cost > self.left else ("", self.left, Fraction(0), "")

    def take(self, place: int, cost: Fraction) -> None:
        self.left -= cost
        self.rooms = [room - cap.use.get(place, 0) for cap, room in zip(self.caps, self.rooms, strict=True)]


def room(election: Election, limits: tuple[Limit, ...]) -> Room:
    found = caps(election, limits)
    return Room(election.budget, found, [cap.room for cap in found])


def greedy(
    election: Election,
    *,
    utility: str = "",
    by: str = "",
    skip: bool = True,
    least: Fraction | None = None,
    ties: Sequence[str] = equals.PLAIN,
    limits: tuple[Limit, ...] = (),
) -> Outcome:
    """Buy from the highest score down. O(picks + projects log projects).

    utility  "" for the one of the vote type · by  "" for satisfaction per cost · least  support below it is never bought
    Raises ValueError for unknown words.
    """
    utility = utility or election.default_utility
    by = by or by_default(utility)
    wanted = support(election, utility)
    standing = scores(election, wanted, by)
    rank = equals.ranks(election, ties)
    order = sorted(range(len(rank)), key=lambda place: (not standing[place][0], -standing[place][1], rank[place]))
    here = room(election, limits)
    rounds: list[Round] = []
    losers: dict[str, Lacked] = {}
    stopped = ""
    for number, place in enumerate(order):
        project = election.projects[place]
        why, had, short, detail = here.hindrance(place, project.cost)
        if least is not None and wanted[place] < least:
            why, had, short, detail = "threshold", wanted[place], least - wanted[place], ""
        elif stopped:
            why, had, short, detail = "stopped", here.left, max(project.cost - here.left, Fraction(0)), stopped
        elif why == "budget" and not skip:
            stopped = project.id
        if why:
            losers[project.id] = Lacked(project.cost, why, had, short, *before(rounds, short if why == "budget" else Fraction(0)), detail)
            continue
        here.take(place, project.cost)
        following = order[number + 1] if number + 1 < len(order) else None
        rounds.append(Round(
            project.id, project.cost, "greedy", standing[place][1], election.counts[place], 0, here.left,
            runner_up="" if following is None else election.ids[following],
            runner_up_price=None if following is None else standing[following][1],
        ))
    chosen = variant(utility, ties, limits, by=by, skip=str(skip).lower(), least="" if least is None else str(least))
    return outcome("greedy", election, chosen, rounds, losers)


def before(rounds: Sequence[Round], short: Fraction) -> tuple[tuple[str, ...], tuple[Fraction, ...]]:
    """The last winners that stood before a loser and whose costs together cover what it was short of."""
    names: list[str] = []
    took: list[Fraction] = []
    for step in reversed(rounds):
        if sum(took) >= short:
            break
        names.append(step.project)
        took.append(step.cost)
    return tuple(names), tuple(took)


def variant(utility: str, ties: Sequence[str], limits: tuple[Limit, ...], **more: str) -> Mapping[str, str]:
    """Every choice that could change a result, as words."""
    bound = [f"{one.name}:{'#' if one.counts else ''}{one.most}" for one in limits]
    return {"utility": utility, "ties": ",".join(ties), "limits": " | ".join(bound), **more}


def outcome(rule: str, election: Election, chosen: Mapping[str, str], rounds: Sequence[Round], losers: Mapping[str, Lacked]) -> Outcome:
    """The outcome of a rule whose rounds are its certificate."""
    cost = sum((step.cost for step in rounds), Fraction(0))
    return Outcome(rule, chosen, tuple(step.project for step in rounds), cost, election.budget, tuple(rounds), losers)
