"""Hands that act as the doors do: through the act's form, then the act; and the way each owed step is taken."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from hypothesis import strategies as st
from town import Town, resident, take
from what_comes_in import CLOCKS, TABLE, Pick

from madang.access import ACTS, By, Refused
from madang.access.forms import Nothing
from madang.bodies.models import Body, Seat
from madang.bodies.queries import in_office, sits
from madang.decisions.models import Ballot, Resolution
from madang.deliberation.models import Forum, Hiding
from madang.doors.web.do import thing
from madang.duties.models import Duty
from madang.execution.models import Change, Commitment, Milestone
from madang.matters.models import Matter
from madang.people.models import Person
from madang.processes.models import Process
from madang.record.models import Entry


def soundly(options: Any) -> Any:
    """The first of every choice is sound."""
    return options[0]


class Hands:
    """Somebody acting in the town; what came of each attempt is remembered."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def do(self, name: str, on: Any, person: Person | None, pick: Pick = soundly, at: Any = None) -> str:
        """What came of it: "done", "form" (the form said no), or the refusal's code. Anything else is a fault of the house."""
        at = at or self.town.at
        act, on = ACTS[name], thing(ACTS[name], str(on.pk))
        before = Entry.objects.count()
        given = TABLE[name](self.town, on, pick) if act.public else CLOCKS[name](self.town, on, pick)
        if act.public:
            given = self._formed(act, on, person, given)
            if given is None:
                return self._came(name, "form")
        try:
            act(By(person, at, "clock" if person is None and not act.public else "web"), on, **given)
        except Refused as refusal:
            assert all(refusal.words()), refusal.code
            assert Entry.objects.count() == before, f"{name} was refused ({refusal.code}) and left a line"
            return self._came(name, refusal.code)
        assert Entry.objects.count() > before, f"{name} left no line"
        return self._came(name, "done")

    def _formed(self, act: Any, on: Any, person: Person | None, given: dict[str, Any]) -> dict[str, Any] | None:
        values = {k: v if isinstance(v, list) else [v] for k, v in given.items() if not isinstance(v, UploadedFile)}
        files = {k: [v] for k, v in given.items() if isinstance(v, UploadedFile)}
        form = (act.form or Nothing)(MultiValueDict(values), MultiValueDict(files), on=on, person=person)
        return form.cleaned_data if form.is_valid() else None

    def _came(self, name: str, what: str) -> str:
        seen = self.town.tried.setdefault(name, {})
        seen[what] = seen.get(what, 0) + 1
        return what

    def try_anything(self, name: str, data: Any) -> None:
        """One act by anybody (or by nobody) on anything of its kind."""
        model = apps.get_model(ACTS[name].on)
        count = model._default_manager.count()
        if not count:
            return
        on = model._default_manager.order_by("pk")[data.draw(st.integers(0, count - 1), label="on")]
        people = list(Person.objects.filter(is_active=True).order_by("pk"))
        person = data.draw(st.sampled_from([None, *range(len(people))]), label="person") if ACTS[name].public else None
        self.do(
            name,
            on,
            None if person is None else people[person],
            lambda options: data.draw(st.sampled_from(list(options))),
        )

    def crowd(self, matter: Matter) -> None:
        """Every citizen supports, and takes a side where there is a forum."""
        forum = Forum.objects.filter(matter=matter, closed_at=None).first()
        for person in Person.objects.filter(email__startswith="citizen", is_active=True):
            if forum:
                self.do("deliberation.take_position", forum, person)
            else:
                self.do("proposals.support", matter, person)

    def fill_empty_seats(self) -> None:
        """Bodies whose seats all ended get somebody again: what is owed stays with the body."""
        for body in Body.objects.all():
            held = Seat.objects.filter(in_office(self.town.at), body=body, person__is_active=True)
            both = body.key in {"talks", "together"} or body.key.startswith("for-")
            sides = ["civil", "public"] if both else ["civil" if body.side == "joint" else body.side]
            for side in sides:
                if not held.filter(side=side).exists():
                    take(resident(self.town, f"new{self.town.fresh()}"), body, "새로 온 이", side)


def furthered(hands: Hands, duty: Duty, pick: Pick = soundly) -> str:
    """The owed step, taken by somebody who sits where it is owed."""
    duty = Duty.objects.select_related("matter__process", "stage").filter(pk=duty.pk).first() or duty
    if not duty.is_open():
        return "done"
    who = seated(hands, duty.body)
    if not who:
        return "nobody sits there"
    return WAYS.get(duty.act, _on_the_matter)(hands, duty, who, pick)


def seated(hands: Hands, body: Body) -> list[Person]:
    return [
        seat.person
        for seat in Seat.objects.filter(in_office(hands.town.at), body=body, person__is_active=True)
        .select_related("person")
        .order_by("pk")
    ]


