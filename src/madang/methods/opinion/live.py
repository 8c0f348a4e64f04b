"""A map that follows every vote: the voter's own place at once, everybody's when asked.

1. A vote changes one line of the co-vote sums and so one line of the scatter: kept bit for bit as a recount would have it.
2. Axes go on from the last ones (|cos| ≥ 1 − 1e-6 to a cold start); `settle` starts cold, so its map is the batch map.
3. Groups stay as they were at the last `refresh`; counts by group follow every vote; a newcomer joins the nearest centre.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from madang.methods.opinion import groups
from madang.methods.opinion.areas import Areas, areas
from madang.methods.opinion.axes import Axes, Floats, axes_of, live_topics, means, scatter, scatter_line
from madang.methods.opinion.conversation import Conversation
from madang.methods.opinion.groups import Grouping, sureness
from madang.methods.opinion.mapping import ANONYMITY, OpinionMap, described, placed
from madang.methods.opinion.places import Place, known, ridge_place, ridge_places
from madang.methods.opinion.portraits import Said, representative
from madang.methods.opinion.reading import Statement


@dataclass(frozen=True, slots=True)
class Answer:
    """What a voter hears: the place with its covariance, the nearest group's id (−1 without groups), how sure that is at least,
    and the groups' portraits as they are now."""

    place: Place
    group: int
    sure: float
    portraits: list[list[Said]]


class Live:
    """A conversation that is being held. `statements`: texts and moderation."""

    def __init__(self, conversation: Conversation, statements: Iterable[Statement] = (), anonymity: int = ANONYMITY) -> None:
        self.conversation, self.anonymity = conversation, anonymity
        self.statements = tuple(statements)
        self._out = frozenset(one.key for one in self.statements if one.moderated < 0)
        self._grouping: Grouping | None = None
        self.settle()

    def vote(self, person: str, statement: str, value: int, at: int = 0) -> Answer | None:
        """Count a vote and answer the voter; None for a removed account."""
        if person in self.conversation.removed:
            return None
        before = self._votes(person)
        self._moved(self.conversation.vote(person, statement, value, at))
        self._regroup(person, before)
        return self.answer(person)

    def answer(self, person: str) -> Answer:
        """Where this person stands now. Raises KeyError for a stranger."""
        place = ridge_place(self.conversation, self.axes, self.prior, person)
        centres = self.grouping.centres
        if not len(centres):
            return Answer(place, -1, 0.0, [])
        near = int(((centres - place.xy) ** 2).sum(1).argmin())
        sure = sureness(place.xy[None], place.covariance[None], centres, np.array([near]))
        return Answer(place, self.grouping.ids[near], float(sure[0]), self.portraits())

    def portraits(self) -> list[list[Said]]:
        """What each group stands for now."""
        return representative(self._counts, self._usable)

    def areas(self) -> Areas:
        """What unites, divides and leaves unsure now."""
        return areas(self._counts, self._usable, max(self.anonymity, 1))

    def remove(self, people: Iterable[str]) -> int:
        """Take accounts out as if they had never voted; how many."""
        names = tuple(people)
        gone = self.conversation.remove(names)
        self._build(cold=False)
        self._count()
        return gone

    def everyone(self) -> tuple[Floats, Floats]:
        """Everybody's place (people, 2) and its covariance (people, 3) by the axes as they are. O(votes)."""
        self.xy, self.covariance, self.prior = ridge_places(self.conversation, self.axes)
        return self.xy, self.covariance

    def refresh(self) -> OpinionMap:
        """Everybody's place, groups and portraits by the axes as they are. O(votes)."""
        self.everyone()
        inside = placed(self.conversation, self.axes)
        weight, votes = known(self.covariance, self.prior), int(self.conversation.counts()[2].sum())
        self._grouping = groups.group(self.xy, inside, weight, before=self._grouping, votes=votes)
        sure = sureness(self.xy, self.covariance, self.grouping.centres, self.grouping.label)
        now = described(
            self.conversation, self.statements, "stable", self.anonymity, self.axes, self.xy, self.covariance, self.grouping, sure
        )
        self._counts = now.counts.copy()
        self._label = self.grouping.label
        return now

    def settle(self) -> OpinionMap:
        """As `refresh`, with axes from a cold start: the same bits whatever happened before."""
        self._build(cold=True)
        return self.refresh()

    @property
    def grouping(self) -> Grouping:
        """The groups of the last refresh."""
        assert self._grouping is not None  # noqa: S101 — made by the first settle
        return self._grouping

    def _build(self, cold: bool) -> None:
        self._version = self.conversation.moved
        self._mean, live = means(self.conversation), live_topics(self.conversation, self._out)
        self._matrix: Floats = scatter(self.conversation, live, self._mean)
        start = None if cold else self.axes.block
        self.axes: Axes = axes_of(self._matrix, live, self._mean, len(self.conversation.voted()), start)
        self._spot = {int(topic): place for place, topic in enumerate(live)}
        self._usable = np.zeros(len(self._mean), bool)
        self._usable[live] = True

    def _moved(self, topics: tuple[int, ...]) -> None:
        """Follow the sums of these statements: a line of the scatter each, then the axes from where they were."""
        if not topics:
            return
        seen = self.conversation.counts()[2]
        known = self._version == self.conversation.moved
        if not known or any((seen[topic] > 0) != (self._mean_known(topic)) for topic in topics):
            self._build(cold=False)
            self._count()
            return
        self._mean = means(self.conversation)
        for topic in topics:
            if topic in self._spot:
                line = scatter_line(self.conversation, self.axes.live, self._mean, topic)
                self._matrix[self._spot[topic]] = line
                self._matrix[:, self._spot[topic]] = line
        self.axes = axes_of(self._matrix, self.axes.live, self._mean, self.axes.columns, self.axes.block)

    def _mean_known(self, topic: int) -> bool:
        return topic in self._spot or self.conversation.statements[topic] in self._out

    def _votes(self, person: str) -> dict[int, int]:
        if person not in self.conversation._person:
            return {}
        here = self.conversation.rows.row(self.conversation.place_of(person))
        return dict(zip(self.conversation.rows.col[here].tolist(), self.conversation.rows.val[here].tolist(), strict=True))

    def _count(self) -> None:
        """Counts by group anew (after removals and new statements)."""
        label = np.full(self.conversation.rows.people, -1, np.int64)
        label[: len(self._label)] = self._label
        self._counts = self.conversation.group_counts(label, len(self.grouping))

    def _regroup(self, person: str, before: dict[int, int]) -> None:
        """Follow one person's vote in the counts of the group they were put in at the last refresh."""
        who = self.conversation.place_of(person)
        g = int(self._label[who]) if who < len(self._label) else -1
        if g < 0 or self._counts.shape[2] != len(self.conversation.statements):
            return
        after = self._votes(person)
        for topic, value in (before.items() - after.items()):
            self._tally(g, topic, value, -1)
        for topic, value in (after.items() - before.items()):
            self._tally(g, topic, value, 1)

    def _tally(self, g: int, topic: int, value: int, sign: int) -> None:
        self._counts[g, 2, topic] += sign
        if value:
            self._counts[g, 0 if value == 1 else 1, topic] += sign
