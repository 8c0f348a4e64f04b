"""What the recipe lets whom do on a resolution and a ballot, while they are open."""

from datetime import datetime

from django.utils.timezone import localtime

from madang.access.may import Verdict
from madang.decisions.models import Ballot, Resolution
from madang.matters.ground import MatterGround

SEALING = ("decisions.seal_ballot", "decisions.open_seal", "decisions.take_board")


class ResolutionGround:
    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution

    def roles_for(self, act: str, at: datetime) -> tuple[str, ...] | Verdict:
        if self.resolution.closed_at is not None:
            return Verdict(False, "already-done")
        return MatterGround(self.resolution.matter).roles_for(act, at)


class BallotGround:
    """A ballot has days of its own; who may vote and close stands in its phase."""

    def __init__(self, ballot: Ballot) -> None:
        self.ballot = ballot

    def roles_for(self, act: str, at: datetime) -> tuple[str, ...] | Verdict:
        ballot = self.ballot
        if act == "decisions.report_use":
            if ballot.closed_at is None:
                return Verdict(False, "not-counted-yet")
            return ("operator",) if ballot.used_at is None else Verdict(False, "already-done")
        if ballot.closed_at is not None:
            return Verdict(False, "already-done")
        if act in SEALING:
            return ("operator",) if ballot.sealed else Verdict(False, "not-sealed")
        if act == "decisions.cast" and ballot.sealed:
            return Verdict(False, "sealed-box")
        if act == "decisions.take_right":
            if not ballot.sealed:
                return Verdict(False, "not-sealed")
            act = "decisions.cast"  # whoever may vote may take a right, in the same days
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
