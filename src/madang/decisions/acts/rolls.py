"""A roll for one ballot: loaded before it opens, and an account that proves to be one of its lines.

1. A roll replaces the one before until the opening day; from then on no act changes it, and none adds a line.
2. The record keeps how many lines, of which classes, and one digest of all; never a line.
"""

import hashlib
from collections import Counter
from typing import Any, Literal

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.decisions.forms.rolls import FoundForm, LoadRollForm, voter_hash
from madang.decisions.models import Ballot, RollEntry
from madang.decisions.models.paper import Elector, RollTry

TRIES_MOST = 5


@act("decisions.load_roll", _("선거인명부 올리기"), on="decisions.ballot", form=LoadRollForm, shows=("ballots",))
def load_roll(by: By, on: Ballot, *, lines: list[dict[str, Any]]) -> Ballot:
    """Keep who may vote on this ballot, in place of what was loaded before. Refusal: roll-fixed.

    After the opening a roll may come once, where the ballot waited for one and nobody can have voted.
    """
    ballot = Ballot.objects.select_for_update().get(pk=on.pk)
    loaded = Elector.objects.filter(ballot=ballot)
    opened = by.at >= ballot.opens_at
    if (opened and (loaded.exists() or not waits(ballot))) or RollEntry.objects.filter(ballot=ballot).exists():
        raise Refused("roll-fixed")
    loaded.delete()
    Elector.objects.bulk_create([Elector(ballot=ballot, **line) for line in lines], batch_size=2000)
    ballot.electorate = len(lines)
    ballot.rule = {**ballot.rule, "roll": True}
    if ballot.rule.get("quorum"):
        ballot.rule["quorum"] = {**ballot.rule["quorum"], "base": len(lines)}
    ballot.save(update_fields=["electorate", "rule"])
    digest = hashlib.sha256("\n".join(sorted(line["voter"] for line in lines)).encode()).hexdigest()
    by.note(
        ballot,
        lines=len(lines),
        classes=dict(sorted(Counter(line["voter_class"] for line in lines).items())),
        roll=f"sha256:{digest}",
    )
    return ballot


def waits(ballot: Ballot) -> bool:
    """Whether its rule, as it was opened, asks for a roll: until one is loaded nobody can have voted."""
    return bool(ballot.rule.get("roll") or ballot.rule.get("least_age"))


@act("decisions.find_on_roll", _("명부에서 나를 찾기"), on="decisions.ballot", form=FoundForm)
def find_on_roll(by: By, on: Ballot, *, name: str, born: str, contact: str) -> Ballot | Literal[False]:
    """The account says which line of the roll it is. False where it is on none: counted, and ended after five.

    Refusals: looked-too-often, line-taken, already-found.
    """
    tried, _made = RollTry.objects.get_or_create(ballot=on, person=by.person)
    if tried.tries >= TRIES_MOST:
        raise Refused("looked-too-often")
    if Elector.objects.filter(ballot=on, person=by.person).exists():
        raise Refused("already-found")
    line = Elector.objects.filter(ballot=on, voter=voter_hash(name, born, contact)).first()
    if line is None:
        RollTry.objects.filter(pk=tried.pk).update(tries=F("tries") + 1)
        by.note(on, not_found=tried.tries + 1)
        return False
    if not once(lambda: Elector.objects.filter(pk=line.pk, person=None).update(person=by.person), "already-found"):
        raise Refused("line-taken")
    by.note(on, found=1)
    return on


refusals(
    {
        "roll-fixed": (
            _("투표가 열린 뒤에는 명부를 바꿀 수 없습니다."),
            _("명부에 빠진 사람이 있으면 그 사실을 공개하고 다음 투표에서 바로잡아 주세요."),
        ),
        "looked-too-often": (
            _("다섯 번 찾았지만 명부에 없었습니다."),
            _("투표소에 신분증을 가지고 오시면 담당자가 찾아 드립니다."),
        ),
        "line-taken": (
            _("이 사람은 이미 다른 계정으로 확인되었습니다."),
            _("내가 한 일이 아니라면 투표소의 담당자에게 알려 주세요."),
        ),
        "already-found": (_("이미 명부에서 찾았습니다."), _("투표 화면에서 그대로 투표하면 됩니다.")),
    }
)
