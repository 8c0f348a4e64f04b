"""What may come in about money."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine, PlainText
from madang.bodies.models import Body
from madang.funds.models import Fund, MoneyStage, Source
from madang.places.models import Level

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


class PotField(forms.ModelChoiceField):
    """A pot of the process at hand."""

    def __init__(self, **kwargs) -> None:
        super().__init__(Fund.objects.order_by("-year", "name"), label=_("재원"), **kwargs)


class OfferForm(Form):
    fund = PotField()
    offered_krw = Won(label=_("조정안(원)"))
    reason = PlainText(label=_("조정한 까닭"), max_length=500, min_length=5, rows=3, help_text=_("그대로 공개됩니다."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.on is not None:
            self.fields["fund"].queryset = Fund.objects.filter(process=self.on.process_id).order_by("-year", "name")


class AnswerLineForm(Form):
    agrees = forms.TypedChoiceField(
        label=_("우리 쪽의 답"),
        choices=[("yes", _("합의합니다")), ("no", _("이견이 있습니다"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text=_("답은 우리 쪽의 서명이 되고, 바꿀 수 없습니다. 새 조정안이 나오면 다시 답합니다."),
    )
    words = PlainText(
        label=_("이견의 까닭"),
        max_length=500,
        rows=3,
        required=False,
        help_text=_("이견이면 열 글자 이상 적습니다. 예산안까지 그대로 따라갑니다."),
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("agrees") is False and len(cleaned.get("words", "").strip()) < 10:
            self.add_error("words", _("이견의 까닭을 열 글자 이상 적어 주세요."))
        return cleaned


class SourceForm(Form):
    name = PlainLine(label=_("갈래 이름"), max_length=80, help_text=_("예: 지역사회혁신계획 시비"))
    total_krw = Won(label=_("총액(원)"))
    rule = PlainLine(label=_("지켜야 하는 규칙"), max_length=500, min_length=5, help_text=_("무엇에 쓸 수 있고 없는지"))
    level = forms.ChoiceField(label=_("쓸 수 있는 장소"), required=False, choices=[("", _("어디나")), *Level.choices])
    carries_until = forms.DateField(
        label=_("이월할 수 있는 날"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    source = PlainLine(label=_("출처"), max_length=200, required=False)

    def clean_total_krw(self) -> int:
        krw = self.cleaned_data["total_krw"]
        if not krw:
            raise ValidationError(_("0원인 갈래는 둘 수 없습니다."))
        return krw


class ShareForm(Form):
    """A field of won for every source of the pot: `source_<id>`; cleaned into `portions`."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.sources = list(Source.objects.filter(fund=self.on.fund_id).order_by("pk")) if self.on else []
        for source in self.sources:
            self.fields[f"source_{source.pk}"] = Won(label=source.name, required=False, help_text=source.rule)

    def clean(self) -> dict:
        cleaned = super().clean()
        return {"portions": {source.pk: cleaned.get(f"source_{source.pk}") or 0 for source in self.sources}}
