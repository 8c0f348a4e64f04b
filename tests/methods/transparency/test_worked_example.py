"""The example that docs/methods/transparency.md works by hand."""

from pathlib import Path

from madang.methods.transparency.merkle import Tree, leaf_hash, node_hash, verify_consistency, verify_inclusion

PAGE = (Path(__file__).parents[3] / "docs/methods/transparency.md").read_text("utf-8")


def short(node: bytes) -> str:
    return f"`{node.hex()[:8]}…{node.hex()[-4:]}`".strip("`")


def test_the_hashes_on_the_page_are_right():
    a, b, c = (leaf_hash(text) for text in (b'{"n":1}', b'{"n":2}', b'{"n":3}'))
    tree = Tree()
    tree.extend([a, b, c])
    for node in (a, b, c, node_hash(a, b), tree.root(3)):
        assert short(node) in PAGE
    assert tree.inclusion(1, 3) == [a, c]
    assert tree.consistency(2, 3) == [c]
    assert verify_inclusion(b, 1, 3, [a, c], tree.root(3))
    assert verify_consistency(2, 3, node_hash(a, b), tree.root(3), [c])
