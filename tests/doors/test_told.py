"""What is said once after an act."""

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory

from madang.doors.web import told


@pytest.fixture
def say():
    """The cookie a response carries after these messages were told."""

    def cookie(*texts: str, tags: str = told.OFTEN) -> str:
        request = RequestFactory().get("/")
        request.session = {}
        storage = told.Storage(request)
        for text in texts:
            storage.add(messages.SUCCESS, text, tags)
        response = HttpResponse()
        storage.update(response)
        return response.cookies["messages"].value

    told._signed.cache_clear()
    return cookie


def heard(cookie: str) -> list[str]:
    request = RequestFactory().get("/")
    request.COOKIES["messages"] = cookie
    return [str(message) for message in CookieStorage(request)]


def test_django_itself_reads_what_was_signed_once(say):
    assert heard(say("공감하기: 기록되었습니다.")) == ["공감하기: 기록되었습니다."]
    assert say("공감하기: 기록되었습니다.") == say("공감하기: 기록되었습니다.")
    assert told._signed.cache_info().misses == 1


def test_what_is_told_to_one_person_is_never_remembered(say):
    assert heard(say("새 열쇠: abc", tags="")) == ["새 열쇠: abc"]
    assert told._signed.cache_info().currsize == 0


def test_two_messages_are_both_told(say):
    assert heard(say("하나", "둘")) == ["하나", "둘"]


def test_an_altered_cookie_says_nothing(say):
    cookie = say("공감하기: 기록되었습니다.")
    assert heard(cookie[:-2] + ("aa" if cookie[-2:] != "aa" else "bb")) == []
