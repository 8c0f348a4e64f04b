"""A poll as the box knows it: poll.json, the window in which ballots come in, and the check of one ballot.

1. The check is the auditor's own (`madang.methods.sealed.ballot`): the box takes nothing an audit would throw out.
2. Clocks differ: a ballot is taken from `skew` seconds before opening to `skew` seconds after closing, by the box's clock. The number is
   the operator's, given when the poll is brought in and shown under /status.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from madang.box.pool import Checked, Waiting
from madang.box.refusals import TurnedAway
from madang.methods.sealed import SealedError, ballot
from madang.methods.sealed.poll import Poll

HEADER_MOST = 1200  # bytes; see `ballot.body_size`: 64 letters of a class in UTF-8 are the only part that varies
_SAID = {
    "wrong-size": "wrong-size",
    "wrong-length": "wrong-size",
    "malformed": "malformed",
    "other-poll": "no-such-poll",
    "unknown-class": "no-such-class",
    "no-revote": "no-revote",
    "weak-key": "bad-signature",
    "bad-right": "bad-right",
    "bad-signature": "bad-signature",
    "sealed-altered": "sealed-differs",
}
_OVERFLOW = re.compile(rb'"seq":[1-9][0-9]{15,}\}')


@dataclass(frozen=True, slots=True)
class BoxPoll:
    """A poll and its tolerance for clocks that differ, in seconds."""

    poll: Poll
    skew: int = 60

    @property
    def id(self) -> bytes:
        """P, the hash of poll.json."""
        return self.poll.digest

    @property
    def slug(self) -> str:
        return self.poll.slug

    @property
    def batch(self) -> int:
        return self.poll.batch

    @property
    def revote(self) -> bool:
        return self.poll.revote

    @property
    def body_size(self) -> int:
        return ballot.body_size(self.poll)

    @property
    def room(self) -> int:
        """Bytes of the longest header and a sealed part."""
        return HEADER_MOST + self.poll.sealed_size

    def over(self, at: datetime) -> bool:
        """Whether ballots no longer come in."""
        return at >= self.poll.closes_at + timedelta(seconds=self.skew)

    def within(self, at: datetime) -> None:
        """Raises TurnedAway: not-open-yet · closed."""
        if at < self.poll.opens_at - timedelta(seconds=self.skew):
            raise TurnedAway("not-open-yet")
        if self.over(at):
            raise TurnedAway("closed")

    def checked(self, body: bytes) -> Checked:
        """Read and check the body of a cast: form, sealed part, both issuers, the voter. Raises TurnedAway."""
        try:
            cast = ballot.Cast.read(self.poll, body)
            return self._checked(cast)
        except SealedError as fault:
            raise TurnedAway(_SAID[fault.code]) from None

    def _checked(self, cast: ballot.Cast) -> Checked:
        _seq_fits(cast.header)
        header = ballot.read_header(self.poll, cast.header)
        ballot.check_sealed(self.poll, header, cast.sealed)
        ballot.check(self.poll, header, cast.sig)
        return Checked(cast.leaf, header.pk, header.seq, cast.header, cast.sig, cast.sealed)

    def reread(self, waiting: Waiting) -> Checked:
        """A ballot from its slot, after a start. Raises SealedError if it is none of this poll."""
        return self._checked(ballot.Cast(waiting.header, waiting.sig, waiting.sealed))


def _seq_fits(header: bytes) -> None:
    """Raises TurnedAway("seq-overflow") for a sequence number beyond 2^53−1."""
    found = _OVERFLOW.search(header)
    if found and int(found[0][6:-1][:40]) > ballot.SEQ_MAX:
        raise TurnedAway("seq-overflow")
