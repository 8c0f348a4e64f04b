"""What may come in to decide by reply, review and resolution."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine, PlainText
from madang.decisions.models import Conclusion
from madang.funds.forms import Won
from madang.processes.library import number

# sentences that say nothing by themselves: they do not count towards the substance of an answer
STOCK = re.compile(
    r"(적극적?(으로)?|신중(히|하게)|면밀(히|하게)|충분히|향후|추후|앞으로|관련\s*부서와?|내부적?(으로)?|협의하?여?|종합적?(으로)?)?\s*"
    r"(검토|참고|노력|고려|협의|반영토록\s*노력|살펴보|논의)\s*(하|할|해|토록|되도록)?\s*"
    r"(겠습니다|예정입니다|예정임|보겠습니다|계획입니다|것입니다|중입니다|하고\s*있습니다)[.!]?"
    r"|(귀중한|소중한|좋은)\s*(의견|제안)\S*\s*(주셔서|감사)\S*(\s*감사\S*)?[.!]?|양해\s*(를|해)?\s*(부탁|바랍)\S*[.!]?|감사(합니다|드립니다)[.!]?"
)


def substance(text: str) -> int:
    """How many characters of a text say something: stock phrases and spaces left out."""
    return len(re.sub(r"[\s.,!·…~\-]+", "", STOCK.sub("", text)))


def day(label, **kwargs) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


class ReplyForm(Form):
    conclusion = forms.ChoiceField(label=_("결론"), choices=Conclusion.choices, widget=forms.RadioSelect)
    reason = PlainText(
        label=_("까닭"),
        max_length=5000,
        help_text=_("왜 그렇게 정했는지 적습니다."),
    )
    next_step = PlainText(
        label=_("다음 할 일"),
        max_length=1000,
        rows=3,
        help_text=_("누가 무엇을 하는지 적습니다. 받아들이지 않을 때는 시민이 할 수 있는 다른 길을 적습니다."),
    )
    next_on = day(_("다음 할 일의 날짜"), help_text=_("그 일을 하는 날 또는 다시 알려 주는 날입니다."))
    basis = PlainLine(label=_("근거(법령·예산)"), max_length=500, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.on is not None:
            least = number(self.on.process, "reply_reason_least")
            self.fields["reason"].help_text = _(
                "왜 그렇게 정했는지 적습니다. ‘검토하겠습니다’ 같은 말을 빼고 %(n)d자 이상이어야 합니다."
            ) % {"n": least}

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        if self.on is None:
            return reason
        least = number(self.on.process, "reply_reason_least")
        if substance(reason) < least:
            raise ValidationError(
                _("까닭이 너무 짧습니다. 늘 하는 말을 빼고 %(n)d자 이상 적어 주세요(지금 %(now)d자)."),
                "thin",
                {"n": least, "now": substance(reason)},
            )
        return reason

    def clean_next_step(self) -> str:
        step = self.cleaned_data["next_step"]
        if self.on is not None and substance(step) < number(self.on.process, "reply_step_least"):
            raise ValidationError(_("다음 할 일을 누가 무엇을 하는지 알 수 있게 적어 주세요."), "thin")
        return step


class RateForm(Form):
    answered = forms.ChoiceField(
        label=_("이 답변이 물음에 답이 되었나요?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("예")), ("partly", _("일부만")), ("no", _("아니요"))],
    )


class RequestReviewForm(Form):
    reason = PlainText(
        label=_("다시 살펴야 하는 까닭"),
        max_length=2000,
        min_length=10,
        help_text=_("답변에서 빠졌거나 사실과 다른 것을 적어 주세요. 더 높은 자리에서 다시 답합니다."),
    )


def costs(process: Any) -> bool:
    """Whether the institution deals in money, so that a judgement needs an estimate."""
    return "funds.enter_amount" in process.rules.acts()


class ReviewForm(Form):
    result = forms.ChoiceField(
        label=_("결과"), choices=[("fit", _("적격")), ("unfit", _("부적격"))], widget=forms.RadioSelect
    )
    reason = PlainText(label=_("까닭"), max_length=3000, min_length=10)
    estimate_krw = Won(label=_("추정 비용(원)"), required=False, help_text=_("적격이면 꼭 적습니다."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.on is not None and not costs(self.on.process):
            del self.fields["estimate_krw"]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if "estimate_krw" not in self.fields:
            return cleaned
        if cleaned.get("result") == "fit" and cleaned.get("estimate_krw") is None and "estimate_krw" not in self.errors:
            self.add_error(
                "estimate_krw", _("적격으로 볼 때는 추정 비용을 적어 주세요. 돈이 들지 않으면 0을 적습니다.")
            )
        return cleaned


class OpenResolutionForm(Form):
    question = PlainLine(label=_("의결할 물음"), max_length=500, help_text=_("찬성과 반대로 답할 수 있는 한 문장"))
    closes_on = day(_("표결 마감일"))


class VoteForm(Form):
    answer = forms.ChoiceField(
        label=_("나의 표"),
        choices=[("yes", _("찬성")), ("no", _("반대")), ("abstain", _("기권"))],
        widget=forms.RadioSelect,
        help_text=_("위원의 표는 자리 이름과 함께 공개되고, 낸 뒤에는 바꿀 수 없습니다."),
    )


class RecuseForm(Form):
    reason = PlainLine(label=_("회피하는 까닭"), max_length=500, min_length=10, help_text=_("그대로 공개됩니다."))


class ExcludeForm(Form):
    seat = forms.ModelChoiceField(None, label=_("자리"))
    kind = forms.ChoiceField(label=_("종류"), choices=[("excluded", _("제척")), ("challenged", _("기피"))])
    reason = PlainLine(label=_("까닭"), max_length=500, min_length=10, help_text=_("그대로 공개됩니다."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        from madang.bodies.models import Seat  # noqa: PLC0415 — the queryset depends on the resolution

        self.fields["seat"].queryset = (
            Seat.objects.filter(body=self.on.body_id, released_at=None) if self.on else Seat.objects.none()
        )
