"""In the house: a notice waits on the person's own page until it is read."""

from collections.abc import Sequence

from madang.notices.models import Notice

KEY = "inapp"


def keep(rows: Sequence[Notice]) -> int:
    """Write notices that are not there yet, one statement a thousand; returns how many were tried."""
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)
