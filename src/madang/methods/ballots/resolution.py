"""Resolutions: 재적 과반 출석, 출석 과반 찬성, and their relatives, in whole numbers.

1. A bar is data: of how many (seats, present, votes), more than or at least which share.
2. Abstaining is being present; it is never a yes.
3. Seats that stood aside leave the base only where the rule says so.
"""

from dataclasses import dataclass
from fractions import Fraction

BASES = ("seats", "present", "votes")


@dataclass(frozen=True, slots=True)
class Bar:
    """A share to reach: of `of` ("seats" 재적, "present" 출석, "votes" 찬반), `more` than the share or at least it."""

    of: str
    share: Fraction
    more: bool = True

    def __post_init__(self) -> None:
        if self.of not in BASES:
            raise ValueError(f"a bar is of {', '.join(BASES)}, not {self.of!r}")
        if not 0 <= self.share <= 1:
            raise ValueError(f"a share lies between 0 and 1, not {self.share}")

    def least(self, base: int) -> int:
        """The fewest people that reach the bar out of `base`; at least one."""
        exact = self.share * base
        floor = exact.numerator // exact.denominator
        needed = floor + 1 if self.more or exact.denominator > 1 else floor
        return max(needed, 1)


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of the reckoning: `have` people against the `need` that `bar` asks of `base`."""

    bar: Bar
    base: int
    need: int
    have: int

    @property
    def reached(self) -> bool:
        return self.have >= self.need


@dataclass(frozen=True, slots=True)
class Count:
    """What a roll call came to: adopted, rejected or no-quorum, with the two sums it follows from."""

    outcome: str
    quorum: Sum
    majority: Sum


def count(
    *, seats: int, aside: int = 0, yes: int, no: int, abstain: int, quorum: Bar, majority: Bar,
    aside_leaves_base: bool = True,
) -> Count:
    """Count a roll call.

    seats   filled seats (재적); aside  seats that stood aside (제척·기피·회피) among them
    Raises ValueError when a figure is negative or more people voted than had a seat. O(1).
    """
    present = yes + no + abstain
    if min(seats, aside, yes, no, abstain) < 0 or present + aside > seats:
        raise ValueError(f"{present} votes and {aside} aside do not fit into {seats} seats")
    bases = {"seats": seats - aside if aside_leaves_base else seats, "present": present, "votes": yes + no}
    first = Sum(quorum, bases[quorum.of], quorum.least(bases[quorum.of]), present)
    second = Sum(majority, bases[majority.of], majority.least(bases[majority.of]), yes)
    outcome = "no-quorum" if not first.reached else "adopted" if second.reached else "rejected"
    return Count(outcome, first, second)
