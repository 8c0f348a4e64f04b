"""Matter, Stage, Link: the 의제, where it stands, and how it hangs together with others.

1. A matter never moves by copying; it gets links.
2. Where it stands is dated rows (Stage); `station`, `open_phases` and the counters are kept equal to them by acts.
3. A closed matter says when, with which outcome and why.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from madang.access.may import Ground
from madang.bodies.models import Body
from madang.people.models import Person
from madang.places.models import Place
from madang.processes.models import Process


class Station(models.TextChoices):
    """The five stations of the water."""

    PROPOSE = "propose", _("제안")
    DELIBERATE = "deliberate", _("숙의")
    DECIDE = "decide", _("결정")
    EXECUTE = "execute", _("집행")
    EVALUATE = "evaluate", _("평가")


class Matter(models.Model):
    """의제: the one thing that travels."""

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="matters")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    number = models.CharField(max_length=60, unique=True, null=True)  # public address, e.g. "2026-000123"
    title = models.CharField(_("제목"), max_length=120)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="matters")
    author_body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="matters")
    created_at = models.DateTimeField(db_index=True)
    station = models.CharField(max_length=10, choices=Station, default=Station.PROPOSE)
    open_phases = models.JSONField(default=dict)  # phase key → last moment of acting in it (ISO) or ""
    gates_passed = models.JSONField(default=list)  # thresholds already reached, so that each opens its phases once
    supports = models.PositiveIntegerField(default=0)
    participants = models.PositiveIntegerField(default=0)
    opinions = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["process", "-id"]),
            models.Index(fields=["place", "-id"]),
            models.Index(fields=["station", "-id"]),
            models.Index(fields=["-supports", "-id"]),
            models.Index(fields=["author", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def matter(self) -> "Matter":
        return self

    def access(self) -> Ground:
        from madang.matters.ground import MatterGround  # noqa: PLC0415 — ground imports models

        return MatterGround(self)


class Stage(models.Model):
    """A matter in a phase of its recipe: a dated fact. `acts_until` ends what phase.may allows; the stage ends by its owed act."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="stages")
    phase = models.CharField(max_length=40)
    station = models.CharField(max_length=10, choices=Station)
    opened_at = models.DateTimeField()
    acts_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    because = models.CharField(
        max_length=60, blank=True
    )  # what opened it: "submit", "reply:accepted", "gate:forum_supports"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "phase"], condition=Q(closed_at=None), name="a_phase_is_open_once_per_matter"
            ),
        ]
        indexes = [
            models.Index(fields=["matter", "closed_at"]),
            models.Index(fields=["acts_until"], condition=Q(closed_at=None), name="stages_open_until"),
            models.Index(fields=["-closed_at"], condition=Q(closed_at__isnull=False), name="stages_ended_lately"),
        ]

    @property
    def process(self) -> Process:
        return self.matter.process

    def access(self) -> Ground:
        return self.matter.access()


class Assignment(models.Model):
    """Which body answers for a matter, from when to when (담당지정). One lead at a time; co-owners beside it.

    `part`: of a co-owner, the part of the recipe it plays for this matter (the joint body of a project).
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="assignments")
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    lead = models.BooleanField(default=True)
    part = models.CharField(max_length=40, blank=True)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(until_at=None, lead=True), name="one_lead_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["matter", "part"], condition=Q(until_at=None, lead=False) & ~Q(part=""), name="one_body_a_part_of_a_matter"
            ),
        ]


class LinkKind(models.TextChoices):
    """How one 의제 hangs together with another (HOUSE §3)."""

    MERGE = "merge", _("합침")
    SPLIT = "split", _("나눔")
    ESCALATE = "escalate", _("올림")
    TRANSFER = "transfer", _("넘김")
    REVIVE = "revive", _("되살림")
    IMPLEMENT = "implement", _("이행")
    CITE = "cite", _("근거")


class Link(models.Model):
    """`source` → `target`: read "source was merged into / escalated to / is revived by … target"."""

    source = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=10, choices=LinkKind)
    reason = models.CharField(_("까닭"), max_length=500, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="a_link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_link_to_itself"),
        ]

    @property
    def matter_id(self) -> int:
        return self.source_id
