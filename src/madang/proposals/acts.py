"""Verbs of proposals: submit, edit, withdraw, support, unsupport; and how one comes from an archive or another process.

1. `support` is the busiest act of the house: one insert and one counter, and the gates are read from memory.
2. A public number is the year and the row's own number: unique without a counter that people would queue for.
3. What comes from elsewhere is linked, starts with no supports, and leaves its origin as it was.
"""

from datetime import datetime, timedelta
from typing import Any, Required, TypedDict, Unpack

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.bodies.models import Body
from madang.duties import walk
from madang.matters import search
from madang.matters.models import Assignment, Link, LinkKind, Matter
from madang.places.models import Place
from madang.processes.library import number
from madang.processes.models import Process
from madang.proposals import contacts
from madang.proposals.counting import add, first
from madang.proposals.fields import is_within
from madang.proposals.forms import EditForm, Nothing, ReceiveForm, ReviveForm, SubmitForm, WithdrawForm
from madang.proposals.models import Proposal, Revision, Support, Topic
from madang.record import digest

TWICE_WITHIN = timedelta(minutes=10)  # the same title by the same person is a double click
LISTS = ("matters", "duties", "news")


class Fresh(TypedDict, total=False):
    """What somebody puts before the city; left out, the place is the process's and the topic `other`."""

    title: Required[str]
    problem: Required[str]
    idea: Required[str]
    topic: str
    effect: str
    place: Place | None
    author_body: Body | None
    source: str
    synthetic: bool


@act("proposals.submit", _("제안하기"), on="processes.process", form=SubmitForm, shows=LISTS)
def submit(by: By, on: Process, **fresh: Unpack[Fresh]) -> Matter:
    """Put a sentence before the city; opens the first phases of the recipe.

    Refusals: proposal-incomplete, resident-number, place-elsewhere, submitted-already (the same title minutes ago).
    """
    matter = _open(by, on, author=by.person, **fresh)
    walk.begin(by, matter)
    return matter


@act("proposals.edit", _("제안 고치기"), on="matters.matter", form=EditForm, shows=("matters",))
def edit(
    by: By, on: Matter, *, title: str, problem: str, idea: str, topic: str = Topic.OTHER, effect: str = ""
) -> Proposal:
    """Replace the words; the version before stays readable.

    Refusals: not-yours, hidden, proposal-incomplete, resident-number, supported-words (`edits_until` people
    stand behind them), nothing-changed.
    """
    _only_author(by, on)
    _only_shown(on)
    _check_words(title, problem, idea, effect)
    proposal = Proposal.objects.select_for_update().get(matter=on)
    matter = Matter.objects.select_for_update().get(pk=on.pk)
    if matter.supports >= number(on.process, "edits_until"):
        raise Refused("supported-words", supports=matter.supports)
    if (matter.title, *_texts(proposal)) == (title, problem, idea, effect, topic):
        raise Refused("nothing-changed")
    Revision.objects.create(
        proposal=proposal,
        edition=proposal.edition,
        title=matter.title,
        problem=proposal.problem,
        idea=proposal.idea,
        effect=proposal.effect,
        topic=proposal.topic,
        replaced_at=by.at,
    )
    proposal.problem, proposal.idea, proposal.effect, proposal.topic = problem, idea, effect, topic
    proposal.edition, proposal.edited_at = proposal.edition + 1, by.at
    proposal.save()
    on.title = title
    on.save(update_fields=["title"])
    search.index(on.pk, title, proposal.words(), matter.created_at)
    by.note(proposal, edition=proposal.edition, words=_digest(proposal, title), topic=topic)
    return proposal


