"""Verbs of deciding: by reply, by resolution, by ballot."""

from madang.decisions.acts.ballots import cast, open_ballot
from madang.decisions.acts.booths import exchange_paper, hand_paper, open_booth, print_more, sync_booth
from madang.decisions.acts.paper import read_bundle, recount_bundle
from madang.decisions.acts.published import import_vote
from madang.decisions.acts.replies import rate_reply, reply, request_review, review
from madang.decisions.acts.resolutions import close_resolution, exclude, open_resolution, recuse, sign, vote
from madang.decisions.acts.rolls import find_on_roll, load_roll
from madang.decisions.acts.scoring import close_scoring, score, step_aside
from madang.decisions.acts.sealed import open_seal, seal_ballot, take_board, take_right
from madang.decisions.acts.tallies import close_ballot, report_use

__all__ = [
    "cast",
    "close_ballot",
    "close_resolution",
    "close_scoring",
    "exchange_paper",
    "exclude",
    "find_on_roll",
    "hand_paper",
    "import_vote",
    "load_roll",
    "open_ballot",
    "open_booth",
    "open_resolution",
    "open_seal",
    "print_more",
    "rate_reply",
    "read_bundle",
    "recount_bundle",
    "recuse",
    "reply",
    "report_use",
    "request_review",
    "review",
    "score",
    "seal_ballot",
    "sign",
    "step_aside",
    "sync_booth",
    "take_board",
    "take_right",
    "vote",
]
