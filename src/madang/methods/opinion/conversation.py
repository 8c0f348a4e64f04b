"""A conversation: who stands where on which statement, kept so that every vote, change of mind and removal is exact.

1. The log of votes is the truth; of several votes of one person on one statement the last counts: by time, then by arrival.
2. The state is whole numbers only. After the same votes in any batches — and in any order, where times tell them apart — it is
   the same byte for byte as a recount from the log (`digest`, `state`).
3. Removed accounts leave nothing: the state is as if they had never voted, and later votes of theirs are not counted.
4. Nobody has more than one vote on a statement, so an account's whole weight is its row; `most_votes` bounds its length.

Statements stand in their natural order (2 before 10), people in the order they came; nothing computed depends on the latter.
"""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from madang.methods.opinion.covotes import MOST_PEOPLE, CoVotes
from madang.methods.opinion.kernels import Array, flat, group_counts
from madang.methods.opinion.reading import Votes
from madang.methods.opinion.rows import Rows

MOST_TOPICS = 10_000  # the table of pairs takes 8 bytes × statements²: 800 MB here
FEW = 48  # votes worth taking one by one
BATCH = 1 << 22  # votes merged at a time


class Conversation:
    """Standing votes of people on statements, with the co-vote sums of all pairs of statements.

    `statements`: names known beforehand (they need no votes). `most_votes`: no account may have more standing votes than this;
    further ones are turned away as they come (`turned_away` counts them), so with it the order of arrival matters.
    """

    def __init__(self, statements: Iterable[str] = (), most_votes: int | None = None) -> None:
        self.people: list[str] = []
        self.statements: list[str] = []
        self.covotes, self.rows = CoVotes(), Rows()
        self.most_votes, self.turned_away = most_votes, 0
        self.removed: set[str] = set()
        self._person: dict[str, int] = {}
        self._topic: dict[str, int] = {}
        self._revoked: dict[tuple[int, str], int] = {}
        self.moved = 0  # how often the places of statements changed: caches look here
        self._name_topics(statements)

    @classmethod
    def recount(cls, log: Votes, *, without: Iterable[str] = (), most_votes: int | None = None) -> "Conversation":
        """The conversation of a whole log, from nothing. O(votes + Σ over people of votes²)."""
        whole = cls(most_votes=most_votes)
        whole.remove(without)
        whole.extend(log)
        return whole

    def __len__(self) -> int:
        """People with at least one standing vote."""
        return int((self.rows.spans()[1] > 0).sum())

    def vote(self, person: str, statement: str, value: int, at: int = 0) -> tuple[int, ...]:
        """Count one vote (1 agree, 0 pass, −1 disagree) given at time `at`; the statements' places whose sums changed. O(n).

        Raises ValueError for another value or a time that is no whole number.
        """
        if value not in (1, 0, -1) or isinstance(value, float):
            raise ValueError(f"a vote is 1, 0 or -1, not {value!r}")
        if person in self.removed:
            return ()
        self._name_topics([statement])
        return self._put(self._meet(person), self._topic[statement], value, int(at))

    def revoke(self, person: str, statement: str, at: int = 0) -> tuple[int, ...]:
        """Take a vote back at time `at`; older votes on the statement that arrive later do not bring it back."""
        if person in self.removed:
            return ()
        self._name_topics([statement])
        who, topic = self._meet(person), self._topic[statement]
        here = self.rows.row(who)
        spot = int(np.searchsorted(self.rows.col[here], topic))
        cell = here.start + spot
        stands = cell < here.stop and self.rows.col[cell] == topic
        if stands and self.rows.at[cell] > at:
            return ()
        self._revoked[who, statement] = max(at, self._revoked.get((who, statement), at))
        if not stands:
            return ()
        self._sum(who, spot, -1)
        self.rows.delete(who, spot)
        return (topic,)

    def extend(self, log: Votes) -> None:
        """Count many votes; the same as one after another, faster. Raises ValueError for a vote that is none."""
        if len(log) and not -1 <= int(log.vote.min()) <= int(log.vote.max()) <= 1:
            raise ValueError("a vote is 1, 0 or -1")
        self._name_topics(log.statements)
        topic = np.array([self._topic[name] for name in log.statements], np.int64)
        person = self._meet_all(log.participants)
        if len(log) <= FEW or self.most_votes is not None:
            for who, what, value, at in zip(log.participant, log.statement, log.vote, log.at, strict=True):
                if person[who] >= 0:
                    self._put(int(person[who]), int(topic[what]), int(value), int(at))
            return
        for low in range(0, len(log), BATCH):
            some = slice(low, low + BATCH)
            who = person[log.participant[some]]
            kept = who >= 0
            self._merge(who[kept], topic[log.statement[some]][kept], log.vote[some][kept], log.at[some][kept])

    def remove(self, people: Iterable[str]) -> int:
        """Forget these accounts and refuse their votes from now on; how many of them had been met. O(Σ n²)."""
        names = set(people) - self.removed
        self.removed |= names
        who = np.array(sorted(self._person[name] for name in names if name in self._person), np.int64)
        start, length = self.rows.start[who], self.rows.length[who]
        self.covotes.rows(start, length, self.rows.col, self.rows.val, -1)
        self.rows.length[who] = 0
        if self._revoked:
            gone = set(who.tolist())
            self._revoked = {cell: at for cell, at in self._revoked.items() if cell[0] not in gone}
        return len(who)

    def counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """(agree, disagree, all) votes of each statement."""
        return self.covotes.counts()

    def voted(self) -> NDArray[np.int64]:
        """The places of the statements with a vote."""
        return np.flatnonzero(self.counts()[2])

    def group_counts(self, label: Array, groups: int) -> NDArray[np.int64]:
        """Agree, disagree and all votes of each group: (groups, 3, statements). `label`: group of each person, −1 for none."""
        start, length = self.rows.spans()
        return group_counts(start, length, self.rows.col, self.rows.val, label.astype(np.int64), groups, len(self.statements))

    def votes_of(self, person: str) -> dict[str, int]:
        """What this person's votes are now."""
        here = self.rows.row(self._person[person]) if person in self._person else slice(0)
        cells = zip(self.rows.col[here].tolist(), self.rows.val[here].tolist(), strict=True)
        return {self.statements[topic]: value for topic, value in cells}

    def place_of(self, person: str) -> int:
        """This person's place among `people`. Raises KeyError for a stranger."""
        return self._person[person]

    def order(self) -> NDArray[np.int64]:
        """The places of those with votes, by their names' natural order."""
        length = self.rows.spans()[1]
        return np.array(sorted(np.flatnonzero(length), key=lambda who: natural(self.people[who])), np.int64)

    def state(self) -> bytes:
        """All that is known, in an order of its own: equal for equal conversations. O(votes). Statements without a vote are no
        part of it."""
        voted = self.voted()
        names = [self.statements[topic] for topic in voted]
        number = np.cumsum(self.counts()[2] > 0) - 1
        parts = [f"{len(self)} {len(names)} {self.covotes.sha256(voted)}\n", *(f"{name}\n" for name in names)]
        for who in self.order():
            here = self.rows.row(int(who))
            topics = number[self.rows.col[here]].tolist()
            cells = zip(topics, self.rows.val[here].tolist(), self.rows.at[here].tolist(), strict=True)
            parts.append(f"{self.people[who]}\t" + " ".join(f"{topic}:{value}@{at}" for topic, value, at in cells) + "\n")
        gone = sorted((self.people[who], name, at) for (who, name), at in self._revoked.items())
        return "".join([*parts, *(f"-{who}\t{name}@{at}\n" for who, name, at in gone)]).encode()

    def digest(self) -> str:
        """sha256 of `state`."""
        return hashlib.sha256(self.state()).hexdigest()

    def _meet_all(self, names: Sequence[str]) -> NDArray[np.int64]:
        """The places of these people, −1 for the removed."""
        for name in names:
            if name not in self._person and name not in self.removed:
                self._person[name] = len(self.people)
                self.people.append(name)
        self.rows.welcome(len(self.people))
        if len(self.people) >= MOST_PEOPLE:
            self.covotes.widen()
        return np.array([self._person.get(name, -1) if name not in self.removed else -1 for name in names], np.int64)

    def _meet(self, name: str) -> int:
        found = self._person.get(name)
        return found if found is not None else int(self._meet_all([name])[0])

    def _name_topics(self, names: Iterable[str]) -> None:
        """Take new statements in at their natural places; O(statements² + votes) unless they come last."""
        new = {name for name in names if name not in self._topic}
        if not new:
            return
        if len(new) + len(self.statements) > MOST_TOPICS:
            raise ValueError(f"more than {MOST_TOPICS} statements")
        old, self.statements = self.statements, sorted([*self.statements, *new], key=natural)
        self._topic = {name: place for place, name in enumerate(self.statements)}
        places = np.array([self._topic[name] for name in old], np.int64)
        self.covotes.spread(places, len(self.statements))
        if len(places) and places[-1] != len(places) - 1:
            self.rows.rename(places)
        self.moved += 1

    def _put(self, who: int, topic: int, value: int, at: int) -> tuple[int, ...]:
        gone = self._revoked.get((who, self.statements[topic])) if self._revoked else None
        if gone is not None and gone > at:
            return ()
        here = self.rows.row(who)
        spot = int(np.searchsorted(self.rows.col[here], topic))
        cell = here.start + spot
        if cell < here.stop and self.rows.col[cell] == topic:
            return self._change(who, spot, topic, value, at)
        if self.most_votes is not None and here.stop - here.start >= self.most_votes:
            self.turned_away += 1
            return ()
        if gone is not None:
            del self._revoked[who, self.statements[topic]]
        self.rows.insert(who, spot, topic, value, at)
        self._sum(who, spot, 1)
        return (topic,)

    def _change(self, who: int, spot: int, topic: int, value: int, at: int) -> tuple[int, ...]:
        cell = int(self.rows.start[who]) + spot
        if self.rows.at[cell] > at:
            return ()
        self.rows.at[cell] = at
        if self.rows.val[cell] == value:
            return ()
        self._sum(who, spot, -1)
        self.rows.val[cell] = value
        self._sum(who, spot, 1)
        return (topic,)

    def _sum(self, who: int, spot: int, sign: int) -> None:
        """Put the vote at `spot` into the sums, or take it out."""
        here = self.rows.row(who)
        col, val = np.delete(self.rows.col[here], spot), np.delete(self.rows.val[here], spot)
        cell = here.start + spot
        self.covotes.vote(int(self.rows.col[cell]), int(self.rows.val[cell]), col, val, sign)

    def _merge(self, who: Array, topic: Array, vote: Array, at: Array) -> None:
        """Old rows of those concerned and the new votes together, last one counts, sums out and in."""
        people = np.unique(who) if len(who) < 10_000 else np.flatnonzero(np.bincount(who))
        start, length = self.rows.start[people], self.rows.length[people]
        owner, place = flat(start, length)
        old = self.rows
        if len(owner):
            self.covotes.rows(start, length, old.col, old.val, -1)
        gone = self._gone(people)
        rank = np.zeros(len(self.people), np.int64)
        rank[people] = np.arange(len(people))
        key = np.concatenate([owner * MOST_TOPICS + old.col[place], gone[0], rank[who] * MOST_TOPICS + topic])
        value = np.concatenate([old.val[place], np.full(len(gone[0]), 9, np.int8), vote])
        time = np.concatenate([old.at[place], gone[1], at])
        order = _order(key, time)
        key, value, time = key[order], value[order], time[order]
        last = np.append(key[1:] != key[:-1], True) if len(key) else np.zeros(0, bool)
        self._note_gone(people, key[last & (value == 9)], time[last & (value == 9)])
        last &= value != 9
        key, value, time = key[last], value[last], time[last]
        length = np.bincount(key // MOST_TOPICS, minlength=len(people)).astype(np.int32)
        col = (key % MOST_TOPICS).astype(np.uint16)
        start = np.cumsum(length, dtype=np.int64) - length
        self.covotes.rows(start, length, col, value, 1)
        self.rows.replace(people, length, col, value, time)
        if self.rows.used > 2 * int(self.rows.length.sum()) + BATCH:
            self.rows.pack()

    def _gone(self, people: Array) -> tuple[Array, Array]:
        """Votes taken back, of these people: as keys of `_merge`, and when. They leave the book until `_note_gone`."""
        if not self._revoked:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        place = {int(who): number for number, who in enumerate(people)}
        mine = {cell: at for cell, at in self._revoked.items() if cell[0] in place}
        for cell in mine:
            del self._revoked[cell]
        keys = [place[who] * MOST_TOPICS + self._topic[name] for who, name in mine]
        return np.array(keys, np.int64), np.array(list(mine.values()), np.int64)

    def _note_gone(self, people: Array, key: Array, at: Array) -> None:
        for one, time in zip(key.tolist(), at.tolist(), strict=True):
            self._revoked[int(people[one // MOST_TOPICS]), self.statements[one % MOST_TOPICS]] = time


def _order(key: Array, time: Array) -> NDArray[np.int64]:
    """Places by key, those of a key by time, those of a time as they came: 16 bits of the key after another, from the lowest, then
    the few keys that are there more than once."""
    order = np.arange(len(key))
    if not (key[1:] >= key[:-1]).all():
        for low in range(0, int(key.max()).bit_length(), 16):
            order = order[np.argsort((key[order] >> low).astype(np.uint16), kind="stable")]
    sorted_key = key[order]
    same = sorted_key[1:] == sorted_key[:-1]
    twice = np.flatnonzero(np.append(same, False) | np.append(False, same)[: len(key)])
    some = order[twice]
    order[twice] = some[np.lexsort((time[some], key[some]))]
    return order


def natural(name: str) -> tuple[int, int, str]:
    """Sort key: whole numbers by value and before words."""
    if name.isascii() and name.isdecimal() and len(name) < 19:
        return 0, int(name), name
    return 1, 0, name


def log_of(votes: Sequence[tuple[str, str, int, int]]) -> Votes:
    """A log out of (participant, statement, vote, time) tuples."""
    people = {name: place for place, name in enumerate(dict.fromkeys(vote[0] for vote in votes))}
    topics = {name: place for place, name in enumerate(dict.fromkeys(vote[1] for vote in votes))}
    if bad := [vote for vote in votes if vote[2] not in (1, 0, -1)]:
        raise ValueError(f"a vote is 1, 0 or -1, not {bad[0][2]!r}")
    return Votes(
        tuple(people), tuple(topics), np.array([people[v[0]] for v in votes], np.int32),
        np.array([topics[v[1]] for v in votes], np.int32), np.array([v[2] for v in votes], np.int8),
        np.array([v[3] for v in votes], np.int64),
    )  # fmt: skip
