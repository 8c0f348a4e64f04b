"""A sealed ballot: its paper is signed, rights are given out blind, and after closing its board is opened and counted.

1. A right is given once for an entry of the roll, in the transaction that turns its switch; the house never sees what it signs.
2. The record knows the day a right was taken, not the time: `by.at` is turned back to midnight before it is written.
3. The house opens no ballot before closing: it has no share of the seal. What the board brings is checked before it is opened.
"""

from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.forms import Nothing
from madang.box.refusals import TurnedAway
from madang.decisions import sealed
from madang.decisions.acts.ballots import voter_class
from madang.decisions.electorate import admit, line_of
from madang.decisions.forms.sealed import OpenSealForm, SealBallotForm, TakeRightForm
from madang.decisions.models import Ballot, RollEntry, SealedVote, Way
from madang.decisions.models.sealed import RightBackup, SealedPoll
from madang.issuers.rights import issue
from madang.methods.sealed import SealedError, b64
from madang.methods.sealed.shares import Share, join
from madang.processes.queries import today
from madang.proposals.counting import first


@act("decisions.seal_ballot", _("봉인 투표 준비하기"), on="decisions.ballot", form=SealBallotForm, shows=("ballots",))
def seal_ballot(
    by: By,
    on: Ballot,
    *,
    box_key: str,
    observers: dict[str, dict[str, Any]],
    seal_key: str,
    shares: int,
    least: int,
    rolls: dict[str, int] | None = None,
    witnesses: list[dict[str, str]] | None = None,
    batch: int = 100,
    box: str = "",
    issuer: str = "",
) -> SealedPoll:
    """Write and sign poll.json: from now on rights can be given out. `box`, `issuer`: where they answer, if not where the house says.

    Refusals: not-sealed, already-sealed, ballot-over, no-box, bad-poll.
    """
    from django.conf import settings  # noqa: PLC0415 — addresses are the operator's

    if not on.sealed:
        raise Refused("not-sealed")
    if SealedPoll.objects.filter(ballot=on).exists():
        raise Refused("already-sealed")
    if by.at >= on.closes_at:
        raise Refused("ballot-over")
    if not (box or settings.BOX) or not (issuer or settings.OBSERVERS):
        raise Refused("no-box")
    keys = {
        "box_key": box_key,
        "seal_key": seal_key,
        "shares": shares,
        "least": least,
        "witnesses": witnesses or [],
        "batch": batch,
    }
    try:
        read = sealed.written(on, by.at, observers=observers, counts=sealed.rolls(on, rolls or {}), **keys)
    except SealedError as fault:
        raise Refused("bad-poll", why=str(fault)[:200]) from None
    made = SealedPoll.objects.create(
        ballot=on,
        slug=read.slug,
        text=read.raw.decode(),
        signature=sealed.signature(read),
        box=box or settings.BOX,
        observers=issuer or settings.OBSERVERS,
    )
    by.note(
        on,
        poll=f"sha256:{read.digest.hex()}",
        rolls={key: one.roll for key, one in read.classes.items()},
        witnesses=[each.name for each in read.witnesses],
        batch=read.batch,
        shares=list(read.shares),
    )
    return made


@act("decisions.take_right", _("비밀 투표권 받기"), on="decisions.ballot", form=TakeRightForm)
def take_right(by: By, on: Ballot, *, blinded: bytes, backup: bytes, room: str = "", position: str = "") -> bytes:
    """The city's blind signature for whoever acts, once; the same wish again has the same answer. Keeps the backup.

    Refusals: not-prepared, ballot-over, already-voted, on-paper, already-issued, bad-blinded, no-key, and those of admission.
    """
    ballot = Ballot.objects.select_related("process").get(pk=on.pk)
    of = SealedPoll.objects.filter(ballot=ballot).first()
    if of is None:
        raise Refused("not-prepared")
    if ballot.closed_at is not None or not ballot.opens_at <= by.at <= ballot.closes_at:
        raise Refused("ballot-over")
    line = admit(ballot, by.person, by.at, room=room, position=position)
    group = line.voter_class if line is not None else voter_class(by, ballot)
    voter = line.voter if line is not None else ""
    fresh = first(
        RollEntry(
            ballot=ballot, person=by.person, voter=voter, voter_class=group, way=Way.ISSUED, voted_on=today(by.at)
        )
    )
    entry = RollEntry.objects.filter(ballot=ballot, person=by.person).first()
    if entry is None or entry.way == Way.PAPER:  # the line of the roll was turned at a desk
        raise Refused("on-paper")
    if entry.way != Way.ISSUED:
        raise Refused("already-voted")
    try:
        answer = issue(
            poll=of.slug,
            voter_class=sealed.class_of(entry.voter_class),
            entry=str(entry.pk),
            blinded=blinded,
            on=entry.voted_on,
        )
    except TurnedAway as no:
        raise Refused(no.code) from None
    if fresh:
        RightBackup.objects.create(ballot=ballot, person=by.person, sealed=backup)
    day_of = localtime(by.at)
    by.at = day_of.replace(hour=0, minute=0, second=0, microsecond=0)
    by.person = (
        None  # the public record says that a right was given, not to whom: its lines stand in the order of giving
    )
    by.note(ballot, rights=int(fresh))
    return answer


def group_of(by: By, ballot: Ballot) -> str:
    """The class `by` would get a right in, before anything is asked for. Refusal: no-class."""
    line = line_of(ballot, by.person, by.at)
    return line.voter_class if line is not None else voter_class(by, ballot)


