"""Sessions in the database, remembered while they stand: every request of somebody signed in begins with one.

A session is forgotten by every process of the machine the moment it is changed or ended (record.known).
"""

import pickle
from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from madang.record.board import stale
from madang.record.known import Known

LOOK = "SELECT session_data, expire_date FROM django_session WHERE session_key = %s"
LIVING: Known[str, tuple[datetime, bytes]] = Known(lambda key: (f"session:{key}",))


class SessionStore(DatabaseSessions):
    """Django's own, but for how a session is looked up."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        known = LIVING(self.session_key or "", self._living)
        if known is None or known[0] <= timezone.now():
            self._session_key = None
            return {}
        told: dict[str, Any] = pickle.loads(known[1])  # noqa: S301 — our own bytes, out of this process
        return told

    def _living(self) -> tuple[datetime, bytes] | None:
        """Asked plainly: the ORM takes longer to compose the question than the database to answer it."""
        with connection.cursor() as cursor:
            cursor.execute(LOOK, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            return None
        until = row[1] if row[1].tzinfo else row[1].replace(tzinfo=UTC)  # SQLite keeps UTC without saying so
        return until, pickle.dumps(self.decode(row[0]))


@receiver([post_save, post_delete], sender=Session)
def moved(instance: Session, **_told: Any) -> None:
    stale([f"session:{instance.session_key}"])
