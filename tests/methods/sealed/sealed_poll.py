"""A small sealed poll made up for tests: keys, voters, a box, two witnesses, two desks, and poll.zip. Everything here is synthetic."""

import json
import random
import zipfile
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

from madang.methods.sealed import b64, ballot, blind, board, bundle, counting, poll, seal
from madang.methods.sealed.bundle import Posted
from madang.methods.sealed.right import Voter
from madang.methods.sealed.writing import written
from madang.methods.transparency.checkpoint import SigningKey
from madang.methods.transparency.merkle import Frontier

HOUSE = SigningKey("city.example", bytes([1]) * 32)
BOX_SEED = bytes([2]) * 32
WITNESSES = [SigningKey("press.example", bytes([3]) * 32), SigningKey("council.example", bytes([4]) * 32)]
SEAL = seal.SealKey.read(bytes([5]) * 32)
CLASSES = ("시민", "위원")
AT = 1_790_000_000
RULE = {"kind": "approval", "counting": "approval", "least": 1, "most": 2, "seats": 1}
OPTIONS = [{"place": number, "title": f"안 {number}", "cost": 100 * number} for number in (1, 2, 3)]


@cache
def issuers() -> dict[str, list[blind.SecretKey]]:
    return {key: [blind.SecretKey.make(), blind.SecretKey.make()] for key in CLASSES}


def content(**other) -> dict:
    """The fields of poll.json."""
    return {
        "poll": "made-up-poll", "title": {"ko": "지어낸 투표", "en": "A made-up poll"}, "use": "시험", "rule": RULE, "options": OPTIONS,
        "classes": [
            {"key": key, "roll": 60, "issuers": [
                {"name": name, "n": b64(made.public.written()), "e": 65537}
                for name, made in zip(("city", "observers"), issuers()[key], strict=True)
            ]} for key in CLASSES
        ],
        "box": b64(SigningKey("box", BOX_SEED).verifier.public),
        "witnesses": [{"name": each.name, "key": b64(each.verifier.public)} for each in WITNESSES],
        "seal": {"key": b64(SEAL.public), "of": 3, "least": 2},
        "batch": 5, "padded": 128, "revote": True, "opens_at": "2026-09-01T00:00:00Z", "closes_at": "2026-09-08T00:00:00Z",
    } | other  # fmt: skip


def voter(on: poll.Poll, class_key: str) -> Voter:
    """A voter with her right."""
    made = Voter(on, class_key)
    made.receive(*(blind.blind_sign(key, each.message) for key, each in zip(issuers()[class_key], made.blinded, strict=True)))
    return made


@dataclass
class Making:
    """A poll on its way to poll.zip; change any part before `write`."""

    poll: poll.Poll
    casts: list[list[ballot.Cast]] = field(default_factory=list)  # by batch
    superseded: set[bytes] = field(default_factory=set)
    paper: list[dict] = field(default_factory=list)
    desk: list[dict] = field(default_factory=list)
    issued: list[dict] = field(default_factory=list)
    votes: counting.Votes = field(default_factory=counting.Counter)

    def posted(self) -> list[Posted]:
        """The lines of the board."""
        lines = []
        for batch in self.casts:
            for cast in sorted(batch, key=lambda each: each.leaf):
                lines.append(Posted(cast.header, cast.sig, None if cast.leaf in self.superseded else cast.sealed))
        return lines

    def notes(self, witnesses=WITNESSES) -> list[str]:
        """The checkpoints, cosigned."""
        frontier, notes = Frontier(), []
        for batch in self.casts:
            _, frontier = board.batched(frontier, [cast.leaf for cast in batch])
            note = board.checkpoint(frontier, board.box_key(self.poll, BOX_SEED))
            for witness in witnesses:
                note = board.with_cosignature(self.poll, note, board.cosign(self.poll, note, witness, AT))
            notes.append(note)
        return notes

    def contents(self, **other) -> bundle.Contents:
        given = {
            "poll": self.poll, "poll_signature": poll.house_signature(self.poll.raw, HOUSE), "seal": SEAL, "issued": self.issued,
            "desk": self.desk, "checkpoints": self.notes(), "paper": self.paper,
            "board": self.posted(),
        }  # fmt: skip
        if "result" not in other:
            given["result"] = counting.counted(self.poll, self.votes)
        return bundle.Contents(**(given | other))

    def write(self, path: Path, **other) -> Path:
        bundle.write(path, self.contents(**other), HOUSE)
        return path


