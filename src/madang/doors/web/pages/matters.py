"""의제: the list with filters, and the one page on which a sentence can be followed from 제안 to 평가."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madang.decisions import queries as decisions
from madang.deliberation import queries as deliberation
from madang.doors.web.donut import Page, page
from madang.doors.web.draw import Stop
from madang.doors.web.middleware import moment
from madang.doors.web.pages.stories import gathered
from madang.duties.models import Duty
from madang.duties.queries import conclusions, of_matter
from madang.evaluation import queries as evaluation
from madang.execution import queries as execution
from madang.funds import queries as funds
from madang.matters.models import Link, Matter, Stage, Station
from madang.matters.outcomes import outcome_words
from madang.matters.queries import by_number, links, stages
from madang.places.models import Place
from madang.places.queries import path_name
from madang.processes.models import Process
from madang.processes.queries import CHARTER
from madang.proposals import queries as proposals
from madang.proposals.models import Topic
from madang.proposals.queries import Filters, listing
from madang.record.queries import story

STORY = 300  # lines of the record looked at for the page; all of them are in the download

PANELS = {
    "proposals": proposals.panel,
    "deliberation": deliberation.panel,
    "decisions": decisions.panel,
    "funds": funds.panel,
    "execution": execution.panel,
    "evaluation": evaluation.panel,
}

OFFERED_HERE = {"duties", "matters", "proposals", "deliberation"}  # the other rooms offer theirs in their strips
MODERATION = ("deliberation.report_proposal", "deliberation.hide_proposal")  # the charter's, on every 의제


@page
def matter_list(request: HttpRequest) -> Page:
    """Filters: process, gu, station, topic, sort, waiting; keyset pages. At most 8 queries."""
    chosen = {name: request.GET.get(name, "") for name in ("process", "place", "station", "topic", "sort", "waiting")}
    processes = {p.key: p for p in Process.objects.exclude(key=CHARTER).order_by("name")}
    gu = {g.code: g for g in Place.objects.filter(level="gu", valid_to=None).order_by("name")}
    found = listing(
        Filters(
            process=processes.get(chosen["process"]),
            place=gu.get(chosen["place"]) or _place(chosen["place"]),
            station=chosen["station"],
            topic=chosen["topic"],
            waiting=chosen["waiting"] == "1",
            sort=chosen["sort"] or "new",
        ),
        request.GET.get("cursor", ""),
    )
    return Page(
        "web/matters.html",
        {
            "section": "matters",
            "today": timezone.localdate(moment(request)),
            "rows": found.rows,
            "before": _with(request, found.newer),
            "after": _with(request, found.older),
            "filters": [
                _filter(
                    "process",
                    _("과정"),
                    [("", _("모든 과정")), *((p.key, p.called) for p in processes.values())],
                    chosen,
                ),
                _filter("place", _("자치구"), [("", _("서울 전체")), *((g.code, str(g)) for g in gu.values())], chosen),
                _filter("station", _("역"), [("", _("모든 역")), *Station.choices], chosen),
                _filter("topic", _("분야"), [("", _("모든 분야")), *Topic.choices], chosen),
                _filter("waiting", _("답"), [("", _("모두")), ("1", _("답을 기다리는 것만"))], chosen),
                _filter("sort", _("차례"), [("", _("새로운 것부터")), ("supports", _("공감이 많은 것부터"))], chosen),
            ],
        },
        {"matters", "processes", *(f"matter:{m.pk}" for m in found.rows), *_moving(chosen)},
    )


def _moving(chosen: dict[str, str]) -> set[str]:
    """Lists whose membership moves with more than new matters."""
    moving = {"proposals.support"} if chosen["sort"] == "supports" else set()
    if chosen["waiting"] or chosen["station"]:
        moving |= {"matters.stage", "duties.duty"}
    return moving


def _place(code: str) -> Place | None:
    return Place.objects.filter(code=code, valid_to=None).first() if code.isalnum() else None


@page
def matter(request: HttpRequest, number: str) -> Page | HttpResponse:
    """One 의제 whole: where it stands, who owes the next step, and every room's strip of it. At most 15 queries."""
    try:
        on = by_number(number)
    except Matter.DoesNotExist:
        raise Http404 from None
    if on.number != number:
        return redirect("matter", on.number)
    walked, owed, tied = stages(on), of_matter(on), links(on)
    rooms = _rooms_of(on, walked)
    panels = [(room, f"{room}/panel.html", _panel(room, on)) for room in PANELS if room in rooms]
    shown = {f"matter:{on.pk}", f"process:{on.process_id}"}
    shown |= {f"matter:{end}" for link in tied for end in (link.source_id, link.target_id)}
    return Page(
        "web/matter.html",
        {
            "section": "matters",
            "today": timezone.localdate(moment(request)),
            "matter": on,
            "place": path_name(on.place),
            "stops": _stops(on, walked, owed, tied),
            "open_duties": [d for d in owed if d.is_open()],
            "kept_duties": [d for d in owed if d.kept_at],
            "links": [_tie(on, link) for link in tied],
            "first": panels[0][1:],
            "panels": [(template, panel) for _room, template, panel in panels[1:] if panel is not None],
            "story": gathered(story(on.pk).order_by("-id")[:STORY]),
            "conclusions": conclusions(on) if on.closed_at else [],
            "acts": _acts_here(on),
        },
        shown,
    )


