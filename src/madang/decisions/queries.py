"""Questions about decisions: replies kept or late, roll calls with their sums, ballots with their tallies."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from madang.access.roles import role_of
from madang.bodies.models import Seat
from madang.bodies.queries import in_office
from madang.decisions import scores
from madang.decisions.electorate import told
from madang.decisions.models import Aside, Ballot, Option, Resolution, SealedVote, Vote
from madang.decisions.reconciling import has_paper, paper_published, paper_votes, settle_clashes, subtotals
from madang.decisions.words import how_to_mark
from madang.matters.models import Matter, Stage
from madang.methods.ballots import Bar, Count, Sum, count, paper
from madang.methods.ballots.paper import Paper
from madang.processes.models import Process

# ── resolutions ──────────────────────────────────────────────────────────────


def electors(resolution: Resolution, at: datetime) -> QuerySet[Seat]:
    """The seats that may vote at `at`: filled, in office, not standing aside."""
    aside = Aside.objects.filter(resolution=resolution).values("seat")
    return Seat.objects.filter(in_office(at), body=resolution.body_id).exclude(person=None).exclude(pk__in=aside)


def count_now(resolution: Resolution, at: datetime) -> dict[str, Any]:
    """The count of the roll call as it stands at `at`, as plain numbers with both sums.

    Seats that voted and left office since still count among the seats, so that nobody's vote outgrows the base.
    """
    votes = list(Vote.objects.filter(resolution=resolution).values_list("answer", "seat"))
    tally = {answer: sum(1 for given, _seat in votes if given == answer) for answer in ("yes", "no", "abstain")}
    voted = [seat for _answer, seat in votes]
    aside = Aside.objects.filter(resolution=resolution).count()
    base = (
        Seat.objects.filter(body=resolution.body_id)
        .exclude(person=None)
        .filter(in_office(at) | Q(pk__in=voted))
        .count()
    )
    left = (
        Aside.objects.filter(resolution=resolution)
        .exclude(seat__in=Seat.objects.filter(in_office(at), body=resolution.body_id))
        .count()
    )  # set aside and since out of office: in neither figure
    counted = count(
        seats=base,
        aside=aside - left,
        quorum=bar("seats", resolution.rule["quorum"]),
        majority=bar("present", resolution.rule["majority"]),
        aside_leaves_base=resolution.rule["aside_leaves_base"],
        **tally,
    )
    return {**tally, "seats": base, "aside": aside - left, **_sums(counted)}


def bar(of: str, percent: int) -> Bar:
    """50 percent is read as 과반 (more than half), any other share as "at least"."""
    return Bar(of, Fraction(percent, 100), more=percent == 50)


def _sums(counted: Count) -> dict[str, Any]:
    def plain(line: Sum) -> dict[str, Any]:
        return {
            "base": line.base,
            "percent": int(line.bar.share * 100),
            "more": line.bar.more,
            "need": line.need,
            "have": line.have,
            "reached": line.reached,
        }

    return {"outcome": counted.outcome, "quorum": plain(counted.quorum), "majority": plain(counted.majority)}


def roll_call(resolution: Resolution) -> dict[str, Any]:
    """The page of a resolution: every seat's answer, who stood aside and why, who signed."""
    return {
        "resolution": resolution,
        "votes": list(resolution.votes.select_related("seat__person").order_by("seat__post", "id")),
        "asides": list(resolution.asides.select_related("seat__person").order_by("id")),
        "signatures": list(resolution.signatures.select_related("seat__person").order_by("side")),
    }


# ── ballots ──────────────────────────────────────────────────────────────────


def ballots_of(process: Process, limit: int = 5) -> list[Ballot]:
    """The newest ballots of a process; no query where its recipe votes on nothing."""
    votes = any(phase.ballot for phase in process.rules.phases)
    return list(Ballot.objects.filter(process=process).order_by("-id")[:limit]) if votes else []


def paper_of(ballot: Ballot, options: Iterable[Option] | None = None) -> Paper:
    """The paper as the methods read it, with its lines as they were printed; what was withdrawn since is marked so.

    A sealed paper is signed: it is counted as it was printed, by the house as by everybody, whatever left since.
    """
    lines = options if options is not None else Option.objects.filter(ballot=ballot).order_by("place")
    plain = [printed(line) for line in lines]
    if ballot.sealed:
        plain = [{key: value for key, value in line.items() if key != "withdrawn"} for line in plain]
    return paper.paper_of({"rule": ballot.rule, "options": plain})


def open_paper(ballot: Ballot) -> Paper:
    """The paper while it is open, remembered by the digest of what was printed: nothing on it changes."""
    digest = ballot.rule.get("paper")
    if digest is None:  # opened before papers had a digest
        return paper_of(ballot)
    if digest not in PAPERS:
        if len(PAPERS) >= PAPERS_MOST:
            PAPERS.clear()
        PAPERS[digest] = paper_of(ballot)
    return PAPERS[digest]


