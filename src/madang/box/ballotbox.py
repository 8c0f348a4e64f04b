"""One poll's box: what may come in, where it waits, when it goes to the board. All of it on one thread.

1. `take` gives a receipt only for what is on the disk; the same ballot again has the same receipt and is there once.
2. Of one right the sequence numbers only rise; two ballots with one number are never both taken.
3. A batch is at least `batch` ballots, or all at closing; it goes to the database with its checkpoint in one transaction,
   and only then leaves the pool. Killed anywhere between, `open` finds what is missing and nothing twice.
4. After closing nothing comes in, and the last checkpoint is the last.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from madang.box.polls import BoxPoll
from madang.box.pool import Checked, Pool, PoolFull, Waiting
from madang.box.refusals import TurnedAway
from madang.box.store import Signed, Store, StoreFault
from madang.box.tree import PackedTree
from madang.methods.sealed import SealedError, board
from madang.methods.transparency.checkpoint import SigningKey
from madang.methods.transparency.merkle import Frontier

log = logging.getLogger("madang.box")


class DamagedBox(Exception):
    """Database and checkpoint do not fit; the box does not open before somebody has looked."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf is on the board: its index, the size and checkpoint it is proved under, and the audit path."""

    index: int
    size: int
    path: list[bytes]
    note: str


