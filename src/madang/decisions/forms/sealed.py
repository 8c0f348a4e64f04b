"""What may come in around a sealed ballot: the keys it is opened with, a blinded wish for a right, the keyholders' shares."""

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, PlainLine, PlainText
from madang.methods.sealed import SealedError, b64, unb64
from madang.methods.sealed.shares import Share
from madang.methods.transparency.checkpoint import VerifierKey

BACKUP_SIZE = 77
BLINDED_SIZE = 256


def _key(text: str) -> str:
    try:
        return b64(unb64(text, 32))
    except SealedError:
        raise ValidationError(_("열쇠는 43글자입니다. 받은 그대로 붙여 넣어 주세요."), "key") from None


class SealBallotForm(Form):
    """Everything poll.json needs beyond the paper itself."""

    box_key = PlainLine(label=_("투표함의 공개 열쇠"), max_length=60, help_text=_("투표함 기계에서: madang box key"))
    observers = PlainText(
        label=_("참관 발급 창구의 공개 열쇠"),
        max_length=400_000,
        rows=4,
        help_text=_("참관인의 기계에서: madang issuer keys. 나온 줄을 그대로"),
    )
    seal_key = PlainLine(
        label=_("봉인 공개 열쇠"), max_length=60, help_text=_("열쇠지기들 앞에서: madang sealed shares")
    )
    shares = forms.IntegerField(label=_("봉인 열쇠 조각의 수"), min_value=1, max_value=255, initial=3)
    least = forms.IntegerField(label=_("여는 데 필요한 조각의 수"), min_value=1, max_value=255, initial=2)
    rolls = PlainText(
        label=_("명부의 사람 수"),
        max_length=40_000,
        rows=3,
        required=False,
        help_text=_("한 줄에 하나씩 ‘구분 사람수’. 이 투표의 명부를 올렸다면 비워 둡니다."),
    )
    witnesses = PlainText(
        label=_("증인의 열쇠"),
        max_length=20_000,
        rows=2,
        required=False,
        help_text=_("한 줄에 하나씩. 언론사, 대학, 의회처럼 서로 다른 곳"),
    )
    batch = forms.IntegerField(label=_("한 번에 올리는 표의 수"), min_value=1, max_value=1_000_000, initial=100)

    def clean_box_key(self) -> str:
        return _key(self.cleaned_data["box_key"])

    def clean_seal_key(self) -> str:
        return _key(self.cleaned_data["seal_key"])

    def clean_observers(self) -> dict[str, dict[str, Any]]:
        """By class: {"name", "n", "e"} as poll.json has it."""
        try:
            rows = json.loads(self.cleaned_data["observers"])
            keys = {
                str(row["class"]): {"name": str(row["name"]), "n": str(row["n"]), "e": int(row["e"])} for row in rows
            }
        except (ValueError, TypeError, KeyError, RecursionError):
            raise ValidationError(_("발급 창구가 내놓은 줄을 그대로 붙여 넣어 주세요."), "observers") from None
        return keys

    def clean_rolls(self) -> dict[str, int]:
        found = {}
        for line in filter(None, map(str.strip, self.cleaned_data["rolls"].splitlines())):
            parts = re.fullmatch(r"(\S{1,64})\s+([0-9]{1,9})", line)
            if parts is None or parts[1] in found:
                raise ValidationError(_("‘구분 사람수’처럼 적어 주세요: %(line)s"), "rolls", {"line": line[:80]})
            found[parts[1]] = int(parts[2])
        return found

    def clean_witnesses(self) -> list[dict[str, str]]:
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["witnesses"].splitlines())):
            try:
                key = VerifierKey.read(line)
            except ValueError:
                raise ValidationError(_("증인의 열쇠가 아닙니다: %(line)s"), "witnesses", {"line": line[:80]}) from None
            found.append({"name": key.name, "key": b64(key.public)})
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("least", 0) > given.get("shares", 255):
            raise ValidationError(_("여는 데 필요한 조각이 전체 조각보다 많습니다."), "least")
        return given


class TakeRightForm(Form):
    """A wish: a blinded number and the voter's backup. Neither says anything about the vote."""

    secret = True

    blinded = forms.CharField(label=_("가린 수"), max_length=400)
    backup = forms.CharField(label=_("복구용 봉투"), max_length=120)
    room = PlainLine(label=_("초대장의 낱말"), max_length=80, required=False)
    position = forms.CharField(label=_("지금 있는 곳"), max_length=60, required=False)

    def _bytes(self, name: str, size: int) -> bytes:
        try:
            return unb64(self.cleaned_data[name], size)
        except SealedError:
            raise ValidationError(_("이 화면이 만든 값이 아닙니다. 화면을 새로 열어 주세요."), name) from None

    def clean_blinded(self) -> bytes:
        return self._bytes("blinded", BLINDED_SIZE)

    def clean_backup(self) -> bytes:
        return self._bytes("backup", BACKUP_SIZE)


class OpenSealForm(Form):
    """The keyholders' shares, a line each."""

    secret = True

    shares = PlainText(
        label=_("봉인 열쇠 조각"),
        max_length=60_000,
        rows=4,
        help_text=_("열쇠지기들의 조각을 한 줄에 하나씩 적습니다."),
    )

    def clean_shares(self) -> list[Share]:
        try:
            return [Share.read(line) for line in self.cleaned_data["shares"].splitlines() if line.strip()]
        except SealedError:
            raise ValidationError(_("잘못 적은 조각이 있습니다. 조각의 끝자리가 맞지 않습니다."), "share") from None
