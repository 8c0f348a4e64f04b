"""What the recipe lets whom do on a reply, a resolution and a ballot.

An act of this room that a recipe does not name goes with the act it belongs to: whoever may vote may stand aside,
whoever may close may exclude; the proposer and the supporters may say whether a reply answered them.
"""

from datetime import datetime

from django.utils.timezone import localtime

from madang.access.may import Verdict
from madang.decisions.models import Ballot, Reply, Resolution
from madang.matters.ground import MatterGround

GOES_WITH = {"decisions.recuse": "decisions.vote", "decisions.exclude": "decisions.close_resolution"}
RATERS = ("proposer", "supporter")


class ReplyGround:
    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def roles_for(self, act: str, at: datetime) -> tuple[str, ...] | Verdict:
        roles = MatterGround(self.reply.matter).roles_for(act, at)
        return RATERS if act == "decisions.rate_reply" and isinstance(roles, Verdict) else roles


class ResolutionGround:
    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution

    def roles_for(self, act: str, at: datetime) -> tuple[str, ...] | Verdict:
        if self.resolution.closed_at is not None:
            return Verdict(False, "already-done")
        ground = MatterGround(self.resolution.matter)
        roles = ground.roles_for(act, at)
        return ground.roles_for(GOES_WITH[act], at) if act in GOES_WITH and isinstance(roles, Verdict) else roles


class BallotGround:
    """A ballot has days of its own; who may vote and close stands in its phase."""

    def __init__(self, ballot: Ballot) -> None:
        self.ballot = ballot

    def roles_for(self, act: str, at: datetime) -> tuple[str, ...] | Verdict:
        ballot = self.ballot
        if ballot.closed_at is not None:
            return Verdict(False, "already-done")
        if act == "decisions.cast" and at < ballot.opens_at:
            return Verdict(False, "not-yet-open", detail={"opens_on": localtime(ballot.opens_at).date().isoformat()})
        if act == "decisions.cast" and at > ballot.closes_at:
            return Verdict(False, "phase-closed")
        if act == "decisions.close_ballot" and at <= ballot.closes_at:
            return Verdict(
                False, "ballot-running", detail={"closes_on": localtime(ballot.closes_at).date().isoformat()}
            )
        roles = ballot.process.rules.may(act, ballot.phase)
        return tuple("option-proposer" if role == "proposer" else role for role in roles) or Verdict(False, "not-here")
