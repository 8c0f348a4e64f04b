"""Blind signatures by RSA: the issuer signs a voting right without seeing it (RFC 9474).

1. The variant of the house is RSABSSA-SHA384-PSS-Deterministic with RSA-2048: salt 48 bytes, nothing put before the message.
2. A signature is finished only after it verifies, so a signer with a malformed key cannot mark a voter: the voter sees a failure instead.
3. The signer's power is constant in time, on a blinded base, by CRT (OpenSSL's, else `powmod_sec`), and checked: a fault betrays the key.
4. e is 65537, n is odd and of exactly the size the poll says; everything else is refused before it is used.

Source: RFC 9474 §4, §6; RFC 8017 §9.1 (EMSA-PSS).
"""

import secrets
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha384
from math import gcd

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from madang.methods.sealed import openssl
from madang.methods.sealed.writing import SealedError

E = 65537
BITS = 2048
SALT = 48  # bytes; 0 in the PSSZERO variants
_HASH = hashes.SHA384()
_SMALL_PRIMES = 3 * 5 * 7 * 11 * 13 * 17 * 19 * 23 * 29 * 31 * 37 * 41 * 43 * 47 * 53 * 59 * 61 * 67 * 71 * 73


@dataclass(frozen=True)
class PublicKey:
    """The key everyone checks a right with. Raises SealedError("bad-key") when made from anything but a whole RSA key of `bits`."""

    n: int
    e: int = E
    bits: int = field(default=BITS, compare=False)

    def __post_init__(self) -> None:
        if self.e != E:
            raise SealedError("bad-key", f"e is {E}, not {self.e}")
        if self.n.bit_length() != self.bits:
            raise SealedError("bad-key", f"n has {self.n.bit_length()} bits, not {self.bits}")
        if self.n % 2 == 0 or gcd(self.n, _SMALL_PRIMES) != 1:
            raise SealedError("bad-key", "n has a small factor")

    @classmethod
    def read(cls, n: bytes, e: int = E) -> "PublicKey":
        """Read n as big-endian bytes, exactly as long as the key."""
        if len(n) != BITS // 8:
            raise SealedError("bad-key", f"n has {len(n)} bytes, not {BITS // 8}")
        return cls(int.from_bytes(n, "big"), e)

    @property
    def size(self) -> int:
        """Bytes of n and of a signature."""
        return (self.n.bit_length() + 7) // 8

    def written(self) -> bytes:
        return self.n.to_bytes(self.size, "big")

    @cached_property
    def loaded(self) -> rsa.RSAPublicKey:
        """The same key in `cryptography`."""
        return rsa.RSAPublicNumbers(self.e, self.n).public_key()


@dataclass(frozen=True)
class SecretKey:
    """The issuer's key of one poll and one class. `repr` shows nothing of it."""

    n: int
    d: int = field(repr=False)
    p: int = field(repr=False)
    q: int = field(repr=False)
    bits: int = field(default=BITS, compare=False, repr=False)

    @classmethod
    def make(cls) -> "SecretKey":
        """A new key from the system's randomness."""
        return cls._of(rsa.generate_private_key(E, BITS))

    @classmethod
    def read(cls, pem: bytes) -> "SecretKey":
        """Read `pem()`. Raises SealedError("bad-key"), without the secret."""
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            raise SealedError("bad-key", "not a private key in PEM") from None
        if not isinstance(key, rsa.RSAPrivateKey):
            raise SealedError("bad-key", "not an RSA key")
        return cls._of(key)

    @classmethod
    def _of(cls, key: rsa.RSAPrivateKey) -> "SecretKey":
        numbers = key.private_numbers()
        PublicKey(numbers.public_numbers.n, numbers.public_numbers.e)  # refuses another e or size
        return cls(numbers.public_numbers.n, numbers.d, numbers.p, numbers.q)

    @cached_property
    def public(self) -> PublicKey:
        return PublicKey(self.n, E, self.bits)

    def pem(self) -> bytes:
        """The key as PKCS #8, to be kept in a file only the issuer reads and destroyed after the poll."""
        return self._written(serialization.Encoding.PEM)

    @cached_property
    def der(self) -> bytes:
        """The same in binary form."""
        return self._written(serialization.Encoding.DER)

    def _written(self, encoding: serialization.Encoding) -> bytes:
        d, p, q = self.d, self.p, self.q
        exponents = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
        numbers = rsa.RSAPrivateNumbers(p, q, d, *exponents, rsa.RSAPublicNumbers(E, self.n))
        loaded = numbers.private_key(unsafe_skip_rsa_key_validation=True)  # made or read by us; what is signed is checked
        return loaded.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    @cached_property
    def halves(self) -> tuple[int, int, int, int, int]:
        """p, q, d mod p−1, d mod q−1, q⁻¹ mod p as gmpy2 numbers."""
        import gmpy2  # noqa: PLC0415 — only issuers have it

        p, q = gmpy2.mpz(self.p), gmpy2.mpz(self.q)
        return p, q, gmpy2.mpz(self.d % (self.p - 1)), gmpy2.mpz(self.d % (self.q - 1)), gmpy2.invert(q, p)


