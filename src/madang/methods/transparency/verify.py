"""Check a downloaded log, or one receipt, with nothing but the file and the published key.

1. A log passes only if every line is in its place, every hash fits its text, every checkpoint is signed by a known key
   and its root is the root of exactly the lines above it.
2. The first fault is reported with its line; nothing after it is judged.
3. Without a key of your own, the keys in the file are used, and the report says so: such a log is whole, but whose?
4. A log cut off at an older checkpoint is whole too. Whoever kept a newer checkpoint (`kept`) sees that it is shorter.
"""

import argparse
import base64
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from madang.methods.transparency import logfile
from madang.methods.transparency.checkpoint import Checkpoint, NoteError, VerifierKey, read
from madang.methods.transparency.merkle import Frontier, leaf_hash, verify_consistency, verify_inclusion

WORDS = {
    "unreadable": ("파일을 열 수 없습니다.", "The file cannot be opened."),
    "not-a-log": ("마당의 기록 파일이 아닙니다.", "This is not a log or a receipt of Madang."),
    "not-utf-8": ("UTF-8이 아닌 바이트가 있습니다.", "The line is not UTF-8."),
    "junk-line": ("기록의 줄이 아닙니다.", "The line is not a line of a log."),
    "duplicate-line": ("이미 나온 기록이 다시 나옵니다.", "An entry stands here a second time."),
    "out-of-order": ("줄이 빠졌거나 차례가 바뀌었습니다.", "A line is missing or the lines were reordered."),
    "altered": ("기록의 글이 바뀌었습니다.", "The text of this entry was altered."),
    "bad-checkpoint": ("도장(체크포인트)을 읽을 수 없습니다.", "The checkpoint cannot be read."),
    "bad-signature": ("도장의 서명이 맞지 않습니다.", "The signature does not fit its checkpoint."),
    "wrong-key": ("다른 열쇠로 찍은 도장입니다.", "The checkpoint was not signed with the given key."),
    "fork": (
        "서명된 도장이 앞의 기록과 맞지 않습니다. 기록이 바뀌었거나 두 가지 판이 있습니다.",
        "The signed checkpoint does not match the entries above it: they were changed, or the log has two versions.",
    ),
    "truncated": ("파일이 중간에 끊겼습니다.", "The file ends too early."),
    "shorter": ("가지고 계신 도장보다 짧은 기록입니다.", "The log is shorter than the checkpoint you kept."),
    "not-included": ("영수증의 증명이 맞지 않습니다.", "The receipt does not prove that the entry is in the log."),
    "bad-receipt": ("영수증을 읽을 수 없습니다.", "The receipt cannot be read."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where; line 0 stands for the file as a whole."""

    code: str
    line: int
    detail: str = ""

    def words(self, language: str = "ko") -> str:
        place = {"ko": f"{self.line}번째 줄: ", "en": f"line {self.line}: "}[language] if self.line else ""
        detail = f" ({self.detail})" if self.detail else ""
        return place + WORDS[self.code][language == "en"] + detail


@dataclass(frozen=True, slots=True)
class Report:
    """`size` entries lead to `root`; `checkpoints` signatures were checked with `keys`, which you gave if `trusted`."""

    ok: bool
    size: int = 0
    root: str = ""
    since: int = 0
    checkpoints: int = 0
    keys: list[str] = field(default_factory=list)
    trusted: bool = False
    fault: Fault | None = None


class _Found(ValueError):
    def __init__(self, code: str, line: int, detail: str = "") -> None:
        super().__init__(code)
        self.fault = Fault(code, line, detail)


def verify(path: str | Path, key: str | None = None, *, kept: str | None = None) -> Report:
    """Verify a log or a receipt.

    `key`: one or more verifier keys (`name+hash+base64`) separated by spaces, as the city publishes them.
    `kept`: a signed checkpoint you saved earlier; the log must continue it.
    Raises ValueError only for a mistyped `key` or an unreadable `kept`; every fault of the file is in the report.
    """
    trusted = [VerifierKey.read(one) for one in (key or "").split()]
    try:
        with Path(path).open("rb") as file:
            first = file.readline(logfile.LINE_MAX)
            if _header(first) is None:
                return verify_receipt(first + file.read(logfile.LINE_MAX), key)
            file.seek(0)
            return _Log(file, trusted, kept).report()
    except OSError as fault:
        return Report(False, fault=Fault("unreadable", 0, fault.strerror or ""))


def verify_receipt(receipt: bytes | str, key: str | None = None) -> Report:
    """Verify one inclusion proof, as `queries.receipt` gives it, offline.

    Raises ValueError only for a mistyped `key`.
    """
    trusted = [VerifierKey.read(one) for one in (key or "").split()]
    try:
        given = json.loads(receipt)
        if not isinstance(given, dict) or given.get("madang-receipt") != logfile.VERSION:
            return Report(False, fault=Fault("not-a-log", 0))
        leaf, position, note = leaf_hash(str(given["text"]).encode()), _whole(given["position"]), str(given["checkpoint"])
        path = [base64.b64decode(part, validate=True) for part in given["path"]]
        keys = trusted or [VerifierKey.read(one) for one in given["keys"]]
    except UnicodeDecodeError:
        return Report(False, fault=Fault("not-utf-8", 0))
    except json.JSONDecodeError:
        return Report(False, fault=Fault("not-a-log", 0))
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        return Report(False, fault=Fault("bad-receipt", 0, str(fault)[:200]))
    try:
        checkpoint = _checked_note(note, keys, 0)
    except _Found as found:
        return Report(False, keys=[str(one) for one in keys], trusted=bool(trusted), fault=found.fault)
    included = verify_inclusion(leaf, position, checkpoint.size, path, checkpoint.root)
    return Report(
        ok=included,
        size=checkpoint.size,
        root=base64.b64encode(checkpoint.root).decode(),
        checkpoints=1,
        keys=[str(one) for one in keys],
        trusted=bool(trusted),
        fault=None if included else Fault("not-included", 0),
    )


def verify_growth(old_note: str, new_note: str, path: list[bytes], key: str) -> bool:
    """Whether a consistency proof shows that the log of `new_note` continues that of `old_note`, both signed."""
    keys = [VerifierKey.read(one) for one in key.split()]
    old, new = read(old_note, keys), read(new_note, keys)
    return verify_consistency(old.size, new.size, old.root, new.root, path)


class _Log:
    """One pass over a log file."""

    def __init__(self, file: BinaryIO, trusted: list[VerifierKey], kept: str | None) -> None:
        self.file = file
        self.trusted = bool(trusted)
        self.keys = trusted
        self.frontier = Frontier()
        self.since = self.promised = self.checkpoints = self.signed_size = self.line = 0
        self.leaves: list[bytes] = []
        self.kept_note = kept
        self.kept: Checkpoint | None = None

    def report(self) -> Report:
        fault = None
        try:
            self._begin()
            self._walk()
            self._end()
        except _Found as found:
            fault = found.fault
        return Report(
            ok=fault is None,
            size=self.frontier.size,
            root=base64.b64encode(self.frontier.root).decode(),
            since=self.since,
            checkpoints=self.checkpoints,
            keys=[str(one) for one in self.keys],
            trusted=self.trusted,
            fault=fault,
        )

    def _begin(self) -> None:
        self.line = 1
        head = _header(self.file.readline(logfile.LINE_MAX)) or {}
        try:
            self.keys = self.keys or [VerifierKey.read(one) for one in head["keys"]]
            peaks = tuple(base64.b64decode(peak, validate=True) for peak in head["peaks"])
            self.frontier = Frontier(_whole(head["since"]), peaks)
            self.promised = _whole(head["size"])
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise _Found("not-a-log", 1, str(fault)[:200])
        self.since = self.signed_size = self.frontier.size
        if self.kept_note is not None:
            self.kept = read(self.kept_note, self.keys)
            if self.kept.size < self.since:
                raise ValueError(f"your checkpoint of {self.kept.size} lies before this download, from {self.since}")
            if self.kept.size == self.since:
                self._continues_kept(self.kept)

    def _walk(self) -> None:
        position = self.since
        for line in self._lines():
            if line.startswith(b"=\t"):
                self._checkpoint(line[2:])
                continue
            place, _, rest = line.partition(b"\t")
            stated, tab, text = rest.partition(b"\t")
            if not tab or not place.isdigit() or len(place) > 19:
                raise _Found("junk-line", self.line)
            if int(place) != position:
                raise self._misplaced(int(place), position)
            leaf = sha256(b"\x00" + text).digest()
            if base64.b64encode(leaf) != stated:
                raise _Found("altered", self.line)
            self.leaves.append(leaf)
            position += 1
            if self.kept and position == self.kept.size:
                self._grow()
                self._continues_kept(self.kept)

    def _lines(self) -> Iterator[bytes]:
        while line := self.file.readline(logfile.LINE_MAX):
            self.line += 1
            if not line.endswith(b"\n"):
                raise _Found("junk-line" if len(line) == logfile.LINE_MAX else "truncated", self.line)
            try:
                line.decode()
            except UnicodeDecodeError as fault:
                raise _Found("not-utf-8", self.line, f"byte {fault.start + 1}")
            yield line[:-1]

    def _misplaced(self, place: int, expected: int) -> _Found:
        code = "duplicate-line" if place < expected else "out-of-order"
        return _Found(code, self.line, f"{place}, {expected} expected")

    def _checkpoint(self, quoted: bytes) -> None:
        try:
            note = json.loads(quoted)
        except (ValueError, RecursionError):  # also a number longer than Python reads
            raise _Found("bad-checkpoint", self.line)
        if not isinstance(note, str):
            raise _Found("bad-checkpoint", self.line)
        checkpoint = _checked_note(note, self.keys, self.line)
        self._grow()
        if checkpoint.size > self.frontier.size:
            raise _Found("out-of-order", self.line, f"{checkpoint.size} > {self.frontier.size}")
        if checkpoint.size < self.frontier.size or checkpoint.root != self.frontier.root:
            raise _Found("fork", self.line, f"{self.signed_size}–{self.frontier.size}")
        self.signed_size = checkpoint.size
        self.checkpoints += 1

    def _grow(self) -> None:
        self.frontier, _ = self.frontier.extend(self.leaves)
        self.leaves = []

    def _continues_kept(self, kept: Checkpoint) -> None:
        if kept.root != self.frontier.root:
            raise _Found("fork", self.line, f"kept: {kept.size}")

    def _end(self) -> None:
        self._grow()
        if self.signed_size != self.frontier.size or self.frontier.size != self.promised:
            raise _Found("truncated", self.line, f"{self.frontier.size} / {self.promised}")
        if self.frontier.size and not self.checkpoints:
            raise _Found("truncated", self.line)
        if self.kept and self.kept.size > self.frontier.size:
            raise _Found("shorter", self.line, f"{self.frontier.size} < {self.kept.size}")


def _header(line: bytes) -> dict[str, Any] | None:
    """The header, or None where the first line is none."""
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return head if isinstance(head, dict) and head.get("madang-log") == logfile.VERSION else None


def _whole(value: object) -> int:
    """A whole number as JSON wrote it: neither 1.5 nor Infinity nor true. Raises ValueError."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"not a whole number: {value!r}"[:80])
    return value


def _checked_note(note: str, keys: list[VerifierKey], line: int) -> Checkpoint:
    codes = {"malformed": "bad-checkpoint", "unknown-key": "wrong-key", "bad-signature": "bad-signature"}
    try:
        return read(note, keys)
    except NoteError as fault:
        raise _Found(codes[fault.code], line, str(fault))


def main(argv: list[str]) -> int:
    """`verify PATH [--key K] [--kept FILE] [--json]`. Exit code 0: whole; 1: a fault; 2: wrongly called."""
    parser = argparse.ArgumentParser(prog="madang", description="Check a log of Madang without Madang.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("verify", help="check a downloaded log (.log) or a receipt (.json)")
    command.add_argument("path", type=Path)
    command.add_argument("--key", help="the verifier key the city publishes: name+hash+base64")
    command.add_argument("--kept", type=Path, help="a signed checkpoint you saved earlier; the log must continue it")
    command.add_argument("--json", action="store_true", help="print the report as JSON")
    try:
        wish = parser.parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        report = verify(wish.path, wish.key, kept=wish.kept.read_text("utf-8") if wish.kept else None)
    except (ValueError, OSError) as fault:
        print(fault, file=sys.stderr)
        return 2
    print(json.dumps(asdict(report), ensure_ascii=False) if wish.json else _told(report))
    return 0 if report.ok else 1


def _told(report: Report) -> str:
    if report.fault:
        return f"✗ {report.fault.words('ko')}\n  {report.fault.words('en')}"
    lines = [
        f"✓ 기록 {report.size:,}건이 온전합니다. 도장 {report.checkpoints:,}개를 확인했습니다.",
        f"  {report.size:,} entries are whole; {report.checkpoints:,} signed checkpoints checked.",
        f"  root {report.root}",
    ]
    if report.since:
        lines.append(f"  {report.since:,}번 기록부터 / from entry {report.since:,}")
    if not report.trusted:
        lines += [
            "! 파일 안의 열쇠로 확인했습니다. 시가 따로 공개한 열쇠와 같은지 보십시오 (--key).",
            "! Checked with the key inside the file. Compare it with the one the city publishes (--key):",
        ]
    return "\n".join([*lines, *(f"  {key}" for key in report.keys)])
