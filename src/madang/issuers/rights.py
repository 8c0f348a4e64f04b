"""The city's issuer, inside the house: one right for one entry of the roll, in the transaction that turns its switch.

1. Call `issue` inside the transaction that turns the entry from none to issued (the decisions room does): both happen or neither.
2. The same blinded value again has the same answer, whoever asks twice; another value is turned away (`already-issued`).
3. Two at the same moment: the database's unique key lets one through, the other sees what the first was given.
"""

import hmac
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count

from madang.box.refusals import TurnedAway
from madang.issuers.keys import KeyRing
from madang.issuers.models import Issuance
from madang.issuers.signing import CODES
from madang.methods.sealed import SealedError
from madang.settings import own_secret


def ring() -> KeyRing:
    """The city's keys, in MADANG_HOME/issuer-keys."""
    return KeyRing(Path(settings.HOME) / "issuer-keys")


def entry_hash(poll: str, entry: str) -> bytes:
    """What an Issuance knows a roll entry by: keyed under roll.key, so that tables cannot be joined without that file."""
    text = f"madang-issuance@1\0{poll}\0{entry}"
    return hmac.digest(own_secret("roll.key").encode(), text.encode(), "sha256")


def issue(*, poll: str, voter_class: str, entry: str, blinded: bytes, on: date) -> bytes:
    """Sign a blinded value (256 bytes) for the roll entry `entry` (its own lasting name, as text), once.

    Returns the blind signature (256 bytes). Raises TurnedAway: already-issued · bad-blinded · no-key.
    """
    known = entry_hash(poll, entry)
    before = Issuance.objects.filter(poll=poll, roll_entry=known).first()
    if before is not None:
        return _same(before, blinded)
    signature = _signed(poll, voter_class, blinded)
    try:
        with transaction.atomic():
            Issuance.objects.create(
                poll=poll, roll_entry=known, voter_class=voter_class, blinded=blinded, signature=signature, issued_on=on
            )
    except IntegrityError:
        return _same(Issuance.objects.get(poll=poll, roll_entry=known), blinded)
    return signature


def issued(poll: str, name: str, before: date | None = None) -> list[dict[str, object]]:
    """Counts by class and day (issued.json), of days before `before` where one is given."""
    rows = Issuance.objects.filter(poll=poll, **({"issued_on__lt": before} if before else {}))
    counts = rows.values("voter_class", "issued_on").annotate(issued=Count("id")).order_by("voter_class", "issued_on")
    return [
        {"class": row["voter_class"], "issuer": name, "day": row["issued_on"].isoformat(), "issued": row["issued"]} for row in counts
    ]


def _same(before: Issuance, blinded: bytes) -> bytes:
    if bytes(before.blinded) != blinded:
        raise TurnedAway("already-issued")
    return bytes(before.signature)


def _signed(poll: str, voter_class: str, blinded: bytes) -> bytes:
    try:
        return ring().sign(poll, voter_class, blinded)
    except SealedError as fault:
        if fault.code not in CODES:  # a fault in the computing itself: loud, and nothing leaves
            raise
        raise TurnedAway(CODES[fault.code]) from None
