"""Signed checkpoints: "on this day the log had this many lines, and this root", signed so that it cannot be denied.

1. The text is C2SP tlog-checkpoint: origin, size, base64 root, each on its line.
2. The envelope and the keys are C2SP signed-note with Ed25519 (type 0x01): `— name base64(key id ‖ signature)`.
3. The origin of a checkpoint is the name of the key that signs it; a log keeps its name for life.

Sources: https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note, RFC 8032.
"""

import base64
import binascii
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from madang.methods.transparency.merkle import HASH_SIZE

ED25519 = b"\x01"
NOTE_MAX = 1_000_000  # characters; the specification's own bound


class NoteError(ValueError):
    """A note that does not hold: `code` is malformed, unknown-key or bad-signature."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half: what the city prints, and what everyone checks with."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _well_named(self.name)

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def signed(self, text: str, signature: bytes) -> bool:
        try:
            _public(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_b64(ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """Read `name+hash+base64`. Raises ValueError with the reason."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise ValueError("a verifier key looks like name+hash+base64")
        key = cls(parts[0], _key_bytes(parts[2]))
        if parts[1] != key.key_id.hex():
            raise ValueError(f"the key of {key.name} was mistyped: its hash is {key.key_id.hex()}, not {parts[1]}")
        return key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The secret half; `str()` gives only the public one, `secret()` the text to keep in a file."""

    name: str
    seed: bytes

    def __post_init__(self) -> None:
        _well_named(self.name)

    @classmethod
    def make(cls, name: str) -> "SigningKey":
        return cls(name, secrets.token_bytes(32))

    @classmethod
    def read(cls, text: str) -> "SigningKey":
        """Read `PRIVATE+KEY+name+hash+base64`. Raises ValueError with the reason, never with the secret."""
        parts = text.strip().split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise ValueError("a signing key looks like PRIVATE+KEY+name+hash+base64")
        key = cls(parts[2], _key_bytes(parts[4]))
        if parts[3] != key.verifier.key_id.hex():
            raise ValueError(f"the signing key of {key.name} is damaged: its hash does not fit")
        return key

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, _private(self.seed).public_key().public_bytes_raw())

    def secret(self) -> str:
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{_b64(ED25519 + self.seed)}"

    def sign(self, text: str) -> bytes:
        return _private(self.seed).sign(text.encode())

    def __str__(self) -> str:
        return str(self.verifier)

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r})"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"


def sign(checkpoint: Checkpoint, key: SigningKey) -> str:
    """Return the signed note. Raises ValueError if the checkpoint is of another log than the key."""
    if checkpoint.origin != key.name:
        raise ValueError(f"the key of {key.name} does not sign for {checkpoint.origin}")
    mark = _b64(key.verifier.key_id + key.sign(checkpoint.text))
    return f"{checkpoint.text}\n— {key.name} {mark}\n"


def read(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """Return the checkpoint of a note that at least one of `keys` signed, and whose origin that key names.

    Raises NoteError: malformed; bad-signature, if a line of a known key does not verify; unknown-key, if none is ours.
    """
    text, marks = _split(note)
    known = {(key.name, key.key_id): key for key in keys}
    signers = set()
    for name, key_id, signature in marks:
        key = known.get((name, key_id))
        if key is None:
            continue
        if not key.signed(text, signature):
            raise NoteError("bad-signature", f"the signature of {name} does not fit the checkpoint")
        signers.add(name)
    if not signers:
        names = ", ".join(name for name, _, _ in marks)
        raise NoteError("unknown-key", f"signed by {names}, by none of the given keys")
    checkpoint = _parse(text)
    if checkpoint.origin not in signers:
        raise NoteError("unknown-key", f"the checkpoint is of {checkpoint.origin}, the key of {', '.join(signers)}")
    return checkpoint


def _split(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    try:
        note.encode()
    except UnicodeEncodeError as fault:
        raise NoteError("malformed", f"a lone surrogate at character {fault.start} is not text") from None
    head, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n") or len(note) > NOTE_MAX:
        raise NoteError("malformed", "not a signed note: no signatures after an empty line")
    marks = []
    for line in tail[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—" or not parts[1]:
            raise NoteError("malformed", f"not a signature line: {line[:80]!r}")
        signed = _unb64(parts[2])
        if len(signed) < 5:
            raise NoteError("malformed", "a signature that is too short")
        marks.append((parts[1], signed[:4], signed[4:]))
    return head + "\n", marks


def _parse(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or "" in lines[1:-1]:
        raise NoteError("malformed", "a checkpoint has an origin, a size and a root, each on its line")
    size = lines[1]
    if not (size.isascii() and size.isdigit()) or (size[0] == "0" and size != "0") or len(size) > 19:
        raise NoteError("malformed", f"not a size: {size[:40]!r}")
    root = _unb64(lines[2])
    if len(root) != HASH_SIZE:
        raise NoteError("malformed", f"a root has {HASH_SIZE} bytes, not {len(root)}")
    return Checkpoint(lines[0], int(size), root)


def _well_named(name: str) -> None:
    if not name or "+" in name or any(letter.isspace() or not letter.isprintable() for letter in name):
        raise ValueError(f"{name!r} cannot name a key: no spaces, no plus sign, not empty")


def _key_bytes(text: str) -> bytes:
    key = _unb64(text)
    if len(key) != 33 or key[:1] != ED25519:
        raise ValueError("not an Ed25519 key: 0x01 and 32 bytes in base64 are expected")
    return key[1:]


@lru_cache(maxsize=64)
def _public(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)


@lru_cache(maxsize=4)
def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("malformed", f"not base64: {text[:60]!r}") from None
    if _b64(raw) != text:
        raise NoteError("malformed", "base64 with loose bits")
    return raw
