"""Every "no" of the box and of the issuers: a code for machines, a status for HTTP, two sentences for people.

1. A refusal never carries what was sent, nor who sent it.
2. Codes are for good: pages, tests and other people's programs rest on them.
"""

from typing import Final

SAID: Final[dict[str, tuple[int, str, str]]] = {
    # what anyone may have got wrong
    "malformed": (400, "읽을 수 없는 요청입니다.", "The request cannot be read."),
    "wrong-size": (400, "보낸 것의 길이가 이 투표의 길이와 다릅니다.", "Its length is not the length of this poll."),
    "no-cookies": (400, "쿠키나 로그인 정보를 붙여 보내면 받지 않습니다.", "Sent with a cookie or login: not taken."),
    "length-required": (411, "길이를 먼저 밝혀야 합니다.", "Say the length first."),
    "too-large": (413, "너무 큽니다.", "Too large."),
    "too-slow": (408, "너무 천천히 와서 끊었습니다. 다시 보내 주세요.", "Too slow; please send it again."),
    "no-such-page": (404, "그런 주소가 없습니다.", "There is no such address."),
    "no-such-poll": (404, "그런 투표가 없습니다.", "There is no such poll."),
    "no-such-class": (403, "이 투표에 없는 유권자 구분입니다.", "This poll has no such class of voters."),
    "not-open-yet": (403, "아직 투표가 시작되지 않았습니다.", "The poll has not opened yet."),
    "closed": (403, "투표가 끝났습니다.", "The poll is closed."),
    # the box
    "bad-right": (403, "이 투표, 이 구분의 투표권이 아닙니다.", "This is no voting right of this poll and class."),
    "bad-signature": (403, "표의 서명이 맞지 않습니다.", "The ballot's signature does not fit."),
    "sealed-differs": (400, "봉인한 표가 머리글과 다릅니다.", "The sealed part is not the one the header names."),
    "seq-overflow": (400, "차례 번호가 범위를 벗어났습니다.", "The sequence number is out of range."),
    "seq-used": (409, "같은 번호로 다른 표가 이미 들어 있습니다.", "Another ballot is already there at this number."),
    "seq-lower": (409, "더 나중의 표가 이미 들어 있습니다.", "A later ballot is already there."),
    "no-revote": (409, "이 투표는 다시 투표할 수 없습니다.", "This poll takes one ballot from each right."),
    "not-on-board": (404, "아직 게시판에 오르지 않았거나 없는 표입니다.", "Not on the board, or not yet."),
    "no-checkpoint": (404, "아직 도장이 없습니다.", "There is no checkpoint yet."),
    "still-sealed": (403, "봉인 열쇠가 공개된 뒤에 볼 수 있습니다.", "Shown once the seal's key is published."),
    "not-a-witness": (403, "이 투표의 증인이 아닙니다.", "Not a witness of this poll."),
    "bad-cosignature": (403, "증인의 서명이 맞지 않습니다.", "The cosignature does not fit."),
    "box-full": (507, "저장할 자리가 없습니다. 영수증을 드리지 않았습니다.", "No room to store it; no receipt was given."),
    "busy": (503, "붐빕니다. 잠시 뒤 다시 보내 주세요.", "Busy; please send it again in a moment."),
    # the issuers
    "unknown-code": (403, "초대 번호를 확인해 주세요.", "Please check the invitation code."),
    "already-issued": (409, "이 사람의 투표권은 이미 발급되었습니다.", "This voter's right has already been issued."),
    "on-paper": (409, "이미 종이 투표용지를 받았습니다.", "This voter has already taken a paper ballot."),
    "slow-down": (429, "너무 자주 시도했습니다. 잠시 뒤 다시 해 주세요.", "Too many tries; please wait a while."),
    "bad-blinded": (400, "가려서 보낸 값이 열쇠의 범위를 벗어났습니다.", "The blinded value is out of the key's range."),
    "no-key": (410, "이 투표의 발급 열쇠는 없거나 폐기되었습니다.", "The issuing key is absent or destroyed."),
}


class TurnedAway(Exception):
    """Expected, answered kindly: `code` is a key of SAID."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def status(self) -> int:
        return SAID[self.code][0]

    def answer(self) -> dict[str, object]:
        """What goes back: `{"refused": code, "says": {"ko", "en"}}`."""
        _, korean, english = SAID[self.code]
        return {"refused": self.code, "says": {"ko": korean, "en": english}}
