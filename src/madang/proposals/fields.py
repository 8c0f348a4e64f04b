"""Fields of proposals: a place found by its name, a 의제 found by its number."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from madang.matters.models import Matter
from madang.places.models import Place
from madang.places.queries import ancestors, named


class PlaceInput(forms.TextInput):
    """A text field that offers the places of the process as one types; plain text where a browser cannot."""

    template_name = "proposals/widgets/place.html"
    within: Place | None = None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}-places"
        context["widget"]["places"] = names_within(self.within)
        return context


class PlaceField(forms.CharField):
    """'시흥4동', '금천구 시흥4동' or a code → Place; empty → None. Only places within `within`, alive today."""

    within: Place | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, strip=True, widget=PlaceInput, **kwargs)

    def stand_in(self, place: Place | None) -> None:
        """Take only places within `place` (None: any)."""
        self.widget.within = self.within = place

    def clean(self, value: Any) -> Place | None:
        if isinstance(value, Place):
            return value
        words = super().clean(value)
        if not words:
            return None
        found = named(words, localdate()) or list(
            Place.objects.filter(code=words, valid_to=None).select_related("parent__parent")
        )
        hits = [place for place in found if is_within(place, self.within)]
        if not hits:
            raise ValidationError(
                _("그런 곳을 찾지 못했습니다. 동이나 자치구 이름으로 적어 주세요(예: 금천구 시흥4동)."), "no-place"
            )
        if len(hits) > 1:
            raise ValidationError(
                _("같은 이름이 여럿입니다: %(names)s. 자치구 이름까지 적어 주세요."),
                "many-places",
                {"names": ", ".join(called(place) for place in hits[:5])},
            )
        return hits[0]


def called(place: Place) -> str:
    """'금천구 시흥4동': the name with its gu."""
    return f"{place.parent.name} {place.name}" if place.level == "dong" and place.parent else place.name


def names_within(top: Place | None) -> list[str]:
    """The names offered while one types: gu, and dong with their gu. One query."""
    rows = Place.objects.filter(valid_to=None, level__in=("gu", "dong")).select_related("parent__parent")
    return [called(place) for place in rows.order_by("code") if is_within(place, top)]


def is_within(place: Place, top: Place | None) -> bool:
    """Whether `place` is `top` or hangs below it; no query when the parents are loaded."""
    return top is None or top.pk in {place.pk, *(above.pk for above in ancestors(place))}


class MatterField(forms.CharField):
    """A 의제 by its public number ('2026-000123')."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, strip=True, **kwargs)

    def clean(self, value: Any) -> Matter | None:
        if isinstance(value, Matter):
            return value
        number = super().clean(value)
        if not number:
            return None
        found = Matter.objects.filter(number=number, hidden_at=None).select_related("process", "place").first()
        if found is None:
            raise ValidationError(
                _("그 번호의 의제가 없습니다. 의제 화면에 적힌 번호를 그대로 옮겨 주세요."), "no-matter"
            )
        return found
