"""Ballot, Option, RollEntry, SealedVote: one paper, who voted, and what nobody in particular voted.

The box: a SealedVote has no foreign key to a person, no time and no number of arrival; its key is random. RollEntry says
that somebody voted, on which day and in which class, and nothing else. On SQLite the box is a table WITHOUT ROWID (see the
migration), so that not even the file keeps the order of arrival once it is checkpointed. On PostgreSQL whoever reads the
raw files during the vote could see the order of rows; closing writes the box anew in the order of the receipts. A ballot
whose rule says "sealed" keeps no vote here at all: its votes are in a box of its own (docs/adr/0008).
"""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.funds.models import Fund
from madang.matters.models import Matter
from madang.people.models import Person
from madang.places.models import Place
from madang.processes.models import Process


class Ballot(models.Model):
    """투표: one paper. `rule` is frozen at opening (ADR 0008), `result` is the tally with its rounds.

    `account`: by sheet, what the votes bought (`methods.ballots.account`): shown beside the tally, and following from it.
    `use`: how the result will be used, said before; `used`: what became of it, said after.
    """

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
    account = models.JSONField(default=dict)
    used = models.TextField(_("결과의 쓰임"), max_length=3000, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["process", "-id"])]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("ballot", args=[self.pk])

    @property
    def sealed(self) -> bool:
        """Whether its votes are cast into a sealed box, not here."""
        return bool(self.rule.get("secrecy") == "sealed")

    def access(self):
        from madang.decisions.ground import BallotGround  # noqa: PLC0415 — ground imports models

        return BallotGround(self)


class Option(models.Model):
    """A line on the paper, in its printed place: a 의제, or one of the answers to the question of a 의제.

    `sheet`: the sheet of a sitting by place; `where`: the place it is for, for the map.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="options")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="options")
    answer = models.CharField(max_length=200, blank=True)
    place = models.PositiveSmallIntegerField()
    cost_krw = models.BigIntegerField(default=0)
    sheet = models.CharField(max_length=20, blank=True)
    where = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "matter", "answer"], name="a_matter_once_on_a_paper"),
            models.UniqueConstraint(fields=["ballot", "place"], name="one_matter_a_place"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What stands on the paper."""
        return self.answer or self.matter.title


class Way(models.TextChoices):
    """How somebody on the roll took part."""

    ONLINE = "online", _("온라인")
    ISSUED = "issued", _("비밀 투표권을 받음")
    PAPER = "paper", _("종이 투표지를 받음")


class RollEntry(models.Model):
    """Somebody voted, in a class, on a day, in one way. Not what, and not when on that day.

    Known by the account, or at a desk by the keyed hash of what the roll says (`voter`); each once. Its key is random and on
    SQLite the table is WITHOUT ROWID, so that the roll does not keep who came first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="roll", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True)
    voter = models.CharField(max_length=64, blank=True)
    voter_class = models.CharField(max_length=40)
    way = models.CharField(max_length=6, choices=Way, default=Way.ONLINE)
    voted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "person"], name="one_vote_a_person"),
            models.UniqueConstraint(fields=["ballot", "voter"], condition=~Q(voter=""), name="one_vote_a_roll_line"),
            models.CheckConstraint(condition=Q(person__isnull=False) | ~Q(voter=""), name="a_roll_entry_is_somebody"),
        ]


class SealedVote(models.Model):
    """A vote in the box in its written form (`methods.ballots.marks`). Nobody's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="box", db_index=False)
    voter_class = models.CharField(max_length=40)
    marks = models.TextField(blank=True)
    receipt = models.CharField(max_length=14)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "receipt"], name="one_paper_a_receipt")]
