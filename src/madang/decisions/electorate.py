"""Who may vote on one ballot, beyond the roles its recipe names: asked wherever a right is used, at the screen and at the desk.

1. A ballot with a roll knows nobody else. An account is a line of it by the same three facts, or by a check against a roll.
2. What narrows a ballot stands in its frozen rule: {"roll", "only": {"place", "body", "room", "within"}, "least_age"}.
3. A room key is kept as a keyed hash; a position is compared and never kept.
"""

import hmac
import math
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from madang.access import Refused, refusals
from madang.bodies.queries import held
from madang.decisions.models import Ballot
from madang.decisions.models.paper import Elector
from madang.people.adapters import proof
from madang.people.queries import lives_in, living
from madang.places.models import Place
from madang.processes.queries import today, window

EARTH_M = 6_371_008.8


def needs_roll(ballot: Ballot) -> bool:
    """Whether only who stands on its roll may vote; a least age is known from a roll alone."""
    return bool(ballot.rule.get("roll") or ballot.rule.get("least_age"))


def line_of(ballot: Ballot, person: Any, at: datetime) -> Elector | None:
    """The line of the roll this account is: by its own claim, or by the hash of a roll it was checked against."""
    claimed = Elector.objects.filter(ballot=ballot, person=person).first()
    if claimed is not None:
        return claimed
    proofs = living(person, at).filter(adapter="roll").exclude(proof="").values("proof")
    return Elector.objects.filter(ballot=ballot, person=None, voter__in=proofs).order_by("pk").first()


def admit(ballot: Ballot, person: Any, at: datetime, *, room: str = "", position: str = "") -> Elector | None:
    """Let somebody to the paper, and say which line of the roll they are (None: the ballot has no roll).

    Refusals: needs-roll, not-on-roll, not-of-body, not-of-place, wrong-room-key, no-position, too-far, online-over.
    """
    only = ballot.rule.get("only", {})
    if ballot.rule.get("online_until", "9999") < today(at).isoformat():
        raise Refused("online-over", until=ballot.rule["online_until"])
    if "body" in only and not any(body == only["body"] for body, _side, _post in held(person, at)):
        raise Refused("not-of-body")
    if "place" in only and not lives_in(person, Place.objects.get(code=only["place"], valid_to=None), at):
        raise Refused("not-of-place")
    if "room" in only and not hmac.compare_digest(only["room"], room_hash(room)):
        raise Refused("wrong-room-key")
    if "within" in only:
        _near(only["within"], position)
    if not needs_roll(ballot):
        return None
    line = line_of(ballot, person, at)
    if line is None:
        raise Refused("not-on-roll" if Elector.objects.filter(ballot=ballot).exists() else "needs-roll")
    return line


def narrowed(process: Any, asked: Any, at: datetime, opens_at: datetime, only: dict[str, Any]) -> dict[str, Any]:
    """What the recipe (`asked`) and whoever opens the ballot (`only`) narrow it to, for the frozen rule.

    Refusals: notice-short (the paper must be printed so many days before it opens), online-undated.
    """
    found: dict[str, Any] = {"roll": True} if asked.roll else {}
    if asked.notice:
        need, has = process.rules.value(asked.notice), (today(opens_at) - today(at)).days
        if has < need:
            raise Refused("notice-short", need=need, now=has)
        found["notice_days"] = need
    if asked.online:
        span = window(process, asked.online)
        if span is None:
            raise Refused("online-undated")
        found["online_until"] = span[1].isoformat()
    return found | ({"only": only} if only else {})


def room_hash(word: str) -> str:
    """The keyed hash of a room key: the word printed on the invitation, however it is spaced or capitalised."""
    return proof("room", word)


def point(text: str) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees from "37.45,126.90"; None for what is no point on the earth."""
    parts = text.split(",")
    try:
        north, east = (float(part) for part in parts)
    except ValueError:
        return None
    fits = math.isfinite(north) and math.isfinite(east) and abs(north) <= 90 and abs(east) <= 180
    return (north, east) if fits else None


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The way between two points along the earth (haversine)."""
    (a, b), (c, d) = [(math.radians(north), math.radians(east)) for north, east in (one, other)]
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(min(1.0, half)))


