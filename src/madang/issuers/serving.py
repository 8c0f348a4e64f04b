"""The observers' issuer over HTTP.

    POST /issue              {"poll","class","code","blinded"} → {"signature"}
    GET  /<poll>/keys.json   [{"class","issuer","n","e"}]
    GET  /<poll>/issued.json [{"class","issuer","day","issued"}], only of days that are over

1. One right for each entry: the same blinded value again has the same answer, another is refused (`already-issued`).
2. Looking up, signing (in processes of their own) and writing down take turns in groups, each beside the others; what is given out is
   on the disk. Two who come at once for one entry may both be signed: the ledger takes one, the other is told what the first was given.
3. Tries are counted by code, and wrong codes all together: nobody's address is looked at, and nobody's wrong codes keep another one out.
4. Today's count is not published: whoever watched it would know when each right was issued.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from madang.box.door import Answer, Asked, Door, said
from madang.box.grouped import Grouped
from madang.box.refusals import TurnedAway
from madang.issuers.invitations import code_hash, plain_code
from madang.issuers.ledger import Entry, Ledger, LedgerFault
from madang.issuers.signing import Signer, Wanted
from madang.methods.sealed import SealedError, b64, unb64
from madang.methods.sealed.poll import Poll
from madang.methods.sealed.writing import fields, plain

log = logging.getLogger("madang.issuers")

SEOUL = ZoneInfo("Asia/Seoul")
BODY_MOST = 4096
TRIES = 20  # of one code in an hour
WRONG = 300  # wrong codes in a minute, all together


class Ask(NamedTuple):
    """One wish for a right."""

    poll: str
    voter_class: str
    code: bytes
    blinded: bytes


class Tries:
    """How often a code was tried in this hour, and how many wrong ones came in this minute. In memory only."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick = tick
        self._codes: dict[bytes, int] = {}
        self._wrong = 0
        self._hour = self._minute = -1

    def known(self, code: bytes) -> None:
        """Count a try of a code that exists. Raises TurnedAway("slow-down")."""
        hour = int(self._tick() // 3600)
        if hour != self._hour:
            self._hour, self._codes = hour, {}
        self._codes[code] = self._codes.get(code, 0) + 1
        if self._codes[code] > TRIES:
            raise TurnedAway("slow-down")

    def unknown(self) -> TurnedAway:
        """Count a wrong code; the refusal it gets."""
        minute = int(self._tick() // 60)
        if minute != self._minute:
            self._minute, self._wrong = minute, 0
        self._wrong += 1
        return TurnedAway("unknown-code" if self._wrong <= WRONG else "slow-down")


class IssuerServer:
    """The observers' issuer: its roll copy, its signer, the polls it issues for."""

    def __init__(
        self,
        name: str,
        polls: Callable[[], Mapping[str, Poll]],
        code_key: bytes,
        ledger: Callable[[], Ledger],
        signer: Callable[[], Signer],
        clock: Callable[[], datetime],
        *,
        origin: str = "",
        skew: int = 60,
    ) -> None:
        self._name, self._open_polls, self._code_key = name, polls, code_key
        self._open_ledger, self._open_signer = ledger, signer
        self._clock = clock
        self._skew = timedelta(seconds=skew)
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._waits = ThreadPoolExecutor(1, "signer")
        self._finds: Grouped[Ask, bytes] = Grouped(self._thread, self._find)
        self._signs: Grouped[Wanted, bytes] = Grouped(self._waits, self._sign, group=64)
        self._keeps: Grouped[tuple[Ask, bytes], bytes] = Grouped(self._thread, self._keep)
        self._tries = Tries()
        self._settled = ""
        self._ticking: asyncio.Task[None] | None = None
        self.door = Door(self._reply, origin=origin, body_most=BODY_MOST, begin=self.begin, end=self.end)

    # ── life ─────────────────────────────────────────────────────────────────
    async def begin(self) -> None:
        """Open the roll copy, start the signing processes."""
        self._settled = self._today()
        await self._finds.alone(self._start)
        self._ticking = asyncio.create_task(self._tick_for_ever())

    async def end(self) -> None:
        """Let the group at work finish, stop the signing processes."""
        if self._ticking is not None:
            self._ticking.cancel()
        await self._finds.alone(self._stop)
        self._thread.shutdown()
        self._waits.shutdown()

    def _start(self) -> None:
        self._ledger = self._open_ledger()
        self._ledger.settle()
        self._signer = self._open_signer()
        self._polls = dict(self._open_polls())

    def _stop(self) -> None:
        self._signer.close()
        self._ledger.settle()
        self._ledger.close()

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(30)
            await self._finds.alone(self.look)

    def look(self) -> None:
        """Take up polls newly brought in; when the day has changed, settle the ledger."""
        self._polls = dict(self._open_polls())
        if self._today() != self._settled:
            try:
                self._ledger.settle()
                self._settled = self._today()
            except LedgerFault as fault:
                log.error("the ledger was not settled: %s", fault)

    def _today(self) -> str:
        return self._clock().astimezone(SEOUL).date().isoformat()

    # ── issuing ──────────────────────────────────────────────────────────────
    async def issue(self, ask: Ask) -> bytes:
        """The blind signature for a wish: looked up, else signed and written down. Raises TurnedAway."""
        before = await self._finds.ask(ask)
        if before:
            return before
        signature = await self._signs.ask((ask.poll, ask.voter_class, ask.blinded))
        return await self._keeps.ask((ask, signature))

    def _find(self, group: Sequence[Ask]) -> list[bytes | TurnedAway]:
        """What was issued for each entry before; nothing for a new one."""
        answers: list[bytes | TurnedAway] = []
        for ask in group:
            try:
                answers.append(self._known(ask))
            except TurnedAway as refusal:
                answers.append(refusal)
            except LedgerFault as fault:
                log.error("the ledger was not read: %s", fault)
                answers.append(TurnedAway("busy"))
        return answers

    def _known(self, ask: Ask) -> bytes:
        entry = self._ledger.find(ask.poll, ask.code)
        if entry is None:
            raise self._tries.unknown()
        self._tries.known(ask.code)
        if entry.voter_class != ask.voter_class:
            raise TurnedAway("no-such-class")
        return _same(entry, ask.blinded)

    def _sign(self, group: Sequence[Wanted]) -> Sequence[bytes | TurnedAway]:
        return self._signer.sign(group)

    def _keep(self, group: Sequence[tuple[Ask, bytes]]) -> list[bytes | TurnedAway]:
        """Write a group down. Who was second for an entry has what the first was given, or a refusal."""
        try:
            first = self._ledger.keep(self._today(), [(ask.poll, ask.code, ask.blinded, signature) for ask, signature in group])
            return [signature if kept else self._second(ask) for kept, (ask, signature) in zip(first, group, strict=True)]
        except LedgerFault as fault:
            log.error("rights were not written down and not given out: %s", fault)
            return [TurnedAway("busy")] * len(group)

    def _second(self, ask: Ask) -> bytes | TurnedAway:
        entry = self._ledger.find(ask.poll, ask.code)
        return entry.signature if entry and entry.blinded == ask.blinded else TurnedAway("already-issued")

    # ── answers ──────────────────────────────────────────────────────────────
    async def _reply(self, asked: Asked) -> Answer:
        match asked.method, asked.parts:
            case "POST", ("issue",):
                return said({"signature": b64(await self.issue(self._wish(asked.body)))})
            case "GET", (slug, "keys.json"):
                return said(self._keys(self._poll(slug)))
            case "GET", (slug, "issued.json"):
                poll = self._poll(slug)
                return said(await self._finds.alone(lambda: self.issued(poll.slug)))
        raise TurnedAway("no-such-page")

    def _wish(self, body: bytes) -> Ask:
        """Read a wish. Raises TurnedAway: malformed · no-such-poll · closed · no-such-class · unknown-code · bad-blinded."""
        try:
            given = fields(plain(body), {"poll": str, "class": str, "code": str, "blinded": str})
            blinded = unb64(given["blinded"])
        except SealedError:
            raise TurnedAway("malformed") from None
        poll = self._poll(str(given["poll"]))
        if self._clock() >= poll.closes_at + self._skew:
            raise TurnedAway("closed")
        if given["class"] not in poll.classes:
            raise TurnedAway("no-such-class")
        if len(blinded) != 256:
            raise TurnedAway("bad-blinded")
        code = plain_code(str(given["code"]))
        if not code:
            raise self._tries.unknown()
        return Ask(poll.slug, str(given["class"]), code_hash(self._code_key, poll.slug, code), blinded)

    def _poll(self, slug: str) -> Poll:
        if slug not in self._polls:
            raise TurnedAway("no-such-poll")
        return self._polls[slug]

    def _keys(self, poll: Poll) -> list[dict[str, object]]:
        return [
            {"class": key, "issuer": issuer.name, "n": b64(issuer.key.written()), "e": 65537}
            for key, one in poll.classes.items()
            for issuer in one.issuers
            if issuer.name == self._name
        ]

    def issued(self, slug: str) -> list[dict[str, object]]:
        """Counts by class and day, of days that are over."""
        try:
            counts = self._ledger.issued(slug, self._today())
        except LedgerFault:
            raise TurnedAway("busy") from None
        return [{"class": key, "issuer": self._name, "day": day, "issued": count} for key, day, count in counts]


def _same(entry: Entry, blinded: bytes) -> bytes:
    """The signature given before for the same value; nothing if none was. Raises TurnedAway("already-issued")."""
    if entry.signature and entry.blinded != blinded:
        raise TurnedAway("already-issued")
    return entry.signature
