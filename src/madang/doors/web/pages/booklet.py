"""원문 자료: the tables of the booklet as they were printed, with where they stand and of how many; each also as CSV."""

import csv
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from madang.doors.demo.files import document, tables
from madang.doors.web.donut import Page, page


@page
def booklet(request: HttpRequest) -> Page:
    """All tables on one page: what is printed is there to be found, what is not given says so."""
    try:
        known = tables()
    except FileNotFoundError:  # a house may leave the demo's files out
        raise Http404 from None
    told = [
        {
            "table": table,
            "columns": [{"label": label} for label in table.columns.values()],
            "rows": [[row[name] or "—" for name in table.columns] for row in table.rows()],
        }
        for table in known.values()
    ]
    return Page("web/booklet.html", {"section": "booklet", "document": document(), "tables": told}, set())


def download(request: HttpRequest, key: str) -> HttpResponse:
    """One table as CSV (utf-8-sig), its source and denominator in the last columns of every row."""
    try:
        table = tables()[key]
    except (FileNotFoundError, KeyError):
        raise Http404 from None
    out = StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([*table.columns.values(), "분모·대상(표 전체)", "출처"])
    lines.writerows([*(row[name] for name in table.columns), table.base, table.source] for row in table.rows())
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="booklet-{key}.csv"'
    return response


urlpatterns = [
    path("", booklet, name="booklet"),
    path("<slug:key>.csv", download, name="booklet-table"),
]
