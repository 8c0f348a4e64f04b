"""No act is open to whoever comes along: a visitor is refused each of them, with a code, and the record stays as it was."""

from datetime import timedelta

import pytest
from django.apps import apps
from running import Hands, furthered
from town import Town, build, smaller
from what_comes_in import TABLE

from madang.access import ACTS, By, Refused
from madang.access.may import may
from madang.bodies.models import Body
from madang.decisions.models import Ballot, Booth, Bundle
from madang.duties.models import Duty
from madang.people.models import Person
from madang.processes.models import Process
from madang.record.models import Entry

CODES = {
    "needs-login", "phase-closed", "not-here", "not-yet-open", "process-closed", "already-done", "ballot-running",
    "not-counted-yet",
}  # fmt: skip


def _lived() -> Hands:
    town = build()
    hands = Hands(town)
    for key in ("ds-2019", "ds-2020"):
        hands.crowd(Process.objects.get(key=key).matters.first())
    for _round in range(9):
        for duty in Duty.objects.filter(kept_at=None, released_at=None).order_by("id"):
            furthered(hands, duty)
        _talk(hands)
        town.at += timedelta(days=31)
    _booth(town)
    citizen = Person.objects.get(email="citizen1@example.org")
    hands.do("people.make_token", citizen, citizen)
    return hands


def _booth(town: Town) -> None:
    """A booth with a bundle of sheets, so that there is a desk to be refused at."""
    ballot, body = Ballot.objects.order_by("pk").first(), Body.objects.order_by("pk").first()
    booth = Booth.objects.create(ballot=ballot, number=1, name="투표소", body=body, key="0" * 64, opened_at=town.at)
    Bundle.objects.create(booth=booth, number=1, first=1, last=5)


def _talk(hands: Hands) -> None:
    """What nobody owes: opinions, reports, hidings, changes, answers."""
    people = {
        name: Person.objects.get(email=f"{name}@example.org")
        for name in ("citizen1", "citizen2", "moderators0", "safety0")
    }
    for label, act, who in (
        ("deliberation.forum", "deliberation.state", "citizen1"),
        ("deliberation.forum", "deliberation.state", "citizen2"),
        ("deliberation.opinion", "deliberation.report", "citizen2"),
        ("deliberation.opinion", "deliberation.hide", "moderators0"),
        ("execution.commitment", "execution.change", "safety0"),
        ("matters.matter", "evaluation.confirm", "citizen1"),
    ):
        for on in apps.get_model(label)._default_manager.order_by("pk"):
            hands.do(act, on, people[who])


def test_a_visitor_is_refused_every_act(db, tmp_path, settings):
    smaller(tmp_path)
    settings.HOME = tmp_path
    town = _lived().town
    before = Entry.objects.count()
    for name in sorted(TABLE):
        on = apps.get_model(ACTS[name].on)._default_manager.order_by("-pk").first()
        assert on is not None, f"nothing to try {name} on"
        verdict = may(None, name, on, town.at)
        assert not verdict and verdict.code in CODES, f"{name}: {verdict}"
        with pytest.raises(Refused) as refused:
            ACTS[name](By(None, town.at), on)
        assert refused.value.code == verdict.code
    assert Entry.objects.count() == before