def _on_the_matter(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    return hands.do(duty.act, duty.matter, who[0], pick)


def _resolve(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    resolution = Resolution.objects.filter(stage=duty.stage, closed_at=None).first()
    if resolution is None:
        came = hands.do("decisions.open_resolution", duty.matter, who[0], pick)
        resolution = Resolution.objects.filter(stage=duty.stage, closed_at=None).first()
        if resolution is None:
            return came
    for person in who:
        hands.do("decisions.vote", resolution, person, pick)
        hands.do("decisions.sign", resolution, person, pick)
    return hands.do("decisions.close_resolution", resolution, who[0], pick)


def _vote(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    ballot = Ballot.objects.filter(options__matter=duty.matter, closed_at=None).first()
    if ballot is None:
        return hands.do("decisions.open_ballot", duty.process, who[0], pick) + _cast(hands, duty, pick)
    _cast(hands, duty, pick)
    return hands.do(
        "decisions.close_ballot", ballot, who[0], pick, at=max(hands.town.at, ballot.closes_at + timedelta(hours=1))
    )


def _report(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    ballot = Ballot.objects.filter(options__matter=duty.matter, used_at=None).exclude(closed_at=None).first()
    return hands.do("decisions.report_use", ballot, who[0], pick) if ballot else "nothing counted"


def _cast(hands: Hands, duty: Duty, pick: Pick) -> str:
    ballot = Ballot.objects.filter(options__matter=duty.matter, closed_at=None).first()
    for person in Person.objects.filter(is_active=True).order_by("pk")[: 6 if ballot else 0]:
        hands.do("decisions.cast", ballot, person, pick)
    return ""


def _finish(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    commitment = Commitment.objects.filter(matter=duty.matter, finished_at=None).first()
    if commitment is None:
        return "no commitment"
    for milestone in Milestone.objects.filter(commitment=commitment, done_at=None):
        hands.do("execution.report_milestone", milestone, seated(hands, _owner(milestone))[0], pick)
    for waiting in Change.objects.filter(commitment=commitment, answered_at=None).exclude(duty=None):
        _answered(hands, waiting, pick)
    hands.do("execution.attach_evidence", commitment, who[0], pick)
    return hands.do("execution.finish", commitment, who[0], pick)


def _owner(milestone: Milestone) -> Body:
    return getattr(milestone.commitment, f"{milestone.owner}_owner")


def _answered(hands: Hands, waiting: Change, pick: Pick) -> str:
    """The proposer answers; where there is none any more, who owes the answer records silence."""
    author = waiting.matter.author
    if author is not None and author.is_active:
        return hands.do("execution.answer_change", waiting, author, pick)
    who = seated(hands, waiting.duty.body)
    return hands.do(
        "execution.answer_change", waiting, who[0], lambda options: "silent" if "silent" in options else pick(options)
    )


def _milestone(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    return hands.do("execution.report_milestone", duty.milestone, who[0], pick)


def _change(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    return _answered(hands, duty.change, pick)


def _appeal(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    hiding = Hiding.objects.get(duty=duty)
    others = [person for person in who if person.pk != hiding.author_id]
    return hands.do("deliberation.settle_appeal", hiding, (others or who)[0], pick)


def _rounds(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    """Department and proposer meet as often as the recipe asks; where there is no proposer any more, they did not agree."""
    author, matter = duty.matter.author, duty.matter
    if author is None or not author.is_active or author in who:
        return hands.do("deliberation.close_rounds", matter, who[0], lambda options: "not-agreed" if "agreed" in options else pick(options))
    for _round in range(3):
        hands.do("deliberation.write_round", matter, who[0], pick)
        for written in matter.rounds.filter(replaced_at=None, civil_at=None):
            hands.do("deliberation.sign_round", written, author, pick)
    return hands.do("deliberation.close_rounds", matter, who[0], pick)


def _judge(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    school = Body.objects.get(key="school")
    for person in who:
        if not sits(person, school, hands.town.at):
            take(person, school, f"수료자 {hands.town.fresh()}", "civil")
        if hands.do("decisions.score", duty.matter, person, pick) != "done":
            hands.do("decisions.step_aside", duty.matter, person, pick)
    if not duty.stage.judgements.exists():  # all stood apart: somebody new is appointed
        take(resident(hands.town, f"judge{hands.town.fresh()}"), duty.body, "위원", "civil")
    return hands.do("decisions.close_scoring", duty.matter, who[0], pick)


def _found(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    """A joint body of this project's own."""
    body = Body.objects.create(key=f"for-{hands.town.fresh()}", name="사업 협의체", side="joint", synthetic=True)
    for side in ("civil", "public"):
        take(resident(hands.town, f"member{hands.town.fresh()}"), body, "위원", side)
    return hands.do("duties.found_for", duty.matter, who[0], lambda options: body.key if "together" in options else pick(options))


def _talked(hands: Hands, duty: Duty, who: list[Person], pick: Pick) -> str:
    hands.do("funds.offer_line", duty.matter, who[0], pick)
    for talk in duty.matter.talks.filter(replaced_at=None, closed_at=None):
        for person in who:
            hands.do("funds.answer_line", talk, person, pick)
        return hands.do("funds.close_talk", talk, who[0], pick)
    return "no offer stands"


WAYS: dict[str, Callable[[Hands, Duty, list[Person], Pick], str]] = {
    "decisions.close_resolution": _resolve,
    "decisions.close_ballot": _vote,
    "decisions.report_use": _report,
    "decisions.close_scoring": _judge,
    "deliberation.close_rounds": _rounds,
    "duties.found_for": _found,
    "funds.close_talk": _talked,
    "execution.finish": _finish,
    "execution.report_milestone": _milestone,
    "execution.answer_change": _change,
    "deliberation.settle_appeal": _appeal,
}
__all__ = ["Hands", "Process", "furthered", "soundly"]
