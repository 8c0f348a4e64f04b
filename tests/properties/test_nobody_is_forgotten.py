"""Whatever people do, in whatever order, with whatever they write: no open 의제 is left without somebody who owes its
next step by a date, and from wherever it came the water can still run to its end.

MADANG_PROPERTY_EXAMPLES (default 14) and MADANG_PROPERTY_STEPS (default 30) make it deeper, and random.
"""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase
from hypothesis import settings as bounds
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from running import Hands, furthered
from sound import faults
from town import build, smaller
from what_comes_in import CLOCKS, TABLE

from madang.access import ACTS
from madang.doors import clock
from madang.duties.models import Duty
from madang.matters.models import Matter
from madang.methods.transparency.verify import verify
from madang.record.queries import download
from madang.record.seal import seal

EXAMPLES = int(os.environ.get("MADANG_PROPERTY_EXAMPLES", "14"))
STEPS = int(os.environ.get("MADANG_PROPERTY_STEPS", "30"))
DEEP = "MADANG_PROPERTY_EXAMPLES" in os.environ
ROUNDS = 60  # more than the longest way from a sentence to its evaluation, with a month between two looks


def test_every_registered_act_is_in_the_table():
    assert set(TABLE) == {name for name, act in ACTS.items() if act.public}
    assert set(CLOCKS) == {name for name, act in ACTS.items() if not act.public}


def test_no_sequence_of_acts_leaves_a_matter_that_nobody_owes(db, tmp_path, settings):
    smaller(tmp_path)
    settings.HOME = tmp_path
    Machine.town = build()
    Machine.town.home = tmp_path
    run_state_machine_as_test(Machine, settings=_bounds())


def _bounds():
    return bounds(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=not DEEP,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )


class Machine(RuleBasedStateMachine):
    """One story of the town, undone at its end."""

    town = None

    def __init__(self):
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.hands = Hands(self.town)
        self.began, self.counted = self.town.at, self.town.count

    def teardown(self):
        try:
            if not transaction.get_connection().needs_rollback:
                self._run_to_the_end()
                self._log_verifies()
        finally:
            self.town.at, self.town.count = self.began, self.counted
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)

    @rule(data=st.data())
    def somebody_does_something(self, data):
        """Any act, by anybody, on anything of its kind, with anything written into it."""
        name = data.draw(st.sampled_from(sorted(TABLE)), label="act")
        self.hands.try_anything(name, data)

    @rule(data=st.data())
    def who_owes_it_does_it(self, data):
        """The next step of some 의제, taken by whoever owes it, well or badly written."""
        duties = list(Duty.objects.filter(kept_at=None, released_at=None).order_by("id"))
        if duties:
            duty = duties[data.draw(st.integers(0, len(duties) - 1), label="duty")]
            furthered(self.hands, duty, lambda options: data.draw(st.sampled_from(list(options))))

    @rule(data=st.data())
    def who_owes_it_does_it_well(self, data):
        duties = list(Duty.objects.filter(kept_at=None, released_at=None).order_by("id"))
        if duties:
            furthered(self.hands, duties[data.draw(st.integers(0, len(duties) - 1), label="duty")])

    @rule(data=st.data())
    def a_crowd_comes(self, data):
        """Everybody stands behind one 의제, or takes a side in its forum."""
        open_ = list(Matter.objects.filter(closed_at=None).order_by("id"))
        if open_:
            self.hands.crowd(open_[data.draw(st.integers(0, len(open_) - 1), label="matter")])

    @rule(data=st.data(), name=st.sampled_from(sorted(CLOCKS)))
    def the_clock_does_something(self, data, name):
        self.hands.try_anything(name, data)

    @rule(days=st.sampled_from([1, 4, 20, 31, 70]))
    def days_pass(self, days):
        self.town.at += timedelta(days=days)
        clock.tick(self.town.at)

    @invariant()
    def everything_is_sound(self):
        assert faults(self.town.at) == []

    def _run_to_the_end(self):
        """From here, if everybody who owes something does it, every 의제 comes to its end."""
        self.hands.fill_empty_seats()
        answers = {}
        for _round in range(ROUNDS):
            duties = list(Duty.objects.filter(kept_at=None, released_at=None).order_by("due_on", "id"))
            if not duties:
                break
            for duty in duties:
                answers[duty.matter_id] = f"{duty.act}: {furthered(self.hands, duty)}"
            assert faults(self.town.at) == []
            self.town.at += timedelta(days=31)
            clock.tick(self.town.at)
        left = Matter.objects.filter(closed_at=None)
        assert [(m.process.key, m.title, list(m.open_phases), answers.get(m.pk)) for m in left] == []

    def _log_verifies(self):
        seal(self.town.at)
        with (self.town.home / "log.jsonl").open("wb") as out:
            size = download(out)
        report = verify(self.town.home / "log.jsonl")
        assert (report.ok, report.size) == (True, size), report.fault


@pytest.fixture(autouse=True)
def _mails_go_nowhere(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
