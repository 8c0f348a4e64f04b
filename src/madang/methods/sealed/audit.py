"""`madang audit POLL.zip`: check and recount a sealed poll with nothing but its file — no network, no Django, no trust in the server.

1. In this order: the house's signature; the seal's key; rights issued; every ballot (its right, its signature, its place, its seal) beside
   checkpoints and cosignatures; turns; paper and desks; the count. The first fault is named with file and line; the rest is not judged.
2. One pass, a line at a time. Memory holds distinct votes and one sixty-fourth of the keys, whatever the number of ballots.
3. A ballot that does not open or is not in a written form is no fault: it is void and counted as such, in public.
4. Only what is signed is believed; each file's bytes must be those of the signed closing.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from madang.methods.sealed import board, counting, seal, telling
from madang.methods.sealed.bundle import Bundle
from madang.methods.sealed.crew import Checked, Lines, check_all
from madang.methods.sealed.growth import Growth
from madang.methods.sealed.poll import Poll, check_house_signature
from madang.methods.sealed.poll import read as read_poll
from madang.methods.sealed.sieve import Sieve
from madang.methods.sealed.turns import Turns
from madang.methods.sealed.writing import SealedError, fields, strict, unb64, written
from madang.methods.transparency.checkpoint import VerifierKey

DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
DESK = {"desk": str, "class": str, "handed": int, "spoiled": int, "unreturned": int, "counted": int, "difference": int}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which file, and in which line of it (0: the file as a whole)."""

    code: str
    file: str = ""
    line: int = 0
    detail: str = ""

    def words(self, language: str = "ko") -> str:
        line = {"ko": f" {self.line:,}번째 줄", "en": f" line {self.line:,}"}[language] if self.line else ""
        place = f"{self.file}{line}: " if self.file else ""
        return place + telling.words(self.code, language) + (f" ({self.detail})" if self.detail else "")


@dataclass(slots=True)
class Tally:
    """The sums of one class: people on the roll, rights given out by each issuer, ballots from the box and on paper."""

    roll: int = 0
    issued: dict[str, int] = field(default_factory=dict)
    sealed: int = 0
    paper: int = 0


@dataclass(slots=True)
class Report:
    """What was found. `ok` only if everything was checked and holds; then `result` is the recount, equal to the published one."""

    ok: bool = False
    fault: Fault | None = None
    poll: str = ""
    digest: str = ""
    house: str = ""
    trusted: bool = False
    ballots: int = 0
    superseded: int = 0
    checkpoints: int = 0
    cosigned: list[str] = field(default_factory=list)
    classes: dict[str, Tally] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
    receipt: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    root: str = ""


