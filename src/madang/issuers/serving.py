"""The observers' issuer over HTTP.

    POST /issue              {"poll","class","code","blinded"} → {"signature"}
    GET  /<poll>/keys.json   [{"class","issuer","n","e"}]
    GET  /<poll>/issued.json [{"class","issuer","day","issued"}], only of days that are over

1. One right for each entry: the same blinded value again has the same answer, another is refused (`already-issued`).
2. Signing happens in processes of their own, writing down on one thread in groups; what is given out is on the disk.
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
from madang.issuers.signing import Signer
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
        self._thread = ThreadPoolExecutor(1, "issuer")
        self._asks: Grouped[Ask, bytes] = Grouped(self._thread, self._issue, most=4096, group=64)
        self._tries = Tries()
        self._settled = ""
        self._ticking: asyncio.Task[None] | None = None
        self.door = Door(self._reply, origin=origin, body_most=BODY_MOST, begin=self.begin, end=self.end)

    # ── life ─────────────────────────────────────────────────────────────────
    async def begin(self) -> None:
        """Open the roll copy, start the signing processes."""
        self._settled = self._today()
        await self._asks.alone(self._start)
        self._ticking = asyncio.create_task(self._tick_for_ever())

    async def end(self) -> None:
        """Let the group at work finish, stop the signing processes."""
        if self._ticking is not None:
            self._ticking.cancel()
        await self._asks.alone(self._stop)
        self._thread.shutdown()

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
            await self._asks.alone(self.look)

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
    def _issue(self, group: Sequence[Ask]) -> list[bytes | TurnedAway]:
        """One group: look up, sign what is new, write it down, answer."""
        answers: dict[int, bytes | TurnedAway] = {}
        fresh: dict[tuple[str, bytes], list[int]] = {}
        for place, ask in enumerate(group):
            try:
                answer = self._known(ask)
            except TurnedAway as refusal:
                answers[place] = refusal
                continue
            if answer:
                answers[place] = answer
            else:
                fresh.setdefault((ask.poll, ask.code), []).append(place)
        if fresh:
            self._sign(group, fresh, answers)
        return [answers[place] for place in range(len(group))]

    def _known(self, ask: Ask) -> bytes:
        """What was issued for this entry before; nothing for a new one. Raises TurnedAway."""
        try:
            entry = self._ledger.find(ask.poll, ask.code)
        except LedgerFault:
            raise TurnedAway("busy") from None
        if entry is None:
            raise self._tries.unknown()
        self._tries.known(ask.code)
        if entry.voter_class != ask.voter_class:
            raise TurnedAway("no-such-class")
        return _same(entry, ask.blinded)

    def _sign(self, group: Sequence[Ask], fresh: Mapping[tuple[str, bytes], list[int]], answers: dict[int, bytes | TurnedAway]) -> None:
        """Sign the first wish of each entry and write it down; every other wish of the group is answered by that."""
        firsts = [places[0] for places in fresh.values()]
        asks = [group[place] for place in firsts]
        try:
            signed = self._signer.sign([(ask.poll, ask.voter_class, ask.blinded) for ask in asks])
            rows = [(ask.poll, ask.code, ask.blinded, one) for ask, one in zip(asks, signed, strict=True) if isinstance(one, bytes)]
            kept = iter(self._ledger.keep(self._today(), rows))
        except (TurnedAway, LedgerFault):
            answers.update((place, TurnedAway("busy")) for places in fresh.values() for place in places)
            return
        for places, first, one in zip(fresh.values(), asks, signed, strict=True):
            good = isinstance(one, bytes) and next(kept)
            for place in places:
                if isinstance(one, bytes) and good:
                    answers[place] = one if group[place].blinded == first.blinded else TurnedAway("already-issued")
                else:
                    answers[place] = one if isinstance(one, TurnedAway) else TurnedAway("busy")

    # ── answers ──────────────────────────────────────────────────────────────
    async def _reply(self, asked: Asked) -> Answer:
        match asked.method, asked.parts:
            case "POST", ("issue",):
                return said({"signature": b64(await self._asks.ask(self._wish(asked.body)))})
            case "GET", (slug, "keys.json"):
                return said(self._keys(self._poll(slug)))
            case "GET", (slug, "issued.json"):
                poll = self._poll(slug)
                return said(await self._asks.alone(lambda: self.issued(poll.slug)))
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
