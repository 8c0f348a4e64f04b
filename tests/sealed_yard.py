"""A yard for sealed ballots: a poll with two issuers, voters with rights, and ballots ready to be cast. All invented.

Rights are signed with the issuers' keys directly (the result is what a blind signature gives); issuing is tested in tests/issuers.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from madang.methods.sealed import b64, ballot, poll, right
from madang.methods.sealed.blind import SecretKey
from madang.methods.sealed.poll import Poll
from madang.methods.sealed.right import Voter
from madang.methods.sealed.seal import SealKey
from madang.methods.transparency.checkpoint import SigningKey

OPENS, CLOSES = datetime(2026, 3, 2, 0, tzinfo=UTC), datetime(2026, 3, 9, 9, tzinfo=UTC)
DURING = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUSE = SigningKey("madang.example/house", bytes(range(32)))
WITNESS = SigningKey("witness.example", bytes(range(1, 33)))
SEAL = SealKey.read(bytes(range(2, 34)))
PSS = padding.PSS(padding.MGF1(hashes.SHA384()), 48)


@lru_cache(maxsize=16)
def issuer_key(name: str) -> SecretKey:
    """A real RSA-2048 key, made once in a run for each name."""
    return SecretKey.make()


@lru_cache(maxsize=16)
def signer(name: str) -> rsa.RSAPrivateKey:
    return load_pem_private_key(issuer_key(name).pem(), None)  # type: ignore[return-value]


def poll_of(
    box: bytes, *, slug: str = "yard-2026", classes: tuple[str, ...] = ("시민",), keys: str = "", **changed: object
) -> Poll:
    """A yes-no poll of invented people. `keys` names another set of issuers' keys."""
    content: dict[str, object] = {
        "poll": slug, "title": {"ko": "지어낸 투표", "en": "An invented poll"}, "use": "시험",
        "rule": {"kind": "yes-no", "counting": "yes-no"},
        "options": [{"place": 1, "title": "마당에 나무를 심는다", "cost": 0, "sheet": "", "where": ""}],
        "classes": [
            {"key": key, "roll": 5000, "issuers": [
                {"name": name, "n": b64(issuer_key(f"{keys}{key}/{name}").public.written()), "e": 65537} for name in ("city", "observers")
            ]}
            for key in classes
        ],
        "box": b64(box), "witnesses": [{"name": WITNESS.name, "key": b64(WITNESS.verifier.public)}],
        "seal": {"key": b64(SEAL.public), "of": 1, "least": 1}, "batch": 100, "padded": 256, "revote": True,
        "opens_at": "2026-03-02T00:00:00Z", "closes_at": "2026-03-09T09:00:00Z",
    }  # fmt: skip
    return poll.write({**content, **changed})


def voter_of(of: Poll, class_key: str = "시민", keys: str = "") -> Voter:
    """Somebody with a right, as if both issuers had signed blind."""
    secret = Ed25519PrivateKey.generate()
    made = Voter.__new__(Voter)  # without blinding: that takes longer than all the rest
    made.poll, made.class_key, made.secret = of, class_key, secret
    said = right.message(of.digest, class_key, made.pk)
    first, second = (
        signer(f"{keys}{class_key}/{issuer}").sign(said, PSS, hashes.SHA384()) for issuer in ("city", "observers")
    )
    made.right = first, second
    return made


@dataclass
class Yard:
    """A poll on a box, and its voters."""

    poll: Poll
    voters: list[Voter] = field(default_factory=list)

    def voter(self, class_key: str = "시민") -> Voter:
        self.voters.append(voter_of(self.poll, class_key))
        return self.voters[-1]

    def cast(self, marks: str = "1:1", seq: int = 1, voter: Voter | None = None) -> ballot.Cast:
        return ballot.make(voter or self.voter(), marks, seq)

    def body(self, marks: str = "1:1", seq: int = 1, voter: Voter | None = None) -> bytes:
        return self.cast(marks, seq, voter).body(self.poll)


def leaf_of(body: bytes) -> bytes:
    from madang.methods.sealed import unb64

    given = json.loads(body)
    return ballot.leaf(unb64(given["header"]), unb64(given["sig"]))


def bring(folder: Path, **changed: object):
    """A box's folder with one poll brought in; the home and its yard."""
    from madang.box.home import Home

    home = Home(folder).make()
    of = poll_of(home.public, **changed)
    home.bring(of.raw, poll.house_signature(of.raw, HOUSE), HOUSE.verifier)
    return home, Yard(of)
