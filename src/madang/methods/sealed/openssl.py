"""RSA's private operation by the OpenSSL of the system, to which `cryptography` opens no door: m ↦ m^d mod n, nothing padded.

1. Only where libcrypto.so.3 stands and has every function named here; otherwise `power` says None and gmpy2 does it, more slowly.
2. OpenSSL works in constant time, blinds its base and checks its CRT. The caller checks the answer all the same.
3. The loaded key belongs to this process and is freed with it; nothing but bytes goes in and out. Other threads go on meanwhile.

Source: OpenSSL 3 manual, EVP_PKEY_sign(3), EVP_PKEY_CTX_set_rsa_padding(3).
"""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_void_p
from functools import cache, lru_cache
from typing import Any

NO_PADDING = 3
FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "d2i_AutoPrivateKey": (c_void_p, [c_void_p, POINTER(c_char_p), c_long]),
    "EVP_PKEY_free": (None, [c_void_p]),
    "EVP_PKEY_CTX_new": (c_void_p, [c_void_p, c_void_p]),
    "EVP_PKEY_CTX_free": (None, [c_void_p]),
    "EVP_PKEY_sign_init": (c_int, [c_void_p]),
    "EVP_PKEY_CTX_set_rsa_padding": (c_int, [c_void_p, c_int]),
    "EVP_PKEY_sign": (c_int, [c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t]),
}


class _Key:
    """A private key inside OpenSSL."""

    def __init__(self, library: ctypes.CDLL, der: bytes) -> None:
        self._library = library
        self.pointer = library.d2i_AutoPrivateKey(None, byref(c_char_p(der)), len(der))

    def __del__(self) -> None:
        self._library.EVP_PKEY_free(self.pointer)  # of nothing: nothing


def power(der: bytes, message: bytes) -> bytes | None:
    """Raise `message` (as long as n, below it) to the private exponent of the key in `der` (PKCS #8).

    None where OpenSSL is not there or refuses: then another has to do it.
    """
    library = _library()
    if library is None:
        return None
    context = library.EVP_PKEY_CTX_new(_loaded(der).pointer, None)
    try:
        signature, size = ctypes.create_string_buffer(len(message)), c_size_t(len(message))
        done = (
            library.EVP_PKEY_sign_init(context) == 1
            and library.EVP_PKEY_CTX_set_rsa_padding(context, NO_PADDING) == 1
            and library.EVP_PKEY_sign(context, signature, byref(size), message, len(message)) == 1
        )
    finally:
        library.EVP_PKEY_CTX_free(context)
    return signature.raw if done and size.value == len(message) else None


@cache
def _library() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL("libcrypto.so.3")
    except OSError:
        return None
    for name, (gives, takes) in FUNCTIONS.items():
        function = getattr(library, name, None)
        if function is None:
            return None
        function.restype, function.argtypes = gives, takes
    return library


@lru_cache(maxsize=1024)
def _loaded(der: bytes) -> _Key:
    library = _library()
    if library is None:
        raise RuntimeError("no OpenSSL")
    return _Key(library, der)
