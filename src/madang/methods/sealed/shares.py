"""The seal's seed in n hands, any k of which open it (Shamir 1979).

1. Fewer than k shares say nothing about the seed, not even one bit: the field is larger than every seed and the coefficients are chance.
2. A share is one line one can print or read out; a mistyped share is refused, and so are shares of two polls.
3. Putting together proves itself: the seed must give the public key that poll.json names.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from madang.methods.sealed.seal import SEED_SIZE, SealKey
from madang.methods.sealed.writing import SealedError

PRIME = 2**521 - 1  # a Mersenne prime, well above 256 bits
_HEX = (PRIME.bit_length() + 7) // 8 * 2
_LINE = re.compile(rf"madang-share@1:(\d{{1,3}}):(\d{{1,3}}):([0-9a-f]{{16}}):([0-9a-f]{{{_HEX}}}):([0-9a-f]{{8}})")


@dataclass(frozen=True)
class Share:
    """One keyholder's part: any `least` different ones give the seed. `of_key` is the start of the public key's hash."""

    least: int
    number: int
    of_key: str
    value: int = field(repr=False)

    def written(self) -> str:
        """The share as one line: `madang-share@1:least:number:key:value:check`."""
        text = f"madang-share@1:{self.least}:{self.number}:{self.of_key}:{self.value:0{_HEX}x}"
        return f"{text}:{_check(text)}"

    @classmethod
    def read(cls, line: str) -> "Share":
        """Read `written()`; spaces and capitals do not matter. Raises SealedError("bad-share")."""
        line = "".join(line.split()).lower()
        parts = _LINE.fullmatch(line)
        if parts is None or _check(line.rpartition(":")[0]) != parts[5]:
            raise SealedError("bad-share", "a share is mistyped: its check does not fit")
        share = cls(int(parts[1]), int(parts[2]), parts[3], int(parts[4], 16))
        if not (0 < share.least < 256 and 0 < share.number < 256 and share.value < PRIME):
            raise SealedError("bad-share", "a share outside its bounds")
        return share


def split(key: SealKey, *, of: int, least: int, below: Callable[[int], int] = secrets.randbelow) -> list[Share]:
    """Divide a seed into `of` shares of which any `least` give it back (1 ≤ least ≤ of ≤ 255). `below(n)` draws a number under n.

    Raises SealedError("bad-share") for other numbers.
    """
    if not 1 <= least <= of <= 255:
        raise SealedError("bad-share", f"1 ≤ least ≤ of ≤ 255, not {least} of {of}")
    terms = [int.from_bytes(key.seed, "big"), *(below(PRIME) for _ in range(least - 1))]
    name = _name(key.public)
    return [Share(least, number, name, _at(terms, number)) for number in range(1, of + 1)]


def join(shares: Iterable[Share], public: bytes) -> SealKey:
    """Put shares together to the key whose public half is `public`.

    Raises SealedError: bad-share (of another poll, or they contradict each other) · too-few-shares · wrong-seal-key.
    """
    held = {share.number: share for share in shares}
    name = _name(public)
    if not held or any(share.of_key != name for share in held.values()) or len({share.least for share in held.values()}) != 1:
        raise SealedError("bad-share", "the shares are not all of this poll")
    least = next(iter(held.values())).least
    if len(held) < least:
        raise SealedError("too-few-shares", f"{least} shares are needed, {len(held)} are here")
    chosen = [held[number] for number in sorted(held)[:least]]
    seed = sum(share.value * _weight(share.number, [each.number for each in chosen]) for share in chosen) % PRIME
    if seed >> SEED_SIZE * 8:
        raise SealedError("wrong-seal-key", "the shares do not give a seed: one of them is false")
    key = SealKey.read(seed.to_bytes(SEED_SIZE, "big"))
    if key.public != public:
        raise SealedError("wrong-seal-key", "the shares give another key than the poll names: one of them is false")
    return key


def _at(terms: list[int], place: int) -> int:
    value = 0
    for term in reversed(terms):
        value = (value * place + term) % PRIME
    return value


def _weight(number: int, numbers: list[int]) -> int:
    """The Lagrange weight of one share at 0."""
    over = under = 1
    for other in numbers:
        if other != number:
            over, under = over * other % PRIME, under * (other - number) % PRIME
    return over * pow(under, -1, PRIME) % PRIME


def _name(public: bytes) -> str:
    return sha256(b"madang-share@1\0" + public).hexdigest()[:16]


def _check(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
