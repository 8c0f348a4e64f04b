"""Verbs of the rounds: proposer and department refine a 의제 in a fixed number of meetings, each signed by both.

1. A round counts only with both signatures, of two people; whoever writes it has signed it.
2. Rounds have an order: the next is written when the one before is signed.
3. Nothing agreed is left out: "agreed" needs every round the recipe asks, "not-agreed" needs a reason.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.bodies.queries import sits
from madang.deliberation.forms import CloseRoundsForm, Nothing, RoundForm
from madang.deliberation.models import Round
from madang.duties import walk
from madang.matters.models import Matter, Stage
from madang.matters.queries import lead
from madang.processes.queries import today
from madang.proposals import contacts
from madang.record import digest


def _stage(by: By, matter: Matter) -> Stage:
    stage = walk.waiting(matter, "deliberation.close_rounds", by)
    if stage is None:
        raise Refused("already-done")
    return Stage.objects.select_for_update().get(pk=stage.pk)


def _side(by: By, matter: Matter) -> str:
    """For whom `by` speaks: the department in charge or the proposer. Refusal: no-side."""
    department = lead(matter)
    if department is not None and sits(by.person, department, by.at):
        return "public"
    if matter.author_id is not None and matter.author_id == by.person.pk:
        return "civil"
    raise Refused("no-side")


@act("deliberation.write_round", _("숙의 회차 적기"), on="matters.matter", form=RoundForm)
def write_round(by: By, on: Matter, *, held_on: date, said: str, changed: str = "") -> Round:
    """Write what was said and changed in the next round, or anew while the other side has not signed.

    Refusals: already-done, no-side, round-future, rounds-enough (all are signed).
    """
    contacts.refuse_resident_numbers(said, changed)
    stage, side = _stage(by, on), _side(by, on)
    if held_on > today(by.at):
        raise Refused("round-future")
    signed, standing = _standing(stage)
    most = on.process.rules.value(on.process.rules.phase(stage.phase).rounds)
    if len(signed) >= most:
        raise Refused("rounds-enough", most=most)
    if standing is not None:
        Round.objects.filter(pk=standing.pk).update(replaced_at=by.at)
    written = once(
        lambda: Round.objects.create(
            matter=on, stage=stage, number=len(signed) + 1, held_on=held_on, said=said, changed=changed,
            written_at=by.at, **{side: by.person, f"{side}_at": by.at},
        ),
        "already-done",
    )  # fmt: skip
    by.note(
        written, number=written.number, held_on=held_on.isoformat(), signed=side, anew=standing is not None,
        said=digest(bytes(written.salt), f"{said}\n{changed}"),
    )  # fmt: skip
    return written


def _standing(stage: Stage) -> tuple[list[Round], Round | None]:
    rounds = list(Round.objects.filter(stage=stage, replaced_at=None).order_by("number"))
    return [each for each in rounds if each.signed], next((each for each in rounds if not each.signed), None)


@act("deliberation.sign_round", _("숙의 회차에 서명하기"), on="deliberation.round", form=Nothing)
def sign_round(by: By, on: Round) -> Round:
    """Sign what the other side wrote. Refusals: already-done, no-side, already-signed, round-replaced."""
    stage, side = _stage(by, on.matter), _side(by, on.matter)
    row = Round.objects.select_for_update().get(pk=on.pk)
    if row.stage_id != stage.pk:
        raise Refused("already-done")
    if row.replaced_at is not None:
        raise Refused("round-replaced")
    if getattr(row, f"{side}_at") is not None or by.person.pk in {row.civil_id, row.public_id}:
        raise Refused("already-signed")
    Round.objects.filter(pk=row.pk).update(**{side: by.person, f"{side}_at": by.at})
    row.refresh_from_db()
    by.note(row, number=row.number, signed=side, both=row.signed)
    return row


@act(
    "deliberation.close_rounds",
    _("회차 숙의 마치기"),
    on="matters.matter",
    form=CloseRoundsForm,
    outcomes=("agreed", "not-agreed"),
    shows=("matters", "duties", "news"),
)
def close_rounds(by: By, on: Matter, *, outcome: str, reason: str = "") -> Stage:
    """End the rounds: agreed, with every round signed by both; or not agreed, with the reason.

    Refusals: already-done, no-side, rounds-missing (how many lack a signature), reason-missing.
    """
    stage, side = _stage(by, on), _side(by, on)
    wanted = on.process.rules.value(on.process.rules.phase(stage.phase).rounds)
    signed = len(_standing(stage)[0])
    if outcome == "agreed" and signed < wanted:
        raise Refused("rounds-missing", left=wanted - signed, wanted=wanted)
    if outcome != "agreed" and len(reason.strip()) < 10:
        raise Refused("reason-missing")
    by.note(stage, rounds=signed, wanted=wanted, side=side)
    return walk.end(by, on, "deliberation.close_rounds", outcome, stage=stage)


refusals(
    {
        "no-side": (
            _("이 숙의는 제안자와 담당 부서가 합니다."),
            _("제안자이거나 담당 부서에 자리가 있으면 할 수 있습니다."),
        ),
        "round-future": (_("아직 오지 않은 날의 회차는 적을 수 없습니다."), _("만난 날을 적어 주세요.")),
        "rounds-enough": (_("정해진 %(most)d회를 모두 마쳤습니다."), _("‘회차 숙의 마치기’로 다음 단계로 넘겨 주세요.")),
        "round-replaced": (_("이 회차는 다시 적혔습니다."), _("새로 적힌 글을 읽고 서명해 주세요.")),
        "rounds-missing": (
            _("두 쪽이 서명한 회차가 %(left)d회 모자랍니다(모두 %(wanted)d회)."),
            _("남은 회차를 적고 두 쪽이 서명한 다음 마쳐 주세요."),
        ),
    }
)
