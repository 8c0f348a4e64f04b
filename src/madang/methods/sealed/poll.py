"""poll.json: everything about a sealed poll that is fixed before the first ballot, signed by the house.

1. Its bytes are canonical and hashed as they are: `P`, the name of the poll in every signature.
2. Two issuers for each class, and no key serves twice: a signer sees no message, so only keys keep polls and classes apart.
3. Reading is strict: an unknown field, another key size, a key twice, a time that is none, and nothing is used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from madang.methods.sealed.blind import E, PublicKey
from madang.methods.sealed.seal import OVERHEAD
from madang.methods.sealed.writing import SealedError, b64, fields, strict, unb64, written
from madang.methods.transparency.checkpoint import SigningKey, VerifierKey

FORMAT = "madang-poll@1"
FIELDS: Mapping[str, type] = {
    "format": str, "poll": str, "title": dict, "use": object, "rule": dict, "options": list, "classes": list, "box": str,
    "witnesses": list, "seal": dict, "batch": int, "padded": int, "revote": bool, "opens_at": str, "closes_at": str,
}  # fmt: skip
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
CLASS = re.compile(r"[^\s\"\\\x00-\x20\x7f-\xa0\ud800-\udfff]{1,64}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ROLL_MAX = 100_000_000
_CODE = "bad-poll"


@dataclass(frozen=True)
class Issuer:
    name: str
    key: PublicKey


@dataclass(frozen=True)
class PollClass:
    """One class of voters: its key (`seoul`, `시민`), how many are on its roll, and its two issuers in printed order."""

    key: str
    roll: int
    issuers: tuple[Issuer, Issuer]


@dataclass(frozen=True)
class Poll:
    """A poll as read; `raw` are its exact bytes and `digest` is P."""

    raw: bytes = field(repr=False)
    slug: str
    printed: Mapping[str, object] = field(repr=False)
    classes: Mapping[str, PollClass] = field(repr=False)
    box: bytes
    witnesses: tuple[VerifierKey, ...]
    seal: bytes
    shares: tuple[int, int]  # k of n
    batch: int
    padded: int
    revote: bool
    opens_at: datetime
    closes_at: datetime

    @cached_property
    def digest(self) -> bytes:
        return sha256(self.raw).digest()

    @cached_property
    def box_key(self) -> VerifierKey:
        """The box's key under the name of its log, `madang/box/<P>`."""
        return VerifierKey(origin(self.digest), self.box)

    @property
    def sealed_size(self) -> int:
        """Bytes of every sealed ballot."""
        return self.padded + OVERHEAD


def origin(digest: bytes) -> str:
    """The name of the board of a poll."""
    return f"madang/box/{b64(digest)}"


def write(content: Mapping[str, object]) -> Poll:
    """Write a poll from its fields (`format` may be left out) and read it again.

    Raises SealedError("bad-poll") for what `read` refuses.
    """
    try:
        raw = written({"format": FORMAT, **content})
    except ValueError as fault:
        raise SealedError(_CODE, str(fault)) from None
    return read(raw)


def read(raw: bytes) -> Poll:
    """Read poll.json. Raises SealedError("bad-poll") with the field that does not hold."""
    given = fields(strict(raw, _CODE), FIELDS, _CODE, "poll")
    if given["format"] != FORMAT:
        raise SealedError(_CODE, f"format is {FORMAT}")
    if not SLUG.fullmatch(str(given["poll"])):
        raise SealedError(_CODE, "poll: small letters, digits and hyphens, at most 100")
    if not isinstance(given["use"], str | dict):
        raise SealedError(_CODE, "use: text, or Korean and English")
    seal = fields(given["seal"], {"key": str, "of": int, "least": int}, _CODE, "seal")
    of, least = cast(int, seal["of"]), cast(int, seal["least"])
    if not 1 <= least <= of <= 255:
        raise SealedError(_CODE, f"seal: {least} of {of} shares")
    batch, padded = cast(int, given["batch"]), cast(int, given["padded"])
    if not 1 <= batch <= 1_000_000 or not 64 <= padded <= 65_536:
        raise SealedError(_CODE, f"batch {batch} (1 … 1,000,000), padded {padded} (64 … 65,536)")
    poll = Poll(
        raw=raw,
        slug=str(given["poll"]),
        printed={"rule": given["rule"], "options": given["options"]},
        classes=_classes(cast(list[object], given["classes"])),
        box=unb64(given["box"], 32, _CODE),
        witnesses=_witnesses(cast(list[object], given["witnesses"])),
        seal=unb64(seal["key"], 32, _CODE),
        shares=(least, of),
        batch=batch,
        padded=padded,
        revote=cast(bool, given["revote"]),
        opens_at=_time(given["opens_at"]),
        closes_at=_time(given["closes_at"]),
    )
    if poll.opens_at >= poll.closes_at:
        raise SealedError(_CODE, "a poll opens before it closes")
    return poll