@dataclass(frozen=True)
class Blinded:
    """What goes to the issuer (`message`), and what the voter keeps to take the blinding off again (`inverse`)."""

    message: bytes
    inverse: int = field(repr=False)


def blind(key: PublicKey, message: bytes, *, salt: bytes | None = None, factor: int | None = None) -> Blinded:
    """Blind a message (RFC 9474 §4.2). `salt` (48 bytes, or none for PSSZERO) and the blinding `factor` are chance unless given.

    Raises SealedError("invalid-input") for a factor that has no inverse mod n.
    """
    encoded = int.from_bytes(_encoded(message, key.n.bit_length() - 1, secrets.token_bytes(SALT) if salt is None else salt), "big")
    factor = secrets.randbelow(key.n - 1) + 1 if factor is None else factor
    if gcd(encoded, key.n) != 1 or gcd(factor, key.n) != 1:
        raise SealedError("invalid-input", "a number shares a factor with n")
    blinded = encoded * pow(factor, key.e, key.n) % key.n
    return Blinded(blinded.to_bytes(key.size, "big"), pow(factor, -1, key.n))


def blind_sign(key: SecretKey, blinded: bytes) -> bytes:
    """Sign a blinded message (RFC 9474 §4.3) in constant time, and check the signature before it leaves.

    Raises SealedError: invalid-length · out-of-range, not below n · signing-failure, a fault in the computing itself.
    """
    import gmpy2  # noqa: PLC0415 — only issuers have it

    size = key.public.size
    if len(blinded) != size:
        raise SealedError("invalid-length", f"a blinded message has {size} bytes, not {len(blinded)}")
    message = int.from_bytes(blinded, "big")
    if message >= key.n:
        raise SealedError("out-of-range", "a blinded message is below n")
    signature = openssl.power(key.der, blinded) or power(key, message)
    if gmpy2.powmod(int.from_bytes(signature, "big"), E, key.n) != message:
        raise SealedError("signing-failure", "the signature does not fit; nothing was given out")
    return signature


def power(key: SecretKey, message: int) -> bytes:
    """message^d mod n by gmpy2: constant time, CRT, on a blinded base, so that timing says nothing about message or key. Unchecked."""
    import gmpy2  # noqa: PLC0415 — only issuers have it

    p, q, dp, dq, q_inverse = key.halves
    n = p * q
    factor = gmpy2.mpz(secrets.randbelow(key.n - 2) + 2)
    base = message * gmpy2.powmod(factor, E, n) % n
    first, second = gmpy2.powmod_sec(base % p, dp, p), gmpy2.powmod_sec(base % q, dq, q)
    signature = (second + (first - second) * q_inverse % p * q) * gmpy2.invert(factor, n) % n
    return int(signature).to_bytes(key.public.size, "big")


def finalize(key: PublicKey, message: bytes, blind_signature: bytes, inverse: int, *, salt_size: int = SALT) -> bytes:
    """Take the blinding off and verify (RFC 9474 §4.4). Returns the signature over `message`.

    Raises SealedError: invalid-length · invalid-signature, which also is what a malformed or swapped key shows itself as.
    """
    if len(blind_signature) != key.size:
        raise SealedError("invalid-length", f"a blind signature has {key.size} bytes, not {len(blind_signature)}")
    number = int.from_bytes(blind_signature, "big") * inverse % key.n
    signature = number.to_bytes(key.size, "big")
    if not verify(key, message, signature, salt_size=salt_size):
        raise SealedError("invalid-signature", "the signature does not verify: do not use it, and report the issuer")
    return signature


def verify(key: PublicKey, message: bytes, signature: bytes, *, salt_size: int = SALT) -> bool:
    """Whether `signature` is RSASSA-PSS with SHA-384 over `message` (RFC 9474 §4.5)."""
    try:
        key.loaded.verify(signature, message, _padding(salt_size), _HASH)
    except InvalidSignature:
        return False
    return True


def _encoded(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017 §9.1.1) with SHA-384 and MGF1-SHA-384."""
    size = (bits + 7) // 8
    fitted = sha384(bytes(8) + sha384(message).digest() + salt).digest()
    gap = size - len(salt) - len(fitted) - 2
    if gap < 0:
        raise SealedError("bad-key", "the key is too short for SHA-384 and this salt")
    block = bytes(gap) + b"\x01" + salt
    masked = int.from_bytes(block, "big") ^ int.from_bytes(_mask(fitted, len(block)), "big")
    masked &= (1 << (bits - 8 * (size - len(block)))) - 1
    return masked.to_bytes(len(block), "big") + fitted + b"\xbc"


def _mask(seed: bytes, size: int) -> bytes:
    rounds = -(-size // sha384().digest_size)
    return b"".join(sha384(seed + turn.to_bytes(4, "big")).digest() for turn in range(rounds))[:size]


@lru_cache(maxsize=4)
def _padding(salt_size: int) -> padding.PSS:
    return padding.PSS(padding.MGF1(_HASH), salt_size)

