"""What may come in about the electorate: whom a ballot is narrowed to at its opening, and what a voter then shows.

1. A ballot is narrowed at its opening only; the fields are many, the answer is one plain table that is frozen with the rule.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madang.access.forms import PlainLine
from madang.bodies.models import Body
from madang.decisions.electorate import point, room_hash
from madang.places.models import Place

ROOM_LEAST = 6


class OnlyFields(forms.Form):
    """Fields of an opening that narrow who may vote; `cleaned_data["only"]` is what the rule keeps."""

    only_place = forms.ModelChoiceField(
        None, label=_("이 장소의 주민만"), required=False, help_text=_("과정의 장소보다 작은 곳으로 좁힐 때만 고릅니다.")
    )
    only_body = forms.ModelChoiceField(None, label=_("이 기구의 위원만"), required=False)
    only_room = PlainLine(
        label=_("초대장의 낱말"),
        max_length=60,
        required=False,
        help_text=_("그 자리에 온 사람만 투표할 때, 초대장에 적을 낱말입니다. 지문만 남고 다시 보여 드리지 않습니다."),
    )
    only_centre = PlainLine(
        label=_("현장의 위치"), max_length=40, required=False, help_text=_("위도,경도. 보기: 37.4563,126.9001")
    )
    only_metres = forms.IntegerField(label=_("현장에서 몇 m 안"), min_value=20, max_value=20_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = getattr(self, "on", None)
        within = Place.objects.filter(valid_to=None, parent=on.place_id if on else None).exclude(parent=None)
        self.fields["only_place"].queryset = within.order_by("code")
        self.fields["only_body"].queryset = Body.objects.order_by("name")

    def clean_only_room(self) -> str:
        word = "".join(self.cleaned_data["only_room"].split())
        if word and len(word) < ROOM_LEAST:
            raise ValidationError(_("짐작하지 못하게 %(n)d자 이상으로 정해 주세요."), "room", {"n": ROOM_LEAST})
        return word

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = {key: cleaned.pop(f"only_{key}", None) for key in ("place", "body", "room", "centre", "metres")}
        only: dict[str, Any] = {}
        if given["place"]:
            only |= {"place": given["place"].code, "place_name": given["place"].name}
        if given["body"]:
            only |= {"body": given["body"].pk, "body_name": given["body"].name}
        if given["room"]:
            only["room"] = room_hash(given["room"])
        if given["centre"] or given["metres"]:
            where = point(given["centre"] or "")
            if where is None or not given["metres"]:
                raise ValidationError(_("현장의 위치와 거리를 함께 적어 주세요. 위치는 위도,경도입니다."), "centre")
            only["within"] = {"centre": f"{where[0]},{where[1]}", "metres": given["metres"]}
        if only:
            cleaned["only"] = only
        return cleaned


def asked_of(rule: dict[str, Any]) -> dict[str, forms.Field]:
    """The fields a voter fills beside the paper, where the rule asks for more than their name."""
    only = rule.get("only", {})
    found: dict[str, forms.Field] = {}
    if "room" in only:
        found["room"] = forms.CharField(label=_("초대장의 낱말"), max_length=60, required=False)
    if "within" in only:
        found["position"] = forms.CharField(
            label=_("지금 있는 곳"),
            max_length=60,
            required=False,
            help_text=_("위치는 거리만 재고 남기지 않습니다. 위치를 쓸 수 없으면 현장의 접수대에서 종이 투표지를 받으세요."),
            widget=forms.TextInput(attrs={"data-position": "", "inputmode": "decimal", "autocomplete": "off"}),
        )
    return found
