"""Each key's turns and each paper ballot's number: what may stand once stands once.

1. Of the ballots of one key in one class exactly the one with the highest turn is opened and counted; no turn stands twice.
2. No paper ballot's number stands twice in a poll, whichever desk typed it.
"""

from hashlib import sha256

from madang.methods.sealed.crew import Checked
from madang.methods.sealed.poll import Poll
from madang.methods.sealed.sieve import Sieve
from madang.methods.sealed.writing import SealedError


class Turns:
    """Records of a sieve: key (32), class (4), turn (8), counted (1), line (8)."""

    SIZE = 53
    SERIAL_SIZE = 40

    def __init__(self, poll: Poll, sieve: Sieve) -> None:
        self._sieve = sieve
        self._classes = {key: number.to_bytes(4, "big") for number, key in enumerate(poll.classes)}

    def add(self, ballot: Checked, line: int) -> None:
        turn, counted = ballot.seq.to_bytes(8, "big"), bytes([ballot.marks is not None])
        self._sieve.add(ballot.pk + self._classes[ballot.class_key] + turn + counted + line.to_bytes(8, "big"))

    def check(self) -> None:
        """Raises SealedError, with the lines: same-turn-twice · superseded-counted · sealed-missing."""
        for one, after in self._sieve.neighbours():
            counted, where = one[44], f"board.jsonl:{int.from_bytes(one[45:], 'big'):,}"
            if one[:36] != after[:36]:
                if not counted:
                    raise SealedError("sealed-missing", where)
                continue
            if one[:44] == after[:44]:
                raise SealedError("same-turn-twice", f"{where}, {int.from_bytes(after[45:], 'big'):,}")
            if counted:
                raise SealedError("superseded-counted", f"{where}, {int.from_bytes(after[45:], 'big'):,}")

    @staticmethod
    def serial(serial: str, line: int) -> bytes:
        """The record of a paper ballot's number."""
        return sha256(serial.encode()).digest() + line.to_bytes(8, "big")

    @staticmethod
    def check_serials(sieve: Sieve) -> None:
        """Raises SealedError("serial-twice"), with the lines."""
        for one, after in sieve.neighbours():
            if one[:32] == after[:32]:
                raise SealedError("serial-twice", f"paper.jsonl:{int.from_bytes(one[32:], 'big'):,}, {int.from_bytes(after[32:], 'big'):,}")