def _panel(room: str, on: Matter) -> dict[str, Any] | None:
    return PANELS[room](on) or None


def _rooms_of(on: Matter, walked: list[Stage]) -> set[str]:
    """The rooms a matter has been in: those whose acts its phases name. No query."""
    rules = on.process.rules
    rooms = {"proposals", "deliberation"} if on.hidden_at else {"proposals"}
    for stage in walked:
        phase = rules.phase(stage.phase)
        rooms |= {act.split(".")[0] for act in (phase.owes.act, *phase.may)}
    return rooms


def _acts_here(on: Matter) -> str:
    """Acts on the 의제 that a phase open now, or the standing list, names and no strip offers: support first, moderation last."""
    rules = on.process.rules
    tables = [*(rules.phase(key).may for key in on.open_phases), rules.standing_may, dict.fromkeys(MODERATION)]
    named = dict.fromkeys(act for table in tables for act in table if act.split(".")[0] in OFFERED_HERE)
    return " ".join(sorted(named, key=lambda act: act != "proposals.support"))


def _stops(on: Matter, walked: list[Stage], owed: list[Duty], tied: list[Link]) -> list[Stop]:
    """The 노선도: where it came from, where it stood and stands, and the stations still ahead."""
    rules, today = on.process.rules, timezone.localdate()
    by_stage = {duty.stage_id: duty for duty in owed}
    stops = [
        Stop(
            line=link.source.process.called,
            station=link.source.station,
            name=link.source.title,
            state="done",
            on=timezone.localdate(link.made_at),
            transfer=link.get_kind_display(),
            url=f"/m/{link.source.number}/",
        )
        for link in tied
        if link.target_id == on.pk
    ]
    for stage in walked:
        duty = by_stage.get(stage.pk)
        late = bool(duty and duty.is_open() and duty.due_on < today)
        state = "done" if stage.closed_at else "late" if late else "now"
        stops.append(
            Stop(
                line=on.process.called,
                station=stage.station,
                name=rules.phase(stage.phase).name.said(get_language() or "ko"),
                state=state,
                on=timezone.localdate(stage.closed_at or stage.opened_at),
                due_on=duty.due_on if duty and not stage.closed_at else None,
                owes=duty.body.called if duty and not stage.closed_at else "",
                outcome=outcome_words(stage.outcome) if stage.outcome else "",
            )
        )
    if on.closed_at:
        stops.append(
            Stop(
                line=on.process.called,
                station=on.station,
                name=_("맺음"),
                state="ended",
                on=timezone.localdate(on.closed_at),
                outcome=outcome_words(on.outcome),
            )
        )
    else:
        order = [s.value for s in Station]
        for ahead in order[order.index(on.station) + 1 :]:
            stops.append(Stop(line=on.process.called, station=ahead, name=str(Station(ahead).label), state="ahead"))
    return stops


def _tie(on: Matter, link: Link) -> dict[str, Any]:
    out = link.source_id == on.pk
    other = link.target if out else link.source
    return {
        "kind": link.get_kind_display(),
        "out": out,
        "other": other,
        "process": other.process.called,
        "at": link.made_at,
    }


def _filter(name: str, label: str, options: list[Any], chosen: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "label": label, "options": options, "chosen": chosen[name]}


def _with(request: HttpRequest, cursor: str) -> str:
    """The query string of this list with another cursor; "" when there is no such page."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return query.urlencode()
