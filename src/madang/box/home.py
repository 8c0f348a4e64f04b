"""The box's folder: its lock, its key, its polls, its database.

    lock            held by the one process that serves this folder
    box.key         Ed25519 seed, base64url; readable by its owner only
    polls/<slug>/   poll.json · poll.sig · terms.json {"skew"} · pool · seal.json once the seed is published
    box.sqlite3     or the PostgreSQL named by MADANG_BOX_DATABASE_URL

1. One process serves a folder; a second is turned away before it has touched anything.
2. A poll is brought in whole or not at all: its folder gets its name last.
3. poll.json is taken only with the house's signature, for this box's key, and once.
"""

import fcntl
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from madang.box.ballotbox import BallotBox
from madang.box.polls import BoxPoll
from madang.box.pool import Pool, flush_folder
from madang.box.store import Store
from madang.methods.sealed import SealedError, b64, board, poll, unb64
from madang.methods.sealed.seal import SealKey
from madang.methods.sealed.writing import written
from madang.methods.transparency.checkpoint import VerifierKey

SPARE_SLOTS = 2048  # beyond a batch: what may come in while the database is away
SKEW_MOST = 3600


class HomeFault(Exception):
    """The folder cannot be used as asked; the sentence (Korean / English) says why."""


class Home:
    """A box's folder. `with Home(folder).locked():` before anything that serves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.polls = folder / "polls"
        self._lock: int | None = None

    def make(self) -> Self:
        """The folder and its key, made once. Returns itself."""
        self.polls.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            file = os.open(self.folder / "box.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return self
        with os.fdopen(file, "w") as out:
            out.write(b64(secrets.token_bytes(32)))
            out.flush()
            os.fsync(out.fileno())
        flush_folder(self.folder)
        return self

    @property
    def seed(self) -> bytes:
        """The box's secret. Raises HomeFault."""
        try:
            return unb64((self.folder / "box.key").read_text().strip(), 32)
        except (OSError, SealedError) as fault:
            raise HomeFault(f"투표함 열쇠를 읽지 못합니다 / the box's key cannot be read: {fault}") from None

    @property
    def public(self) -> bytes:
        """The box's public key, as poll.json names it."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    def lock(self) -> None:
        """Be the one process of this folder. Raises HomeFault."""
        file = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise HomeFault("다른 투표함 프로그램이 이 폴더를 쓰고 있습니다 / another box serves this folder") from None
        self._lock = file

    def unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # ── polls ────────────────────────────────────────────────────────────────
    def bring(self, raw: bytes, signed: bytes, house: VerifierKey, skew: int = 60) -> BoxPoll:
        """Bring a poll in. Raises HomeFault: unsigned, another box's, there already, or a tolerance beyond an hour."""
        if not 0 <= skew <= SKEW_MOST:
            raise HomeFault(f"시계 허용 오차는 0–{SKEW_MOST}초입니다 / the tolerance is 0 to {SKEW_MOST} seconds")
        try:
            poll.check_house_signature(raw, signed, house, "bad-poll-signature")
            read = BoxPoll(poll.read(raw), skew)
            board.box_key(read.poll, self.seed)
        except SealedError as fault:
            raise HomeFault(f"받을 수 없는 투표입니다 / this poll is not taken: {fault.code}: {fault}") from None
        target = self.polls / read.slug
        if target.exists():
            raise HomeFault(f"{read.slug}: 이미 있습니다 / is there already")
        part = self.polls / f".{read.slug}.{secrets.token_hex(4)}"
        part.mkdir(mode=0o700)
        try:
            for name, content in (("poll.json", raw), ("poll.sig", signed), ("terms.json", json.dumps({"skew": skew}).encode())):
                write_durably(part / name, content)
            part.rename(target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        flush_folder(self.polls)
        return read

    def slugs(self) -> list[str]:
        """The names of the polls that were brought in."""
        return sorted(folder.name for folder in self.polls.iterdir() if not folder.name.startswith("."))

    def poll(self, slug: str) -> BoxPoll:
        """One poll by its name. Raises HomeFault: not there, or damaged."""
        folder = self.polls / slug
        if slug not in self.slugs():
            raise HomeFault(f"{slug}: 그런 투표가 없습니다 / no such poll")
        try:
            terms = json.loads((folder / "terms.json").read_text())
            read = BoxPoll(poll.read((folder / "poll.json").read_bytes()), int(terms["skew"]))
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise HomeFault(f"{slug}: 읽지 못합니다 / cannot be read: {fault}") from None
        if read.slug != slug:
            raise HomeFault(f"{slug}: 다른 투표의 파일입니다 / holds the poll {read.slug}")
        return read

    def box(self, read: BoxPoll, store: Store) -> BallotBox:
        """The poll's box, opened."""
        pool = Pool(self.polls / read.slug / "pool", read.batch + SPARE_SLOTS, read.room)
        made = BallotBox(read, board.box_key(read.poll, self.seed), pool, store)
        made.open()
        return made

    # ── the seal's seed ──────────────────────────────────────────────────────
    def reveal(self, read: BoxPoll, seed: bytes) -> None:
        """Keep the published seed of a poll's seal. Raises HomeFault if it does not give the key of poll.json."""
        try:
            fits = SealKey.read(seed).public == read.poll.seal
        except SealedError as fault:
            raise HomeFault(f"봉인 열쇠가 아닙니다 / not a seed: {fault}") from None
        if not fits:
            raise HomeFault("다른 투표의 봉인 열쇠입니다 / the seed of another seal")
        write_durably(self.polls / read.slug / "seal.json", written({"seed": b64(seed)}))

    def revealed(self, read: BoxPoll) -> bool:
        """Whether the seal's seed of this poll has been published here."""
        return (self.polls / read.slug / "seal.json").exists()


def write_durably(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, power cut included."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    flush_folder(path.parent)
