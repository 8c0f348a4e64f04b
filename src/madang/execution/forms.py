"""What may come in about promises."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine, PlainText
from madang.bodies.models import Body, Side
from madang.bodies.queries import choosable
from madang.execution.models import Field, Milestone, Owner
from madang.funds.forms import MOST_KRW, Won

MOST_MILESTONES = 20
OWNERS = {"민": Owner.CIVIL, "관": Owner.PUBLIC, "civil": Owner.CIVIL, "public": Owner.PUBLIC}


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone as it comes in: what, by whom, by when."""

    title: str
    owner: str
    due_on: date


class Steps(PlainText):
    """One milestone a line: date | owner | what. Every bad line is named."""

    def clean(self, value) -> list[Step]:  # type: ignore[override]
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_MILESTONES:
            raise ValidationError(_("단계목표는 %(most)d개까지입니다."), "too-many", {"most": MOST_MILESTONES})
        faults, steps = [], []
        for number, line in enumerate(lines, start=1):
            try:
                steps.append(_step(line))
            except ValueError as fault:
                faults.append(_("%(n)d번째 줄: %(fault)s") % {"n": number, "fault": fault})
        if faults:
            raise ValidationError(faults)
        return steps


def _step(line: str) -> Step:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 3:
        raise ValueError(_("‘날짜 | 민 또는 관 | 할 일’처럼 세 부분으로 적어 주세요."))
    day, owner, title = parts
    try:
        due_on = date.fromisoformat(day)
    except ValueError:
        raise ValueError(_("날짜는 2026-12-31처럼 적어 주세요.")) from None
    if owner not in OWNERS:
        raise ValueError(_("맡은 쪽은 ‘민’ 또는 ‘관’이라고 적어 주세요."))
    if not 2 <= len(title) <= 120:
        raise ValueError(_("할 일은 2자에서 120자까지입니다."))
    return Step(title, OWNERS[owner].value, due_on)


class PromiseForm(Form):
    promise = PlainText(label=_("약속"), max_length=3000, min_length=10, help_text=_("누가 누구를 위해 무엇을 하는지"))
    origin = PlainLine(
        label=_("처음 뜻"),
        max_length=500,
        min_length=5,
        help_text=_("제안에서 이 약속이 나온 문장을 그대로 옮겨 적습니다. 나중에 약속과 견주어 봅니다."),
    )
    goal = PlainLine(label=_("목표"), max_length=500, min_length=5, help_text=_("다 되었는지 누구나 알 수 있게"))
    target = PlainLine(label=_("대상"), max_length=200, help_text=_("누가 좋아지나"))
    budget_krw = Won(label=_("예산(원)"), help_text=_("돈이 들지 않으면 0"))
    due_on = forms.DateField(label=_("마치는 날"), widget=forms.DateInput(attrs={"type": "date"}))
    civil_owner = forms.ModelChoiceField(
        Body.objects.filter(closed_on=None, side__in=(Side.CIVIL, Side.JOINT)).order_by("name"),
        label=_("민간 쪽 맡은이"),
    )
    public_owner = forms.ModelChoiceField(
        Body.objects.filter(closed_on=None, side__in=(Side.PUBLIC, Side.COUNCIL)).order_by("name"),
        label=_("행정 쪽 맡은이"),
    )
    milestones = Steps(
        label=_("단계목표"),
        max_length=5000,
        help_text=_("한 줄에 하나씩 ‘2026-12-31 | 관 | 설명회를 연다’처럼 적습니다. 하나는 있어야 합니다."),
    )


    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.on is not None:
            invented = self.on.process.synthetic
            self.fields["civil_owner"].queryset = choosable((Side.CIVIL, Side.JOINT), invented)
            self.fields["public_owner"].queryset = choosable((Side.PUBLIC, Side.COUNCIL), invented)


class MilestoneForm(Form):
    words = PlainText(label=_("한 일"), max_length=2000, min_length=5, rows=4)


class EvidenceForm(Form):
    note = PlainText(label=_("설명"), max_length=2000, min_length=5, rows=3, help_text=_("무엇을 보여 주는 증빙인지"))
    link = forms.URLField(
        label=_("주소"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("문서나 사진이 있는 누구나 볼 수 있는 주소"),
    )
    milestone = forms.ModelChoiceField(None, label=_("단계목표"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["milestone"].queryset = (
            Milestone.objects.filter(commitment=self.on.pk).order_by("number") if self.on else Milestone.objects.none()
        )

    def clean_link(self) -> str:
        link = self.cleaned_data["link"]
        if link and not link.startswith(("https://", "http://")):
            raise ValidationError(_("http:// 또는 https://로 시작하는 주소를 적어 주세요."))
        return link


class ChangeForm(Form):
    field = forms.ChoiceField(label=_("바꾸는 것"), choices=Field.choices)
    after = PlainLine(
        label=_("새 내용"), max_length=500, help_text=_("예산은 원 단위 숫자로, 마치는 날은 2026-12-31처럼 적습니다.")
    )
    reason = PlainText(label=_("까닭"), max_length=2000, min_length=10, help_text=_("제안자에게 그대로 알립니다."))

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if "field" in cleaned and "after" in cleaned:
            try:
                cleaned["after"] = written(cleaned["field"], cleaned["after"])
            except ValueError as fault:
                self.add_error("after", str(fault))
        return cleaned


def written(field: str, text: str) -> str:
    """The new value in its one way of writing: whole won, an ISO date, or a line of words. ValueError in words."""
    if field == Field.BUDGET:
        digits = text.replace(",", "").replace("원", "").strip()
        if not digits.isascii() or not digits.isdigit() or int(digits) > MOST_KRW:
            raise ValueError(_("예산은 원 단위 숫자로 적어 주세요. 예: 15000000"))
        return str(int(digits))
    if field == Field.DUE:
        try:
            return date.fromisoformat(text.strip()).isoformat()
        except ValueError:
            raise ValueError(_("날짜는 2026-12-31처럼 적어 주세요.")) from None
    if field == Field.TARGET and len(text) > 200:
        raise ValueError(_("대상은 200자까지입니다."))
    if len(text.strip()) < 2:
        raise ValueError(_("새 내용을 적어 주세요."))
    return text.strip()


class AnswerChangeForm(Form):
    answer = forms.ChoiceField(
        label=_("답"),
        widget=forms.RadioSelect,
        choices=[
            ("agree", _("동의합니다")),
            ("disagree", _("동의하지 않습니다")),
            ("silent", _("제안자가 기한 안에 답하지 않았습니다")),
        ],
    )
    words = PlainText(label=_("하고 싶은 말"), max_length=2000, rows=3, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.on is None or self.person is None:
            return
        mine = self.on.commitment.matter.author_id == self.person.pk
        choices = self.fields["answer"].choices
        self.fields["answer"].choices = [choice for choice in choices if (choice[0] != "silent") == mine]


class FinishForm(Form):
    outcome = forms.ChoiceField(
        label=_("어떻게 끝났나"), choices=[("finished", _("완료")), ("stopped", _("중단"))], widget=forms.RadioSelect
    )
    words = PlainText(
        label=_("마치며"),
        max_length=3000,
        min_length=10,
        help_text=_("무엇이 이루어졌는지, 멈추었다면 왜인지. 이어서 시민이 정말 이루어졌는지 확인합니다."),
    )
