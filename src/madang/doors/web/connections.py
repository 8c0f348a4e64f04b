"""A connection to PostgreSQL is asked whether it lives before a request — but not when it answered moments ago.

Under load the question is one round trip in six of an act. A server restarted within LATELY costs each process one
request, which Django answers with an error and a new connection.
"""

import time
from typing import Any
from weakref import WeakKeyDictionary

from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.dispatch import receiver

LATELY = 5.0  # seconds
_answered: WeakKeyDictionary[BaseDatabaseWrapper, float] = WeakKeyDictionary()  # when the last request on it began


@receiver(request_started)
def trust_what_answered(**_told: Any) -> None:
    """After Django's own receiver, which has just said that every connection must be asked."""
    now = time.monotonic()
    for connection in connections.all(initialized_only=True):
        lately = now - _answered.get(connection, -LATELY) < LATELY
        connection.health_check_done = lately and not connection.errors_occurred  # type: ignore[attr-defined]  # Django's own name
        _answered[connection] = now
