"""The reference vectors are those of RFC 6962's implementation (certificate-transparency, merkle_tree_test)."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.methods.transparency import merkle
from madang.methods.transparency.merkle import Frontier, Tree, leaf_hash, node_hash

LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (leaf counted from 1, size)
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (3, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (2, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
SMALL = st.integers(1, 70)


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162 §2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*naive_path(index, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_path(index - split, leaves[split:]), naive_root(leaves[:split])]


def grown(leaves: list[bytes]) -> Tree:
    tree = Tree()
    tree.extend(leaf_hash(leaf) for leaf in leaves)
    return tree


def numbered(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


def test_the_published_roots():
    tree = grown(LEAVES)
    assert tree.root(0).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [tree.root(size + 1).hex() for size in range(8)] == ROOTS


@pytest.mark.parametrize(("leaf", "size"), INCLUSION)
def test_the_published_inclusion_proofs(leaf, size):
    path = grown(LEAVES).inclusion(leaf - 1, size)
    assert [part.hex() for part in path] == INCLUSION[leaf, size]
    root = bytes.fromhex(ROOTS[size - 1])
    assert merkle.verify_inclusion(leaf_hash(LEAVES[leaf - 1]), leaf - 1, size, path, root)


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_the_published_consistency_proofs(old, new):
    path = grown(LEAVES).consistency(old, new)
    assert [part.hex() for part in path] == CONSISTENCY[old, new]
    assert merkle.verify_consistency(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), path)


@given(st.lists(st.integers(0, 40), max_size=6))
def test_growing_in_batches_gives_the_root_of_the_definition(batches):
    leaves = numbered(sum(batches))
    frontier, start = Frontier(), 0
    for count in batches:
        frontier, _ = frontier.extend([leaf_hash(leaf) for leaf in leaves[start : start + count]])
        start += count
        assert frontier.root == naive_root(leaves[:start])
    assert frontier.size == len(leaves)


@given(st.lists(st.integers(0, 40), max_size=6))
def test_each_complete_subtree_is_reported_exactly_once(batches):
    frontier, reported = Frontier(), {}
    for count in batches:
        leaves = [leaf_hash(leaf) for leaf in numbered(frontier.size + count)[frontier.size :]]
        frontier, parts = frontier.extend(leaves)
        for part in parts:
            for place, node in enumerate(part.hashes, start=part.first):
                assert (part.level, place) not in reported
                reported[part.level, place] = node
    whole = grown(numbered(sum(batches)))
    assert reported == {
        (level, place): node for level, row in enumerate(whole.levels) for place, node in enumerate(row)
    }


@given(SMALL, st.data())
def test_a_path_is_that_of_the_definition_and_proves_only_its_own_leaf(size, data):
    index = data.draw(st.integers(0, size - 1))
    leaves = numbered(size)
    tree = grown(leaves)
    path = tree.inclusion(index, size)
    assert path == naive_path(index, leaves)
    assert merkle.verify_inclusion(leaf_hash(leaves[index]), index, size, path, tree.root(size))
    assert not merkle.verify_inclusion(leaf_hash(b"other"), index, size, path, tree.root(size))
    assert not merkle.verify_inclusion(
        leaf_hash(leaves[index]), index, size, [*path, path[0] if path else b"x" * 32], tree.root(size)
    )
    other = data.draw(st.integers(-1, size).filter(lambda place: place != index))
    assert not merkle.verify_inclusion(leaf_hash(leaves[index]), other, size, path, tree.root(size))


@given(SMALL, SMALL, st.data())
def test_a_consistency_proof_holds_for_growth_and_for_nothing_else(one, other, data):
    old, new = sorted((one, other))
    tree = grown(numbered(new))
    path = tree.consistency(old, new)
    assert merkle.verify_consistency(old, new, tree.root(old), tree.root(new), path)
    changed = numbered(new)
    changed[data.draw(st.integers(0, old - 1))] = b"rewritten"
    rewritten = grown(changed)
    forged = rewritten.consistency(old, new)
    assert not merkle.verify_consistency(old, new, tree.root(old), rewritten.root(new), forged)
    if path:
        assert not merkle.verify_consistency(old, new, tree.root(old), tree.root(new), path[:-1])
        assert not merkle.verify_consistency(old, new, tree.root(old), tree.root(new), [*path, path[0]])


def test_a_leaf_cannot_pass_for_a_node():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


def test_places_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="leaf 3 is not in a tree of 3"):
        merkle.inclusion_spans(3, 3)
    with pytest.raises(ValueError, match="no consistency proof from 4 to 3"):
        merkle.consistency_spans(4, 3)
    with pytest.raises(ValueError, match="a tree of 3 leaves does not have 1 peaks"):
        Frontier(3, (b"x" * 32,))
