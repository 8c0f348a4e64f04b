"""What may come in: a proposal, its revision, its withdrawal, and 의제 that come from elsewhere."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, Nothing, PlainLine, PlainText
from madang.proposals import contacts
from madang.proposals.fields import MatterField, PlaceField
from madang.proposals.models import Proposal, Topic
from madang.proposals.queries import address, similar

__all__ = ["EditForm", "Nothing", "ReceiveForm", "ReviveForm", "SubmitForm", "Watchful", "WithdrawForm"]


class Watchful(Form):
    """A form whose words become public: refuses resident numbers, asks before a phone number or e-mail is published.

    `watched` names the fields read. The question appears only when there is something to ask.
    """

    watched: tuple[str, ...] = ()
    contacts_ok = forms.BooleanField(
        label=_("글에 적은 연락처를 누구나 보아도 괜찮습니다"),
        required=False,
        widget=forms.HiddenInput,
        help_text=_("다른 사람의 연락처라면 지워 주세요."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        agreed = cleaned.pop("contacts_ok", False)
        for name in self.watched:
            text = cleaned.get(name) or ""
            if contacts.has_resident_number(text):
                self.add_error(name, _("주민등록번호로 보이는 숫자가 있습니다. 법에 따라 받을 수 없으니 지워 주세요."))
            elif (hits := contacts.found(text)) and not agreed:
                self.fields["contacts_ok"].widget = forms.CheckboxInput()
                asks = _("연락처가 들어 있습니다: %(hits)s. 지우거나, 아래에서 공개해도 괜찮다고 표시해 주세요.")
                self.add_error(name, asks % {"hits": ", ".join(hits[:3])})
        return cleaned


class Words(Watchful):
    """The fields every version of a proposal has."""

    watched = ("title", "problem", "idea", "effect")
    title = PlainLine(label=_("제목"), max_length=120, help_text=_("무엇을 바라는지 한 문장으로 적어 주세요."))
    problem = PlainText(
        label=_("무엇이 문제인가요"), max_length=5000, help_text=_("누가, 어디에서, 어떤 불편을 겪는지 적어 주세요.")
    )
    idea = PlainText(
        label=_("어떻게 하면 좋을까요"),
        max_length=5000,
        help_text=_("바라는 일을 할 수 있는 만큼 또렷하게 적어 주세요."),
    )
    effect = PlainText(label=_("무엇이 좋아지나요"), max_length=2000, rows=3, required=False)
    topic = forms.ChoiceField(label=_("분야"), choices=[("", _("골라 주세요")), *Topic.choices])


class SubmitForm(Words):
    place = PlaceField(
        label=_("어느 곳의 이야기인가요"),
        required=False,
        help_text=_("동이나 자치구 이름을 적어 주세요. 비워 두면 과정이 열린 곳 전체의 이야기가 됩니다."),
    )
    similar_seen = forms.BooleanField(
        label=_("비슷한 제안을 살펴보았고, 그래도 올립니다"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.similar: list[Any] = []  # what the page shows beside the form
        place = self.fields["place"]
        assert isinstance(place, PlaceField)  # noqa: S101 — declared above
        place.stand_in(getattr(self.on, "place", None))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        seen = cleaned.pop("similar_seen", False)
        if self.errors or seen:
            return cleaned
        self.similar = similar(cleaned["title"], cleaned["idea"])
        if self.similar:
            self.fields["similar_seen"].widget = forms.CheckboxInput()
            self.add_error(
                None,
                format_html(
                    "{} {} {}",
                    _("비슷한 의제가 있습니다:"),
                    format_html_join(" · ", '<a href="{}">{}</a>', ((address(m), m.title) for m in self.similar)),
                    _("살펴보고 공감할 수 있습니다. 그래도 따로 올리려면 아래에 표시하고 다시 보내 주세요."),
                ),
            )
        return cleaned


class EditForm(Words):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposal = Proposal.objects.filter(matter=self.on).first() if self.on is not None else None
        mine = self.person is not None and self.on is not None and self.on.author_id == self.person.pk
        if proposal is not None and (mine or self.on.hidden_at is None):
            self.initial = {
                "title": self.on.title,
                "problem": proposal.problem,
                "idea": proposal.idea,
                "effect": proposal.effect,
                "topic": proposal.topic,
                **self.initial,
            }


class WithdrawForm(Form):
    reason = PlainLine(
        label=_("거두는 까닭"), max_length=500, help_text=_("제안은 지워지지 않고, 거두었다는 표시와 함께 남습니다.")
    )


class ReviveForm(SubmitForm):
    origin = MatterField(
        label=_("되살릴 의제의 번호"), help_text=_("예: 2026-000123. 원래 의제로 가는 이음이 남습니다.")
    )
    field_order = ["origin"]


class ReceiveForm(Form):
    origin = MatterField(label=_("넘겨받을 의제의 번호"))
    reason = PlainLine(label=_("넘겨받는 까닭"), max_length=500)
