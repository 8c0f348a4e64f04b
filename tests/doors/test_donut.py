"""Kept pages are true on the very next request, in every process, and hold nothing that is somebody's own."""

import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client, RequestFactory
from django.utils import timezone

from madang.access import ACTS, By, Refused
from madang.doors.web import donut
from madang.record import board as boards
from madang.record.board import board

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def kept_pages(settings):
    """Tests that roll back leave marks pending, as killed writers would: begin with a clean board."""
    settings.PAGES = True
    board().memory[:] = bytes(len(board().memory))


@pytest.fixture
def page(matter) -> str:
    return f"/m/{matter.number}/"


@pytest.fixture
def wsgi():
    """The server's own entry, with what stands before Django."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    from madang.doors.wsgi import application

    def ask(path: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
        said = []
        environ = {**RequestFactory().get(path).environ, "HTTP_HOST": "localhost", "wsgi.input": BytesIO(), **headers}
        environ.pop("HTTP_COOKIE", None)
        answer = application(environ | headers, lambda status, lines: said.append((status, dict(lines))))
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return (*said[0], body)

    return ask


def support(who, matter) -> None:
    ACTS["proposals.support"](By(who, timezone.now()), matter)


def kept(path: str) -> donut.Kept:
    return donut.PAGES[(path, "")]


def test_a_page_asked_for_twice_is_built_once(page):
    Client().get(page)
    first = kept(page)
    Client().get(page)
    assert kept(page) is first


@pytest.mark.parametrize("address", ["page", "/", "/matters/", "/p/democracy-seoul/"])
def test_a_support_shows_on_the_very_next_request(address, page, matter, person):
    address = page if address == "page" else address
    before = Client().get(address).content
    assert Client().get(address).content == before

    support(person("박서연"), matter)

    assert Client().get(address).content != before


def test_an_act_elsewhere_leaves_the_page_kept(page, matter, person, channel, by, yesterday):
    from madang.proposals.acts import submit

    other = submit(
        by(person("한지우"), yesterday),
        channel,
        title="골목에 가로등을",
        problem="어둡습니다.",
        idea="놓아 주세요.",
        place=channel.place,
    )
    Client().get(page)
    before = kept(page)

    support(person("박서연"), other)

    assert before.fresh(board().words)


def test_a_mark_moved_in_another_process_makes_the_page_untrue_here(page, matter):
    Client().get(page)
    assert kept(page).fresh(board().words)

    move = f"b.begin([b.slot('matter:{matter.pk}')]); b.end([b.slot('matter:{matter.pk}')])"
    _another_process(f"from madang.record.board import board; b = board(); {move}")

    assert not kept(page).fresh(board().words)


def test_a_writer_killed_between_change_and_commit_leaves_the_page_rebuilt_until_it_heals(page, matter, monkeypatch):
    begun = f"b.begin([b.slot('matter:{matter.pk}')])"
    killed = f"import os; from madang.record.board import board; b = board(); {begun}; os.kill(os.getpid(), 9)"
    _another_process(killed, code=-9)

    Client().get(page)
    assert (page, "") not in donut.PAGES or not kept(page).fresh(board().words)

    later = time.time() + boards.HEAL_AFTER + 1
    monkeypatch.setattr(boards.time, "time", lambda: later)
    Client().get(page)  # heals
    monkeypatch.undo()
    settings.PAGES = True
    Client().get(page)
    assert kept(page).fresh(board().words)


def test_a_refused_act_leaves_nothing_pending(page, matter, person):
    who = person("박서연")
    support(who, matter)
    with pytest.raises(Refused):
        support(who, matter)
    Client().get(page)
    assert kept(page).fresh(board().words)


def test_what_is_somebodys_own_is_never_in_the_kept_bytes(page, person):
    """The one who builds the page is signed in, has messages waiting and a CSRF token."""
    browser = Client()
    browser.force_login(person("이영희"))
    told = CookieStorage(RequestFactory().get("/"))
    browser.cookies["messages"] = told._encode([Message(constants.INFO, "이영희만 볼 말")])

    mine = browser.get(page).content.decode()

    theirs = kept(page).body.decode()
    assert "이영희" in mine and "이영희만 볼 말" in mine
    assert "이영희" not in theirs and "이영희만 볼 말" not in theirs and "csrfmiddlewaretoken" not in theirs
    assert not any(b"csrfmiddlewaretoken" in part for part in kept(page).parts if isinstance(part, bytes))


def test_nobody_signed_in_sees_what_is_in_anothers_holes(page, person):
    seen = []
    for name in ("이영희", "최민수"):
        browser = Client()
        browser.force_login(person(name))
        answer = browser.get(page)
        assert answer["Cache-Control"] == "private, no-store"
        seen.append(answer.content.decode())
    assert "이영희" in seen[0] and "최민수" not in seen[0]
    assert "최민수" in seen[1] and "이영희" not in seen[1]
    assert "최민수" not in Client().get(page).content.decode()


def test_before_django_the_kept_bytes_answer_and_an_unchanged_page_is_304(page, wsgi, matter, person):
    wsgi(page)
    status, headers, body = wsgi(page)
    assert (status, body) == ("200 OK", kept(page).body)
    assert headers["Content-Length"] == str(len(body)) and "Content-Security-Policy" in headers

    assert wsgi(page, HTTP_IF_NONE_MATCH=headers["ETag"])[0] == "304 Not Modified"
    support(person("박서연"), matter)
    status, _headers, _body = wsgi(page, HTTP_IF_NONE_MATCH=headers["ETag"])
    assert status == "200 OK"


def test_a_host_that_is_not_ours_gets_no_kept_page(page, wsgi):
    wsgi(page)
    assert wsgi(page, HTTP_HOST="elsewhere.example")[0].startswith("400")


def _another_process(words: str, code: int = 0) -> None:
    run = f"import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'madang.settings'; django.setup(); {words}"
    done = subprocess.run(
        [sys.executable, "-c", run], env={**_environment(), "MADANG_HOME": str(settings.HOME)}, check=False
    )
    assert done.returncode == code


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)
