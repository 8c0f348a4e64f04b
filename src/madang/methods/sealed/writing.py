"""How sealed ballots are written: base64url without padding, and JSON that has one reading.

1. One meaning, one text: base64 with loose bits, JSON with a key twice, a float, or another than the canonical text is refused.
2. A refusal carries a `code` for programs and words for people who look for the fault.
"""

import base64
import binascii
import json
from collections.abc import Mapping

from madang.methods.transparency.canonical import canonical

_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")  # what is not base64url becomes what is not base64
_LAST = {2: b"AQgw", 3: b"AEIMQUYcgkosw048"}  # by the letters over a multiple of 4: those whose loose bits are 0
JSON_MAX = 16_000_000  # bytes; a poll with a class for each of 424 dong has about 0.4 million


class SealedError(ValueError):
    """What does not hold, by its `code`; the words say where and why."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(words or code)
        self.code = code


def b64(raw: bytes) -> str:
    """Return base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: object, size: int | None = None, code: str = "malformed") -> bytes:
    """Return the bytes of a base64url text without padding, given as text or as its ASCII bytes.

    Raises SealedError(`code`) for anything that is no text, another alphabet, padding, loose bits, or another `size` in bytes.
    """
    if isinstance(text, str) and text.isascii():
        text = text.encode()
    if not isinstance(text, bytes):
        raise SealedError(code, "base64url without padding is expected")
    tail = len(text) % 4
    if tail and text[-1] not in _LAST.get(tail, b""):
        raise SealedError(code, f"base64url cut off or with loose bits: …{text[-20:]!r}")
    try:
        raw = binascii.a2b_base64(text.translate(_STANDARD) + b"=" * (-tail % 4), strict_mode=True)
    except binascii.Error:
        raise SealedError(code, f"not base64url without padding: {text[:40]!r}") from None
    if size is not None and len(raw) != size:
        raise SealedError(code, f"{size} bytes are expected, not {len(raw)}")
    return raw


def written(value: object) -> bytes:
    """Return the canonical text of a value as UTF-8. Raises ValueError for what has none."""
    return canonical(value).encode()


def plain(raw: bytes, code: str = "malformed") -> object:
    """Return the value of a JSON text that has one reading: UTF-8, no key twice, no float.

    Raises SealedError(`code`).
    """
    if len(raw) > JSON_MAX:
        raise SealedError(code, f"longer than {JSON_MAX:,} bytes")
    try:
        return json.loads(raw.decode(), object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as fault:  # also bytes that are no UTF-8 and numbers longer than Python reads
        raise SealedError(code, f"not JSON with one reading: {str(fault)[:120]}") from None


def strict(raw: bytes, code: str = "malformed") -> object:
    """Return the value of a canonical text. Raises SealedError(`code`) if these are not the canonical bytes."""
    value = plain(raw, code)
    try:
        same = written(value) == raw
    except ValueError as fault:
        raise SealedError(code, str(fault)) from None
    if not same:
        raise SealedError(code, "not in canonical form: sorted keys, no spaces, one line")
    return value


def fields(value: object, names: Mapping[str, type], code: str = "malformed", where: str = "$") -> dict[str, object]:
    """Return `value` as an object that has exactly `names`, each of its type (true is no number).

    Raises SealedError(`code`) naming the field.
    """
    if not isinstance(value, dict):
        raise SealedError(code, f"{where}: an object is expected")
    if unlike := set(value) ^ set(names):
        raise SealedError(code, f"{where}: missing or unknown: {', '.join(sorted(map(str, unlike)))[:200]}")
    for name, kind in names.items():
        if not isinstance(value[name], kind) or (kind is int and isinstance(value[name], bool)):
            raise SealedError(code, f"{where}.{name}: {kind.__name__} is expected")
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _no_float(text: str) -> object:
    raise ValueError(f"{text[:20]} has no exact meaning")
