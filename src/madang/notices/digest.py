"""The digest: once a day or once a week, one letter with what a person has not read yet.

1. A letter's content is fixed in one transaction before anything is sent; an empty letter is never made.
2. A letter that did not go out, or whose sender was killed, goes out again: the same letter, at most five times.
3. Letters leave in the morning; a week is counted from the last letter.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.timezone import localtime

from madang.notices.channels import letter_channels
from madang.notices.models import Letter, Notice
from madang.people.models import Person

MORNING = 7  # o'clock, the city's time
MOST_TRIES = 5
AGAIN_AFTER = timedelta(minutes=10)
WEEK = timedelta(days=7)


@dataclass
class Counts:
    written: int = 0
    sent: int = 0
    failed: int = 0


def run(at: datetime) -> Counts:
    """Write the letters of the day and send what waits. Safe to run as often as one likes."""
    counts = Counts()
    if localtime(at).hour >= MORNING:
        for person in _due(localtime(at).date(), at):
            letter = write(person, at)
            if letter is not None:
                counts.written += 1
                _send(letter, at, counts)
    waiting = Letter.objects.filter(done_at=None, tries__lt=MOST_TRIES, made_at__lt=at - AGAIN_AFTER)
    for letter in waiting.select_related("person"):
        _send(letter, at, counts)
    return counts


def _due(today: date, at: datetime) -> list[Person]:
    """Whose day it is, among those with something unread that no letter has told."""
    waiting = Notice.objects.filter(person=OuterRef("pk"), read_at=None, letter=None, made_at__lte=at)
    people = Person.objects.filter(Exists(waiting), is_active=True).annotate(last_on=Max("letters__made_on"))
    daily = Q(digest="daily") & (Q(last_on=None) | Q(last_on__lt=today))
    weekly = Q(digest="weekly") & (Q(last_on=None) | Q(last_on__lte=today - WEEK))
    return list(people.filter(daily | weekly).order_by("pk"))


def write(person: Person, at: datetime) -> Letter | None:
    """Fix today's letter: all that is unread and untold up to `at`. None when there is nothing, or it is written
    already.
    """
    with transaction.atomic():
        letter, created = Letter.objects.get_or_create(
            person=person, made_on=localtime(at).date(), defaults={"made_at": at}
        )
        if not created:
            return None
        rows = Notice.objects.filter(person=person, read_at=None, letter=None, made_at__lte=at)
        if not rows.update(letter=letter):
            letter.delete()
            return None
    return letter


def _send(letter: Letter, at: datetime, counts: Counts) -> None:
    """By every channel that reaches the person and has not carried this letter yet."""
    notices = list(
        letter.notices.select_related("matter", "process", "duty__body", "duty__process").order_by("-made_at", "-pk")
    )
    Letter.objects.filter(pk=letter.pk).update(tries=letter.tries + 1)
    for channel in letter_channels():
        if channel.KEY in letter.sent or not channel.reaches(letter.person):
            continue
        try:
            channel.deliver(letter, notices)
        except OSError:
            logging.getLogger("madang.notices").exception("Letter %s did not go out by %s.", letter.pk, channel.KEY)
            counts.failed += 1
            return
        letter.sent = [*letter.sent, channel.KEY]
        Letter.objects.filter(pk=letter.pk).update(sent=letter.sent)
        counts.sent += 1
    Letter.objects.filter(pk=letter.pk).update(done_at=at)
