"""The seal: a ballot nobody opens before closing, and anybody opens afterwards (HPKE, RFC 9180).

1. Base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM; `sealed` is enc ‖ ciphertext; aad is empty.
2. The info binds poll, class, voter's key and turn: a copied ciphertext opens for nobody else.
3. Every plaintext has one length, so the length of a ballot says nothing.
4. The key comes from a 32-byte seed by DeriveKeyPair: publishing the seed opens the whole poll.
"""

import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from madang.methods.sealed.writing import SealedError, strict, written

SEED_SIZE = 32
OVERHEAD = 48  # bytes of enc (32) and tag (16)
UNREADABLE = "?"  # marks of a ballot that does not open: in no written form of any kind, so counted in public as void
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_SIMPLE = re.compile(rb'\{"marks":"([ !#-\[\]-~]*)"\}')  # ASCII without escapes: canonical as it stands
_KEM_ID = b"KEM\x00\x20"


@dataclass(frozen=True)
class SealKey:
    """The key that opens a poll. `repr` shows nothing of the seed."""

    seed: bytes = field(repr=False)
    loaded: X25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def make(cls) -> "SealKey":
        return cls.read(secrets.token_bytes(SEED_SIZE))

    @classmethod
    def read(cls, seed: bytes) -> "SealKey":
        """The key of a seed, by DeriveKeyPair (RFC 9180 §7.1.3). Raises SealedError("bad-seed") if it has not 32 bytes."""
        if len(seed) != SEED_SIZE:
            raise SealedError("bad-seed", f"a seed has {SEED_SIZE} bytes, not {len(seed)}")
        extracted = _extract(b"dkp_prk", seed)
        return cls(seed, X25519PrivateKey.from_private_bytes(_expand(extracted, b"sk", 32)))

    @property
    def public(self) -> bytes:
        return self.loaded.public_key().public_bytes_raw()

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """Return the plaintext. Raises SealedError("not-opened")."""
        try:
            return _SUITE.decrypt(sealed, self.loaded, info=info)
        except InvalidTag:
            raise SealedError("not-opened", "the ballot does not open with this key for this voter, class and poll") from None


def seal(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Seal a plaintext for the holder of the key: enc (32 bytes) ‖ ciphertext (16 bytes longer than the plaintext)."""
    return _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info=info)


def padded(marks: str, size: int) -> bytes:
    """Return the plaintext of a ballot: length in 2 bytes, `{"marks":"…"}`, zeros up to `size` bytes in all.

    Raises SealedError("too-long") for marks that do not fit.
    """
    text = written({"marks": marks})
    if len(text) + 2 > size:
        raise SealedError("too-long", f"marks of {len(text)} bytes do not fit into {size}")
    return len(text).to_bytes(2, "big") + text + bytes(size - 2 - len(text))


def unpadded(plaintext: bytes) -> str:
    """Return the marks of a plaintext. Raises SealedError("unreadable") unless it is exactly as `padded` writes it."""
    size = int.from_bytes(plaintext[:2], "big")
    text = plaintext[2 : 2 + size]
    if len(plaintext) < 2 + size or plaintext.count(0, 2 + size) != len(plaintext) - 2 - size:
        raise SealedError("unreadable", "not a length, a text and zeros")
    if simple := _SIMPLE.fullmatch(text):
        return simple[1].decode()
    value = strict(text, "unreadable")
    if not isinstance(value, dict) or list(value) != ["marks"] or not isinstance(value["marks"], str):
        raise SealedError("unreadable", 'not {"marks": text}')
    return value["marks"]


def opened(key: SealKey, sealed: bytes, info: bytes) -> str:
    """Return the marks of a sealed ballot, or `?` if it does not open or cannot be read: then it is void, in public."""
    try:
        return unpadded(key.open(sealed, info))
    except SealedError:
        return UNREADABLE


def _extract(label: bytes, secret: bytes) -> bytes:
    return digest(bytes(sha256().digest_size), b"HPKE-v1" + _KEM_ID + label + secret, "sha256")


def _expand(extracted: bytes, label: bytes, size: int) -> bytes:
    """LabeledExpand with empty info, for at most one block."""
    return digest(extracted, size.to_bytes(2, "big") + b"HPKE-v1" + _KEM_ID + label + b"\x01", "sha256")[:size]
