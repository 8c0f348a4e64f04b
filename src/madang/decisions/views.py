"""Pages of what was decided.

Each says in `response.shows` what it stands on, so that the web door may keep its bytes.
"""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from madang.decisions import accounts, groups, queries, results
from madang.decisions.models import Ballot, PublishedVote, Reply, Resolution
from madang.places.models import Place
from madang.places.tiles import TILES


def reply(request: HttpRequest, pk: int) -> TemplateResponse:
    """One answer, with the day it was owed, the day it came, and how many say it answered."""
    found = _one(Reply.objects.select_related("matter__process", "body", "review_request"), pk, matter__hidden_at=None)
    shows = [f"matter:{found.matter_id}"]
    return _page(request, "decisions/reply.html", {"reply": found, "matter": found.matter}, shows)


def resolution(request: HttpRequest, pk: int) -> TemplateResponse:
    """A roll call by seat, and the sums its outcome follows from."""
    found = _one(Resolution.objects.select_related("matter__process", "body"), pk, matter__hidden_at=None)
    context = {**queries.roll_call(found), "matter": found.matter}
    return _page(request, "decisions/resolution.html", context, [f"matter:{found.matter_id}"])


def ballot(request: HttpRequest, pk: int) -> TemplateResponse:
    """The paper while it is open; afterwards the tally, and a place to find one's receipt."""
    found = _one(Ballot.objects.select_related("process__recipe", "fund"), pk)
    asked = request.GET.get("receipt", "")[:20]
    mine = queries.find_receipt(found, asked) if asked else None
    context = {**queries.ballot_page(found), "asked": asked, "mine": mine, **_counted(request, found)}
    context["apart"] = groups.apart(found, context["options"])
    if asked:  # somebody's receipt: answered and not kept
        return TemplateResponse(request, "decisions/ballot.html", context)
    return _page(request, "decisions/ballot.html", context, ["decisions.ballot", f"process:{found.process_id}"])


def _counted(request: HttpRequest, ballot: Ballot) -> dict[str, Any]:
    """What a closed ballot shows beside its tally: its stories with the rounds asked for, the recount, and the files to take."""
    if ballot.closed_at is None or not ballot.result:
        return {}
    asked = _number(request.GET.get("round", ""))
    sheet = request.GET.get("sheet", "")
    stories: list[dict[str, Any]] = []
    called = {group["key"]: group["title"] for group in queries.classes(ballot)}
    for told in results.of_ballot(ballot, list(ballot.options.select_related("matter", "where").order_by("place")), called):
        round_ = told.at(asked if told.key == sheet else 1)
        more = f"&sheet={told.key}" if told.key else ""
        stories.append({"story": told, "round": round_, "tiles": told.tiles(_spots(told)), "sheet": more})
    named = {"votes": "ballot-votes", "result": "ballot-result", "paper": "ballot-paper-json"}
    files = {name: reverse(address, args=[ballot.pk]) for name, address in named.items()}
    downloads = [
        {"url": files["votes"], "name": f"ballot-{ballot.pk}-votes.csv", "says": _("모든 표(CSV)") + f" {ballot.result['papers']}"},
        {"url": files["result"], "name": f"ballot-{ballot.pk}-result.json", "says": _("라운드와 까닭, 확인한 것까지 모두(JSON)")},
        {"url": files["paper"], "name": f"ballot-{ballot.pk}-paper.json", "says": _("투표지와 규칙(JSON)")},
        *[_pabulib(ballot, entry["story"]) for entry in stories],
    ]
    again = {"ballots": files["votes"], "published": files["result"], "paper": files["paper"], "form": "csv", "mine": False}
    return {"stories": stories, "again": again, "downloads": downloads}


def _pabulib(ballot: Ballot, told: results.Story) -> dict[str, str]:
    where = reverse("ballot-sheet-pb", args=[ballot.pk, told.key]) if told.key else reverse("ballot-pb", args=[ballot.pk])
    says = _("다른 나라의 참여예산과 견줄 수 있는 꼴(Pabulib)")
    return {"url": where, "name": f"ballot-{ballot.pk}{'-' + told.key if told.key else ''}.pb", "says": f"{told.title} {says}".strip()}


def _spots(told: results.Story) -> dict[str, tuple[int, int]]:
    """Where the places of a story stand on the map of the city, if all of them are on it."""
    names = {line.where for line in told.lines if line.where}
    found = Place.objects.filter(level="gu", valid_to=None, code__in=TILES).only("code", "name", "name_en")
    return {place.called: TILES[place.code] for place in found} if names else {}