class BallotBox:
    """The box of one poll. `open`, `take`, `flush`, `close` and `cosign` belong to the box's one thread; reading may go on beside it."""

    def __init__(self, poll: BoxPoll, key: SigningKey, pool: Pool, store: Store) -> None:
        self.poll = poll
        self._key = key
        self._pool = pool
        self._store = store
        self.tree = PackedTree()
        self.last: Signed | None = None
        self.closed = False
        self._seen: set[int] = set()  # eight bytes of each key on the board: who is not here needs no question
        self._starts: list[int] = []  # the size before each batch
        self._waiting: dict[bytes, Checked] = {}  # by leaf
        self._by_key: dict[bytes, list[Checked]] = {}

    def open(self) -> None:
        """Read board and pool back. Raises DamagedBox if the board is not the one the last checkpoint signed."""
        id_ = self.poll.id
        for number, leaves in enumerate(self._store.batches(id_)):
            self._starts.append(self.tree.size)
            self.tree.extend(leaves)
            self._seen.update(map(_short, self._store.keys(id_, number)))
        self.last = self._store.last(id_)
        signed = (self.last.size, self.last.root) if self.last else (0, self.tree.frontier.root)
        if signed != (self.tree.size, self.tree.frontier.root):
            raise DamagedBox(f"{self.poll.slug}: {self.tree.size} ballots do not have the root of the checkpoint at {signed[0]}")
        self.closed = self._store.closed_at_size(id_) is not None
        self._hold(self._pool.read())

    def _hold(self, found: Iterable[Waiting]) -> None:
        """What waits stays; what had reached the board before a crash, or stands twice, is blanked."""
        done = []
        for slot in found:
            try:
                cast = self.poll.reread(slot)
            except SealedError as fault:  # blanking it would drop a ballot that has a receipt
                raise DamagedBox(f"{self.poll.slug}: slot {slot.slot} holds a ballot that is not of this poll: {fault.code}") from None
            if cast.leaf in self._waiting or self._store.position(self.poll.id, cast.leaf):
                done.append(slot.slot)
                continue
            self._pool.hold(cast.leaf, slot.slot)
            self._wait(cast)
        self._pool.blank(done)

    def leave(self) -> None:
        """Let go of the pool's file."""
        self._pool.close()

    # ── casting ──────────────────────────────────────────────────────────────
    def take(self, casts: Sequence[Checked]) -> list[bytes | TurnedAway]:
        """Take a group of verified ballots; for each its leaf (as good as a receipt) or the refusal."""
        fresh: dict[bytes, Checked] = {}
        answers: list[bytes | TurnedAway] = []
        for cast in casts:
            try:
                answers.append(self._leaf(cast, fresh))
            except TurnedAway as refusal:
                answers.append(refusal)
        if fresh and not self._keep(list(fresh.values())):
            answers = [TurnedAway("box-full") if answer in fresh else answer for answer in answers]
        return answers

    def _leaf(self, cast: Checked, fresh: dict[bytes, Checked]) -> bytes:
        """The leaf this ballot has or will have; a new one is put into `fresh`. Raises TurnedAway."""
        if self.closed:
            raise TurnedAway("closed")
        earlier = self._earlier(cast.pk, fresh)
        for other in earlier:
            if other.header == cast.header:
                return other.leaf
        highest = max((other.seq for other in earlier), default=-1)
        if earlier and not self.poll.revote:
            raise TurnedAway("no-revote")
        if any(other.seq == cast.seq for other in earlier):
            raise TurnedAway("seq-used")
        if cast.seq < highest:
            raise TurnedAway("seq-lower")
        if len(fresh) >= self._pool.free:
            raise TurnedAway("box-full")
        fresh[cast.leaf] = cast
        return cast.leaf

    def _earlier(self, pk: bytes, fresh: dict[bytes, Checked]) -> list[Checked]:
        """Every ballot of this right: in this group, waiting, on the board."""
        found = [cast for cast in fresh.values() if cast.pk == pk] + self._by_key.get(pk, [])
        if _short(pk) in self._seen:
            try:
                found += self._store.of_key(self.poll.id, pk)
            except StoreFault:
                raise TurnedAway("busy") from None
        return found

    def _keep(self, casts: list[Checked]) -> bool:
        """Put a group on the disk; whether it is there."""
        try:
            self._pool.put(casts)
        except (OSError, PoolFull) as fault:
            log.error("%s: a group of ballots could not be stored: %s", self.poll.slug, type(fault).__name__)
            return False
        for cast in casts:
            self._wait(cast)
        return True

    def _wait(self, cast: Checked) -> None:
        self._waiting[cast.leaf] = cast
        self._by_key.setdefault(cast.pk, []).append(cast)

    # ── the board ────────────────────────────────────────────────────────────
    def flush(self, *, all_: bool = False) -> bool:
        """Bring what waits to the board if there is enough of it (or `all_` of it); whether nothing is left to be done.

        A database that does not take it is met again at the next group: the ballots wait where they are.
        """
        enough = len(self._waiting) >= (1 if all_ else self.poll.batch)
        if not enough and not (all_ and self.last is None):
            return True
        casts = sorted(self._waiting.values(), key=lambda cast: cast.leaf)
        leaves = [cast.leaf for cast in casts]
        signed = self._sign(self.tree.grown(leaves))
        try:
            self._store.add_batch(self.poll.id, signed, casts)
        except StoreFault as fault:
            log.error("%s: a batch did not reach the database: %s", self.poll.slug, fault)
            return self._reached(signed)
        self._advance(signed, casts)
        return True

    def _reached(self, signed: Signed) -> bool:
        """After a fault: whether the batch is there all the same (the answer was lost, not the batch)."""
        try:
            last = self._store.last(self.poll.id)
        except StoreFault:
            return False
        if last is None or (last.size, last.root) != (signed.size, signed.root):
            return False
        self._advance(signed, sorted(self._waiting.values(), key=lambda cast: cast.leaf))
        return True

    def _advance(self, signed: Signed, casts: list[Checked]) -> None:
        leaves = [cast.leaf for cast in casts]
        self._starts.append(self.tree.size)
        self.tree.extend(leaves)
        self._seen.update(_short(cast.pk) for cast in casts)
        self.last = signed
        self._waiting.clear()
        self._by_key.clear()
        self._pool.clear(leaves)

    def _sign(self, frontier: Frontier) -> Signed:
        note = board.checkpoint(frontier, self._key)
        return Signed(frontier.size, self.last.batch + 1 if self.last else 0, frontier.root, note)

    def close(self) -> bool:
        """The last batch, then nothing more; whether it is done. Calling it again does no harm."""
        if self.closed:
            return True
        if not self.flush(all_=True):
            return False
        try:
            self._store.close_poll(self.poll.id, self.tree.size)
        except StoreFault as fault:
            log.error("%s: closing did not reach the database: %s", self.poll.slug, fault)
            return False
        self.closed = True
        return True

    def receipt(self, leaf: bytes) -> bytes:
        """The box's signature for a ballot it has taken."""
        return board.receipt(leaf, self._key, self.poll.poll)

    def cosign(self, line: str) -> None:
        """Take a witness's line under the newest checkpoint. Raises TurnedAway: no-checkpoint · not-a-witness · bad-cosignature · busy."""
        if self.last is None:
            raise TurnedAway("no-checkpoint")
        if line.count("\n") != 1 or not line.endswith("\n"):
            raise TurnedAway("bad-cosignature")
        try:
            board.read_note(self.poll.poll, self.last.note + line)
        except SealedError as fault:
            raise TurnedAway("not-a-witness" if fault.code == "unknown-cosigner" else "bad-cosignature") from None
        try:
            self._store.add_cosignature(self.poll.id, self.last.size, line.split(" ")[1], line.rstrip("\n"))
        except StoreFault:
            raise TurnedAway("busy") from None

    # ── reading ──────────────────────────────────────────────────────────────
    @property
    def waiting(self) -> int:
        """How many ballots wait for their batch."""
        return len(self._waiting)

    def head(self, store: Store) -> str:
        """The newest checkpoint with its cosignatures. Raises TurnedAway("no-checkpoint")."""
        last = self.last
        if last is None:
            raise TurnedAway("no-checkpoint")
        return last.note + "".join(f"{line}\n" for line in store.cosignatures(self.poll.id, last.size))

    def proof(self, leaf: bytes, store: Store) -> Proof:
        """That a leaf is on the board. Raises TurnedAway("not-on-board") also while it waits for its batch."""
        found, last = store.position(self.poll.id, leaf), self.last
        if found is None or last is None or found[0] > last.batch:  # written a moment ago, and not yet taken up here
            raise TurnedAway("not-on-board")
        batch, before = found
        index = self._starts[batch] + before
        return Proof(index, last.size, self.tree.inclusion(index, last.size), last.note)


def _short(pk: bytes) -> int:
    return int.from_bytes(sha256(pk).digest()[:8], "big")