@act("proposals.withdraw", _("제안 거두기"), on="matters.matter", form=WithdrawForm, shows=LISTS)
def withdraw(by: By, on: Matter, *, reason: str) -> Proposal:
    """Take one's proposal back: it stays readable as withdrawn, nobody owes it anything any more.

    Refusals: not-yours, reason-missing, resident-number, already-done.
    """
    _only_author(by, on)
    if not reason.strip():
        raise Refused("reason-missing")
    contacts.refuse_resident_numbers(reason)
    proposal = Proposal.objects.get(matter=on)
    taken = Proposal.objects.filter(pk=proposal.pk, withdrawn_at=None).update(withdrawn_at=by.at, withdrawal=reason)
    if not taken:
        raise Refused("already-done")
    walk.leave(by, on, "withdrawn")
    by.note(proposal, withdrawn=True, reason=digest(bytes(proposal.salt), reason))
    return proposal


@act("proposals.support", _("공감하기"), on="matters.matter", form=Nothing)
def support(by: By, on: Matter) -> Support:
    """Stand behind a 의제, once. Refusals: hidden, supported-already, phase-closed (it ended meanwhile)."""
    _only_shown(on)
    row = Support(matter=on, person=by.person, supported_at=by.at)
    if not first(row):
        raise Refused("supported-already")
    if not add(on, {"supports": 1}, while_null="closed_at"):
        raise Refused("phase-closed")
    by.note(row, supports=on.supports)
    walk.counted(by, on, "supports")
    return row


@act("proposals.unsupport", _("공감 거두기"), on="matters.matter", form=Nothing)
def unsupport(by: By, on: Matter) -> None:
    """Step back from a 의제; what a threshold has opened stays open. Refusals: not-supported, phase-closed."""
    gone, _rows = Support.objects.filter(matter=on, person=by.person).delete()
    if not gone:
        raise Refused("not-supported")
    if not add(on, {"supports": -1}, while_null="closed_at"):
        raise Refused("phase-closed")
    by.note(on, supports=on.supports, stepped_back=True)


@act("proposals.record_past", _("지난 의제 옮겨 적기"), on="processes.process", shows=("matters", "news"), public=False)
def record_past(
    by: By,
    on: Process,
    *,
    title: str,
    idea: str,
    source: str,
    problem: str = "",
    effect: str = "",
    topic: str = Topic.OTHER,
    place: Place | None = None,
    author_body: Body | None = None,
    department: Body | None = None,
    happened_at: datetime | None = None,
    synthetic: bool = False,
) -> Matter:
    """Enter a 의제 of a past edition from a source: closed at once as "archived", nobody's lateness.

    `happened_at` is when it was proposed, as far as the source says; `department` who was in charge of it then,
    which makes nobody owe anything.
    Refusals: not-an-archive, source-missing, proposal-incomplete, resident-number.
    """
    if not on.archive:
        raise Refused("not-an-archive")
    if not source.strip():
        raise Refused("source-missing")
    matter = _open(
        by,
        on,
        title=title,
        problem=problem,
        idea=idea,
        effect=effect,
        topic=topic,
        place=place,
        author=None,
        author_body=author_body,
        source=source,
        synthetic=synthetic,
        created_at=happened_at,
        needs_problem=False,
    )
    matter.closed_at, matter.outcome = by.at, "archived"
    matter.save(update_fields=["closed_at", "outcome"])
    if department is not None:
        Assignment.objects.create(matter=matter, body=department, since_at=matter.created_at)
    by.note(matter, closed="archived", department=department.key if department else "")
    return matter


@act("proposals.revive", _("지난 의제 되살리기"), on="processes.process", form=ReviveForm, shows=LISTS)
def revive(by: By, on: Process, *, origin: Matter, **fresh: Unpack[Fresh]) -> Matter:
    """Bring a closed or archived 의제 back as a new one, tied to it by 되살림, at its place unless another is given.

    Refusals: hidden, origin-open (support that one instead), revived-already (open here), and those of submit.
    """
    _only_shown(origin)
    if origin.closed_at is None:
        raise Refused("origin-open", number=origin.number)
    there = Link.objects.filter(source=origin, kind=LinkKind.REVIVE, target__process=on, target__closed_at=None)
    if there.exists():
        raise Refused("revived-already")
    fresh["place"] = fresh.get("place") or origin.place
    matter = _open(by, on, author=by.person, **fresh)
    _tie(by, origin, matter, LinkKind.REVIVE, "")
    walk.begin(by, matter)
    return matter


