"""The demo city's mailbox: the letters it would have sent, read from the files they are kept in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

BETWEEN = b"\n" + b"-" * 79 + b"\n"  # what Django's file backend writes after each letter


@dataclass(frozen=True)
class Letter:
    """A letter as its reader would see it."""

    at: datetime
    to: str
    subject: str
    text: str


def letters(n: int) -> list[Letter]:
    """The last `n` letters, the newest first."""
    box = Path(settings.EMAIL_FILE_PATH)
    files = sorted(box.glob("*.log"), reverse=True) if box.is_dir() else []
    found: list[Letter] = []
    for file in files:
        found.extend(_letter(raw) for raw in reversed(file.read_bytes().split(BETWEEN)) if raw.strip())
        if len(found) >= n:
            break
    return sorted(found, key=lambda letter: letter.at, reverse=True)[:n]


def _letter(raw: bytes) -> Letter:
    message = message_from_bytes(raw.strip() + b"\n", policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 — what the default policy makes
    body = message.get_body(preferencelist=("plain",))
    date = message["Date"]
    at = parsedate_to_datetime(date) if date else datetime.fromtimestamp(0, UTC)
    return Letter(
        at, str(message["To"] or ""), str(message["Subject"] or ""), body.get_content().strip() if body else ""
    )
