"""Verbs of the forum: open, take a position, state, reply, retract, close.

1. `state` and `take_position` are busy: an insert, the participant's row, two counters, and the gates from memory.
2. Participation counts a person once, whatever they do first.
"""

from django.db import connection
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.deliberation.forms import CloseForm, Nothing, OpenForm, PositionForm, ReplyForm, StateForm
from madang.deliberation.models import DEEPEST, Forum, Opinion, Position, Side, mark_of
from madang.duties import walk
from madang.matters.models import Matter
from madang.proposals import contacts
from madang.proposals.counting import add, first
from madang.record import digest

ON_THE_MATTER = {"participants": "participants", "opinions_count": "opinions"}  # counters kept on both


@act(
    "deliberation.open_forum",
    _("공론장 열기"),
    on="matters.matter",
    form=OpenForm,
    outcomes=("opened",),
    shows=("forums", "duties", "news"),
)
def open_forum(by: By, on: Matter, *, question: str, pack: str = "") -> Forum:
    """Put one question to everyone for as long as the recipe's phase allows.

    Refusals: question-missing, forum-open, already-done (no phase waits for a forum).
    """
    if not question.strip():
        raise Refused("question-missing")
    if Forum.objects.filter(matter=on, closed_at=None).exists():
        raise Refused("forum-open")
    walk.end(by, on, "deliberation.open_forum", "opened")
    stage = walk.stage(on, "deliberation.close_forum")
    until = stage.acts_until if stage is not None else None
    forum = Forum.objects.create(
        matter=on,
        stage=stage,
        question=question,
        pack=pack,
        opened_at=by.at,
        closes_on=localtime(until).date() if until else None,
    )
    Matter.objects.filter(pk=on.pk).update(participants=0)
    on.participants = 0
    by.note(forum, question=digest(bytes(forum.salt), question), pack=digest(bytes(forum.salt), pack))
    return forum


@act("deliberation.take_position", _("내 생각 정하기"), on="deliberation.forum", form=PositionForm)
def take_position(by: By, on: Forum, *, side: str) -> Position:
    """Stand for, against or elsewhere; changed as often as one likes, counted once.

    Refusals: forum-closed, unknown-side, already-there (the same side again).
    """
    _only_open(on)
    _only_side(side)
    position = Position(forum=on, person=by.person, side=side, taken_at=by.at)
    if first(position):
        _count(by, on, {f"{side}_count": 1, "participants": 1})
        by.note(on, took=side, participants=on.participants)
        return position
    position = Position.objects.select_for_update().get(forum=on, person=by.person)
    if position.side == side:
        raise Refused("already-there")
    left = position.side
    position.side, position.changed_at = side, by.at
    position.save(update_fields=["side", "changed_at"])
    _count(by, on, {f"{side}_count": 1} | ({f"{left}_count": -1} if left else {}))
    by.note(on, took=side, left=left, participants=on.participants)
    return position


@act("deliberation.state", _("의견 쓰기"), on="deliberation.forum", form=StateForm)
def state(by: By, on: Forum, *, side: str, text: str, evidence_url: str = "", evidence_note: str = "") -> Opinion:
    """Argue for a side, with evidence. Whoever holds no position yet takes this side; a position held stays as it is.

    Refusals: forum-closed, unknown-side, text-missing, resident-number, said-already.
    """
    _only_open(on)
    _only_side(side)
    _check_words(text, evidence_note)
    opinion = Opinion(
        forum=on,
        person=by.person,
        side=side,
        text=text,
        evidence_url=evidence_url,
        evidence_note=evidence_note,
        stated_at=by.at,
        mark=mark_of(text, None),
    )
    if not first(opinion):
        raise Refused("said-already")
    steps = {"opinions_count": 1}
    took = _side_if_none(by, on, side)
    if took is not None:
        steps |= {f"{side}_count": 1} | ({"participants": 1} if took == "new" else {})
    _count(by, on, steps)
    by.note(opinion, side=side, words=_digest(opinion), evidence=bool(evidence_url), participants=on.participants)
    return opinion


@act("deliberation.reply", _("답글 쓰기"), on="deliberation.opinion", form=ReplyForm)
def reply(by: By, on: Opinion, *, text: str) -> Opinion:
    """Answer an opinion or a reply. Beyond the deepest level an answer stands beside the one it answers.

    Refusals: forum-closed, not-shown (hidden or retracted), text-missing, resident-number, said-already.
    """
    _only_open(on.forum)
    if not on.shown:
        raise Refused("not-shown")
    _check_words(text)
    above = on if on.depth < DEEPEST or on.parent is None else on.parent
    if not add(above, {"replies": 1}):
        raise Refused("not-shown")
    opinion = Opinion(
        forum=on.forum,
        person=by.person,
        text=text,
        root_id=above.root_id or above.pk,
        parent=above,
        depth=above.depth + 1,
        path=f"{above.path}{above.replies:06d}.",
        stated_at=by.at,
        mark=mark_of(text, above.pk),
    )
    if not first(opinion):
        raise Refused("said-already")
    steps = {"opinions_count": 1}
    if first(Position(forum=on.forum, person=by.person, taken_at=by.at)):
        steps["participants"] = 1
    _count(by, on.forum, steps)
    by.note(opinion, to=on.pk, words=_digest(opinion), participants=on.forum.participants)
    return opinion


