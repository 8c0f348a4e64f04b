"""Verbs of places: load a city's tree from a CSV."""

from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from madang.access.acts import By, act
from madang.access.refusals import Refused, refusals
from madang.places.load import BadFile, Loaded, load_csv
from madang.places.models import Level, Place

refusals({
    "places-file": (
        _("장소 파일을 받지 않았습니다. %(line)s째 줄: %(reason)s"),
        _("그 줄을 고쳐 파일 전체를 다시 올려 주세요. 아무것도 바뀌지 않았습니다."),
    ),
    "places-unchanged": (_("이 파일의 장소는 이미 모두 들어 있습니다."), _("바뀐 줄이 있는지 파일을 확인해 주세요.")),
})  # fmt: skip


@act("places.load", _("장소 불러오기"), on="places.place", shows=("places",), public=False)
def load(by: By, on: Place, *, content: bytes) -> Loaded:
    """Load the places of a CSV (see places.load for its columns), whole or not at all.

    `on` is the city; for the first load of a house an unsaved Place. Refusals: places-file (line, reason),
    places-unchanged.
    """
    try:
        loaded = load_csv(content)
    except BadFile as bad:
        first = bad.wrongs[0]
        raise Refused("places-file", line=first.line, reason=first.words(), wrongs=len(bad.wrongs)) from None
    touched = loaded.added + loaded.changed
    if not touched:
        raise Refused("places-unchanged")
    city = next((place for place in touched if place.level == Level.CITY), None) or touched[0]
    by.note(city, file=sha256(content).hexdigest(), added=len(loaded.added), changed=len(loaded.changed))
    return loaded
