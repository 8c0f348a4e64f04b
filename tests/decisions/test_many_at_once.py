"""Many at one paper at one moment: one vote a person, and a closing that no vote slips past."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from madang.access import By, Refused
from madang.decisions.acts import cast, close_ballot, open_ballot
from madang.decisions.forms import new_receipt
from madang.decisions.models import Ballot, RollEntry, SealedVote

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {"question": "어느 것을 먼저 할까요?", "use": "다음 해 예산안에 그대로 담습니다."}


@pytest.fixture(autouse=True)
def writers_side_by_side():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite writes one transaction after the other, and the tests' one lives in memory")


@pytest.fixture
def ballot(matter_in, operator, process, by):
    with transaction.atomic():
        for title in ("가로등", "의자", "텃밭"):
            matter_in("vote", title)
    return open_ballot(by(operator, 1), process, **WORDS)


def together(doings):
    """Do all of it from threads that start at one moment; what each came to: a result or a refusal's code."""
    ready = Barrier(len(doings))

    def one(doing):
        ready.wait()
        try:
            return doing()
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(one, doings))


def test_eight_presses_of_one_voter_at_one_moment_are_one_vote(ballot, person, day):
    citizen = person("김시민")
    codes = [new_receipt() for _ in range(8)]
    came = together([
        lambda code=code: cast(By(citizen, day(2)), ballot, marks="1 2", receipt=code) for code in codes
    ])  # fmt: skip
    assert sorted(one for one in came if one not in codes) == ["already-voted"] * 7
    assert [vote.receipt for vote in SealedVote.objects.all()] == [one for one in came if one in codes]
    assert (RollEntry.objects.count(), Ballot.objects.get().cast) == (1, 1)


def test_closing_in_the_middle_of_a_crowd_counts_every_receipt_that_was_given_and_takes_none_after(
    ballot, operator, person, day
):
    crowd = [person(f"시민{n}") for n in range(24)]
    last_moment, closing = ballot.closes_at, ballot.closes_at + timedelta(seconds=1)
    codes = {new_receipt(): citizen for citizen in crowd}
    voting = [
        lambda code=code, citizen=citizen: cast(By(citizen, last_moment), ballot, marks="2", receipt=code)
        for code, citizen in codes.items()
    ]
    counting = [lambda: close_ballot(By(operator, closing), Ballot.objects.get(pk=ballot.pk)).result["turnout"]] * 2
    came = together([*voting[:12], *counting, *voting[12:]])
    given = {one for one in came if one in codes}
    refused = [one for one in came if isinstance(one, str) and one not in codes]
    assert set(refused) <= {"ballot-over", "already-done"}
    closed = Ballot.objects.get(pk=ballot.pk)
    assert {vote.receipt for vote in SealedVote.objects.all()} == given
    assert closed.result["turnout"] == closed.cast == RollEntry.objects.count() == len(given)
    assert [one for one in came if isinstance(one, int)] == [len(given)]
    assert refused.count("already-done") == 1
