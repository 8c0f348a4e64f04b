"""Transparency: a million leaves, proofs and their verification. The peer is hashlib itself: two hashes a leaf are the floor."""

import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from madang.methods.transparency.merkle import Tree, leaf_hash, verify_consistency, verify_inclusion
from methods import Line

LEAF = b'{"act":"proposals.support","at":"2026-09-01T00:00:00Z","matter":12,"uid":"%032x"}'
PROOFS = 2_000


def lines(shared: Path, quick: bool) -> Iterator[Line]:
    """Seconds of processor time, and its 99th percentile over single proofs."""
    leaves = 100_000 if quick else 1_000_000
    floor = hashed(leaves)
    started = time.process_time()
    tree = Tree()
    tree.extend(leaf_hash(LEAF % number) for number in range(leaves))
    root = tree.root(leaves)
    took = time.process_time() - started
    got = f"{took / floor:.1f}× the floor"
    yield Line(f"{leaves:,} leaves hashed and rooted", f"{took:.2f} s", f"hashlib alone {floor:.2f} s", "≤ 10 s", got, took <= 10)
    step = leaves // PROOFS
    made, checked, grown = [], [], []
    for index in range(0, leaves, step):
        started = time.process_time()
        path = tree.inclusion(index, leaves)
        middle = time.process_time()
        held = verify_inclusion(tree.levels[0][index], index, leaves, path, root)
        checked.append(time.process_time() - middle)
        made.append(middle - started)
        old = tree.root(index + 1)
        started = time.process_time()
        held = held and verify_consistency(index + 1, leaves, old, root, tree.consistency(index + 1, leaves))
        grown.append(time.process_time() - started)
        if not held:
            raise AssertionError(f"the proof of {index} does not hold")
    for what, times in (("inclusion proof made", made), ("inclusion proof verified", checked), ("growth proof made and verified", grown)):
        worst = sorted(times)[int(len(times) * 0.99)] * 1000
        yield Line(f"{what}, p99 of {len(times):,}", f"{worst:.3f} ms", "", "≤ 1 ms", f"{worst:.3f} ms", worst <= 1)


def hashed(leaves: int) -> float:
    """What hashing alone costs: each leaf once, and a node for each."""
    started = time.process_time()
    for number in range(leaves):
        sha256(LEAF % number).digest()
        sha256(b"x" * 65).digest()
    return time.process_time() - started
