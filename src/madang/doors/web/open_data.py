"""열린 자료: every sheet with its data dictionary, a look inside, and its JSON and CSV to take away."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from madang.access import SHEETS
from madang.access.sheets import Sheet
from madang.doors.api import rows
from madang.doors.api.answers import Wrong
from madang.doors.web.donut import Page, page

LOOK = 20  # rows shown on a page
KINDS = {
    "text": _("글"),
    "code": _("코드"),
    "integer": _("정수"),
    "krw": _("금액(원)"),
    "date": _("날짜"),
    "time": _("시각(UTC)"),
    "boolean": _("참·거짓"),
}


@page
def index(request: HttpRequest) -> Page:
    """All sheets, with what each holds."""
    told = [{"key": s.key, "title": s.title, "columns": len(s.columns)} for s in SHEETS.values()]
    return Page("web/open/index.html", {"sheets": told}, shows=())


def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """One sheet: its columns explained, and a page of its rows. Not kept: any act may change what it shows."""
    known = SHEETS.get(key)
    if known is None:
        raise Http404
    fault, given = "", {name: value.strip() for name, value in request.GET.items() if isinstance(value, str)}
    try:
        filters = rows.filters_of(known, given)
        found = rows.page(known, filters, after=given.get("after", ""), limit=LOOK)
    except Wrong as wrong:
        fault, filters, found = wrong.detail["name"], {}, rows.page(known, {}, limit=LOOK)
    return render(request, "web/open/sheet.html", _context(known, filters, found, fault), status=400 if fault else 200)


def _context(known: Sheet, filters: dict[str, str], found: rows.Rows, fault: str) -> dict[str, Any]:
    asked = urlencode(filters)
    return {
        "sheet": known,
        "columns": [{"label": column.title} for column in known.columns],
        "dictionary": [[column.key, column.title, KINDS[column.kind], column.says] for column in known.columns],
        "dictionary_columns": [{"label": _("열")}, {"label": _("이름")}, {"label": _("종류")}, {"label": _("뜻")}],
        "rows": [[shown(value) for value in row.values()] for row in found.rows],
        "filters": [(name, filters.get(name, "")) for name in known.filters],
        "asked": asked,
        "after": urlencode({**filters, "after": found.after}) if found.after else "",
        "fault": fault,
    }


def shown(value: Any) -> str:
    """A cell on the page: long texts are cut, they are whole in the files."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return str(_("참") if value else _("거짓"))
    text = str(value)
    return f"{text[:80]}…" if len(text) > 80 else text


urlpatterns = [
    path("", index, name="open"),
    path("<slug:key>/", sheet, name="open-sheet"),
]
