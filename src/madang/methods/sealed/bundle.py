"""poll.zip: everything anyone needs to check and recount a poll, in one file.

1. Exactly the files of FILES, each once, plain or deflated; written with no time and no owner, so equal polls are equal bytes.
2. closing.json names the hash of every other file, and the house signs it: no byte changes unseen, not even where nothing else is signed.
3. Read a slice at a time: memory does not grow with the ballots. Names with paths, doubled names, encryption, bombs and lines without
   end are refused before they cost anything.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple

from madang.methods.sealed.poll import Poll, check_house_signature, house_signature
from madang.methods.sealed.seal import SealKey
from madang.methods.sealed.writing import SealedError, b64, fields, strict, unb64, written
from madang.methods.transparency.checkpoint import SigningKey, VerifierKey

FILES = ("poll.json", "poll.sig", "seal.json", "issued.json", "desk.json", "result.json", "checkpoints.txt", "paper.jsonl",
         "board.jsonl", "closing.json", "closing.sig")  # fmt: skip
CLOSED = FILES[:-2]
FORMAT = "madang-closing@1"
SMALL_MAX = 16_000_000  # bytes of a file that is read whole
LINE_MAX = 400_000  # bytes
SLICE = 1 << 20
DIRECTORY_MAX = 4_096  # bytes; eleven names need fewer
HUGE = 0xFFFFFFFF  # the place of the directory beyond 4 GB is written elsewhere (zip64)
_END = struct.Struct("<4s4H2LH")
_COUNTED = [b"{", b"header", b":", b",", b"sealed", b":", b",", b"sig", b":", b"}"]  # what stands between the texts of a line
_SUPERSEDED = [b"{", b"header", b":", b",", b"sig", b":", b"}"]
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, struct.error)


class Posted(NamedTuple):
    """One line of the board: header and signature as received, and the sealed part where the ballot counts."""

    header: bytes
    sig: bytes
    sealed: bytes | None = None

    def line(self) -> bytes:
        row = {"header": b64(self.header), "sig": b64(self.sig)}
        return written(row if self.sealed is None else {**row, "sealed": b64(self.sealed)}) + b"\n"

    @classmethod
    def read(cls, line: bytes) -> "Posted":
        """Read a line without its end. Raises SealedError("malformed")."""
        parts = line.split(b'"')
        texts = parts[3::4]
        if parts[:3] + parts[4:7] + parts[8:11] + parts[12:] == _COUNTED:
            header, sealed, sig = texts
            return cls(unb64(header), unb64(sig, 64), unb64(sealed))
        if parts[:3] + parts[4:7] + parts[8:] == _SUPERSEDED:
            return cls(unb64(texts[0]), unb64(texts[1], 64))
        raise SealedError("malformed", "not a line of the board")


class Contents(NamedTuple):
    """What a poll publishes at closing. Iterables are read once, a line at a time.

    `issued` rows: {"class", "issuer", "day": "2026-09-01", "issued": n}. `paper` rows: {"desk", "serial", "class", "marks"}.
    `desk` rows: {"desk", "class", "handed", "spoiled", "unreturned", "counted", "difference"}, counted + difference = handed − spoiled −
    unreturned. `checkpoints`: the signed notes of all batches, oldest first. `result`: as `counting.counted` gives it.
    """

    poll: Poll
    poll_signature: bytes
    seal: SealKey
    issued: Sequence[Mapping[str, object]]
    desk: Sequence[Mapping[str, object]]
    result: Mapping[str, Any]
    checkpoints: Iterable[str]
    paper: Iterable[Mapping[str, object]]
    board: Iterable[Posted]


def write(path: Path | BinaryIO, contents: Contents, house: SigningKey) -> None:
    """Write poll.zip and sign its closing. O(ballots) time, constant memory."""
    parts: dict[str, Iterable[bytes]] = {
        "poll.json": [contents.poll.raw],
        "poll.sig": [contents.poll_signature],
        "seal.json": [written({"seed": b64(contents.seal.seed)})],
        "issued.json": [written([dict(row) for row in contents.issued])],
        "desk.json": [written([dict(row) for row in contents.desk])],
        "result.json": [written(dict(contents.result))],
        "checkpoints.txt": joined(contents.checkpoints),
        "paper.jsonl": (written(dict(row)) + b"\n" for row in contents.paper),
        "board.jsonl": (posted.line() for posted in contents.board),
    }
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(path, "w") as archive:
        for name, pieces in parts.items():
            hashes[name] = b64(_put(archive, name, pieces))
        closing = written({"format": FORMAT, "poll": b64(contents.poll.digest), "files": hashes})
        _put(archive, "closing.json", [closing])
        _put(archive, "closing.sig", [house_signature(closing, house)])


def joined(notes: Iterable[str]) -> Iterator[bytes]:
    """checkpoints.txt: the notes with an empty line between them."""
    for place, note in enumerate(notes):
        yield (("\n" if place else "") + note).encode()


class Bundle:
    """A poll.zip opened for reading; a context manager. Raises SealedError: bad-zip · missing-file · unknown-file · duplicate-file."""

    def __init__(self, path: Path | str) -> None:
        _check_directory(Path(path))
        try:
            self._archive = zipfile.ZipFile(path)
        except _BROKEN as fault:
            raise SealedError("bad-zip", str(fault)[:200]) from None
        self.hashes: dict[str, bytes] = {}
        try:
            _check_names(self._archive)
        except SealedError:
            self._archive.close()
            raise

    def __enter__(self) -> "Bundle":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._archive.close()

    def whole(self, name: str) -> bytes:
        """A small file as it is. Raises SealedError: too-large · bad-zip."""
        pieces, size = [], 0
        for piece in self._slices(name):
            size += len(piece)
            if size > SMALL_MAX:
                raise SealedError("too-large", f"{name} has more than {SMALL_MAX:,} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file without their ends. Raises SealedError: bad-line (too long, or the last has no end) · bad-zip."""
        rest = b""
        for piece in self._slices(name):
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines
            if len(rest) > LINE_MAX:
                raise SealedError("bad-line", f"a line of {name} has no end")
        if rest:
            raise SealedError("bad-line", f"{name} ends within a line")

    def notes(self) -> Iterator[str]:
        """The checkpoints one by one, oldest first. Raises SealedError("bad-checkpoint")."""
        note: list[str] = []
        for line in self.lines("checkpoints.txt"):
            try:
                text = line.decode()
            except UnicodeDecodeError:
                raise SealedError("bad-checkpoint", "not UTF-8") from None
            if not text and note and note[-1].startswith("— "):
                yield "\n".join(note) + "\n"
                note = []
            else:
                note.append(text)
            if len(note) > 300:
                raise SealedError("bad-checkpoint", "a checkpoint without end")
        if not note:
            raise SealedError("bad-checkpoint", "no checkpoint, or an empty line at the end")
        yield "\n".join(note) + "\n"

    def closing(self, poll: Poll, key: VerifierKey | None) -> dict[str, bytes]:
        """The hash of each file as the house signed it at closing. Raises SealedError: bad-closing · wrong-house-key."""
        raw = self.whole("closing.json")
        check_house_signature(raw, self.whole("closing.sig"), key, "bad-closing")
        given = fields(strict(raw, "bad-closing"), {"format": str, "poll": str, "files": dict}, "bad-closing", "closing")
        if given["format"] != FORMAT or given["poll"] != b64(poll.digest):
            raise SealedError("bad-closing", "the closing of another poll")
        files = fields(given["files"], dict.fromkeys(CLOSED, str), "bad-closing", "files")
        return {name: unb64(text, 32, "bad-closing") for name, text in files.items()}

    def _slices(self, name: str) -> Iterator[bytes]:
        running = sha256()
        try:
            with self._archive.open(name) as file:
                while piece := file.read(SLICE):
                    running.update(piece)
                    yield piece
        except _BROKEN as fault:
            raise SealedError("bad-zip", f"{name}: {str(fault)[:160]}") from None
        self.hashes[name] = running.digest()


