from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine, PlainText
from madang.bodies.models import Body, Side
from madang.bodies.queries import choosable
from madang.matters.models import Matter

OUTCOMES = [
    ("expired", _("기간 안에 뜻이 모이지 않음")),
    ("merged", _("비슷한 의제와 합침")),
    ("passed-on", _("다른 과정으로 넘김")),
    ("answered-elsewhere", _("다른 곳에서 이미 답함")),
]


class BodyField(forms.ModelChoiceField):
    """A body by its key; the widget is a list of living bodies of the given sides."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            queryset=Body.objects.filter(closed_on=None).order_by("name"),
            to_field_name="key",
            error_messages={"invalid_choice": _("그런 기구가 없습니다.")},
            **kwargs,
        )


class DepartmentForm(Form):
    """A form that names a department: an office or a council, and an invented one where all is invented."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.on is not None:
            self.fields["body"].queryset = choosable((Side.PUBLIC, Side.COUNCIL), self.on.process.synthetic)


class AssignForm(DepartmentForm):
    body = BodyField(label=_("담당 부서"))
    reason = PlainLine(label=_("이 부서인 까닭"), max_length=300, required=False)


class FoundForForm(Form):
    body = BodyField(
        label=_("이 사업의 민관협의체"),
        help_text=_("민과 관의 자리가 모두 채워진 공동 기구여야 합니다. 없으면 먼저 기구를 세우고 위촉합니다."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.on is not None:
            self.fields["body"].queryset = choosable((Side.JOINT,), self.on.process.synthetic)


class ConcludeForm(Form):
    outcome = forms.ChoiceField(label=_("맺음"), choices=OUTCOMES)
    reason = PlainText(
        label=_("까닭"),
        max_length=2000,
        min_length=10,
        rows=4,
        help_text=_("제안자가 읽을 말로 적어 주세요. 그대로 공개됩니다."),
    )
    into = PlainLine(
        label=_("이어지는 의제의 번호"), max_length=60, required=False, help_text=_("합치거나 넘길 때만 적습니다.")
    )

    def clean_into(self) -> Matter | None:
        number = self.cleaned_data["into"]
        if not number:
            return None
        matter = Matter.objects.filter(number=number).first()
        if matter is None:
            raise forms.ValidationError(_("그런 번호의 의제가 없습니다."))
        return matter

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == "merged" and "into" not in self.errors and not cleaned.get("into"):
            self.add_error("into", _("어느 의제와 합치는지 번호를 적어 주세요."))
        return cleaned


class ExtendForm(Form):
    reason = PlainLine(
        label=_("연장 사유"), max_length=500, min_length=10, help_text=_("한 번만 연장할 수 있고 사유는 공개됩니다.")
    )


class TransferForm(DepartmentForm):
    body = BodyField(label=_("넘겨받을 부서"))
    reason = PlainLine(label=_("넘기는 까닭"), max_length=500, min_length=5, help_text=_("기한은 그대로 따라갑니다."))