def _near(within: dict[str, Any], position: str) -> None:
    here = point(position) if position else None
    centre = point(within["centre"])
    if here is None or centre is None:
        raise Refused("no-position")
    if metres(here, centre) > within["metres"]:
        raise Refused("too-far", metres=within["metres"])


def told(ballot: Ballot) -> dict[str, Any]:
    """For the page of a ballot: who may vote, in sentences, where paper is handed out, and how many took part."""
    booths = list(ballot.booths.annotate(handed=Sum("bundles__handed")).order_by("number"))
    handed = sum(booth.handed or 0 for booth in booths)
    took = ballot.cast + handed if ballot.closed_at is None else ballot.result.get("turnout", ballot.cast)
    return {"only": in_words(ballot), "booths": booths, "took": took}


def in_words(ballot: Ballot) -> list[Any]:
    """Who may vote, one sentence for each thing that narrows it."""
    only, rule = ballot.rule.get("only", {}), ballot.rule
    found: list[Any] = []
    if rule.get("roll"):
        found.append(_("이 투표의 명부에 있는 사람만 투표합니다."))
    if rule.get("least_age"):
        found.append(_("여는 날 만 %(n)d세가 된 사람만 투표합니다.") % {"n": rule["least_age"]})
    if "place" in only:
        found.append(_("%(place)s에 살거나 다니는 사람만 투표합니다.") % {"place": only["place_name"]})
    if "body" in only:
        found.append(_("%(body)s의 위원만 투표합니다.") % {"body": only["body_name"]})
    if "room" in only:
        found.append(_("초대장에 적힌 낱말을 아는 사람만 투표합니다."))
    if "within" in only:
        found.append(
            _("정해진 곳에서 %(n)dm 안에 있는 사람만 투표합니다. 위치는 재어 보기만 하고 남기지 않습니다.")
            % {"n": only["within"]["metres"]}
        )
    if rule.get("online_until"):
        found.append(_("온라인으로는 %(day)s까지, 그 뒤에는 종이로만 투표합니다.") % {"day": rule["online_until"]})
    if rule.get("notice_days"):
        found.append(_("여는 날보다 %(n)d일 이상 앞서 알렸습니다.") % {"n": rule["notice_days"]})
    return found


refusals(
    {
        "notice-short": (
            _("여는 날보다 %(need)d일 앞서 알려야 하는데 %(now)d일 남았습니다."),
            _("제도가 정한 날수입니다. 투표 기간을 뒤로 옮긴 과정에서 다시 알려 주세요."),
        ),
        "online-undated": (_("온라인 투표 기간이 정해지지 않았습니다."), _("과정의 달력에 날짜를 적어 주세요.")),
        "online-over": (
            _("온라인 투표는 %(until)s에 끝났습니다."),
            _("현장의 투표소에서 종이 투표지로 투표하실 수 있습니다."),
        ),
        "needs-roll": (_("이 투표의 명부가 아직 올라오지 않았습니다."), _("명부가 올라온 뒤에 다시 와 주세요.")),
        "not-on-roll": (
            _("이 투표의 명부에서 찾지 못했습니다."),
            _("‘명부에서 나를 찾기’로 이름·생년월일·연락처를 확인하거나 투표소의 담당자에게 물어 주세요."),
        ),
        "not-of-body": (_("이 투표는 정해진 기구의 위원만 합니다."), _("누가 투표할 수 있는지는 투표 화면에 있습니다.")),
        "not-of-place": (_("이 투표는 정해진 곳의 주민만 합니다."), _("주민 확인을 마쳤는지 내 정보에서 살펴 주세요.")),
        "wrong-room-key": (_("초대장의 낱말이 맞지 않습니다."), _("초대장에 적힌 낱말을 그대로 적어 주세요.")),
        "no-position": (
            _("지금 어디에 계신지 알 수 없습니다."),
            _("위치를 알리지 않고 투표하려면 현장의 접수대에서 종이 투표지를 받으세요."),
        ),
        "too-far": (
            _("정해진 곳에서 %(metres)dm 안에 있어야 합니다."),
            _("현장에 오셨다면 접수대에서 종이 투표지를 받으실 수 있습니다."),
        ),
    }
)
