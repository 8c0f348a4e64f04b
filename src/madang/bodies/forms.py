from django import forms
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine, PlainText
from madang.bodies.models import Body, Route, Side
from madang.people.models import Person


class FoundForm(Form):
    key = forms.SlugField(
        label=_("주소 이름"), max_length=60, help_text=_("영문 소문자·숫자·붙임표. 나중에 바꿀 수 없습니다.")
    )
    name = PlainLine(label=_("이름"), max_length=80)
    name_en = PlainLine(label=_("영문 이름"), max_length=120, required=False)
    side = forms.ChoiceField(label=_("쪽"), choices=Side.choices)
    parent = forms.SlugField(label=_("위 기구의 주소 이름"), required=False, max_length=60)
    founded_on = forms.DateField(label=_("만든 날"), required=False)
    sunset_on = forms.DateField(label=_("존속 기한"), required=False)

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        if Body.objects.filter(key=key).exists():
            raise forms.ValidationError(_("같은 주소 이름을 쓰는 기구가 있습니다."))
        return key

    def clean_parent(self) -> Body | None:
        key = self.cleaned_data["parent"]
        if not key:
            return None
        parent = Body.objects.filter(key=key).first()
        if parent is None:
            raise forms.ValidationError(_("그런 기구가 없습니다."))
        return parent


class AppointForm(Form):
    email = forms.EmailField(label=_("위촉할 사람의 이메일"))
    post = PlainLine(label=_("직위"), max_length=40, help_text=_("예: 위원, 과장, 간사"))
    side = forms.ChoiceField(label=_("쪽"), choices=Side.choices)
    route = forms.ChoiceField(label=_("위촉 경로"), choices=Route.choices)
    since_date = forms.DateField(label=_("시작일"))
    until_date = forms.DateField(label=_("끝나는 날"), required=False)
    override_reason = PlainText(
        label=_("규칙 예외 사유"),
        required=False,
        max_length=1000,
        rows=3,
        help_text=_("규칙(성비·겸직 수 등)에 어긋날 때만 적습니다. 그대로 공개됩니다."),
    )

    def clean(self):
        cleaned = super().clean()
        person = Person.objects.filter(email__iexact=cleaned.pop("email", ""), erased_at=None).first()
        if person is None:
            self.add_error("email", _("이 이메일로 가입한 사람이 없습니다. 먼저 가입하도록 안내해 주세요."))
        cleaned["person"] = person
        if cleaned.get("until_date") and cleaned.get("since_date") and cleaned["until_date"] < cleaned["since_date"]:
            self.add_error("until_date", _("끝나는 날이 시작일보다 앞섭니다."))
        return cleaned


class ReleaseForm(Form):
    reason = PlainLine(label=_("해촉 사유"), max_length=200)
