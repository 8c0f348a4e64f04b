"""Who stood next in each round of Equal Shares: "against which" a project was bought, and at what price the other stood.

1. Exact: the runner-up is the project that would have been bought had the winner not been there, by price, then by ties.
2. A price never falls while money is only spent, so the last price known bounds it from below: only those below are asked again.
3. What its supporters can no longer pay, or what no limit has room for, never comes back.
"""

from fractions import Fraction

from madang.methods.budgeting.exact import Replay
from madang.methods.budgeting.kernels import EPS


class Standing:
    """The projects still in the running of one replay. O(projects) a round, and a price asked of the few near the front."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        roll = replay.roll
        self.room = [int(one) for one in roll.room]
        self.low = {p: float(roll.floor[p]) * (1 - 8 * EPS) for p in range(len(roll.places))}

    def bought(self, winner: int) -> tuple[int, Fraction] | None:
        """Call before `winner` is paid: the next one and its price per unit of utility (in units), None where there is none."""
        del self.low[winner]
        second = self._next()
        roll = self.replay.roll
        for at in range(int(roll.rolls.caps[winner]), int(roll.rolls.caps[winner + 1])):
            self.room[int(roll.rolls.cap[at])] -= int(roll.rolls.use[at])
        return second

    def _next(self) -> tuple[int, Fraction] | None:
        best: tuple[Fraction, int, int] | None = None
        for p in sorted(self.low, key=self.low.__getitem__):
            if best and self.low[p] > float(best[0]) * (1 + 8 * EPS):
                break
            if not self._fits(p):
                del self.low[p]
                continue
            price = self._price(p)
            if price is not None:
                best = min(best or (price, self._rank(p), p), (price, self._rank(p), p))
        return (best[2], best[0]) if best else None

    def _price(self, p: int) -> Fraction | None:
        one = self.replay.price(p)
        if one is None:
            del self.low[p]
            return None
        self.low[p] = float(one.price) * (1 - 8 * EPS)
        return one.price

    def _rank(self, p: int) -> int:
        return int(self.replay.roll.rolls.rank[p])

    def _fits(self, p: int) -> bool:
        rolls = self.replay.roll.rolls
        ats = range(int(rolls.caps[p]), int(rolls.caps[p + 1]))
        return all(int(rolls.use[at]) <= self.room[int(rolls.cap[at])] for at in ats)
