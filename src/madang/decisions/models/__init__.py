"""Nouns of deciding: replies, resolutions, ballots."""

from madang.decisions.models.ballots import Ballot, Option, RollEntry, SealedVote, Way
from madang.decisions.models.matters import OfMatter
from madang.decisions.models.paper import Booth, Bundle, Clash, Elector, Fate, PaperVote, Reading, RollTry, Sex
from madang.decisions.models.published import PublishedVote
from madang.decisions.models.replies import Conclusion, Rating, Reply, Review, ReviewRequest
from madang.decisions.models.resolutions import Aside, Resolution, Signature, Vote
from madang.decisions.models.scoring import Apart, Judgement
from madang.decisions.models.sealed import RightBackup, SealedPoll

__all__ = [
    "Apart",
    "Aside",
    "Ballot",
    "Booth",
    "Bundle",
    "Clash",
    "Conclusion",
    "Elector",
    "Fate",
    "Judgement",
    "OfMatter",
    "Option",
    "PaperVote",
    "PublishedVote",
    "Rating",
    "Reading",
    "Reply",
    "Resolution",
    "Review",
    "ReviewRequest",
    "RightBackup",
    "RollEntry",
    "RollTry",
    "SealedPoll",
    "SealedVote",
    "Sex",
    "Signature",
    "Vote",
    "Way",
]
