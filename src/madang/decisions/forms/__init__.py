"""What may come in to decide: replies, reviews, resolutions, ballots."""

from madang.decisions.forms.ballots import CastForm, OpenBallotForm, ReportUseForm, new_receipt
from madang.decisions.forms.replies import (
    ExcludeForm,
    OpenResolutionForm,
    RateForm,
    RecuseForm,
    ReplyForm,
    RequestReviewForm,
    ReviewForm,
    VoteForm,
    costs,
    substance,
)

__all__ = [
    "CastForm",
    "ExcludeForm",
    "OpenBallotForm",
    "OpenResolutionForm",
    "RateForm",
    "RecuseForm",
    "ReplyForm",
    "ReportUseForm",
    "RequestReviewForm",
    "ReviewForm",
    "VoteForm",
    "costs",
    "new_receipt",
    "substance",
]
