"""The demo city: what the booklet tells, and an invented city that lives around today.

1. What is sourced is never synthetic, what is invented always is, and no invented person sits in a real body.
2. Everything happens through acts at its true past moment; only the invented people themselves are plain rows.
3. One transaction: a load that is killed leaves nothing behind, a second load does nothing.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from madang.doors.demo import archive, city, crowd
from madang.doors.demo.budget import rounds
from madang.doors.demo.crowd import accounts
from madang.doors.demo.files import read
from madang.doors.demo.letters import letters
from madang.doors.demo.stories import Tale
from madang.doors.demo.town import Town, happen
from madang.doors.demo.youth import season
from madang.doors.founding import top
from madang.people.models import Person
from madang.record.sealer import seal_all

__all__ = ["accounts", "letters", "load", "loaded"]
CROWD = 1010  # enough for five hundred supporters and for the thousand in a forum that bring the mayor's answer
VOTERS = 60


def loaded() -> bool:
    """Whether the demo city is here."""
    return Person.objects.filter(email=crowd.ACCOUNTS[0].email).exists()


def load(today: date | None = None, *, small: bool = False) -> bool:
    """Fill a founded house with the demo city as of `today`; False when it is there already.

    `small` leaves out the 의제 of five hundred supporters, most of the crowd and most voters. LookupError before the house is founded.
    """
    if loaded():
        return False
    with transaction.atomic():
        _fill(today or timezone.localdate(), small)
    seal_all()
    return True


def _fill(today: date, small: bool) -> None:
    town = Town(today, top())
    crowd.people(town, 110 if small else CROWD)
    crowd.steward(town)
    city.bodies(town)
    crowd.seats(town)
    archive.enter(town)
    tales = [Tale(town, words, number) for number, words in enumerate(read("synthetic/matters.toml")["matters"])]
    told = [tale for tale in tales if not (small and tale.words["story"] == "five-hundred")]
    stories = [story for tale in told for story in tale.tell()]
    happen(
        [
            *(city.opening(town, key) for key in city.PROCESSES),
            city.clock(town),
            *stories,
            *rounds(town, 6 if small else VOTERS),
            season(town),
        ],
        town.now,
    )
