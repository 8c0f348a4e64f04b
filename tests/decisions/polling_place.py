"""The child of the kill test: a city with one open paper whose voters cast in forked workers, which are killed.

Lines in: go FIRST (voters from this number on), check. Lines out: born PID, ack RECEIPT, dead, answer JSON. A worker
acknowledges a vote only after the act has come back, that is after its commit.
"""

import json
import os
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from madang.access import By, Refused  # noqa: E402
from madang.decisions.acts import cast  # noqa: E402
from madang.decisions.forms import new_receipt  # noqa: E402
from madang.decisions.models import Ballot, Option, RollEntry, SealedVote  # noqa: E402
from madang.matters.models import Matter  # noqa: E402
from madang.people.models import Person  # noqa: E402
from madang.places.models import Place  # noqa: E402
from madang.processes import library  # noqa: E402
from madang.processes.models import Process, RecipeText  # noqa: E402
from madang.record import sealer  # noqa: E402
from madang.record.models import Entry  # noqa: E402
from madang.record.queries import download  # noqa: E402
from madang.record.seal import pending, seal  # noqa: E402

NOW = datetime.now(UTC)
VOTERS = 3_000
sealer.soon = lambda: None  # nobody seals beside us: what is measured is the cast


def say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


def found() -> Ballot:
    """One city, one process, three options, a crowd of verified people."""
    call_command("migrate", verbosity=0)
    seoul = Place.objects.create(code="1100000000", name="서울특별시", level="city", valid_from=NOW.date())
    rules = library.edition("participatory-budget-city@2019-02-11")
    digest = f"sha256:{rules.digest()}"
    RecipeText.objects.create(digest=digest, text=rules.freeze(), first_used_at=NOW)
    process = Process.objects.create(
        key="killed", recipe_key=rules.key, recipe_id=digest, name="투표", place=seoul, opened_at=NOW, synthetic=True
    )
    Person.objects.bulk_create(
        Person(email=f"v{n}@example.org", name=f"시민 {n}", level=2, joined_at=NOW, synthetic=True) for n in range(VOTERS)
    )
    author = Person.objects.order_by("pk")[0]
    rule = {
        "engine": "ballots@2", "kind": "approval", "counting": "greedy", "secrecy": "signed-in", "weights": {"verified": 100},
        "least": 0, "most": 2, "ties": ["votes", "cheaper", "order"],
    }  # fmt: skip
    ballot = Ballot.objects.create(
        process=process, phase="vote", question="무엇을?", use="그대로 씁니다.", rule=rule, opens_at=NOW - timedelta(hours=1),
        closes_at=NOW + timedelta(hours=3),
    )  # fmt: skip
    for place in (1, 2, 3):
        matter = Matter.objects.create(
            process=process, place=seoul, title=f"{place}번 사업", author=author, created_at=NOW, number=f"2026-{place:06d}"
        )
        Option.objects.create(ballot=ballot, matter=matter, place=place)
    return ballot


def vote_from(ballot: Ballot, first: int, step: int = 2, *, aloud: bool = True) -> None:
    for voter in Person.objects.order_by("pk")[first : first + 60 : step]:
        receipt = new_receipt()
        try:
            cast(By(voter, datetime.now(UTC)), ballot, marks="1 3", receipt=receipt)
        except Refused as refusal:
            if refusal.code != "already-voted":  # somebody's vote stood although its worker died before saying so
                raise
            continue
        if aloud:
            say(f"ack {receipt}")


def go(ballot: Ballot, first: int) -> None:
    """Fork two voters side by side and stay until somebody kills them."""
    connections.close_all()
    worker = os.fork()
    if worker == 0:
        threading.Thread(target=vote_from, args=(ballot, first), daemon=True).start()
        vote_from(ballot, first + 1)
        os._exit(0)
    say(f"born {worker}")
    os.waitpid(worker, 0)
    say("dead")


def check(ballot: Ballot, path: str) -> dict[str, object]:
    """What the database holds, before and after the count; the log goes to `path`."""
    while seal(datetime.now(UTC)) or pending():
        pass
    with Path(path).open("wb") as file:
        download(file)
    ballot.refresh_from_db()
    return {
        "box": sorted(SealedVote.objects.values_list("receipt", flat=True)),
        "roll": RollEntry.objects.count(),
        "voters": RollEntry.objects.values("person").distinct().count(),
        "cast": ballot.cast,
        "entries": Entry.objects.filter(act="decisions.cast").count(),
    }


def count(ballot: Ballot) -> dict[str, object]:
    """The tally, as the one who may close it: the paper's phase names nobody here, so the method is asked itself."""
    from madang.decisions.queries import count_ballot

    Ballot.objects.filter(pk=ballot.pk).update(closed_at=datetime.now(UTC))
    ballot.refresh_from_db()
    return count_ballot(ballot, list(ballot.options.order_by("place")))


if __name__ == "__main__":
    paper = found()
    vote_from(paper, VOTERS - 60, 60, aloud=False)  # one vote before anything forks: what is read once a program is read
    say("ready")
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "go":
            go(paper, int(rest))
        elif word == "check":
            say("answer " + json.dumps(check(paper, rest)))
        elif word == "count":
            say("answer " + json.dumps(count(paper)))
