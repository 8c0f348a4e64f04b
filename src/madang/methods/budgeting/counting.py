"""One count of Equal Shares from a given start: floats lead, fractions settle every doubt.

1. The order returned is the exact order: `kernels.advance` names only proven winners, `exact.Replay.settle` the others.
2. A roll is counted from the same hands again and again (Add1 asks thousands of times); nothing is left over between counts.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from madang.methods.budgeting.exact import Replay, Roll
from madang.methods.budgeting.kernels import DONE, EPS, Hands, advance, pay


class Count:
    """Counts one roll from any start. `doubts`: how often fractions were asked."""

    def __init__(self, roll: Roll) -> None:
        size = len(roll.places)
        self.roll = roll
        own = roll.rolls  # the kernels put those with nothing left behind the others, in a copy
        self.rolls = own._replace(who=own.who.copy(), many=own.many.copy(), util=own.util.copy())
        self.full = np.diff(roll.rolls.begin)
        self.first_low = roll.floor * (1 - 8 * EPS)
        self.queue = np.argsort(self.first_low, kind="stable").astype(np.int64)
        self.hands = Hands(
            np.zeros((len(roll.fund), 2)), self.full.copy(), np.zeros(size), np.ones(size, np.int8), self.queue.copy(),
            roll.room.copy(), np.zeros(size, np.int64), np.zeros(size), np.zeros(size, np.int64), np.zeros(1, np.int64),
        )
        self.doubts = 0

    def run(self, start: Sequence[Fraction]) -> tuple[int, ...]:
        """The projects chosen, in order (positions in the roll)."""
        hands = self._fresh(start)
        replay: Replay | None = None
        while True:
            status, rivals = advance(self.rolls, hands)
            if status == DONE:
                return tuple(hands.order[: hands.made[0]].tolist())
            self.doubts += 1
            replay = replay or Replay(self.roll, start)
            for p in hands.order[len(replay.rounds) : hands.made[0]].tolist():
                replay.take(p)
            self._settle(replay, hands.doubt[:rivals].tolist())

    def _settle(self, replay: Replay, rivals: list[int]) -> None:
        winner, prices = replay.settle(rivals)
        for p, one in prices.items():
            if one is None:
                self.hands.alive[p] = 0
        best = prices.get(winner)
        if best is None:
            return
        replay.push(best)
        price = float(best.price * self.roll.units[winner])
        pay(winner, price, 2 * EPS * price, self.rolls, self.hands)

    def _fresh(self, start: Sequence[Fraction]) -> Hands:
        hands = self.hands
        amounts = np.array([float(one) for one in start])
        hands.money[:, 0] = amounts[self.roll.fund]
        hands.money[:, 1] = 2 * EPS * hands.money[:, 0]
        hands.length[:] = self.full
        hands.low[:] = self.first_low
        hands.alive[:] = 1
        hands.queue[:] = self.queue
        hands.room[:] = self.roll.room
        hands.made[0] = 0
        return hands