@act("proposals.receive", _("의제 넘겨받기"), on="processes.process", form=ReceiveForm, shows=LISTS)
def receive(by: By, on: Process, *, origin: Matter, reason: str) -> Matter:
    """Take over a 의제 that another process passes on: its words come along with their author, its supports do not.

    The link (넘김) is noted on both, so that the proposer and those who follow the origin are told.
    Refusals: hidden, not-passed-here (its recipe does not pass to this institution), received-already,
    reason-missing, no-words.
    """
    _only_shown(origin)
    if not reason.strip():
        raise Refused("reason-missing")
    contacts.refuse_resident_numbers(reason)
    if on.recipe_key not in origin.process.rules.passes_to:
        raise Refused("not-passed-here")
    Matter.objects.select_for_update().get(pk=origin.pk)  # two officials, one 의제: the second waits here
    if Link.objects.filter(source=origin, kind=LinkKind.TRANSFER, target__process=on).exists():
        raise Refused("received-already")
    words = Proposal.objects.filter(matter=origin, withdrawn_at=None).first()
    if words is None:
        raise Refused("no-words")
    matter = _open(
        by,
        on,
        title=origin.title,
        problem=words.problem,
        idea=words.idea,
        effect=words.effect,
        topic=words.topic,
        place=origin.place,
        author=origin.author,
        author_body=origin.author_body,
        source=origin.source,
        synthetic=origin.synthetic,
        needs_problem=False,
    )
    _tie(by, origin, matter, LinkKind.TRANSFER, reason)
    walk.begin(by, matter)
    return matter


# ── steps ────────────────────────────────────────────────────────────────────


def _open(
    by: By,
    process: Process,
    *,
    title: str,
    problem: str,
    idea: str,
    author: Any,
    topic: str = Topic.OTHER,
    effect: str = "",
    place: Place | None = None,
    author_body: Body | None = None,
    source: str = "",
    synthetic: bool = False,
    created_at: datetime | None = None,
    needs_problem: bool = True,
) -> Matter:
    """A fresh matter with its words, its number and its place in the search; noted, not yet walking."""
    _check_words(title, problem if needs_problem else "-", idea, effect)
    place = place or process.place
    if not is_within(place, process.place):
        raise Refused("place-elsewhere")
    add(process, {"matters_count": 1})  # also the turn people take here, so that a double click is seen
    if author is not None and created_at is None:
        _only_once(by, process, author, title)
    created_at = created_at or by.at
    matter = Matter.objects.create(
        process=process,
        place=place,
        title=title,
        author=author,
        author_body=author_body,
        created_at=created_at,
        source=source,
        synthetic=synthetic,
    )
    matter.number = f"{localtime(created_at).year}-{matter.pk:06d}"
    matter.save(update_fields=["number"])
    proposal = Proposal.objects.create(matter=matter, problem=problem, idea=idea, effect=effect, topic=topic)
    search.index(matter.pk, title, proposal.words(), created_at)
    by.note(matter, number=matter.number, words=_digest(proposal, title), topic=topic, place=place.code)
    return matter


def _tie(by: By, origin: Matter, matter: Matter, kind: LinkKind, reason: str) -> None:
    Link.objects.create(source=origin, target=matter, kind=kind, reason=reason, made_at=by.at)
    by.note(origin, link=str(kind), to=matter.number)


def _only_once(by: By, process: Process, author: Any, title: str) -> None:
    twin = Matter.objects.filter(author=author, process=process, title=title, created_at__gt=by.at - TWICE_WITHIN)
    number = twin.values_list("number", flat=True).first()
    if number:
        raise Refused("submitted-already", number=number)


