"""Serials of paper ballots: `3-0142-KQ7M`, booth, number of the sheet at that booth, and four letters nobody can guess.

1. The letters are a keyed hash of ballot, booth and number: a sheet of another ballot, or one never printed, shows at once.
2. A serial never names a voter. Sheets of a bundle come from the printer shuffled, so that their order tells nothing.
3. A hand scanner types `MADANG:<ballot>:<serial>`; a person types the serial. Both are read alike.
"""

import hashlib
import hmac
import re
import secrets

from madang.settings import own_secret

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
WRITTEN = re.compile(r"(?:MADANG:([0-9]{1,9}):)?([1-9][0-9]{0,3})-([0-9]{4,6})-([2-9A-Z]{4})")


def serial(ballot: int, booth: int, number: int) -> str:
    """The serial of a sheet: `ballot` is a key, `booth` the number of the booth, `number` that of the sheet there."""
    text = f"paper\x1f{ballot}\x1f{booth}\x1f{number}".encode()
    digest = hmac.new(own_secret("paper.key").encode(), text, hashlib.sha256).digest()
    return f"{booth}-{number:04d}-" + "".join(ALPHABET[byte % 32] for byte in digest[:4])


def scanned(ballot: int, text: str) -> str:
    """What the QR of a sheet says: its ballot and its serial."""
    return f"MADANG:{ballot}:{text}"


def number_of(ballot: int, text: str) -> tuple[int, int] | None:
    """(booth, number) of a genuine serial of this ballot; None for one that was never printed for it."""
    found = WRITTEN.fullmatch(text)
    if found is None or found[1] not in (None, str(ballot)):
        return None
    booth, number = int(found[2]), int(found[3])
    genuine = hmac.compare_digest(serial(ballot, booth, number), text.rpartition(":")[2])
    return (booth, number) if genuine else None


def shuffled(numbers: list[int]) -> list[int]:
    """The sheets in the order they are printed: by real chance, kept nowhere."""
    order = list(numbers)
    secrets.SystemRandom().shuffle(order)
    return order
