"""One text for one meaning: the exact bytes that are hashed into the log.

1. JSON, UTF-8, keys sorted by code point, no spaces, one line; strings and keys in Unicode NFC.
2. Only text, whole numbers up to 2^53−1, true/false, null, lists and objects. No floats: 0.1 has no exact meaning.
3. What cannot be written exactly is refused with the path to it; nothing is rounded or dropped.
"""

import json
import unicodedata
from hashlib import sha256

WHOLE_MAX = 2**53 - 1  # I-JSON (RFC 7493 §2.2): beyond it readers in other languages round
DEPTH_MAX = 32
SALT_MIN = 16  # bytes


def canonical(value: object) -> str:
    """Return the canonical text of `value`.

    Raises ValueError, naming the path (`$.counts[2]`), for anything invariant 2 leaves out, for lone surrogates,
    for two keys that are one in NFC, and for nesting deeper than 32.
    """
    return json.dumps(_checked(value, "$", 0), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(salt: bytes, text: str) -> str:
    """Return `sha256:<hex>` of a text under a secret salt, so that a short text cannot be guessed from it.

    The text is taken in NFC, so the same sentence typed on any keyboard has one digest. Whoever holds the salt can
    prove what the text was; once the salt is erased nobody can. Raises ValueError for a salt under 16 bytes.
    """
    if len(salt) < SALT_MIN:
        raise ValueError(f"a salt needs at least {SALT_MIN} bytes, not {len(salt)}")
    written = _text(text, "$").encode()
    return "sha256:" + sha256(b"madang/text/v1\0" + len(salt).to_bytes(8, "big") + salt + written).hexdigest()


def _checked(value: object, path: str, depth: int) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int):
        return _whole(value, path)
    if depth == DEPTH_MAX:
        raise ValueError(f"{path}: nested deeper than {DEPTH_MAX}")
    if isinstance(value, list):
        return [_checked(part, f"{path}[{place}]", depth + 1) for place, part in enumerate(value)]
    if isinstance(value, dict):
        return _object(value, path, depth)
    raise ValueError(f"{path}: {type(value).__name__} has no canonical text; give text, a whole number or a list")


def _object(value: dict[object, object], path: str, depth: int) -> dict[str, object]:
    checked: dict[str, object] = {}
    for key, part in value.items():
        if not isinstance(key, str):
            raise ValueError(f"{path}: the key {key!r} is {type(key).__name__}, not text")
        name = _text(key, path)
        if name in checked:
            raise ValueError(f"{path}: two keys are both {name!r} in NFC")
        checked[name] = _checked(part, f"{path}.{name}", depth + 1)
    return checked


def _text(value: str, path: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError as fault:
        raise ValueError(f"{path}: a lone surrogate at character {fault.start} is not text") from None
    return unicodedata.normalize("NFC", value)


def _whole(value: int, path: str) -> int:
    if not -WHOLE_MAX <= value <= WHOLE_MAX:
        raise ValueError(f"{path}: a whole number beyond ±(2^53−1); write it as text")
    return int(value)
