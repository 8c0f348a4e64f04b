"""What the web door itself keeps: half-written things, and tokens that make a double click one act."""

from django.db import models


class Draft(models.Model):
    """Something written before logging in; found again by the key in the visitor's cookie or address."""

    key = models.CharField(max_length=43, unique=True)
    act = models.CharField(max_length=60)
    on_pk = models.CharField(max_length=40)
    given = models.JSONField()
    saved_at = models.DateTimeField(db_index=True)


class Once(models.Model):
    """A token a form carries; the second arrival is led to what the first one made."""

    token = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(db_index=True)
