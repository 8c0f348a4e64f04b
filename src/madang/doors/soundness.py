"""Soundness: what must always be true of the data, counted again from its rows. Every fault is one sentence."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from madang.duties.models import Duty
from madang.duties.queries import orphans
from madang.matters.models import Matter, Stage
from madang.processes import library
from madang.processes.models import Process
from madang.processes.queries import rules
from madang.proposals.models import Support
from madang.recipes import RecipeError
from madang.record.models import Checkpoint, Entry, Leaf

SEALED_WITHIN = timedelta(minutes=5)
MOST = 20  # examples of one kind


def faults(at: datetime) -> list[str]:
    """Everything that does not hold at `at`; empty when the data is sound."""
    checks = (_orphans, _supports, _matters_count, _open_phases, _closed, _recipes, _sealed)
    return [sentence for check in checks for sentence in check(at)]


def _orphans(at: datetime) -> Iterator[str]:
    for matter in orphans().filter(process__archive=False)[:MOST]:
        yield _("의제 %(number)s: 다음 걸음을 맡은 이가 없습니다.") % {"number": matter.number or matter.pk}


def _supports(at: datetime) -> Iterator[str]:
    rows = Support.objects.filter(matter=OuterRef("pk")).order_by().values("matter").annotate(n=Count("pk")).values("n")
    found = Matter.objects.annotate(counted=Coalesce(Subquery(rows), 0)).exclude(counted=F("supports"))
    for matter in found.filter(process__archive=False)[:MOST]:
        words = {"number": matter.number or matter.pk, "said": matter.supports, "counted": matter.counted}
        yield _("의제 %(number)s: 공감 수가 %(said)d인데 세어 보면 %(counted)d입니다.") % words


def _matters_count(at: datetime) -> Iterator[str]:
    for process in Process.objects.annotate(counted=Count("matters")).exclude(counted=F("matters_count"))[:MOST]:
        words = {"key": process.key, "said": process.matters_count, "counted": process.counted}
        yield _("과정 %(key)s: 의제 수가 %(said)d인데 세어 보면 %(counted)d입니다.") % words


def _open_phases(at: datetime) -> Iterator[str]:
    """What stands on the matter for speed equals the dated rows it is made from."""
    open_rows: dict[int, set[str]] = {}
    for pk, phase in Stage.objects.filter(closed_at=None).values_list("matter_id", "phase").iterator():
        open_rows.setdefault(pk, set()).add(phase)
    said = Matter.objects.filter(Q(closed_at=None) | Q(pk__in=Stage.objects.filter(closed_at=None).values("matter")))
    shown = 0
    for pk, number, phases in said.values_list("pk", "number", "open_phases").iterator():
        if set(phases) != open_rows.get(pk, set()) and shown < MOST:
            shown += 1
            yield _("의제 %(number)s: 열린 단계의 표시와 단계 기록이 다릅니다.") % {"number": number or pk}


def _closed(at: datetime) -> Iterator[str]:
    owed = Duty.objects.filter(matter__closed_at__isnull=False, kept_at=None, released_at=None).select_related("matter")
    for duty in owed.exclude(act__in=_after_closing())[:MOST]:
        yield _("의제 %(number)s: 맺었는데 남은 기한이 있습니다 (%(act)s).") % {
            "number": duty.matter.number,
            "act": duty.act,
        }


def _after_closing() -> list[str]:
    """Acts that may be owed on a closed matter: an appeal against hiding it is answered all the same."""
    return ["deliberation.settle_appeal"]


def _recipes(at: datetime) -> Iterator[str]:
    try:
        library.editions()
    except RecipeError as error:
        yield from (str(fault) for fault in error.faults)
    for process in Process.objects.all():
        try:
            rules(process.recipe_id)
        except RecipeError as error:
            yield _("과정 %(key)s: 얼려 둔 제도를 읽을 수 없습니다: %(fault)s") % {"key": process.key, "fault": error}


def _sealed(at: datetime) -> Iterator[str]:
    waiting = Entry.objects.filter(leaf=None, at__lt=at - SEALED_WITHIN).count()
    if waiting:
        yield _("%(n)d개의 기록이 봉인되지 않았습니다. madang seal을 해 주세요.") % {"n": waiting}
    last = Checkpoint.objects.order_by("-size").first()
    if (last.size if last else 0) != Leaf.objects.count():
        yield _("도장에 적힌 수와 봉인된 기록의 수가 다릅니다.")
