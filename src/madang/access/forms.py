"""What may come in: fields that refuse hostile text in words, and a form that knows on what and for whom it is."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
INVISIBLE = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"}  # fillers that Unicode calls letters or symbols
KEPT_CONTROLS = {"\n", "\t"}
MARKS_IN_A_ROW = 8  # more combining marks than any language stacks


def plain(text: str, *, lines: bool) -> str:
    """NFC text without control or direction characters; ValidationError names what stands in it and where."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    marks = 0
    for place, character in enumerate(text, start=1):
        if ord(character) in BIDI:
            raise ValidationError(
                _("%(n)d번째 글자에 글의 방향을 바꾸는 보이지 않는 문자가 있습니다. 지우고 다시 보내 주세요."),
                "bidi",
                {"n": place},
            )
        kind = unicodedata.category(character)
        if kind in {"Cc", "Cs"} and character not in KEPT_CONTROLS:
            raise ValidationError(
                _("%(n)d번째에 글자가 아닌 제어 문자가 있습니다. 글만 붙여 넣어 주세요."), "control", {"n": place}
            )
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if marks > MARKS_IN_A_ROW:
            raise ValidationError(_("%(n)d번째 글자에 기호가 너무 많이 겹쳐 있습니다."), "marks", {"n": place})
    return text if lines else " ".join(text.split())


def seen(text: str) -> str:
    """The text, unless it is written but nothing of it can be seen (zero-width characters, fillers, tags)."""
    if text and not any(
        unicodedata.category(c)[0] not in "CZ" and c not in INVISIBLE and unicodedata.category(c) != "Mn" for c in text
    ):
        raise ValidationError(_("눈에 보이는 글자가 없습니다. 다시 적어 주세요."), "unseen")
    return text


class PlainLine(forms.CharField):
    """One line of plain text."""

    def __init__(self, *, max_length: int = 120, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value: Any) -> str:
        return seen(plain(super().clean(value), lines=False))


class PlainText(forms.CharField):
    """Paragraphs of plain text."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 5000, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value: Any) -> str:
        return seen(plain(super().clean(value), lines=True))


class Form(forms.Form):
    """A form of an act: `on` is what it is done on, `person` who is about to do it (None: a visitor)."""

    def __init__(self, *args: Any, on: Any = None, person: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.person = on, person

    def clean(self) -> dict[str, Any]:
        """What the act is given; a room's form that overrides this returns the whole again."""
        return super().clean() or self.cleaned_data


class Nothing(Form):
    """An act that needs no input beyond its confirmation."""
