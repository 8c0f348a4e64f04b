"""Holes in a page: what is filled in for each person (doors/web/donut.py)."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from madang.doors.web.donut import Hole, Viewer, fill

register = template.Library()


@register.simple_tag(takes_context=True)
def hole(context: template.Context, name: str, **args: Any) -> SafeString:
    """Leave a hole for `name`; on a page that is not kept it is filled at once. Arguments must be plain values or keys."""
    request = context["request"]
    holes = getattr(request, "holes", None)
    if holes is None:
        person = request.user if request.user.is_authenticated else None
        viewer = context.get("viewer") or Viewer(request, person, request.at)
        return mark_safe(fill(Hole(name, args), viewer).decode())  # noqa: S308 — a rendered template
    holes.append(Hole(name, args))
    return mark_safe(f"\x02{len(holes) - 1}\x03")  # noqa: S308 — a marker of our own


@register.simple_tag(takes_context=True)
def acts(context: template.Context, on: Any, names: str, **kwargs: Any) -> SafeString:
    """Buttons for those of `names` (act names, space-separated) that the viewer may do on `on` now."""
    return hole(context, "web/_acts.html", on=on, names=names.split(), **kwargs)
