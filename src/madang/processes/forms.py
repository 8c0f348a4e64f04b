"""Opening an institution: the form grows from the recipe — a body for each part, dates for each window."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine
from madang.bodies.models import Body
from madang.processes.library import editions
from madang.processes.models import Process


class OpenForm(Form):
    recipe = forms.ChoiceField(label=_("제도(레시피)"))
    key = forms.SlugField(
        label=_("주소 이름"), max_length=80, help_text=_("예: youth-assembly-2027. 나중에 바꿀 수 없습니다.")
    )
    name = PlainLine(label=_("이름"), max_length=100)
    name_en = PlainLine(label=_("영문 이름"), max_length=160, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known, tongue = editions(), get_language() or "ko"
        self.fields["recipe"].choices = [
            (edition, f"{recipe.name.said(tongue)} ({recipe.version})") for edition, recipe in known.items()
        ]
        chosen = (self.data.get("recipe") or self.initial.get("recipe") or "") if self.data or self.initial else ""
        self.chosen = known.get(chosen)
        if self.chosen:
            self._ask_for(self.chosen)

    def _ask_for(self, recipe: Any) -> None:
        bodies, tongue = Body.objects.filter(closed_on=None).order_by("name"), get_language() or "ko"
        for part, body in recipe.bodies.items():
            if not body.matter:
                self.fields[f"body_{part}"] = forms.ModelChoiceField(
                    bodies.filter(side=body.side), to_field_name="key", label=body.name.said(tongue)
                )
        for window in recipe.windows:
            for edge, word in (("opens", _("시작일")), ("closes", _("마감일"))):
                self.fields[f"{edge}_{window.key}"] = forms.DateField(label=f"{window.name.said(tongue)} {word}")

    def clean_key(self) -> str:
        if Process.objects.filter(key=self.cleaned_data["key"]).exists():
            raise forms.ValidationError(_("같은 주소 이름을 쓰는 과정이 있습니다."))
        return self.cleaned_data["key"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors or not self.chosen:
            return cleaned
        castings = {part: cleaned.pop(f"body_{part}") for part, body in self.chosen.bodies.items() if not body.matter}
        windows = {w.key: (cleaned.pop(f"opens_{w.key}"), cleaned.pop(f"closes_{w.key}")) for w in self.chosen.windows}
        return {**cleaned, "castings": castings, "windows": windows}


class CloseForm(Form):
    reason = PlainLine(label=_("끝내는 까닭"), max_length=500, min_length=5)
