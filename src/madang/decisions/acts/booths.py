"""Booths hand out paper: one voter once, on the web, sealed, and at every booth together.

1. A hand-out writes the roll and counts a sheet in one transaction; which sheet it was is known to nobody.
2. Without a network a desk only lists hand-outs; when it reports them, the roll takes them in the desk's order, each once.
   Whoever had a right already is a Clash: public by its place in the list, never by name.
3. After the closing time nobody gets paper.
"""

import hashlib
import hmac
import secrets

from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.bodies.models import Body
from madang.decisions.forms.booths import ExchangeForm, OpenBoothForm, PrintMoreForm, SyncForm
from madang.decisions.forms.rolls import FoundForm, voter_hash
from madang.decisions.models import Ballot, RollEntry, Way
from madang.decisions.models.paper import Booth, Bundle, Clash, Elector
from madang.processes.queries import today

HAD = {Way.ONLINE: "voted-online", Way.ISSUED: "right-issued", Way.PAPER: "paper-given"}


@act("decisions.open_booth", _("투표소 열기"), on="decisions.ballot", form=OpenBoothForm, shows=("ballots",))
def open_booth(by: By, on: Ballot, *, name: str, body: Body, sheets: int, voter_class: str = "") -> Booth:
    """A booth with its first bundle of numbered sheets. Refusals: already-done, no-paper-here, ballot-over."""
    ballot = Ballot.objects.select_for_update().get(pk=on.pk)
    if ballot.closed_at is not None or by.at > ballot.closes_at:
        raise Refused("ballot-over")
    if not {"booth", "onsite"} & {*ballot.rule.get("channels", ())}:
        raise Refused("no-paper-here")
    number = (ballot.booths.aggregate(last=Max("number"))["last"] or 0) + 1
    booth = Booth.objects.create(
        ballot=ballot, number=number, name=name, body=body, key=secrets.token_hex(32), opened_at=by.at
    )
    bundle = Bundle.objects.create(booth=booth, number=1, voter_class=voter_class, first=1, last=sheets)
    by.note(ballot, booth=number, body=body.key, bundle=bundle.number, sheets=sheets, voter_class=voter_class)
    return booth


@act("decisions.print_more", _("투표지 더 찍기"), on="decisions.booth", form=PrintMoreForm, shows=("ballots",))
def print_more(by: By, on: Booth, *, sheets: int, voter_class: str = "", apart: bool = False) -> Booth:
    """Another bundle of numbered sheets for the booth. Refusal: ballot-over."""
    booth = Booth.objects.select_for_update().get(pk=on.pk)
    _open(by, booth)
    ends = booth.bundles.aggregate(number=Max("number"), last=Max("last"))
    bundle = Bundle.objects.create(
        booth=booth,
        number=ends["number"] + 1,
        voter_class=voter_class,
        first=ends["last"] + 1,
        last=ends["last"] + sheets,
        apart=apart,
    )
    by.note(booth, booth=booth.number, bundle=bundle.number, sheets=sheets, voter_class=voter_class, apart=apart)
    return booth


@act("decisions.hand_paper", _("투표지 나누어 주기"), on="decisions.booth", form=FoundForm)
def hand_paper(by: By, on: Booth, *, name: str, born: str, contact: str) -> Booth:
    """Somebody on the roll who has used no right yet gets a sheet of their class.

    Refusals: ballot-over, not-yet-open, needs-roll, not-on-this-roll, voted-online, right-issued, paper-given, no-sheets-left.
    """
    _open(by, on)
    line = Elector.objects.filter(ballot=on.ballot_id, voter=voter_hash(name, born, contact)).first()
    if line is None:
        raise Refused("not-on-this-roll" if Elector.objects.filter(ballot=on.ballot_id).exists() else "needs-roll")
    had = had_already(line)
    if had:
        raise Refused(HAD[Way(had)])
    once(lambda: mark(line, by), "paper-given")
    bundle = _take(on, line.voter_class)
    by.note(on, booth=on.number, bundle=bundle.number, handed=1)
    return on


def had_already(line: Elector) -> str:
    """The way this voter took part already; "" where they still may."""
    entry = RollEntry.objects.filter(ballot=line.ballot_id, voter=line.voter).first()
    if entry is None and line.person_id is not None:
        entry = RollEntry.objects.filter(ballot=line.ballot_id, person=line.person_id).first()
    return entry.way if entry else ""


def mark(line: Elector, by: By) -> RollEntry:
    """The voter of this line took paper."""
    return RollEntry.objects.create(
        ballot_id=line.ballot_id,
        person_id=line.person_id,
        voter=line.voter,
        voter_class=line.voter_class,
        way=Way.PAPER,
        voted_on=today(by.at),
    )


