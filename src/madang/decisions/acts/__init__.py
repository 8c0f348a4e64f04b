"""Verbs of deciding: by reply, by resolution, by ballot."""

from madang.decisions.acts.ballots import cast, close_ballot, open_ballot
from madang.decisions.acts.replies import rate_reply, reply, request_review, review
from madang.decisions.acts.resolutions import close_resolution, exclude, open_resolution, recuse, sign, vote

__all__ = [
    "cast",
    "close_ballot",
    "close_resolution",
    "exclude",
    "open_ballot",
    "open_resolution",
    "rate_reply",
    "recuse",
    "reply",
    "request_review",
    "review",
    "sign",
    "vote",
]
