"""A refusal is an answer people live with: a code for machines, words and a next step for people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An expected "no". `code` has words in WORDS; `detail` fills them (numbers, dates, role keys — no free text)."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail

    def words(self) -> tuple[str, str]:
        """What was refused and what to do next, in the reader's language."""
        what, then = WORDS[self.code]
        return str(what) % self.detail, str(then) % self.detail


WORDS: dict[str, tuple[Any, Any]] = {}
SHARED = {"reason-missing", "words-missing"}  # said by several rooms; the words below serve all
CLASHES: list[str] = []


def refusals(words: Mapping[str, tuple[Any, Any]]) -> None:
    """Each room says its own refusals beside its acts: code → (what, next step)."""
    for code, said in words.items():
        if code in WORDS and code not in SHARED:
            CLASHES.append(code)  # a house test keeps this empty
        WORDS.setdefault(code, said)


refusals(
    {
        "needs-login": (_("이 일은 로그인해야 할 수 있습니다."), _("로그인하면 쓰던 내용이 그대로 이어집니다.")),
        "needs-level": (_("이 일은 본인확인이 필요합니다."), _("내 정보에서 본인확인을 마치고 다시 시도해 주세요.")),
        "needs-role": (_("이 일은 다른 역할이 합니다."), _("누가 무엇을 할 수 있는지는 과정 화면의 표에 있습니다.")),
        "phase-closed": (_("지금은 이 일을 하는 단계가 아닙니다."), _("과정 화면에서 단계와 날짜를 확인해 주세요.")),
        "not-here": (_("이 과정에서는 하지 않는 일입니다."), _("과정 화면의 표에서 할 수 있는 일을 확인해 주세요.")),
        "not-yet-open": (_("아직 시작하지 않았습니다. %(opens_on)s에 열립니다."), _("그날 다시 찾아 주세요.")),
        "process-closed": (_("이 과정은 끝났습니다."), _("결과와 기록은 계속 볼 수 있습니다.")),
        "reason-missing": (_("까닭이 빠져 있습니다."), _("무엇 때문인지 한 문장이라도 적어 주세요.")),
        "words-missing": (_("쓴 말이 없습니다."), _("한 문장이라도 적어 주세요.")),
        "already-done": (_("이미 처리된 일입니다."), _("화면을 새로 고쳐 지금 상태를 확인해 주세요.")),
    }
)
