"""Paper is read by two officers who do not see each other's work; where they differ a third decides, and all three stay.

1. Reading begins when the ballot is over, so that nobody knows an interim result; it ends with the count.
2. A bundle is decided when two readings are equal in every line, or a third person decided each line they differ in.
3. A serial that does not belong to the bundle (another booth's, another ballot's, never printed) is never counted; it is listed.
4. A bundle may be counted again as often as wanted before the count; what changed from count to count is kept and published.
"""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.access.forms import Nothing
from madang.decisions.forms.paper import ReadingForm, is_spoiled
from madang.decisions.models import Ballot
from madang.decisions.models.paper import Bundle, Fate, PaperVote, Reading
from madang.decisions.serials import number_of
from madang.processes.queries import today


@act("decisions.read_bundle", _("투표지 입력하기"), on="decisions.bundle", form=ReadingForm)
def read_bundle(by: By, on: Bundle, *, lines: dict[str, str], unused: int = 0) -> Bundle:
    """One officer's reading of a bundle: the first, the second, or the third that decides.

    Refusals: ballot-running, already-done, bundle-decided, read-already (one person both entries), more-than-printed,
    not-all-decided, only-what-differs.
    """
    bundle = Bundle.objects.select_for_update().select_related("booth__ballot").get(pk=on.pk)
    _countable(by, bundle)
    if bundle.settled:
        raise Refused("bundle-decided")
    earlier = list(Reading.objects.filter(bundle=bundle, turn=bundle.turn).order_by("reader"))
    if any(reading.person_id == by.person.pk for reading in earlier):
        raise Refused("read-already")
    own = sum(1 for serial, text in lines.items() if text != "-" and stray(bundle, serial) == "")
    if own + unused > bundle.size:
        raise Refused("more-than-printed", most=bundle.size, now=own + unused)
    reading = Reading(
        bundle=bundle, turn=bundle.turn, reader=len(earlier) + 1, person=by.person, lines=lines, unused=unused, read_at=by.at
    )
    if reading.reader == 3:
        _decides_all(differing(*earlier), lines)
    once(reading.save, "read-already")
    readings = [*earlier, reading]
    decided = decide(readings)
    if decided is not None:
        _settle(bundle, decided)
    by.note(bundle, booth=bundle.booth.number, bundle=bundle.number, count=bundle.turn, reader=reading.reader, decided=decided is not None)
    return bundle


def differing(one: Reading, other: Reading) -> list[str]:
    """The serials two readings do not agree on, in order; "" stands for the number of unused sheets."""
    serials = sorted(key for key in {*one.lines, *other.lines} if one.lines.get(key, "-") != other.lines.get(key, "-"))
    return serials if one.unused == other.unused else ["", *serials]


def decide(readings: list[Reading]) -> dict[str, object] | None:
    """What the bundle is found to hold, or None while it is not decided yet."""
    if len(readings) < 2:
        return None
    first, second = readings[:2]
    differed = differing(first, second)
    if differed and len(readings) < 3:
        return None
    lines = {serial: text for serial, text in first.lines.items() if serial not in differed}
    lines |= {serial: readings[2].lines[serial] for serial in differed if serial} if differed else {}
    return {
        "lines": {serial: text for serial, text in sorted(lines.items()) if text != "-"},
        "unused": readings[2].unused if "" in differed else first.unused,
        "differed": differed,
        "third": len(readings) == 3,
    }


def _decides_all(differed: list[str], lines: dict[str, str]) -> None:
    serials = {serial for serial in differed if serial}
    missing = sorted(serials - lines.keys())
    if missing:
        raise Refused("not-all-decided", serials=", ".join(missing[:10]))
    if lines.keys() - serials:
        raise Refused("only-what-differs", serials=", ".join(sorted(lines.keys() - serials)[:10]))


