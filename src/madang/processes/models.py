"""Process, Window, RecipeText: an institution at work in a place and a year."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.access.may import Ground
from madang.bodies.models import Body
from madang.places.models import Place


class RecipeText(models.Model):
    """The frozen recipe a process keeps: text and digest as they were on the day it opened."""

    digest = models.CharField(primary_key=True, max_length=80)
    text = models.TextField()
    first_used_at = models.DateTimeField()


class Process(models.Model):
    """A recipe opened at a place (과정): standing, or an edition with a calendar."""

    key = models.SlugField(max_length=80, unique=True)
    recipe_key = models.CharField(max_length=60, db_index=True)
    recipe = models.ForeignKey(RecipeText, on_delete=models.PROTECT)
    name = models.CharField(_("이름"), max_length=100)
    name_en = models.CharField(_("영문 이름"), max_length=160, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(_("끝내는 까닭"), max_length=500, blank=True)
    archive = models.BooleanField(default=False)  # a past edition entered from sources: nobody's lateness
    source = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField(default=False)
    matters_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["recipe_key", "closed_at"])]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def process(self) -> "Process":
        return self

    @property
    def rules(self):
        """The parsed frozen recipe (madang.recipes.Recipe)."""
        from madang.processes.queries import rules  # noqa: PLC0415 — queries import models

        return rules(self.recipe_id)

    def access(self) -> Ground:
        from madang.processes.ground import ProcessGround  # noqa: PLC0415 — ground imports models

        return ProcessGround(self)


class Window(models.Model):
    """A dated span of an edition: 공모, 투표, … Both days inclusive, in the city's time."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="windows")
    key = models.CharField(max_length=40)
    opens_on = models.DateField()
    closes_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["process", "key"], name="one_window_of_a_name"),
            models.CheckConstraint(condition=models.Q(closes_on__gte=models.F("opens_on")), name="a_window_has_days"),
        ]


class Casting(models.Model):
    """Which real body plays a part the recipe names (held_by, panel, mayor, …)."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="castings")
    part = models.CharField(max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "part"], name="one_body_a_part")]
