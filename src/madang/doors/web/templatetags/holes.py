"""Holes in a page: what is filled in for each person (doors/web/donut.py)."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.access import ACTS, Act, Verdict, may
from madang.access.forms import Nothing
from madang.doors.web.donut import SECRET, Hole, Viewer, fill
from madang.doors.web.middleware import moment
from madang.matters.outcomes import outcome_words

register = template.Library()


@register.simple_tag(takes_context=True)
def hole(context: template.Context, name: str, **args: Any) -> SafeString:
    """Leave a hole for `name`; on a page that is not kept it is filled at once. Arguments must be plain values or keys."""
    request = context["request"]
    holes = getattr(request, "holes", None)
    if holes is None:
        user = getattr(request, "user", None)  # a request refused at the door (a host not ours) met nobody yet
        person = user if user is not None and user.is_authenticated else None
        viewer = context.get("viewer") or Viewer(request, person, moment(request))
        return mark_safe(fill(Hole(name, args), viewer).decode())  # noqa: S308 — a rendered template
    holes.append(Hole(name, args))
    return mark_safe(f"\x02{SECRET}:{len(holes) - 1}\x03")  # noqa: S308 — a marker of our own


@register.simple_tag(takes_context=True)
def acts(context: template.Context, on: Any, names: str, **kwargs: Any) -> SafeString:
    """Buttons for those of `names` (act names, space-separated) that the viewer may do on `on` now."""
    return hole(context, "web/_acts.html", on=on, names=names.split(), **kwargs)


@dataclass(frozen=True)
class Button:
    """An act somebody may do here: its word, its page, and whether one press does it."""

    title: str
    url: str
    direct: bool
    back: str
    quiet: bool


CITIZENS = {"anyone", "member", "verified", "resident"}
QUIET = {  # there for those who need it, never in the way
    "deliberation.report",
    "deliberation.report_proposal",
    "duties.extend",
    "duties.transfer",
    "matters.link",
    "proposals.revive",
    "proposals.withdraw",
    "proposals.unsupport",
    "evaluation.reopen",
    "processes.close",
    "deliberation.hide_proposal",
}
INSTEAD = {"proposals.support": "proposals.unsupport"}  # who may take it back has done it already


@register.simple_tag(takes_context=True)
def buttons(context: template.Context) -> list[Button]:
    """The buttons of an acts hole (`on`, `names`) for its viewer."""
    viewer, on = context["viewer"], context["on"]
    label = on._meta.label_lower
    hidden = getattr(getattr(on, "matter", None), "hidden_at", None) is not None
    found = {
        name: button
        for name in context["names"]
        if (act := ACTS.get(name))
        and act.public
        and act.on == label
        and not (hidden and name.startswith("proposals."))
        and (button := _button(act, on, viewer))
    }
    for name, other in INSTEAD.items():
        if name in found and other in found:
            del found[name]
    return sorted(found.values(), key=lambda button: button.quiet)


def _button(act: Act, on: Any, viewer: Viewer) -> Button | None:
    if viewer.person is None:
        roles = on.access().roles_for(act.name, viewer.at)
        offered, direct = not isinstance(roles, Verdict) and bool(CITIZENS & set(roles)), False
    else:
        verdict = may(viewer.person, act.name, on, viewer.at)
        offered, direct = bool(verdict) or verdict.code == "needs-level", bool(verdict) and act.form in {None, Nothing}
    if not offered:
        return None
    url = f"{_do(act.name, get_language())}{on.pk}/"
    return Button(str(act.title), url, direct, viewer.request.path, act.name in QUIET)


@cache
def _do(name: str, language: str | None) -> str:
    """Where an act is done on a page in `language`, up to the key of what it is done on."""
    return reverse("do", args=[name, "0"]).removesuffix("0/")


@register.filter
def outcome(code: str) -> str:
    """The word of an outcome or of an end of the road; a phase's own name passes through."""
    return str(ENDS.get(code) or outcome_words(code))


ENDS = {"closed": _("맺음"), "waits": _("다른 단계가 이어 감")}
