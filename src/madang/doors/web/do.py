"""One page for every act: what it is, on what, its form; then the act, or a refusal with the next step.

1. What was written is never lost: a visitor's input becomes a draft that comes back after logging in; a stale form
   comes back filled.
2. A double click is one act: the form carries a token, kept in the act's own transaction.
3. The page asks may() only to say beforehand what would be refused; the act asks again itself.
"""

import secrets
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from madang.access import ACTS, Act, By, Refused, may
from madang.access.fetch import Fetch
from madang.access.forms import Nothing
from madang.doors.web.addresses import address
from madang.doors.web.middleware import moment
from madang.doors.web.models import Draft, Once
from madang.doors.web.told import OFTEN
from madang.proposals import queries as proposals
from madang.proposals.counting import first

NEVER_KEPT = {"csrfmiddlewaretoken", "once", "next", "draft"}
ALONG = ("matter__process", "process", "body", "place", "person")  # what acts look at on the way


def do(request: HttpRequest, name: str, pk: str) -> HttpResponse:
    """GET shows the act's form on the thing `pk`; POST does it."""
    act = ACTS.get(name)
    if act is None or not act.public:
        raise Http404
    on = thing(act, pk)
    if request.method == "POST":
        return _post(request, act, on)
    draft = Draft.objects.filter(key=request.GET.get("draft", "").replace("\x00", "")).first() if "draft" in request.GET else None
    given = draft.given if draft and draft.act == name else request.GET.dict()
    return _form_page(request, act, on, initial=given)


def thing(act: Act, pk: str) -> Any:
    """What the act is done on, with what acts look at on the way. Raises Http404."""
    fetch = _fetch(act.on)
    try:
        return fetch(pk)
    except (fetch.model.DoesNotExist, ValueError, OverflowError):
        raise Http404 from None


@cache
def _fetch(label: str) -> Fetch:
    """How a thing of this model is read, with what acts look at on the way."""
    model = apps.get_model(label)
    names = {field.name for field in model._meta.fields}
    return Fetch(model, [path for path in ALONG if path.split("__")[0] in names])


def _post(request: HttpRequest, act: Act, on: Any) -> HttpResponse:
    person = request.user if request.user.is_authenticated else None
    form = (act.form or Nothing)(request.POST, request.FILES, on=on, person=person)
    if not form.is_valid():
        return _form_page(request, act, on, form=form, status=422)
    if person is None and not may(None, act.name, on, moment(request)):
        return _to_login(request, act, on)
    token = request.POST.get("once", "")
    try:
        result, told = _once(request, act, on, form, token)
    except Refused as refusal:
        keeps = refusal.code == "needs-level" and not getattr(act.form, "secret", False)
        back = _kept(request, act, on) if keeps else ""
        return _form_page(request, act, on, form=form, refusal=refusal, status=409, back=back)
    where = told or onward(request, result if hasattr(result, "_meta") else on, on)
    if result is False:
        messages.warning(request, _("확인하지 못했습니다. 다시 한 번 살펴 주세요."))
    elif told:
        messages.info(request, _("이미 처리된 일입니다."))
    elif getattr(result, "secret", ""):
        messages.success(request, _("새 열쇠입니다. 지금 한 번만 보입니다: %(secret)s") % {"secret": result.secret})
    else:
        messages.success(request, _("%(act)s: 기록되었습니다.") % {"act": act.title}, extra_tags=OFTEN)
    return redirect(where)


def _once(request: HttpRequest, act: Act, on: Any, form: Any, token: str) -> tuple[Any, str]:
    """The act's result, or the address the same form led to before."""
    by = By(request.user if request.user.is_authenticated else None, moment(request), "web")
    if not token:
        return act(by, on, **form.cleaned_data), ""
    token = f"{request.user.pk}:{token}"[:64]

    def keep(result: Any) -> None:
        where = onward(request, result if hasattr(result, "_meta") else on, on)[:200]
        if not first(Once(token=token, address=where, made_at=by.at)):
            raise Twice

    by.beside = keep
    try:
        return act(by, on, **form.cleaned_data), ""
    except (Refused, Twice) as refusal:  # the first click may have made the second impossible
        earlier = Once.objects.filter(token=token).first()
        if earlier is None:
            raise refusal from None
        return None, earlier.address or address(on)


