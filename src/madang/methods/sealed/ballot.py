"""A cast ballot: header, signature, sealed part — how they are written, read and checked.

1. The header is canonical and has one reading; its bytes are kept, signed and hashed as received.
2. Checking needs poll.json and the ballot, nothing else: the box and every auditor do exactly the same.
3. The body of a cast has one length for the whole poll: a JSON text and then spaces.
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256

from madang.methods.sealed import right as rights
from madang.methods.sealed import seal
from madang.methods.sealed.poll import Poll, ed25519_signed
from madang.methods.sealed.right import Right, Voter
from madang.methods.sealed.writing import SealedError, b64, fields, plain, unb64, written
from madang.methods.transparency.canonical import WHOLE_MAX

SEQ_MAX = WHOLE_MAX
SIG_SIZE = 64
_RIGHT = r"[A-Za-z0-9_-]{342}"
_HASH = r"[A-Za-z0-9_-]{43}"
_HEADER = re.compile(
    rf'\{{"class":"([^"\\\x00-\x1f]{{1,64}})","pk":"({_HASH})","poll":"({_HASH})",'
    rf'"right":\["({_RIGHT})","({_RIGHT})"\],"sealed":"({_HASH})","seq":([1-9][0-9]{{0,15}})\}}'
)


@dataclass(frozen=True, slots=True)
class Header:
    """What a voter signs: her class, her one-time key, her right, the hash of the sealed part, and the turn (1, 2, …)."""

    raw: bytes = field(repr=False)
    class_key: str
    pk: bytes
    poll: bytes
    right: Right = field(repr=False)
    sealed: bytes
    seq: int


@dataclass(frozen=True, slots=True)
class Cast:
    """One ballot as it is sent: the exact bytes of the header, its signature, the sealed part."""

    header: bytes
    sig: bytes
    sealed: bytes

    @property
    def leaf(self) -> bytes:
        return leaf(self.header, self.sig)

    def body(self, poll: Poll) -> bytes:
        """The body of `POST /cast`, of the same length for every ballot of the poll."""
        text = written({"header": b64(self.header), "sig": b64(self.sig), "sealed": b64(self.sealed)})
        return text.ljust(body_size(poll))

    @classmethod
    def read(cls, poll: Poll, body: bytes) -> "Cast":
        """Read a body. Raises SealedError: wrong-size · malformed · wrong-length (of the sealed part)."""
        if len(body) != body_size(poll):
            raise SealedError("wrong-size", f"a cast has {body_size(poll)} bytes, not {len(body)}")
        given = fields(plain(body), {"header": str, "sig": str, "sealed": str})
        cast = cls(unb64(given["header"]), unb64(given["sig"], SIG_SIZE), unb64(given["sealed"]))
        if len(cast.sealed) != poll.sealed_size:
            raise SealedError("wrong-length", f"a sealed ballot has {poll.sealed_size} bytes, not {len(cast.sealed)}")
        return cast


def write_header(poll: Poll, class_key: str, pk: bytes, right: Right, sealed: bytes, seq: int) -> bytes:
    """The canonical header of a ballot. Raises SealedError("malformed") for a turn outside 1 … 2^53−1."""
    if not 1 <= seq <= SEQ_MAX:
        raise SealedError("malformed", f"seq: 1 … {SEQ_MAX}, not {seq}")
    return written({
        "class": class_key, "pk": b64(pk), "poll": b64(poll.digest), "right": [b64(part) for part in right],
        "sealed": b64(sha256(sealed).digest()), "seq": seq,
    })  # fmt: skip


def read_header(poll: Poll, raw: bytes) -> Header:
    """Read a header of this poll. Raises SealedError: malformed · other-poll · unknown-class."""
    try:
        parts = _HEADER.fullmatch(raw.decode())
    except UnicodeDecodeError:
        parts = None
    if parts is None:
        raise SealedError("malformed", "not a header in canonical form")
    class_key, pk, named, first, second, sealed, seq = parts.groups()
    digest = unb64(named, 32)
    if digest != poll.digest:
        raise SealedError("other-poll", f"the ballot is of the poll {named}")
    if class_key not in poll.classes:
        raise SealedError("unknown-class", f"{class_key!r} is no class of this poll")
    if int(seq) > SEQ_MAX:
        raise SealedError("malformed", f"seq: 1 … {SEQ_MAX}")
    return Header(raw, class_key, unb64(pk, 32), digest, (unb64(first, 256), unb64(second, 256)), unb64(sealed, 32), int(seq))


def check(poll: Poll, header: Header, sig: bytes) -> None:
    """Check both issuers' signatures and the voter's. Raises SealedError: weak-key · bad-right · bad-signature · no-revote."""
    if header.seq != 1 and not poll.revote:
        raise SealedError("no-revote", "this poll takes one ballot of each key, with seq 1")
    rights.check(poll, header.class_key, header.pk, header.right)
    if not ed25519_signed(header.pk, sig, signed(header.raw)):
        raise SealedError("bad-signature", "the voter's signature does not fit the header")


def check_sealed(poll: Poll, header: Header, sealed: bytes) -> None:
    """Check the sealed part against the header. Raises SealedError: wrong-length · sealed-altered."""
    if len(sealed) != poll.sealed_size:
        raise SealedError("wrong-length", f"a sealed ballot has {poll.sealed_size} bytes, not {len(sealed)}")
    if sha256(sealed).digest() != header.sealed:
        raise SealedError("sealed-altered", "the sealed part is not the one the header names")


def make(voter: Voter, marks: str, seq: int = 1) -> Cast:
    """Seal, write and sign a ballot. Raises SealedError: no-right, before both issuers answered · too-long."""
    if voter.right is None:
        raise SealedError("no-right", "both issuers have to sign first")
    poll, pk = voter.poll, voter.pk
    sealed = seal.seal(poll.seal, seal.padded(marks, poll.padded), info(poll.digest, voter.class_key, pk, seq))
    header = write_header(poll, voter.class_key, pk, voter.right, sealed, seq)
    return Cast(header, voter.secret.sign(signed(header)), sealed)


def info(digest: bytes, class_key: str, pk: bytes, seq: int) -> bytes:
    """What the seal is bound to."""
    return b"madang-seal@1\0" + digest + class_key.encode() + b"\0" + pk + seq.to_bytes(8, "big")


def signed(header: bytes) -> bytes:
    """The bytes the voter signs."""
    return b"madang-cast@1\0" + header


def leaf(header: bytes, sig: bytes) -> bytes:
    """The ballot's hash on the board (RFC 9162)."""
    return sha256(b"\0" + header + sig).digest()


def body_size(poll: Poll) -> int:
    """Bytes of every cast of a poll: room for its longest class and the largest turn."""
    longest = max(len(key.encode()) for key in poll.classes)
    hashes = 3 * (43 + 2) + 2 * (342 + 2)
    header = len('{"class":"","pk":,"poll":,"right":[,],"sealed":,"seq":}') + longest + hashes + 16
    return len('{"header":"","sealed":"","sig":""}') + sum(map(_coded, (header, poll.sealed_size, SIG_SIZE)))


def _coded(size: int) -> int:
    """Letters of base64url without padding for so many bytes."""
    return (size * 8 + 5) // 6
