"""Whether a set of people is a panel: seats, quotas, households — by counting, in plain Python.

Used by the reserve and by `verify`; shares no code with the solver's side.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from madang.methods.sortition.reading import Pool, Quotas, Volunteer


class Rules:
    """Counting of panels for one pool: `faults` names what is broken, with the counts."""

    def __init__(self, pool: Pool, quotas: Quotas, seats: int, seated: Pool | None = None) -> None:
        self.quotas, self.seats = quotas, seats
        self.seated = seated.people if seated else ()
        there = {person.id for person in self.seated}
        self.people: dict[str, Volunteer] = {p.id: p for p in pool.people if p.id not in there}

    def faults(self, panel: Sequence[str]) -> list[str]:
        """Everything wrong with `panel` (the people drawn; those seated already count with them)."""
        unknown = [name for name in panel if name not in self.people]
        if unknown:
            return [f"‘{unknown[0]}’은(는) 지원자가 아닙니다 / not in the pool"]
        found = []
        if len(set(panel)) != len(panel):
            found.append("한 사람이 두 번 / somebody twice")
        everybody = [*self.seated, *(self.people[name] for name in panel)]
        if len(everybody) != self.seats:
            found.append(f"{len(everybody)}명, 자리 {self.seats} / {len(everybody)} people, {self.seats} seats")
        counted = Counter(row for person in everybody for row in person.rows)
        found += [
            f"{row}: {counted[q]} ∉ {row.min}…{row.max}"
            for q, row in enumerate(self.quotas.rows)
            if not (row.min <= counted[q] <= row.max)
        ]
        homes = Counter(person.household for person in everybody if person.household)
        own = {self.people[name].household for name in panel}
        if any(count > 1 and home in own for home, count in homes.items()):
            found.append("한 집에서 두 사람 / two of one household")
        return found

    def covers(self, panel: Sequence[str]) -> Callable[[str], set[str]]:
        """For somebody outside a sound `panel`: the members whose seat they could take alone."""
        everybody = [*self.seated, *(self.people[name] for name in panel)]
        counted = Counter(row for person in everybody for row in person.rows)
        home_of = {person.household: person.id for person in everybody if person.household}
        spare_above = {q for q, row in enumerate(self.quotas.rows) if counted[q] < row.max}
        spare_below = {q for q, row in enumerate(self.quotas.rows) if counted[q] > row.min}

        def members(name: str) -> set[str]:
            own = self.people[name]
            met = home_of.get(own.household) if own.household else None
            return {
                member
                for member in panel
                if met in (None, member)
                and all(
                    gone == come or (gone in spare_below and come in spare_above)
                    for gone, come in zip(self.people[member].rows, own.rows, strict=True)
                )
            }

        return members

    def fits(self, panel: Sequence[str]) -> bool:
        """Whether nothing is wrong with `panel`."""
        return not self.faults(panel)
