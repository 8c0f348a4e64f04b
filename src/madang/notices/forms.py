"""How one wants to hear."""

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.people.models import Person


class PreferForm(forms.Form):
    digest = forms.ChoiceField(
        label=_("소식 편지"), choices=Person._meta.get_field("digest").choices, widget=forms.RadioSelect,
        help_text=_("아직 읽지 않은 소식을 모아 전자우편으로 보냅니다. 소식이 없으면 보내지 않습니다."),
    )
    language = forms.ChoiceField(label=_("편지의 언어"), choices=Person._meta.get_field("language").choices, widget=forms.RadioSelect)