@act("decisions.exchange_paper", _("잘못 쓴 투표지 바꾸어 주기"), on="decisions.booth", form=ExchangeForm)
def exchange_paper(by: By, on: Booth, *, voter_class: str = "") -> Booth:
    """A spoiled sheet came back to the desk and another goes out. Refusals: ballot-over, no-sheets-left."""
    _open(by, on)
    bundle = _take(on, voter_class)
    by.note(on, booth=on.number, bundle=bundle.number, exchanged=1)
    return on


@act("decisions.sync_booth", _("끊긴 동안의 접수 올리기"), on="decisions.booth", form=SyncForm, shows=("ballots",))
def sync_booth(by: By, on: Booth, *, queue: list[tuple[int, str]]) -> Booth:
    """Take what the desk handed out without a network, in its order; what was reported before is passed over.

    Refusals: queue-gap (something before these is missing), no-sheets-left. May come after the closing time, never after
    the count.
    """
    booth = Booth.objects.select_for_update().get(pk=on.pk)
    if queue[0][0] > booth.synced + 1:
        raise Refused("queue-gap", seq=booth.synced + 1)
    fresh = [(seq, line) for seq, line in queue if seq > booth.synced]
    by_hash = {desk_line(booth, line.desk): line for line in Elector.objects.filter(ballot=booth.ballot_id)}
    handed = clashes = 0
    for seq, given in fresh:
        line = by_hash.get(given)
        bundle = _take(booth, line.voter_class if line else "", apart=True)
        had = had_already(line) if line is not None else "nobody"
        if line is None or had:
            Clash.objects.create(booth=booth, bundle=bundle, seq=seq, had=had)
            clashes += 1
        else:
            mark(line, by)
            handed += 1
    booth.synced = max([booth.synced, *(seq for seq, _line in fresh)])
    booth.save(update_fields=["synced"])
    by.note(booth, booth=booth.number, handed=handed, clashes=clashes, synced=booth.synced)
    return booth


def desk_line(booth: Booth, desk: str) -> str:
    """The hash a line has at this desk alone: two desks' copies of a roll cannot be laid side by side."""
    return hmac.new(bytes.fromhex(booth.key), desk.encode(), hashlib.sha256).hexdigest()


def _open(by: By, booth: Booth) -> None:
    ballot = Ballot.objects.get(pk=booth.ballot_id)
    if ballot.closed_at is not None or by.at > ballot.closes_at or by.at < ballot.opens_at:
        raise Refused("ballot-over")


def _take(booth: Booth, voter_class: str, *, apart: bool = False) -> Bundle:
    """One sheet out of a bundle of this class that has any left; out of those kept `apart` first, where any are.

    Refusal: no-sheets-left.
    """
    bundles = Bundle.objects.filter(booth=booth, voter_class=voter_class).order_by("-apart" if apart else "apart", "number")
    for bundle in bundles if apart else bundles.filter(apart=False):
        if Bundle.objects.filter(pk=bundle.pk, handed__lt=F("last") - F("first") + 1).update(handed=F("handed") + 1):
            return bundle
    raise Refused("no-sheets-left")


refusals(
    {
        "no-paper-here": (_("이 과정의 투표는 종이로 하지 않습니다."), _("과정의 제도에 투표소가 있어야 합니다.")),
        "not-on-this-roll": (
            _("이 투표의 명부에 없습니다."),
            _("이름·생년월일·연락처를 다시 물어 주세요. 그래도 없으면 투표지를 드릴 수 없습니다."),
        ),
        "voted-online": (
            _("온라인으로 이미 투표하셨습니다."),
            _("한 사람은 한 번 투표합니다. 투표지를 드리지 않습니다."),
        ),
        "right-issued": (
            _("비밀 투표권을 이미 받으셨습니다."),
            _("받은 기기로 투표해 주세요. 기기를 잃어버렸어도 두 번째 권리는 드릴 수 없습니다."),
        ),
        "paper-given": (
            _("종이 투표지를 이미 받으셨습니다."),
            _("잘못 썼다면 그 투표지를 돌려받고 바꾸어 드리세요."),
        ),
        "no-sheets-left": (_("남은 투표지가 없습니다."), _("‘투표지 더 찍기’로 새 묶음을 찍어 주세요.")),
        "queue-gap": (
            _("접수 목록의 %(seq)d번이 빠져 있습니다."),
            _("그 기기의 목록을 처음부터 다시 올려 주세요."),
        ),
    }
)
