"""What may come in at a booth: its name and sheets, and what its desk did while it had no network."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine
from madang.bodies.models import Body
from madang.decisions.forms.rolls import classes_of

SHEETS_MOST = 2000  # of one bundle
QUEUE_MOST = 5000


def class_field(rule: dict[str, Any]) -> forms.ChoiceField:
    """Whose sheets: a class of voters the rule knows, or everybody's."""
    known = sorted(classes_of(rule))
    return forms.ChoiceField(label=_("선거인"), choices=[(key, key) for key in known] or [("", _("모두"))], required=bool(known))


def sheets_field(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, max_value=SHEETS_MOST, **{"min_value": 1, **more})


class OpenBoothForm(Form):
    name = PlainLine(label=_("투표소 이름"), max_length=80)
    body = forms.ModelChoiceField(None, label=_("맡는 기구"), help_text=_("이 기구에 자리가 있는 사람이 투표지를 나누어 줍니다."))
    sheets = sheets_field(_("찍을 투표지 수"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.order_by("name")
        if self.on is not None:
            self.fields["voter_class"] = class_field(self.on.rule)


class PrintMoreForm(Form):
    sheets = sheets_field(_("찍을 투표지 수"))
    apart = forms.BooleanField(
        label=_("통신이 끊겼을 때 쓸 묶음"),
        required=False,
        help_text=_("따로 두었다가 통신이 끊긴 동안에만 나누어 줍니다. 두 번 받은 사람이 있으면 이 묶음만 따로 가려냅니다."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.on is not None:
            self.fields["voter_class"] = class_field(self.on.ballot.rule)


class ExchangeForm(Form):
    """A sheet somebody spoiled comes back and another is handed out."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.on is not None:
            self.fields["voter_class"] = class_field(self.on.ballot.rule)


class SyncForm(Form):
    """What the desk's page kept: [{"seq": 1, "line": "<64 hexadecimal digits>"}, …] in the order of its hand-outs."""

    secret = True

    queue = forms.CharField(label=_("통신이 끊긴 동안 나누어 준 것"), max_length=QUEUE_MOST * 100, widget=forms.Textarea(attrs={"rows": 4}))

    def clean_queue(self) -> list[tuple[int, str]]:
        try:
            given = json.loads(self.cleaned_data["queue"])
            found = [(entry["seq"], entry["line"]) for entry in given]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise ValidationError(_("접수 목록을 읽을 수 없습니다."), "queue") from None
        sound = all(
            type(seq) is int and 0 < seq < 2**31 and isinstance(line, str) and len(line) == 64 and set(line) <= set("0123456789abcdef")
            for seq, line in found
        )
        steps = [seq for seq, _line in found]
        if not found or len(found) > QUEUE_MOST or not sound or steps != list(range(steps[0], steps[0] + len(steps))):
            raise ValidationError(_("접수 목록의 차례가 이어지지 않습니다."), "queue")
        return found