def _only_author(by: By, matter: Matter) -> None:
    if by.person is None or matter.author_id != by.person.pk:
        raise Refused("not-yours")


def _only_shown(matter: Matter) -> None:
    if matter.hidden_at is not None:
        raise Refused("hidden")


def _check_words(title: str, problem: str, idea: str, effect: str) -> None:
    if not (title.strip() and problem.strip() and idea.strip()):
        raise Refused("proposal-incomplete")
    contacts.refuse_resident_numbers(title, problem, idea, effect)


def _texts(proposal: Proposal) -> tuple[str, str, str, str]:
    return proposal.problem, proposal.idea, proposal.effect, proposal.topic


def _digest(proposal: Proposal, title: str) -> str:
    return digest(bytes(proposal.salt), "\n\n".join((title, proposal.problem, proposal.idea, proposal.effect)))


refusals(
    {
        "proposal-incomplete": (_("제목, 문제, 제안은 비워 둘 수 없습니다."), _("빈 곳을 채우고 다시 보내 주세요.")),
        "source-missing": (
            _("지난 의제는 출처가 있어야 옮겨 적을 수 있습니다."),
            _("어느 자료의 몇 쪽인지 적어 주세요."),
        ),
        "resident-number": (
            _("주민등록번호로 보이는 숫자가 있어 받을 수 없습니다."),
            _("그 숫자를 지우고 다시 보내 주세요. 쓴 글은 그대로 있습니다."),
        ),
        "place-elsewhere": (
            _("이 과정이 열린 곳 밖입니다."),
            _("과정이 열린 곳 안의 장소를 고르거나, 그곳의 과정을 찾아 주세요."),
        ),
        "submitted-already": (
            _("방금 같은 제목으로 올린 의제가 있습니다(%(number)s)."),
            _("그 의제를 확인하고, 더할 말은 고치기로 더해 주세요."),
        ),
        "supported-already": (_("이미 공감한 의제입니다."), _("공감은 한 사람이 한 번 합니다. 거두는 것도 됩니다.")),
        "not-supported": (
            _("공감한 적이 없거나 이미 거두었습니다."),
            _("의제 화면에서 지금의 공감 수를 확인해 주세요."),
        ),
        "supported-words": (
            _("%(supports)d명이 공감한 글이라 바꿀 수 없습니다."),
            _("새로 알게 된 것은 의견으로 더하거나, 거두고 다시 제안해 주세요."),
        ),
        "nothing-changed": (_("바뀐 것이 없습니다."), _("고친 뒤에 다시 보내 주세요.")),
        "not-yours": (_("글을 쓴 사람만 할 수 있는 일입니다."), _("쓴 계정으로 로그인했는지 확인해 주세요.")),
        "hidden": (_("가려진 글에는 할 수 없는 일입니다."), _("가린 규칙과 까닭, 이의 절차는 그 화면에 있습니다.")),
        "not-an-archive": (_("지난 회차의 기록에만 옮겨 적을 수 있습니다."), _("새 의제는 제안하기로 올려 주세요.")),
        "origin-open": (
            _("아직 진행 중인 의제입니다(%(number)s)."),
            _("되살리지 않고 그 의제에 공감하거나 의견을 더할 수 있습니다."),
        ),
        "revived-already": (_("이 과정에서 이미 되살린 의제입니다."), _("되살린 의제를 찾아 함께해 주세요.")),
        "not-passed-here": (
            _("그 의제의 과정은 이 과정으로 넘기지 않습니다."),
            _("과정 화면에서 어디로 이어지는지 확인해 주세요."),
        ),
        "received-already": (_("이미 넘겨받은 의제입니다."), _("이음 목록에서 넘겨받은 의제를 확인해 주세요.")),
        "no-words": (
            _("넘겨받을 글이 없습니다. 거두었거나 글이 없는 의제입니다."),
            _("의제 화면에서 지금 상태를 확인해 주세요."),
        ),
    }
)
