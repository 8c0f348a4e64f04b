"""Where a thing stands on the web: one table from nouns to addresses."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

_WHERE: dict[str, Callable[[Any], str]] = {
    "matters.matter": lambda o: reverse("matter", args=[o.number or o.pk]),
    "processes.process": lambda o: reverse("process", args=[o.key]),
    "bodies.body": lambda o: reverse("body", args=[o.key]),
    "bodies.seat": lambda o: reverse("body", args=[o.body.key]),
    "places.place": lambda o: reverse("place", args=[o.code]),
    "people.person": lambda o: reverse("my"),
    "people.attestation": lambda o: reverse("my"),
    "people.roll": lambda o: reverse("place", args=[o.place.code]),
    "people.token": lambda o: reverse("my"),
    "funds.fund": lambda o: reverse("fund", args=[o.key]),
}


def address(thing: Any) -> str:
    """The page of `thing`: its own, or its 의제's, or its process's; home when it has none."""
    if thing is None or not hasattr(thing, "_meta"):
        return "/"
    own = _WHERE.get(thing._meta.label_lower)
    if own:
        return own(thing)
    if hasattr(thing, "get_absolute_url"):
        return thing.get_absolute_url()
    for name in ("matter", "process"):
        over = getattr(thing, name, None)
        if over is not None:
            return address(over)
    return "/"
