"""Commitment, Milestone, Evidence, Change: nouns of execution."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.bodies.models import Body
from madang.duties.models import Duty
from madang.matters.models import Matter, Stage
from madang.people.models import new_salt
from madang.processes.models import Process


class Owner(models.TextChoices):
    """Which of the two owners."""

    CIVIL = "civil", _("민")
    PUBLIC = "public", _("관")


class Commitment(models.Model):
    """약속: who does what for whom by when. One at a time on a 의제; goal, target, budget and date stand as they
    are now."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="commitments")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="commitment")
    promise = models.TextField(_("약속"), max_length=3000)
    origin = models.CharField(_("처음 뜻"), max_length=500)  # the quoted sentence
    goal = models.CharField(_("목표"), max_length=500)
    target = models.CharField(_("대상"), max_length=200)
    budget_krw = models.BigIntegerField(_("예산(원)"))
    due_on = models.DateField(_("마치는 날"))
    civil_owner = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="civil_commitments")
    public_owner = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="public_commitments")
    promised_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, blank=True, choices=[("finished", _("완료")), ("stopped", _("중단"))])
    closing = models.TextField(_("마치며"), max_length=3000, blank=True)
    salt = models.BinaryField(default=new_salt)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(finished_at=None), name="one_open_commitment_a_matter"
            ),
            models.CheckConstraint(condition=Q(budget_krw__gte=0), name="a_budget_is_not_negative"),
        ]
        indexes = [models.Index(fields=["due_on"]), models.Index(fields=["public_owner", "finished_at"])]

    def __str__(self) -> str:
        return self.goal

    @property
    def process(self) -> Process:
        return self.matter.process

    def access(self):
        return self.matter.access()

    def get_absolute_url(self) -> str:
        return reverse("commitment", args=[self.pk])

    def status_on(self, today: date) -> str:
        """finished, stopped, late or running: derived from dates, on a day."""
        return self.outcome or ("late" if today > self.due_on else "running")


class Milestone(models.Model):
    """단계목표: something one owner has done by a day; owed as a duty."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("단계목표"), max_length=120)
    owner = models.CharField(_("맡은 쪽"), max_length=6, choices=Owner)
    due_on = models.DateField(_("기한"))
    duty = models.OneToOneField(Duty, on_delete=models.PROTECT, related_name="milestone")
    done_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(_("한 일"), max_length=2000, blank=True)
    salt = models.BinaryField(default=new_salt)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commitment", "number"], name="a_milestone_number_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def matter(self) -> Matter:
        return self.commitment.matter

    @property
    def matter_id(self) -> int:
        return self.commitment.matter_id

    @property
    def process(self) -> Process:
        return self.commitment.matter.process

    def access(self):
        return self.commitment.access()


class Evidence(models.Model):
    """증빙: a link or a note that shows it happened."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="evidence")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    owner = models.CharField(_("올린 쪽"), max_length=6, choices=Owner)
    link = models.URLField(_("주소"), max_length=500, blank=True)
    note = models.TextField(_("설명"), max_length=2000)
    added_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt)

    @property
    def matter_id(self) -> int:
        return self.commitment.matter_id


class Field(models.TextChoices):
    """What of a promise may change."""

    GOAL = "goal", _("목표")
    TARGET = "target", _("대상")
    BUDGET = "budget", _("예산")
    DUE = "due", _("마치는 날")


class Change(models.Model):
    """변경: one field, before and after, why, and what the proposer says to it."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(_("바뀐 것"), max_length=6, choices=Field)
    before = models.CharField(max_length=500)
    after = models.CharField(_("새 내용"), max_length=500)
    reason = models.TextField(_("까닭"), max_length=2000)
    changed_at = models.DateTimeField()
    duty = models.OneToOneField(Duty, on_delete=models.PROTECT, null=True, blank=True, related_name="change")
    answer = models.CharField(
        max_length=8,
        blank=True,
        choices=[("agree", _("동의")), ("disagree", _("동의하지 않음")), ("silent", _("기한 안에 답이 없음"))],
    )
    answer_words = models.TextField(_("답"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    salt = models.BinaryField(default=new_salt)

    @property
    def matter(self) -> Matter:
        return self.commitment.matter

    @property
    def matter_id(self) -> int:
        return self.commitment.matter_id

    @property
    def process(self) -> Process:
        return self.commitment.matter.process

    def access(self):
        return self.commitment.access()

    @property
    def waits(self) -> bool:
        """Whether the proposer's answer is still awaited."""
        return self.duty_id is not None and self.answered_at is None
