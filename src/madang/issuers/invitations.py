"""Invitations: each entry of the observers' roll copy has a code of its own, sent by the observers, not by the city.

1. A code has 80 random bits, written in sixteen letters without 0, 1, I and O; nobody guesses one.
2. The plain codes exist once, in the file for the letters; the database keeps their keyed hash and the class.
3. The rows of the database stand in order of the hashes: nothing joins them to the lines of the roll.
"""

import csv
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from madang.issuers.roll import RollLine, keyed
from madang.methods.sealed.board import ALPHABET

LETTERS = 16
COLUMNS = ("이름 name", "전화 phone", "이메일 email", "구분 class", "초대 번호 code")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def new_code() -> str:
    """A new code, `XXXX-XXXX-XXXX-XXXX`."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, LETTERS, 4))


def plain_code(text: str) -> str:
    """A code as `new_code` writes it, from what somebody typed; empty for anything else."""
    if len(text) > 100:
        return ""
    letters = "".join(letter for letter in text.upper() if letter not in " -\u2010\u2013\u2014")
    if len(letters) != LETTERS or any(letter not in ALPHABET for letter in letters):
        return ""
    return "-".join(letters[at : at + 4] for at in range(0, LETTERS, 4))


def code_hash(key: bytes, poll: str, code: str) -> bytes:
    """The keyed hash an entry is known by. `code` is a plain code."""
    return keyed(key, "code", poll, code)


def invite(lines: Sequence[RollLine], key: bytes, poll: str, letters: Path) -> list[tuple[bytes, str]]:
    """Make a code for each voter, write the file for the letters, and return (keyed code, class) of each.

    Raises FileExistsError if the file is there already: codes once sent are not made anew by accident.
    """
    codes = [new_code() for _ in lines]
    with os.fdopen(os.open(letters, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for line, code in zip(lines, codes, strict=True):
            plain = [line.plain.get(column, "") for column in ("name", "phone", "email")]
            writer.writerow([*map(_harmless, plain), _harmless(line.voter_class), code])
        out.flush()
        os.fsync(out.fileno())
    return [(code_hash(key, poll, code), line.voter_class) for line, code in zip(lines, codes, strict=True)]


def _harmless(text: str) -> str:
    """A field a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
