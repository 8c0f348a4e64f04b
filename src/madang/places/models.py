"""Place, Membership: the city as a tree in which every node has a beginning and, sometimes, an end.

1. City → gu → dong by `parent`; a region (권역) hangs below the city and gathers gu by Membership, so that one gu can
   be in several schemes of regions.
2. `valid_from` is the first day, `valid_to` the first day no longer (null: still alive): a dong that ended on
   2019-01-01 was alive on 2018-12-31.
3. One code never has two versions at once, and a place never begins again under the same code on the same day.
4. Nothing is deleted: what a matter of 2018 points at stays readable in 2030.
"""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.access.may import house


class Level(models.TextChoices):
    """How large a place is."""

    CITY = "city", _("시")
    REGION = "region", _("권역")
    GU = "gu", _("자치구")
    DONG = "dong", _("행정동")


class Place(models.Model):
    """장소: a city, a region, a gu or a dong, as it was between two days."""

    code = models.CharField(_("코드"), max_length=40)
    name = models.CharField(_("이름"), max_length=60)
    name_en = models.CharField(_("영문 이름"), max_length=100, blank=True)
    official_name = models.CharField(_("법정 표기"), max_length=60, blank=True)  # 시흥제4동; empty when it is the name
    level = models.CharField(_("단위"), max_length=6, choices=Level)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    scheme = models.CharField(_("권역 구분"), max_length=40, blank=True)
    valid_from = models.DateField(_("시작일"))
    valid_to = models.DateField(_("종료일"), null=True, blank=True)
    population = models.PositiveIntegerField(_("인구"), null=True, blank=True)
    members = models.ManyToManyField("self", symmetrical=False, through="Membership", related_name="regions")

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="a_place_begins_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="a_code_is_alive_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="a_place_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(level="city", parent=None) | (~Q(level="city") & Q(parent__isnull=False)),
                name="only_a_city_has_no_parent",
            ),
            models.CheckConstraint(
                condition=Q(level="region") & ~Q(scheme="") | ~Q(level="region") & Q(scheme=""),
                name="a_region_names_its_scheme",
            ),
        ]
        indexes = [models.Index(fields=["level", "code"])]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """Its name in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name

    def access(self) -> Any:
        return house()

    def alive_on(self, day: date) -> bool:
        """Whether the place was there on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Membership(models.Model):
    """A gu in a region, between two days."""

    region = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="memberships")
    member = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="regions_in")
    valid_from = models.DateField(_("시작일"))
    valid_to = models.DateField(_("종료일"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "member", "valid_from"], name="a_membership_begins_once"),
            models.CheckConstraint(condition=~Q(region=F("member")), name="no_region_contains_itself"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="a_membership_ends_after_it_begins"
            ),
        ]
