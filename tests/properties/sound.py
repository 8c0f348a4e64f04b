"""What must be true after every step, counted from the rows. Each fault is a sentence."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from django.db.models import Count, F, Q

from madang.decisions.models import Ballot, Reply
from madang.deliberation.models import Forum, Hiding
from madang.doors import soundness
from madang.duties.models import Duty
from madang.duties.queries import orphans
from madang.evaluation.models import Evaluation
from madang.execution.models import Commitment
from madang.funds.models import Amount, Line
from madang.funds.queries import latest
from madang.matters.models import Matter, Stage
from madang.proposals.models import Support

OPEN = Q(kept_at=None, released_at=None)


def faults(at: datetime) -> list[str]:
    return list(chain(_duties(), _stages(), _closed(), _counters(), _promises(), _money(), _soundness(at)))


def _duties() -> Iterator[str]:
    for matter in orphans():
        yield f"nobody owes the next step of {matter.pk} {matter.open_phases}"
    for duty in Duty.objects.exclude(kept_at=None).exclude(released_at=None):
        yield f"duty {duty.pk} {duty.act} is both kept and released"
    for stage in (
        Stage.objects.filter(closed_at=None)
        .annotate(owed=Count("duties", filter=Q(duties__kept_at=None, duties__released_at=None)))
        .exclude(owed=1)
    ):
        yield f"open stage {stage.phase} of {stage.matter_id} is owed {stage.owed} times"
    for hiding in Hiding.objects.exclude(appealed_at=None).filter(settled_at=None).select_related("duty"):
        if hiding.duty is None or not hiding.duty.is_open():
            yield f"nobody owes an answer to the appeal {hiding.pk}"


def _stages() -> Iterator[str]:
    rows: dict[int, set[str]] = {}
    for matter, phase in Stage.objects.filter(closed_at=None).values_list("matter_id", "phase"):
        rows.setdefault(matter, set()).add(phase)
    for matter in Matter.objects.all():
        if set(matter.open_phases) != rows.get(matter.pk, set()):
            yield f"matter {matter.pk} says {sorted(matter.open_phases)}, its stages say {sorted(rows.get(matter.pk, ()))}"


def _closed() -> Iterator[str]:
    for matter in Matter.objects.exclude(closed_at=None).filter(outcome=""):
        yield f"matter {matter.pk} is closed without an outcome"
    for matter in Matter.objects.filter(closed_at=None).exclude(outcome=""):
        yield f"matter {matter.pk} is open with the outcome {matter.outcome}"
    for duty in Duty.objects.filter(OPEN, matter__closed_at__isnull=False).exclude(act="deliberation.settle_appeal"):
        yield f"matter {duty.matter_id} is closed and {duty.act} is still owed"


def _counters() -> Iterator[str]:
    supports = dict(Support.objects.order_by().values_list("matter").annotate(n=Count("pk")))
    for matter in Matter.objects.all():
        if matter.supports != supports.get(matter.pk, 0):
            yield f"matter {matter.pk} says {matter.supports} supports, there are {supports.get(matter.pk, 0)}"
    for forum in Forum.objects.all():
        sides = {side: forum.positions.filter(side=side).count() for side in ("for", "against", "other")}
        said = {"for": forum.for_count, "against": forum.against_count, "other": forum.other_count}
        if (
            said != sides
            or forum.participants != forum.positions.count()
            or forum.opinions_count != forum.opinions.count()
        ):
            yield f"forum {forum.pk} says {said}, {forum.participants}, {forum.opinions_count}; there are {sides}"
    for reply in Reply.objects.exclude(rated_yes=0, rated_partly=0, rated_no=0):
        if reply.rated != reply.ratings.count():
            yield f"reply {reply.pk} counts {reply.rated} ratings of {reply.ratings.count()}"
    for row in Evaluation.objects.annotate(n=Count("confirmations")).exclude(n=F("yes") + F("partly") + F("no")):
        yield f"evaluation {row.pk} counts {row.answers} answers of {row.n}"
    for ballot in Ballot.objects.all():
        if not ballot.cast == ballot.roll.count() == ballot.box.count():
            yield f"ballot {ballot.pk}: {ballot.cast} cast, {ballot.roll.count()} on the roll, {ballot.box.count()} in the box"


def _promises() -> Iterator[str]:
    """A running promise is owed; a finished one owes nothing of its own."""
    for made in Commitment.objects.filter(finished_at=None).select_related("matter"):
        if (
            made.matter.closed_at is None
            and not Duty.objects.filter(OPEN, matter=made.matter, act="execution.finish").exists()
        ):
            yield f"nobody owes the promise {made.pk}"
    for made in Commitment.objects.exclude(finished_at=None):
        if made.milestones.filter(done_at=None, duty__kept_at=None, duty__released_at=None).exists():
            yield f"a milestone of the finished promise {made.pk} is still owed"


def _money() -> Iterator[str]:
    order = ["asked", "adjusted", "voted", "proposed", "enacted", "spent", "settled"]
    for line in Line.objects.all():
        walked = list(Amount.objects.filter(line=line).order_by("entered_at", "id"))
        if [a.stage for a in walked] != sorted((a.stage for a in walked), key=order.index):
            yield f"line {line.pk} went back to an earlier stage"
        if walked and latest(line) != walked[-1]:
            yield f"line {line.pk} is not worth what was entered last"
    for ballot in Ballot.objects.exclude(closed_at=None).exclude(fund=None):
        spent = sum(option.cost_krw for option in ballot.options.filter(outcome="chosen"))
        if spent > ballot.rule["pot"]:
            yield f"ballot {ballot.pk} spent {spent} of {ballot.rule['pot']}"


def _soundness(at: datetime) -> Iterator[str]:
    """What `madang check` says, sealing left for the end."""
    for check in (
        soundness._orphans,
        soundness._supports,
        soundness._matters_count,
        soundness._open_phases,
        soundness._closed,
    ):
        yield from check(at)
