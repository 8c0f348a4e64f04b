"""Elector, RollTry, Booth, Bundle, Reading, PaperVote, Clash: a roll for one ballot, and everything of paper.

1. A roll keeps keyed hashes of what people are known by, never the facts; with them class, sex and ten years of age.
2. A sheet is known by its serial, a voter by the roll; nothing here joins one to the other. A Bundle only counts sheets.
3. What two officers typed stays (Reading), whatever it was decided to be; a serial is counted once in a ballot.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.bodies.models import Body
from madang.decisions.models.ballots import Ballot
from madang.people.models import Person


class Sex(models.TextChoices):
    """As a roll says it; a roll may leave it out."""

    FEMALE = "f", _("여성")
    MALE = "m", _("남성")


class Elector(models.Model):
    """선거인: one line of the roll of a ballot. `person`: the account that proved to be this line, if one did.

    `voter` is the hash the house finds a line by; `desk` is made with the ballot's own key, for desks without a network.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="electors", db_index=False)
    voter = models.CharField(max_length=64)
    desk = models.CharField(max_length=64)
    voter_class = models.CharField(max_length=40, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    band = models.PositiveSmallIntegerField(null=True, blank=True)  # 30: from 30 to 39 years of age on the opening day
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "voter"], name="an_elector_stands_once_on_a_roll"),
            models.UniqueConstraint(fields=["ballot", "person"], name="an_account_is_one_elector"),
        ]


class RollTry(models.Model):
    """How often an account said it was on a roll and was not found, so that nobody tries out neighbours."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "person"], name="tries_of_an_account_at_a_roll")]


class Booth(models.Model):
    """투표소: a desk that hands out paper. `body` runs it; `key` is its own, for the copy of the roll it may carry.

    `synced`: the last hand-out without a network that it has reported.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="booths", db_index=False)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("투표소 이름"), max_length=80)
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    key = models.CharField(max_length=64)
    synced = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "number"], name="one_booth_a_number")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("booth", args=[self.pk])

    @property
    def process_id(self) -> int:
        """The process its ballot belongs to."""
        return self.ballot.process_id

    def access(self) -> Any:
        from madang.decisions.ground import BallotGround  # noqa: PLC0415 — ground imports models

        return BallotGround(self.ballot)


class Bundle(models.Model):
    """투표지 묶음: the sheets `first`…`last` of a booth for one class of voters.

    `handed`: how many the desk gave out; `unused`: how many came back blank. `apart`: kept for hours without a network.
    `rounds`: what each count found, {"lines", "unused", "differed", "third"}; `aside`: not in the result, and why is public.
    """

    booth = models.ForeignKey(Booth, on_delete=models.PROTECT, related_name="bundles", db_index=False)
    number = models.PositiveSmallIntegerField()
    voter_class = models.CharField(max_length=40, blank=True)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    apart = models.BooleanField(default=False)
    handed = models.PositiveIntegerField(default=0)
    unused = models.PositiveIntegerField(null=True, blank=True)
    turn = models.PositiveSmallIntegerField(default=1)
    rounds = models.JSONField(default=list)
    aside = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booth", "number"], name="one_bundle_a_number"),
            models.CheckConstraint(condition=Q(handed__lte=F("last") - F("first") + 1), name="no_more_sheets_than_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.booth.name} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("booth", args=[self.booth_id])

    @property
    def ballot(self) -> Ballot:
        """The ballot it was printed for."""
        return self.booth.ballot

    @property
    def process_id(self) -> int:
        """The process its ballot belongs to."""
        return self.booth.ballot.process_id

    @property
    def body_id(self) -> int:
        """The body that runs its booth."""
        return self.booth.body_id

    @property
    def size(self) -> int:
        """How many sheets were printed."""
        return self.last - self.first + 1

    @property
    def settled(self) -> bool:
        """Whether the count under way has been decided."""
        return len(self.rounds) >= self.turn

    def access(self) -> Any:
        return self.booth.access()


class Reading(models.Model):
    """판독: what one officer typed from a bundle, kept whole. `turn` counts counts; `reader` 1 and 2 type blind, 3 decides."""

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="readings", db_index=False)
    turn = models.PositiveSmallIntegerField()
    reader = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    lines = models.JSONField(default=dict)
    unused = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "turn", "reader"], name="one_reading_a_reader"),
            models.UniqueConstraint(fields=["bundle", "turn", "person"], name="nobody_reads_a_count_twice"),
        ]


class Fate(models.TextChoices):
    """What a sheet was found to be."""

    COUNTED = "counted", _("세었음")
    SPOILED = "spoiled", _("무효(못 쓰게 됨)")
    STRAY = "stray", _("이 묶음의 것이 아님")


STRAYS = {
    "not-printed": _("이 투표에서 찍은 적이 없는 번호입니다."),
    "other-ballot": _("다른 투표의 투표지입니다."),
    "other-booth": _("다른 투표소의 투표지입니다."),
    "other-bundle": _("이 투표소의 다른 묶음에 든 번호입니다."),
}


class PaperVote(models.Model):
    """종이 표: one sheet as two officers read it. Nobody's."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="paper", db_index=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="votes")
    serial = models.CharField(max_length=20)
    voter_class = models.CharField(max_length=40, blank=True)
    fate = models.CharField(max_length=7, choices=Fate)
    marks = models.TextField(blank=True)
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "serial"], condition=Q(fate="counted"), name="a_serial_is_counted_once"
            )
        ]


    @property
    def because(self) -> Any:
        """Why it is not counted, in words."""
        return STRAYS.get(self.reason, self.reason) if self.fate == Fate.STRAY else self.reason


class Clash(models.Model):
    """어긋남: a desk without a network gave paper to somebody who had a right already. `seq`: its place in the desk's list."""

    booth = models.ForeignKey(Booth, on_delete=models.PROTECT, related_name="clashes", db_index=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, null=True, blank=True, related_name="clashes")
    seq = models.PositiveIntegerField()
    had = models.CharField(max_length=7)  # a Way, or "nobody": not on this roll

    class Meta:
        constraints = [models.UniqueConstraint(fields=["booth", "seq"], name="one_clash_a_hand_out")]