def ballot_result(request: HttpRequest, pk: int) -> HttpResponse:
    """The tally of a closed ballot as JSON, with what its votes bought."""
    found = _closed(pk)
    return _file(_json(found.result | {"account": found.account}), "application/json", f"ballot-{pk}-result.json")


def ballot_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it was printed, as JSON: with it and the votes anyone counts again."""
    return _file(_json(accounts.paper_printed(_closed(pk))), "application/json", f"ballot-{pk}-paper.json")


def ballot_pb(request: HttpRequest, pk: int, sheet: str = "") -> HttpResponse:
    """The valid votes of a ballot (of one of its sheets) that spent money, as a Pabulib file."""
    try:
        text = accounts.as_pabulib(_closed(pk), sheet)
    except KeyError:
        raise Http404 from None
    return _file(text.encode(), "text/plain; charset=utf-8", f"ballot-{pk}{'-' + sheet if sheet else ''}.pb")


def _closed(pk: int) -> Ballot:
    found: Ballot = _one(Ballot.objects.select_related("process__place"), pk)
    if found.closed_at is None or not found.result:
        raise Http404
    return found


def _json(plain: Any) -> bytes:
    return json.dumps(plain, ensure_ascii=False).encode()


def votes(request: HttpRequest, pk: int) -> HttpResponse:
    """Every paper of a closed ballot in the order of the receipts: whoever likes counts again."""
    found = _one(Ballot.objects.all(), pk)
    if found.closed_at is None:
        raise Http404
    lines = ["receipt,voter_class,marks", *(",".join(paper) for paper in queries.published(found)), ""]
    response = HttpResponse("\ufeff" + "\r\n".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ballot-{pk}-votes.csv"'
    return response


def published_list(request: HttpRequest) -> TemplateResponse:
    """The votes of other cities that were imported here."""
    listed = list(PublishedVote.objects.defer("file", "account", "preview"))
    return _page(request, "decisions/votes.html", {"votes": listed}, ["decisions.publishedvote"])


def published(request: HttpRequest, key: str) -> TemplateResponse:
    """A vote another city published, with everything its count comes to."""
    found = get_object_or_404(PublishedVote.objects.defer("file"), key=key)
    told = results.story(found.account, unit=found.unit)
    context = {
        "vote": found, "story": told, "round": told.at(_number(request.GET.get("round", ""))), "tiles": told.tiles({}),
        "rules": results.compared(found.preview),
        "again": {
            "ballots": reverse("published-ballots", args=[key]), "form": "pb", "mine": True, "unit": found.unit,
            "published": reverse("published-account", args=[key]),
        },
        "downloads": [
            _download("published-ballots", key, "pb", _("공개된 투표지 그대로(Pabulib)") + f" {found.digest}"),
            _download("published-account", key, "json", _("라운드와 까닭, 확인한 것까지 모두(JSON)")),
            _download("published-projects", key, "csv", _("사업마다 결과(CSV)")),
        ],
    }
    return _page(request, "decisions/result.html", context, ["decisions.publishedvote"])


def published_ballots(request: HttpRequest, key: str) -> HttpResponse:
    """The file as its city published it."""
    found = get_object_or_404(PublishedVote, key=key)
    return _file(found.ballots, "text/plain; charset=utf-8", f"{key}.pb")


def published_account(request: HttpRequest, key: str) -> HttpResponse:
    """The account of the count, as JSON."""
    found = get_object_or_404(PublishedVote.objects.defer("file"), key=key)
    return _file(_json(found.account), "application/json", f"{key}.json")


def published_projects(request: HttpRequest, key: str) -> HttpResponse:
    """A line a project: what it cost, its votes, whether and when it was chosen, or why not."""
    found = get_object_or_404(PublishedVote.objects.defer("file"), key=key)
    return _file(results.projects_csv(found.account).encode(), "text/csv; charset=utf-8", f"{key}.csv")


def _download(name: str, key: str, ending: str, says: str) -> dict[str, str]:
    return {"url": reverse(name, args=[key]), "name": f"{key}.{ending}", "says": says}


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _number(text: str) -> int:
    """A round asked for; the first where what was asked is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _one(rows: QuerySet[Any], pk: int, **where: Any) -> Any:
    """The row, or 404; numbers beyond what a database knows are no row either."""
    try:
        return rows.get(pk=pk, **where)
    except (rows.model.DoesNotExist, OverflowError):
        raise Http404 from None


def _page(request: HttpRequest, template: str, context: dict[str, Any], shows: list[str]) -> TemplateResponse:
    response = TemplateResponse(request, template, context)
    response.shows = shows  # type: ignore[attr-defined]
    return response
