"""How one wants to hear."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.people.models import Person


def chosen(name: str) -> list[tuple[Any, Any]]:
    """What a person's field may be."""
    return [(value, title) for value, title in getattr(Person._meta.get_field(name), "choices", None) or ()]


class PreferForm(forms.Form):
    digest = forms.ChoiceField(
        label=_("소식 편지"), choices=chosen("digest"), widget=forms.RadioSelect,
        help_text=_("아직 읽지 않은 소식을 모아 이메일로 보냅니다. 소식이 없으면 보내지 않습니다."),
    )
    language = forms.ChoiceField(label=_("편지의 언어"), choices=chosen("language"), widget=forms.RadioSelect)
