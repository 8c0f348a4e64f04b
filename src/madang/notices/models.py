"""Cursor, Follow, Notice, Letter, CalendarKey: nouns of notices.

1. One follow per person and thing; ending it keeps the row, so that an automatic follow does not come back uninvited.
2. A notice of the record is unique by person, position and kind; a reminder by person, duty, kind and due day.
3. One letter per person and day; what it holds is fixed before it is sent, so a second sending is the same letter.
"""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madang.bodies.models import Body
from madang.duties.models import Duty
from madang.matters.models import Matter
from madang.people.models import Person
from madang.places.models import Place
from madang.processes.models import Process


class Cursor(models.Model):
    """How far a reader of the record has come; for reminders, the day they last went out (as an ordinal)."""

    name = models.CharField(primary_key=True, max_length=20)
    position = models.BigIntegerField(default=-1)


class Why(models.TextChoices):
    CHOSEN = "chosen", _("직접 고름")
    PROPOSED = "proposed", _("내가 제안함")
    SUPPORTED = "supported", _("내가 공감함")
    SPOKEN = "spoken", _("내가 의견을 남김")


class Follow(models.Model):
    """지켜보기: a person wants to hear about a 의제, a place, a process or a body."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="follows")
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=10, choices=Why, default=Why.CHOSEN)
    since_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", thing], condition=Q(**{f"{thing}__isnull": False}), name=f"a_{thing}_followed_once"
            )
            for thing in ("matter", "place", "process", "body")
        ] + [
            models.CheckConstraint(
                condition=Q(matter__isnull=False, place=None, process=None, body=None)
                | Q(matter=None, place__isnull=False, process=None, body=None)
                | Q(matter=None, place=None, process__isnull=False, body=None)
                | Q(matter=None, place=None, process=None, body__isnull=False),
                name="a_follow_is_of_one_thing",
            )
        ]
        indexes = [
            models.Index(
                fields=[thing], condition=Q(ended_at=None, **{f"{thing}__isnull": False}), name=f"followers_of_{thing}"
            )
            for thing in ("matter", "place", "process", "body")
        ]

    @property
    def thing(self) -> models.Model:
        return self.matter or self.place or self.process or self.body  # type: ignore[return-value]


class Letter(models.Model):
    """소식 묶음: what one person is told on one day; `sent` names the channels it has gone out by."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="letters")
    made_on = models.DateField()
    made_at = models.DateTimeField()
    sent = models.JSONField(default=list)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "made_on"], name="one_letter_a_day")]
        indexes = [models.Index(fields=["made_at"], condition=Q(done_at=None), name="letters_waiting")]


class Notice(models.Model):
    """소식: something happened (`position` in the record) or comes due (`duty`, `due_on`)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    position = models.BigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=60)
    codes = models.JSONField(default=dict)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "position", "kind"], condition=Q(position__isnull=False), name="told_once"
            ),
            models.UniqueConstraint(
                fields=["person", "duty", "kind", "due_on"], condition=Q(position=None), name="reminded_once"
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=False) | Q(duty__isnull=False, due_on__isnull=False),
                name="a_notice_has_a_cause",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"]),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notices_unread"),
            models.Index(fields=["person"], condition=Q(read_at=None, letter=None), name="notices_to_write"),
        ]


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class CalendarKey(models.Model):
    """The secret in a person's own calendar address; a new one makes the old address useless."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="calendar_key")
    secret = models.CharField(max_length=40, unique=True, default=new_secret)
    made_at = models.DateTimeField()
