"""The board: leaves in batches, a checkpoint for each batch, witnesses who cosign it, and the voter's receipt.

1. In a batch leaves stand in the order of their hashes; each but the last has `batch` leaves or more. Places say nothing about arrival.
2. A checkpoint is a C2SP note of the log `madang/box/<P>`, signed by the box; the witnesses of poll.json add cosignature/v1 lines.
3. In a published note every signature line is one of these and fits; the last checkpoint has those of more than half of the witnesses.
4. A receipt is the box's signature over a leaf: with a board on which the leaf is not, it proves that a ballot was dropped.

Sources: RFC 9162 §2.1; https://c2sp.org/tlog-checkpoint, https://c2sp.org/tlog-cosignature.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from madang.methods.sealed.poll import Poll, ed25519_signed, origin
from madang.methods.sealed.writing import SealedError, plain, unb64
from madang.methods.transparency.checkpoint import Checkpoint, NoteError, SigningKey, VerifierKey, read, sign
from madang.methods.transparency.merkle import Frontier

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
COSIGNATURE = b"\x04"
TIME_MAX = 2**63 - 1


def batched(frontier: Frontier, leaves: Iterable[bytes]) -> tuple[list[bytes], Frontier]:
    """Append a batch: its leaves in the order they take on the board, and the frontier after them.

    Raises SealedError("duplicate-leaf") if a leaf stands twice.
    """
    ordered = sorted(leaves)
    if any(one == other for one, other in pairwise(ordered)):
        raise SealedError("duplicate-leaf", "a leaf stands twice in a batch")
    return ordered, frontier.extend(ordered)[0]


def box_key(poll: Poll, seed: bytes) -> SigningKey:
    """The box's signing key for a poll. Raises SealedError("wrong-box-key") if poll.json names another."""
    key = SigningKey(origin(poll.digest), seed)
    if key.verifier.public != poll.box:
        raise SealedError("wrong-box-key", "poll.json names another box")
    return key


def checkpoint(frontier: Frontier, key: SigningKey) -> str:
    """The signed checkpoint of a board that has come to this frontier."""
    return sign(Checkpoint(key.name, frontier.size, frontier.root), key)


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint whose every signature line fits: the box's, and those of the witnesses in `cosigned` with their times (Unix seconds)."""

    checkpoint: Checkpoint
    cosigned: Mapping[str, int]


def read_note(poll: Poll, note: str) -> Signed:
    """Read a published checkpoint. Each line under it has to be the box's or a named witness's, once, and to fit.

    Raises SealedError: bad-checkpoint · bad-box-signature · forged-cosignature · unknown-cosigner.
    """
    key = poll.box_key
    try:
        point = read(note, [key])
    except NoteError as fault:
        raise SealedError("bad-checkpoint" if fault.code == "malformed" else "bad-box-signature", str(fault)) from None
    if note.partition("\n\n")[0] + "\n" != point.text:
        raise SealedError("bad-checkpoint", "a checkpoint has three lines")
    witnesses = {each.name: each for each in poll.witnesses}
    cosigned: dict[str, int] = {}
    lines = note.partition("\n\n")[2][:-1].split("\n")
    for line in lines[1:]:
        name = line.split(" ")[1]
        if name not in witnesses or name in cosigned:
            raise SealedError("unknown-cosigner", f"{name[:80]!r} is no witness of this poll, or signs twice")
        cosigned[name] = _cosigned_at(point, witnesses[name], line)
    if not lines[0].startswith(f"— {key.name} "):
        raise SealedError("bad-checkpoint", "the box signs first")
    return Signed(point, cosigned)


