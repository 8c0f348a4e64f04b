"""Pages of paper: a printable ballot, the desk of a booth, and the account of every sheet.

1. A sheet with a real serial is shown only to those who run its booth; everybody else sees a specimen.
2. What is typed at a desk is looked up and forgotten: it stands in no address, no session, no log.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from madang.access import may
from madang.decisions import reconciling
from madang.decisions.acts.booths import desk_line, had_already
from madang.decisions.acts.paper import differing
from madang.decisions.forms.booths import class_field
from madang.decisions.forms.rolls import FoundForm, desk_key, voter_hash
from madang.decisions.models import Ballot, Booth, Bundle, Elector, RollEntry, Way
from madang.decisions.serials import scanned, serial, shuffled
from madang.decisions.words import how_to_mark

OFFICERS = ("decisions.hand_paper", "decisions.print_more", "decisions.read_bundle")
SIZES = ("a4", "large")


def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it is printed, without a serial: a specimen for everybody."""
    ballot = _found(Ballot.objects.select_related("process__place"), pk)
    return _print(request, ballot, [{"serial": "", "qr": ""}], group="")


@never_cache
def sheets(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The sheets of one bundle, each with its serial, in an order of chance. For those who run the booth."""
    booth = _booth(pk)
    _officer(request, booth)
    bundle = _found(Bundle.objects.filter(booth=booth), number, key="number")
    ballot = booth.ballot
    numbers = shuffled(list(range(bundle.first, bundle.last + 1)))
    serials = [serial(ballot.pk, booth.number, each) for each in numbers]
    return _print(request, ballot, [{"serial": text, "qr": _qr(ballot, text)} for text in serials], group=bundle.voter_class)


def _print(request: HttpRequest, ballot: Ballot, papers: list[dict[str, str]], *, group: str) -> HttpResponse:
    language = "en" if request.GET.get("lang") == "en" else "ko"
    size = request.GET.get("size", "a4")
    with translation.override(language):
        lines = list(ballot.options.select_related("matter", "where").order_by("place"))
        titles = {sheet["key"]: sheet for sheet in ballot.rule.get("sheets", ())}
        parts = [
            {"sheet": titles.get(key), "lines": [line for line in lines if line.sheet == key]}
            for key in dict.fromkeys(line.sheet for line in lines)
            if not group or not titles.get(key, {}).get("classes") or group in titles[key]["classes"]
        ]
        context = {
            "ballot": ballot, "papers": papers, "parts": parts, "kind": ballot.rule["kind"], "language": language,
            "size": size if size in SIZES else "a4", "how": str(how_to_mark(ballot.rule)), "group": group,
        }  # fmt: skip
        return TemplateResponse(request, "decisions/paper/print.html", context).render()


def _qr(ballot: Ballot, text: str) -> str:
    """The code of a sheet as an image in an address: its ballot and its serial, and nothing else."""
    uri: str = segno.make(scanned(ballot.pk, text), error="m", micro=False).svg_data_uri(border=4, unit="mm", scale=0.8)
    return uri


@never_cache
def booth(request: HttpRequest, pk: int) -> TemplateResponse:
    """The desk: whether somebody may have a sheet, and what was handed out. Others see its sums."""
    found = _booth(pk)
    works = _works(request, found)
    form = FoundForm(request.POST or None, on=found) if works else None
    asked = _asked(found, form) if form is not None and request.method == "POST" and form.is_valid() else None
    bundles = list(found.bundles.select_related("booth__ballot").order_by("number"))
    context = {
        "booth": found, "ballot": found.ballot, "works": works, "form": form, "asked": asked,
        "bundles": [_bundle(bundle, works) for bundle in bundles],
        "handed": sum(bundle.handed for bundle in bundles),
        "open": found.ballot.opens_at <= _at(request) <= found.ballot.closes_at and found.ballot.closed_at is None,
        "reading": works and _at(request) > found.ballot.closes_at and found.ballot.closed_at is None,
        "apart": any(bundle.apart for bundle in bundles), "classes": class_field(found.ballot.rule).choices,
    }  # fmt: skip
    return TemplateResponse(request, "decisions/paper/booth.html", context)


def _asked(found: Booth, form: FoundForm) -> dict[str, Any]:
    """What the roll says of somebody at the desk: their class, or the way they took part already."""
    line = Elector.objects.filter(ballot=found.ballot_id, voter=voter_hash(**form.cleaned_data)).first()
    had = had_already(line) if line is not None else ""
    return {"line": line, "had": Way(had).label if had else "", "given": form.cleaned_data}


def _bundle(bundle: Bundle, works: bool) -> dict[str, Any]:
    readings = list(bundle.readings.filter(turn=bundle.turn).order_by("reader")) if works else []
    differs = differing(*readings[:2]) if len(readings) >= 2 and not bundle.settled else []
    one, other = readings[:2] if differs else (None, None)
    return {
        "bundle": bundle,
        "account": reconciling.account(bundle),
        "readings": readings,
        "differs": [
            {
                "serial": key,
                "one": (one.lines.get(key, "-") or "—") if key else one.unused,
                "other": (other.lines.get(key, "-") or "—") if key else other.unused,
            }
            for key in differs
            if one is not None and other is not None
        ],
    }


@never_cache
@require_GET
def copy(request: HttpRequest, pk: int) -> JsonResponse:
    """The roll as this desk may carry it: hashes under the desk's own key, each with its class and whether it is used up."""
    found = _booth(pk)
    _officer(request, found)
    entries = RollEntry.objects.filter(ballot=found.ballot_id)
    voters = set(entries.exclude(voter="").values_list("voter", flat=True))
    people = set(entries.filter(voter="").values_list("person", flat=True))
    lines = {
        desk_line(found, desk): [group, int(voter in voters or (person is not None and person in people))]
        for desk, voter, group, person in Elector.objects.filter(ballot=found.ballot_id)
        .order_by("desk")
        .values_list("desk", "voter", "voter_class", "person")
        .iterator(5000)
    }
    return JsonResponse(
        {"booth": found.pk, "ballot": desk_key(found.ballot_id), "desk": found.key, "synced": found.synced, "lines": lines}
    )


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The desk's service worker, served where it may look after the pages of booths."""
    path = finders.find("madang/booth/worker.js")
    if path is None:
        raise Http404
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8")


def reconciliation(request: HttpRequest, pk: int) -> TemplateResponse:
    """Every sheet accounted for, what was not counted and why, and who took part; the sums after the count."""
    ballot = _found(Ballot.objects.select_related("process__place"), pk)
    done = ballot.closed_at is not None
    rows, ways = reconciling.sheet(ballot), ballot.result.get("ways", {}) if done else {}
    options = list(ballot.options.select_related("matter").order_by("place"))
    for option in options:
        option.by_way = {way: sums["marked"].get(str(option.place), 0) for way, sums in ways.items()}
    context = {
        "ballot": ballot, "rows": rows, "done": done, "clashes": reconciling.clashes_of(ballot),
        "not_counted": reconciling.not_counted(ballot) if done else [],
        "turnout": reconciling.turnout(ballot) if done else None,
        "ways": ways, "options": options,
        "balanced": all(row.get("difference", 0) == 0 for row in rows),
    }  # fmt: skip
    return TemplateResponse(request, "decisions/paper/reconciliation.html", context)


def _booth(pk: int) -> Booth:
    found: Booth = _found(Booth.objects.select_related("ballot__process__recipe", "body"), pk)
    return found


def _works(request: HttpRequest, on: Booth) -> bool:
    person = request.user if request.user.is_authenticated else None
    return any(may(person, act, on, _at(request)) for act in OFFICERS)


def _officer(request: HttpRequest, on: Booth) -> None:
    if not _works(request, on):
        raise PermissionDenied


def _at(request: HttpRequest) -> datetime:
    """The one moment of this request, as the door gave it."""
    at: datetime = getattr(request, "at", None) or timezone.now()
    return at


def _found(rows: Any, pk: int, key: str = "pk") -> Any:
    try:
        return rows.get(**{key: pk})
    except (rows.model.DoesNotExist, OverflowError):
        raise Http404 from None
