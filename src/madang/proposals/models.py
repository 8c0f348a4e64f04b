"""Proposal, Revision, Support: nouns of proposals."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from madang.matters.models import Matter
from madang.people.models import Person, new_salt
from madang.processes.models import Process


class Topic(models.TextChoices):
    """What a proposal is about: one small list for the whole city (분야)."""

    CARE = "care", _("복지·돌봄")
    HEALTH = "health", _("건강·보건")
    TRANSPORT = "transport", _("교통·보행")
    SAFETY = "safety", _("안전")
    ENVIRONMENT = "environment", _("환경·에너지")
    HOUSING = "housing", _("주택·도시재생")
    ECONOMY = "economy", _("경제·일자리")
    EDUCATION = "education", _("교육·보육")
    CULTURE = "culture", _("문화·체육")
    YOUTH = "youth", _("청년")
    EQUALITY = "equality", _("성평등·인권")
    GOVERNANCE = "governance", _("행정·참여")
    OTHER = "other", _("그 밖")


class Proposal(models.Model):
    """The words of a 의제 as they stand now; `edition` counts the versions that were public (the first is 1)."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="proposal")
    problem = models.TextField(_("무엇이 문제인가요"), max_length=5000, blank=True)  # an archive may know only the idea
    idea = models.TextField(_("어떻게 하면 좋을까요"), max_length=5000)
    effect = models.TextField(_("무엇이 좋아지나요"), max_length=2000, blank=True)
    topic = models.CharField(_("분야"), max_length=12, choices=Topic, default=Topic.OTHER)
    edition = models.PositiveSmallIntegerField(default=1)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal = models.CharField(_("거둔 까닭"), max_length=500, blank=True)
    salt = models.BinaryField(default=new_salt, editable=False)

    class Meta:
        indexes = [models.Index(fields=["topic", "-matter"])]

    def __str__(self) -> str:
        return self.matter.title

    @property
    def process(self) -> Process:
        return self.matter.process

    def words(self) -> str:
        """Everything searchable besides the title."""
        return "\n".join(part for part in (self.problem, self.idea, self.effect) if part)

    def access(self) -> Any:
        return self.matter.access()


class Revision(models.Model):
    """A version that was public and has been replaced (앞선 판)."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="revisions")
    edition = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    problem = models.TextField(blank=True)
    idea = models.TextField()
    effect = models.TextField(blank=True)
    topic = models.CharField(max_length=12, choices=Topic)
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "edition"], name="an_edition_once")]


class Support(models.Model):
    """공감: one person stands behind one 의제, once."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supports")
    supported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "person"], name="one_support_a_person")]

    @property
    def process(self) -> Process:
        return self.matter.process

    def access(self) -> Any:
        return self.matter.access()
