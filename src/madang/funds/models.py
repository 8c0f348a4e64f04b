"""Fund, Line, Amount: money with its year and its stages. Promised ≠ voted ≠ enacted ≠ spent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from madang.access.may import Ground, house
from madang.bodies.models import Body
from madang.matters.models import Matter
from madang.places.models import Place
from madang.processes.models import Process


class Fund(models.Model):
    """A pot with a rule and a year (재원): what a process may spend. Amounts in won."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("이름"), max_length=80)
    process = models.ForeignKey(Process, on_delete=models.PROTECT, null=True, blank=True, related_name="funds")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    held_by = models.ForeignKey(Body, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField(_("회계연도"))
    total_krw = models.BigIntegerField(_("총액(원)"))
    source = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(total_krw__gte=0), name="a_pot_is_not_negative")]

    def __str__(self) -> str:
        return self.name

    def access(self) -> Ground:
        return self.process.access() if self.process else house()


class MoneyStage(models.TextChoices):
    """요구 → 조정 → 투표 → 예산안 → 의결 → 집행 → 정산."""

    ASKED = "asked", _("요구")
    ADJUSTED = "adjusted", _("조정")
    VOTED = "voted", _("투표")
    PROPOSED = "proposed", _("예산안")
    ENACTED = "enacted", _("의결")
    SPENT = "spent", _("집행")
    SETTLED = "settled", _("정산")


class Line(models.Model):
    """One matter's money in one pot (예산줄)."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="lines")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="lines")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "matter"], name="one_line_a_pot_and_matter")]

    @property
    def process(self) -> Process:
        return self.matter.process

    def access(self) -> Ground:
        return self.matter.access()


class Amount(models.Model):
    """What a line was worth at a stage: a dated fact with a reason for every change from the stage before."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="amounts")
    stage = models.CharField(_("단계"), max_length=10, choices=MoneyStage)
    amount_krw = models.BigIntegerField(_("금액(원)"))
    reason = models.CharField(_("앞 단계와 달라진 까닭"), max_length=500, blank=True)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount_krw__gte=0), name="an_amount_is_not_negative")]
        indexes = [models.Index(fields=["line", "entered_at"])]
