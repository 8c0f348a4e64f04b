"""The addresses of the API: sheets, one 의제 with everything about it, receipts, acts, and the document itself."""

import json
import re
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse, UnreadablePostError
from django.utils import translation

from madang.access import ACTS, SHEETS, Act, By, Refused
from madang.access.sheets import Sheet
from madang.bodies.queries import posts_of
from madang.doors.api import openapi, rows, shapes
from madang.doors.api.answers import Wrong, answer, door
from madang.doors.api.who import person
from madang.doors.web.do import thing
from madang.doors.web.models import Once
from madang.record import Note
from madang.record.models import Entry
from madang.record.queries import receipt

DEEPEST = 8
KEY = r"[A-Za-z0-9_-]{0,40}"  # an Idempotency-Key
MOST_DIGITS = 30  # of a number in a body; more is no number of ours and slow to read
ABOUT = ("stages", "links", "duties")  # besides every other sheet that filters by matter


@door("GET")
def document(request: HttpRequest) -> HttpResponse:
    return answer(openapi.document(translation.get_language() or "ko"))


@door("GET")
def sheets(request: HttpRequest) -> HttpResponse:
    """The data dictionary."""
    return answer({"sheets": [openapi.described(sheet) for sheet in SHEETS.values()]})


@door("GET")
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """One page of a sheet."""
    wanted = _sheet(key)
    given = _query(request, {*wanted.filters, "after", "limit", "order"})
    page = rows.page(
        wanted, rows.filters_of(wanted, given), after=_after(given), limit=_limit(given), oldest=_oldest(given)
    )
    return answer({"sheet": key, "rows": page.rows, "after": page.after})


@door("GET")
def sheet_csv(request: HttpRequest, key: str) -> HttpResponseBase:
    """The whole sheet, as it is read."""
    wanted = _sheet(key)
    filters = rows.filters_of(wanted, _query(request, set(wanted.filters)))
    lines = rows.csv_lines(wanted, filters)
    response = StreamingHttpResponse((line.encode() for line in lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}.csv"'
    response["Content-Language"] = translation.get_language() or "ko"
    return response


@door("GET")
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """One 의제: its row, and the rows about it of every sheet that can be asked for one 의제."""
    _query(request, set())
    if not number.isprintable() or len(number) > 60:
        raise Wrong("not-found")
    found = list(rows.whole(SHEETS["matters"], {"matter": number}, 1))
    if not found:
        raise Wrong("not-found")
    told: dict[str, Any] = {"matter": found[0]}
    for one in about_a_matter():
        told[one.key] = list(rows.whole(one, {"matter": number}, rows.MOST))
    told["entries"] = list(rows.whole(SHEETS["entries"], {"matter_id": str(found[0]["id"])}, rows.MOST))
    return answer(told)


def about_a_matter() -> list[Sheet]:
    return openapi.about_a_matter()


@door("GET")
def proof(request: HttpRequest, pk: str) -> HttpResponse:
    """The inclusion proof of one entry."""
    _query(request, set())
    entry = Entry.objects.filter(pk=int(pk)).first() if pk.isascii() and pk.isdecimal() and len(pk) < 19 else None
    if entry is None:
        raise Wrong("not-found")
    found = receipt(entry)
    if found is None:
        raise Wrong("not-sealed")
    return answer(found)


@door("GET")
def acts(request: HttpRequest) -> HttpResponse:
    """What can be done, on what, with which input."""
    _query(request, set())
    return answer({"acts": [openapi.told(act) for act in ACTS.values() if act.public]})


@door("POST")
def act(request: HttpRequest, name: str, pk: str) -> HttpResponse:
    """Do an act: the same form, the same act, the same refusals as on the page."""
    wanted = ACTS.get(name)
    if wanted is None or not wanted.public:
        raise Wrong("not-found")
    given = _query(request, {"post"})
    who = person(request)
    by = By(who, request.at, "api", _post(who, request, given))  # type: ignore[attr-defined]
    key = _idempotency(request)
    body = _body(request)
    on = _thing(wanted, pk)
    faults = shapes.faults(shapes.body(wanted), body)
    if faults:
        raise Wrong("bad-input", fields=faults)
    values, files = shapes.as_form_input(wanted, body)
    form = shapes.form_class(wanted)(values, files, on=on, person=who)
    unknown = {field: [str(shapes._("모르는 칸입니다."))] for field in body if field not in form.fields}
    if unknown or not form.is_valid():
        raise Wrong(
            "bad-input", fields=unknown or {field: [str(e) for e in said] for field, said in form.errors.items()}
        )
    return answer(_done(wanted, by, on, form.cleaned_data, key))


def _done(wanted: Act, by: By, on: Any, given: dict[str, Any], key: str) -> dict[str, Any]:
    """Act once for one key: a second arrival is told what the first one made."""
    if not key:
        return _acted(wanted, by, on, given)
    token = f"api:{by.person.pk}:{key}"[:64]
    try:
        with transaction.atomic():
            kept = Once.objects.create(token=token, made_at=by.at)
            told = _acted(wanted, by, on, given)
            Once.objects.filter(pk=kept.pk).update(address=f"{told['result'] or ''} {_numbers(told['entries'])}"[:200])
            return told
    except IntegrityError:
        earlier = Once.objects.filter(token=token).first()
        if earlier is None:
            raise
        result, _space, entries = earlier.address.partition(" ")
        return {"result": result or None, "entries": [int(n) for n in entries.split(",") if n], "again": True}


def _acted(wanted: Act, by: By, on: Any, given: dict[str, Any]) -> dict[str, Any]:
    before = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    result = wanted(by, on, **given)
    label = f"{result._meta.label_lower}:{result.pk}" if hasattr(result, "_meta") else None
    told: dict[str, Any] = {"result": label, "entries": _entries(wanted, by, before), "again": False}
    if getattr(result, "secret", "") and label and label.startswith("people.token:"):
        told["secret"] = result.secret
    return told


def _entries(wanted: Act, by: By, before: int) -> list[int]:
    """The entries this act just wrote: after `before`, at this moment, by this person's pseudonym."""
    fresh = Entry.objects.filter(id__gt=before, act=wanted.name, door=by.door, at=by.at).order_by("id")
    return [
        entry.pk
        for entry in fresh
        if entry.actor == by.pseudonym(Note(entry.subject, entry.matter_id, entry.process_id))
    ]


def _numbers(entries: list[int]) -> str:
    """As many entry numbers as fit beside the result."""
    return ",".join(str(entry) for entry in entries[:12])


# ── reading a request ────────────────────────────────────────────────────────


def _sheet(key: str) -> Sheet:
    if key not in SHEETS:
        raise Wrong("not-found")
    return SHEETS[key]


def _thing(wanted: Act, pk: str) -> Any:
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 20 and 0 < int(pk) < 2**63):
        raise Wrong("not-found")
    try:
        return thing(wanted, pk)
    except Http404:
        raise Wrong("not-found") from None


