"""Issuance: what the city's issuer signed for an entry of the house's roll. Only the city's; the observers keep their own ledger.

It has no foreign key, no time and no number of arrival: its key is random, on SQLite the table is WITHOUT ROWID, and the day is all
it knows. The roll's entry is named by a keyed hash, not by its number.
"""

import uuid

from django.db import models


class Issuance(models.Model):
    """A right signed blind: for whom (a keyed hash), what was sent (blinded), what was answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.CharField(max_length=100)
    roll_entry = models.BinaryField(max_length=32)
    voter_class = models.CharField(max_length=64)
    blinded = models.BinaryField(max_length=256)
    signature = models.BinaryField(max_length=256)
    issued_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "roll_entry"], name="one_right_a_roll_entry")]
