"""Reply, Rating, ReviewRequest, Review; Resolution, Vote, Aside, Signature; Ballot, Option, RollEntry, SealedVote.

The box: a SealedVote has no foreign key to a person, no time and no number of arrival; its key is random. RollEntry
says
that somebody voted, on which day and in which class, and nothing else. On SQLite the box is a table WITHOUT ROWID
(see the
migration), so that not even the file keeps the order of arrival once it is checkpointed. On PostgreSQL whoever reads
the
raw files during the vote could see the order of rows; closing writes the box anew in the order of the receipts.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.bodies.models import Body, Seat, Side
from madang.funds.models import Fund
from madang.matters.models import Matter, Stage
from madang.people.models import Person, new_salt
from madang.processes.models import Process


class OfMatter(models.Model):
    """What is decided about one 의제."""

    matter: Any

    class Meta:
        abstract = True

    @property
    def process(self) -> Process:
        return self.matter.process

    def access(self):
        return self.matter.access()


class Conclusion(models.TextChoices):
    """What a reply comes to; each is an outcome a recipe maps."""

    ACCEPTED = "accepted", _("수용")
    PARTIAL = "partial", _("부분수용")
    LONG_TERM = "long-term", _("장기검토")
    DECLINED = "declined", _("불수용")
    ALREADY_DONE = "already-done", _("이미시행")


class Reply(OfMatter):
    """답변: a body's answer to a 의제. One a stage; a second look is a stage of its own."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="replies")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="reply")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="replies")
    post = models.CharField(_("직위"), max_length=100, blank=True)
    conclusion = models.CharField(_("결론"), max_length=12, choices=Conclusion)
    reason = models.TextField(_("까닭"), max_length=5000)
    next_step = models.TextField(_("다음 할 일"), max_length=1000)
    next_on = models.DateField(_("다음 할 일의 날짜"))
    basis = models.CharField(_("근거(법령·예산)"), max_length=500, blank=True)
    due_on = models.DateField()
    answered_at = models.DateTimeField()
    rated_yes = models.PositiveIntegerField(default=0)
    rated_partly = models.PositiveIntegerField(default=0)
    rated_no = models.PositiveIntegerField(default=0)
    salt = models.BinaryField(default=new_salt)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["body", "-id"]), models.Index(fields=["matter", "id"])]

    def get_absolute_url(self) -> str:
        return reverse("reply", args=[self.pk])

    @property
    def rated(self) -> int:
        return self.rated_yes + self.rated_partly + self.rated_no


class Rating(models.Model):
    """ "답이 되었나요?": one changeable word a person, from the proposer and those who supported."""

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="ratings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    answered = models.CharField(max_length=6, choices=[("yes", _("예")), ("partly", _("일부만")), ("no", _("아니요"))])
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "person"], name="one_rating_a_person")]


class ReviewRequest(OfMatter):
    """재심 요청: the proposer asks for a second look at a reply or a review, once."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="review_requests")
    reply = models.OneToOneField(Reply, on_delete=models.PROTECT, null=True, blank=True, related_name="review_request")
    review = models.OneToOneField(
        "Review", on_delete=models.PROTECT, null=True, blank=True, related_name="review_request"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    reason = models.TextField(_("다시 살펴야 하는 까닭"), max_length=2000)
    requested_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reply=None) ^ Q(review=None), name="a_second_look_at_one_thing"),
        ]


class Review(OfMatter):
    """적격 심사: whether a 의제 can be carried out, and roughly at what cost."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="reviews")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="review")
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    post = models.CharField(_("직위"), max_length=100, blank=True)
    result = models.CharField(_("결과"), max_length=5, choices=[("fit", _("적격")), ("unfit", _("부적격"))])
    reason = models.TextField(_("까닭"), max_length=3000)
    estimate_krw = models.BigIntegerField(_("추정 비용(원)"), null=True, blank=True)
    reviewed_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt)


# ── resolution ───────────────────────────────────────────────────────────────


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


# ── ballot ───────────────────────────────────────────────────────────────────


class Ballot(models.Model):
    """투표: one paper over the 의제 of a phase. `rule` is frozen at opening, `result` is the tally with its rounds."""

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="ballots")
    phase = models.CharField(max_length=40)
    question = models.CharField(_("물음"), max_length=500)
    use = models.CharField(_("결과를 어떻게 쓰나"), max_length=500)
    rule = models.JSONField()
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, null=True, blank=True)
    electorate = models.PositiveIntegerField(_("투표할 수 있는 사람 수"), null=True, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    cast = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)
    synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["process", "-id"])]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("ballot", args=[self.pk])

    def access(self):
        from madang.decisions.ground import BallotGround  # noqa: PLC0415 — ground imports models

        return BallotGround(self)


class Option(models.Model):
    """A 의제 on the paper, in its printed place, with what it would cost."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="options")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="options")
    place = models.PositiveSmallIntegerField()
    cost_krw = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "matter"], name="a_matter_once_on_a_paper"),
            models.UniqueConstraint(fields=["ballot", "place"], name="one_matter_a_place"),
        ]


class RollEntry(models.Model):
    """Somebody voted, in a class, on a day. Not what, and not when on that day."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="roll", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    voter_class = models.CharField(max_length=40)
    voted_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "person"], name="one_vote_a_person")]


class SealedVote(models.Model):
    """A paper in the box: printed places that were marked, in printed order. Nobody's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="box", db_index=False)
    voter_class = models.CharField(max_length=40)
    picks = models.JSONField()
    receipt = models.CharField(max_length=14)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "receipt"], name="one_paper_a_receipt")]
