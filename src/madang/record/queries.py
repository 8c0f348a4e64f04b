"""Questions to the record: stories, the outbox, receipts, the download.

1. Reading never waits for sealing: an entry not sealed yet is in the story, and has no receipt yet.
2. Proofs are folded from stored subtrees and at most a few hundred leaves, however long the log is.
"""

import base64
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from django.db.models import Q, QuerySet

from madang.methods.transparency import logfile
from madang.methods.transparency.checkpoint import VerifierKey
from madang.methods.transparency.merkle import (
    Frontier,
    Span,
    Subtree,
    consistency_spans,
    fold,
    inclusion_spans,
    node_hash,
    subtrees,
)
from madang.record.key import signing_key
from madang.record.models import STORED_LEVEL, Checkpoint, Entry, Key, Leaf, Node

CHUNK = 5_000  # lines read at once for a download


def story(matter_id: int) -> QuerySet[Entry]:
    """The entries of one 의제, oldest first."""
    return Entry.objects.filter(matter_id=matter_id).order_by("id")


def browse(before: int | None = None, limit: int = 50) -> list[Entry]:
    """The newest entries, newest first; `before` is the id of the last entry of the page before."""
    entries = Entry.objects.order_by("-id")
    return list((entries.filter(id__lt=before) if before is not None else entries)[:limit])


def after(position: int, limit: int = 500) -> list[Leaf]:
    """Sealed entries after `position`, in order; −1 asks from the beginning. Each leaf brings its entry.

    Positions have no gap and never change, so a reader that remembers the last one misses nothing and repeats nothing.
    """
    return list(Leaf.objects.filter(position__gt=position).select_related("entry").order_by("position")[:limit])


def position_of(entry_ids: Iterable[int]) -> dict[int, int]:
    """Positions by entry id; entries not sealed yet are left out."""
    return dict(Leaf.objects.filter(entry_id__in=list(entry_ids)).values_list("entry_id", "position"))


def newest() -> Checkpoint | None:
    """The newest signed checkpoint; None while nothing is sealed."""
    return Checkpoint.objects.order_by("-size").first()


def keys() -> list[str]:
    """The public keys of this log, newest first: what the city prints on paper. One, unless the key was turned."""
    used = Key.objects.order_by("-id").values_list("public", flat=True)
    return list(dict.fromkeys(used)) or [str(signing_key())]


def receipt(entry: Entry) -> dict[str, object] | None:
    """Proof that the entry is in the log, against the newest checkpoint; None while it is not sealed.

    `madang verify` checks it offline; `text` is the exact line.
    """
    leaf = Leaf.objects.filter(entry=entry).first()
    checkpoint = newest()
    if leaf is None or checkpoint is None:
        return None
    path = _proof(inclusion_spans(leaf.position, checkpoint.size))
    return {
        "madang-receipt": logfile.VERSION,
        "position": leaf.position,
        "text": entry.text,
        "path": [_b64(part) for part in path],
        "checkpoint": checkpoint.note,
        "keys": keys(),
    }


def consistency(old: int, new: int) -> dict[str, object] | None:
    """Proof that the log of `new` entries continues that of `old`; None where either size has no checkpoint."""
    sealed = Checkpoint.objects.in_bulk([old, new])
    if not 0 < old <= new or not {old, new} <= sealed.keys():
        return None
    return {
        "old": sealed[old].note,
        "new": sealed[new].note,
        "path": [_b64(part) for part in _proof(consistency_spans(old, new))],
    }


def download(out: BinaryIO, since: int = 0) -> int:
    """Write the verifiable log from position `since` to `out` (format: methods/transparency/logfile.py).

    Returns how many entries the log has. Raises ValueError for a `since` beyond it.
    """
    last = newest()
    size = last.size if last else 0
    if not 0 <= since <= size:
        raise ValueError(f"the log has {size} entries, none from {since}")
    tiles = subtrees(0, since)
    known = _hashes(tiles)
    before = Frontier(since, tuple(known[tile] for tile in tiles))
    out.write(logfile.header([VerifierKey.read(key) for key in keys()], before, size))
    for lines in _lines(since, size):
        out.write(b"".join(lines))
    return size


def _lines(since: int, size: int) -> Iterator[list[bytes]]:
    """Entries and checkpoints in order, in chunks; a checkpoint follows the last entry below its size."""
    if since:
        sealed = Checkpoint.objects.filter(size=since).values_list("note", flat=True)
        yield [logfile.checkpoint_line(note) for note in sealed]
    for start in range(since, size, CHUNK):
        end = min(start + CHUNK, size)
        notes = dict(Checkpoint.objects.filter(size__gt=start, size__lte=end).values_list("size", "note"))
        leaves = Leaf.objects.filter(position__gte=start, position__lt=end).order_by("position")
        lines = []
        for position, leaf, text in leaves.values_list("position", "hash", "entry__text"):
            lines.append(logfile.entry_line(position, bytes(leaf), text))
            if position + 1 in notes:
                lines.append(logfile.checkpoint_line(notes[position + 1]))
        yield lines


# ── proofs ───────────────────────────────────────────────────────────────────
def _proof(spans: Sequence[Span]) -> list[bytes]:
    tiles = [subtrees(start, end) for start, end in spans]
    known = _hashes([tile for row in tiles for tile in row])
    return [fold([known[tile] for tile in row]) for row in tiles]


def _hashes(tiles: Sequence[Subtree]) -> dict[Subtree, bytes]:
    """The hashes of complete subtrees, in two queries: the stored ones, and the leaves under the small ones."""
    small = [tile for tile in tiles if tile[0] < STORED_LEVEL]
    large = [tile for tile in tiles if tile[0] >= STORED_LEVEL]
    known: dict[Subtree, bytes] = {}
    if large:
        wanted = Q()
        for level, place in large:
            wanted |= Q(level=level, place=place)
        known = {
            (level, place): bytes(node)
            for level, place, node in Node.objects.filter(wanted).values_list("level", "place", "hash")
        }
    if small:
        wanted = Q()
        for level, place in small:
            wanted |= Q(position__gte=place << level, position__lt=(place + 1) << level)
        leaves = {
            position: bytes(leaf) for position, leaf in Leaf.objects.filter(wanted).values_list("position", "hash")
        }
        known |= {tile: _small(tile, leaves) for tile in small}
    return known


def _small(tile: Subtree, leaves: dict[int, bytes]) -> bytes:
    level, place = tile
    row = [leaves[position] for position in range(place << level, (place + 1) << level)]
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
