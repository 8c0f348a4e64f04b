"""The log's signing key: made once, kept in MADANG_HOME/log.key (0600), named after the city for its whole life."""

import os
import secrets
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from madang.methods.transparency.checkpoint import SigningKey

FILE = "log.key"


def signing_key() -> SigningKey:
    """The key of this city's log; made on first use. Raises ValueError if the file is damaged."""
    return _read(Path(settings.HOME) / FILE)


@cache
def _read(path: Path) -> SigningKey:
    if not path.exists():
        _make(path)
    return SigningKey.read(path.read_text("utf-8"))


def _make(path: Path) -> None:
    """Written beside and then linked, so that two processes starting at once agree and nobody reads half a key."""
    key = SigningKey.make(f"{urlsplit(settings.SITE).hostname or 'localhost'}/log")
    draft = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(key.secret() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # the other process was first; its key is the log's
    finally:
        draft.unlink()