def cosign(poll: Poll, note: str, witness: SigningKey, at: int) -> str:
    """A witness's line under a checkpoint, at a time in Unix seconds.

    The caller has made sure that the log only grew since it signed last. Raises SealedError for a note `read_note` refuses,
    bad-time, or unknown-cosigner where poll.json does not name the witness.
    """
    if witness.verifier not in poll.witnesses:
        raise SealedError("unknown-cosigner", f"{witness.name} is no witness of this poll")
    if not 0 <= at <= TIME_MAX:
        raise SealedError("bad-time", "a time is Unix seconds")
    point = read_note(poll, note).checkpoint
    signature = Ed25519PrivateKey.from_private_bytes(witness.seed).sign(_cosignable(point, at))
    mark = base64.b64encode(_cosigner_id(witness.verifier) + at.to_bytes(8, "big") + signature).decode()
    return f"— {witness.name} {mark}\n"


def with_cosignature(poll: Poll, note: str, line: str) -> str:
    """The note with one more line; the note as it is where that witness has signed already. Raises SealedError as `read_note`."""
    known = read_note(poll, note).cosigned
    if any(line.startswith(f"— {name} ") for name in known):
        return note
    longer = note + line
    read_note(poll, longer)
    return longer


def receipt(leaf: bytes, key: SigningKey, poll: Poll) -> bytes:
    """The box's signature over a leaf: 64 bytes of Ed25519."""
    return Ed25519PrivateKey.from_private_bytes(key.seed).sign(_receipted(poll, leaf))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter holds: the code, and, where she kept the box's whole answer, the leaf and the box's signature over it."""

    code: str
    leaf: bytes = b""
    signature: bytes = b""


def read_receipt(text: str) -> Receipt:
    """Read a code somebody typed, or the box's answer kept as JSON ({"leaf", "receipt", …}). Raises SealedError("bad-code")."""
    if not text.lstrip().startswith("{"):
        return Receipt(read_code(text))
    given = plain(text.encode(errors="replace"), "bad-code")
    if not isinstance(given, dict):
        raise SealedError("bad-code", "not a receipt")
    leaf = unb64(given.get("leaf"), 32, "bad-code")
    return Receipt(code(leaf), leaf, unb64(given.get("receipt"), 64, "bad-code"))


def check_receipt(poll: Poll, leaf: bytes, signature: bytes) -> None:
    """Raises SealedError("bad-receipt") if the box of this poll did not sign for this leaf."""
    if len(leaf) != 32 or not ed25519_signed(poll.box, signature, _receipted(poll, leaf)):
        raise SealedError("bad-receipt", "the box of this poll did not sign this receipt")


def code(leaf: bytes) -> str:
    """The first 60 bits of a leaf as people read them: `XXXX-XXXX-XXXX`, without 0, 1, I and O."""
    number = int.from_bytes(leaf[:8], "big") >> 4
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(11, -1, -1))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def read_code(text: str) -> str:
    """A code as `code` writes it, from what somebody typed: small letters, spaces, no hyphens. Raises SealedError("bad-code")."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(letters) != 12 or any(letter not in ALPHABET for letter in letters):
        raise SealedError("bad-code", "a receipt's code has twelve letters and digits, without 0, 1, I and O")
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def _cosigned_at(point: Checkpoint, witness: VerifierKey, line: str) -> int:
    try:
        mark = base64.b64decode(line.split(" ")[2], validate=True)
    except (binascii.Error, ValueError):
        raise SealedError("forged-cosignature", f"the line of {witness.name} is not base64") from None
    at = int.from_bytes(mark[4:12], "big")
    fits = len(mark) == 76 and mark[:4] == _cosigner_id(witness) and at <= TIME_MAX
    if not fits or not ed25519_signed(witness.public, mark[12:], _cosignable(point, at)):
        raise SealedError("forged-cosignature", f"the cosignature of {witness.name} does not fit the checkpoint of {point.size}")
    return at


def _cosigner_id(witness: VerifierKey) -> bytes:
    return sha256(witness.name.encode() + b"\n" + COSIGNATURE + witness.public).digest()[:4]


def _cosignable(point: Checkpoint, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{point.text}".encode()


def _receipted(poll: Poll, leaf: bytes) -> bytes:
    return b"madang-receipt@1\0" + poll.digest + leaf
