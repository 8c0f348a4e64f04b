"""What may come in around a scoring: points with words for every criterion of the recipe, or why a judge stands apart."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine, PlainText


class ScoreForm(Form):
    """Two fields a criterion: `points_<key>` and `words_<key>`; cleaned into `points` and `words`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = _criteria(self.on)
        for key, (name, most) in self.criteria.items():
            self.fields[f"points_{key}"] = forms.IntegerField(
                label=_("%(name)s: 점수(0~%(most)d)") % {"name": name, "most": most}, min_value=0, max_value=most
            )
            self.fields[f"words_{key}"] = PlainText(
                label=_("%(name)s: 그렇게 본 까닭") % {"name": name}, max_length=1000, min_length=10, rows=3,
                help_text=_("열 글자 이상. 심사가 끝나면 자리 이름과 함께 그대로 공개됩니다."),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        return {
            "points": {key: cleaned[f"points_{key}"] for key in self.criteria if f"points_{key}" in cleaned},
            "words": {key: cleaned[f"words_{key}"] for key in self.criteria if f"words_{key}" in cleaned},
        }


def _criteria(matter: Any) -> dict[str, tuple[str, int]]:
    """Criterion → its name and most points, of the scoring the 의제 waits for."""
    if matter is None:
        return {}
    rules = matter.process.rules
    asked = next((rules.phase(key).scoring for key in matter.open_phases if rules.phase(key).scoring), None)
    if asked is None:
        return {}
    return {key: (one.name.said(get_language() or "ko"), rules.value(one.points)) for key, one in asked.criteria.items()}


class ApartForm(Form):
    reason = PlainLine(label=_("회피하는 까닭"), max_length=500, min_length=10, help_text=_("그대로 공개됩니다."))
