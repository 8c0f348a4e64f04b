"""A log in a notebook: append, seal, prove, and catch a forger."""

# %% Three entries, canonical so that everyone hashes the same bytes
from madang.methods.transparency import canonical
from madang.methods.transparency.checkpoint import Checkpoint, SigningKey, read, sign
from madang.methods.transparency.merkle import Tree, leaf_hash, verify_consistency, verify_inclusion

texts = [canonical({"n": number, "act": "proposals.support"}) for number in (1, 2, 3)]
tree = Tree()
tree.extend(leaf_hash(text.encode()) for text in texts)

# %% The city signs: this many lines, this root
key = SigningKey.make("seoul.example/log")
note = sign(Checkpoint("seoul.example/log", 3, tree.root(3)), key)
print(note)

# %% Anyone checks the signature, then that entry 1 is in
root = read(note, [key.verifier]).root
print("in the log:", verify_inclusion(leaf_hash(texts[1].encode()), 1, 3, tree.inclusion(1, 3), root))

# %% A forged entry is not, whatever path is shown
print("forged:", verify_inclusion(leaf_hash(b'{"n":9}'), 1, 3, tree.inclusion(1, 3), root))

# %% And that yesterday's log of two lines was only continued
print("only grew:", verify_consistency(2, 3, tree.root(2), root, tree.consistency(2, 3)))