def _query(request: HttpRequest, known: set[str]) -> dict[str, str]:
    for name, values in request.GET.lists():
        if name not in known or len(values) != 1:
            raise Wrong("bad-query", name="".join(c for c in name if c.isprintable())[:60])
    return {name: value for name, value in request.GET.items() if isinstance(value, str)}


def _limit(given: dict[str, str]) -> int:
    text = given.get("limit", str(rows.USUAL))
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= rows.MOST):
        raise Wrong("bad-query", name="limit")
    return int(text)


def _after(given: dict[str, str]) -> str:
    if "after" in given and not 0 < len(given["after"]) <= rows.LONGEST:
        raise Wrong("bad-query", name="after")
    return given.get("after", "")


def _oldest(given: dict[str, str]) -> bool:
    order = given.get("order", "newest")
    if order not in {"newest", "oldest"}:
        raise Wrong("bad-query", name="order")
    return order == "oldest"


def _post(who: Any, request: HttpRequest, given: dict[str, str]) -> str:
    """For which post somebody acts: one they hold. Raises Wrong, Refused (needs-role)."""
    if "post" not in given:
        return ""
    if given["post"] not in posts_of(who, request.at):  # type: ignore[attr-defined]
        raise Refused("needs-role")
    return given["post"]


def _idempotency(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not re.fullmatch(KEY, key):
        raise Wrong("bad-header", name="Idempotency-Key")
    return key


def _body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the request; nothing at all is an empty one. Raises Wrong."""
    try:
        raw = request.body
    except RequestDataTooBig:
        raise Wrong("too-large") from None
    except UnreadablePostError:
        raise Wrong("bad-json") from None
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise Wrong("no-json")
    try:
        body = json.loads(raw.decode(), parse_int=_whole, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Wrong("bad-json") from None
    if not isinstance(body, dict) or _depth(body) > DEEPEST:
        raise Wrong("bad-json")
    return body


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError("no number of ours has so many digits")
    return int(digits)


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is not JSON")


def _depth(value: Any) -> int:
    """How deeply lists and objects are nested, walked without recursion."""
    deepest, todo = 0, [(value, 1)]
    while todo:
        here, depth = todo.pop()
        inside = here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
        if isinstance(here, dict | list):
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                return deepest
        todo += [(one, depth + 1) for one in inside if isinstance(one, dict | list)]
    return deepest
