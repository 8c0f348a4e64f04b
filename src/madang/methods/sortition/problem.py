"""The problem without names: kinds of volunteers, how many there are of each, and the rows every panel must keep.

1. Two volunteers with the same features who live alone (or whose household does not count) are of one kind.
2. Members of a shared household are kinds of their own household; a panel holds at most one member of it.
3. Kinds stand in a canonical order, so neither the order of lines nor a hash seed can move a result.
4. A panel is a whole number x of seats for each kind with 0 ≤ x ≤ cap, Σx = seats, and min ≤ Σx ≤ max in every row.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from madang.methods.sortition.reading import Pool, Quotas, Refused, Volunteer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True, eq=False)
class Problem:
    """`rows[t]`: the quota rows of kind t, one per feature; `size`, `cap`: its people and the most a panel may hold;
    `house[t]`: its shared household or −1; `members[t]`: its people's ids, sorted."""

    seats: int
    rows: Ints
    size: Ints
    cap: Ints
    house: Ints
    low: Ints
    high: Ints
    members: tuple[tuple[str, ...], ...]
    quotas: Quotas

    @property
    def kinds(self) -> int:
        return len(self.size)

    @property
    def people(self) -> int:
        return int(self.size.sum())

    @property
    def houses(self) -> int:
        return int(self.house.max(initial=-1)) + 1

    @cached_property
    def bounds(self) -> tuple[Ints, Ints, Ints]:
        """Rows per kind, min and max of every row, shared households among them: each is a row of 0…1 (and whoever
        shares none counts in a last row without bounds)."""
        if not self.houses:
            return self.rows, self.low, self.high
        home = len(self.low) + np.where(self.house >= 0, self.house, self.houses)
        rows = np.hstack([self.rows, home[:, None]])
        low = np.concatenate([self.low, np.zeros(self.houses + 1, np.int64)])
        return rows, low, np.concatenate([self.high, np.ones(self.houses, np.int64), [self.seats]])

    @cached_property
    def available(self) -> Ints:
        """How many volunteers count in each quota row."""
        return self.total(self.size)

    def total(self, x: NDArray[Number]) -> NDArray[Number]:
        """Seats per quota row, given the seats `x` per kind."""
        return totals(self.rows, x, len(self.low))

    def without(self, kinds: NDArray[np.bool_]) -> "Problem":
        """The same problem where the marked kinds may hold no seat."""
        cap = np.where(kinds, 0, self.cap)
        return Problem(
            self.seats, self.rows, self.size, cap, self.house, self.low, self.high, self.members, self.quotas
        )

    def holds(self, x: Ints) -> bool:
        """Whether `x` is a panel: whole, within caps, households and every quota."""
        rows, low, high = self.bounds
        total = totals(rows, x, len(low))
        fits = bool((x >= 0).all() and (x <= self.cap).all() and x.sum() == self.seats)
        return fits and bool((total >= low).all() and (total <= high).all())

    def named(self, each: Floats) -> dict[str, float]:
        """A number per kind, as one for each of its people, by id."""
        return dict(sorted((name, float(each[t])) for t, names in enumerate(self.members) for name in names))


def totals(rows: Ints, x: NDArray[Number], length: int) -> NDArray[Number]:
    """The sum of `x` in each of `length` rows."""
    found = np.zeros(length, x.dtype)
    for column in rows.T:
        np.add.at(found, column, x)
    return found


def problem(pool: Pool, quotas: Quotas, seats: int, seated: Pool | None = None) -> Problem:
    """Gather kinds; people already seated take their seats, their quotas and their households with them.

    Refused: fewer volunteers than seats, or more people seated than seats.
    """
    there = seated.people if seated else ()
    names = {person.id for person in there}
    homes = {person.household for person in there if person.household}
    people = [p for p in pool.people if p.id not in names and not (p.household and p.household in homes)]
    vacant = seats - len(there)
    if vacant < 1:
        raise Refused(
            f"빈자리가 없습니다: 자리 {seats}, 이미 앉은 사람 {len(there)}.", f"no seat is vacant: {len(there)} seated"
        )
    if len(people) < vacant:
        raise Refused(f"지원자 {len(people)}명으로 {vacant}자리를 채울 수 없습니다.",
                      f"{len(people)} volunteers for {vacant} seats")  # fmt: skip
    taken = np.zeros(len(quotas.rows), np.int64)
    for person in there:
        taken[list(person.rows)] += 1
    low = np.array([row.min for row in quotas.rows], np.int64) - taken
    high = np.array([row.max for row in quotas.rows], np.int64) - taken
    over = [f"{row}: {taken[q]} > {row.max}" for q, row in enumerate(quotas.rows) if high[q] < 0]
    if over:
        raise Refused(
            "이미 앉은 사람만으로 최대를 넘습니다: " + ", ".join(over[:5]), "those seated already exceed a maximum"
        )
    return _gather(people, np.maximum(low, 0), high, vacant, quotas)


def _gather(people: list[Volunteer], low: Ints, high: Ints, seats: int, quotas: Quotas) -> Problem:
    living: dict[str, list[str]] = {}
    for person in people:
        if person.household:
            living.setdefault(person.household, []).append(person.id)
    shared = {home: min(ids) for home, ids in living.items() if len(ids) > 1}
    kinds: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for person in people:
        kinds.setdefault((shared.get(person.household, ""), person.rows), []).append(person.id)
    order = sorted(kinds, key=lambda kind: (kind[1], kind[0]))
    number = {home: h for h, home in enumerate(sorted(set(shared.values())))}
    size = np.array([len(kinds[kind]) for kind in order], np.int64)
    house = np.array([number.get(home, -1) for home, _ in order], np.int64)
    return Problem(
        seats=seats,
        rows=np.array([rows for _, rows in order], np.int64).reshape(len(order), len(quotas.features)),
        size=size,
        cap=np.where(house >= 0, 1, np.minimum(size, seats)),
        house=house,
        low=low,
        high=high,
        members=tuple(tuple(sorted(kinds[kind])) for kind in order),
        quotas=quotas,
    )
