"""A vote another city published comes in, counted before: its file, its source in words, and what the count came to."""

import zlib
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.decisions.models import PublishedVote
from madang.places.models import Place

refusals(
    {
        "vote-imported": (_("이미 받아온 투표입니다."), _("다시 받아오려면 다른 이름을 주세요: --key 이름")),
    }
)


@act("decisions.import_vote", _("다른 곳의 투표 받아오기"), on="places.place", shows=("ballots",), public=False)
def import_vote(
    by: By, on: Place, *, key: str, title: str, source: str, unit: str, file: bytes, account: Mapping[str, Any], preview: Mapping[str, Any]
) -> PublishedVote:
    """Keep a published vote with its count. Refusal: vote-imported. `on` is the city of this house; nobody of it voted there."""
    if PublishedVote.objects.filter(key=key).exists():
        raise Refused("vote-imported")
    digest = "sha256:" + sha256(file).hexdigest()
    made = PublishedVote.objects.create(
        key=key, title=title, source=source, unit=unit, file=zlib.compress(file, 6), digest=digest, account=dict(account),
        preview=dict(preview), imported_at=by.at,
    )
    by.note(made, file=digest, winners=len(account["winners"]), voters=account["voters"])
    return made
