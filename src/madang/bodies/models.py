"""Body, Seat: nouns of bodies."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.access.may import Ground, house
from madang.people.models import Person
from madang.places.models import Place


class Side(models.TextChoices):
    CIVIL = "civil", _("민")
    PUBLIC = "public", _("관")
    COUNCIL = "council", _("의회")
    JOINT = "joint", _("민관")


class Body(models.Model):
    """A department, a civil group, a council, a committee or a joint body (기구)."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("이름"), max_length=80)
    name_en = models.CharField(_("영문 이름"), max_length=120, blank=True)
    side = models.CharField(_("쪽"), max_length=8, choices=Side)
    rules = models.CharField(_("기구 규칙"), max_length=60, blank=True)  # key of recipes/bodies/*.toml
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True)
    founded_on = models.DateField(null=True, blank=True)
    sunset_on = models.DateField(_("존속 기한"), null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    def access(self) -> Ground:
        return house()


class Route(models.TextChoices):
    """How a seat is filled (DOMAIN §2, noun 3)."""

    EX_OFFICIO = "ex-officio", _("당연직")
    NOMINATED = "nominated", _("추천")
    OPEN = "open", _("공모")
    DRAWN = "drawn", _("추첨")


class Seat(models.Model):
    """A post in a body, held by a person for a term. Duties stay with the body and post when the person changes."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    post = models.CharField(_("직위"), max_length=40)
    side = models.CharField(_("쪽"), max_length=8, choices=Side)
    route = models.CharField(_("위촉 경로"), max_length=12, choices=Route)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="seats")
    since_date = models.DateField(_("시작일"))
    until_date = models.DateField(_("끝나는 날"), null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    override_reason = models.TextField(_("규칙 예외 사유"), blank=True, max_length=1000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("since_date")), name="a_term_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["person", "released_at"]), models.Index(fields=["body", "released_at"])]

    def in_office(self, at: datetime) -> bool:
        """Held at `at`: begun, not over, not released (queries.in_office asks the database the same)."""
        day = localtime(at).date()
        begun = self.since_date <= day and (self.until_date is None or self.until_date >= day)
        return begun and (self.released_at is None or self.released_at > at)

    def access(self) -> Ground:
        return self.body.access()
