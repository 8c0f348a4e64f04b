"""Where an act would happen: what a process, or the charter, lets whom do there and then."""

from datetime import datetime

from madang.access.may import Verdict, keeps_house
from madang.processes.models import Process
from madang.processes.queries import CHARTER, charter, today, window


@keeps_house
class CharterGround:
    """The house rules: for what belongs to no other process."""

    def roles_for(self, act: str, at: datetime) -> tuple[str, ...] | Verdict:
        house = charter()
        if house is None:  # a house without a charter: only the clock may adopt one
            return (
                ("clock",) if act in {"processes.adopt", "places.load", "bodies.found"} else Verdict(False, "not-here")
            )
        return house.rules.standing_may.get(act) or Verdict(False, "not-here")


class ProcessGround:
    """A process as a whole: its standing list, its first phases, and the phases whose window is open."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def roles_for(self, act: str, at: datetime) -> tuple[str, ...] | Verdict:
        process = self.process
        if process.key == CHARTER:
            return CharterGround().roles_for(act, at)
        rules = process.rules
        roles = list(rules.standing_may.get(act, ()))
        closed: Verdict | None = None
        if process.closed_at is None or at < process.closed_at:
            for phase in rules.phases:
                if act not in phase.may:
                    continue
                shut = self.shut(phase, at)
                if shut is None and (phase.window or phase.key in rules.first_phases()):
                    roles.extend(phase.may[act])
                elif closed is None:
                    closed = Verdict(False, "phase-closed") if shut is None else shut
        elif not process.archive:
            closed = Verdict(False, "process-closed")
        house = CharterGround().roles_for(act, at)
        if not isinstance(house, Verdict):
            roles.extend(house)
        if roles:
            return tuple(dict.fromkeys(roles))
        return Verdict(False, "not-here") if closed is None else closed  # a refusal is falsy: ask for None

    def shut(self, phase, at: datetime) -> Verdict | None:
        """Why the phase's window is not open at `at`; None when it is, or has no window."""
        if not phase.window:
            return None
        span = window(self.process, phase.window)
        day = today(at)
        if span is None or day > span[1]:
            return Verdict(False, "phase-closed")
        if day < span[0]:
            return Verdict(False, "not-yet-open", detail={"opens_on": span[0].isoformat()})
        return None