def printed(line: Option) -> dict[str, Any]:
    """One line of the paper as plain JSON."""
    plain: dict[str, Any] = {"place": line.place, "cost": line.cost_krw}
    if line.sheet:
        plain["sheet"] = line.sheet
    if line.outcome == "withdrawn":
        plain["withdrawn"] = True
    return plain


def votes_of(ballot: Ballot) -> Iterator[tuple[str, str]]:
    """(class, marks) of every vote, whatever way it came: there is one count."""
    yield from box_votes(ballot)
    yield from paper_votes(ballot)


def box_votes(ballot: Ballot) -> Iterator[tuple[str, str]]:
    """(class, marks) of every vote that came online."""
    yield from SealedVote.objects.filter(ballot=ballot).values_list("voter_class", "marks").iterator(5000)


def count_ballot(ballot: Ballot, options: list[Option]) -> dict[str, Any]:
    """The tally of all votes with the digest of the published ones."""
    on = paper_of(ballot, options)
    if not has_paper(ballot):
        counted = paper.count(on, votes_of(ballot))
    else:
        online = list(box_votes(ballot))
        settle_clashes(ballot, on, online)
        counted = paper.count(on, votes_of(ballot)) | {"ways": subtotals(on, {"online": online, "paper": list(paper_votes(ballot))})}
    return {"engine": ballot.rule["engine"], **counted, "papers": papers_digest_of(published(ballot))}


def published(ballot: Ballot) -> Iterator[tuple[str, str, str]]:
    """Every vote after closing: receipt, class, marks; nothing before."""
    if ballot.closed_at is None:
        return
    papers = SealedVote.objects.filter(ballot=ballot).order_by("receipt").values_list("receipt", "voter_class", "marks")
    yield from papers.iterator(5000)
    yield from paper_published(ballot)


PAPERS: dict[str, Paper] = {}
PAPERS_MOST = 200


def text_digest(text: str) -> str:
    """sha256 of a public text: what was printed, counted, or reported by an office."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def papers_digest_of(papers: Iterable[tuple[str, str, str]]) -> str:
    """sha256 of the published papers (receipt,class,marks and a line end each), so that none can change after the
    count."""
    held = hashlib.sha256()
    for line in papers:
        held.update((",".join(line) + "\n").encode())
    return "sha256:" + held.hexdigest()


def find_receipt(ballot: Ballot, receipt: str) -> SealedVote | None:
    """The paper with this receipt, once the ballot is closed."""
    if ballot.closed_at is None:
        return None
    return SealedVote.objects.filter(ballot=ballot, receipt=receipt.strip().upper()).first()


def ballot_page(ballot: Ballot) -> dict[str, Any]:
    """The page of a ballot: options, rule, turnout; after closing the rounds with what each loser lacked."""
    options = list(ballot.options.select_related("matter").order_by("place"))
    how = how_to_mark(ballot.rule)
    return {"ballot": ballot, "options": options, "how": how, "rounds": rounds(ballot, options), "classes": classes(ballot), **told(ballot)}


def rounds(ballot: Ballot, options: list[Option]) -> list[dict[str, Any]]:
    """The tally step by step, each with its option; empty before closing."""
    by_place = {option.place: option for option in options}
    return [{**step, "option": by_place[step["place"]]} for step in ballot.result.get("rounds", [])]


def classes(ballot: Ballot) -> list[dict[str, Any]]:
    """The classes of voters with their weights, and after closing how many papers each cast."""
    cast, bodies = ballot.result.get("ballots", {}), ballot.process.rules.bodies
    return [
        {
            "key": key,
            "weight": weight,
            "ballots": cast.get(key),
            "title": bodies[key].name.said(get_language() or "ko") if key in bodies else role_of(key).title,
        }
        for key, weight in ballot.rule.get("weights", {}).items()
    ]


# ── the strip on the 의제 page ───────────────────────────────────────────────


def panel(matter: Matter) -> dict[str, Any]:
    """Replies, reviews, resolutions and papers of a 의제.

    One query, and one more each where its recipe resolves or votes.
    """
    phases = matter.process.rules.phases
    walked = (
        Stage.objects.filter(matter=matter)
        .order_by("id")
        .select_related("reply__body", "reply__review_request", "review__body", "review__review_request")
    )
    stages = list(walked)
    shown: dict[str, Any] = {
        "replies": [stage.reply for stage in stages if hasattr(stage, "reply")],
        "reviews": [stage.review for stage in stages if hasattr(stage, "review")],
        "resolutions": [],
        "options": [],
    }
    if any(phase.resolution for phase in phases):
        shown["resolutions"] = list(Resolution.objects.filter(matter=matter).select_related("body").order_by("id"))
    if any(phase.scoring for phase in phases):
        shown["scorings"] = scores.shown(matter, stages)
    if any(phase.ballot for phase in phases):
        shown["options"] = list(Option.objects.filter(matter=matter).select_related("ballot").order_by("id"))
    return shown
