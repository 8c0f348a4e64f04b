"""A fair lottery over panels, from pool and quotas to probabilities: which rule, how far it is reached, and who cannot sit.

1. A lottery is whole or refused: either every panel keeps every quota and household, or `Infeasible` says what to change.
2. `leximin` is leximin. `maximin` has many answers; we give the leximin one, the only one that does not depend on names.
   `nash` maximises the product. `legacy` is what the field did before; it has no bound.
3. `attained`: True: a lottery of whole panels with exactly these probabilities was made. False: the bound of the linear
   programme is above them, they are the optimum over whole panels. None: not tried (large pool; ask with exact=True).
4. People no panel can hold are named with the reason; they have 0, and the bound speaks of the others.
"""

from dataclasses import dataclass, field

import numpy as np

from madang.methods.sortition import legacy, table
from madang.methods.sortition.exact import Lottery, Pricing, Whole, leximin_whole, weighted
from madang.methods.sortition.levels import Level, Unattainable, leximin, values
from madang.methods.sortition.nash import nash, nash_whole
from madang.methods.sortition.problem import Floats, Ints, Problem
from madang.methods.sortition.reading import Refused
from madang.methods.sortition.relax import Relaxation, shortages, smallest, without_households

RULES = ("leximin", "maximin", "nash", "legacy")
SMALL = 40  # so few kinds are solved over whole panels at once
MIDDLE = 250  # up to so many, whole panels are tried where the linear programme is not reached
EXACT = 600  # up to so many, the exact lottery is made unasked
NASH_CLOSE = 1e-4
SIZES = (1000, 1500, 2000, 2500, 3000, 4000, 5000, 10_000, 20_000, 50_000)
SHARE = 0.97
REASONS_MAX = 20


class Infeasible(Refused):
    """No panel keeps these quotas. `relaxations`: cheapest first; empty where no allowed change is enough."""

    def __init__(self, korean: str, english: str, relaxations: list[Relaxation]) -> None:
        super().__init__(korean, english)
        self.relaxations = relaxations


@dataclass(frozen=True)
class Unholdable:
    """People of one kind whom no panel can hold, and the smallest change that would let one of them in."""

    ids: tuple[str, ...]
    korean: str
    english: str


@dataclass(frozen=True, eq=False)
class Selection:
    """`values[t]`: the probability of each person of kind t. `bound`: nobody's least chance can be above it."""

    rule: str
    problem: Problem
    values: Floats
    bound: float | None
    attained: bool | None
    unholdable: tuple[Unholdable, ...] = ()
    levels: tuple[Level, ...] = ()
    lottery: Lottery | None = None
    draws: Ints | None = field(default=None)

    @property
    def seats(self) -> Floats:
        """Expected seats per kind."""
        return self.values * self.problem.size

    @property
    def probabilities(self) -> dict[str, float]:
        """For each id its probability, before any table rounds it."""
        return self.problem.named(self.values)

    def panels_wanted(self) -> int:
        """The smallest usual table that keeps 97 % of the bound for everybody."""
        if not self.bound:
            return SIZES[0]
        return next((m for m in SIZES if int(self.bound * m + 1e-6) >= SHARE * self.bound * m), SIZES[-1])

    def table(self, number: int) -> list[list[str]]:
        """`number` panels as ids: each person named within one panel of the exact share where such a table exists."""
        if self.draws is not None:
            return table.turns(self.problem, self.draws)
        try:
            return table.turns(self.problem, table.panels(self.problem, self.seats, number))
        except table.Stuck:
            if self.lottery is None:
                raise Refused(
                    "패널 표를 만들지 못했습니다. --panels를 바꾸어 보세요.", "no table of this size was found"
                ) from None
        found = np.repeat(self.lottery.panels, _apportioned(self.lottery.weights, number), axis=0)
        return table.turns(self.problem, found)


def select(
    problem: Problem, rule: str = "leximin", *, exact: bool | None = None, panels: int = 1000, seed: str = "madang"
) -> Selection:
    """The fair lottery of `rule`. `exact`: make the lottery of whole panels (None: where it is quick).

    `panels` and `seed` are for `legacy` alone: how many panels are drawn, and from what. Raises Infeasible.
    """
    if rule not in RULES:
        raise Refused(f"모르는 규칙: {rule}", f"no such rule; one of {', '.join(RULES)}")
    if rule == "legacy":
        return _legacy(problem, panels, seed)
    if problem.kinds <= SMALL:
        return _small(problem, rule)
    try:
        found = leximin(problem)
    except Unattainable:
        raise infeasible(problem) from None
    reached = values(found.levels, problem.kinds)
    out = np.flatnonzero(reached < 1e-9)
    bound = float(np.delete(reached, out).min()) if len(out) < problem.kinds else 0.0
    if rule == "nash":
        reached = nash(problem, found.seats) / problem.size
    levels = found.levels if rule != "nash" else ()
    lottery = None
    if exact or (exact is None and problem.kinds <= EXACT):
        lottery = weighted(problem, reached * problem.size, NASH_CLOSE if rule == "nash" else 1e-9)
        if lottery is None and problem.kinds <= MIDDLE:
            return _small(problem, rule)
    elif not _one_panel(problem, reached * problem.size):
        raise infeasible(problem)
    shown = tuple(_reason(problem, int(t), number) for number, t in enumerate(out))
    return Selection(rule, problem, reached, bound, True if lottery else None, shown, levels, lottery)