class Found(Exception):
    """The first fault; ends the audit."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def audit(path: Path | str, *, key: str = "", receipt: str = "", kept: str = "", workers: int = 1) -> Report:
    """Check and recount a poll.zip.

    `key`: the house's verifier key (`name+hash+base64`) as the city publishes it. `receipt`: a voter's code, or the box's whole answer
    as JSON; its ballot must be on the board, and if it is not, the box's signature proves that it was dropped.
    `kept`: a checkpoint saved earlier, which the board must contain. `workers`: processes that check ballots; the report is the same.
    Raises ValueError only for a mistyped key, code or kept note; every fault of the file is in the report.
    """
    return audited(path, key=key, receipt=receipt, kept=kept, workers=workers)[0]


def audited(
    path: Path | str, *, key: str = "", receipt: str = "", kept: str = "", workers: int = 1
) -> tuple[Report, Poll | None, counting.Votes]:
    """As `audit`, with the poll and its opened votes beside the report, for those who count by other rules."""
    given = board.read_receipt(receipt) if receipt else None
    checking = _Audit(VerifierKey.read(key) if key else None, given, kept, workers)
    try:
        with _within(""), Bundle(path) as bundle:
            checking.run(bundle)
    except Found as found:
        checking.report.fault = found.fault
    except OSError as fault:
        checking.report.fault = Fault("unreadable", detail=fault.strerror or "")
    checking.report.ok = checking.report.fault is None
    return checking.report, checking.poll, checking.votes


@contextmanager
def _within(file: str, line: int = 0) -> Iterator[None]:
    """Say where a refusal happened."""
    try:
        yield
    except SealedError as fault:
        code = fault.code if fault.code in telling.WORDS else "malformed"
        raise Found(Fault(code, file, line, str(fault))) from None


class _Audit:
    def __init__(self, key: VerifierKey | None, receipt: board.Receipt | None, kept: str, workers: int) -> None:
        self.key, self.receipt, self.kept, self.workers = key, receipt, kept, workers
        self.report = Report(trusted=key is not None)
        self.votes: counting.Votes = Counter()
        self.poll: Poll | None = None
        self.closed: dict[str, bytes] = {}

    def run(self, bundle: Bundle) -> None:
        """All steps; the first fault raises Found."""
        poll = self.poll = self._house(bundle)
        key = self._seal(bundle, poll)
        self._issued(bundle, poll)
        if self.receipt and self.receipt.signature:
            with _within(""):
                board.check_receipt(poll, self.receipt.leaf, self.receipt.signature)
        self._board(bundle, poll, key)
        self._more_than_rights()
        self._paper(bundle, poll)
        self._result(bundle, poll)

    def _house(self, bundle: Bundle) -> Poll:
        with _within("poll.json"):
            poll = read_poll(bundle.whole("poll.json"))
            counting.paper(poll)
        with _within("poll.sig"):
            house = check_house_signature(poll.raw, bundle.whole("poll.sig"), self.key, "bad-poll-signature")
        with _within("closing.json"):
            self.closed = bundle.closing(poll, house)
        self.report.poll, self.report.house = poll.slug, str(house)
        self.report.digest = poll.digest.hex()
        if self.key is None:
            self._note("untrusted-key", str(house))
        self.report.classes = {name: Tally(one.roll, {issuer.name: 0 for issuer in one.issuers}) for name, one in poll.classes.items()}
        self._unaltered(bundle, "poll.json", "poll.sig")
        return poll

    def _seal(self, bundle: Bundle, poll: Poll) -> seal.SealKey:
        with _within("seal.json"):
            given = fields(strict(bundle.whole("seal.json")), {"seed": str})
            key = seal.SealKey.read(unb64(given["seed"], code="bad-seed"))
            if key.public != poll.seal:
                raise SealedError("wrong-seal-key", "its public half is not the one all ballots were sealed for")
        self._unaltered(bundle, "seal.json")
        return key

    def _issued(self, bundle: Bundle, poll: Poll) -> None:
        with _within("issued.json"):
            rows = strict(bundle.whole("issued.json"), "bad-issued")
            if not isinstance(rows, list):
                raise SealedError("bad-issued", "a list is expected")
            seen = set()
            for place, one in enumerate(rows):
                row = fields(one, {"class": str, "issuer": str, "day": str, "issued": int}, "bad-issued", f"[{place}]")
                tally = self.report.classes.get(str(row["class"]))
                name, number = str(row["issuer"]), cast(int, row["issued"])
                line = (row["class"], name, row["day"])
                if tally is None or name not in tally.issued or not DAY.fullmatch(str(row["day"])) or number < 0 or line in seen:
                    raise SealedError("bad-issued", f"[{place}]: unknown, below 0, or twice")
                seen.add(line)
                tally.issued[name] += number
            for key, tally in self.report.classes.items():
                for name, number in tally.issued.items():
                    if number > tally.roll:
                        raise SealedError("more-rights-than-roll", f"{key}, {name}: {number:,} > {tally.roll:,}")
        self._unaltered(bundle, "issued.json")

    def _board(self, bundle: Bundle, poll: Poll, key: seal.SealKey) -> None:
        growth = Growth(poll, bundle.notes(), self.kept)
        lines = Lines(bundle.lines("board.jsonl"))
        number = 0
        with _within("board.jsonl"), Sieve(Turns.SIZE) as sieve:
            turns = Turns(poll, sieve)
            for number, each in enumerate(check_all(poll, key, lines, self.workers), start=1):
                try:
                    if isinstance(each, SealedError):
                        raise each
                    growth.add(each.leaf)
                except SealedError as fault:
                    raise Found(self._named(fault, number, growth, lines)) from None
                turns.add(each, number)
                self._take(each, number)
            self._grown(growth, number)
            turns.check()
        self.report.ballots = number
        self._unaltered(bundle, "board.jsonl", "checkpoints.txt")
        if self.receipt and not self.report.receipt:
            proof = "; the box's own signature proves that it took this ballot" if self.receipt.signature else ""
            raise Found(Fault("receipt-missing", "board.jsonl", detail=self.receipt.code + proof))

    def _take(self, checked: Checked, number: int) -> None:
        """Put one ballot into the sums."""
        if checked.marks is None:
            self.report.superseded += 1
        else:
            self.votes[checked.class_key, checked.marks] += 1
            self.report.classes[checked.class_key].sealed += 1
        if self.receipt and board.code(checked.leaf) == self.receipt.code:
            counted = checked.marks is not None
            self.report.receipt = {"code": self.receipt.code, "line": number, "counted": counted, "marks": checked.marks}

    def _named(self, fault: SealedError, number: int, growth: Growth, lines: Lines) -> Fault:
        """The fault of a line; where only the tree differs, how many lines there are says whether one was added, dropped or replaced."""
        if fault.code not in ("ballots-reordered", "wrong-root", "past-the-end"):
            code = fault.code if fault.code in telling.WORDS else "malformed"
            return Fault(code, "checkpoints.txt" if code in Growth.OF_NOTES else "board.jsonl", number, str(fault))
        with _within("checkpoints.txt"):
            signed = growth.last().size
        for _ in lines:
            continue
        detail = f"{lines.read:,} / {signed:,}"
        if lines.read == signed:
            return Fault("ballots-reordered" if fault.code == "ballots-reordered" else "ballot-replaced", "board.jsonl", number, detail)
        return Fault("ballot-added" if lines.read > signed else "ballot-dropped", "board.jsonl", number, detail)

    def _grown(self, growth: Growth, number: int) -> None:
        with _within("checkpoints.txt"):
            last = growth.last()
            if last.size != number:
                raise Found(Fault("ballot-dropped", "board.jsonl", number, f"{number:,} / {last.size:,}"))
            self.report.checkpoints, self.report.root = growth.notes, last.root.hex()
            self.report.cosigned = sorted(growth.cosigned)
            absent = [each.name for each in growth.poll.witnesses if each.name not in growth.cosigned]
            if absent and len(absent) * 2 >= len(growth.poll.witnesses):
                raise SealedError("too-few-cosignatures", f"absent: {', '.join(absent)}")
            growth.check_kept()
        if not growth.poll.witnesses:
            self._note("no-witnesses", "")
        for name in absent:
            self._note("absent-witness", name)

    def _more_than_rights(self) -> None:
        for key, tally in self.report.classes.items():
            for name, number in tally.issued.items():
                if tally.sealed > number:
                    raise Found(Fault("more-ballots-than-rights", "issued.json", 0, f"{key}, {name}: {tally.sealed:,} > {number:,}"))

    def _paper(self, bundle: Bundle, poll: Poll) -> None:
        typed: Counter[tuple[str, str]] = Counter()
        room = sum(one.roll for one in poll.classes.values())
        with _within("paper.jsonl"), Sieve(Turns.SERIAL_SIZE) as sieve:
            for number, line in enumerate(bundle.lines("paper.jsonl"), start=1):
                with _within("paper.jsonl", number):
                    row = fields(strict(line, "bad-row"), {"desk": str, "serial": str, "class": str, "marks": str}, "bad-row")
                    key = str(row["class"])
                    if key not in poll.classes:
                        raise SealedError("unknown-class", key[:80])
                    if number > room:
                        raise SealedError("more-rights-than-roll", f"more than {room:,} paper ballots")
                sieve.add(Turns.serial(str(row["serial"]), number))
                typed[str(row["desk"]), key] += 1
                self.votes[key, str(row["marks"])] += 1
                self.report.classes[key].paper += 1
            Turns.check_serials(sieve)
        with _within("desk.json"):
            self._desk(bundle, typed)
            for key, tally in self.report.classes.items():
                for name, issued in tally.issued.items():
                    if issued + tally.paper > tally.roll:
                        raise SealedError("more-rights-than-roll", f"{key}, {name}: {issued:,} + {tally.paper:,} > {tally.roll:,}")
        self._unaltered(bundle, "paper.jsonl", "desk.json")

    def _desk(self, bundle: Bundle, typed: Counter[tuple[str, str]]) -> None:
        rows = strict(bundle.whole("desk.json"), "bad-desk")
        if not isinstance(rows, list):
            raise SealedError("bad-desk", "a list is expected")
        seen = set()
        for place, one in enumerate(rows):
            row = fields(one, DESK, "bad-desk", f"[{place}]")
            desk = str(row["desk"]), str(row["class"])
            handed, spoiled, unreturned, counted, difference = (cast(int, row[name]) for name in list(DESK)[2:])
            if desk in seen or desk[1] not in self.report.classes or min(handed, spoiled, unreturned, counted) < 0:
                raise SealedError("bad-desk", f"[{place}]: unknown, below 0, or twice")
            seen.add(desk)
            if counted + difference != handed - spoiled - unreturned or counted != typed[desk]:
                raise SealedError("desk-sum", f"{' '.join(desk)}: {typed[desk]:,} typed, {counted:,} + {difference:,} stated")
            if difference:
                self._note("desk-difference", f"{' '.join(desk)}: {difference:+,}")
        if missing := set(typed) - seen:
            raise SealedError("desk-sum", f"no sheet of {' '.join(min(missing))}")

    def _result(self, bundle: Bundle, poll: Poll) -> None:
        result = counting.counted(poll, self.votes)
        with _within("result.json"):
            raw = bundle.whole("result.json")
            if raw != written(result):
                published = strict(raw)
                raise SealedError("wrong-result", _difference(result, published))
        self.report.result = result
        self._unaltered(bundle, "result.json")

    def _unaltered(self, bundle: Bundle, *names: str) -> None:
        for name in names:
            if bundle.hashes[name] != self.closed[name]:
                raise Found(Fault("altered-file", name))

    def _note(self, code: str, detail: str) -> None:
        self.report.notes.append((code, detail))


def _difference(ours: object, theirs: object, path: str = "$") -> str:
    """Where two results part."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted({*ours, *theirs}):
            if ours.get(key, ...) != theirs.get(key, ...):
                return _difference(ours.get(key), theirs.get(key), f"{path}.{key}")
    return f"{path}: {str(ours)[:80]} ≠ {str(theirs)[:80]}"
