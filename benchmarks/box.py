"""The box and the issuers: sealed casts beside a bare durable insert, issuing beside the bare RSA operation.

1. 64 clients, every request another ballot or another voter; a receipt counts only if the ballot is in the box afterwards.
2. All signatures are checked: two RSA-PSS, one Ed25519, a receipt signed; each group of ballots is flushed to the disk before its receipts.
3. The bare view and the bare operation run in turns with ours, on the same machine and database, in the same minutes.
4. Ballots and voters are made once and kept under --keep; each turn has a new, empty box.

python benchmarks/box.py [--db sqlite,postgresql] [--seconds 3] [--times 3] [--keep DIR]      (make bench runs it as its part `box`)
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import gmpy2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

import machines
from machines import PYTHON, Absent, Postgres, Pressed, best, press, served
from madang.box.home import Home
from madang.issuers.invitations import code_hash, new_code, plain_code
from madang.issuers.keys import KeyRing
from madang.issuers.ledger import Ledger
from madang.methods.sealed import b64, ballot, blind, poll, right, unb64
from madang.methods.sealed.right import Voter
from madang.methods.sealed.seal import SealKey
from madang.methods.transparency.checkpoint import SigningKey

CAST_RATIO = 0.33
ISSUE_RATIO = 0.5
CASTS = 16_000
VOTERS = 12_000
PORTS = {"box": 5484, "issuer": 5485}
SLUG = "bench"
HOUSE = SigningKey("bench.example", bytes(range(32)))
PSS = padding.PSS(padding.MGF1(hashes.SHA384()), blind.SALT)


def lines(database: str, given: argparse.Namespace, bare: Mapping[str, str], cluster: Postgres | None) -> Iterator[str]:
    """The rows of one database."""
    made = material(given.keep / "sealed-casts")
    yield from casting(database, given, made, bare, cluster)
    yield from issuing(database, given, made, cluster)


# ── what is pressed with ─────────────────────────────────────────────────────
def material(folder: Path) -> Path:
    """A poll, its keys, CASTS ballots and VOTERS invitation codes; made when they are not there yet."""
    if (folder / "whole").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    home = Home(folder / "box").make()
    city, observers = KeyRing(folder / "city"), KeyRing(folder / "issuer" / "keys")
    names = {"city": city, "observers": observers}
    issuers = [{"name": name, "n": b64(ring.make(SLUG, ["all"])["all"]), "e": blind.E} for name, ring in names.items()]
    of = poll.write({
        "poll": SLUG, "title": {"ko": "지어낸 투표", "en": "invented"}, "use": "bench",
        "rule": {"kind": "approval", "counting": "approval"},
        "options": [{"place": place, "title": f"{place}", "cost": 0, "sheet": "", "where": ""} for place in range(1, 31)],
        "classes": [{"key": "all", "roll": VOTERS, "issuers": issuers}], "box": b64(home.public), "witnesses": [],
        "seal": {"key": b64(SealKey.make().public), "of": 1, "least": 1}, "batch": 100, "padded": 1024, "revote": True,
        "opens_at": "2020-01-01T00:00:00Z", "closes_at": "2099-01-01T00:00:00Z",
    })  # fmt: skip
    (folder / "poll.json").write_bytes(of.raw)
    print(f"making {CASTS:,} ballots …", flush=True)
    signers = [load_pem_private_key(ring.secret(SLUG, "all").pem(), None) for ring in names.values()]
    with (folder / "casts.txt").open("wb") as out:
        for _ in range(CASTS):
            out.write(a_ballot(of, signers).body(of) + b"\n")
    (folder / "issuer" / "name").write_text("observers")
    (folder / "issuer" / "polls" / SLUG).mkdir(parents=True)
    (folder / "issuer" / "polls" / SLUG / "poll.json").write_bytes(of.raw)
    (folder / "issuer" / "code.key").write_text(b64(os.urandom(32)))
    with (folder / "wishes.txt").open("wb") as out, (folder / "codes.txt").open("w") as codes:
        for _ in range(VOTERS):
            code = new_code()
            codes.write(f"{code}\n")
            wish = {"poll": SLUG, "class": "all", "code": code, "blinded": b64(b"\0" + os.urandom(255))}
            out.write(json.dumps(wish).encode() + b"\n")
    (folder / "whole").write_text("")
    return folder


def a_ballot(of: poll.Poll, signers: list) -> ballot.Cast:
    voter = Voter.__new__(Voter)  # rights signed directly: the same bytes as blinding gives, sooner
    voter.poll, voter.class_key, voter.secret = of, "all", ballot_key()
    said = right.message(of.digest, "all", voter.pk)
    first, second = (signer.sign(said, PSS, hashes.SHA384()) for signer in signers)
    voter.right = first, second
    return ballot.make(voter, "3 7 12")


def ballot_key():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate()


# ── casting ──────────────────────────────────────────────────────────────────
def casting(database: str, given: argparse.Namespace, made: Path, bare: Mapping[str, str], cluster: Postgres | None) -> Iterator[str]:
    """Sealed casts beside one durable insert and one counter update."""
    things, people = made / "things.txt", made / "people.txt"
    things.write_text("".join(f"{number}\n" for number in range(1, 10_001)))
    people.write_text("1 s c\n")

    def ours() -> Pressed:
        with a_box(made, cluster if database == "postgresql" else None) as address:
            pressed = press(address, seconds=given.seconds, script="casts.lua", words=["/cast", str(made / "casts.txt"), "2"])
            status = json.loads(urlopen(f"{address}/{SLUG}/status").read())
        taken = status["on_board"] + status["waiting_about"] + 9
        return pressed if taken >= pressed.rate * given.seconds * 0.95 else Pressed(pressed.rate, pressed.wrong + 1, pressed.p99_ms)

    with machines.bare(bare, made / "bench.log") as peer:
        told = best({"bare": lambda: press_bare(peer, given, people, things), "ours": ours}, given.times)
    ratio = told["ours"].rate / told["bare"].rate
    yield row(
        database, f"sealed casts, 3 signatures each, p99 {told['ours'].p99_ms:.0f} ms", f"bare view {told['bare'].rate:,.0f}/s",
        f"{told['ours'].rate:,.0f}/s", f"{ratio:.2f}", f"≥ {CAST_RATIO}", ratio >= CAST_RATIO and not told["ours"].wrong,
    )  # fmt: skip


def press_bare(address: str, given: argparse.Namespace, people: Path, things: Path) -> Pressed:
    number = int(time.time() * 1000) % 2_000_000_000
    return press(address, seconds=given.seconds, script="acts.lua", words=["bare", str(people), str(things), str(number)])


@contextmanager
def a_box(made: Path, cluster: Postgres | None) -> Iterator[str]:
    """A new, empty box that serves."""
    with tempfile.TemporaryDirectory(dir=made) as folder:
        home = Path(folder) / "box"
        home.mkdir()
        shutil.copy(made / "box" / "box.key", home)
        raw = (made / "poll.json").read_bytes()
        Home(home).make().bring(raw, poll.house_signature(raw, HOUSE), HOUSE.verifier)
        environ = {}
        if cluster is not None:
            cluster.drop("box")
            environ = {"MADANG_BOX_DATABASE_URL": cluster.url("box")}
        command = [PYTHON.parent / "madang", "box", "serve", "--home", home, "--port", str(PORTS["box"])]
        with served(command, environ, PORTS["box"], made / "bench.log", f"/{SLUG}/status") as address:
            yield address


# ── issuing ──────────────────────────────────────────────────────────────────
def issuing(database: str, given: argparse.Namespace, made: Path, cluster: Postgres | None) -> Iterator[str]:
    """Rights issued over HTTP, checked and written down, beside the bare RSA-2048 private operation of one core."""
    raws: dict[str, list[float]] = {"gmpy2": [], "OpenSSL": []}

    def ours() -> Pressed:
        for name, rate in raw_rates(made).items():
            raws[name].append(rate)
        with an_issuer(made, cluster if database == "postgresql" else None) as address:
            return press(address, seconds=given.seconds, script="casts.lua", words=["/issue", str(made / "wishes.txt"), "2"])

    told = best({"ours": ours}, given.times)["ours"]
    for name, rates in raws.items():
        ratio = told.rate / max(rates)
        wanted = f"≥ {ISSUE_RATIO}" if name == "gmpy2" else "shown"
        yield row(
            database, f"issuing, p99 {told.p99_ms:.0f} ms", f"bare RSA-2048, {name}, {max(rates):,.0f}/s", f"{told.rate:,.0f}/s",
            f"{ratio:.2f}", wanted, not told.wrong and (ratio >= ISSUE_RATIO or wanted == "shown"),
        )  # fmt: skip


def raw_rates(made: Path, seconds: float = 1.0) -> dict[str, float]:
    """Private operations a second of one process: gmpy2's constant-time power by CRT, and OpenSSL's PSS signature.

    By the clock on the wall, as the issuer is measured: other programs on the machine take from both alike.
    """
    key = KeyRing(made / "issuer" / "keys").secret(SLUG, "all")
    p, q, dp, dq, inverse = key.halves
    base = gmpy2.mpz(int.from_bytes(os.urandom(255), "big"))

    def bare_power() -> object:
        first, second = gmpy2.powmod_sec(base % p, dp, p), gmpy2.powmod_sec(base % q, dq, q)
        return second + (first - second) * inverse % p * q

    signer = load_pem_private_key(key.pem(), None)
    return {"gmpy2": rate_of(bare_power, seconds), "OpenSSL": rate_of(lambda: signer.sign(b"x", PSS, hashes.SHA384()), seconds)}


def rate_of(work, seconds: float) -> float:
    """How often a second."""
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        for _ in range(20):
            work()
        count += 20
    return count / (time.perf_counter() - began)


@contextmanager
def an_issuer(made: Path, cluster: Postgres | None) -> Iterator[str]:
    """The observers' issuer with a roll on which nothing has been issued."""
    with tempfile.TemporaryDirectory(dir=made) as folder:
        home = Path(folder) / "issuer"
        shutil.copytree(made / "issuer", home)
        url = ""
        if cluster is not None:
            cluster.drop("issuer")
            url = cluster.url("issuer")
        key = unb64((home / "code.key").read_text())
        codes = (made / "codes.txt").read_text().split()
        ledger = Ledger.at(home, url)
        ledger.load(SLUG, [(code_hash(key, SLUG, plain_code(code)), "all") for code in codes])
        ledger.close()
        command = [PYTHON.parent / "madang", "issuer", "serve", "--home", home, "--port", str(PORTS["issuer"])]
        environ = {"MADANG_ISSUER_DATABASE_URL": url} if url else {}
        with served(command, environ, PORTS["issuer"], made / "bench.log", f"/{SLUG}/keys.json") as address:
            yield address


def row(database: str, what: str, peer: str, ours: str, ratio: str, wanted: str, held: bool) -> str:
    return f"| {database} | {what} | {peer} | {ours} | {ratio} | {wanted} | {'held' if held else 'missed'} |"


def main() -> int:
    """Only this part, without the city."""
    import run  # it imports this module

    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--db", default="sqlite,postgresql")
    words.add_argument("--seconds", type=float, default=3.0)
    words.add_argument("--times", type=int, default=3)
    words.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "madang-bench")
    given = words.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    given.keep.chmod(0o755)
    missed = False
    for database in given.db.split(","):
        cluster = None
        try:
            if database == "postgresql":
                cluster = Postgres(given.keep)
                cluster.start()
            (given.keep / database).mkdir(exist_ok=True)  # the bare view's database
            for line in lines(database, given, run.peers_database(given, database, cluster), cluster):
                print(line, flush=True)
                missed |= "| missed" in line
        except Absent as absent:
            print(f"| {database} | box | | | left out: {absent} | | |")
        finally:
            if cluster is not None:
                cluster.stop()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
