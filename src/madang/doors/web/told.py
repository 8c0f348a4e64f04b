"""What a page says once after an act. The same words are signed once a program, not once an act.

Django signs a message anew each time, which costs an act as much as its line in the record. Its signature carries no
person and no end, so the same words may carry the same one.
"""

from functools import lru_cache
from typing import Any

from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage, MessagePartSerializer
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest

OFTEN = "often"  # extra_tags of a message many people are told; nothing secret, nothing of one person


class Told(CookieStorage):
    """Messages in a cookie; a message many are told is signed once."""

    def _store(self, messages: list[Message], response: Any, *args: Any, **kwargs: Any) -> list[Message]:
        if len(messages) == 1 and messages[0].extra_tags == OFTEN:
            self._update_cookie(_signed(messages[0].level, str(messages[0].message)), response)  # type: ignore[attr-defined]
            return []
        left: list[Message] = super()._store(messages, response, *args, **kwargs)  # type: ignore[misc]  # Django's own name
        return left


@lru_cache(maxsize=1_024)
def _signed(level: int, text: str) -> str:
    storage: Any = CookieStorage(HttpRequest())
    signed: str = storage._encode_parts(MessagePartSerializer().dumps([Message(level, text, OFTEN)]))
    return signed


class Storage(FallbackStorage):
    storage_classes = (Told, SessionStorage)
