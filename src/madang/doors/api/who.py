"""Who is asking: a session of the same site with its CSRF token, or a personal token in Authorization.

1. A token is 256 random bits; only its SHA-256 is kept. Tokens that do not fit are counted by address.
2. A session alone does nothing: another site could send its cookie, so the CSRF token has to come along.
"""

import hashlib
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from madang.access import Refused
from madang.doors.api.answers import Wrong
from madang.people.models import Token

MOST_TRIES = 100  # tokens that did not fit, by address
FORGOTTEN_AFTER = 600  # seconds


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def person(request: HttpRequest) -> Any:
    """The person behind the request. Raises Refused (needs-login), Wrong (bad-token, tokens-tried, no-csrf)."""
    given = request.headers.get("Authorization", "")
    if given:
        return _bearer(request, given)
    if not request.user.is_authenticated:
        raise Refused("needs-login")
    check = _Csrf(lambda _request: HttpResponse())
    check.process_request(request)
    if check.process_view(request, HttpResponse, (), {}) is not None:
        raise Wrong("no-csrf")
    return request.user


def _bearer(request: HttpRequest, given: str) -> Any:
    tries = f"token-tries:{request.META.get('REMOTE_ADDR', '')}"
    kind, _space, secret = given.partition(" ")
    digest = hashlib.sha256(secret.strip().encode("utf-8", "replace")).hexdigest()
    row = Token.objects.filter(digest=digest, revoked_at=None, person__is_active=True).select_related("person").first()
    if kind.lower() != "bearer" or row is None:  # a token that fits is never held up by its neighbours' tries
        if cache.get(tries, 0) >= MOST_TRIES:
            raise Wrong("tokens-tried")
        cache.set(tries, cache.get(tries, 0) + 1, FORGOTTEN_AFTER)
        raise Wrong("bad-token")
    return row.person
