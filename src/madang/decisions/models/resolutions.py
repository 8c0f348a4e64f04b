"""Resolution, Vote, Aside, Signature: a body resolves by roll call, in public."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.bodies.models import Body, Seat, Side
from madang.decisions.models.matters import OfMatter
from madang.matters.models import Matter, Stage
from madang.people.models import new_salt


class Resolution(OfMatter):
    """의결: a body resolves by roll call. `rule` is frozen at opening, `result` holds the sums at closing."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="resolutions")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="resolutions")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="resolutions")
    question = models.CharField(_("의결할 물음"), max_length=500)
    rule = models.JSONField()
    opened_at = models.DateTimeField()
    closes_on = models.DateField(_("표결 마감일"))
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    result = models.JSONField(default=dict)
    salt = models.BinaryField(default=new_salt)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage"], condition=Q(closed_at=None), name="one_open_resolution_a_stage"),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("resolution", args=[self.pk])

    def access(self):
        from madang.decisions.ground import ResolutionGround  # noqa: PLC0415 — ground imports models

        return ResolutionGround(self)


class Vote(models.Model):
    """One seat's public answer in a roll call."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT)
    answer = models.CharField(max_length=7, choices=[("yes", _("찬성")), ("no", _("반대")), ("abstain", _("기권"))])
    voted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resolution", "seat"], name="one_vote_a_seat")]


class Aside(models.Model):
    """제척·기피·회피: a seat that may not vote on this resolution, and why."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="asides")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT)
    kind = models.CharField(
        max_length=10, choices=[("excluded", _("제척")), ("challenged", _("기피")), ("recused", _("회피"))]
    )
    reason = models.CharField(_("까닭"), max_length=500)
    declared_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resolution", "seat"], name="a_seat_stands_aside_once")]


class Signature(models.Model):
    """One side's signature under a resolution (공동서명)."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="signatures")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT)
    side = models.CharField(max_length=8, choices=Side)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resolution", "side"], name="one_signature_a_side")]
