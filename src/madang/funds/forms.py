"""What may come in about money."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine, PlainText
from madang.bodies.models import Body
from madang.funds.models import Fund, MoneyStage

MOST_KRW = 1_000_000_000_000_000  # a thousand trillion won: more than the country's yearly budget is a slip of the pen


class Won(forms.IntegerField):
    """Whole won; commas and the word 원 are welcome."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            min_value=0, max_value=MOST_KRW, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs
        )

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace(",", "").replace("원", "").strip()
        return super().to_python(value)


class PotForm(Form):
    name = PlainLine(label=_("재원 이름"), max_length=80, help_text=_("예: 2027년 시정참여형 예산"))
    year = forms.IntegerField(label=_("회계연도"), min_value=1995, max_value=2100)
    total_krw = Won(label=_("총액(원)"))
    held_by = forms.ModelChoiceField(
        Body.objects.filter(closed_on=None).order_by("name"),
        label=_("관리하는 기구"),
        required=False,
        help_text=_("비워 두면 이 과정을 맡은 기구입니다."),
    )
    source = PlainLine(label=_("출처"), max_length=200, required=False, help_text=_("공고나 문서의 이름과 쪽수"))


class AmountForm(Form):
    fund = forms.ModelChoiceField(Fund.objects.order_by("-year", "name"), label=_("재원"))
    stage = forms.ChoiceField(label=_("단계"), choices=MoneyStage.choices)
    amount_krw = Won(label=_("금액(원)"))
    reason = PlainText(
        label=_("앞 단계와 달라진 까닭"),
        max_length=500,
        rows=3,
        required=False,
        help_text=_(
            "앞 단계와 금액이 다르거나 단계를 건너뛰거나 같은 단계를 고칠 때는 꼭 적습니다. 그대로 공개됩니다."
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.on is not None:
            field = self.fields["fund"]
            field.queryset = Fund.objects.filter(process=self.on.process_id).order_by("-year", "name")

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"].strip()
        if reason and len(reason) < 5:
            raise ValidationError(_("까닭을 다섯 글자 이상으로 적어 주세요."))
        return reason