def house_signature(raw: bytes, key: SigningKey) -> bytes:
    """poll.sig (and closing.sig): the house's key and its Ed25519 signature over the exact bytes."""
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(raw)
    return written({"key": str(key.verifier), "sig": b64(signature)})


def check_house_signature(raw: bytes, signed: bytes, key: VerifierKey | None, code: str) -> VerifierKey:
    """Return the key that signed `raw`: `key` if one is given, else the one the signature names.

    Raises SealedError: `code` where the signature does not fit or cannot be read · wrong-house-key where it is another key's.
    """
    given = fields(strict(signed, code), {"key": str, "sig": str}, code, "signature")
    try:
        named = VerifierKey.read(str(given["key"]))
    except ValueError as fault:
        raise SealedError(code, str(fault)) from None
    if str(named) != given["key"]:
        raise SealedError(code, "the key is not written as keys are")
    if key is not None and key != named:
        raise SealedError("wrong-house-key", f"signed with {named}")
    if not ed25519_signed(named.public, unb64(given["sig"], 64, code), raw):
        raise SealedError(code, "the signature does not fit")
    return named


def ed25519_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature fits. A key that is no key fits nothing."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _classes(given: list[object]) -> dict[str, PollClass]:
    classes: dict[str, PollClass] = {}
    keys: set[int] = set()
    for place, one in enumerate(given):
        where = f"classes[{place}]"
        row = fields(one, {"key": str, "roll": int, "issuers": list}, _CODE, where)
        key, roll = str(row["key"]), cast(int, row["roll"])
        if not CLASS.fullmatch(key) or key in classes:
            raise SealedError(_CODE, f"{where}.key: 1 to 64 letters without spaces or quotes, each class once")
        if not 0 <= roll <= ROLL_MAX:
            raise SealedError(_CODE, f"{where}.roll: {roll}")
        issuers = [_issuer(each, f"{where}.issuers[{n}]") for n, each in enumerate(cast(list[object], row["issuers"]))]
        if len(issuers) != 2 or issuers[0].name == issuers[1].name:
            raise SealedError(_CODE, f"{where}.issuers: two, with different names")
        keys |= {issuer.key.n for issuer in issuers}
        classes[key] = PollClass(key, roll, (issuers[0], issuers[1]))
    if not classes:
        raise SealedError(_CODE, "classes: at least one")
    if len(keys) != 2 * len(classes):
        raise SealedError(_CODE, "classes: an issuer's key serves one poll and one class")
    return classes


def _issuer(given: object, where: str) -> Issuer:
    row = fields(given, {"name": str, "n": str, "e": int}, _CODE, where)
    if not CLASS.fullmatch(str(row["name"])):
        raise SealedError(_CODE, f"{where}.name: 1 to 64 letters without spaces or quotes")
    if row["e"] != E:
        raise SealedError(_CODE, f"{where}.e: {E}")
    try:
        return Issuer(str(row["name"]), PublicKey.read(unb64(row["n"])))
    except SealedError as fault:
        raise SealedError(_CODE, f"{where}.n: {fault}") from None


def _witnesses(given: list[object]) -> tuple[VerifierKey, ...]:
    witnesses: list[VerifierKey] = []
    for place, one in enumerate(given):
        row = fields(one, {"name": str, "key": str}, _CODE, f"witnesses[{place}]")
        try:
            witnesses.append(VerifierKey(str(row["name"]), unb64(row["key"], 32, _CODE)))
        except ValueError as fault:
            raise SealedError(_CODE, f"witnesses[{place}]: {fault}") from None
    if len({each.name for each in witnesses}) != len(witnesses) or len({each.public for each in witnesses}) != len(witnesses):
        raise SealedError(_CODE, "witnesses: a name or a key stands twice")
    return tuple(witnesses)


def _time(given: object) -> datetime:
    text = str(given)
    try:
        if TIME.fullmatch(text):
            return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as fault:
        raise SealedError(_CODE, str(fault)) from None
    raise SealedError(_CODE, f"not a time in UTC like 2026-09-01T00:00:00Z: {text[:40]!r}")
