"""Fund, Line, Amount: money with its year and its stages. Promised ≠ voted ≠ enacted ≠ spent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from madang.access.may import Ground, house
from madang.bodies.models import Body, Seat
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

    def __str__(self) -> str:
        return self.matter.title

    @property
    def process(self) -> Process:
        return self.matter.process

    def access(self) -> Ground:
        return self.matter.access()


class Source(models.Model):
    """Where a part of a pot comes from (재원의 갈래); every won of it keeps its rule. Amounts in won.

    `level`: only for 의제 of places of this level · `carries_until`: the last day on which what is left may
    still be spent (None: not known).
    """

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="sources")
    name = models.CharField(_("이름"), max_length=80)
    total_krw = models.BigIntegerField(_("총액(원)"))
    rule = models.CharField(_("지켜야 하는 규칙"), max_length=500)
    level = models.CharField(_("쓸 수 있는 장소"), max_length=6, blank=True)
    carries_until = models.DateField(_("이월할 수 있는 날"), null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "name"], name="a_source_has_a_name_of_its_own"),
            models.CheckConstraint(condition=models.Q(total_krw__gt=0), name="a_source_holds_something"),
        ]

    def __str__(self) -> str:
        return self.name


class Portion(models.Model):
    """What one line takes from one source; the last writing of a line stands, the earlier ones keep `replaced_at`."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="portions")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="portions")
    amount_krw = models.BigIntegerField(_("금액(원)"))
    entered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "source"], condition=models.Q(replaced_at=None), name="one_portion_a_line_and_source"
            ),
            models.CheckConstraint(condition=models.Q(amount_krw__gt=0), name="a_portion_is_something"),
        ]


class Talk(models.Model):
    """민관예산협의의 한 줄: asked, offered, and what either side says to it. Agreed only where both agree; else a dissent
    that stays with the line."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="talks")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="talks")
    asked_krw = models.BigIntegerField(_("요구액(원)"))
    offered_krw = models.BigIntegerField(_("조정안(원)"))
    reason = models.CharField(_("조정한 까닭"), max_length=500)
    offered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    civil_agrees = models.BooleanField(null=True)
    civil_words = models.CharField(max_length=500, blank=True)
    civil_seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    civil_at = models.DateTimeField(null=True, blank=True)
    public_agrees = models.BooleanField(null=True)
    public_words = models.CharField(max_length=500, blank=True)
    public_seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    public_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, blank=True, choices=[("agreed", _("합의")), ("dissent", _("이견"))])
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=models.Q(replaced_at=None, closed_at=None), name="one_open_talk_a_line"
            ),
            models.CheckConstraint(condition=models.Q(offered_krw__gte=0), name="an_offer_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.matter.title

    @property
    def process(self) -> Process:
        return self.matter.process

    @property
    def change_krw(self) -> int:
        """What the offer changes."""
        return self.offered_krw - self.asked_krw

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