def stray(bundle: Bundle, serial: str) -> str:
    """Why a serial is not of this bundle: not-printed, other-ballot, other-booth, other-bundle; "" where it is."""
    if ":" in serial:
        return "other-ballot"
    found = number_of(bundle.booth.ballot_id, serial)
    if found is None:
        return "not-printed"
    booth, number = found
    if booth != bundle.booth.number:
        return "other-booth"
    return "" if bundle.first <= number <= bundle.last else "other-bundle"


def _settle(bundle: Bundle, decided: dict[str, object]) -> None:
    """Write down what the sheets were found to be, in place of what an earlier count found."""
    bundle.rounds = [*bundle.rounds, decided]
    bundle.unused = int(str(decided["unused"]))
    bundle.save(update_fields=["rounds", "unused"])
    PaperVote.objects.filter(bundle=bundle).delete()
    lines: dict[str, str] = decided["lines"]  # type: ignore[assignment]
    PaperVote.objects.bulk_create([_vote(bundle, serial, text) for serial, text in lines.items()], batch_size=2000)


def _vote(bundle: Bundle, serial: str, text: str) -> PaperVote:
    why = stray(bundle, serial)
    fate = Fate.STRAY if why else Fate.SPOILED if is_spoiled(text) else Fate.COUNTED
    return PaperVote(
        ballot_id=bundle.booth.ballot_id,
        bundle=bundle,
        serial=serial,
        voter_class=bundle.voter_class,
        fate=fate,
        marks=text if fate == Fate.COUNTED else "",
        reason=why or (text[2:] if fate == Fate.SPOILED else ""),
    )


@act("decisions.recount_bundle", _("묶음 다시 세기"), on="decisions.bundle", form=Nothing)
def recount_bundle(by: By, on: Bundle) -> Bundle:
    """Begin another count of a decided bundle; until it is decided the earlier one stands. Refusals: ballot-running,
    already-done, not-decided-yet."""
    bundle = Bundle.objects.select_for_update().select_related("booth__ballot").get(pk=on.pk)
    _countable(by, bundle)
    if not bundle.settled:
        raise Refused("not-decided-yet")
    Bundle.objects.filter(pk=bundle.pk).update(turn=F("turn") + 1)
    bundle.turn += 1
    by.note(bundle, booth=bundle.booth.number, bundle=bundle.number, count=bundle.turn)
    return bundle


def _countable(by: By, bundle: Bundle) -> None:
    ballot = Ballot.objects.get(pk=bundle.booth.ballot_id)
    if ballot.closed_at is not None:
        raise Refused("already-done")
    if by.at <= ballot.closes_at:
        raise Refused("ballot-running", closes_on=today(ballot.closes_at).isoformat())


refusals(
    {
        "bundle-decided": (_("이 묶음은 이미 확정되었습니다."), _("다시 세려면 ‘묶음 다시 세기’를 눌러 주세요.")),
        "read-already": (
            _("이 묶음은 이미 입력하셨습니다. 한 사람이 두 번 입력할 수 없습니다."),
            _("다른 담당자가 투표지를 보고 처음부터 입력해야 합니다."),
        ),
        "more-than-printed": (
            _("이 묶음은 %(most)d장인데 %(now)d장을 적었습니다."),
            _("다른 묶음의 투표지가 섞였는지, 남은 수가 맞는지 다시 세어 주세요."),
        ),
        "not-all-decided": (
            _("두 사람의 입력이 다른 번호를 모두 적어야 합니다: %(serials)s"),
            _("그런 투표지가 없으면 번호 뒤에 -를 적어 주세요."),
        ),
        "only-what-differs": (
            _("두 사람의 입력이 같은 번호는 적지 않습니다: %(serials)s"),
            _("다른 번호만 투표지를 보고 적어 주세요."),
        ),
        "not-decided-yet": (_("이 묶음은 아직 세는 중입니다."), _("두 사람의 입력이 끝난 뒤에 다시 셀 수 있습니다.")),
        "paper-not-counted": (
            _("아직 입력하지 않은 종이 투표지가 있습니다: %(booth)s %(bundle)s번 묶음"),
            _("두 담당자가 입력을 마친 다음 개표할 수 있습니다."),
        ),
    }
)
