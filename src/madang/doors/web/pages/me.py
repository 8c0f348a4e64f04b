"""My page: how surely the house knows me, what I did, what it keeps about me, and the way out."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from madang.access.fetch import Ask
from madang.bodies.queries import seats_held
from madang.doors.web.donut import Page, served
from madang.doors.web.middleware import moment
from madang.matters.models import Matter
from madang.people.adapters import offered
from madang.people.models import Attestation, Person, Token
from madang.proposals.queries import supported


def me(request: HttpRequest) -> Person:
    """The signed-in person of a page behind the login."""
    return cast(Person, request.user)


@login_required
def my(request: HttpRequest) -> HttpResponseBase:
    person = me(request)
    back = _back(request)
    enter = f"{reverse('do', args=['people.enter_code', person.pk])}?{urlencode({'next': back})}"
    request.own = {  # type: ignore[attr-defined]
        "back": back,
        "then_back": urlencode({"next": back}),
        "then_code": urlencode({"next": enter}),
        "who": person,
        "attestations": [one for one in _sure(person.pk) if one.in_force(moment(request))],
        "tokens": _tokens(person.pk),
        "offered": offered(),
        "seats": seats_held(person, moment(request)),
        "mine": _mine(person.pk),
        "supported": supported(person),
    }
    return served(request, (f"me {get_language()}", ""), lambda: Page("web/me.html", {"section": "me"}, ()))


_mine = Ask(lambda key: Matter.objects.filter(author=key).select_related("process", "place").order_by("-id")[:30])
_sure = Ask(lambda key: Attestation.objects.filter(person=key).select_related("place").order_by("id"))
_tokens = Ask(lambda key: Token.objects.filter(person=key, revoked_at=None).order_by("made_at"))


def _back(request: HttpRequest) -> str:
    """The page of ours somebody came from to be made sure of; "" when there is none."""
    asked = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else ""


@login_required
def my_data(request: HttpRequest) -> JsonResponse:
    """Everything kept about the person, for the person (개인정보보호법 §35)."""
    response = JsonResponse(about(request.user, request), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="madang-my-data.json"'
    return response


def about(person: Any, request: HttpRequest) -> dict[str, Any]:
    related = {}
    for relation in person._meta.related_objects:
        name = relation.get_accessor_name()
        if relation.related_model._meta.app_label in KEPT and name and relation.one_to_many:
            related[relation.related_model._meta.label_lower] = list(getattr(person, name).values())
    own = {
        name: getattr(person, name)
        for name in ("email", "name", "level", "level_until", "language", "digest", "joined_at")
    }
    return {"person": own, **_plain(related)}


def _plain(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Bytes (salts) and passwords are the house's own secrets, not data about the person."""
    return {
        label: [
            {
                k: v
                for k, v in row.items()
                if not isinstance(v, bytes | memoryview) and k not in {"proof", "digest", "salt"}
            }
            for row in some
        ]
        for label, some in rows.items()
        if some
    }


KEPT = {"people", "bodies", "matters", "proposals", "deliberation", "decisions", "execution", "evaluation", "notices"}
