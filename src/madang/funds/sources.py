"""Verbs of 통합예산: a pot from several sources; every won keeps the rule of where it came from.

1. Sources together never exceed the pot; portions together never exceed their source.
2. A line is shared whole: its portions add up to what it is worth, to the won.
3. A source for one level of places is for no other; what else its rule says stands beside every won.
"""

from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.duties import walk
from madang.funds.forms import ShareForm, SourceForm
from madang.funds.models import Fund, Line, Portion, Source
from madang.funds.queries import latest


@act("funds.add_source", _("재원에 갈래 더하기"), on="funds.fund", form=SourceForm)
def add_source(
    by: By,
    on: Fund,
    *,
    name: str,
    total_krw: int,
    rule: str,
    level: str = "",
    carries_until: date | None = None,
    source: str = "",
) -> Source:
    """Say where a part of the pot comes from and what it may be spent on. Refusals: source-twice, source-beyond-pot."""
    fund = Fund.objects.select_for_update().get(pk=on.pk)
    held = fund.sources.aggregate(sum=Sum("total_krw"))["sum"] or 0
    if held + total_krw > fund.total_krw:
        raise Refused("source-beyond-pot", left=f"{fund.total_krw - held:,}")
    added = once(
        lambda: Source.objects.create(
            fund=fund, name=name, total_krw=total_krw, rule=rule, level=level, carries_until=carries_until,
            source=source,
        ),
        "source-twice",
    )  # fmt: skip
    by.note(added, fund=fund.key, total_krw=total_krw, level=level)
    return added


@act("funds.share_line", _("줄을 갈래로 나누기"), on="funds.line", form=ShareForm, outcomes=("shared",))
def share_line(by: By, on: Line, *, portions: dict[int, int]) -> list[Portion]:
    """Say how much of the line each source (its id) bears.

    Refusals: nothing-asked, other-pot, source-not-for-it, source-empty, shares-differ (they do not add up to the line).
    """
    line = Line.objects.select_for_update().select_related("fund", "matter__process", "matter__place").get(pk=on.pk)
    stands = latest(line)
    if stands is None:
        raise Refused("nothing-asked")
    given = {pk: krw for pk, krw in portions.items() if krw}
    sources = {source.pk: source for source in Source.objects.select_for_update().filter(fund=line.fund).order_by("pk")}
    if set(given) - set(sources) or any(krw < 0 for krw in given.values()):
        raise Refused("other-pot")
    if sum(given.values()) != stands.amount_krw:
        raise Refused("shares-differ", worth=f"{stands.amount_krw:,}", sum=f"{sum(given.values()):,}")
    Portion.objects.filter(line=line, replaced_at=None).update(replaced_at=by.at)
    for pk, krw in given.items():
        _allowed(sources[pk], line, krw)
    made = Portion.objects.bulk_create(
        [Portion(line=line, source=sources[pk], amount_krw=krw, entered_at=by.at) for pk, krw in sorted(given.items())]
    )
    by.note(line, portions={str(pk): krw for pk, krw in sorted(given.items())})
    if walk.waiting(line.matter, "funds.share_line"):
        walk.end(by, line.matter, "funds.share_line", "shared")
    return made


def _allowed(source: Source, line: Line, krw: int) -> None:
    if source.level and line.matter.place.level != source.level:
        raise Refused("source-not-for-it", source=source.name, rule=source.rule)
    taken = Portion.objects.filter(source=source, replaced_at=None).aggregate(sum=Sum("amount_krw"))["sum"] or 0
    if taken + krw > source.total_krw:
        raise Refused("source-empty", source=source.name, left=f"{source.total_krw - taken:,}")


refusals(
    {
        "source-twice": (_("같은 이름의 갈래가 이미 있습니다."), _("그 갈래를 쓰거나 다른 이름을 지어 주세요.")),
        "source-beyond-pot": (
            _("갈래를 모두 더하면 재원의 총액을 넘습니다."),
            _("남은 %(left)s원까지 적을 수 있습니다."),
        ),
        "source-not-for-it": (
            _("%(source)s은(는) 이 의제에 쓸 수 없습니다: %(rule)s"),
            _("규칙에 맞는 다른 갈래에서 나누어 주세요."),
        ),
        "source-empty": (_("%(source)s에 남은 돈은 %(left)s원입니다."), _("그 안에서 나누거나 다른 갈래를 더해 주세요.")),
        "shares-differ": (
            _("나눈 돈 %(sum)s원이 이 줄의 금액 %(worth)s원과 다릅니다."),
            _("한 원도 남거나 모자라지 않게 나누어 주세요."),
        ),
    }
)
