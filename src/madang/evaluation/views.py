"""Pages of evaluation: one 의제's evaluations, and the figures of the house or of a process."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from madang.evaluation import queries
from madang.evaluation.figures import Scope, load
from madang.matters.queries import visible_to
from madang.processes.models import Process


def page(request: HttpRequest, number: str) -> HttpResponse:
    """Everything public about a 의제's evaluations."""
    matter = visible_to(request.user).select_related("process").filter(number=number).first()
    if matter is None:
        raise Http404
    found = [(e, queries.scored(e), queries.frozen(e)) for e in queries.evaluations_of(matter)]
    return render(request, "evaluation/page.html", {
        "matter": matter, "evaluations": found, "moderating": request.GET.get("moderate") == "1",
    })


def figures(request: HttpRequest) -> HttpResponse:
    """The last twelve months, whole house or ?process=key."""
    process, key = None, request.GET.get("process")
    if key:
        process = Process.objects.filter(key=key).first()
        if process is None:
            raise Http404
    scope, span = Scope(process=process.pk if process else None), queries.year_of(now())
    return render(request, "evaluation/figures.html", {
        "process": process, "span": span, "rows": queries.figures(load(), scope, span),
        "bodies": queries.kept_by_body(span, scope),
    })
