"""Nobody could have been given more at no cost to those with less: the proof of the levels, in whole numbers.

A level's certificate is one price for each quota row, seat and (rarely) household or person. For any panel at all, the
prices of its members' rows sum to at most what the quotas allow; so whoever is not yet fixed can have, on the average
weighted by these sums, no more than that amount less what the fixed ones must keep. `bound` computes it in fractions.

1. The proof holds whatever the prices are: wrong prices give a weaker bound, never a false one.
2. Prices are whole numbers; no float enters. `verify` calls this module and nothing of the solver's side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from madang.methods.sortition.reading import Quotas, Volunteer


@dataclass(frozen=True)
class Prices:
    """Whole-number prices: of a seat, of each quota row (negative: its minimum binds), of a household, of a person."""

    seat: int
    rows: Mapping[int, int]
    houses: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)

    def to_json(self, quotas: Quotas) -> dict[str, Any]:
        """Rows by name, so that a reader sees what binds."""
        named = {str(quotas.rows[q]): price for q, price in self.rows.items() if price}
        return {"seat": self.seat, "rows": named, "houses": dict(self.houses), "people": dict(self.people)}

    @classmethod
    def of_json(cls, given: Mapping[str, Any], quotas: Quotas) -> "Prices":
        """Raises KeyError or ValueError where it is none of these quotas."""
        number = {str(row): q for q, row in enumerate(quotas.rows)}
        return cls(
            int(given["seat"]),
            {number[name]: int(price) for name, price in given["rows"].items()},
            {str(home): int(price) for home, price in given["houses"].items()},
            {str(name): int(price) for name, price in given["people"].items()},
        )


def bound(
    people: Sequence[Volunteer],
    homes: Mapping[str, str],
    limits: Sequence[tuple[int, int]],
    seats: int,
    prices: Prices,
    kept: Mapping[str, Fraction],
) -> Fraction:
    """The most that the worst-off of those not in `kept` can have, given that those in `kept` keep at least theirs.

    `people`: all who may be drawn; `homes`: id → shared household; `limits`: min and max of each quota row, less those
    seated. Raises ZeroDivisionError where the prices weigh nobody (they prove nothing).
    """
    if any(price < 0 for price in (*prices.houses.values(), *prices.people.values())):
        raise ValueError("a negative price of a household or a person")
    allowed = Fraction(prices.seat * seats + sum(prices.houses.values()) + sum(prices.people.values()))
    for q, price in prices.rows.items():
        allowed += price * limits[q][1 if price > 0 else 0]
    weight = 0
    for person in people:
        worth = prices.seat + sum(prices.rows.get(q, 0) for q in person.rows)
        worth += prices.houses.get(homes.get(person.id, ""), 0) + prices.people.get(person.id, 0)
        if worth < 0:  # a seat for this person costs −worth: nobody has more than one
            allowed -= worth
        elif person.id in kept:
            allowed -= worth * kept[person.id]
        else:
            weight += worth
    return allowed / weight
