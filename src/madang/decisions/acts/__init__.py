"""Verbs of deciding: by reply, by resolution, by ballot."""

from madang.decisions.acts.ballots import cast, open_ballot
from madang.decisions.acts.published import import_vote
from madang.decisions.acts.replies import rate_reply, reply, request_review, review
from madang.decisions.acts.resolutions import close_resolution, exclude, open_resolution, recuse, sign, vote
from madang.decisions.acts.tallies import close_ballot, report_use

__all__ = [
    "cast",
    "close_ballot",
    "close_resolution",
    "exclude",
    "import_vote",
    "open_ballot",
    "open_resolution",
    "rate_reply",
    "recuse",
    "reply",
    "report_use",
    "request_review",
    "review",
    "sign",
    "vote",
]