def made(number: int = 23, **other) -> Making:
    """A whole poll: `number` voters in both classes, some voting again, one who sealed nonsense, six paper ballots at two desks."""
    chance = random.Random(7)
    making = Making(poll.write(content(**other)))
    waiting: list[ballot.Cast] = []
    for count in range(number):
        class_key = CLASSES[count % 3 == 0]
        citizen = voter(making.poll, class_key)
        marks = chance.choice(["1", "2", "3", "1 2", "2 3", "1 2 3", "", "쓸모없는 글"])
        if count % 5 == 1 and making.poll.revote:
            early = ballot.make(citizen, "3", seq=count)
            making.superseded.add(early.leaf)
            waiting.append(early)
            waiting.append(ballot.make(citizen, marks, seq=count + 1))
        elif count == 4:
            waiting.append(nonsense(citizen))
            marks = seal.UNREADABLE
        else:
            waiting.append(ballot.make(citizen, marks))
        making.votes[class_key, marks] += 1
    size = making.poll.batch
    making.casts = [waiting[start : start + size] for start in range(0, len(waiting), size)] or [[]]
    for place in range(6):
        row = {"desk": "가" if place % 2 else "나", "serial": f"A-{place:04d}", "class": "시민", "marks": "1" if place else "9"}
        making.paper.append(row)
        making.votes[row["class"], row["marks"]] += 1
    making.desk = [
        {"desk": "가", "class": "시민", "handed": 4, "spoiled": 1, "unreturned": 0, "counted": 3, "difference": 0},
        {"desk": "나", "class": "시민", "handed": 4, "spoiled": 0, "unreturned": 0, "counted": 3, "difference": 1},
    ]
    making.issued = [
        {"class": key, "issuer": name, "day": day, "issued": 10} for key in CLASSES for name in ("city", "observers")
        for day in ("2026-09-01", "2026-09-02")
    ]  # fmt: skip
    return making


def odd(citizen: Voter, plaintext: bytes) -> ballot.Cast:
    """A ballot rightly signed and sealed over a plaintext nobody's device would write."""
    sealed = seal.seal(citizen.poll.seal, plaintext, ballot.info(citizen.poll.digest, citizen.class_key, citizen.pk, 1))
    header = ballot.write_header(citizen.poll, citizen.class_key, citizen.pk, citizen.right, sealed, 1)
    return ballot.Cast(header, citizen.secret.sign(ballot.signed(header)), sealed)


def nonsense(citizen: Voter) -> ballot.Cast:
    """A ballot rightly signed whose sealed part opens for nobody."""
    sealed = bytes(citizen.poll.sealed_size)
    header = ballot.write_header(citizen.poll, citizen.class_key, citizen.pk, citizen.right, sealed, 1)
    return ballot.Cast(header, citizen.secret.sign(ballot.signed(header)), sealed)


def parts(path: Path) -> dict[str, bytes]:
    """The files of a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, files: dict[str, bytes], *, closed: bool) -> Path:
    """A zip of these files; `closed`: the house itself signs them, as a dishonest house would."""
    if closed:
        closing = json.loads(files["closing.json"])
        closing["files"] = {name: b64(sha256(files[name]).digest()) for name in closing["files"]}
        files = files | {"closing.json": written(closing)}
        files |= {"closing.sig": poll.house_signature(files["closing.json"], HOUSE)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return path


STRANGE = [
    None, True, 0, 1, -1, 2**53 - 1, "", "x", "가", "\0", "\x85", [], {}, [1], {"a": 1}, [[]], "A" * 43, b64(bytes(32)), b64(b"\xff" * 256),
    "2026-09-01T00:00:00Z", [None], {"": ""},
]  # fmt: skip


def mutated(chance: random.Random, value):
    """A JSON value with one thing in it changed, taken out, doubled or put in."""
    value = json.loads(json.dumps(value))
    inner, key = chance.choice([(None, None), *_places(value)])
    if inner is None:
        return chance.choice(STRANGE)
    change = chance.randrange(4)
    if change == 0 and isinstance(inner, dict):
        del inner[key]
    elif change == 1 and isinstance(inner, list):
        inner.append(inner[key])
    elif change == 2 and isinstance(inner, dict):
        inner["more"] = 1
    else:
        inner[key] = chance.choice(STRANGE)
    return value


def _places(value):
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
