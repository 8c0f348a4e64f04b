"""SealedPoll, RightBackup: what the house keeps of a ballot whose votes go into a sealed box elsewhere.

1. poll.json is kept as the exact text that was signed; nothing of it changes afterwards.
2. A backup is 77 bytes sealed under a code only the voter has; it has no time, and it dies with the account.
3. The seed of the seal comes here after closing alone, from the keyholders' shares; the house never had it before.
"""

import uuid
from functools import cached_property

from django.db import models

from madang.decisions.models.ballots import Ballot
from madang.methods.sealed import poll
from madang.people.models import Person


class SealedPoll(models.Model):
    """The signed paper of a sealed ballot, where its box and the observers' issuer stand, and after closing its seed.

    `taken`: how many ballots of the board were opened and counted; empty until the board has been taken over.
    """

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, primary_key=True, related_name="sealing")
    slug = models.SlugField(max_length=100, unique=True)
    text = models.TextField()
    signature = models.TextField()
    box = models.CharField(max_length=200)
    observers = models.CharField(max_length=200)
    seed = models.CharField(max_length=43, blank=True)
    taken = models.PositiveIntegerField(null=True, blank=True)
    superseded = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.slug

    @cached_property
    def poll(self) -> poll.Poll:
        """poll.json as read."""
        return poll.read(self.text.encode())


class RightBackup(models.Model):
    """The voter's secret of one ballot, sealed under the recovery code that only she has."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="backups", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    sealed = models.BinaryField(max_length=77)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "person"], name="one_backup_a_voter")]
