"""How the API answers: JSON bodies, refusals with a code, what happened and what to do next.

1. Every answer that is no success has the same shape: {code, what, next} (and `fields` when input was wrong).
2. The language is the reader's (Accept-Language), never the address's.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from madang.access import Refused

WORDS: dict[str, tuple[int, Any, Any]] = {
    "not-found": (
        404,
        _("그런 것이 없습니다."),
        _("주소를 확인해 주세요. 할 수 있는 일은 /api/v1/openapi.json에 있습니다."),
    ),
    "no-cursor": (
        404,
        _("그런 쪽이 없습니다."),
        _("앞 쪽에서 받은 after를 그대로 보내거나, after 없이 처음부터 읽어 주세요."),
    ),
    "no-method": (405, _("이 주소에서는 쓰지 않는 방법입니다."), _("Allow 머리글에 적힌 방법을 써 주세요.")),
    "bad-query": (400, _("물음표 뒤의 값이 올바르지 않습니다: %(name)s"), _("그 표의 거르개와 값을 확인해 주세요.")),
    "bad-json": (
        400,
        _("본문이 올바른 JSON 묶음(object)이 아닙니다."),
        _("UTF-8 JSON으로, 여덟 겹을 넘지 않게 보내 주세요."),
    ),
    "bad-header": (400, _("머리글의 값이 올바르지 않습니다: %(name)s"), _("영문·숫자·붙임표·밑줄 40자까지 쓸 수 있습니다.")),
    "too-large": (413, _("본문이 너무 큽니다."), _("1 MB까지 받습니다.")),
    "no-json": (415, _("본문의 종류가 JSON이 아닙니다."), _("Content-Type: application/json으로 보내 주세요.")),
    "bad-input": (422, _("받을 수 없는 값이 있습니다."), _("fields에 적힌 칸을 고쳐 다시 보내 주세요.")),
    "bad-token": (401, _("쓸 수 없는 열쇠입니다."), _("내 정보에서 새 열쇠를 만들어 주세요.")),
    "no-csrf": (
        403,
        _("다른 화면에서 보낸 요청일 수 있어 받지 않았습니다."),
        _("X-CSRFToken 머리글을 함께 보내거나 열쇠를 써 주세요."),
    ),
    "tokens-tried": (429, _("맞지 않는 열쇠가 너무 많이 왔습니다."), _("10분 뒤에 다시 해 주세요.")),
    "not-sealed": (409, _("아직 봉인되지 않은 기록입니다."), _("잠시 뒤에 다시 받아 주세요.")),
}
FORBIDDEN = {"needs-level", "needs-role"}


class Wrong(Exception):
    """A request the API cannot take; `code` is a key of WORDS."""

    def __init__(self, code: str, *, fields: dict[str, list[str]] | None = None, **detail: Any) -> None:
        super().__init__(code)
        self.code, self.fields, self.detail = code, fields, detail


def answer(body: Any, status: int = 200) -> JsonResponse:
    response = JsonResponse(body, status=status, safe=False, json_dumps_params={"ensure_ascii": False})
    response["Content-Language"] = translation.get_language() or "ko"
    response["Vary"] = "Accept-Language, Authorization, Cookie"
    response["Cache-Control"] = "no-cache"
    return response


def refused(refusal: Refused) -> JsonResponse:
    """An expected "no": 401 without a person, 403 without the role, 409 for everything the thing itself says no to."""
    what, then = refusal.words()
    status = 401 if refusal.code == "needs-login" else 403 if refusal.code in FORBIDDEN else 409
    return _with_challenge(answer({"code": refusal.code, "what": what, "next": then}, status))


def wrong(fault: Wrong) -> JsonResponse:
    status, what, then = WORDS[fault.code]
    body: dict[str, Any] = {"code": fault.code, "what": str(what) % fault.detail, "next": str(then)}
    if fault.fields is not None:
        body["fields"] = fault.fields
    return _with_challenge(answer(body, status))


def _with_challenge(response: JsonResponse) -> JsonResponse:
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Bearer realm="madang"'
    if response.status_code == 429:
        response["Retry-After"] = "600"
    return response


def door(*methods: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view of the API: only these methods, faults and refusals as JSON, in the language of Accept-Language."""
    allowed = ("GET", "HEAD") if "GET" in methods else methods

    def wrap(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with translation.override(translation.get_language_from_request(request)):
                if request.method not in allowed:
                    response = wrong(Wrong("no-method"))
                    response["Allow"] = ", ".join(allowed)
                    return response
                try:
                    return view(request, *args, **kwargs)
                except Wrong as fault:
                    return wrong(fault)
                except Refused as refusal:
                    return refused(refusal)

        serve.csrf_exempt = True  # type: ignore[attr-defined]  # who.py checks it for sessions and says so in JSON
        return serve

    return wrap


def missing(request: HttpRequest, path: str = "") -> HttpResponse:
    """No such address; every method ends here alike."""
    with translation.override(translation.get_language_from_request(request)):
        return wrong(Wrong("not-found"))


missing.csrf_exempt = True  # type: ignore[attr-defined]
