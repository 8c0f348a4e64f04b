"""What may come in: a question, a position, an argument, a reply, a report, a hiding, an appeal, a closing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, Nothing, PlainLine, PlainText
from madang.deliberation.models import Rule, Side
from madang.proposals.forms import Watchful

__all__ = [
    "AppealForm",
    "CloseForm",
    "CloseRoundsForm",
    "DismissForm",
    "HideForm",
    "Nothing",
    "OpenForm",
    "PositionForm",
    "ReplyForm",
    "ReportForm",
    "RoundForm",
    "SettleForm",
    "StateForm",
]
MOST_LINES = 20


class Lines(PlainText):
    """One entry a line → list of text; empty lines do not count."""

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        if isinstance(value, (list, tuple)):
            value = "\n".join(str(line) for line in value)
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("%(most)d줄까지 적을 수 있습니다."), "too-many-lines", {"most": MOST_LINES})
        return lines


class OpenForm(Form):
    question = PlainLine(
        label=_("공론장의 물음"), max_length=200, help_text=_("찬성과 반대가 갈릴 수 있게 한 문장으로 묻습니다.")
    )
    pack = PlainText(
        label=_("함께 읽을 자료"),
        max_length=10000,
        rows=10,
        required=False,
        help_text=_("사실, 비용, 여러 쪽의 주장을 고르게 적어 주세요. 주소를 적으면 이어집니다."),
    )


class PositionForm(Form):
    side = forms.ChoiceField(label=_("내 생각"), choices=Side.choices, widget=forms.RadioSelect)


class StateForm(Watchful):
    watched = ("text", "evidence_note")
    side = forms.ChoiceField(label=_("어느 쪽의 의견인가요"), choices=Side.choices, widget=forms.RadioSelect)
    text = PlainText(label=_("의견과 까닭"), max_length=3000)
    evidence_url = forms.URLField(
        label=_("근거 주소"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("통계, 기사, 조례 등 누구나 볼 수 있는 것"),
    )
    evidence_note = PlainLine(label=_("무엇의 근거인가요"), max_length=300, required=False)


class ReplyForm(Watchful):
    watched = ("text",)
    text = PlainText(label=_("답글"), max_length=3000, rows=4)


class ReportForm(Form):
    rule = forms.ChoiceField(label=_("어긴 규칙"), choices=Rule.choices)
    words = PlainText(label=_("덧붙일 말"), max_length=500, rows=3, required=False)


class HideForm(Form):
    rule = forms.ChoiceField(label=_("어긴 규칙"), choices=Rule.choices)
    reason = PlainLine(label=_("까닭"), max_length=500, help_text=_("글이 있던 자리에 그대로 공개됩니다."))


class DismissForm(Form):
    reason = PlainLine(label=_("그대로 두는 까닭"), max_length=500)


class AppealForm(Form):
    text = PlainText(
        label=_("이의"),
        max_length=2000,
        help_text=_("가린 것이 왜 맞지 않는지 적어 주세요. 정해진 날까지 답을 받습니다."),
    )


class SettleForm(Form):
    upheld = forms.TypedChoiceField(
        label=_("판단"),
        choices=[("yes", _("가린 채로 둡니다")), ("no", _("다시 보이게 합니다"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = PlainLine(label=_("까닭"), max_length=500)


class CloseForm(Form):
    summary = PlainText(
        label=_("정리"), max_length=5000, help_text=_("누가 무엇을 이야기했고 어디까지 왔는지 적어 주세요.")
    )
    agreed = Lines(label=_("함께한 것"), max_length=3000, required=False, help_text=_("한 줄에 하나씩"))
    differing = Lines(label=_("갈린 것"), max_length=3000, required=False, help_text=_("한 줄에 하나씩"))
    unknown = Lines(label=_("아직 모르는 것"), max_length=3000, required=False, help_text=_("한 줄에 하나씩"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned[name] for name in ("agreed", "differing", "unknown")):
            raise ValidationError(
                _("쟁점표가 비었습니다. 함께한 것, 갈린 것, 아직 모르는 것 가운데 하나는 적어 주세요."), "no-points"
            )
        return cleaned


class RoundForm(Form):
    held_on = forms.DateField(label=_("만난 날"), widget=forms.DateInput(attrs={"type": "date"}))
    said = PlainText(
        label=_("나눈 이야기"), max_length=5000, min_length=20, help_text=_("두 쪽이 무엇을 묻고 무엇이라 답했는지 적습니다.")
    )
    changed = PlainText(
        label=_("바꾸기로 한 것"),
        max_length=3000,
        rows=4,
        required=False,
        help_text=_(
            "사업의 뜻, 자리, 비용 가운데 바꾸기로 한 것을 적습니다."
            " 적으면 바로 내 쪽의 서명이 되고, 다른 쪽이 서명해야 한 회가 됩니다."
        ),
    )


class CloseRoundsForm(Form):
    outcome = forms.ChoiceField(
        label=_("어떻게 되었나요"),
        choices=[("agreed", _("뜻을 모았습니다")), ("not-agreed", _("뜻을 모으지 못했습니다"))],
        widget=forms.RadioSelect,
    )
    reason = PlainText(
        label=_("까닭"), max_length=2000, rows=4, required=False, help_text=_("뜻을 모으지 못했으면 꼭 적습니다.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("outcome") == "not-agreed" and len(cleaned.get("reason", "").strip()) < 10:
            self.add_error("reason", _("뜻을 모으지 못한 까닭을 열 글자 이상 적어 주세요."))
        return cleaned
