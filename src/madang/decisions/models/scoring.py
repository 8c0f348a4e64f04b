"""Judgement, Apart: a panel scores one 의제 by criteria the recipe names, in public, with words for every point."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from madang.bodies.models import Seat
from madang.decisions.models.matters import OfMatter
from madang.matters.models import Matter, Stage
from madang.people.models import new_salt


class Judgement(OfMatter):
    """심사: the points of one seat of the panel, criterion by criterion, each with its words."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="judgements")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="judgements")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    points = models.JSONField(_("배점마다의 점수"))  # criterion → points
    words = models.JSONField(_("점수마다의 까닭"))  # criterion → text
    given_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "seat"], name="a_seat_judges_once")]

    @property
    def total(self) -> int:
        """All points of this seat together."""
        return sum(self.points.values())


class Apart(OfMatter):
    """심사 회피: a seat of the panel that stands apart from this 의제, and why."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="apart")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("까닭"), max_length=500)
    declared_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "seat"], name="a_judge_stands_apart_once")]
