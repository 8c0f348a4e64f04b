"""The voting right: a one-time key of the voter's own, signed blind by both issuers of her class.

1. What is signed blind is `"madang-right@1\\0" ‖ P ‖ class ‖ 0x00 ‖ pk`: the right is bound to the key, so nobody who sees it can use it.
2. One issuer alone can make no right; both see only a blinded number.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from madang.methods.sealed import blind
from madang.methods.sealed.poll import Poll
from madang.methods.sealed.writing import SealedError

Right = tuple[bytes, bytes]

# points of small order (a signature of one would fit any message), the sign bit left out
SMALL_ORDER = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)


def message(digest: bytes, class_key: str, pk: bytes) -> bytes:
    """The bytes both issuers sign without seeing them."""
    return b"madang-right@1\0" + digest + class_key.encode() + b"\0" + pk


def check(poll: Poll, class_key: str, pk: bytes, right: Right) -> None:
    """Raises SealedError: unknown-class · weak-key · bad-right, naming the issuer whose signature does not fit."""
    if class_key not in poll.classes:
        raise SealedError("unknown-class", f"{class_key!r} is no class of this poll")
    if pk[:31] + bytes([pk[31] & 0x7F]) in SMALL_ORDER:
        raise SealedError("weak-key", "a key of small order signs everything")
    said = message(poll.digest, class_key, pk)
    for issuer, signature in zip(poll.classes[class_key].issuers, right, strict=True):
        if not blind.verify(issuer.key, said, signature):
            raise SealedError("bad-right", f"the right was not signed by {issuer.name} for {class_key} in this poll")


@dataclass
class Voter:
    """A voter's device, as far as it is Python: for tests, kiosks and terminals. The secret key stays in `secret`."""

    poll: Poll
    class_key: str
    secret: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate, repr=False)
    blinded: tuple[blind.Blinded, blind.Blinded] = field(init=False, repr=False)
    right: Right | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.class_key not in self.poll.classes:
            raise SealedError("unknown-class", f"{self.class_key!r} is no class of this poll")
        first, second = self.poll.classes[self.class_key].issuers
        said = message(self.poll.digest, self.class_key, self.pk)
        self.blinded = blind.blind(first.key, said), blind.blind(second.key, said)

    @property
    def pk(self) -> bytes:
        return self.secret.public_key().public_bytes_raw()

    def receive(self, first: bytes, second: bytes) -> Right:
        """Take both issuers' answers, check them, keep the right. Raises SealedError("invalid-signature")."""
        said = message(self.poll.digest, self.class_key, self.pk)
        issuers = self.poll.classes[self.class_key].issuers
        signed = [
            blind.finalize(issuer.key, said, answer, blinded.inverse)
            for issuer, answer, blinded in zip(issuers, (first, second), self.blinded, strict=True)
        ]
        self.right = signed[0], signed[1]
        return self.right
