"""Duty, Extension: who owes what, on which 의제, by when. Citizens' bodies and departments alike.

1. A duty is owed by a body and a post, not by a person.
2. It is extended at most once, with a reason; a transfer keeps the date.
3. Late, due and kept are derived from its dates.
"""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from madang.access.may import Ground
from madang.bodies.models import Body
from madang.matters.models import Matter, Stage
from madang.people.models import new_salt
from madang.processes.models import Process


class Duty(models.Model):
    """기한: an owed act with a public date."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="duties")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="duties")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="duties")
    post = models.CharField(_("직위"), max_length=40, blank=True)
    act = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    owed_since = models.DateTimeField()
    due_on = models.DateField(db_index=True)
    rule = models.CharField(max_length=60, blank=True)  # the value of the recipe that set the date
    extended_at = models.DateTimeField(null=True, blank=True)
    extension_reason = models.CharField(_("연장 사유"), max_length=500, blank=True)
    first_due_on = models.DateField()
    transfers = models.PositiveSmallIntegerField(default=0)
    escalated = models.PositiveSmallIntegerField(default=0)  # how many of the recipe's escalation posts have been told
    kept_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(
        null=True, blank=True
    )  # no longer owed: withdrawn, merged; with the act's reason

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "due_on"], condition=Q(kept_at=None, released_at=None), name="duties_open_by_body"
            ),
            models.Index(
                fields=["due_on", "id"], condition=Q(kept_at=None, released_at=None), name="duties_open_by_date"
            ),
            models.Index(fields=["matter", "kept_at"]),
        ]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """The title in the reader's language: a phase's name or the house's words; a milestone's as it was written."""
        language = get_language() or "ko"
        if language == "ko":
            return self.title
        if self.stage_id:
            names = {phase.name.ko: phase.name for phase in self.process.rules.phases}
            return names[self.title].said(language) if self.title in names else self.title
        return gettext(self.title)

    def is_open(self) -> bool:
        return self.kept_at is None and self.released_at is None

    def late_on(self, today: date) -> bool:
        return self.is_open() and today > self.due_on

    def access(self) -> Ground:
        return self.matter.access()


class Conclusion(models.Model):
    """Why a 의제 went no further here: the words its proposer reads. Nothing dies silently."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="conclusions")
    outcome = models.CharField(max_length=30)
    reason = models.TextField(_("까닭"), max_length=2000)
    post = models.CharField(max_length=100, blank=True)
    salt = models.BinaryField(default=new_salt)
    concluded_at = models.DateTimeField()

    @property
    def process(self) -> Process:
        return self.matter.process
