"""Sealed ballots: a right signed blind by two issuers, a ballot sealed until closing, a board anyone recounts.

1. Pure: bytes in, bytes out; no Django, no database, no clock, no network. Real keys come from `secrets`; chance is an argument.
2. The bytes are those of docs/adr/0008-ballots.md. What is signed or hashed is kept as received, never written anew.
3. Signing blind needs gmpy2 (extra `web`); voting, the box and auditing need `cryptography` alone.
"""

from madang.methods.sealed.writing import SealedError, b64, unb64

__all__ = ["SealedError", "b64", "unb64"]
