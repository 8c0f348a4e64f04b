"""Issuers' keys: an RSA-2048 key for each poll and class, made for it, kept in one folder, destroyed after it.

1. A key serves one poll and one class: the signer sees no message, so only keys keep polls and classes apart.
2. `destroy` overwrites, deletes and remembers: no key is ever made again under the name of a poll that is over.
3. Files are readable by their owner alone. What a file system or a disk keeps of overwritten blocks is beyond this program:
   a folder on encrypted storage of its own, or an HSM, closes that (docs/operate.md).
"""

import json
import os
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from madang.box.pool import flush_folder
from madang.box.refusals import TurnedAway
from madang.methods.sealed.blind import SecretKey, blind_sign
from madang.methods.sealed.poll import CLASS, SLUG


class KeyFault(Exception):
    """Keys cannot be made as asked; the sentence (Korean / English) says why."""


class KeyRing:
    """The folder of one issuer's keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, poll: str, classes: list[str]) -> dict[str, bytes]:
        """Make the keys of a poll, those that are not there yet; n of each class. Raises KeyFault."""
        if not SLUG.fullmatch(poll) or not classes or not all(CLASS.fullmatch(key) for key in classes):
            raise KeyFault("투표 이름이나 구분이 맞지 않습니다 / not a poll's name, or not classes")
        if self.destroyed(poll):
            raise KeyFault(f"{poll}: 폐기한 열쇠입니다 / its keys were destroyed")
        folder = self.folder / poll
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for key in classes:
            path = folder / _file(key)
            if not path.exists():
                _write(path, SecretKey.make().pem())
        flush_folder(folder)
        flush_folder(self.folder)
        return {key: self.secret(poll, key).public.written() for key in classes}

    def secret(self, poll: str, class_key: str) -> SecretKey:
        """The key of a poll and class. Raises TurnedAway("no-key")."""
        path = self.folder / poll / _file(class_key)
        if not SLUG.fullmatch(poll) or not path.exists():  # looked at each time: a destroyed key signs nothing more
            raise TurnedAway("no-key")
        return _loaded(path, path.stat().st_mtime_ns)

    def sign(self, poll: str, class_key: str, blinded: bytes) -> bytes:
        """Sign a blinded value, checked before it leaves. Raises TurnedAway("no-key"), SealedError as `blind_sign`."""
        return blind_sign(self.secret(poll, class_key), blinded)

    def destroy(self, poll: str, day: str) -> int:
        """Overwrite and delete all keys of a poll; how many there were. Raises KeyFault where there are none."""
        folder = self.folder / poll
        if not SLUG.fullmatch(poll) or not folder.is_dir():
            raise KeyFault(f"{poll}: 열쇠가 없습니다 / there are no keys")
        found = sorted(folder.glob("*.pem"))
        for path in found:
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        _loaded.cache_clear()
        if found:
            _write(folder / "destroyed.json", json.dumps({"day": day, "keys": len(found)}).encode())
        flush_folder(folder)
        return len(found)

    def destroyed(self, poll: str) -> bool:
        """Whether the keys of this poll are gone for good."""
        return (self.folder / poll / "destroyed.json").exists()


def _file(class_key: str) -> str:
    return f"{sha256(class_key.encode()).hexdigest()[:24]}.pem"


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


@lru_cache(maxsize=1024)
def _loaded(path: Path, written_at: int) -> SecretKey:
    return SecretKey.read(path.read_bytes())
