"""The box over HTTP: `POST /cast`, `POST /cosign`, and what anyone may read.

    POST /cast                        {"header","sig","sealed"} of the poll's one length → {"code","leaf","receipt"}
    POST /<poll>/cosign               a witness's line under the newest checkpoint
    GET  /polls  /<poll>/poll.json  /<poll>/poll.sig  /<poll>/status
    GET  /<poll>/checkpoint           C2SP note with its cosignatures
    GET  /<poll>/leaves?from=&to=     leaf hashes, a line each, at most 10,000
    GET  /<poll>/proof?leaf=          inclusion under the newest checkpoint
    GET  /<poll>/consistency?from=&to= that the log of `from` leaves begins the one of `to` (the newest)
    GET  /<poll>/checkpoints.txt  /<poll>/board.jsonl     after closing; the board once the seal's seed is published

1. Checking a ballot happens here, beside others; taking it happens on the box's one thread, in groups (grouped.py).
2. Reading has a thread and a connection of its own: nobody who looks keeps a ballot waiting.
3. Every second the clock is looked at: polls newly brought in are opened, polls that are over are closed.
4. Nothing is written about who asked.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from madang.box.ballotbox import BallotBox, DamagedBox
from madang.box.board import lines, notes
from madang.box.door import JSON, TEXT, Answer, Asked, Door, said
from madang.box.grouped import Grouped
from madang.box.home import Home, HomeFault
from madang.box.pool import Checked, PoolFault
from madang.box.refusals import TurnedAway
from madang.box.store import Store, StoreFault
from madang.methods.sealed import SealedError, b64, board, unb64
from madang.methods.sealed.writing import fields, plain

log = logging.getLogger("madang.box")

BODY_MOST = 120_000  # bytes: a sealed part of 64 KB (the largest `padded`) in base64url, and a header
LEAVES_MOST = 10_000
PIECE = 1 << 18
_NAMED = re.compile(rb'"poll":"([A-Za-z0-9_-]{43})"')
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)

Read = TypeVar("Read")
Clock = Callable[[], datetime]
Incoming = tuple[BallotBox, Checked]


class BoxServer:
    """All polls of one folder behind one door."""

    def __init__(self, home: Home, store: Callable[[], Store], clock: Clock, *, origin: str = "", tick_seconds: float = 1.0) -> None:
        self._home = home
        self._open_store = store
        self._clock = clock
        self._tick_seconds = tick_seconds
        self._thread = ThreadPoolExecutor(1, "box")
        self._casts: Grouped[Incoming, bytes] = Grouped(self._thread, self._take)
        self._boxes: dict[str, BallotBox] = {}
        self._damaged: set[str] = set()
        self._reader = ThreadPoolExecutor(1, "reader")
        self._ticking: asyncio.Task[None] | None = None
        self.door = Door(self._reply, origin=origin, body_most=BODY_MOST, begin=self.begin, end=self.end)

    # ── life ─────────────────────────────────────────────────────────────────
    async def begin(self) -> None:
        """Lock the folder, open database and polls. Raises HomeFault, DamagedBox, StoreFault."""
        self._home.lock()
        await self._casts.alone(self._start)
        await self._tick()
        self._ticking = asyncio.create_task(self._tick_for_ever())

    async def end(self) -> None:
        """Stop the clock, let the group at work finish, let go of the folder."""
        if self._ticking is not None:
            self._ticking.cancel()
        self._reader.shutdown()
        await self._casts.alone(self._stop)
        self._thread.shutdown()
        self._home.unlock()

    def _start(self) -> None:
        self._store, self._shown = self._open_store(), self._open_store()

    def _stop(self) -> None:
        for box in self._boxes.values():
            box.leave()
        self._store.close()
        self._shown.close()

    async def _read(self, what: Callable[[], Read]) -> Read:
        """Look something up beside the box's thread: whoever reads keeps no ballot waiting."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, what)

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._tick_seconds)
            await self._tick()

    async def _tick(self) -> None:
        now = self._clock()
        await self._casts.alone(lambda: self._look(now))

    def _look(self, now: datetime) -> None:
        """Open what is new, try again what waits, close what is over."""
        self._open_new()
        for box in self._boxes.values():
            if box.closed:
                continue
            if box.poll.over(now):
                box.close()
            else:
                box.flush()

    def _open_new(self) -> None:
        for slug in self._home.slugs():
            if slug in self._boxes or slug in self._damaged:
                continue
            try:
                self._boxes[slug] = self._home.box(self._home.poll(slug), self._store)
            except (HomeFault, DamagedBox, SealedError, PoolFault) as fault:
                self._damaged.add(slug)  # not looked at again before somebody has, and has started the box anew
                log.error("%s", fault)
            except (OSError, StoreFault) as fault:
                log.error("%s: not opened yet: %s", slug, fault)

    def _take(self, group: Sequence[Incoming]) -> list[bytes | TurnedAway]:
        """One group of ballots, poll by poll; answers by place."""
        answers: dict[int, bytes | TurnedAway] = {}
        for box in dict.fromkeys(box for box, _ in group):
            places = [place for place, (of, _) in enumerate(group) if of is box]
            for place, answer in zip(places, box.take([group[place][1] for place in places]), strict=True):
                answers[place] = answer
            if not box.closed:
                box.flush()
        return [answers[place] for place in range(len(group))]

    # ── answers ──────────────────────────────────────────────────────────────
    async def _reply(self, asked: Asked) -> Answer:
        if asked.method == "POST":
            return await self._post(asked)
        if asked.method not in ("GET", "HEAD"):
            raise TurnedAway("no-such-page")
        match asked.parts:
            case ("polls",):
                return said(sorted(self._boxes))
            case (slug, page) if page in READ:
                return await READ[page](self, self._box(slug), asked)
        raise TurnedAway("no-such-page")

    async def _post(self, asked: Asked) -> Answer:
        match asked.parts:
            case ("cast",):
                return await self._cast(asked.body)
            case (slug, "cosign"):
                return await self._cosign(self._box(slug), asked.body)
        raise TurnedAway("no-such-page")

    async def _cast(self, body: bytes) -> Answer:
        box = self._addressed(body)
        box.poll.within(self._clock())
        leaf = await self._casts.ask((box, box.poll.checked(body)))
        return said({"code": board.code(leaf), "leaf": b64(leaf), "receipt": b64(box.receipt(leaf))})

    def _addressed(self, body: bytes) -> BallotBox:
        """The box a cast is for; with one poll that one, so that each fault of a ballot has its own name."""
        if len(self._boxes) == 1:
            return next(iter(self._boxes.values()))
        if not self._boxes:
            raise TurnedAway("no-such-poll")
        named = _named(body)
        for box in self._boxes.values():
            if b64(box.poll.id) == named:
                return box
        raise TurnedAway("no-such-poll")

    async def _cosign(self, box: BallotBox, body: bytes) -> Answer:
        try:
            line = body.decode()
        except UnicodeDecodeError:
            raise TurnedAway("malformed") from None
        await self._casts.alone(lambda: box.cosign(line))
        return said({"cosigned": box.tree.size})

    def _box(self, slug: str) -> BallotBox:
        if slug not in self._boxes:
            raise TurnedAway("no-such-poll")
        return self._boxes[slug]

    # ── pages anyone may read ────────────────────────────────────────────────
    async def _poll_json(self, box: BallotBox, asked: Asked) -> Answer:
        return Answer(box.poll.poll.raw, JSON)

    async def _poll_sig(self, box: BallotBox, asked: Asked) -> Answer:
        return Answer((self._home.polls / box.poll.slug / "poll.sig").read_bytes(), JSON)

    async def _status(self, box: BallotBox, asked: Asked) -> Answer:
        """Counts as of the last batch; how many wait is told only in steps of ten, so that nobody counts single ballots."""
        return said({
            "poll": box.poll.slug, "digest": b64(box.poll.id), "on_board": box.tree.size, "waiting_about": box.waiting // 10 * 10,
            "batch": box.poll.batch, "skew_seconds": box.poll.skew, "closed": box.closed, "opened_up": self._home.revealed(box.poll),
        })  # fmt: skip

    async def _checkpoint(self, box: BallotBox, asked: Asked) -> Answer:
        return Answer((await self._read(lambda: box.head(self._shown))).encode(), TEXT)

    async def _leaves(self, box: BallotBox, asked: Asked) -> Answer:
        start = _number(asked.query.get("from", "0"))
        end = min(_number(asked.query.get("to", str(start + LEAVES_MOST))), start + LEAVES_MOST)
        return Answer("".join(f"{b64(leaf)}\n" for leaf in box.tree.leaves(start, max(start, end))).encode(), TEXT)

    async def _proof(self, box: BallotBox, asked: Asked) -> Answer:
        try:
            leaf = unb64(asked.query.get("leaf"), 32)
        except SealedError:
            raise TurnedAway("malformed") from None
        proof = await self._read(lambda: box.proof(leaf, self._shown))
        path = [b64(part) for part in proof.path]
        return said({"index": proof.index, "size": proof.size, "path": path, "checkpoint": proof.note})

    async def _consistency(self, box: BallotBox, asked: Asked) -> Answer:
        old, new = _number(asked.query.get("from", "")), _number(asked.query.get("to", str(box.tree.size)))
        if not 0 < old <= new <= box.tree.size:
            raise TurnedAway("malformed")
        return said({"from": old, "to": new, "path": [b64(part) for part in box.tree.consistency(old, new)]})

    async def _checkpoints(self, box: BallotBox, asked: Asked) -> Answer:
        return Answer((await self._read(lambda: "\n".join(notes(self._shown, box.poll)))).encode(), TEXT)

    async def _board(self, box: BallotBox, asked: Asked) -> Answer:
        if not (box.closed and self._home.revealed(box.poll)):
            raise TurnedAway("still-sealed")
        return Answer(self._board_pieces(box), "application/x-ndjson")

    async def _board_pieces(self, box: BallotBox) -> AsyncIterator[bytes]:
        """The board in pieces: memory does not grow with it."""
        written = lines(self._shown, box.poll)
        while piece := await self._read(lambda: _piece(written)):
            yield piece


def _named(body: bytes) -> str:
    """The poll a cast names. Raises TurnedAway("malformed")."""
    try:
        header = unb64(fields(plain(body), {"header": str, "sig": str, "sealed": str})["header"])
    except SealedError:
        raise TurnedAway("malformed") from None
    found = _NAMED.search(header)
    if found is None:
        raise TurnedAway("malformed")
    return found[1].decode()


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise TurnedAway("malformed")
    return int(text)


def _piece(written: Iterator[bytes]) -> bytes:
    """The next quarter of a megabyte or so; nothing at the end."""
    piece = bytearray()
    for line in written:
        piece += line
        if len(piece) >= PIECE:
            break
    return bytes(piece)


READ = {
    "poll.json": BoxServer._poll_json,
    "poll.sig": BoxServer._poll_sig,
    "status": BoxServer._status,
    "checkpoint": BoxServer._checkpoint,
    "leaves": BoxServer._leaves,
    "proof": BoxServer._proof,
    "consistency": BoxServer._consistency,
    "checkpoints.txt": BoxServer._checkpoints,
    "board.jsonl": BoxServer._board,
}
