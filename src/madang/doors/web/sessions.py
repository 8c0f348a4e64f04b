"""Sessions in the database, remembered while they stand: every request of somebody signed in begins with one.

A session is forgotten by every process of the machine the moment it is changed or ended (record.known).
"""

import pickle
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from madang.record.board import stale
from madang.record.known import Known

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
        session = self._get_session_from_db()  # type: ignore[attr-defined]  # Django's own name
        return (session.expire_date, pickle.dumps(self.decode(session.session_data))) if session else None


@receiver([post_save, post_delete], sender=Session)
def moved(instance: Session, **_told: Any) -> None:
    stale([f"session:{instance.session_key}"])
