"""What a recipe lets whom do on one 의제: the phases it is in now, and what stands at all times.

Costs no query on the common path: the open phases stand on the matter itself.
"""

from datetime import datetime

from madang.access.may import Verdict
from madang.matters.models import Matter
from madang.processes.ground import CharterGround


class MatterGround:
    def __init__(self, matter: Matter) -> None:
        self.matter = matter

    def roles_for(self, act: str, at: datetime) -> tuple[str, ...] | Verdict:
        process = self.matter.process
        rules = process.rules
        roles: list[str] = []
        over = False
        for key, until in self.matter.open_phases.items():
            phase = rules.phase(key)
            allowed = phase.may.get(act)
            if allowed is None:
                continue
            # the act that ends the phase is owed after its days, so it is the one act its days do not end
            if until and at > datetime.fromisoformat(until) and phase.owes.act != act:
                over = True
            else:
                roles.extend(allowed)
        roles.extend(rules.standing_may.get(act, ()))
        if roles:
            return tuple(dict.fromkeys(roles))
        house = CharterGround().roles_for(act, at)
        if not isinstance(house, Verdict):
            return house
        known = over or any(act in phase.may for phase in rules.phases)
        return Verdict(False, "phase-closed" if known else "not-here")
