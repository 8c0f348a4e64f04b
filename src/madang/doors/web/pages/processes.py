"""Processes: what runs here, and each one's public table of who may do what when."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language

from madang.access import ACTS
from madang.access.roles import ROLES
from madang.decisions.queries import ballots_of
from madang.doors.web.donut import Page, page
from madang.doors.web.middleware import moment
from madang.duties.queries import open_duties
from madang.matters.queries import visible_to, with_stages
from madang.processes.library import editions
from madang.processes.models import Process
from madang.processes.queries import CHARTER, castings
from madang.recipes import Phase, Recipe


@page
def process_list(request: HttpRequest) -> Page:
    rows = list(Process.objects.exclude(key=CHARTER).select_related("place").order_by("closed_at", "-opened_at"))
    return Page(
        "web/processes.html",
        {
            "section": "processes",
            "today": timezone.localdate(moment(request)),
            "running": [p for p in rows if p.closed_at is None],
            "over": [p for p in rows if p.closed_at],
            "charter": Process.objects.filter(key=CHARTER).select_related("place").first(),
            "paper": [recipe for recipe in editions().values() if recipe.status == "paper"],
        },
        {"processes", *(f"process:{p.pk}" for p in rows)},
    )


@page
def process(request: HttpRequest, key: str) -> Page:
    on = get_object_or_404(Process.objects.select_related("place"), key=key)
    rules = on.rules
    matters = list(with_stages(visible_to(None).filter(process=on).order_by("-id"))[:8])
    owed = list(open_duties().filter(process=on, matter__hidden_at=None)[:6])
    return Page(
        "web/process.html",
        {
            "section": "processes",
            "today": timezone.localdate(moment(request)),
            "process": on,
            "rules": rules,
            "summary": worded(rules, rules.summary.said(_language())),
            "phases": [_phase(rules, p) for p in rules.phases],
            "standing": [
                (title(act), [role_name(rules, r) for r in roles]) for act, roles in rules.standing_may.items()
            ],
            "values": [(v, f"{v.value:,}", unit(v.unit)) for v in rules.values.values()],
            "windows": list(on.windows.order_by("opens_on")),
            "parts": [(rules.bodies[p].name.said(_language()), b) for p, b in castings(on).items()],
            "matters": matters,
            "duties": owed,
            "ballots": ballots_of(on),
            "acts": " ".join(a for a in _on_process(rules)),
        },
        {
            "matters",
            "duties",
            "ballots",
            f"process:{on.pk}",
            *(f"matter:{m.pk}" for m in matters),
            *(f"matter:{d.matter_id}" for d in owed),
        },
    )


def _phase(rules: Recipe, phase: Phase) -> dict[str, Any]:
    lang = _language()
    amount, kind = rules.term(phase.owes.within)
    return {
        "key": phase.key,
        "station": phase.station,
        "name": phase.name.said(lang),
        "says": worded(rules, phase.says.said(lang)),
        "owes": title(phase.owes.act),
        "by": rules.bodies[phase.owes.by].name.said(lang) if phase.owes.by in rules.bodies else phase.owes.by,
        "post": phase.owes.post,
        "within": f"{amount:,}{unit(kind)}",
        "escalates": phase.owes.escalates,
        "may": [(title(act), [role_name(rules, r) for r in roles]) for act, roles in phase.may.items()],
        "next": [(outcome, [_name(rules, n) for n in nexts]) for outcome, nexts in phase.next.items()],
        "gates": [
            (
                worded(rules, f"{{{g.reaches}}}") if g.reaches else title(g.act),
                g.counts,
                [_name(rules, n) for n in g.opens],
            )
            for g in phase.gates
        ],
    }


def worded(rules: Recipe, text: str) -> str:
    """A sentence of a recipe with its {values} filled in."""
    for name, value in rules.values.items():
        text = text.replace(f"{{{name}}}", f"{value.value:,}")
    return text


def title(act: str) -> str:
    return str(ACTS[act].title) if act in ACTS else act


def role_name(rules: Recipe, key: str) -> str:
    if key in ROLES:
        return str(ROLES[key].title)
    return rules.bodies[key].name.said(_language()) if key in rules.bodies else key


def unit(key: str) -> str:
    words = UNITS.get(key, (key, key))
    return words[1] if _language() == "en" else words[0]


UNITS = {
    "hours": ("시간", " hours"),
    "days": ("일", " days"),
    "working-days": ("근무일", " working days"),
    "months": ("개월", " months"),
    "years": ("년", " years"),
    "people": ("명", " people"),
    "percent": ("%", " %"),
    "points": ("점", " points"),
    "votes": ("표", " votes"),
    "seats": ("자리", " seats"),
    "times": ("번", " times"),
    "rounds": ("회차", " rounds"),
    "won": ("원", " won"),
    "bodies": ("개 기구", " bodies"),
    "characters": ("자", " characters"),
}


def _name(rules: Recipe, key: str) -> str:
    known = {phase.key: phase.name.said(_language()) for phase in rules.phases}
    return known.get(key, key)


def _on_process(rules: Recipe) -> list[str]:
    """Acts of the recipe that are done on the process itself."""
    return [act for act in rules.acts() if act in ACTS and ACTS[act].on == "processes.process"] + ["processes.close"]


def _language() -> str:
    return get_language() or "ko"
