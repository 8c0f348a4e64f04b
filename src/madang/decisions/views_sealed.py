"""Pages of a sealed ballot: voting, the board, the audit; and what they are made of.

1. The voting page may speak to this house, the box and the observers' issuer, and to nobody else (Content-Security-Policy).
2. Nothing that was marked ever comes here: there is no address of this house that takes it.
3. Nothing of these pages is kept: they know who asks.
"""

import hmac
import json
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from madang.access import ACTS, By, Refused, may
from madang.decisions import sealed
from madang.decisions.acts.sealed import group_of
from madang.decisions.forms import CastForm
from madang.decisions.forms.sealed import TakeRightForm
from madang.decisions.models import Ballot
from madang.decisions.models.sealed import RightBackup, SealedPoll
from madang.decisions.words import VOID, how_to_mark
from madang.decisions.words_sealed import AUDITING, BOARD, VOTING, steps
from madang.methods.sealed import b64, telling
from madang.record.key import signing_key


def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Three steps: get the right, mark and seal, keep the receipt."""
    of = _one(pk)
    on = of.ballot
    person = request.user if request.user.is_authenticated else None
    group, refusal = _group(request, on)
    form = CastForm(on=on)
    page = {
        "poll": of.text, "signature": of.signature, "key": str(signing_key().verifier), "box": of.box, "observers": of.observers,
        "right": reverse("sealed-right", args=[pk]), "backup": reverse("sealed-backup", args=[pk]),
        "board": reverse("sealed-board", args=[pk]), "owner": _owner(person, on), "class": group, "words": _said(VOTING) | _void(),
    }  # fmt: skip
    context = {
        "ballot": on, "poll": of.poll, "marks": form["marks"], "how": how_to_mark(on.rule), "page": page, "steps": steps(),
        "refusal": refusal, "only": on.rule.get("only", {}), "back": request.get_full_path(),
    }  # fmt: skip
    return _safe(render(request, "decisions/sealed/vote.html", context), of)


@require_POST
def right(request: HttpRequest, pk: int) -> JsonResponse:
    """The city's blind signature, or a refusal {"refused", "says"}."""
    of = _one(pk)
    form = TakeRightForm(request.POST, on=of.ballot, person=request.user if request.user.is_authenticated else None)
    if not form.is_valid():
        words = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"refused": "malformed", "says": words}, status=422)
    by = By(form.person, request.at, "web")  # type: ignore[attr-defined]
    try:
        answer = ACTS["decisions.take_right"](by, of.ballot, **form.cleaned_data)
    except Refused as no:
        return JsonResponse({"refused": no.code, "says": [str(part) for part in no.words()]}, status=409)
    return JsonResponse({"signature": b64(answer)})


@require_POST
def backup(request: HttpRequest, pk: int) -> JsonResponse:
    """The envelope that only the recovery code opens, to its own voter."""
    of = _one(pk)
    if not request.user.is_authenticated:
        return JsonResponse({"refused": "needs-login"}, status=403)
    kept = RightBackup.objects.filter(ballot=of.ballot, person=request.user).first()
    if kept is None:
        return JsonResponse({"refused": "no-backup"}, status=404)
    return JsonResponse({"backup": b64(bytes(kept.sealed))})


def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a receipt is looked up and proved."""
    of = _one(pk)
    page = {"poll": of.text, "box": of.box, "words": _said(BOARD)}
    return _safe(render(request, "decisions/sealed/board.html", {"ballot": of.ballot, "page": page, "of": of}), of)


def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The audit of poll.zip in the browser."""
    of = _one(pk)
    ready = sealed.published(of)
    language = "en" if get_language() == "en" else "ko"
    page = {
        "words": _said(AUDITING), "faults": {code: telling.words(code, language) for code in telling.WORDS},
        "zip": reverse("sealed-zip", args=[pk]) if ready else "",
    }  # fmt: skip
    context = {"ballot": of.ballot, "page": page, "of": of, "ready": ready, "key": str(signing_key().verifier)}
    return _safe(render(request, "decisions/sealed/audit.html", context), of)


def poll_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The exact bytes that were signed."""
    return _download(_one(pk).text.encode(), "poll.json")


def poll_sig(request: HttpRequest, pk: int) -> HttpResponse:
    return _download(_one(pk).signature.encode(), "poll.sig")


def seal_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The seal's seed, once the shares were put together."""
    of = _one(pk)
    if not of.seed:
        raise Http404
    return _download(json.dumps({"seed": of.seed}, separators=(",", ":")).encode(), "seal.json")


def poll_zip(request: HttpRequest, pk: int) -> FileResponse:
    """Everything anyone needs to check and recount the poll."""
    of = _one(pk)
    if not sealed.published(of):
        raise Http404
    return FileResponse(sealed.archive(of).open("rb"), as_attachment=True, filename="poll.zip")


def _one(pk: int) -> SealedPoll:
    try:
        return SealedPoll.objects.select_related("ballot__process__recipe", "ballot__fund").get(pk=pk)
    except (SealedPoll.DoesNotExist, OverflowError):
        raise Http404 from None


def _group(request: HttpRequest, on: Ballot) -> tuple[str, tuple[Any, Any] | None]:
    """The class somebody votes in as poll.json names it, or why not (what, then)."""
    person = request.user if request.user.is_authenticated else None
    if person is None:
        return "", None
    verdict = may(person, "decisions.take_right", on, request.at)  # type: ignore[attr-defined]
    try:
        if not verdict:
            raise Refused(verdict.code, **verdict.detail)
        return sealed.class_of(group_of(By(person, request.at, "web"), on)), None  # type: ignore[attr-defined]
    except Refused as no:
        return "", no.words()


def _owner(person: Any, on: Ballot) -> str:
    """A name for this account on this device, in this ballot alone: so that a shared phone tells its people apart."""
    return hmac.new(bytes(person.salt), f"sealed:{on.pk}".encode(), "sha256").hexdigest()[:16] if person else ""


def _said(words: dict[str, Any]) -> dict[str, str]:
    return {code: str(sentence) for code, sentence in words.items()}


def _void() -> dict[str, str]:
    """Why marks are no vote; without figures, which stand over the paper."""
    plain = {code: words for code, words in VOID.items() if "%(" not in str(words)}
    return {f"void-{code}": str(plain.get(code, VOTING["void"])) for code in VOID}


def _safe(response: HttpResponse, of: SealedPoll) -> HttpResponse:
    response["Content-Security-Policy"] = (
        f"default-src 'self'; img-src 'self' data:; connect-src 'self' {of.box} {of.observers}; object-src 'none'; base-uri 'none';"
        " form-action 'self'; frame-ancestors 'none'"
    )
    response["Cache-Control"] = "no-store"
    return response


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
