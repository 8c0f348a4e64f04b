"""Who a session belongs to: the same answer as django-allauth's, by one short question."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from madang.access.fetch import Fetch
from madang.people.models import Person

person_by_key = Fetch(Person)


class SignedIn(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Person | None:
        try:
            person: Person = person_by_key(user_id)
        except Person.DoesNotExist:
            return None
        return person if self.user_can_authenticate(person) else None
