"""Who a session belongs to: the same answer as django-allauth's, remembered while the person's row stands unchanged."""

from collections.abc import Sequence
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from madang.access.fetch import Fetch
from madang.people.models import Person
from madang.record.board import stale
from madang.record.known import Known

person_by_key = Fetch(Person)
NAMES = [field.attname for field in Person._meta.concrete_fields]
PEOPLE: Known[int, Sequence[Any]] = Known(lambda key: (f"person:{key}", "people.person"))  # saved, or changed by an act


class SignedIn(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Person | None:
        key = int(user_id)
        values = PEOPLE(key, lambda: _row(key))
        if values is None:
            return None
        person = Person.from_db(DEFAULT_DB_ALIAS, NAMES, values)  # a new one each time: acts change what they hold
        return person if self.user_can_authenticate(person) else None


def _row(key: int) -> Sequence[Any] | None:
    try:
        person = person_by_key(key)
    except Person.DoesNotExist:
        return None
    return [getattr(person, name) for name in NAMES]


@receiver([post_save, post_delete], sender=Person)
def moved(instance: Person, **_told: Any) -> None:
    stale([f"person:{instance.pk}"])
