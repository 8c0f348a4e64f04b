"""A log that anyone can check: canonical text, a Merkle tree, signed checkpoints, a verifier.

1. Pure: bytes in, bytes out. No Django, no database, no clock, no network.
2. The tree is RFC 9162 §2.1, the checkpoint is C2SP tlog-checkpoint: other people's tools read ours.
3. Verifying needs the downloaded file and the published key, nothing else.
"""

from madang.methods.transparency.canonical import canonical, digest

__all__ = ["canonical", "digest"]
