"""Verbs of processes: adopt the charter, open an institution from its recipe, close it."""

from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.bodies.models import Body
from madang.places.models import Place
from madang.processes.forms import CloseForm, OpenForm
from madang.processes.library import edition, part_name, to_open
from madang.processes.models import Casting, Process, RecipeText, Window
from madang.processes.queries import CHARTER
from madang.recipes import Recipe


@act("processes.adopt", _("살림 규칙 세우기"), on="places.place", shows=("processes",), public=False)
def adopt(by: By, on: Place, *, castings: dict[str, Body], recipe: str = "charter") -> Process:
    """Set up the house rules of a place, once, at its foundation. Refusal: already-done."""
    return _open(by, on, edition(recipe), CHARTER, str(on.name), str(on.name_en), castings, {}, "", False, False)


@act("processes.open", _("과정 열기"), on="places.place", form=OpenForm, shows=("processes", "news"))
def open_(
    by: By,
    on: Place,
    *,
    recipe: str,
    key: str,
    name: str,
    name_en: str = "",
    castings: dict[str, Body] | None = None,
    windows: dict[str, tuple[date, date]] | None = None,
    source: str = "",
    synthetic: bool = False,
    archive: bool = False,
) -> Process:
    """Open an institution at a place with the recipe as it is today; the process keeps that text.

    Refusals: paper-recipe, part-without-body, wrong-side, window-missing, window-order, window-too-short, already-done.
    """
    rules = to_open(recipe)
    if rules.status != "runs" and not archive:
        raise Refused("paper-recipe")
    _check_cast(rules, castings or {})
    if not archive:
        _check_windows(rules, windows or {})
    return _open(by, on, rules, key, name, name_en, castings or {}, windows or {}, source, synthetic, archive)


@act("processes.close", _("과정 끝내기"), on="processes.process", form=CloseForm, shows=("processes", "news"))
def close(by: By, on: Process, *, reason: str) -> None:
    """End a process in which nothing is open any more. Refusals: still-open-matters, already-done."""
    left = on.matters.filter(closed_at=None).count()
    if left:
        raise Refused("still-open-matters", count=left)
    if not Process.objects.filter(pk=on.pk, closed_at=None).update(closed_at=by.at, close_reason=reason):
        raise Refused("already-done")
    by.note(on, closed=True)


def _open(
    by: By,
    place: Place,
    rules: Recipe,
    key: str,
    name: str,
    name_en: str,
    castings: dict[str, Body],
    windows: dict[str, tuple[date, date]],
    source: str,
    synthetic: bool,
    archive: bool,
) -> Process:
    digest = f"sha256:{rules.digest()}"
    RecipeText.objects.get_or_create(digest=digest, defaults={"text": rules.freeze(), "first_used_at": by.at})
    process = once(
        lambda: Process.objects.create(
            key=key,
            recipe_key=rules.key,
            recipe_id=digest,
            name=name,
            name_en=name_en,
            place=place,
            opened_at=by.at,
            archive=archive,
            closed_at=by.at if archive else None,
            source=source,
            synthetic=synthetic,
        ),
        "already-done",
    )
    Casting.objects.bulk_create([Casting(process=process, part=part, body=body) for part, body in castings.items()])
    Window.objects.bulk_create(
        [
            Window(process=process, key=name_, opens_on=opens, closes_on=closes)
            for name_, (opens, closes) in windows.items()
        ]
    )
    by.note(
        process,
        recipe=rules.edition,
        digest=digest,
        place=place.code,
        parts={part: body.key for part, body in castings.items()},
        windows={name_: [opens.isoformat(), closes.isoformat()] for name_, (opens, closes) in windows.items()},
    )
    return process


def _check_cast(rules: Recipe, castings: dict[str, Body]) -> None:
    for part, wanted in rules.bodies.items():
        if wanted.matter:
            continue
        if part not in castings:
            raise Refused("part-without-body", part=part, called=part_name(rules, part))
        if castings[part].side != wanted.side:
            raise Refused("wrong-side", part=part, called=part_name(rules, part))


def _check_windows(rules: Recipe, windows: dict[str, tuple[date, date]]) -> None:
    before: date | None = None
    for wanted in rules.windows:
        if wanted.key not in windows:
            raise Refused("window-missing", window=wanted.name.said(get_language() or "ko"))
        opens, closes = windows[wanted.key]
        if closes < opens or (before and opens < before):
            raise Refused("window-order", window=wanted.name.said(get_language() or "ko"))
        least = rules.value(wanted.least) if wanted.least else 1  # in days, both ends counted
        if closes - opens + timedelta(days=1) < timedelta(days=least):
            raise Refused("window-too-short", window=wanted.name.said(get_language() or "ko"), least=least)
        before = opens


refusals(
    {
        "paper-recipe": (_("아직 종이 위에만 있는 제도입니다."), _("실행할 수 있는 제도를 골라 주세요.")),
        "part-without-body": (
            _("제도가 부르는 기구를 정하지 않았습니다 (%(called)s)."),
            _("그 일을 맡을 기구를 골라 주세요."),
        ),
        "wrong-side": (
            _("그 일은 다른 쪽의 기구가 맡습니다 (%(called)s)."),
            _("민·관·의회 가운데 맞는 쪽의 기구를 골라 주세요."),
        ),
        "window-missing": (_("'%(window)s' 기간의 날짜가 없습니다."), _("시작일과 마감일을 적어 주세요.")),
        "window-order": (
            _("'%(window)s' 기간의 날짜 순서가 맞지 않습니다."),
            _("앞 기간이 시작한 뒤로, 시작일이 마감일보다 앞서게 적어 주세요."),
        ),
        "window-too-short": (_("'%(window)s' 기간이 규칙이 정한 %(least)d일보다 짧습니다."), _("기간을 늘려 주세요.")),
        "still-open-matters": (
            _("아직 열린 의제가 %(count)d건 있습니다."),
            _("의제를 모두 맺은 뒤 과정을 끝낼 수 있습니다."),
        ),
    }
)
