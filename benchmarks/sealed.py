"""Sealed ballots: the audit beside the bare cryptography it cannot do without, and blind signing beside bare RSA.

1. A figure is a ratio to raw operations of the same libraries on the same ballots, measured in turns with it in one run; processor time.
2. The audit runs in a process of its own, whose peak memory is its own.
3. Ballots are made up; their rights are signed by the issuers' keys directly, which gives the same bytes faster than blinding.

python benchmarks/sealed.py [--ballots 10000,100000] [--keep DIR]      (make bench runs it as its part `sealed`)
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import gmpy2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from madang.methods.sealed import b64, ballot, blind, board, bundle, counting, poll, seal
from madang.methods.sealed import right as rights
from madang.methods.sealed.right import Voter
from madang.methods.transparency.checkpoint import SigningKey
from madang.methods.transparency.merkle import Frontier
from methods import HEAD, Line

HOUSE = SigningKey("house.example", bytes([1]) * 32)
BOX = bytes([2]) * 32
WITNESS = SigningKey("press.example", bytes([3]) * 32)
PSS = padding.PSS(padding.MGF1(hashes.SHA384()), blind.SALT)
PROJECTS = 30
SAMPLE = 1_000
TURNS = 5
CHILD = """
import json, sys, time
from madang.methods.sealed.audit import audit
started = time.process_time()
report = audit(sys.argv[1])
took = time.process_time() - started
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))  # of this process alone
print(json.dumps({"ok": report.ok, "ballots": report.ballots, "s": took, "mb": int(peak) / 1024}))
"""


def lines(ballots: list[int], folder: Path) -> Iterator[Line]:
    """The figures for polls of so many ballots, smallest first."""
    yield from signing()
    figures = []
    for number in sorted(ballots):
        made = folder / f"sealed-{number}.zip"
        if not made.exists():
            made_up(number, made)
        figures.append((number, *audited(made)))
    for number, took, raw, peak in figures:
        ratio = took / raw
        ours, peer = f"{took * number:.1f} s, {took * 1e6:.0f} µs each, {peak:.0f} MB", f"raw operations {raw * 1e6:.0f} µs"
        yield Line(f"audit of {number:,} ballots", ours, peer, "≤ 1.5×", f"{ratio:.2f}×", ratio <= 1.5)
    if len(figures) > 1:
        (few, low, _, small), (many, high, raw, large) = figures[0], figures[-1]
        slope = (high * many - low * few) / (many - few)
        yield Line(f"linear: each of {many:,} beside each of {few:,}", f"{high * 1e6:.0f} µs", f"{low * 1e6:.0f} µs", "≤ 1.25×",
                   f"{high / low:.2f}×", high / low <= 1.25)  # fmt: skip
        yield Line(f"memory: {many:,} beside {few:,}", f"{large:.0f} MB", f"{small:.0f} MB", "≤ 1.25×", f"{large / small:.2f}×",
                   large / small <= 1.25)  # fmt: skip
        yield Line("1,000,000 ballots, extrapolated from the slope, one core", f"{slope * 1e6:.0f} s", f"raw {raw * 1e6:.0f} s", "", "")


def signing() -> Iterator[Line]:
    """Blind signatures a second, in turns with the bare private operation of gmpy2 and of cryptography."""
    key = blind.SecretKey.make()
    p, q, dp, dq, _ = key.halves
    number = gmpy2.mpz(random.Random(1).randrange(key.n))
    blinded = blind.blind(key.public, b"right").message
    loaded = rsa.RSAPrivateNumbers(
        key.p, key.q, key.d, int(dp), int(dq), rsa.rsa_crt_iqmp(key.p, key.q), rsa.RSAPublicNumbers(blind.E, key.n)
    ).private_key()

    def bare() -> None:
        gmpy2.powmod_sec(number % p, dp, p)
        gmpy2.powmod_sec(number % q, dq, q)

    ours, gmp, openssl = in_turns(
        lambda: blind.blind_sign(key, blinded), bare, lambda: loaded.sign(b"right", PSS, hashes.SHA384()), times=200
    )
    for peer, name in ((gmp, "gmpy2 powmod_sec, both halves"), (openssl, "cryptography, PSS signature")):
        rate, theirs = f"{1 / ours:.0f} /s", f"{name}: {1 / peer:.0f} /s"
        yield Line("blind signatures RSA-2048, one core", rate, theirs, "≥ 0.5×", f"{peer / ours:.2f}×", ours <= 2 * peer)


def audited(path: Path) -> tuple[float, float, float]:
    """(seconds a ballot of the audit, seconds a ballot of the raw operations, MB): medians of turns."""
    raw = raw_operations(path)
    took, bare, peaks = [], [], []
    for _ in range(TURNS if path.stat().st_size < 100_000_000 else 1):
        before = raw()
        done = json.loads(subprocess.run([sys.executable, "-c", CHILD, str(path)], check=True, capture_output=True, text=True).stdout)
        if not done["ok"]:
            raise AssertionError(f"{path} does not hold")
        took.append(done["s"] / done["ballots"])
        bare.append((before + raw()) / 2)
        peaks.append(done["mb"])
    return median(took), median(bare), max(peaks)


def raw_operations(path: Path) -> Callable[[], float]:
    """What each ballot costs at the least: two RSA-PSS, one Ed25519, one HPKE opening, on a sample read beforehand."""
    calls: list[Callable[[], object]] = []
    with bundle.Bundle(path) as opened:
        on = poll.read(opened.whole("poll.json"))
        for line, _ in zip(opened.lines("board.jsonl"), range(SAMPLE), strict=False):
            calls += calls_of(on, bundle.Posted.read(line))

    def once() -> float:
        started = time.process_time()
        for call in calls:
            call()
        return (time.process_time() - started) / (len(calls) / 4)

    return once


def calls_of(on: poll.Poll, posted: bundle.Posted) -> list[Callable[[], object]]:
    header = ballot.read_header(on, posted.header)
    said = rights.message(on.digest, header.class_key, header.pk)
    first, second = (issuer.key.loaded for issuer in on.classes[header.class_key].issuers)
    key, signed = seal.SealKey.read(bytes([5]) * 32), ballot.signed(posted.header)
    bound = ballot.info(on.digest, header.class_key, header.pk, header.seq)
    sealed = posted.sealed or b""
    return [
        lambda: first.verify(header.right[0], said, PSS, hashes.SHA384()),
        lambda: second.verify(header.right[1], said, PSS, hashes.SHA384()),
        lambda: Ed25519PublicKey.from_public_bytes(header.pk).verify(posted.sig, signed),
        lambda: key.open(sealed, bound),
    ]


def in_turns(*calls: Callable[[], object], times: int) -> list[float]:
    """Seconds a call, each the median of turns with the others."""
    took: list[list[float]] = [[] for _ in calls]
    for _ in range(TURNS):
        for place, call in enumerate(calls):
            started = time.process_time()
            for _ in range(times):
                call()
            took[place].append((time.process_time() - started) / times)
    return [median(each) for each in took]


def made_up(number: int, path: Path) -> None:
    """A poll with so many ballots of two classes over thirty options, five picks each."""
    keys = {key: [rsa.generate_private_key(65537, 2048) for _ in range(2)] for key in ("a", "b")}
    sealing = seal.SealKey.read(bytes([5]) * 32)
    on = poll.write({
        "poll": f"made-up-{number}", "title": {"ko": "지어낸 투표", "en": "made up"}, "use": "",
        "rule": {"kind": "approval", "counting": "approval", "most": 5},
        "options": [{"place": place, "title": f"{place}", "cost": 100} for place in range(1, PROJECTS + 1)],
        "classes": [{"key": key, "roll": number, "issuers": [
            {"name": name, "n": b64(made.public_key().public_numbers().n.to_bytes(256, "big")), "e": 65537}
            for name, made in zip(("city", "observers"), pair, strict=True)]} for key, pair in keys.items()],
        "box": b64(SigningKey("box", BOX).verifier.public), "witnesses": [{"name": WITNESS.name, "key": b64(WITNESS.verifier.public)}],
        "seal": {"key": b64(sealing.public), "of": 1, "least": 1}, "batch": 100, "padded": 1024, "revote": True,
        "opens_at": "2026-09-01T00:00:00Z", "closes_at": "2026-09-08T00:00:00Z",
    })  # fmt: skip
    board_key, chance = board.box_key(on, BOX), random.Random(number)
    marked = [" ".join(map(str, sorted(chance.sample(range(1, PROJECTS + 1), 5)))) for _ in range(3_000)]
    frontier, posted, notes, votes = Frontier(), [], [], counting.Votes()
    with tempfile.TemporaryFile() as lines_file:
        for start in range(0, number, 100):
            batch = []
            for place in range(start, min(start + 100, number)):
                class_key, marks = "ab"[place % 2], chance.choice(marked)
                votes[class_key, marks] += 1
                batch.append(cast(on, class_key, keys[class_key], marks))
            order, frontier = board.batched(frontier, [each.leaf for each in batch])
            note = board.checkpoint(frontier, board_key)
            notes.append(board.with_cosignature(on, note, board.cosign(on, note, WITNESS, 1_790_000_000)))
            by_leaf = {each.leaf: each for each in batch}
            for leaf in order:
                each = by_leaf[leaf]
                lines_file.write(bundle.Posted(each.header, each.sig, each.sealed).line())
        lines_file.seek(0)
        posted = (bundle.Posted.read(line.rstrip(b"\n")) for line in lines_file)
        issued = [
            {"class": key, "issuer": name, "day": "2026-09-01", "issued": number // 2} for key in keys for name in ("city", "observers")
        ]
        contents = bundle.Contents(
            on, poll.house_signature(on.raw, HOUSE), sealing, issued, [], counting.counted(on, votes), notes, [], posted
        )
        unfinished = path.with_suffix(".part")
        bundle.write(unfinished, contents, HOUSE)
        unfinished.rename(path)


def cast(on: poll.Poll, class_key: str, pair: list[rsa.RSAPrivateKey], marks: str) -> ballot.Cast:
    citizen = Voter.__new__(Voter)
    citizen.poll, citizen.class_key, citizen.secret = on, class_key, rights.Ed25519PrivateKey.generate()
    said = rights.message(on.digest, class_key, citizen.pk)
    citizen.right = pair[0].sign(said, PSS, hashes.SHA384()), pair[1].sign(said, PSS, hashes.SHA384())
    return ballot.make(citizen, marks)


def main() -> int:
    """Print the table; 1 when a wanted figure was missed."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--ballots", default="10000,100000", help="sizes of the polls, with commas")
    ask.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "madang-bench", help="where made-up polls are kept")
    given = ask.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    print(HEAD, flush=True)
    missed = 0
    for line in lines([int(each) for each in given.ballots.split(",")], given.keep):
        missed += line.held is False
        print(line, flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