@act("decisions.open_seal", _("봉인 열쇠 조각 모으기"), on="decisions.ballot", form=OpenSealForm, shows=("ballots",))
def open_seal(by: By, on: Ballot, *, shares: list[Share]) -> SealedPoll:
    """Put the keyholders' shares together and publish the seal's seed.

    Refusals: not-prepared, ballot-running, already-done, bad-share, too-few-shares, wrong-seal-key.
    """
    of = _prepared(on)
    if by.at <= on.closes_at:
        raise Refused("ballot-running", closes_on=today(on.closes_at).isoformat())
    if of.seed:
        raise Refused("already-done")
    try:
        key = join(shares, of.poll.seal)
    except SealedError as fault:
        raise Refused(fault.code) from None
    of.seed = b64(key.seed)
    of.save(update_fields=["seed"])
    by.note(on, seal="opened", shares=sorted(share.number for share in shares))
    return of


@act(
    "decisions.take_board",
    _("봉인 투표함의 표 옮겨 받기"),
    on="decisions.ballot",
    form=Nothing,
    shows=("ballots",),
)
def take_board(by: By, on: Ballot) -> SealedPoll:
    """Check the board that was fetched, open every ballot that counts, and put the votes where all votes are counted.

    Refusals: not-prepared, seal-shut, already-done, board-missing, board-faulty (with the fault by its code).
    """
    of = _prepared(on)
    if not of.seed:
        raise Refused("seal-shut")
    if of.taken is not None:
        raise Refused("already-done")
    try:
        votes = [
            SealedVote(ballot=on, voter_class=group, marks=marks, receipt=code)
            for code, group, marks in sealed.opened(of)
        ]
        size = sum(1 for _line in sealed.lines(of))
    except FileNotFoundError:
        raise Refused("board-missing") from None
    except SealedError as fault:
        raise Refused("board-faulty", fault=fault.code) from None
    votes.sort(key=lambda vote: vote.receipt)
    SealedVote.objects.bulk_create(votes, batch_size=2000)
    of.taken, of.superseded = len(votes), size - len(votes)
    of.save(update_fields=["taken", "superseded"])
    Ballot.objects.filter(pk=on.pk).update(cast=len(votes))
    RightBackup.objects.filter(ballot=on).delete()  # nothing is left to be recovered
    by.note(on, board=size, opened=len(votes))
    return of


def _prepared(on: Ballot) -> SealedPoll:
    of = SealedPoll.objects.select_for_update().filter(ballot=on).first()
    if of is None:
        raise Refused("not-prepared")
    return of


refusals(
    {
        "not-sealed": (_("봉해서 하는 투표가 아닙니다."), _("이 투표는 로그인하고 바로 투표합니다.")),
        "already-sealed": (_("이미 준비를 마쳤습니다."), _("서명한 투표 설명서는 바꿀 수 없습니다.")),
        "no-box": (
            _("투표함이나 참관 발급 창구의 주소가 없습니다."),
            _("운영자가 MADANG_BOX와 MADANG_OBSERVERS를 정한 뒤 다시 해 주세요."),
        ),
        "bad-poll": (_("투표 설명서를 만들 수 없습니다: %(why)s"), _("받은 열쇠와 명부의 사람 수를 다시 살펴 주세요.")),
        "not-prepared": (
            _("아직 봉인 투표의 준비가 끝나지 않았습니다."),
            _("준비가 끝나면 투표 화면에 알려 드립니다."),
        ),
        "on-paper": (_("이미 종이 투표지를 받으셨습니다."), _("한 사람은 한 번만 투표합니다. 투표소에 물어 주세요.")),
        "already-issued": (
            _("이 투표의 투표권을 이미 다른 기기에서 받으셨습니다."),
            _("처음 받은 기기를 쓰거나, 적어 둔 복구 번호로 이 기기에서 이어 주세요."),
        ),
        "bad-blinded": (_("이 화면이 만든 값이 아닙니다."), _("화면을 새로 열어 다시 해 주세요.")),
        "no-key": (_("이 투표의 발급 열쇠가 없습니다."), _("투표를 여는 곳에 알려 주세요.")),
        "bad-share": (
            _("이 투표의 열쇠 조각이 아니거나 서로 맞지 않습니다."),
            _("조각에 적힌 그대로 다시 적어 주세요."),
        ),
        "too-few-shares": (_("열쇠 조각이 모자랍니다."), _("필요한 수만큼 조각을 모아 한 번에 적어 주세요.")),
        "wrong-seal-key": (
            _("조각을 모았지만 이 투표의 열쇠가 되지 않습니다."),
            _("틀린 조각이 섞여 있습니다. 다른 조각으로 다시 해 주세요."),
        ),
        "seal-shut": (_("아직 봉인을 열지 않았습니다."), _("열쇠지기들이 조각을 모은 뒤에 할 수 있습니다.")),
        "board-missing": (
            _("투표함의 게시판을 아직 받지 못했습니다."),
            _("봉인을 연 뒤 투표함에서 게시판을 받아 주세요."),
        ),
        "board-faulty": (
            _("투표함의 게시판이 맞지 않아 열지 않았습니다: %(fault)s"),
            _("받은 파일을 그대로 공개하고 까닭을 찾아 주세요."),
        ),
    }
)
