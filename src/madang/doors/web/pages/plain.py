"""Pages that show words: where to propose, help, privacy, and the pages of errors."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from madang.doors.web.donut import Page, page
from madang.doors.web.middleware import moment
from madang.doors.web.pages.processes import worded
from madang.processes.ground import ProcessGround
from madang.processes.queries import running

HELP = Path(__file__).resolve().parent.parent / "help"
TOPICS = {
    "": lambda: _("도움말"),
    "privacy": lambda: _("개인정보 처리"),
    "verify": lambda: _("기록을 검증하는 방법"),
    "ballots": lambda: _("투표의 비밀과 그 한계"),
    "secret-vote": lambda: _("봉해서 하는 비밀 투표"),
}


@page
def propose(request: HttpRequest) -> Page:
    """Where a proposal may be made today."""
    rows = [
        (p, worded(p.rules, p.rules.summary.said(get_language() or "ko")))
        for p in running(moment(request))
        if isinstance(ProcessGround(p).roles_for("proposals.submit", moment(request)), tuple)
    ]
    return Page("web/propose.html", {"section": "matters", "rows": rows}, {"processes"})


@page
def help_page(request: HttpRequest, topic: str = "") -> Page:
    """Help is Markdown kept beside the templates, in both languages."""
    if topic not in TOPICS:
        raise Http404
    language = "en" if get_language() == "en" else "ko"
    text = (HELP / f"{topic or 'index'}.{language}.md").read_text(encoding="utf-8")
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    prefix = "/en" if language == "en" else ""
    others = [
        (f"{prefix}/help/{key}/" if key else f"{prefix}/help/", title())
        for key, title in TOPICS.items()
        if key != topic
    ]
    return Page(
        "web/help.html",
        {"section": "help", "title": TOPICS[topic](), "body": mark_safe(body), "others": others},  # noqa: S308 — our own text
        set(),
    )


def demo(request: HttpRequest) -> HttpResponse:
    """The demo city's accounts and mailbox; nowhere else."""
    from madang.doors.demo import accounts, letters  # noqa: PLC0415 — only a demo city loads its demo

    return render(request, "web/demo.html", {"section": "demo", "accounts": accounts(), "letters": letters(20)})


def no_passwords(request: HttpRequest, rest: str) -> HttpResponse:
    """allauth has pages for passwords; this house has none."""
    raise Http404


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request,
        404,
        _("찾는 화면이 없습니다"),
        _("주소가 바뀌었거나 잘못 적혔습니다."),
        [_("찾기에서 낱말로 찾아 보세요."), _("의제 목록에서 둘러보세요.")],
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request,
        403,
        _("들어갈 수 없는 화면입니다"),
        _("이 화면은 다른 역할이 봅니다."),
        [_("로그인한 계정을 확인해 주세요.")],
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request,
        400,
        _("알아들을 수 없는 요청입니다"),
        _("보내신 내용이 너무 크거나 형식이 맞지 않습니다."),
        [_("앞 화면으로 돌아가 줄여서 다시 보내 주세요.")],
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Nothing here may fail: no template that asks the database."""
    return HttpResponse(
        "<!doctype html><html lang='ko'><meta charset='utf-8'><title>마당</title><h1>이곳의 잘못으로 답하지 못했습니다</h1>"
        "<p>기록된 일은 그대로 있습니다. 잠시 뒤 다시 해 주세요.</p>"
        "<p lang='en'>Our fault. What was recorded is safe; please try again.</p></html>",
        status=500,
    )


def _error(request: HttpRequest, status: int, title: str, why: str, steps: list[str]) -> HttpResponse:
    return render(request, "web/error.html", {"title": title, "why": why, "steps": steps}, status=status)


def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read everything public (전자정부 웹사이트 개방성)."""
    return HttpResponse(
        "User-agent: *\nDisallow: /accounts/\nDisallow: /do/\nDisallow: /me/\n", content_type="text/plain"
    )