class Twice(Exception):
    """The form's token is known already: what the act changed is rolled back."""


def onward(request: HttpRequest, result: Any, on: Any) -> str:
    """Where to go after the act: where the form says, or the page of what came of it."""
    asked = request.POST.get("next", "")
    if asked and url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    where = address(result)
    return where if where != "/" else address(on)


def _to_login(request: HttpRequest, act: Act, on: Any) -> HttpResponse:
    """Keep what was written and lead through the door."""
    if getattr(act.form, "secret", False):  # a half-filled ballot is nobody's to keep
        messages.info(request, _("로그인한 뒤 다시 골라 주세요. 고른 것은 남겨 두지 않았습니다."))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('do', args=[act.name, on.pk])})}")
    back = _kept(request, act, on)
    messages.info(request, _("쓰신 내용은 그대로 두었습니다. 로그인하면 이어집니다."))
    return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")


def _kept(request: HttpRequest, act: Act, on: Any) -> str:
    """Keep what was written; the address at which it goes on."""
    key = secrets.token_urlsafe(32)
    Draft.objects.create(
        key=key, act=act.name, on_pk=str(on.pk), given=written(request.POST), saved_at=moment(request)
    )
    return f"{reverse('do', args=[act.name, on.pk])}?{urlencode({'draft': key})}"


def _form_page(
    request: HttpRequest,
    act: Act,
    on: Any,
    *,
    form: Any = None,
    initial: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
    back: str = "",
) -> HttpResponse:
    person = request.user if request.user.is_authenticated else None
    verdict = may(person, act.name, on, moment(request))
    if refusal is None and not verdict and verdict.code != "needs-login":
        refusal, status = Refused(verdict.code, **verdict.detail), 403
    if form is None:
        form = (act.form or Nothing)(initial=initial or {}, on=on, person=person)
    what, then = refusal.words() if refusal else ("", "")
    code = refusal.code if refusal else ""
    return render(
        request,
        "web/do.html",
        {
            "act": act,
            "on": on,
            "called": _called(on, person),
            "form": form,
            "where": address(on),
            "about": _about(act, on),
            "once": secrets.token_urlsafe(16),
            "needs_login": verdict.code == "needs-login",
            "refused": code,
            "back": back or request.get_full_path(),
            "refused_what": what,
            "refused_then": then,
            "shut": code in {"phase-closed", "not-here", "not-yet-open", "process-closed", "needs-role"}
            and status == 403,
            "next": request.POST.get("next") or request.GET.get("next", ""),
        },
        status=status,
    )


def _about(act: Act, on: Any) -> Any:
    """The words of the 의제 at hand, so that whoever answers has them before their eyes; not for its own form."""
    matter = getattr(on, "matter", None)
    return proposals.panel(matter).get("proposal") if matter and not act.name.startswith("proposals.") else None


def _called(on: Any, person: Any) -> str:
    """What an act is done on, in words anyone may read: no hidden title, no other person's name or key."""
    matter = on if on._meta.label_lower == "matters.matter" else getattr(on, "matter", None)
    if getattr(matter, "hidden_at", None) is not None:
        return _("가려진 의제")
    whose = on if on._meta.label_lower == "people.person" else getattr(on, "person", None)
    if on._meta.app_label == "people" and whose is not None and (person is None or whose.pk != person.pk):
        return _("내 마당")
    return str(on)


def written(posted: QueryDict) -> dict[str, Any]:
    """What a person wrote into a form, as values a form can start from again."""
    return {
        name: values[0] if len(values) == 1 else values for name, values in posted.lists() if name not in NEVER_KEPT
    }


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent with a stale token: give it back filled, with a fresh one, instead of an error page."""
    match = request.resolver_match
    if match is None or match.url_name != "do":
        return render(request, "web/stale.html", {"reason": reason}, status=403)
    act = ACTS.get(match.kwargs["name"])
    if act is None or not act.public:
        raise Http404
    messages.info(request, _("화면을 연 지 오래되어 한 번 더 확인합니다. 쓰신 내용은 그대로입니다. 다시 눌러 주세요."))
    return _form_page(request, act, thing(act, match.kwargs["pk"]), initial=written(request.POST), status=403)
