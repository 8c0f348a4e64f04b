from django import forms
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine
from madang.matters.models import LinkKind, Matter


class LinkForm(Form):
    target = PlainLine(label=_("이을 의제의 번호"), max_length=60)
    kind = forms.ChoiceField(label=_("이음"), choices=LinkKind.choices)
    reason = PlainLine(label=_("까닭"), max_length=500, required=False)

    def clean_target(self) -> Matter:
        matter = Matter.objects.filter(number=self.cleaned_data["target"]).first()
        if matter is None:
            raise forms.ValidationError(_("그런 번호의 의제가 없습니다."))
        return matter
