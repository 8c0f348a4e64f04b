import csv
import io

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.access.forms import Form, Nothing, PlainLine
from madang.people.adapters import proof
from madang.people.models import Level, Person
from madang.places.models import Place

MOST_LINES = 200_000
HEADS = (["이름", "생년월일", "번호"], ["name", "born", "number"])  # the first line of a roll, in either language
TIES = [("lives", _("거주")), ("works", _("근무")), ("studies", _("재학")), ("business", _("사업장"))]


class PlaceCode(PlainLine):
    """A place by its administrative code."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("help_text", _("행정동·자치구 코드 10자리. 장소 화면에 있습니다."))
        super().__init__(max_length=20, **kwargs)

    def clean(self, value) -> Place | None:  # type: ignore[override]
        code = super().clean(value)
        if not code:
            return None
        place = Place.objects.filter(code=code, valid_to=None).first()
        if place is None:
            raise forms.ValidationError(_("그런 코드의 장소가 없습니다: %(code)s"), "no-place", {"code": code})
        return place


class RenameForm(Form):
    name = PlainLine(
        label=_("이름(별명)"), max_length=40, help_text=_("다른 사람에게 보이는 이름입니다. 실명이 아니어도 됩니다.")
    )


class ClaimForm(Form):
    """What a roll's lines are made of."""

    name = PlainLine(label=_("이름"), max_length=40)
    birth = PlainLine(
        label=_("생년월일 6자리"), max_length=6, min_length=6, help_text=_("예: 580314. 저장하지 않고 대조에만 씁니다.")
    )
    number = PlainLine(label=_("안내받은 번호"), max_length=20, help_text=_("우편이나 문자로 받은 번호"))

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            return {"proof": proof(cleaned["name"], cleaned["birth"], cleaned["number"])}
        return cleaned


class CodeForm(Form):
    code = PlainLine(label=_("확인 코드 6자리"), max_length=6, min_length=6)


class DeskForm(Form):
    email = forms.EmailField(label=_("확인할 사람의 이메일"))
    level = forms.TypedChoiceField(
        label=_("확인한 것"), coerce=int, choices=[(2, Level.REAL_NAME.label), (3, Level.LOCAL.label)]
    )
    place = PlaceCode(label=_("장소 코드"), required=False)
    tie = forms.ChoiceField(label=_("인연"), choices=[("", "—"), *TIES], required=False)
    paper = PlainLine(
        label=_("확인한 서류의 번호"),
        max_length=40,
        help_text=_("번호는 저장하지 않습니다. 같은 서류로 두 사람이 확인받는 일만 막습니다."),
    )

    def clean(self):
        cleaned = super().clean()
        person = Person.objects.filter(email__iexact=cleaned.pop("email", ""), erased_at=None).first()
        if person is None:
            self.add_error("email", _("이 이메일로 가입한 사람이 없습니다."))
        if cleaned.get("level") == Level.LOCAL and not cleaned.get("place"):
            self.add_error("place", _("거주·생활 확인에는 장소가 있어야 합니다."))
        cleaned["person"], cleaned["paper"] = person, proof("paper", cleaned.get("paper", ""))
        return cleaned


class RollForm(Form):
    name = PlainLine(label=_("명부 이름"), max_length=80)
    valid_until = forms.DateField(label=_("유효 기한"))
    file = forms.FileField(
        label=_("명부 파일(CSV)"), help_text=_("첫 줄: 이름,생년월일,번호. 한 줄이라도 어긋나면 전체를 받지 않습니다.")
    )

    def clean_file(self) -> list[str]:
        """Keyed hashes of all lines, or a refusal of the whole file naming the line and the reason."""
        return read_roll(self.cleaned_data["file"].read())

    def clean(self):
        cleaned = super().clean()
        cleaned["proofs"] = cleaned.pop("file", [])
        return cleaned


def read_roll(raw: bytes) -> list[str]:
    """Keyed hashes of a roll in CSV (utf-8 or cp949). Refused whole, with line and reason, on the first fault."""

    def refuse(line: int, why: str) -> forms.ValidationError:
        return forms.ValidationError(_("%(line)d번째 줄: %(why)s"), "roll", {"line": line, "why": why})

    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("cp949")
        except UnicodeDecodeError:
            raise refuse(1, str(_("글자 부호를 알 수 없습니다. UTF-8이나 CP949로 저장해 주세요."))) from None
    if "\x00" in text:
        raise refuse(1, str(_("CSV가 아닌 파일입니다.")))
    rows = csv.reader(io.StringIO(text), strict=True)
    proofs: dict[str, int] = {}
    try:
        for number, row in enumerate(rows, start=1):
            cells = [cell.strip() for cell in row]
            if number == 1:
                if cells not in HEADS:
                    raise refuse(1, str(_("첫 줄은 '이름,생년월일,번호'여야 합니다.")))
                continue
            if len(cells) != 3 or not all(cells):
                raise refuse(number, str(_("칸 셋이 모두 채워져 있어야 합니다.")))
            if not (cells[1].isdigit() and len(cells[1]) == 6):
                raise refuse(number, str(_("생년월일은 숫자 6자리여야 합니다.")))
            if cells[0][0] in "=+-@":
                raise refuse(number, str(_("이름이 수식 기호로 시작합니다.")))
            key = proof(*cells)
            if key in proofs:
                raise refuse(number, str(_("%(n)d번째 줄과 같은 사람입니다.") % {"n": proofs[key]}))
            if number > MOST_LINES:
                raise refuse(number, str(_("한 파일은 20만 줄까지입니다.")))
            proofs[key] = number
    except csv.Error as fault:
        raise refuse(rows.line_num, str(fault)) from None
    if not proofs:
        raise refuse(1, str(_("사람이 한 명도 없습니다.")))
    return list(proofs)


class RevokeForm(Form):
    reason = PlainLine(label=_("취소 사유"), max_length=200)


class TokenForm(Form):
    name = PlainLine(
        label=_("열쇠의 이름"),
        max_length=60,
        help_text=_("어디에 쓸 열쇠인지 적어 두세요. 열쇠는 만들 때 한 번만 보입니다."),
    )


class EraseForm(Nothing):
    sure = forms.BooleanField(label=_("이름·이메일·확인 기록을 지우고 탈퇴합니다. 되돌릴 수 없습니다."))

    def clean(self):
        super().clean()
        return {}
