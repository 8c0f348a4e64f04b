"""What may come in around a ballot: its opening, a paper that was marked, and what became of the result."""

import re
import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine, PlainText
from madang.decisions.forms.electorate import OnlyFields, asked_of
from madang.decisions.forms.replies import day, substance
from madang.decisions.queries import open_paper
from madang.decisions.words import KINDS, how_to_mark, void_words
from madang.funds.models import Fund
from madang.matters.models import Matter
from madang.methods.ballots import paper
from madang.methods.ballots.marks import LONGEST, Void
from madang.processes.library import number

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I: people write it down
ANSWERS_MOST = 50


def new_receipt() -> str:
    """A fresh receipt: twelve characters (60 bits) in threes of four."""
    letters = "".join(secrets.choice(ALPHABET) for _letter in range(12))
    return "-".join(letters[at : at + 4] for at in (0, 4, 8))


class OpenBallotForm(OnlyFields, Form):
    question = PlainLine(label=_("물음"), max_length=500)
    use = PlainLine(
        label=_("결과를 어떻게 쓰나"),
        max_length=500,
        min_length=5,
        help_text=_("투표지에 그대로 실리고, 개표한 뒤에는 정말 그렇게 썼는지 알려야 합니다."),
    )
    kind = forms.ChoiceField(label=_("투표 종류"), required=False)
    answers = PlainText(
        label=_("고를 수 있는 답"),
        max_length=5000,
        rows=4,
        required=False,
        help_text=_("의제 하나를 물을 때만, 한 줄에 하나씩 적습니다. 의제들 가운데 고르는 투표라면 비워 둡니다."),
    )
    fund = forms.ModelChoiceField(None, label=_("재원"), required=False, help_text=_("뽑힌 의제에 쓰는 돈이 있을 때"))
    electorate = forms.IntegerField(
        label=_("투표할 수 있는 사람 수"),
        min_value=1,
        required=False,
        help_text=_("알면 적습니다. 투표율의 분모가 됩니다."),
    )
    matters = forms.ModelMultipleChoiceField(
        None,
        label=_("투표에 부칠 의제"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("고르지 않으면 투표 단계에 있는 의제를 모두 부칩니다."),
    )
    closes_on = day(_("마감일"), required=False, help_text=_("비워 두면 과정의 달력에 정한 날입니다."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        process = self.on.pk if self.on else None
        self._kinds()
        self.fields["fund"].queryset = Fund.objects.filter(process=process).order_by("-year")
        self.fields["matters"].queryset = Matter.objects.filter(process=process, closed_at=None).order_by("id")

    def _kinds(self) -> None:
        """The kinds the recipe lets the asker choose from; no field where there is nothing to choose."""
        asked = next((phase.ballot for phase in self.on.rules.phases if phase.ballot), None) if self.on else None
        if asked is None or not asked.kinds:
            del self.fields["kind"]
            return
        self.fields["kind"].choices = [(kind, KINDS[kind]) for kind in dict.fromkeys((asked.kind, *asked.kinds))]

    def clean_answers(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["answers"].splitlines()]
        answers = [line for line in lines if line]
        if len(set(answers)) != len(answers):
            raise ValidationError(_("같은 답이 두 번 적혀 있습니다."), "twice")
        if answers and not 2 <= len(answers) <= ANSWERS_MOST:
            raise ValidationError(_("답은 2개에서 %(most)d개까지 적을 수 있습니다."), "answers", {"most": ANSWERS_MOST})
        if any(len(line) > 200 for line in answers):
            raise ValidationError(_("답 하나는 200자까지 적을 수 있습니다."), "long")
        return answers


class MarksWidget(forms.Widget):
    """The paper on the screen: a fragment of the kind of ballot; what is marked comes back as one line of text."""

    ballot: Any = None

    @property
    def template_name(self) -> str:  # type: ignore[override]
        return f"decisions/papers/{self.ballot.rule['kind']}.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        marked = _marked(self.ballot, value)
        lines = [
            {"option": option, "value": marked.get(option.place, ""), "id": f"id_{name}-{option.place}"}
            for option in self.ballot.options.select_related("matter", "where").order_by("place")
        ]
        titles = {sheet["key"]: sheet for sheet in self.ballot.rule.get("sheets", ())}
        sheets = [
            {**titles.get(key, {}), "lines": [line for line in lines if line["option"].sheet == key]}
            for key in (titles or {"": {}})
        ]
        return context | {"ballot": self.ballot, "rule": self.ballot.rule, "lines": lines, "sheets": sheets, "name": name}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """The line of text itself, or what the fragment's fields `<name>-<place>` say."""
        if name in data:
            return str(data[name])
        given = []
        for key in data:
            place = key.removeprefix(f"{name}-")
            if place != key and re.fullmatch(r"[0-9]{1,5}", place):
                said = str(data[key]).strip()
                if said:
                    given.append((int(place), int(said) if re.fullmatch(r"[0-9]{1,9}", said) else -1))
        if any(value < 0 for _place, value in given):
            return "?"
        try:
            return paper.write(open_paper(self.ballot), given)
        except Void as fault:
            return f"?{fault.code}"

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # a blank paper is a paper

    def id_for_label(self, id_: str) -> str:
        return ""


def _marked(ballot: Any, text: str | None) -> dict[int, int]:
    """What the text marks, so that a refused paper comes back as it was; nothing where it cannot be read."""
    from madang.methods.ballots import marks  # noqa: PLC0415 — only here

    for read in (marks.picks, marks.order, marks.numbers):
        try:
            return dict(read(text or ""))
        except Void:
            continue
    return {}


class CastForm(Form):
    """The paper.

    The receipt is made before the vote and shown on it, so that the voter holds it and nobody sends it.
    """

    secret = True  # no door keeps what was marked here: no draft, no message, no log

    marks = forms.CharField(
        label=_("투표지"),
        max_length=LONGEST,
        required=False,
        strip=False,
        help_text=_("고른 것: `3 7` · 순위: `7>3>1` · 점수: `3:5 7:2` · 찬반: `1:1 2:0`(1 찬성, 0 반대)"),
    )
    receipt = PlainLine(
        label=_("내 영수증"),
        max_length=14,
        initial=new_receipt,
        widget=forms.TextInput(attrs={"readonly": True}),
        help_text=_(
            "적어 두세요. 개표 뒤 공개되는 목록에서 이 번호로 내 표를 찾을 수 있습니다. 다시 보여 드리지 않습니다."
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.on is None:
            return
        widget = MarksWidget()
        widget.ballot = self.on
        self.fields["marks"].widget = widget
        self.fields["marks"].help_text = how_to_mark(self.on.rule)
        self.fields |= asked_of(self.on.rule)

    def clean_marks(self) -> str:
        """Whether it is a vote at all; the act asks again with the voter's class."""
        text = self.cleaned_data["marks"]
        if self.on is None:
            return text
        if text.startswith("?"):
            raise ValidationError(void_words(Void(text[1:] or "form")), text[1:] or "form")
        on = open_paper(self.on)
        try:
            paper.read(on, next(iter(on.weights), ""), text)
        except Void as fault:
            if fault.code not in ("unknown-class", "other-sheet"):
                raise ValidationError(void_words(fault), fault.code) from None
        return text

    def clean_receipt(self) -> str:
        receipt = self.cleaned_data["receipt"].upper()
        if not re.fullmatch(f"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", receipt):
            raise ValidationError(_("영수증은 ABCD-EFGH-JKLM 꼴이어야 합니다."), "receipt")
        return receipt


class ReportUseForm(Form):
    used = PlainText(
        label=_("결과를 이렇게 썼습니다"),
        max_length=3000,
        help_text=_("약속한 대로 썼으면 무엇이 바뀌었는지, 달라졌으면 무엇이 왜 달라졌는지 적습니다."),
    )

    def clean_used(self) -> str:
        used = self.cleaned_data["used"]
        least = number(self.on.process, "reply_reason_least") if self.on is not None else 0
        if substance(used) < least:
            raise ValidationError(
                _("늘 하는 말을 빼고 %(n)d자 이상 적어 주세요(지금 %(now)d자)."), "thin", {"n": least, "now": substance(used)}
            )
        return used
