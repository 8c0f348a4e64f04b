"""What may come in when paper is read: a line a sheet, typed or by a hand scanner, and how many came back blank.

    3-0142-KQ7M 3 7           marks in their written form; nothing after the serial: a blank vote
    MADANG:12:3-0143-9WCA     a scanner's line; the marks may follow on the next line
    3-0144-PX2D ?             nobody can read what was marked: void, and counted as void
    3-0145-M4TT x 찢어짐       spoiled: no vote, with the reason

1. `3,7`, `7 3` and `3 7` on a paper of picks are one vote; what is no mark at all is a fault with its line, never guessed.
"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, plain
from madang.decisions.serials import WRITTEN

SPOILED = re.compile(r"(?:x|X|무효)\s+(.{1,60})")
LONGEST = 400_000


class ReadingForm(Form):
    secret = True  # no draft: what was typed stands in the reading or nowhere

    lines = forms.CharField(
        label=_("한 줄에 한 장"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "autocomplete": "off", "spellcheck": "false", "class": "serials"}),
        help_text=_(
            "번호와 표시: 3-0142-KQ7M 3 7 · 읽을 수 없으면 ? · 못 쓰게 된 것은 x와 까닭. "
            "스캐너로 QR을 찍고 다음 줄에 표시를 적어도 됩니다."
        ),
    )
    unused = forms.IntegerField(label=_("쓰지 않고 남은 투표지 수"), min_value=0, max_value=100_000, initial=0)

    def clean_lines(self) -> dict[str, str]:
        """serial → what was marked, `?`, or `x reason`."""
        ballot = self.on.ballot if self.on is not None else None
        kind = ballot.rule["kind"] if ballot is not None else ""
        return read_lines(plain(self.cleaned_data["lines"], lines=True), ballot.pk if ballot else 0, kind)


def read_lines(text: str, ballot: int, kind: str) -> dict[str, str]:
    """The sheets of a reading. Raises ValidationError with the line: no serial, twice, no marks."""
    found: dict[str, str] = {}
    at: dict[str, int] = {}
    waiting = ""
    for number, line in enumerate(text.split("\n"), start=1):
        head, _space, rest = line.strip().partition(" ")
        if not head:
            continue
        hit = WRITTEN.fullmatch(head.upper())
        if hit is None:
            if not waiting:
                raise _fault(number, said("번호로 시작하지 않습니다."))
            found[waiting], waiting = _marks(number, line, kind), ""
            continue
        key = head.upper().removeprefix("MADANG:").removeprefix(f"{ballot}:")
        if key in found:
            raise _fault(number, said("%(n)d번째 줄과 같은 번호입니다. 두 장이면 두 장 모두 x로 적어 주세요.") % {"n": at[key]})
        found[key], at[key] = _marks(number, rest, kind), number
        waiting = key if not rest.strip() else ""
    return found


def _marks(number: int, text: str, kind: str) -> str:
    text = text.strip()
    spoiled = SPOILED.fullmatch(text)
    if text in ("", "?", "-"):
        return text
    if spoiled:
        return f"x {spoiled[1].strip()}"
    if not re.fullmatch(r"[0-9][0-9 ,:>]*", text):
        raise _fault(number, said("표시를 읽을 수 없습니다. 투표지를 읽을 수 없을 때는 ?를 적어 주세요."))
    return written(text, kind)


def written(text: str, kind: str) -> str:
    """The marks in the one written form of their kind, where order and commas say nothing."""
    if kind == "ranking":
        return ">".join(part for part in re.split(r"[ ,>]+", text) if part)
    words = [part for part in re.split(r"[ ,]+", re.sub(r"\s*:\s*", ":", text)) if part]
    return " ".join(sorted(words, key=_place))


def _place(word: str) -> tuple[int, str]:
    digits = re.match(r"[0-9]{1,9}", word)
    return (int(digits[0]) if digits else 0, word)


def _fault(line: int, why: str) -> ValidationError:
    return ValidationError(_("%(line)d번째 줄: %(why)s"), "reading", {"line": line, "why": why})


def is_spoiled(text: str) -> bool:
    """Whether what was typed says that the sheet is no vote."""
    return text.startswith("x ")