def _small(problem: Problem, rule: str) -> Selection:
    """Over whole panels."""
    whole = leximin_whole(problem)
    if whole is None:
        raise infeasible(problem)
    live = np.delete(whole.values, whole.unholdable)
    shown = tuple(_reason(problem, int(t), number) for number, t in enumerate(whole.unholdable))
    if rule == "nash":
        lottery = nash_whole(problem)
        return Selection(rule, problem, lottery.seats / problem.size, float(live.min()), True, shown, (), lottery)
    levels = _levels_where_reached(problem, whole)
    reached = values(levels, problem.kinds) if levels else whole.values
    return Selection(rule, problem, reached, float(live.min()), bool(levels), shown, levels, whole.lottery)


def _levels_where_reached(problem: Problem, whole: Whole) -> tuple[Level, ...]:
    """The levels of the linear programme, where they are those over whole panels: only then their prices prove them."""
    out = np.zeros(problem.kinds, bool)
    out[whole.unholdable] = True
    try:
        found = leximin(problem.without(out))
    except Unattainable:
        return ()
    same = float(np.abs(values(found.levels, problem.kinds) - whole.values).max()) < 1e-7
    return found.levels if same else ()


def _one_panel(problem: Problem, seats: Floats) -> bool:
    """Whether there is one whole panel."""
    try:
        table.panels(problem, seats, 1, tries=1)
    except table.Stuck:
        return Pricing(problem).best(np.zeros(problem.kinds)) is not None
    return True


def _legacy(problem: Problem, number: int, seed: str) -> Selection:
    if Pricing(problem).best(np.zeros(problem.kinds)) is None:
        raise infeasible(problem)
    draws = legacy.panels(problem, number, seed)
    return Selection("legacy", problem, draws.mean(axis=0) / problem.size, None, None, draws=draws)


def infeasible(problem: Problem) -> Infeasible:
    """Why there is no panel, and the smallest changes after which there is one."""
    changes = smallest(problem)
    korean, english = ["할당을 모두 지키는 패널이 없습니다."], ["no panel keeps all quotas."]
    for said, beside in shortages(problem)[:10]:
        korean.append(said)
        english.append(beside)
    for number, one in enumerate(changes):
        lead = "가장 작은 완화" if number == 0 else "또는 가장 적은 단위로"
        korean.append(f"{lead}: " + "; ".join(str(change) for change in one.changes))
        english.append(f"change {one.units} (cost {float(one.cost):.2f})")
    if not changes:
        korean.append("min_flex·max_flex 안에서는 완화할 수 없습니다.")
        english.append("no change within min_flex and max_flex is enough.")
    if problem.houses and Pricing(without_households(problem)).best(np.zeros(problem.kinds)) is not None:
        korean.append("한 집에 한 사람 규칙이 없다면 패널이 있습니다.")
        english.append("without the household limit there is a panel.")
    return Infeasible(" ".join(korean), " ".join(english), changes)


def _reason(problem: Problem, kind: int, number: int) -> Unholdable:
    ids = problem.members[kind]
    barred = [problem.quotas.rows[q] for q in problem.rows[kind] if problem.high[q] == 0]
    if barred:
        named = ", ".join(map(str, barred))
        return Unholdable(ids, f"할당의 최대가 0입니다: {named}", f"a maximum is 0: {named}")
    if number >= REASONS_MAX:
        return Unholdable(ids, "다른 할당과 함께는 앉을 수 없습니다.", "not together with the other quotas")
    changes = smallest(problem, kind)
    if not changes:
        return Unholdable(ids, "허용된 완화로도 앉을 수 없습니다.", "no allowed change would seat them")
    named = "; ".join(str(change) for change in changes[0].changes)
    return Unholdable(ids, f"다른 할당과 함께는 앉을 수 없습니다. 앉으려면: {named}", f"seated only after: {named}")


def _apportioned(weights: Floats, number: int) -> Ints:
    """Whole copies, largest remainders first."""
    exact = weights * number
    copies = np.floor(exact + 1e-9).astype(np.int64)
    rest = np.argsort(-(exact - copies), kind="stable")[: number - int(copies.sum())]
    copies[rest] += 1
    return copies
