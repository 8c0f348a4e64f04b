"""What is published of a closed poll: the board line by line, and all checkpoints. Streaming, from the database alone.

1. Lines stand in tree order; header and signature are the very bytes that were cast.
2. The sealed part is written only where it counts: of each key, the ballot with the highest sequence number.
"""

from collections.abc import Iterator

from madang.box.polls import BoxPoll
from madang.box.store import Store
from madang.methods.sealed import b64


def lines(store: Store, poll: BoxPoll) -> Iterator[bytes]:
    """board.jsonl, a line a leaf: `{"header","sig"}`, and `"sealed"` where the ballot counts."""
    for cast, counts in store.board(poll.id):
        sealed = f',"sealed":"{b64(cast.sealed)}"' if counts else ""
        yield f'{{"header":"{b64(cast.header)}"{sealed},"sig":"{b64(cast.sig)}"}}\n'.encode()


def notes(store: Store, poll: BoxPoll) -> Iterator[str]:
    """Each checkpoint as a note with its cosignatures, smallest first."""
    for signed in store.checkpoints(poll.id):
        yield signed.note + "".join(f"{line}\n" for line in store.cosignatures(poll.id, signed.size))
