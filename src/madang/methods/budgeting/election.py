"""An election of a participatory budget: projects, the budget, and the ballots with equal ones put together.

1. Amounts are exact: money is a Fraction, points are whole numbers over one scale (`points_scale`).
2. Equal ballots (same picks, order, points, weight and fund) are one group with a number of voters; nothing depends on
   the order in which ballots came, or on the files they came in: groups are sorted.
3. The picks of a group are project positions, ascending, each once. A pick worth nothing (0 points) is no pick.
4. Projects stand sorted by id, so that equal elections are equal whatever the order of their rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
UTILITIES = ("cost", "cardinality", "scores", "borda")
NOTHING: Mapping[str, str] = MappingProxyType({})
WIDE, WIDER = ">u4", ">i8"


@dataclass(frozen=True, slots=True)
class Project:
    """One project. `votes` and `score` as announced in the file; `selected` as announced ("1" chosen, "" unknown)."""

    id: str
    cost: Fraction
    name: str = ""
    categories: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    selected: str = ""
    votes: str = ""
    score: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Election:
    """G ballot groups with M picks in all, by group in CSR form.

    voters  int64[G]  how many voters cast this ballot, their weight multiplied in
    starts  int64[G+1], picks int32[M]  group g picked projects picks[starts[g]:starts[g+1]], ascending
    points  int64[M]  points of each pick × `points_scale`; 1 without points · places int32[M]  0 = named first (ordinal)
    funds_group  int32[G]  index into `funds` (the voters' groups with money of their own; one "" without)
    """

    meta: Mapping[str, str]
    projects: tuple[Project, ...]
    budget: Fraction
    vote_type: str
    voters: Whole
    starts: Whole
    picks: Small
    points: Whole
    places: Small
    points_scale: int = 1
    funds: tuple[str, ...] = ("",)
    funds_group: Small = field(default_factory=lambda: np.zeros(0, np.int32))
    ballots: int = 0
    has_points: bool = False
    notes: tuple[str, ...] = ()

    @cached_property
    def costs(self) -> tuple[Fraction, ...]:
        return tuple(project.cost for project in self.projects)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(project.id for project in self.projects)

    @cached_property
    def position(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.ids)}

    @cached_property
    def people(self) -> int:
        """The number of voters (Σ weights), empty ballots included."""
        return int(self.voters.sum())

    @cached_property
    def groups(self) -> Whole:
        """The ballot group of each pick, int64[M]."""
        return np.repeat(np.arange(len(self.voters), dtype=np.int64), np.diff(self.starts))

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many voters picked each project (weights multiplied in)."""
        return tuple(sums(self.picks, self.voters[self.groups], len(self.projects)))

    @property
    def default_utility(self) -> str:
        """Cost for approval and choose-1, scores for cumulative and scoring, Borda for ordinal."""
        return {"cumulative": "scores", "scoring": "scores", "ordinal": "borda"}.get(self.vote_type, "cost")

    def utilities(self, kind: str) -> tuple[npt.NDArray[np.int64] | npt.NDArray[np.object_], int]:
        """What each pick is worth to its voter: (whole numbers [M], scale); the utility is number ÷ scale. O(M).

        cost  the cost of the project · cardinality  1 · scores  the points (ordinal without points: max_length − place, as
        cities count 3-2-1) · borda  ballot's length − 1 − place, so the last is worth 0. Numbers too large for int64 come as
        Python integers (object array). Raises ValueError for another kind.
        """
        if kind == "cardinality":
            return np.ones(len(self.picks), np.int64), 1
        if kind == "scores" and (self.has_points or self.vote_type != "ordinal"):
            return self.points, self.points_scale
        if kind == "scores":
            said, longest = self.meta.get("max_length", "").strip(), int(np.diff(self.starts).max(initial=0))
            longest = max(longest, int(said)) if said.isdecimal() and len(said) < 7 else longest
            return longest - self.places.astype(np.int64), 1
        if kind == "borda":
            lengths: Whole = np.diff(self.starts)[self.groups]
            return (lengths - 1 - self.places).astype(np.int64), 1
        if kind != "cost":
            raise ValueError(f"unknown utility {kind!r}: one of {', '.join(UTILITIES)}")
        scale = lcm(*(cost.denominator for cost in self.costs))
        whole = [int(cost * scale) for cost in self.costs]
        if max(whole, default=0) < 2**62:
            return np.array(whole, np.int64)[self.picks], scale
        return np.array(whole, object)[self.picks], scale


def sums(places: npt.NDArray[np.integer], amounts: npt.NDArray[np.integer] | npt.NDArray[np.object_], size: int) -> list[int]:
    """Exact Σ of whole `amounts` by place. O(len): floats where they are exact, Python integers beyond 2⁵³."""
    if not len(places):
        return [0] * size
    if amounts.dtype != object and int(np.abs(amounts).max()) * len(amounts) < 2**53:
        return [int(one) for one in np.bincount(places, weights=amounts, minlength=size)]
    found = [0] * size
    for place, amount in zip(places.tolist(), amounts.tolist(), strict=True):
        found[place] += amount
    return found


class Ballots(NamedTuple):
    """Ballots as they come, K of them: whatever order, equal ones or not.

    many, weight  how many people cast it, and the weight of each · lengths [K], picks  positions in the list of projects,
    ballot after ballot, ordinal ones in their order · points  of each pick (None without) · fund  of each ballot (None without)
    """

    many: Sequence[int] | Whole
    lengths: Sequence[int] | Whole
    picks: Sequence[int] | Whole
    points: Sequence[int | Fraction] | None = None
    weight: Sequence[int] | None = None
    fund: Sequence[str] | None = None


def gather(
    projects: Iterable[Project], ballots: Ballots, budget: Fraction, vote_type: str, *, meta: Mapping[str, str] = NOTHING,
    notes: Sequence[str] = (),
) -> Election:
    """Put equal ballots together. O(picks log picks + groups log groups).

    Raises ValueError for a project twice, an unknown vote type, a project twice in one ballot, or amounts below 0.
    """
    listed = tuple(projects)
    order = sorted(range(len(listed)), key=lambda place: listed[place].id)
    _sound(listed, order, budget, vote_type)
    rows = _tidy(ballots, order, vote_type == "ordinal")
    funds = tuple(sorted(set(ballots.fund))) if ballots.fund else ("",)
    groups = _grouped(rows, ballots, funds)
    keys = sorted(groups)
    picks = np.frombuffer(b"".join([key[0][4:] for key in keys]), WIDE).astype(np.int32)
    starts = np.zeros(len(keys) + 1, np.int64)
    np.cumsum([len(key[0]) // 4 - 1 for key in keys], out=starts[1:])
    points, places = np.ones(len(picks), np.int64), np.zeros(len(picks), np.int32)
    if rows.points is not None:
        points = np.frombuffer(b"".join([key[2] for key in keys]), WIDER).astype(np.int64)
    if rows.places is not None:
        places = np.frombuffer(b"".join([key[1] for key in keys]), WIDE).astype(np.int32)
    return Election(
        meta, tuple([listed[place] for place in order]), budget, vote_type,
        np.array([groups[key] for key in keys], np.int64), starts, picks, points, places, rows.scale, funds,
        np.frombuffer(b"".join([key[0][:4] for key in keys]), WIDE).astype(np.int32),
        int(sum(ballots.many)), rows.points is not None, tuple(notes),
    )


def _sound(listed: Sequence[Project], order: Sequence[int], budget: Fraction, vote_type: str) -> None:
    if vote_type not in TYPES:
        raise ValueError(f"unknown vote type {vote_type!r}: one of {', '.join(TYPES)}")
    for one, other in pairwise(order):
        if listed[one].id == listed[other].id:
            raise ValueError(f"the project {listed[one].id!r} is listed twice")
    if budget < 0 or any(project.cost < 0 for project in listed):
        raise ValueError("an amount is below 0")


class _Rows(NamedTuple):
    """Ballots with their picks ascending: `ends` of each, and places and points where they count."""

    ends: Whole
    picks: Whole
    places: Whole | None
    points: Whole | None
    scale: int


def _tidy(ballots: Ballots, order: Sequence[int], ordered: bool) -> _Rows:
    moved = np.empty(len(order), np.int64)
    moved[list(order)] = np.arange(len(order))
    lengths = np.asarray(ballots.lengths, np.int64)
    picks = moved[np.asarray(ballots.picks, np.int64)]
    owner = np.repeat(np.arange(len(lengths)), lengths)
    points, scale = _scaled(ballots.points)
    places = np.arange(len(picks)) - np.repeat(np.cumsum(lengths) - lengths, lengths) if ordered else None
    if points is not None and not ordered and not points.all():
        kept = points != 0
        owner, picks, points = owner[kept], picks[kept], points[kept]
        lengths = np.bincount(owner, minlength=len(lengths))
    keys = owner * max(len(order), 1) + picks
    if places is None and points is None:
        keys.sort()
        picks = keys - owner * max(len(order), 1)
    else:
        row = np.argsort(keys, kind="stable")
        keys, picks = keys[row], picks[row]
        places, points = None if places is None else places[row], None if points is None else points[row]
    if (keys[1:] == keys[:-1]).any():
        raise ValueError("a project is picked twice in one ballot")
    return _Rows(np.cumsum(lengths), picks, places, points, scale)


def _scaled(points: Sequence[int | Fraction] | None) -> tuple[Whole | None, int]:
    if points is None:
        return None, 1
    scale = lcm(*{point.denominator for point in points if isinstance(point, Fraction)})
    if max(points, default=0) * scale >= 2**53:
        raise ValueError("점수가 너무 큽니다 / points too large (2⁵³)")
    whole = np.array([int(point * scale) for point in points] if scale > 1 else points, np.int64)
    if len(whole) and int(whole.min()) < 0:
        raise ValueError("points are below 0")
    return whole, scale


def _grouped(rows: _Rows, ballots: Ballots, funds: Sequence[str]) -> dict[tuple[bytes, bytes, bytes], int]:
    """(fund and picks, places, points) → voters. Numbers with the high byte first sort as bytes as they do as numbers."""
    number = {fund: place.to_bytes(4) for place, fund in enumerate(funds)}
    ends = rows.ends.tolist()
    begins = [0, *ends][:-1]
    picks = rows.picks.astype(WIDE).tobytes()
    mark = [number[fund] for fund in ballots.fund] if ballots.fund else [b"\0\0\0\0"] * len(ends)
    heads = [fund + picks[4 * begin : 4 * end] for fund, begin, end in zip(mark, begins, ends, strict=True)]
    blank: list[bytes] = [b""] * len(ends)
    places, points = blank, blank
    if rows.places is not None:
        flat = rows.places.astype(WIDE).tobytes()
        places = [flat[4 * begin : 4 * end] for begin, end in zip(begins, ends, strict=True)]
    if rows.points is not None:
        flat = rows.points.astype(WIDER).tobytes()
        points = [flat[8 * begin : 8 * end] for begin, end in zip(begins, ends, strict=True)]
    groups: dict[tuple[bytes, bytes, bytes], int] = {}
    many = np.asarray(ballots.many).tolist()
    for key, number_of in zip(zip(heads, places, points, strict=True), many if ballots.weight is None else [
        one * weight for one, weight in zip(many, ballots.weight, strict=True)
    ], strict=True):
        groups[key] = groups.get(key, 0) + number_of
    return groups


def election(
    costs: Mapping[str, int | Fraction],
    ballots: Iterable[Sequence[str] | Mapping[str, int | Fraction]],
    budget: int | Fraction,
    vote_type: str = "approval",
) -> Election:
    """A small election by hand: costs by project id, each ballot a list of ids (or id → points).

    >>> election({"a": 2, "b": 3}, [["a"], ["a", "b"]], 3).counts
    (2, 1)
    """
    projects = [Project(name, Fraction(cost)) for name, cost in costs.items()]
    position = {project.id: place for place, project in enumerate(projects)}
    listed = list(ballots)
    if unknown := [name for ballot in listed for name in ballot if name not in position]:
        raise ValueError(f"the project {unknown[0]!r} is not on the list")
    picks = [position[name] for ballot in listed for name in ballot]
    points = [Fraction(one) for ballot in listed if isinstance(ballot, Mapping) for one in ballot.values()]
    if points and len(points) != len(picks):
        raise ValueError("points in every ballot, or in none")
    cast = Ballots([1] * len(listed), [len(ballot) for ballot in listed], picks, points or None)
    return gather(projects, cast, Fraction(budget), vote_type)
