"""The record on the web: browse it, prove a line, take the whole log home."""

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from madang.access import ACTS
from madang.record.models import Leaf
from madang.record.queries import browse, consistency, download, keys, newest, position_of, receipt

PER_PAGE = 50


def record(request: HttpRequest) -> HttpResponse:
    """The newest lines first, with their positions in the log."""
    before = request.GET.get("before", "")
    rows = browse(int(before) if before.isdecimal() and len(before) < 18 else None, PER_PAGE)
    positions = position_of([row.pk for row in rows])
    return render(
        request,
        "web/record.html",
        {
            "section": "record",
            "checkpoint": newest(),
            "keys": keys(),
            "lines": [
                (row, positions.get(row.pk), str(ACTS[row.act].title) if row.act in ACTS else row.act) for row in rows
            ],
            "after": f"before={rows[-1].pk}" if len(rows) == PER_PAGE else "",
        },
    )


def line(request: HttpRequest, position: int) -> HttpResponse:
    """One line by its position: its canonical text and the proof that it is in the log."""
    leaf = get_object_or_404(Leaf.objects.select_related("entry"), position=position)
    act = ACTS.get(leaf.entry.act)
    return render(
        request,
        "web/record_line.html",
        {
            "section": "record",
            "leaf": leaf,
            "entry": leaf.entry,
            "title": act.title if act else leaf.entry.act,
            "receipt": receipt(leaf.entry),
            "keys": keys(),
        },
    )


def line_receipt(request: HttpRequest, position: int) -> JsonResponse:
    leaf = get_object_or_404(Leaf.objects.select_related("entry"), position=position)
    response = JsonResponse(receipt(leaf.entry) or {}, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="receipt-{position}.json"'
    return response


def log(request: HttpRequest) -> FileResponse:
    """The verifiable log, from the position asked for (`?since=`) to the end."""
    since = request.GET.get("since", "0")
    out = BytesIO()
    try:
        download(out, int(since) if since.isdecimal() and len(since) < 18 else 0)
    except ValueError:  # the log is not that long
        raise Http404 from None
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename="madang-log.jsonl", content_type="application/jsonl")


def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint (a C2SP signed note), for monitors."""
    found = newest()
    return HttpResponse(found.note if found else "", content_type="text/plain; charset=utf-8")


def consistent(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """Proof that the log of `new` lines continues that of `old`."""
    proof = consistency(old, new) if new < 2**63 else None
    return JsonResponse(proof, status=200) if proof else JsonResponse({"code": "no-checkpoint"}, status=404)
