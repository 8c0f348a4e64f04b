"""What may come in: an answer, a score with words, a closing with its consequence, a reason to reopen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainText
from madang.evaluation.figures import load
from madang.evaluation.models import Answer, Outcome

WORDS_LEAST = 10  # characters: a number without a sentence helps nobody


class ConfirmForm(Form):
    answer = forms.ChoiceField(
        label=_("정말 이루어졌나요?"), choices=Answer.choices, widget=forms.RadioSelect,
        help_text=_("평가가 끝나기 전에는 언제든 바꿀 수 있고, 한 사람의 답은 한 번만 셉니다."),
    )
    words = PlainText(
        label=_("한마디"), max_length=500, rows=3, required=False,
        help_text=_("무엇을 보았는지 적어 주세요. 이름 없이 공개되니 개인정보는 적지 마세요."),
    )


class ScoreForm(Form):
    indicator = forms.ChoiceField(label=_("지표"))
    value = forms.TypedChoiceField(
        label=_("점수"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, _("5 매우 좋음")), (4, _("4 좋음")), (3, _("3 보통")), (2, _("2 부족")), (1, _("1 매우 부족"))],
    )
    words = PlainText(
        label=_("까닭"), max_length=1000, rows=4, min_length=WORDS_LEAST,
        help_text=_("점수를 준 까닭을 한 문장 이상 적어 주세요. 이름 없이 점수와 함께 공개됩니다."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = choices(self.on)


def choices(matter: Any) -> list[tuple[str, Any]]:
    """The indicators the recipe names, with their titles; every indicator when no 의제 is at hand (API document)."""
    known = load()
    keys = matter.process.rules.indicators if matter is not None else known
    return [(key, known[key].title) for key in keys if key in known]


class CloseForm(Form):
    outcome = forms.ChoiceField(label=_("결과"), choices=Outcome.choices, widget=forms.RadioSelect)
    findings = PlainText(
        label=_("평가 내용"), max_length=5000,
        help_text=_("무엇이 약속과 같고 무엇이 다른지, 시민의 답과 점수를 어떻게 보았는지 적어 주세요."),
    )
    consequence = PlainText(
        label=_("활용"), max_length=2000, rows=4,
        help_text=_("이 평가로 무엇을 바꾸는지 적어 주세요. 비워 둘 수 없습니다. 바꿀 것이 없으면 그 까닭을 적습니다."),
    )


class ReopenForm(Form):
    reason = PlainText(
        label=_("다시 열어야 하는 까닭"), max_length=2000, rows=4, min_length=WORDS_LEAST,
        help_text=_("약속과 지금 모습이 어떻게 다른지 적어 주세요. 의제 화면에 이름 없이 공개됩니다."),
    )


class HideForm(Form):
    rule = forms.ChoiceField(
        label=_("어긴 규칙"),
        choices=[
            ("personal-data", _("개인정보")),
            ("insult", _("모욕·혐오")),
            ("spam", _("광고·도배")),
            ("off-topic", _("관계없는 글")),
        ],
    )
