"""The house's own settings, with a calendar that journeys may turn: `days-ahead` in MADANG_HOME says how far.

A journey that waits thirty days turns it by thirty; the server, the clock and the hands all live on the same day.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from madang.settings import *  # noqa: F403 — everything else is the house's
from madang.settings import HOME

_now = timezone.now


def now() -> datetime:
    """Now, as many days ahead as the journey has come."""
    turned = HOME / "days-ahead"
    return _now() + timedelta(days=int(turned.read_text()) if turned.exists() else 0)


timezone.now = now
# a journey lets the same few people in again and again within a minute, as nobody real would
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "request_login_code": "300/m/ip,60/m/key", "signup": "300/m/ip"}
