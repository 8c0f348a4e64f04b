"""Budgets of past years as they were published: figures with their sources, and nothing in between."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madang.funds.models import MoneyStage
from madang.funds.picture import Picture, Step, drawn
from madang.recipes import Text


@dataclass(frozen=True, slots=True)
class Year:
    """One budget of one year with the stages that were told, each with its source."""

    key: str
    year: int
    name: Text
    told: Text
    steps: tuple[tuple[str, Step], ...]

    @property
    def picture(self) -> Picture:
        """The steps in words of the reader's language, drawn to scale."""
        named = [Step(stage_name(stage), s.krw, s.lines, s.on, s.source) for stage, s in self.steps]
        return drawn(named)

    @property
    def called(self) -> str:
        return self.name.said(get_language() or "ko")

    @property
    def words(self) -> str:
        return self.told.said(get_language() or "ko")


def stage_name(stage: str) -> str:
    """The name of a stage of money; "promised" is what was said would be there."""
    return _("약속") if stage == "promised" else str(MoneyStage(stage).label)


@cache
def years() -> tuple[Year, ...]:
    """All published years, the newest first. ValueError: a stage out of order or a figure without its source."""
    text = resources.files("madang.funds").joinpath("published.toml").read_text(encoding="utf-8")
    found = [_year(row) for row in tomllib.loads(text)["years"]]
    return tuple(sorted(found, key=lambda year: (-year.year, year.key)))


def _year(row: dict) -> Year:
    order = ["promised", *MoneyStage.values]
    stages = [step["stage"] for step in row["steps"]]
    if stages != sorted(set(stages), key=order.index) or not all(step["source"] for step in row["steps"]):
        raise ValueError(f"published.toml: {row['key']}")
    steps = tuple(
        (step["stage"], Step("", step["krw"], step.get("lines"), step.get("on"), step["source"])) for step in row["steps"]
    )
    return Year(row["key"], row["year"], Text(**row["name"]), Text(**row["told"]), steps)