def _put(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> bytes:
    entry = zipfile.ZipInfo(name)  # 1980-01-01
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    running = sha256()
    with archive.open(entry, "w", force_zip64=name.endswith(".jsonl")) as file:
        for piece in pieces:
            running.update(piece)
            file.write(piece)
    return running.digest()


def _check_directory(path: Path) -> None:
    """Look at the end record first: a directory of a million names is never read."""
    with path.open("rb") as file:
        start, size = file.read(4), file.seek(0, 2)
        file.seek(max(0, size - _END.size))
        end = file.read(_END.size)
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        raise SealedError("bad-zip", "not a zip, cut off, or something stands behind it")
    _, disk, first, here, total, directory, offset, comment = _END.unpack(end)
    if not start.startswith(b"PK\x03\x04") or (offset != HUGE and offset + directory + _END.size != size):
        raise SealedError("bad-zip", "something stands before it, or between its files and their names")
    if disk or first or comment or here != total or directory > DIRECTORY_MAX:
        raise SealedError("bad-zip", "in parts, with a comment, or with more names than a poll has")


def _check_names(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    for name in names:
        if name not in FILES:
            raise SealedError("unknown-file", f"{name[:120]!r} has no place in poll.zip")
        if names.count(name) > 1:
            raise SealedError("duplicate-file", f"{name} stands {names.count(name)} times")
    if missing := [name for name in FILES if name not in names]:
        raise SealedError("missing-file", ", ".join(missing))
    for entry in entries:
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SealedError("bad-zip", f"{entry.filename} is encrypted, or packed by a rare method")
