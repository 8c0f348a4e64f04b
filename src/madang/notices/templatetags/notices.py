"""{% load notices %}: what a notice says, and whether the viewer follows a thing."""

from typing import Any

from django import template
from django.db import models
from django.urls import reverse

from madang.notices import queries
from madang.notices.acts import name_of
from madang.notices.models import Notice
from madang.notices.words import said

register = template.Library()
PAGES = {
    "matters.matter": ("matter", "number"), "processes.process": ("process", "key"), "bodies.body": ("body", "key"),
    "places.place": ("place", "code"),
}


@register.filter
def words(notice: Notice) -> str:
    """The notice's sentence in the reader's language."""
    return said(notice.kind, notice.codes)


@register.filter
def called(thing: Any) -> str:
    """A 의제's title, or the name of a place, process or body; empty for nothing."""
    return "" if thing is None else str(thing)


@register.filter
def house_path(thing: Any) -> str:
    """Where a thing stands on the web, in the language in force."""
    label = thing._meta.label_lower if isinstance(thing, models.Model) else ""
    if label not in PAGES:
        return "/"
    name, key = PAGES[label]
    return reverse(name, args=[getattr(thing, key) or thing.pk])


@register.simple_tag
def follows(person: Any, thing: models.Model) -> bool:
    """{% follows person thing as followed %}"""
    return queries.follows(person, thing)


@register.simple_tag
def unread(person: Any) -> int:
    """How many notices wait (100 means a hundred or more)."""
    return queries.unread(person)


@register.simple_tag
def follow_name(thing: models.Model) -> str:
    return name_of(thing)