@act("deliberation.retract", _("내 의견 거두기"), on="deliberation.opinion", form=Nothing)
def retract(by: By, on: Opinion) -> None:
    """Take one's own words back: a stub says so, the answers stay. Refusals: not-yours, already-done."""
    if on.person_id != by.person.pk:
        raise Refused("not-yours")
    if not Opinion.objects.filter(pk=on.pk, retracted_at=None).update(retracted_at=by.at):
        raise Refused("already-done")
    by.note(on, retracted=True)


@act(
    "deliberation.close_forum",
    _("공론장 닫기"),
    on="matters.matter",
    form=CloseForm,
    outcomes=("closed",),
    shows=("forums", "duties", "news"),
)
def close_forum(
    by: By,
    on: Matter,
    *,
    summary: str,
    agreed: list[str] | None = None,
    differing: list[str] | None = None,
    unknown: list[str] | None = None,
) -> Forum:
    """Close the open forum with words and its 쟁점표; the counts stay as they stand.

    Refusals: no-forum, forum-running (its last day has not passed), summary-missing, points-missing, already-done.
    """
    forum = Forum.objects.filter(matter=on, closed_at=None).first()
    if forum is None:
        raise Refused("no-forum")
    if not summary.strip():
        raise Refused("summary-missing")
    points = {"agreed": agreed or [], "differing": differing or [], "unknown": unknown or []}
    if not any(points.values()):
        raise Refused("points-missing")
    if forum.closes_on is not None and localtime(by.at).date() <= forum.closes_on:
        raise Refused("forum-running", closes_on=forum.closes_on.isoformat())
    if not Forum.objects.filter(pk=forum.pk, closed_at=None).update(closed_at=by.at, summary=summary, **points):
        raise Refused("already-done")
    forum.refresh_from_db()
    walk.end(by, on, "deliberation.close_forum", "closed")
    by.note(
        forum,
        summary=digest(bytes(forum.salt), summary),
        participants=forum.participants,
        opinions=forum.opinions_count,
        **{"for": forum.for_count, "against": forum.against_count, "other": forum.other_count},
    )
    return forum


# ── steps ────────────────────────────────────────────────────────────────────


TAKEN = """
INSERT INTO deliberation_position (forum_id, person_id, side, taken_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (forum_id, person_id) DO UPDATE SET side = excluded.side, changed_at = excluded.taken_at
WHERE deliberation_position.side = '' RETURNING changed_at
"""


def _side_if_none(by: By, forum: Forum, side: str) -> str | None:
    """Take `side` for who holds no position: "new" for a new participant, "later" for one who had only replied, else None."""
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [forum.pk, by.person.pk, side, connection.ops.adapt_datetimefield_value(by.at)])
        row = cursor.fetchone()
    return row and ("new" if row[0] is None else "later")


def _count(by: By, forum: Forum, steps: dict[str, int]) -> None:
    """Move the forum's counters, and the matter's beside them; open what its gates now reach."""
    if not add(forum, steps, while_null="closed_at"):
        raise Refused("forum-closed")
    beside = {theirs: steps[ours] for ours, theirs in ON_THE_MATTER.items() if ours in steps}
    if beside:
        add(forum.matter, beside)
    if "participants" in steps:
        walk.counted(by, forum.matter, "participants")


def _only_open(forum: Forum) -> None:
    if forum.closed_at is not None:
        raise Refused("forum-closed")


def _only_side(side: str) -> None:
    if side not in Side.values:
        raise Refused("unknown-side")


def _check_words(text: str, *others: str) -> None:
    if not text.strip():
        raise Refused("text-missing")
    contacts.refuse_resident_numbers(text, *others)


def _digest(opinion: Opinion) -> str:
    return digest(bytes(opinion.salt), "\n".join((opinion.text, opinion.evidence_url, opinion.evidence_note)))


refusals(
    {
        "question-missing": (_("공론장에는 물음이 있어야 합니다."), _("한 문장으로 묻는 물음을 적어 주세요.")),
        "forum-open": (_("이 의제에는 열린 공론장이 있습니다."), _("그 공론장을 닫은 뒤에 새로 열 수 있습니다.")),
        "forum-closed": (
            _("이 공론장은 닫혔습니다."),
            _("정리와 쟁점표를 읽을 수 있습니다. 다음 단계는 의제 화면에 있습니다."),
        ),
        "forum-running": (
            _("공론장은 %(closes_on)s까지 열려 있습니다."),
            _("그다음 날부터 정리하고 닫을 수 있습니다."),
        ),
        "no-forum": (_("열린 공론장이 없습니다."), _("의제 화면에서 지금 단계를 확인해 주세요.")),
        "summary-missing": (_("정리 없이 닫을 수 없습니다."), _("누가 무엇을 이야기했는지 말로 적어 주세요.")),
        "points-missing": (
            _("쟁점표가 비었습니다."),
            _("함께한 것, 갈린 것, 아직 모르는 것 가운데 하나는 적어 주세요."),
        ),
        "unknown-side": (_("찬성, 반대, 기타 가운데 하나를 골라야 합니다."), _("다시 골라 주세요.")),
        "already-there": (_("이미 그쪽에 서 있습니다."), _("생각이 바뀌면 언제든 다른 쪽으로 옮길 수 있습니다.")),
        "text-missing": (_("빈 글은 올릴 수 없습니다."), _("의견과 까닭을 적어 주세요.")),
        "said-already": (_("같은 글을 이미 올렸습니다."), _("더할 말이 있으면 내 의견에 답글로 이어 주세요.")),
        "not-shown": (_("가려졌거나 거둔 글에는 답할 수 없습니다."), _("다른 의견에 답하거나 새 의견을 써 주세요.")),
    }
)
