"""Where ballots wait for their batch: one file of equal slots, each ballot in a slot chosen at random.

1. The file has its whole size from the first day and is written in place: neither its length, nor inodes, nor times of
   files, nor the order of anything in it tell which ballot came first (a file or row for each would).
2. `put` returns only when all of its ballots are on the disk; one flush serves a whole group.
3. A slot proves itself: the hash in front of it is that of what follows. A torn slot is an empty one (no receipt was given).
4. `clear` blanks slots after their ballots are in the database; a crash between the two is mended by whoever opens it.

Slot: 0x01 ‖ SHA-256(what follows) ‖ header length (4) ‖ sealed length (4) ‖ header ‖ signature (64) ‖ sealed ‖ zeros.
"""

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

SIG_SIZE = 64
_FRONT = 1 + 32 + 4 + 4
_BLOCK = 512


class PoolFull(Exception):
    """No slot is free: batches do not reach the database. Nothing was written."""


class PoolFault(Exception):
    """The file cannot be what this pool wrote; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A ballot that was found good: the very bytes as received, and what was read in them."""

    leaf: bytes
    pk: bytes
    seq: int
    header: bytes
    sig: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A slot's content as read back: header, signature and sealed part."""

    slot: int
    header: bytes
    sig: bytes
    sealed: bytes


class Pool:
    """`slots` slots of `room` bytes each (header and sealed part together), in the file `path`."""

    def __init__(self, path: Path, slots: int, room: int) -> None:
        self.slots = slots
        self.width = -(-(_FRONT + SIG_SIZE + room) // _BLOCK) * _BLOCK
        self._make(path)
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        if os.fstat(self._file).st_size != self.width * slots:
            os.close(self._file)
            raise PoolFault(f"{path} has not the size of {slots} slots of {self.width} bytes")
        self._free = list(range(slots))
        self._held: dict[bytes, int] = {}

    def _make(self, path: Path) -> None:
        """The whole file, all zeros and on the disk, before it has its name."""
        if path.exists():
            return
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            for _slot in range(self.slots):
                file.write(bytes(self.width))
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        flush_folder(path.parent)

    @property
    def free(self) -> int:
        """How many ballots still find a slot."""
        return len(self._free)

    def read(self) -> list[Waiting]:
        """All that waits, in order of slots. Call once, after opening; `hold` then names what stays."""
        found = []
        for slot in range(self.slots):
            written = os.pread(self._file, self.width, slot * self.width)
            waiting = _unpacked(slot, written)
            if waiting is not None:
                found.append(waiting)
        return found

    def hold(self, leaf: bytes, slot: int) -> None:
        """Say that the ballot `leaf` lies in `slot` (after `read`)."""
        self._free.remove(slot)
        self._held[leaf] = slot

    def put(self, casts: Sequence[Checked]) -> None:
        """Write a group and flush it. Raises PoolFull, or OSError from the disk; then none of them holds a slot."""
        if len(casts) > len(self._free):
            raise PoolFull
        taken = [(cast, self._free_slot()) for cast in casts]
        try:
            for cast, slot in taken:
                os.pwrite(self._file, self._packed(cast), slot * self.width)
            self._flush()
        except OSError:
            self._free += [slot for _, slot in taken]
            self._blank(slot for _, slot in taken)  # if this fails too, what lies there has no receipt and is written over
            raise
        self._held.update((cast.leaf, slot) for cast, slot in taken)

    def clear(self, leaves: Iterable[bytes]) -> None:
        """Blank the slots of these ballots and flush."""
        emptied = sorted(self._held.pop(leaf) for leaf in leaves)
        self._blank(emptied)
        self._free += emptied

    def blank(self, slots: Iterable[int]) -> None:
        """Blank slots that nobody holds (their ballots are in the database already)."""
        self._blank(slots)

    def close(self) -> None:
        os.close(self._file)

    def _free_slot(self) -> int:
        """Any free slot, each as likely as the next."""
        place = secrets.randbelow(len(self._free))
        self._free[place], self._free[-1] = self._free[-1], self._free[place]
        return self._free.pop()

    def _packed(self, cast: Checked) -> bytes:
        lengths = len(cast.header).to_bytes(4, "big") + len(cast.sealed).to_bytes(4, "big")
        inner = lengths + cast.header + cast.sig + cast.sealed
        written = b"\x01" + sha256(inner).digest() + inner
        if len(written) > self.width:
            raise ValueError(f"a ballot of {len(written)} bytes does not fit a slot of {self.width}")
        return written.ljust(self.width, b"\0")

    def _blank(self, slots: Iterable[int]) -> None:
        for slot in slots:
            os.pwrite(self._file, bytes(self.width), slot * self.width)
        self._flush()

    def _flush(self) -> None:
        """Onto the disk; and no backup tells when."""
        os.fdatasync(self._file)
        os.utime(self._file, ns=(0, 0))


def _unpacked(slot: int, written: bytes) -> Waiting | None:
    """The ballot in a slot; nothing for a blank or torn one."""
    if written[:1] != b"\x01":
        return None
    header_size = int.from_bytes(written[33:37], "big")
    sealed_size = int.from_bytes(written[37:41], "big")
    end = _FRONT + header_size + SIG_SIZE + sealed_size
    if end > len(written) or sha256(written[33:end]).digest() != written[1:33]:
        return None
    header_end = _FRONT + header_size
    sig_end = header_end + SIG_SIZE
    return Waiting(slot, written[_FRONT:header_end], written[header_end:sig_end], written[sig_end:end])


def flush_folder(folder: Path) -> None:
    """Make a new name in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
