"""Verbs of money: open a pot, enter an amount."""

from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.bodies.models import Body
from madang.duties import walk
from madang.funds.forms import AmountForm, PotForm
from madang.funds.models import Amount, Fund, Line, MoneyStage
from madang.funds.queries import latest
from madang.matters.models import Matter, Stage
from madang.processes.library import part_name
from madang.processes.models import Process
from madang.processes.queries import cast

ORDER = [stage.value for stage in MoneyStage]
CAPPED = ("adjusted", "voted", "proposed", "enacted")  # asking is free; what is granted is not
# the stages of money that belong to each station; a recipe's phases that wait for an amount take the last of them in
# order
MONEY_OF = {
    "제안": ["asked"],
    "숙의": ["adjusted"],
    "결정": ["voted", "proposed", "enacted"],
    "집행": ["spent"],
    "평가": ["settled"],
}


@act("funds.open_pot", _("재원 열기"), on="processes.process", form=PotForm)
def open_pot(
    by: By,
    on: Process,
    *,
    name: str,
    year: int,
    total_krw: int,
    held_by: Body | None = None,
    source: str = "",
    synthetic: bool = False,
) -> Fund:
    """Open the pot of a process for a year. Refusals: pot-exists (one pot a name and year), no-body."""
    body = held_by or cast(on, on.rules.held_by)
    if body is None:
        raise Refused("no-body", part=on.rules.held_by, called=part_name(on.rules, on.rules.held_by))
    number = on.funds.filter(year=year).count()
    key = f"{on.key}-{year}" if not number else f"{on.key}-{year}-{number + 1}"
    if on.funds.filter(year=year, name=name).exists():
        raise Refused("pot-exists", year=year)
    fund = once(
        lambda: Fund.objects.create(
            key=key[:60],
            name=name,
            process=on,
            place=on.place,
            held_by=body,
            year=year,
            total_krw=total_krw,
            source=source,
            synthetic=synthetic,
        ),
        "pot-exists",
        year=year,
    )
    by.note(fund, key=fund.key, year=year, total_krw=total_krw, held_by=body.key)
    return fund


@act("funds.enter_amount", _("금액 적기"), on="matters.matter", form=AmountForm, outcomes=("entered", "cut"))
def enter_amount(by: By, on: Matter, *, fund: Fund, stage: str, amount_krw: int, reason: str = "") -> Amount:
    """Write what the 의제 is worth at a stage, and end the phase that waited for it: "entered", or "cut" when nothing is left.

    Refusals: other-pot, stage-order (back to an earlier stage), amount-reason-missing (changed, skipped or corrected
    without
    a word), already-done.
    """
    if fund.process_id != on.process_id:
        raise Refused("other-pot")
    amount = put(by, fund, on, stage, amount_krw, reason)
    waits = walk.waiting(on, "funds.enter_amount", by)
    if waits and ORDER.index(stage) >= ORDER.index(awaited(on, waits)):
        walk.end(by, on, "funds.enter_amount", "entered" if amount_krw else "cut", stage=waits)
    return amount


def awaited(matter: Matter, waits: Stage) -> str:
    """The stage of money the open phase waits for: of the k phases at a station that wait for amounts, the last k
    in order."""
    rules = matter.process.rules
    here = rules.phase(waits.phase)
    alike = [p.key for p in rules.phases if p.station == here.station and p.owes.act == "funds.enter_amount"]
    stages = MONEY_OF[here.station]
    return stages[max(len(stages) - len(alike) + alike.index(here.key), 0)]


def put(by: By, fund: Fund, matter: Matter, stage: str, amount_krw: int, reason: str = "") -> Amount:
    """Add the amount of a stage to the matter's line in the pot, keeping the order of stages.

    Refusals as enter_amount.
    """
    line, _new = Line.objects.get_or_create(fund=fund, matter=matter, defaults={"opened_at": by.at})
    line = Line.objects.select_for_update().get(pk=line.pk)  # two clerks take turns
    before = latest(line)
    _in_order(before, stage, amount_krw, reason.strip())
    _under_ceiling(fund, matter, stage, amount_krw)
    amount = Amount.objects.create(
        line=line, stage=stage, amount_krw=amount_krw, reason=reason.strip(), entered_at=by.at
    )
    by.note(
        line,
        stage=stage,
        krw=amount_krw,
        before=before.stage if before else "",
        before_krw=before.amount_krw if before else None,
        reason=bool(reason.strip()),
    )
    return amount


def _under_ceiling(fund: Fund, matter: Matter, stage: str, amount_krw: int) -> None:
    """Where the recipe has a ceiling for places of this level: all lines of the place together stay under it."""
    rules = matter.process.rules
    name = rules.ceilings.get(matter.place.level)
    if not name or stage not in CAPPED or not amount_krw:
        return
    Fund.objects.select_for_update().get(pk=fund.pk)  # two lines of one place take turns
    others = Line.objects.filter(fund=fund, matter__place=matter.place).exclude(matter=matter).select_related("matter")
    taken = sum(amount.amount_krw for line in others if (amount := latest(line)) and _holds(line, amount))
    if taken + amount_krw > rules.value(name):
        raise Refused(
            "over-ceiling", place=matter.place.name, most=f"{rules.value(name):,}", left=f"{max(rules.value(name) - taken, 0):,}"
        )


def _holds(line: Line, amount: Amount) -> bool:
    """Whether a line still takes of the ceiling: it was adjusted or later, and its 의제 did not end before it was enacted."""
    if amount.stage not in CAPPED and amount.stage not in ("spent", "settled"):
        return False
    return line.matter.closed_at is None or ORDER.index(amount.stage) >= ORDER.index("enacted")


def _in_order(before: Amount | None, stage: str, amount_krw: int, reason: str) -> None:
    step = ORDER.index(stage) - (ORDER.index(before.stage) if before else -1)
    if step < 0:
        raise Refused("stage-order", stands=before.get_stage_display() if before else "")
    changed = before is not None and before.amount_krw != amount_krw
    if (changed or step != 1) and not reason:
        raise Refused("amount-reason-missing")


refusals(
    {
        "pot-exists": (
            _("%(year)d년에 같은 이름의 재원이 이미 있습니다."),
            _("그 재원을 쓰거나 다른 이름을 지어 주세요."),
        ),
        "other-pot": (_("이 과정의 재원이 아닙니다."), _("이 의제가 속한 과정의 재원을 골라 주세요.")),
        "over-ceiling": (
            _("%(place)s의 예산줄을 모두 더하면 한 곳의 상한 %(most)s원을 넘습니다."),
            _("이곳에는 %(left)s원까지 적을 수 있습니다. 다른 줄을 줄이거나 이 줄을 나누어 주세요."),
        ),
        "stage-order": (
            _("예산은 앞 단계로 되돌아가지 않습니다. 지금은 %(stands)s 단계입니다."),
            _("지금 단계의 금액을 고치려면 같은 단계를 고르고 까닭을 적어 주세요."),
        ),
        "amount-reason-missing": (
            _("금액이 앞 단계와 다르거나 단계를 건너뛰거나 고칠 때는 까닭이 있어야 합니다."),
            _("까닭을 한 문장으로 적어 주세요. 그대로 공개됩니다."),
        ),
    }
)
