"""What a closed ballot lawfully tells about itself, looked over for what is unusual, in the open.

1. Only counts go in: people on the roll by day, class and way; votes by their marks; sheets by bundle; accounts by day.
2. Any count of people from 1 to 4 is left out of what goes in, so that the whole input can be published and reckoned again.
3. The seed was printed on the paper when it opened. A finding is a reason to look; no vote is ever left out.
"""

import json
from collections import Counter
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.decisions.models import Ballot, RollEntry
from madang.decisions.models.paper import Bundle, Fate, PaperVote
from madang.decisions.queries import votes_of
from madang.people.models import Person
from madang.places.models import Place

SHOWN = 5  # people: the smallest count that is given out
ACCOUNT_DAYS = 60  # days before the opening in which new accounts are looked at
NEEDS = {
    "": _("살펴봄"),
    "casts": _("날마다의 수가 없어 살피지 못함"),
    "roll": _("선거인 명부의 등록 차례가 없어 살피지 못함"),
    "population": _("인구와 명부가 함께 있지 않아 살피지 못함"),
    "accounts": _("가입한 날의 수가 없어 살피지 못함"),
    "sharing": _("함께 쓰는 기기나 전화의 수를 모으지 않아 살피지 못함"),
    "marks": _("길게 표시한 표가 적어 살피지 못함"),
    "booths": _("종이 투표가 없어 살피지 못함"),
}


def known(ballot: Ballot) -> bytes:
    """The input of `madang integrity`, as canonical JSON bytes: the same after every count of the same ballot."""
    given: dict[str, Any] = {
        "format": "madang-integrity@1",
        "poll": f"ballot-{ballot.pk}",
        "seed": ballot.rule.get("look") or f"ballot-{ballot.pk}",
        "casts": _casts(ballot),
        "marks": _marks(ballot),
        "accounts": _accounts(ballot),
        "booths": _booths(ballot),
        "population": _population(ballot),
    }
    filled = {name: part for name, part in given.items() if part}
    return json.dumps(filled, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def page(ballot: Ballot) -> dict[str, Any]:
    """The report of a counted ballot in the reader's words; every look, found or not."""
    from madang.methods.integrity.telling import LABELS, LOOKS, words  # noqa: PLC0415 — numpy only where asked for

    found = reported(known(ballot))
    english = get_language() == "en"
    tongue = "en" if english else "ko"
    looks = [
        {**look, "title": words(look["look"], LOOKS, english), "state": _state(look["needs"])}
        for look in found["looks"]
    ]
    findings = [
        {
            **one,
            "title": one["what"][tongue],
            "not_proof": one["does_not_prove"][tongue],
            "facts": [(LABELS.get(key, (key, key))[english], value) for key, value in one["where"].items()],
        }
        for one in found["findings"]
    ]
    return {"ballot": ballot, "report": found, "looks": looks, "findings": findings, "kept": found["said"][tongue]}


def _state(needs: str) -> Any:
    """Whether it was looked at; if not, what was missing (the first part the look asks for)."""
    return next((words for part, words in NEEDS.items() if part and needs.startswith(part)), NEEDS["" if not needs else "roll"])


@lru_cache(maxsize=32)
def reported(raw: bytes) -> dict[str, Any]:
    """The report on this input; the same bytes give the same report."""
    from madang.methods.integrity import parsed, report  # noqa: PLC0415 — numpy only where asked for

    return report(parsed(raw, "ballot"))


def _casts(ballot: Ballot) -> list[dict[str, Any]]:
    rows = RollEntry.objects.filter(ballot=ballot).values_list("voted_on", "voter_class", "way").annotate(n=Count("id"))
    return [
        {"day": day.isoformat(), "class": group or "all", "channel": way, "count": number}
        for day, group, way, number in rows.order_by("voted_on", "voter_class", "way")
        if number >= SHOWN
    ]


def _marks(ballot: Ballot) -> list[dict[str, Any]]:
    held = Counter(marks for _group, marks in votes_of(ballot))
    return [{"marks": marks, "count": number} for marks, number in sorted(held.items())]  # published one by one anyway


def _accounts(ballot: Ballot) -> list[dict[str, Any]]:
    first = ballot.opens_at - timedelta(days=ACCOUNT_DAYS)
    joined = Person.objects.filter(joined_at__gte=first, joined_at__lte=ballot.closes_at)
    rows = joined.annotate(day=TruncDate("joined_at")).values_list("day").annotate(n=Count("id")).order_by("day")
    return [{"day": day.isoformat(), "place": "all", "count": number} for day, number in rows if number >= SHOWN]


def _booths(ballot: Ballot) -> list[dict[str, Any]]:
    fates = PaperVote.objects.filter(ballot=ballot).values_list("bundle", "fate").annotate(n=Count("id")).order_by()
    held = {(bundle, fate): number for bundle, fate, number in fates}
    bundles = Bundle.objects.filter(booth__ballot=ballot).select_related("booth").order_by("booth__number", "number")
    return [
        {
            "booth": f"{one.booth.number}", "batch": f"{one.number}", "issued": one.handed,
            "counted": held.get((one.pk, Fate.COUNTED), 0), "spoiled": held.get((one.pk, Fate.SPOILED), 0),
        }
        for one in bundles
        if one.handed >= SHOWN
    ]  # fmt: skip


def _population(ballot: Ballot) -> list[dict[str, Any]]:
    codes = {code for sheet in ballot.rule.get("sheets", ()) for code in sheet.get("classes", ())}
    rows = Place.objects.filter(code__in=codes, valid_to=None).exclude(population=None).order_by("code")
    return [{"place": place.code, "low": 0, "high": 150, "people": place.population} for place in rows]
